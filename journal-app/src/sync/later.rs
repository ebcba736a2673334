//! The client and all that drives it are loaded when there is something to synchronise: a first visit, and a journal
//! that is on one device alone, do without (feature `split`, as with the pages).

use super::Channel;
use crate::browser::{Result, db::Db};
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

#[cfg(not(feature = "split"))]
mod parts {
    use super::*;
    use crate::browser::Trouble;

    /// Reads the channels.
    pub async fn load(db: Db, vault: Vault, book: Book) -> std::result::Result<Loaded, Trouble> {
        Ok(super::load_now(db, vault, book).await)
    }

    /// A round with all of them.
    pub async fn rounds() {
        super::rounds_now().await;
    }

    /// A new key for the vault.
    #[allow(clippy::unused_async, reason = "the part is there")]
    pub async fn renew(id: VaultId) {
        super::renew_now(id);
    }
}

#[cfg(feature = "split")]
mod parts {
    use super::*;
    use crate::browser::Trouble;
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    #[wasm_split(devices, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn later_load(db: Db, vault: Vault, book: Book) -> std::result::Result<Later<Loaded>, SplitLoaderError> {
        Ok(super::load_now(db, vault, book))
    }

    #[wasm_split(devices, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn later_rounds() -> std::result::Result<Later<()>, SplitLoaderError> {
        Ok(super::rounds_now())
    }

    #[wasm_split(devices, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn later_renew(id: VaultId) -> std::result::Result<(), SplitLoaderError> {
        super::renew_now(id);
        Ok(())
    }

    /// A new key for the vault.
    pub async fn renew(id: VaultId) {
        let _ = later_renew(id).await;
    }

    /// Reads the channels.
    pub async fn load(db: Db, vault: Vault, book: Book) -> std::result::Result<Loaded, Trouble> {
        let loading = later_load(db, vault, book).await.map_err(|_| Trouble::NoPart)?;
        Ok(loading.await)
    }

    /// A round with all of them. Where the part cannot be had, the next round tries again.
    pub async fn rounds() {
        if let Ok(round) = later_rounds().await {
            round.await;
        }
    }
}

pub use parts::{load, renew, rounds};
