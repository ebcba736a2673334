//! The open journal: keys and entries in memory, every change sealed into the database.

use crate::browser::{
    Result, Trouble, clock,
    db::{Db, Stored},
    device_key,
    random::{Os, sixteen},
    work, worker,
};
use keepwell_crypto::Key32;
use keepwell_journal::{
    derive::NewPlan,
    merge::{self, Author, Book, Change, Entity},
    model::{DeviceId, EntityId, Kind, Name, Value, View},
    vault::{
        EntryId, EntryPlace, LockedVault, NewSlot, SlotKind, SlotSecret, Vault, VaultError, fresh_secret,
    },
};
use std::{cell::RefCell, collections::HashMap};
use zeroize::Zeroize;

pub mod ways;

/// The kind under which entries are named in the vault.
const ENTRY: &str = "entity";

struct Open {
    db: Db,
    vault: Vault,
    book: Book,
    author: Author,
    sequences: HashMap<EntryId, u64>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Makes a journal on this device and opens it.
pub async fn found(db: &Db, passphrase: &str) -> Result<()> {
    let parts = worker::task(work::FOUND, passphrase, &[]).await?;
    let [stored, handed, key] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    device_key::keep_vault(db, &stored).await?;
    let vault = take_over(&handed, &key)?;
    open(db, vault).await
}

/// Opens the journal of this device. `secret` is the passphrase or the recovery phrase.
pub async fn unlock(db: &Db, secret: &str) -> Result<()> {
    let locked = device_key::find_vault(db).await?;
    let parts = worker::task(work::OPEN, secret, &locked).await?;
    let [handed, key] = <[Vec<u8>; 2]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    let vault = take_over(&handed, &key)?;
    open(db, vault).await
}

/// Opens what the worker handed over and takes its slot out again.
fn take_over(locked: &[u8], key: &[u8]) -> Result<Vault> {
    let failed = |_: VaultError| Trouble::Failed;
    let key = Key32::try_from_slice(key).map_err(|_| Trouble::Failed)?;
    let mut vault =
        LockedVault::from_bytes(locked).map_err(failed)?.open(SlotSecret::Keeper(&key)).map_err(failed)?;
    let keepers: Vec<_> =
        vault.slots().filter(|s| matches!(s.kind(), SlotKind::Keeper)).map(|s| s.id()).collect();
    keepers.into_iter().try_for_each(|id| vault.remove_slot(id)).map_err(failed)?;
    Ok(vault)
}

async fn open(db: &Db, vault: Vault) -> Result<()> {
    let entries = db.entries().await?;
    let mut book = Book::new();
    let mut sequences = HashMap::with_capacity(entries.len());
    let mut text = Vec::new();
    for (id, stored) in entries {
        let place = EntryPlace { id, sequence: stored.sequence };
        vault.entries().open_into(place, &stored.sealed, &mut text).map_err(|_| Trouble::Damaged)?;
        book.apply_all(merge::decode(&text).map_err(|_| Trouble::Damaged)?);
        sequences.insert(id, stored.sequence);
    }
    text.zeroize();
    let device = DeviceId::from_bytes(*vault.card().id().as_bytes());
    let author = Author::new(device, &book);
    OPEN.set(Some(Open { db: db.clone(), vault, book, author, sequences }));
    Ok(())
}

/// Forgets the keys and the entries.
pub fn lock() {
    OPEN.set(None);
}

/// Reads in the open journal; `None` while it is locked.
pub fn read<T>(f: impl FnOnce(&Book) -> T) -> Option<T> {
    OPEN.with_borrow(|open| open.as_ref().map(|o| f(&o.book)))
}

/// A new id.
pub fn new_id() -> Option<EntityId> {
    sixteen().map(EntityId::random)
}

/// Writes fields of an entity, here at once and in the database as the future ends.
pub async fn write(kind: Kind, id: EntityId, fields: Vec<(Name, Value)>) -> Result<()> {
    write_all(vec![((kind, id), fields)]).await
}

/// Writes what differs in a view of an entity.
pub async fn save<V: View>(id: EntityId, view: V) -> Result<()> {
    change(|o| {
        o.author.save(&mut o.book, clock::now(), id, &view);
        vec![(V::KIND.name(), id)]
    })
    .await
}

/// Takes in what another app's file holds. How many changes it made.
pub async fn import(import: &keepwell_journal::import::Import) -> Result<usize> {
    let mut made = 0;
    change(|o| {
        let written = import.write(&mut o.author, &mut o.book, clock::now());
        made = written.changes.len();
        let mut touched: Vec<(Name, EntityId)> =
            written.changes.iter().map(|c| (c.kind.clone(), c.entity)).collect();
        keepwell_journal::order::sort_by(&mut touched, Ord::cmp);
        touched.dedup();
        touched
    })
    .await?;
    Ok(made)
}

/// Writes fields of several entities, all or none of them in the database.
pub async fn write_all(all: NewPlan) -> Result<()> {
    change(|o| {
        let now = clock::now();
        for (at, fields) in &all {
            o.author.write(&mut o.book, now, *at, fields.iter().cloned());
        }
        all.iter().map(|((kind, id), _)| (kind.name(), *id)).collect()
    })
    .await
}

/// Writes a field that several devices wrote at once, so that the others' values are replaced knowingly.
pub async fn settle(kind: Kind, id: EntityId, field: Name, value: Value) -> Result<()> {
    change(|o| {
        o.author.settle(&mut o.book, clock::now(), (kind, id), field, value);
        vec![(kind.name(), id)]
    })
    .await
}

/// Deletes an entity; it can be brought back.
pub async fn delete(kind: Kind, id: EntityId) -> Result<()> {
    change(|o| {
        o.author.delete(&mut o.book, clock::now(), kind, id);
        vec![(kind.name(), id)]
    })
    .await
}

/// Brings a deleted entity back.
pub async fn restore(kind: Kind, id: EntityId) -> Result<()> {
    change(|o| {
        o.author.restore(&mut o.book, clock::now(), kind, id);
        vec![(kind.name(), id)]
    })
    .await
}

/// Erases an entity with its history.
pub async fn erase(kind: Kind, id: EntityId) -> Result<()> {
    change(|o| {
        o.author.erase(&mut o.book, clock::now(), kind, id);
        vec![(kind.name(), id)]
    })
    .await
}

/// Takes in changes of a backup or an import. How many were new.
pub async fn take_in(changes: Vec<Change>) -> Result<usize> {
    let mut new = 0;
    change(|o| {
        let mut touched: Vec<(Name, EntityId)> = changes.iter().map(|c| (c.kind.clone(), c.entity)).collect();
        keepwell_journal::order::sort_by(&mut touched, Ord::cmp);
        touched.dedup();
        new = o.author.receive(&mut o.book, clock::now(), changes).new;
        touched
    })
    .await?;
    Ok(new)
}

/// Runs something that changes the book, and puts the entities that it names into the database.
async fn change(f: impl FnOnce(&mut Open) -> Vec<(Name, EntityId)>) -> Result<()> {
    let ready = OPEN.with_borrow_mut(|open| {
        let open = open.as_mut().ok_or(Trouble::Failed)?;
        let touched = f(open);
        let sealed: Result<Vec<_>> = touched.iter().filter_map(|t| open.sealed(t).transpose()).collect();
        Ok::<_, Trouble>((open.db.clone(), sealed?))
    })?;
    let (db, sealed) = ready;
    db.write(sealed).await
}

impl Open {
    /// An entity as it goes into the database; `None` where there is none.
    fn sealed(&mut self, (kind, id): &(Name, EntityId)) -> Result<Option<(EntryId, Stored)>> {
        // A kind of a newer version is not looked up, but searched for.
        let found = match Kind::parse(kind.as_str()) {
            Some(kind) => self.book.entity(kind, *id),
            None => self.book.entities().find(|e| e.id() == *id && e.kind() == kind),
        };
        let Some(entity) = found else { return Ok(None) };
        let mut text = merge::encode(&changes_of(entity)).map_err(|_| Trouble::Failed)?;
        let entry = self.vault.entries().id(ENTRY, &[kind.as_str().as_bytes(), id.as_bytes()].concat());
        let sequence = self.sequences.get(&entry).map_or(1, |n| n + 1);
        let sealed = self.vault.entries().seal(EntryPlace { id: entry, sequence }, &text, &mut Os);
        text.zeroize();
        let sealed = sealed.map_err(|_| Trouble::Failed)?;
        self.sequences.insert(entry, sequence);
        Ok(Some((entry, Stored { sequence, sealed })))
    }
}

/// All that was ever written of an entity.
fn changes_of(entity: &Entity) -> Vec<Change> {
    let mut out = Vec::new();
    for field in entity.names().cloned().chain([merge::DELETED, merge::ERASED]) {
        out.extend(entity.history(field.as_str()).iter().map(|v| Change {
            kind: entity.kind().clone(),
            entity: entity.id(),
            field: field.clone(),
            stamp: v.stamp,
            value: v.value.clone(),
            supersedes: v.supersedes,
        }));
    }
    out
}

/// A backup file of everything.
pub fn backup() -> Result<Vec<u8>> {
    OPEN.with_borrow(|open| {
        let open = open.as_ref().ok_or(Trouble::Failed)?;
        let all: Vec<Change> = open.book.changes().collect();
        let mut content = merge::encode(&all).map_err(|_| Trouble::Failed)?;
        let file = open.vault.seal_backup(&content, &mut Os).map_err(|_| Trouble::Failed);
        content.zeroize();
        file
    })
}

/// The changes in a backup file. `secret` is the passphrase that it was made under, or the recovery phrase.
pub async fn read_backup(secret: &str, file: &[u8]) -> Result<Vec<Change>> {
    let parts = worker::task(work::RESTORE, secret, file).await?;
    let mut content = parts.into_iter().next().ok_or(Trouble::Failed)?;
    let changes = merge::decode(&content).map_err(|_| Trouble::Damaged);
    content.zeroize();
    changes
}

/// Another passphrase for the same key.
pub async fn change_passphrase(db: &Db, new: &str) -> Result<()> {
    let data = OPEN.with_borrow_mut(|open| {
        let open = open.as_mut().ok_or(Trouble::Failed)?;
        let failed = |_: VaultError| Trouble::Failed;
        let key = fresh_secret(&mut Os).map_err(failed)?;
        let id = open.vault.add_slot(&NewSlot::Keeper(&key), &mut Os).map_err(failed)?;
        let locked = open.vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(failed);
        open.vault.remove_slot(id).map_err(failed)?;
        Ok::<_, Trouble>([&key.expose()[..], &locked?].concat())
    })?;
    let parts = worker::task(work::CHANGE, new, &data).await?;
    let [stored, handed, key] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    let vault = take_over(&handed, &key)?;
    device_key::keep_vault(db, &stored).await?;
    OPEN.with_borrow_mut(|open| {
        if let Some(open) = open.as_mut() {
            open.vault = vault;
        }
    });
    Ok(())
}
