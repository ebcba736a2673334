//! The browser's database: sealed entries, the locked vault, the key of this device.

use super::{Result, Trouble};
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Query, TransactionMode};
use js_sys::Uint8Array;
use keepwell_journal::vault::EntryId;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};

const NAME: &str = "keepwell-journal";
const VERSION: u32 = 1;
const ENTRIES: &str = "entries";
const VAULT: &str = "vault";

/// A sealed entry as it lies in the database.
pub struct Stored {
    /// How often it was written.
    pub sequence: u64,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// An open database.
#[derive(Clone)]
pub struct Db(std::rc::Rc<Database>);

impl From<idb::Error> for Trouble {
    fn from(error: idb::Error) -> Self {
        match error {
            idb::Error::DomException(e) => Self::of(&e),
            idb::Error::AddFailed(e)
            | idb::Error::UpdateFailed(e)
            | idb::Error::GetFailed(e)
            | idb::Error::GetAllFailed(e)
            | idb::Error::TransactionOpenFailed(e)
            | idb::Error::IndexedDbOpenFailed(e) => Self::of(&e),
            idb::Error::IndexedDbNotFound(_) => Self::NoStorage,
            _ => Self::Failed,
        }
    }
}

impl Db {
    /// Opens the database, and makes it where there is none.
    pub async fn open() -> Result<Self> {
        let mut request = Factory::new().map_err(|_| Trouble::NoStorage)?.open(NAME, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            // Where this fails, opening fails, and says so.
            if let Ok(db) = event.database() {
                for store in [ENTRIES, VAULT] {
                    let _ = db.create_object_store(store, ObjectStoreParams::new());
                }
            }
        });
        let db = request.await.map_err(|e| match Trouble::from(e) {
            Trouble::Full => Trouble::Full,
            _ => Trouble::NoStorage,
        })?;
        Ok(Self(std::rc::Rc::new(db)))
    }

    /// What lies under a name beside the entries.
    pub async fn get(&self, name: &str) -> Result<Option<JsValue>> {
        let tx = self.0.transaction(&[VAULT], TransactionMode::ReadOnly)?;
        let found = tx.object_store(VAULT)?.get(Query::Key(name.into()))?.await?;
        Ok(found.filter(|v| !v.is_undefined()))
    }

    /// Puts something beside the entries.
    pub async fn put(&self, name: &str, value: &JsValue) -> Result<()> {
        let tx = self.0.transaction(&[VAULT], TransactionMode::ReadWrite)?;
        tx.object_store(VAULT)?.put(value, Some(&name.into()))?.await?;
        done(tx).await
    }

    /// All entries.
    pub async fn entries(&self) -> Result<HashMap<EntryId, Stored>> {
        let tx = self.0.transaction(&[ENTRIES], TransactionMode::ReadOnly)?;
        let store = tx.object_store(ENTRIES)?;
        let (keys, values) = (store.get_all_keys(None, None)?, store.get_all(None, None)?);
        let (keys, values) = (keys.await?, values.await?);
        let mut out = HashMap::with_capacity(keys.len());
        for (key, value) in keys.iter().zip(&values) {
            let id = key.as_string().and_then(|k| EntryId::parse(&k)).ok_or(Trouble::Damaged)?;
            let bytes = value.dyn_ref::<Uint8Array>().ok_or(Trouble::Damaged)?.to_vec();
            let (sequence, sealed) = bytes.split_first_chunk().ok_or(Trouble::Damaged)?;
            out.insert(id, Stored { sequence: u64::from_be_bytes(*sequence), sealed: sealed.to_vec() });
        }
        Ok(out)
    }

    /// Writes entries, all or none.
    pub async fn write(&self, entries: Vec<(EntryId, Stored)>) -> Result<()> {
        let tx = self.0.transaction(&[ENTRIES], TransactionMode::ReadWrite)?;
        let store = tx.object_store(ENTRIES)?;
        let mut last = None;
        for (id, stored) in entries {
            let bytes = [&stored.sequence.to_be_bytes()[..], &stored.sealed].concat();
            let value: JsValue = Uint8Array::from(bytes.as_slice()).into();
            last = Some(store.put(&value, Some(&id.to_string().into()))?);
        }
        if let Some(request) = last {
            request.await?;
        }
        done(tx).await
    }

    /// Everything, the keys too: nothing of the journal is left on this device.
    pub async fn wipe(&self) -> Result<()> {
        let tx = self.0.transaction(&[ENTRIES, VAULT], TransactionMode::ReadWrite)?;
        tx.object_store(ENTRIES)?.clear()?.await?;
        tx.object_store(VAULT)?.clear()?.await?;
        done(tx).await
    }
}

async fn done(tx: idb::Transaction) -> Result<()> {
    match tx.await? {
        idb::TransactionResult::Committed => Ok(()),
        idb::TransactionResult::Aborted => Err(Trouble::Full),
    }
}
