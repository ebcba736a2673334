//! The client and all that drives it are loaded when there is something to synchronise: a first visit, and a journal
//! that is on one device alone, do without ([`crate::part`]).

use super::Channel;
use crate::{
    browser::{Result, Trouble, db::Db},
    part::part,
};
use keepwell_journal::{
    merge::Book,
    vault::{Vault, VaultId},
};
use std::pin::Pin;

/// What is kept of the channels, with what they were read with.
pub struct Loaded {
    /// As it was given.
    pub vault: Vault,
    /// As it was given.
    pub book: Book,
    /// The channels, and the number of the last change that waits.
    pub channels: Result<(Vec<Channel>, u64)>,
}

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

fn load_now(db: Db, vault: Vault, book: Book) -> Later<Loaded> {
    Box::pin(async move {
        let channels = super::channel::load(&db, &vault, &book).await;
        Loaded { vault, book, channels }
    })
}

fn rounds_now() -> Later<()> {
    Box::pin(super::engine::rounds())
}

fn renew_now(id: VaultId) {
    super::members::renew(id);
}

part!(fn load_later(db: Db, vault: Vault, book: Book) -> Later<Loaded>, devices: load_now);
part!(fn rounds_later() -> Later<()>, devices: rounds_now);
part!(fn renew_later(id: VaultId) -> (), devices: renew_now);

/// Reads the channels.
pub async fn load(db: Db, vault: Vault, book: Book) -> Result<Loaded> {
    Ok(load_later(db, vault, book).await.map_err(|_| Trouble::NoPart)?.await)
}

/// A round with all of them. Where the part cannot be had, the next round tries again.
pub async fn rounds() {
    if let Ok(round) = rounds_later().await {
        round.await;
    }
}

/// A new key for the vault. Where the part cannot be had, it is wished for with the next round.
pub async fn renew(id: VaultId) {
    let _ = renew_later(id).await;
}
