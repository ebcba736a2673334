//! What is shared with somebody: a vault of its own beside the journal's. Every change goes into both; what is about the
//! person's own devices stays out. Its keeper's key lies in the journal, so that all own devices are in it.

use super::{
    channel::{self, Channel, name},
    engine,
    join::{self, Arrived},
    members, one, round, server,
    take_in::{self, Taken},
    turn,
};
use crate::{
    browser::{
        Result, Trouble,
        db::{Batch, Db},
        random::Os,
    },
    invitation::Invitation,
    keep::{self, Open},
};
use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::{Book, Change},
    model::{EntityId, KeyText, Space},
    sync::{Client, Event, Request, Role, TicketCode, join_with},
    vault::{NewSlot, SlotId, SlotSecret, Vault, VaultError, VaultId, fresh_secret},
};
use std::{cell::RefCell, collections::HashSet};

thread_local! {
    /// Spaces that did not open with a key.
    static CLOSED: RefCell<Vec<(VaultId, [u8; 32])>> = const { RefCell::new(Vec::new()) };
}

const fn failed(_: VaultError) -> Trouble {
    Trouble::Failed
}

fn entity(id: VaultId) -> EntityId {
    EntityId::derived(&[b"space", id.as_bytes()])
}

/// The spaces that are in force, with their names; first those in which this device is.
pub fn all() -> Vec<(VaultId, String)> {
    let found = keep::with(|open| {
        let live = open.book.all::<Space>().map(|(_, s)| s).filter(|s| s.ended.known() != Some(&true));
        let one =
            |s: Space| Some((VaultId::parse(s.vault.known()?)?, s.name.into_known().unwrap_or_default()));
        let mut all: Vec<_> = live.filter_map(one).collect();
        // Two devices may have begun one each at the same time.
        all.sort_by_key(|(id, _)| open.channels.iter().all(|c| c.id != *id));
        all
    });
    found.unwrap_or_default()
}

/// The space that is in force, with its name.
pub fn find() -> Option<(VaultId, String)> {
    all().into_iter().next()
}

fn is_in(id: VaultId) -> bool {
    keep::with(|open| open.channels.iter().any(|c| c.id == id)) == Some(true)
}

/// Makes the space, if there is none.
pub async fn begin(called: &str) -> Result<VaultId> {
    if let Some((id, _)) = find() {
        if is_in(id) {
            return Ok(id);
        }
        match join::info(id).await {
            Ok(_) if come_back(id).await? => return Ok(id),
            // Of a time before it was turned off.
            Err(server::Unanswered::Missing) => give_up(id).await?,
            _ => return Err(Trouble::NoServer),
        }
    }
    let secret = fresh_secret(&mut Os).map_err(failed)?;
    let vault = Vault::found(&NewSlot::Keeper(&secret), &mut Os).map_err(failed)?;
    let id = vault.id();
    let told = Space {
        name: called.trim().to_owned().into(),
        vault: id.to_string().into(),
        keeper: KeyText::of(&secret).into(),
        ..Space::default()
    };
    // First what opens it.
    keep::save(entity(id), told).await?;
    let client = Client::found(&vault, &mut Os).map_err(|_| Trouble::Failed)?;
    let added = keep::with(|open| {
        let mut batch = Batch::default();
        add(open, vault, client, true, &mut batch)?;
        Ok::<_, Trouble>((open.db.clone(), batch))
    });
    let (db, batch) = added.ok_or(Trouble::Failed)??;
    db.commit(batch).await?;
    engine::now();
    let is_there = turn::until(|open| {
        let channel = open.channels.iter().find(|c| c.id == id)?;
        let has_failed = channel.failures > 0 || channel.halt.is_some();
        (!channel.client.is_founding()).then_some(true).or(has_failed.then_some(false))
    });
    if !is_there.await {
        return Err(Trouble::NoServer);
    }
    members::name_in_space(id).await?;
    Ok(id)
}

/// Takes up the channel of a space, and puts down what is to be kept of it.
fn add(open: &mut Open, vault: Vault, client: Client, whole: bool, batch: &mut Batch) -> Result<()> {
    let id = vault.id();
    batch.put(name("space", id), vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(failed)?);
    let mut channel = Channel::new(id, Some(vault), client, true);
    if whole {
        channel.whole = true;
        batch.put(name("whole", id), Vec::new());
    }
    open.channels.push(channel);
    channel::keep(open, id, batch)
}

/// An invitation for one other account.
pub async fn invite(id: VaultId, may_write: bool) -> std::result::Result<Invitation, server::Unanswered> {
    let name = find().map(|(_, name)| name).unwrap_or_default();
    Ok(Invitation { vault: id, code: server::invite(id, may_write).await?, name })
}

/// How letting a partner's device in ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admitted {
    /// It is in.
    In,
    /// No account has taken the invitation yet.
    NobodyCame,
    /// It could not be done now.
    NotNow,
    /// Several accounts have taken an invitation, or one that may write: the person says by which it comes.
    Which(Vec<Guest>),
}

/// An account that took an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The server's id of it.
    pub id: String,
    /// What the person calls its first device, if one is in.
    pub called: Option<String>,
    /// What it may do.
    pub may_write: bool,
    /// When it came.
    pub since: Option<Ts>,
}

/// The accounts that took an invitation, in the order in which they came.
async fn guests(id: VaultId) -> Result<Vec<Guest>> {
    let devices = members::list(id);
    let called = |account: &String| devices.iter().find(|m| m.account.as_ref() == Some(account));
    let one = |v: server::Visitor| Guest {
        called: called(&v.id).map(|m| m.name.clone().unwrap_or_default()),
        id: v.id,
        may_write: v.may_write,
        since: v.since,
    };
    let visitors = server::visitors(id).await.map_err(|_| Trouble::NoServer)?;
    Ok(visitors.into_iter().map(one).collect())
}

/// Lets a partner's device in, with the rights of the account by which it comes, and remembers which that is. One that has
/// a device in already may bring another.
pub async fn admit(id: VaultId, ticket: TicketCode, called: &str, by: Option<&str>) -> Result<Admitted> {
    let device = ticket.device();
    let mut guests = guests(id).await?;
    if let Some(by) = by {
        guests.retain(|guest| guest.id == by);
    }
    let guest = match guests.pop() {
        None => return Ok(Admitted::NobodyCame),
        // What an account may do comes from the server: before one may write, the person sees and says so.
        Some(only) if guests.is_empty() && (by.is_some() || !only.may_write) => only,
        Some(last) => {
            guests.push(last);
            return Ok(Admitted::Which(guests));
        }
    };
    let role = if guest.may_write { Role::Writer } else { Role::Reader };
    if !members::let_in(id, ticket, role).await? {
        return Ok(Admitted::NotNow);
    }
    members::name(device, called, Some(guest.id)).await?;
    Ok(Admitted::In)
}

/// Takes the share back from a device: its account gets nothing any more, and a new key comes into force.
pub async fn take_back(id: VaultId, device: &members::Member) -> Result<bool> {
    if let Some(account) = device.account.as_ref().filter(|a| !a.is_empty()) {
        server::shut_out(id, account).await.map_err(|_| Trouble::NoServer)?;
    }
    members::shut_out(id, device.id).await
}

/// Ends the share: its copy on the server is deleted, wherever it was begun.
pub async fn end(id: VaultId) -> Result<bool> {
    let runs = |open: &mut Open| open.channels.iter().any(|c| c.id == id && c.halt.is_none());
    let is_gone =
        if keep::with(runs) == Some(true) { turn::off(id).await?.is_some() } else { delete_there(id).await };
    if is_gone {
        give_up(id).await?;
        tidy().await;
    }
    Ok(is_gone)
}

/// Deletes a space that this device does not follow.
async fn delete_there(id: VaultId) -> bool {
    let answered = server::carry(&Request::Delete(id)).await;
    answered.is_some_and(|a| (200..300).contains(&a.status) || a.status == 404)
}

async fn give_up(id: VaultId) -> Result<()> {
    let mut told = keep::read(|book| book.get::<Space>(entity(id))).flatten().unwrap_or_default();
    told.ended = true.into();
    keep::save(entity(id), told).await
}

/// The keeper gets another key, where a device that is out knew the old one.
pub(super) async fn renew_keeper(id: VaultId) -> Result<bool> {
    let secret = fresh_secret(&mut Os).map_err(failed)?;
    let ready = keep::with(|open| {
        let db = open.db.clone();
        channel::run(open, id, |channel, vault| {
            let old: Vec<SlotId> = channel.client.slots().map(|head| head.id()).collect();
            let new = vault.add_slot(&NewSlot::Keeper(&secret), &mut Os).map_err(failed)?;
            let locked = vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(failed)?;
            Ok::<_, Trouble>((db, old, new, locked))
        })
    });
    let (db, old, new, locked) = ready.flatten().ok_or(Trouble::Failed)??;
    let mut batch = Batch::default();
    batch.put(name("space", id), locked);
    db.commit(batch).await?;
    if !members::add_slot(id, new).await? {
        drop_slots(&db, id, &[new]).await?;
        return Ok(false);
    }
    let mut told = keep::read(|book| book.get::<Space>(entity(id))).flatten().unwrap_or_default();
    told.keeper = KeyText::of(&secret).into();
    keep::save(entity(id), told).await?;
    for slot in &old {
        if !members::remove_slot(id, *slot).await? {
            return Ok(false);
        }
    }
    drop_slots(&db, id, &old).await?;
    Ok(true)
}

/// Takes keepers out of what is kept of the space here, which has room for a few only.
async fn drop_slots(db: &Db, id: VaultId, slots: &[SlotId]) -> Result<()> {
    let mut batch = Batch::default();
    let kept = keep::with(|open| {
        // Not there where another device made them.
        channel::run(open, id, |_, vault| slots.iter().for_each(|slot| _ = vault.remove_slot(*slot)));
        channel::keep_space(open, id, &mut batch)
    });
    kept.ok_or(Trouble::Failed)??;
    db.commit(batch).await
}

fn is_over(book: &Book, channel: &Channel) -> bool {
    channel.is_space && book.get::<Space>(entity(channel.id)).is_some_and(|s| s.ended.known() == Some(&true))
}

/// Nothing goes any more into spaces that another own device ended: what the server has of them is deleted, if it is
/// still there.
pub fn end_over() {
    keep::with(|open| {
        let Open { channels, book, .. } = open;
        channels.iter_mut().filter(|c| is_over(book, c)).for_each(|c| c.client.delete());
    });
}

/// Forgets the spaces that another own device ended.
pub async fn tidy() {
    let over = keep::with(|open| {
        let is_done = |c: &&Channel| c.halt.is_some() && is_over(&open.book, c);
        let over: Vec<VaultId> = open.channels.iter().filter(is_done).map(|c| c.id).collect();
        (open.db.clone(), over)
    });
    let Some((db, over)) = over else { return };
    for id in over {
        // Where it does not work, it is tried with the next round.
        let _ = round::forget(&db, id).await;
    }
}

/// Brings this device into the spaces of which another own device told. Says whether it came into one.
pub async fn come_in() -> bool {
    let Some((db, missing)) = keep::with(|open| (open.db.clone(), missing(open))) else { return false };
    for (id, key) in missing {
        // What was left on this device stays left.
        let is_left = db.bytes(&name("spent", id)).await.map_or(true, |mark| mark.is_some());
        if !is_left && enter(id, &key).await {
            return true;
        }
    }
    false
}

/// The person wants a space again that was left on this device.
async fn come_back(id: VaultId) -> Result<bool> {
    let (db, missing) = keep::with(|open| (open.db.clone(), missing(open))).ok_or(Trouble::Failed)?;
    let Some((_, key)) = missing.into_iter().find(|(other, _)| *other == id) else { return Ok(false) };
    if !enter(id, &key).await {
        return Ok(false);
    }
    db.commit(Batch { deletes: vec![name("spent", id)], ..Batch::default() }).await?;
    Ok(true)
}

async fn enter(id: VaultId, key: &KeyText) -> bool {
    let _held = one::wait(&one::ENTRY).await;
    if is_in(id) {
        return true;
    }
    let Ok(info) = join::info(id).await else { return false };
    let key = key.key();
    let Ok(joined) = join_with(&info, SlotSecret::Keeper(&key), &NewSlot::Keeper(&key), &mut Os) else {
        // An old key: until another device tells the new one, or the page is loaded anew.
        CLOSED.with_borrow_mut(|all| all.push((id, *key.expose())));
        return false;
    };
    let Ok(Arrived { vault, client, contents }) = join::arrive(joined).await else { return false };
    keep::settled().await;
    let taken = keep::with(|open| {
        let taken = take_over(open, vault, client, contents);
        if taken.is_err() {
            open.channels.retain(|c| c.id != id);
        }
        taken
    });
    let Some(Ok((db, batch))) = taken else { return false };
    db.commit(batch).await.is_ok() && members::name_in_space(id).await.is_ok()
}

fn missing(open: &mut Open) -> Vec<(VaultId, KeyText)> {
    if open.db.is_shared() || open.channels.iter().all(|c| c.is_space || c.halt.is_some()) {
        return Vec::new();
    }
    let spaces = open.book.all::<Space>().map(|(_, s)| s).filter(|s| s.ended.known() != Some(&true));
    let one = |s: Space| Some((VaultId::parse(s.vault.known()?)?, s.keeper.into_known()?));
    let is_closed = |id: VaultId, key: &KeyText| {
        CLOSED.with_borrow(|all| all.iter().any(|(other, old)| *other == id && old == key.key().expose()))
    };
    let is_missing =
        |(id, key): &(VaultId, KeyText)| open.channels.iter().all(|c| c.id != *id) && !is_closed(*id, key);
    spaces.filter_map(one).filter(is_missing).collect()
}

/// The channel and everything that came with it are kept in one piece: what the channel says was read is then there.
fn take_over(
    open: &mut Open,
    vault: Vault,
    client: Client,
    contents: Vec<zeroize::Zeroizing<Vec<u8>>>,
) -> Result<(Db, Batch)> {
    let (id, mut batch) = (vault.id(), Batch::default());
    let mut held = HashSet::new();
    for content in &contents {
        let all = take_in::changes(content, true).map_err(|_| Trouble::Newer)?;
        held.extend(all.into_iter().map(|c| (c.entity, c.field, c.stamp)));
    }
    add(open, vault, client, false, &mut batch)?;
    let events = contents.into_iter().map(|content| Event::Snapshot { content }).collect();
    let Taken { batch: came, .. } = take_in::act(open, id, events)?;
    batch.entries.extend(came.entries);
    batch.puts.extend(came.puts);
    batch.deletes.extend(came.deletes);
    // What was written while this device was not in it is for the space, too.
    let is_new = |c: &Change| !held.contains(&(c.entity, c.field.clone(), c.stamp));
    let written: Vec<_> = open.book.changes().filter(is_new).collect();
    channel::queue_for(open, id, &written, &mut batch)?;
    Ok((open.db.clone(), batch))
}
