//! The open journal: keys and entries in memory, every change sealed into the database.

use crate::{
    browser::{
        Result, Trouble, clock,
        db::{Batch, Db, Stored},
        device_key,
        random::{Os, sixteen},
        tab, work, worker,
    },
    sync::{Channel, channel, later},
};
use keepwell_crypto::Key32;
use keepwell_journal::{
    derive::NewPlan,
    merge::{self, Author, Book, Change, Entity},
    model::{DeviceId, EntityId, Kind, Name, Value, View},
    vault::{
        EntryId, EntryPlace, LockedVault, NewSlot, SlotKind, SlotSecret, Vault, VaultError, VaultId,
        fresh_secret,
    },
};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    future::poll_fn,
    mem,
    rc::Rc,
    task::{Poll, Waker},
};
use zeroize::Zeroize;

pub mod columns;
pub mod opening;
pub mod ways;

/// The kind under which entries are named in the vault.
const ENTRY: &str = "entity";

/// The open journal.
pub struct Open {
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) book: Book,
    pub(crate) author: Author,
    sequences: HashMap<EntryId, u64>,
    /// The ways to a server, its own first; none for a journal that is on this device alone.
    pub(crate) channels: Vec<Channel>,
    /// The journal's own vault, where it is on a server and what is kept of that does not open.
    pub(crate) lost: Option<VaultId>,
    /// The number of the last change that waits.
    pub(crate) last_pending: u64,
    /// The vault has a newer key than what is kept of it: nothing is sealed until both are the same again.
    pub(crate) is_rekeying: bool,
    /// A change is on its way into the database. Until it is there nothing else is taken from the book or put into
    /// it: where it cannot be kept, it is undone.
    is_writing: Rc<Cell<bool>>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Makes a journal on this device and opens it.
pub async fn found(db: &Db, passphrase: &str) -> Result<()> {
    found_with(db, passphrase, Vec::new()).await
}

/// Makes a journal with these changes in it, of a backup. Either all of it is there then, or nothing is and it can
/// be tried again.
pub async fn found_with(db: &Db, passphrase: &str, changes: Vec<Change>) -> Result<()> {
    let parts = worker::task(work::FOUND, passphrase, &[]).await?;
    let [stored, handed, key] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    let mut book = Book::new();
    book.apply_all(changes);
    let (vault, mut batch) = first_entries(db, take_over(&handed, &key)?, book)?;
    batch.put(device_key::VAULT, device_key::seal(db, &stored).await?);
    begin(db, batch).await?;
    open(db, vault).await
}

/// Writes the first of a journal that is new on this device, with its locked vault. Refused where there is one by
/// now: this page looked when it was loaded, and another may have made one since.
pub(crate) async fn begin(db: &Db, batch: Batch) -> Result<()> {
    if device_key::has_vault(db).await? {
        return Err(Trouble::There);
    }
    // From here on no other page makes one.
    let turn = tab::take().await;
    let begun = async {
        if device_key::has_vault(db).await? {
            return Err(Trouble::There);
        }
        // Nothing is there yet that could be lost; what a given-up attempt left goes.
        db.wipe_but_key().await?;
        if !turn.lasts() {
            return Err(Trouble::Taken);
        }
        db.commit(batch).await
    };
    let begun = begun.await;
    if begun.is_err() && turn.lasts() {
        tab::give();
    }
    begun
}

/// Opens the journal of this device. `secret` is the passphrase or the recovery phrase.
pub async fn unlock(db: &Db, secret: &str) -> Result<()> {
    let locked = device_key::find_vault(db).await?;
    let parts = worker::task(work::OPEN, secret, &locked).await?;
    let [handed, key] = <[Vec<u8>; 2]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    let vault = take_over(&handed, &key)?;
    open_as(db, vault, &locked).await
}

/// Opens what was read before the secret was stretched. Where another page that had it open kept a newer key since, it
/// is to be opened once more: with an older vault that key would be lost.
pub(crate) async fn open_as(db: &Db, vault: Vault, read: &[u8]) -> Result<()> {
    open(db, vault).await?;
    let is_same = device_key::find_vault(db).await.is_ok_and(|now| *now == *read);
    if !is_same {
        lock();
        return Err(Trouble::Taken);
    }
    Ok(())
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

/// Reads the journal of an open vault in. From then on this page is the one that has it open.
pub(crate) async fn open(db: &Db, vault: Vault) -> Result<()> {
    let turn = tab::take().await;
    let open = read_in(db, vault).await;
    if !turn.lasts() {
        // Another page has it by now, and may have written since this one read.
        return Err(Trouble::Taken);
    }
    match open {
        Ok(open) => OPEN.set(Some(open)),
        Err(trouble) => {
            tab::give();
            return Err(trouble);
        }
    }
    Ok(())
}

async fn read_in(db: &Db, vault: Vault) -> Result<Open> {
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
    let db = db.clone();
    let kept = db.names("sync:").await?;
    let (vault, book, (channels, last_pending)) = if kept.is_empty() {
        (vault, book, (Vec::new(), 0))
    } else {
        let loaded = later::load(db.clone(), vault, book).await?;
        (loaded.vault, loaded.book, loaded.channels?)
    };
    let (is_rekeying, is_writing) = (false, Rc::default());
    let is_lost = kept.contains(&channel::name("sync", vault.id())) && channels.iter().all(|c| c.is_space);
    let lost = is_lost.then(|| vault.id());
    Ok(Open { db, vault, book, author, sequences, channels, lost, last_pending, is_rekeying, is_writing })
}

/// Forgets the keys and the entries.
pub fn lock() {
    OPEN.set(None);
    tab::give();
}

/// Works with the open journal; `None` while it is locked.
pub(crate) fn with<T>(f: impl FnOnce(&mut Open) -> T) -> Option<T> {
    OPEN.with_borrow_mut(|open| open.as_mut().map(f))
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

/// Writes what differs in a view of an entity; one that was deleted comes back.
pub async fn save<V: View>(id: EntityId, view: V) -> Result<()> {
    change(is_private(V::KIND), Touches::These(vec![(V::KIND, id)]), |o| {
        o.author.enter(&mut o.book, clock::now(), id, &view)
    })
    .await
}

/// Takes in what another app's file holds, with a note of what has no other place. How many changes it made.
pub async fn import(import: &keepwell_journal::import::Import) -> Result<usize> {
    let mut made = 0;
    change(false, Touches::Anything, |o| {
        let written = import.write_whole(&mut o.author, &mut o.book, clock::now(), &clock::moment());
        made = written.changes.len();
        written.changes
    })
    .await?;
    Ok(made)
}

/// Writes fields of several entities, all or none of them in the database; those that were deleted come back.
pub async fn write_all(all: NewPlan) -> Result<()> {
    let is_private = all.iter().all(|((kind, _), _)| is_private(*kind));
    let touches = Touches::These(all.iter().map(|(at, _)| *at).collect());
    change(is_private, touches, |o| {
        let now = clock::now();
        let mut out = Vec::new();
        for (at, fields) in all.iter().filter(|(_, fields)| !fields.is_empty()) {
            out.extend(o.author.write(&mut o.book, now, *at, fields.iter().cloned()));
            out.extend(o.author.show(&mut o.book, now, at.0, at.1));
        }
        out
    })
    .await
}

/// Writes a field that several devices wrote at once, so that the others' values are replaced knowingly.
pub async fn settle(kind: Kind, id: EntityId, field: Name, value: Value) -> Result<()> {
    change(is_private(kind), Touches::These(vec![(kind, id)]), |o| {
        o.author.settle(&mut o.book, clock::now(), (kind, id), field, value)
    })
    .await
}

/// Deletes an entity; it can be brought back.
pub async fn delete(kind: Kind, id: EntityId) -> Result<()> {
    change(is_private(kind), Touches::These(vec![(kind, id)]), |o| {
        o.author.delete(&mut o.book, clock::now(), kind, id).into_iter().collect()
    })
    .await
}

/// Brings a deleted entity back.
pub async fn restore(kind: Kind, id: EntityId) -> Result<()> {
    change(is_private(kind), Touches::These(vec![(kind, id)]), |o| {
        o.author.restore(&mut o.book, clock::now(), kind, id).into_iter().collect()
    })
    .await
}

/// Erases an entity with its history.
pub async fn erase(kind: Kind, id: EntityId) -> Result<()> {
    change(is_private(kind), Touches::These(vec![(kind, id)]), |o| {
        o.author.erase(&mut o.book, clock::now(), kind, id).into_iter().collect()
    })
    .await
}

/// Takes in changes of a backup or an import. How many were new.
pub async fn take_in(changes: Vec<Change>) -> Result<usize> {
    let mut new = 0;
    change(false, Touches::Anything, |o| {
        new = o.author.receive(&mut o.book, clock::now(), changes.clone()).new;
        changes
    })
    .await?;
    Ok(new)
}

fn is_private(kind: Kind) -> bool {
    Kind::is_never_shared(kind.as_str())
}

/// Which entities a change may touch.
enum Touches {
    These(Vec<(Kind, EntityId)>),
    Anything,
}

impl Touches {
    fn of(&self, book: &Book) -> Book {
        match self {
            Self::These(these) => book.part(these),
            Self::Anything => book.clone(),
        }
    }
}

thread_local! {
    /// Who waits until what is being written is in the database.
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// Waits until what is being written is in the database, or undone.
pub(crate) async fn settled() {
    poll_fn(|context| {
        if with(|open| open.is_writing.get()) != Some(true) {
            return Poll::Ready(());
        }
        WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
        Poll::Pending
    })
    .await;
}

/// Waits until this device may write: neither is another write under way, nor a new key.
async fn turn() {
    settled().await;
    while with(|open| open.is_rekeying) == Some(true) {
        worker::paint().await;
        settled().await;
    }
}

/// Runs something that changes the book, puts the entities of its changes into the database, and has them wait for
/// every other device. What cannot be kept is undone here, too: saved again, it is written again. Somebody else's
/// journal that may only be read takes nothing but what stays on this device.
async fn change(is_private: bool, touches: Touches, f: impl FnOnce(&mut Open) -> Vec<Change>) -> Result<()> {
    turn().await;
    let (db, is_writing, undo, batch) = with(|open| {
        if !is_private && !open.may_write() {
            return Err(Trouble::ReadOnly);
        }
        let (before, last_pending) = (touches.of(&open.book), open.last_pending);
        let changes = f(open);
        let undo = Undo { before, last_pending, touched: touched(&changes) };
        match open.batch_of(&changes, None) {
            Ok(batch) => {
                open.is_writing.set(true);
                Ok((open.db.clone(), Rc::clone(&open.is_writing), undo, batch))
            }
            Err(trouble) => {
                open.undo(&undo);
                Err(trouble)
            }
        }
    })
    .ok_or(Trouble::Failed)??;
    let kept = db.commit(batch).await;
    is_writing.set(false);
    if kept.is_err() {
        // Not where the journal was closed meanwhile: it was read in anew.
        with(|open| Rc::ptr_eq(&open.is_writing, &is_writing).then(|| open.undo(&undo)));
    }
    WAITING.take().into_iter().for_each(Waker::wake);
    kept?;
    crate::sync::soon();
    Ok(())
}

/// What takes a change back out of the memory.
struct Undo {
    before: Book,
    last_pending: u64,
    touched: BTreeSet<(Name, EntityId)>,
}

fn touched(changes: &[Change]) -> BTreeSet<(Name, EntityId)> {
    changes.iter().map(|c| (c.kind.clone(), c.entity)).collect()
}

impl Open {
    /// Where something small lies that is sealed beside the entries, by its name in the database.
    fn beside(&self, name: &str) -> EntryPlace {
        EntryPlace { id: self.vault.entries().id(name, b""), sequence: 1 }
    }

    /// Whether the journal itself may be written: not where somebody lets this device read only.
    pub(crate) fn may_write(&self) -> bool {
        let is_let = self.channels.iter().filter(|c| !c.is_space).all(Channel::may_write);
        is_let && !(self.db.is_shared() && self.lost.is_some())
    }

    /// What is to be written for changes that are in the book by now; `from` is the channel that brought them.
    pub(crate) fn batch_of(&mut self, changes: &[Change], from: Option<VaultId>) -> Result<Batch> {
        let mut batch = self.entries(&touched(changes))?;
        channel::queue(self, changes, from, &mut batch)?;
        Ok(batch)
    }

    /// Takes back what could not be kept: in the book, and for the other devices.
    fn undo(&mut self, undo: &Undo) {
        for (kind, id) in &undo.touched {
            self.book.put_back(kind, *id, &undo.before);
        }
        self.channels.iter_mut().for_each(|c| c.forget_since(undo.last_pending));
    }

    /// These entities, sealed.
    fn entries(&mut self, touched: &BTreeSet<(Name, EntityId)>) -> Result<Batch> {
        let sealed: Result<Vec<_>> = touched.iter().filter_map(|t| self.sealed(t).transpose()).collect();
        Ok(Batch { entries: sealed?, ..Batch::default() })
    }

    /// The same entries under another vault, which this device just founded.
    pub(crate) fn move_to(&mut self, vault: Vault) -> Result<Batch> {
        let device = DeviceId::from_bytes(*vault.card().id().as_bytes());
        self.author = Author::new(device, &self.book);
        self.vault = vault;
        self.sequences.clear();
        let all: BTreeSet<_> = self.book.entities().map(|e| (e.kind().clone(), e.id())).collect();
        Ok(Batch { clears_entries: true, ..self.entries(&all)? })
    }

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

/// A book as a whole, for the first time on this device, under a vault that was joined.
pub(crate) fn first_entries(db: &Db, vault: Vault, book: Book) -> Result<(Vault, Batch)> {
    let device = DeviceId::from_bytes(*vault.card().id().as_bytes());
    let author = Author::new(device, &book);
    let (sequences, channels) = (HashMap::new(), Vec::new());
    let db = db.clone();
    let (last_pending, is_rekeying, is_writing) = (0, false, Rc::default());
    let mut open = Open {
        db,
        vault,
        book,
        author,
        sequences,
        channels,
        lost: None,
        last_pending,
        is_rekeying,
        is_writing,
    };
    let all: BTreeSet<_> = open.book.entities().map(|e| (e.kind().clone(), e.id())).collect();
    let batch = open.entries(&all)?;
    Ok((open.vault, batch))
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
    let keys = |vault: &Vault| (vault.epoch(), vault.slots().map(|slot| slot.id()).collect::<Vec<_>>());
    let (data, before) = with(|open| Ok::<_, Trouble>((hand_over(&mut open.vault)?, keys(&open.vault))))
        .ok_or(Trouble::Failed)??;
    let (stored, vault) = give_passphrase(&data, new).await?;
    let sealed = device_key::seal(db, &stored).await?;
    // Another device may have brought a new key meanwhile, or a passkey may have come or gone: then nothing is changed.
    let replaced = with(|open| {
        let is_same = !open.is_rekeying && keys(&open.vault) == before;
        is_same.then(|| (keys(&vault), mem::replace(&mut open.vault, vault)))
    });
    let (after, old) = replaced.flatten().ok_or(Trouble::Failed)?;
    let mut batch = Batch::default();
    batch.put(device_key::VAULT, sealed);
    let kept = db.commit(batch).await;
    if kept.is_err() {
        // The person is told that it was not changed: then it is not stored later either.
        with(|open| (keys(&open.vault) == after).then(|| open.vault = old));
    }
    kept
}

/// A vault as the worker takes it: key ‖ locked vault.
pub(crate) fn hand_over(vault: &mut Vault) -> Result<Vec<u8>> {
    let failed = |_: VaultError| Trouble::Failed;
    let key = fresh_secret(&mut Os).map_err(failed)?;
    let id = vault.add_slot(&NewSlot::Keeper(&key), &mut Os).map_err(failed)?;
    let locked = vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(failed);
    vault.remove_slot(id).map_err(failed)?;
    Ok([&key.expose()[..], &locked?].concat())
}

/// Has the worker give a vault a passphrase: what is to be stored, and the vault.
pub(crate) async fn give_passphrase(data: &[u8], new: &str) -> Result<(Vec<u8>, Vault)> {
    let parts = worker::task(work::CHANGE, new, data).await?;
    let [stored, handed, key] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    Ok((stored, take_over(&handed, &key)?))
}

/// Has the worker found a vault of a passphrase.
pub(crate) async fn fresh_vault(passphrase: &str) -> Result<Vault> {
    let parts = worker::task(work::FOUND, passphrase, &[]).await?;
    let [_, handed, key] = <[Vec<u8>; 3]>::try_from(parts).map_err(|_| Trouble::Failed)?;
    take_over(&handed, &key)
}

/// Whether this is the passphrase of the journal on this device.
pub(crate) async fn check_passphrase(db: &Db, passphrase: &str) -> Result<()> {
    let locked = device_key::find_vault(db).await?;
    worker::task(work::OPEN, passphrase, &locked).await.map(|_| ())
}
