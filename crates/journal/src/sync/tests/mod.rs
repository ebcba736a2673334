//! Devices around a server: honest in [`converge`], dishonest in [`hostile`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod converge;
mod formats;
mod hostile;
mod members;
mod spaces;
mod ways;

use super::{
    Answer, Change, Client, Event, Joined, Request, Role, SyncError, Ticket, TicketCode, alarm::Alarm,
    join_with, testing::Server,
};
use crate::vault::{Cost, FreshPhrase, NewSlot, Passphrase, Phrase, Seeded, SlotSecret, Vault};
use keepwell_crypto::Key32;
use std::collections::BTreeSet;

pub(crate) fn random(seed: u8) -> Seeded {
    Seeded::new(&Key32::from_bytes([seed; 32])).unwrap()
}

pub(crate) fn phrase(seed: u8) -> Phrase {
    let fresh = FreshPhrase::generate(&mut random(seed)).unwrap();
    Phrase::parse(&fresh.words().join(" ")).unwrap()
}

/// Cheap to make, unlike a passphrase: what devices in tests are locked with.
pub(crate) fn keeper(seed: u8) -> Key32 {
    Key32::from_bytes([seed; 32])
}

/// A device with what it has: a set of texts, which merges by itself.
pub(crate) struct Device {
    pub(crate) vault: Vault,
    pub(crate) client: Client,
    pub(crate) has: BTreeSet<Vec<u8>>,
    pub(crate) rng: Seeded,
    pub(crate) events: Vec<Event>,
}

impl Device {
    /// The first device of a vault.
    pub(crate) fn founder(seed: u8) -> Self {
        let mut rng = random(seed);
        let vault = Vault::found(&NewSlot::Phrase(&phrase(seed)), &mut rng).unwrap();
        let client = Client::found(&vault, &mut rng).unwrap();
        Self { vault, client, has: BTreeSet::new(), rng, events: Vec::new() }
    }

    pub(crate) fn joined(joined: Joined, rng: Seeded) -> Self {
        let Joined { vault, client } = joined;
        Self { vault, client, has: BTreeSet::new(), rng, events: Vec::new() }
    }

    /// Another device, let in by the first with a ticket.
    pub(crate) fn pair(host: &mut Self, server: &mut Server, seed: u8, role: Role) -> Self {
        let mut rng = random(seed);
        let ticket = Ticket::generate(&mut rng).unwrap();
        let code = TicketCode::parse(&ticket.code().to_text()).unwrap();
        host.client.change(Change::AddDevice(code, role)).unwrap();
        host.settle(server);
        let Answer::Info(info) = server.serve(&Request::Info(host.client.vault())) else { panic!() };
        let first = NewSlot::Keeper(&keeper(seed));
        let joined = ticket.join(&info, &first, &mut rng).unwrap().expect("let in");
        let mut device = Self::joined(joined, rng);
        device.settle(server);
        device
    }

    /// Another device that knows the phrase.
    pub(crate) fn recover(host: &Self, server: &mut Server, phrase_seed: u8, seed: u8) -> Self {
        let mut rng = random(seed);
        let Answer::Info(info) = server.serve(&Request::Info(host.client.vault())) else { panic!() };
        let phrase = phrase(phrase_seed);
        let first = NewSlot::Keeper(&keeper(seed));
        let joined = join_with(&info, SlotSecret::Phrase(&phrase), &first, &mut rng).unwrap();
        let mut device = Self::joined(joined, rng);
        device.settle(server);
        device
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.client.writer().expect("a writer").queue(text.as_bytes()).unwrap();
        self.has.insert(text.as_bytes().to_vec());
    }

    pub(crate) fn act(&mut self, events: Vec<Event>) {
        for event in events {
            match &event {
                Event::Batch { content, .. } => {
                    self.has.insert(content.to_vec());
                }
                Event::Snapshot { content } => self.has.extend(unpack(content)),
                Event::SnapshotDue => {
                    let content = pack(&self.has);
                    if let Some(mut writer) = self.client.writer() {
                        writer.snapshot(&content).unwrap();
                    }
                }
                _ => {}
            }
            self.events.push(event);
        }
    }

    /// One request, whose answer somebody may have had in hand. `false` when there was nothing to do.
    pub(crate) fn step_with(
        &mut self,
        server: &mut Server,
        mut meddle: impl FnMut(&Request, Answer) -> Answer,
    ) -> Result<bool, SyncError> {
        let Some(request) = self.client.next(&self.vault, &mut self.rng)? else { return Ok(false) };
        let answer = meddle(&request, server.serve(&request));
        let events = self.client.handle(&mut self.vault, answer, &mut self.rng)?;
        self.act(events);
        self.keep();
        Ok(true)
    }

    /// Keeps the state and goes on from what was kept, as after a reload.
    fn keep(&mut self) {
        if self.client.role().is_none() {
            return;
        }
        let sealed = self.client.seal(&self.vault, &mut self.rng).unwrap();
        Client::open(&self.vault, &sealed).unwrap();
    }

    /// Throws everything away but what is kept, and goes on.
    pub(crate) fn reload(&mut self) {
        let sealed = self.client.seal(&self.vault, &mut self.rng).unwrap();
        self.client = Client::open(&self.vault, &sealed).unwrap();
    }

    pub(crate) fn step(&mut self, server: &mut Server) -> bool {
        self.step_with(server, |_, answer| answer).unwrap()
    }

    pub(crate) fn settle(&mut self, server: &mut Server) {
        self.client.poke();
        for _ in 0..200 {
            if !self.step(server) {
                return;
            }
        }
        panic!("does not come to rest");
    }

    /// Steps until something is refused.
    pub(crate) fn alarm_with(
        &mut self,
        server: &mut Server,
        mut meddle: impl FnMut(&Request, Answer) -> Answer,
    ) -> Option<Alarm> {
        self.client.poke();
        for _ in 0..50 {
            match self.step_with(server, &mut meddle) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(SyncError::Alarm(alarm)) => {
                    assert_eq!(self.client.alarm(), Some(alarm));
                    assert!(self.client.next(&self.vault, &mut self.rng).unwrap().is_none());
                    return Some(alarm);
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        panic!("does not come to rest");
    }

    pub(crate) fn alarm(&mut self, server: &mut Server) -> Option<Alarm> {
        self.alarm_with(server, |_, answer| answer)
    }
}

/// All of a set, each with its length before it.
pub(crate) fn pack(set: &BTreeSet<Vec<u8>>) -> Vec<u8> {
    set.iter().flat_map(|one| [&u32::try_from(one.len()).unwrap().to_be_bytes()[..], one].concat()).collect()
}

pub(crate) fn unpack(mut bytes: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut set = BTreeSet::new();
    while let Some((len, rest)) = bytes.split_first_chunk::<4>() {
        let (one, rest) = rest.split_at(u32::from_be_bytes(*len) as usize);
        set.insert(one.to_vec());
        bytes = rest;
    }
    set
}

#[test]
fn passphrase_never_reaches_the_server() {
    let mut rng = random(90);
    let passphrase = Passphrase::choose("only on this device").unwrap();
    let mut vault = Vault::found(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut rng).unwrap();
    assert_eq!(Client::found(&vault, &mut rng).err(), Some(SyncError::NoPhrase));
    vault.add_slot(&NewSlot::Phrase(&phrase(90)), &mut rng).unwrap();
    let client = Client::found(&vault, &mut rng).unwrap();
    assert_eq!(client.slots().count(), 1);
}
