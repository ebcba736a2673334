//! Through the door. What that needs, the vault with its ciphers and the book, is loaded when somebody goes
//! through ([`crate::part`]): a first look at the journal does without.

use super::{change_passphrase, found, found_with, read_backup, unlock, ways};
use crate::{
    browser::{Result, Trouble, db::Db, work},
    part::part,
};
use js_sys::Array;
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

type Worked = std::result::Result<Array, &'static str>;

fn work_now(name: String, secret: String, data: Vec<u8>) -> Worked {
    work::run(&name, &secret, &data)
}

part!(fn open_later(db: Db, way: Way) -> Later<Result<()>>, vault: open_now);
part!(fn work_later(name: String, secret: String, data: Vec<u8>) -> Worked, vault: work_now);

/// Opens the journal.
pub async fn open(db: Db, way: Way) -> Result<()> {
    open_later(db, way).await.map_err(|_| Trouble::NoPart)?.await
}

/// A task of the worker.
pub async fn task(name: String, secret: String, data: Vec<u8>) -> Worked {
    work_later(name, secret, data).await.unwrap_or(Err("no-part"))
}
