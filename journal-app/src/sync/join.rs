//! A new device comes into a vault: by the code that a member took from its screen, or by the recovery phrase. All of it
//! stays in memory until the device is in and has everything; whoever reloads before begins anew.

use super::{
    channel::name,
    engine, members,
    server::{self, Unanswered},
    take_in,
};
use crate::{
    browser::{Trouble, db::Db, device_key, random::Os, worker},
    keep,
};
use keepwell_crypto::Key32;
use keepwell_journal::{
    merge::Book,
    sync::{
        Alarm, Answer, Client, Event, Joined, Request, SyncError, Ticket, join_with,
        wire::{Message, VaultInfo},
    },
    vault::{NewSlot, Phrase, SlotSecret, Vault, VaultError, VaultId, fresh_secret},
};

/// Most requests until a device is in and has everything.
const MOST: u32 = 20_000;

/// Why a device did not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// The server did not answer as it should.
    Server(Unanswered),
    /// Something was refused.
    Alarm(Alarm),
    /// No vault of this account opens with these words.
    NoSuchPhrase,
    /// This device could not keep it.
    Device(Trouble),
}

impl From<Trouble> for NotIn {
    fn from(trouble: Trouble) -> Self {
        Self::Device(trouble)
    }
}

impl From<VaultError> for NotIn {
    fn from(_: VaultError) -> Self {
        Self::Device(Trouble::Failed)
    }
}

impl From<SyncError> for NotIn {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Alarm(alarm) => Self::Alarm(alarm),
            _ => Self::Device(Trouble::Failed),
        }
    }
}

/// What a device has that came in.
pub struct Arrived {
    /// The keys.
    pub vault: Vault,
    /// Level with the server.
    pub client: Client,
    /// All that is there.
    pub contents: Vec<zeroize::Zeroizing<Vec<u8>>>,
}

pub(super) async fn info(vault: VaultId) -> Result<VaultInfo, Unanswered> {
    let answered = server::carry(&Request::Info(vault)).await.ok_or(Unanswered::Unreachable)?;
    match answered.status {
        200 => VaultInfo::decode(&answered.body).map_err(|_| Unanswered::Refused),
        401 => Err(Unanswered::SignedOut),
        404 => Err(Unanswered::Missing),
        _ => Err(Unanswered::Unreachable),
    }
}

/// Drives a client that has just joined until it is in and level.
pub(super) async fn arrive(joined: Joined) -> Result<Arrived, NotIn> {
    let Joined { mut vault, mut client } = joined;
    let mut contents = Vec::new();
    let mut is_level = false;
    for _ in 0..MOST {
        let Some(request) = client.next(&vault, &mut Os)? else { break };
        let answer = answer(&request).await?;
        for event in client.handle(&mut vault, answer, &mut Os)? {
            match event {
                Event::Batch { content, .. } | Event::Snapshot { content } => contents.push(content),
                Event::UpToDate => is_level = true,
                Event::Removed => return Err(NotIn::Alarm(Alarm::RemovedDevice)),
                Event::Gone => return Err(NotIn::Server(Unanswered::Missing)),
                Event::Refused(_) => return Err(NotIn::Server(Unanswered::Refused)),
                _ => {}
            }
        }
        if is_level && client.role().is_some() {
            return Ok(Arrived { vault, client, contents });
        }
    }
    Err(NotIn::Server(Unanswered::Refused))
}

async fn answer(request: &Request) -> Result<Answer, NotIn> {
    let answered = server::carry(request).await.ok_or(NotIn::Server(Unanswered::Unreachable))?;
    match request.answer(answered.status, &answered.body) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) if answered.status == 401 => Err(NotIn::Server(Unanswered::SignedOut)),
        Ok(None) => Err(NotIn::Server(Unanswered::Unreachable)),
        Err(alarm) => Err(NotIn::Alarm(alarm)),
    }
}

/// Looks whether a member has let the device of a ticket in; `None` when not yet.
pub async fn by_ticket(ticket: &Ticket, only: Option<VaultId>) -> Result<Option<(Joined, Key32)>, NotIn> {
    let vaults = match only {
        Some(vault) => vec![vault],
        None => server::vaults().await.map_err(NotIn::Server)?,
    };
    for vault in vaults {
        let info = info(vault).await.map_err(NotIn::Server)?;
        let key = fresh_secret(&mut Os)?;
        if let Some(joined) = ticket.join(&info, &NewSlot::Keeper(&key), &mut Os)? {
            return Ok(Some((joined, key)));
        }
    }
    Ok(None)
}

/// Comes into the vault of the account that opens with these words.
pub async fn by_phrase(phrase: &Phrase) -> Result<(Joined, Key32), NotIn> {
    for vault in server::vaults().await.map_err(NotIn::Server)? {
        let info = info(vault).await.map_err(NotIn::Server)?;
        let key = fresh_secret(&mut Os)?;
        match join_with(&info, SlotSecret::Phrase(phrase), &NewSlot::Keeper(&key), &mut Os) {
            Ok(joined) => return Ok((joined, key)),
            Err(SyncError::Vault(VaultError::WrongSecret)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(NotIn::NoSuchPhrase)
}

/// Fetches everything, gives the vault a passphrase, keeps all of it in one piece, and opens it.
pub async fn settle(db: &Db, joined: Joined, passphrase: &str, device: &str) -> Result<(), NotIn> {
    let Arrived { mut vault, client, contents } = arrive(joined).await?;
    if !db.is_shared() {
        client.adopt_phrases(&mut vault, &mut Os)?;
    }
    let mut book = Book::new();
    for content in contents {
        book.apply_all(take_in::changes(&content, db.is_shared()).map_err(|_| Trouble::Newer)?);
    }
    let data = keep::hand_over(&mut vault)?;
    let (stored, vault) = keep::give_passphrase(&data, passphrase).await?;
    let (vault, mut batch) = keep::first_entries(db, vault, book)?;
    batch.put(name("sync", client.vault()), client.seal(&vault, &mut Os)?);
    batch.put(device_key::VAULT, device_key::seal(db, &stored).await?);
    keep::begin(db, batch).await?;
    keep::open(db, vault).await?;
    if !db.is_shared() {
        members::name_own(device).await?;
    }
    engine::now();
    Ok(())
}

/// Waits between two looks.
pub async fn pause() {
    for _ in 0..40 {
        worker::paint().await;
    }
}
