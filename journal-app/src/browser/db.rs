//! The browser's database: sealed entries, the locked vault, the key of this device.

use super::{Result, Trouble};
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use js_sys::{Promise, Reflect, Uint8Array};
use keepwell_journal::vault::EntryId;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The database of the person's own journal.
pub const OWN: &str = "keepwell-journal";
/// The database of a journal that somebody shares with this person.
pub const SHARED: &str = "keepwell-journal-shared";
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

/// What is written together, all or none of it.
#[derive(Default)]
pub struct Batch {
    /// Whether all entries that are there go first.
    pub clears_entries: bool,
    /// Entries.
    pub entries: Vec<(EntryId, Stored)>,
    /// What is put beside them.
    pub puts: Vec<(String, Vec<u8>)>,
    /// What is taken away beside them.
    pub deletes: Vec<String>,
}

impl Batch {
    /// Puts bytes beside the entries.
    pub fn put(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.puts.push((name.into(), bytes));
    }
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
    pub async fn open(name: &str) -> Result<Self> {
        let mut request = Factory::new().map_err(|_| Trouble::NoStorage)?.open(name, Some(VERSION))?;
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

    /// Whether it is that of somebody else's journal.
    pub fn is_shared(&self) -> bool {
        self.0.name() == SHARED
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

    /// Bytes that lie under a name beside the entries.
    pub async fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.get(name).await?.and_then(|v| v.dyn_into::<Uint8Array>().ok()).map(|v| v.to_vec()))
    }

    /// The names beside the entries that begin so.
    pub async fn names(&self, start: &str) -> Result<Vec<String>> {
        let tx = self.0.transaction(&[VAULT], TransactionMode::ReadOnly)?;
        let end = [start, "\u{ffff}"].concat();
        let range = KeyRange::bound(&start.into(), &end.into(), None, None).map_err(|_| Trouble::Failed)?;
        let keys = tx.object_store(VAULT)?.get_all_keys(Some(Query::KeyRange(range)), None)?.await?;
        Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
    }

    /// Writes all of a batch, or nothing of it.
    pub async fn commit(&self, batch: Batch) -> Result<()> {
        let tx = self.0.transaction(&[ENTRIES, VAULT], TransactionMode::ReadWrite)?;
        let (entries, beside) = (tx.object_store(ENTRIES)?, tx.object_store(VAULT)?);
        if batch.clears_entries {
            entries.clear()?;
        }
        for (id, stored) in batch.entries {
            let bytes = [&stored.sequence.to_be_bytes()[..], &stored.sealed].concat();
            let value: JsValue = Uint8Array::from(bytes.as_slice()).into();
            entries.put(&value, Some(&id.to_string().into()))?;
        }
        for name in batch.deletes {
            beside.delete(Query::Key(name.as_str().into()))?;
        }
        for (name, bytes) in batch.puts {
            let value: JsValue = Uint8Array::from(bytes.as_slice()).into();
            beside.put(&value, Some(&name.as_str().into()))?;
        }
        done(tx).await
    }

    /// Everything but the key of this device, before a journal comes from elsewhere.
    pub async fn wipe_but_key(&self) -> Result<()> {
        let names = self.names("").await?.into_iter().filter(|name| name != "device").collect();
        self.commit(Batch { clears_entries: true, deletes: names, ..Batch::default() }).await
    }

    /// Everything, the keys too: nothing of the journal is left on this device.
    pub async fn wipe(&self) -> Result<()> {
        let tx = self.0.transaction(&[ENTRIES, VAULT], TransactionMode::ReadWrite)?;
        tx.object_store(ENTRIES)?.clear()?.await?;
        tx.object_store(VAULT)?.clear()?.await?;
        done(tx).await
    }
}

/// Waits until all of it is written, or nothing. Single requests are not listened to: where one fails, the whole ends
/// with it, and only then nothing is under way any more.
async fn done(tx: idb::Transaction) -> Result<()> {
    let tx: JsValue = tx.into();
    let ended = Promise::new(&mut |resolve, reject| {
        let _ = Reflect::set(&tx, &"oncomplete".into(), &resolve);
        let _ = Reflect::set(&tx, &"onabort".into(), &reject);
    });
    JsFuture::from(ended).await.map(|_| ()).map_err(|_| Trouble::Full)
}
