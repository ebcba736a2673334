//! A device of the journal: a set of texts, which merges by itself, behind the real client. Whoever drives it carries
//! its requests to a server.
// Each of the tests that use this takes what it needs.
#![allow(dead_code)]

use keepwell_crypto::Key32;
use keepwell_journal::{
    sync::{
        Answer, Change, Client, Event, Joined, Request, Role, Ticket, TicketCode, join_with, wire::VaultInfo,
    },
    vault::{FreshPhrase, NewSlot, Phrase, Seeded, SlotSecret, Vault, fresh_secret},
};
use std::collections::BTreeSet;

pub fn random(seed: u8) -> Seeded {
    Seeded::new(&Key32::from_bytes([seed; 32])).unwrap()
}

pub fn phrase(seed: u8) -> Phrase {
    let fresh = FreshPhrase::generate(&mut random(seed)).unwrap();
    Phrase::parse(&fresh.words().join(" ")).unwrap()
}

/// Carries a request to a server; `None` for an answer that is none of the journal's.
pub trait Carrier {
    fn carry(&self, request: &Request) -> impl Future<Output = Option<Answer>>;
}

pub struct Device {
    pub vault: Vault,
    pub client: Client,
    pub has: BTreeSet<String>,
    pub events: Vec<Event>,
    rng: Seeded,
}

impl Device {
    fn new(vault: Vault, client: Client, rng: Seeded) -> Self {
        Self { vault, client, has: BTreeSet::new(), events: Vec::new(), rng }
    }

    /// The first device of a vault, with a phrase as the way in.
    pub fn founder(seed: u8) -> Self {
        let mut rng = random(seed);
        let vault = Vault::found(&NewSlot::Phrase(&phrase(seed)), &mut rng).unwrap();
        let client = Client::found(&vault, &mut rng).unwrap();
        Self::new(vault, client, rng)
    }

    /// The first device of a space that is shared.
    pub fn space(seed: u8) -> Self {
        let mut rng = random(seed);
        let secret = fresh_secret(&mut rng).unwrap();
        let vault = Vault::found(&NewSlot::Keeper(&secret), &mut rng).unwrap();
        let client = Client::found(&vault, &mut rng).unwrap();
        Self::new(vault, client, rng)
    }

    fn joined(joined: Joined, rng: Seeded) -> Self {
        Self::new(joined.vault, joined.client, rng)
    }

    /// Another device that knows the phrase.
    pub async fn recover(on: &impl Carrier, info: &VaultInfo, phrase_seed: u8, seed: u8) -> Self {
        let mut rng = random(seed);
        let (phrase, own) = (phrase(phrase_seed), Key32::from_bytes([seed; 32]));
        let joined = join_with(info, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&own), &mut rng).unwrap();
        let mut device = Self::joined(joined, rng);
        device.settle(on).await;
        device
    }

    /// Another device, let in by its ticket; it may come by another account.
    pub async fn pair(host: &mut Self, on: &impl Carrier, by: &impl Carrier, seed: u8, role: Role) -> Self {
        let mut rng = random(seed);
        let ticket = Ticket::generate(&mut rng).unwrap();
        let code = TicketCode::parse(&ticket.code().to_text()).unwrap();
        host.client.change(Change::AddDevice(code, role)).unwrap();
        host.settle(on).await;
        let info = info(by, host).await;
        let own = Key32::from_bytes([seed; 32]);
        let joined = ticket.join(&info, &NewSlot::Keeper(&own), &mut rng).unwrap().expect("let in");
        let mut device = Self::joined(joined, rng);
        device.settle(by).await;
        device
    }

    pub fn write(&mut self, text: &str) {
        self.client.writer().expect("a writer").queue(text.as_bytes()).unwrap();
        self.has.insert(text.to_owned());
    }

    /// Queues everything as a snapshot.
    pub fn snapshot(&mut self) {
        let content = self.has.iter().cloned().collect::<Vec<_>>().join("\n");
        self.client.writer().expect("a writer").snapshot(content.as_bytes()).unwrap();
    }

    /// One request. `false` when there was nothing to do.
    pub async fn step(&mut self, on: &impl Carrier) -> bool {
        let Some(request) = self.client.next(&self.vault, &mut self.rng).unwrap() else { return false };
        let answer = on.carry(&request).await.expect("an answer of the journal's");
        let events = self.client.handle(&mut self.vault, answer, &mut self.rng).unwrap();
        for event in events {
            match &event {
                Event::Batch { content, .. } => {
                    self.has.insert(String::from_utf8(content.to_vec()).unwrap());
                }
                Event::Snapshot { content } => {
                    let all = String::from_utf8(content.to_vec()).unwrap();
                    self.has.extend(all.split('\n').map(str::to_owned));
                }
                _ => {}
            }
            self.events.push(event);
        }
        true
    }

    pub async fn settle(&mut self, on: &impl Carrier) {
        self.client.poke();
        for _ in 0..300 {
            if !self.step(on).await {
                return;
            }
        }
        panic!("does not come to rest");
    }
}

pub async fn info(on: &impl Carrier, host: &Device) -> VaultInfo {
    match on.carry(&Request::Info(host.client.vault())).await {
        Some(Answer::Info(info)) => info,
        other => panic!("{other:?}"),
    }
}
