//! One vault on the server, as this device keeps it: the client, what waits for it, and how it stands.

use crate::{
    browser::{
        Result, Trouble,
        db::{Batch, Db},
        random::Os,
    },
    keep::Open,
};
use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::{self, Book, Change},
    model::{FieldType, KeyText, Kind, Space},
    sync::{Client, Role, Writer},
    vault::{EntryPlace, LockedVault, SlotSecret, Vault, VaultId},
};
use zeroize::Zeroizing;

/// As many changes wait in one piece.
const PIECE: usize = 200;
/// The kind under which pieces that wait are named in the vault.
const PENDING: &str = "pending";

/// Why nothing is asked for any more until the person has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// Something was refused; its code.
    Alarm(String),
    /// This device was removed.
    Removed,
    /// The vault is not there, or not for this account.
    Gone,
    /// Another device wrote what this version cannot read.
    Newer,
    /// What this device keeps of it does not open.
    Damaged,
}

impl Halt {
    fn to_text(&self) -> String {
        match self {
            Self::Alarm(code) => ["alarm:", code].concat(),
            Self::Removed => "removed".to_owned(),
            Self::Gone => "gone".to_owned(),
            Self::Newer => "newer".to_owned(),
            Self::Damaged => "damaged".to_owned(),
        }
    }
    fn parse(text: &str) -> Self {
        match text {
            "removed" => Self::Removed,
            "gone" => Self::Gone,
            "newer" => Self::Newer,
            "damaged" => Self::Damaged,
            other => Self::Alarm(other.trim_start_matches("alarm:").to_owned()),
        }
    }
}

/// What it is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Nothing: all is done, or it waits for its next try.
    Idle,
    /// Asking, or answered.
    Working,
    /// There is no network.
    Offline,
    /// The server does not answer, or not now.
    Unreachable,
    /// Nobody is signed in.
    SignedOut,
    /// There is no room on the server.
    Full,
    /// There is no room on this device.
    NoRoom,
}

/// See the module.
pub struct Channel {
    /// Which vault.
    pub id: VaultId,
    /// Its keys, where it is another vault than the journal's own.
    pub vault: Option<Vault>,
    /// The state machine.
    pub client: Client,
    /// Whether it is another vault than the journal's own.
    pub is_space: bool,
    /// Whether other people are in it.
    pub is_shared: bool,
    /// Changes that the client does not have yet: under which name they are kept, and what they say.
    pub pending: Vec<(String, Zeroizing<Vec<u8>>)>,
    /// Everything is to be sent.
    pub whole: bool,
    /// How many pieces the client has that are not stored yet.
    pub under_way: usize,
    /// Why it stands still.
    pub halt: Option<Halt>,
    /// What it is doing.
    pub doing: Doing,
    /// When all was the same here and there.
    pub last: Option<Ts>,
    /// How often it failed one after the other.
    pub failures: u32,
    /// A wished change of members could not be made.
    pub was_refused: bool,
}

impl Channel {
    /// Of a client that was just made.
    pub fn new(id: VaultId, vault: Option<Vault>, client: Client, is_shared: bool) -> Self {
        Self {
            id,
            is_space: vault.is_some(),
            vault,
            client,
            is_shared,
            pending: Vec::new(),
            whole: false,
            under_way: 0,
            halt: None,
            doing: Doing::Idle,
            last: None,
            failures: 0,
            was_refused: false,
        }
    }

    /// Whether this device may write there.
    pub fn may_write(&self) -> bool {
        self.client.role() != Some(Role::Reader)
    }

    /// Whether a kind of entity goes over it.
    pub fn lets_through(&self, kind: &str) -> bool {
        !self.is_shared || !Kind::is_never_shared(kind)
    }

    /// Forgets the pieces after this number: their changes could not be kept.
    pub fn forget_since(&mut self, last: u64) {
        self.pending.retain(|(key, _)| number(key) <= last);
    }

    /// How many acts of the person wait.
    pub fn waiting(&self) -> usize {
        self.pending.len() + self.under_way + usize::from(self.whole)
    }

    /// The names of all that is kept of it.
    pub async fn names(db: &Db, id: VaultId) -> Result<Vec<String>> {
        let mut names: Vec<String> =
            ["sync", "halt", "synced", "whole", "space", "renew"].map(|n| name(n, id)).to_vec();
        names.extend(db.names(&[&name(PENDING, id), ":"].concat()).await?);
        Ok(names)
    }

    /// Why it stands still is remembered, so that it does not begin again by itself.
    pub fn stop(&mut self, halt: Halt, batch: &mut Batch) {
        batch.put(name("halt", self.id), halt.to_text().into_bytes());
        self.doing = Doing::Idle;
        self.halt = Some(halt);
    }
}

/// Under which name something is kept for a vault.
pub fn name(what: &str, id: VaultId) -> String {
    [what, ":", &id.to_string()].concat()
}

/// Runs something with a channel's client and the keys that belong to it.
pub fn run<T>(open: &mut Open, id: VaultId, f: impl FnOnce(&mut Channel, &mut Vault) -> T) -> Option<T> {
    let channel = open.channels.iter_mut().find(|c| c.id == id)?;
    match channel.vault.take() {
        None => Some(f(channel, &mut open.vault)),
        Some(mut own) => {
            let done = f(channel, &mut own);
            channel.vault = Some(own);
            Some(done)
        }
    }
}

/// What is kept of the channels, the journal's own first.
pub async fn load(db: &Db, vault: &Vault, book: &Book) -> Result<(Vec<Channel>, u64)> {
    let mut channels = Vec::new();
    let mut last = 0;
    for kept in db.names("sync:").await? {
        let id = kept.split_once(':').and_then(|(_, id)| VaultId::parse(id));
        let (Some(id), Some(state)) = (id, db.bytes(&kept).await?) else { continue };
        let own = if id == vault.id() { None } else { open_space(db, book, id).await? };
        if own.is_none() && id != vault.id() {
            continue;
        }
        let Ok(client) = Client::open(own.as_ref().unwrap_or(vault), &state) else { continue };
        let is_shared = own.is_some() || db.is_shared();
        let mut channel = Channel::new(id, own, client, is_shared);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
        channel.halt = db.bytes(&name("halt", id)).await?.map(|b| Halt::parse(&text(b)));
        channel.last = db.bytes(&name("synced", id)).await?.and_then(|b| text(b).parse().ok()).map(Ts);
        channel.whole = db.bytes(&name("whole", id)).await?.is_some();
        channel.under_way = channel.client.waiting();
        let mut lost = Vec::new();
        for key in db.names(&[&name(PENDING, id), ":"].concat()).await? {
            last = last.max(number(&key));
            let sealed = db.bytes(&key).await?.ok_or(Trouble::Damaged)?;
            match vault.entries().open(place(vault, &key), &sealed) {
                Ok(text) => channel.pending.push((key, text)),
                // Of a key of before. What it says is in the book, which is then sent as a whole.
                Err(_) => lost.push(key),
            }
        }
        if !lost.is_empty() {
            channel.whole = true;
            let mut batch = Batch { deletes: lost, ..Batch::default() };
            batch.put(name("whole", id), Vec::new());
            // Where this cannot be written now, the next opening finds the same.
            let _ = db.commit(batch).await;
        }
        channels.push(channel);
    }
    channels.sort_by_key(|c| c.is_space);
    Ok((channels, last))
}

/// The keys of a shared space, opened with what the journal knows.
async fn open_space(db: &Db, book: &Book, id: VaultId) -> Result<Option<Vault>> {
    let Some(locked) = db.bytes(&name("space", id)).await? else { return Ok(None) };
    let hex = id.to_string();
    let Some((entity, _)) = book.all::<Space>().find(|(_, s)| s.vault.known() == Some(&hex)) else {
        return Ok(None);
    };
    let locked = LockedVault::from_bytes(&locked).map_err(|_| Trouble::Damaged)?;
    // This device may have come in with a key that was replaced since.
    let keys = book.history(Kind::Space, entity, "keeper").iter().rev();
    let mut keys = keys.filter_map(|v| KeyText::from_value(&v.value));
    Ok(keys.find_map(|key| locked.open(SlotSecret::Keeper(&key.key())).ok()))
}

fn number(key: &str) -> u64 {
    key.rsplit(':').next().and_then(|n| u64::from_str_radix(n, 16).ok()).unwrap_or_default()
}

fn place(vault: &Vault, key: &str) -> EntryPlace {
    EntryPlace { id: vault.entries().id(PENDING, key.as_bytes()), sequence: 1 }
}

/// Has changes wait for every channel but the one that brought them.
pub fn queue(open: &mut Open, changes: &[Change], from: Option<VaultId>, batch: &mut Batch) -> Result<()> {
    wait(open, changes, |c| Some(c.id) != from, batch)
}

/// Has changes wait for one channel.
pub fn queue_for(open: &mut Open, id: VaultId, changes: &[Change], batch: &mut Batch) -> Result<()> {
    wait(open, changes, |c| c.id == id, batch)
}

fn wait(
    open: &mut Open,
    changes: &[Change],
    is_meant: impl Fn(&Channel) -> bool,
    batch: &mut Batch,
) -> Result<()> {
    let Open { vault, channels, last_pending, .. } = open;
    let takes = |c: &&mut Channel| is_meant(c) && c.may_write() && c.halt != Some(Halt::Removed);
    for channel in channels.iter_mut().filter(takes) {
        let own: Vec<&Change> = changes.iter().filter(|c| channel.lets_through(c.kind.as_str())).collect();
        for piece in own.chunks(PIECE) {
            let text = merge::encode(piece.iter().copied()).map_err(|_| Trouble::Failed)?;
            let text = Zeroizing::new(text);
            *last_pending += 1;
            let number = last_pending.to_be_bytes().map(hex).concat();
            let key = [&name(PENDING, channel.id), ":", &number].concat();
            let fits = text.len() <= Writer::max_content();
            let sealed = vault.entries().seal(place(vault, &key), &text, &mut Os).ok();
            match sealed.filter(|_| fits) {
                Some(sealed) => {
                    batch.put(key.clone(), sealed);
                    channel.pending.push((key, text));
                }
                // Longer than an entry or a content may be: then everything is sent, in pieces that fit.
                None => {
                    channel.whole = true;
                    batch.put(name("whole", channel.id), Vec::new());
                }
            }
        }
    }
    Ok(())
}

fn hex(byte: u8) -> String {
    [byte >> 4, byte & 15].iter().filter_map(|n| char::from_digit((*n).into(), 16)).collect()
}

/// Gives what waits to the client.
pub fn drain(open: &mut Open, id: VaultId, batch: &mut Batch) -> Result<bool> {
    let Some(at) = open.channels.iter().position(|c| c.id == id) else { return Ok(false) };
    let Open { channels, book, .. } = open;
    let Some(channel) = channels.get_mut(at) else { return Ok(false) };
    if channel.client.writer().is_none() {
        return Ok(false);
    }
    let mut has_given = false;
    if channel.whole {
        let all: Vec<Change> = book.changes().filter(|c| channel.lets_through(c.kind.as_str())).collect();
        for piece in all.chunks(PIECE) {
            give_in_parts(channel, piece)?;
        }
        channel.whole = false;
        batch.deletes.push(name("whole", id));
        has_given = true;
    }
    for (key, text) in std::mem::take(&mut channel.pending) {
        give(channel, &text)?;
        channel.under_way += 1;
        batch.deletes.push(key);
        has_given = true;
    }
    Ok(has_given)
}

/// Gives changes in as many contents as they need: long notes fill one sooner than many short fields.
fn give_in_parts(channel: &mut Channel, changes: &[Change]) -> Result<()> {
    let text = Zeroizing::new(merge::encode(changes).map_err(|_| Trouble::Failed)?);
    if text.len() <= Writer::max_content() || changes.len() < 2 {
        return give(channel, &text);
    }
    let (first, rest) = changes.split_at(changes.len() / 2);
    give_in_parts(channel, first)?;
    give_in_parts(channel, rest)
}

fn give(channel: &mut Channel, text: &[u8]) -> Result<()> {
    let writer = channel.client.writer().ok_or(Trouble::Failed)?;
    { writer }.queue(text).map_err(|_| Trouble::Full)
}

/// Puts the client's state among what is to be written.
pub fn keep(open: &mut Open, id: VaultId, batch: &mut Batch) -> Result<()> {
    let state = run(open, id, |channel, vault| channel.client.seal(vault, &mut Os));
    batch.put(name("sync", id), state.ok_or(Trouble::Failed)?.map_err(|_| Trouble::Failed)?);
    Ok(())
}

/// Puts the keys of a shared space among what is to be written.
pub fn keep_space(open: &mut Open, id: VaultId, batch: &mut Batch) -> Result<()> {
    let locked = run(open, id, |_, vault| vault.lock(&mut Os).and_then(|l| l.to_bytes()));
    batch.put(name("space", id), locked.ok_or(Trouble::Failed)?.map_err(|_| Trouble::Failed)?);
    Ok(())
}

/// A channel as it lies in the database.
pub struct Kept {
    state: Vec<u8>,
    whole: bool,
    pieces: Vec<(String, Vec<u8>)>,
}

/// Reads what is kept of a channel.
pub async fn kept(db: &Db, id: VaultId) -> Result<Kept> {
    let state = db.bytes(&name("sync", id)).await?.ok_or(Trouble::Damaged)?;
    let whole = db.bytes(&name("whole", id)).await?.is_some();
    let mut pieces = Vec::new();
    for key in db.names(&[&name(PENDING, id), ":"].concat()).await? {
        if let Some(sealed) = db.bytes(&key).await? {
            pieces.push((key, sealed));
        }
    }
    Ok(Kept { state, whole, pieces })
}

/// Sets a channel back to what is kept of it, since this device has no room for more: it goes on from there later.
/// What was merged in memory comes once more, and merging it twice changes nothing.
pub fn set_back(open: &mut Open, id: VaultId, kept: Kept) -> Result<()> {
    let Kept { state, whole, pieces } = kept;
    let client = run(open, id, |_, vault| Client::open(vault, &state));
    let client = client.ok_or(Trouble::Failed)?.map_err(|_| Trouble::Damaged)?;
    let Open { vault, channels, .. } = open;
    let channel = channels.iter_mut().find(|c| c.id == id).ok_or(Trouble::Failed)?;
    (channel.under_way, channel.client) = (client.waiting(), client);
    channel.whole |= whole;
    for (key, sealed) in pieces {
        if channel.pending.iter().any(|(known, _)| *known == key) {
            continue;
        }
        match vault.entries().open(place(vault, &key), &sealed) {
            Ok(text) => channel.pending.push((key, text)),
            Err(_) => channel.whole = true,
        }
    }
    channel.doing = Doing::NoRoom;
    channel.failures += 1;
    Ok(())
}
