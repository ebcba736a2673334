//! Through the door. What that needs, the vault with its ciphers and the book, is loaded when somebody goes
//! through (feature `split`, as with the pages): a first look at the journal does without.

use super::{change_passphrase, found, found_with, read_backup, unlock, ways};
use crate::browser::{Result, db::Db};
use keepwell_crypto::Key32;
use std::pin::Pin;

/// How somebody goes through.
pub enum Way {
    /// With a new journal under a passphrase.
    New(String),
    /// By the passphrase, or the recovery phrase.
    Secret(String),
    /// By the output of a passkey.
    Passkey(Key32),
    /// With a journal from its file, under the file's passphrase.
    File(String, Vec<u8>),
    /// By the recovery phrase, with a new passphrase.
    Phrase(String, String),
}

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

fn open_now(db: Db, way: Way) -> Later<Result<()>> {
    Box::pin(async move {
        match way {
            Way::New(passphrase) => found(&db, &passphrase).await,
            Way::Secret(secret) => unlock(&db, &secret).await,
            Way::Passkey(output) => ways::unlock(&db, &output).await,
            Way::File(secret, file) => {
                let changes = read_backup(&secret, &file).await?;
                found_with(&db, &secret, changes).await
            }
            Way::Phrase(words, new) => {
                unlock(&db, &words).await?;
                change_passphrase(&db, &new).await
            }
        }
    })
}

#[cfg(not(feature = "split"))]
mod parts {
    use super::*;
    use crate::browser::work;
    use js_sys::Array;

    /// Opens the journal.
    pub async fn open(db: Db, way: Way) -> Result<()> {
        super::open_now(db, way).await
    }

    /// A task of the worker.
    #[allow(clippy::unused_async, reason = "the part is there")]
    pub async fn task(
        name: String,
        secret: String,
        data: Vec<u8>,
    ) -> std::result::Result<Array, &'static str> {
        work::run(&name, &secret, &data)
    }
}

#[cfg(feature = "split")]
mod parts {
    use super::*;
    use crate::browser::{Trouble, work};
    use js_sys::Array;
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    type Worked = std::result::Result<Array, &'static str>;

    #[wasm_split(vault, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn later_open(db: Db, way: Way) -> std::result::Result<Later<Result<()>>, SplitLoaderError> {
        Ok(super::open_now(db, way))
    }

    #[wasm_split(vault, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn later_task(
        name: String,
        secret: String,
        data: Vec<u8>,
    ) -> std::result::Result<Worked, SplitLoaderError> {
        Ok(work::run(&name, &secret, &data))
    }

    /// Opens the journal.
    pub async fn open(db: Db, way: Way) -> Result<()> {
        later_open(db, way).await.map_err(|_| Trouble::NoPart)?.await
    }

    /// A task of the worker.
    pub async fn task(name: String, secret: String, data: Vec<u8>) -> Worked {
        later_task(name, secret, data).await.unwrap_or(Err("no-part"))
    }
}

pub use parts::{open, task};
