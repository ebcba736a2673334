//! One step after another with one channel, until there is nothing to do.

use super::{
    channel::{self, Channel, Doing, Halt, name},
    engine,
    server::{self, Answered},
    take_in::{self, Taken},
};
use crate::{
    browser::{
        Result, Trouble,
        db::{Batch, Db},
        device_key,
        random::Os,
        tab,
    },
    keep::{self, Open},
};
use keepwell_journal::{
    sync::{Event, Request, SyncError},
    vault::{Vault, VaultId},
};

/// What a round did to the pages.
#[derive(Default)]
pub struct Did {
    /// They show something else now.
    pub has_changed: bool,
    /// What was sent could not be kept: the journal is closed.
    pub is_broken: Option<Trouble>,
}

/// A round with a channel.
pub async fn round(id: VaultId, said: &impl Fn()) -> Did {
    let mut did = Did::default();
    loop {
        match step(id, said, &mut did).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(Trouble::Full) if set_back(id).await.is_ok() => break,
            Err(trouble) => {
                // Memory and database may differ by now. What is in the database is whole.
                did.is_broken = Some(trouble);
                break;
            }
        }
    }
    did
}

/// After something could not be kept for want of room. Not with a new key: nothing may be sealed with one that is
/// nowhere but in memory.
async fn set_back(id: VaultId) -> Result<()> {
    let ready = keep::with(|open| (!open.is_rekeying).then(|| open.db.clone()));
    let db = ready.flatten().ok_or(Trouble::Full)?;
    let kept = channel::kept(&db, id).await?;
    keep::with(|open| channel::set_back(open, id, kept)).ok_or(Trouble::Failed)?
}

/// One request and its answer. Whether there may be more to do.
async fn step(id: VaultId, said: &impl Fn(), did: &mut Did) -> Result<bool> {
    keep::settled().await;
    let Some(prepared) = keep::with(|open| prepare(open, id)) else { return Ok(false) };
    let Some((db, request, batch)) = prepared? else { return Ok(false) };
    db.commit(batch).await?;
    if !tab::is_ours() {
        return Ok(false);
    }
    said();
    let answered = server::carry(&request).await;
    keep::settled().await;
    let Some(taken) = keep::with(|open| take(open, id, &request, answered)) else { return Ok(false) };
    let Some(taken) = taken? else { return Ok(false) };
    did.has_changed |= taken.has_changed;
    let is_over = taken.receipt.is_some();
    write(&db, id, taken).await?;
    if is_over {
        forget(&db, id).await?;
    }
    // What the server does not take is not offered again at once.
    let goes_on = |open: &mut Open| open.channels.iter().any(|c| c.id == id && c.doing == Doing::Working);
    Ok(keep::with(goes_on) == Some(true))
}

type Prepared = Option<(Db, Request, Batch)>;

/// What to ask next. The client's state is kept first: what was sent without it looks, after a crash, as if this device
/// had been copied.
fn prepare(open: &mut Open, id: VaultId) -> Result<Prepared> {
    let mut batch = Batch::default();
    let Some(channel) = open.channels.iter_mut().find(|c| c.id == id) else { return Ok(None) };
    if channel.halt.is_some() {
        return Ok(None);
    }
    channel.doing = Doing::Working;
    channel::drain(open, id, &mut batch)?;
    let next = channel::run(open, id, |channel, vault| {
        let next = channel.client.next(vault, &mut Os);
        if next == Err(SyncError::NotPossible) {
            // Others changed the members meanwhile; the person looks again.
            channel.was_refused = true;
            return channel.client.next(vault, &mut Os);
        }
        next
    });
    let request = next.ok_or(Trouble::Failed)?.map_err(|_| Trouble::Failed)?;
    if request.is_none()
        && let Some(channel) = open.channels.iter_mut().find(|c| c.id == id)
    {
        channel.doing = Doing::Idle;
    }
    let is_kept =
        !matches!(request, Some(Request::Push(..) | Request::Statement(..))) && batch.deletes.is_empty();
    if !is_kept {
        channel::keep(open, id, &mut batch)?;
    }
    Ok(request.map(|request| (open.db.clone(), request, batch)))
}

/// Takes an answer in. `None` when the round is over. A key that came with something refused is kept all the same:
/// what is written from now on is sealed with it.
fn take(
    open: &mut Open,
    id: VaultId,
    request: &Request,
    answered: Option<Answered>,
) -> Result<Option<Taken>> {
    let mut halted = Taken::default();
    let handled = channel::run(open, id, |channel, vault| {
        let epoch = vault.epoch();
        let events = handle(channel, vault, request, answered, &mut halted.batch);
        (events, channel.is_space, vault.epoch() != epoch)
    });
    let Some((events, is_space, has_new_key)) = handled else { return Ok(None) };
    if has_new_key && is_space {
        channel::keep_space(open, id, &mut halted.batch)?;
    }
    halted.relocks = has_new_key && !is_space;
    open.is_rekeying |= halted.relocks;
    let Some(events) = events else {
        return Ok((halted.relocks || !halted.batch.puts.is_empty()).then_some(halted));
    };
    let mut taken = match take_in::act(open, id, events) {
        Ok(taken) => taken,
        Err(Trouble::Newer) => {
            if let Some(channel) = open.channels.iter_mut().find(|c| c.id == id) {
                channel.stop(Halt::Newer, &mut halted.batch);
            }
            return Ok(Some(halted));
        }
        Err(other) => return Err(other),
    };
    taken.relocks |= halted.relocks;
    open.is_rekeying |= taken.relocks;
    channel::keep(open, id, &mut taken.batch)?;
    Ok(Some(taken))
}

/// What the client makes of an answer; nothing where there is none, or where it was refused.
fn handle(
    channel: &mut Channel,
    vault: &mut Vault,
    request: &Request,
    answered: Option<Answered>,
    batch: &mut Batch,
) -> Option<Vec<Event>> {
    let Some(Answered { status, body }) = answered else {
        failed(channel, Doing::Unreachable);
        return None;
    };
    let answer = match request.answer(status, &body) {
        Ok(Some(answer)) => answer,
        Ok(None) => {
            failed(channel, if status == 401 { Doing::SignedOut } else { Doing::Unreachable });
            return None;
        }
        Err(alarm) => {
            channel.client.refuse(alarm);
            channel.stop(Halt::Alarm(alarm.code().to_owned()), batch);
            return None;
        }
    };
    match channel.client.handle(vault, answer, &mut Os) {
        Ok(events) => Some(events),
        Err(SyncError::Alarm(alarm)) => {
            channel.stop(Halt::Alarm(alarm.code().to_owned()), batch);
            None
        }
        Err(_) => {
            failed(channel, Doing::Unreachable);
            None
        }
    }
}

fn failed(channel: &mut Channel, doing: Doing) {
    channel.client.failed();
    channel.doing = doing;
    channel.failures += 1;
}

/// Writes what was taken in and, where the key changed, the vault with it, at once.
async fn write(db: &Db, id: VaultId, taken: Taken) -> Result<()> {
    let (mut batch, relocks) = (taken.batch, taken.relocks);
    let mut sealed = None;
    if relocks {
        let locked = keep::with(|open| open.vault.lock(&mut Os).and_then(|l| l.to_bytes()));
        let Some(locked) = locked else { return Ok(()) };
        let locked = locked.map_err(|_| Trouble::Failed)?;
        sealed = Some(device_key::seal(db, &locked).await?);
    }
    // Locked meanwhile: it comes again.
    let is_there = keep::with(|open| open.channels.iter().any(|c| c.id == id));
    let Some(is_there) = is_there.filter(|_| tab::is_ours()) else { return Ok(()) };
    if !is_there {
        // Left meanwhile: nothing is kept of the channel, but of what came with it, and of the key.
        let of = id.to_string();
        batch.puts.retain(|(name, _)| !name.contains(&of));
        batch.deletes.clear();
    }
    batch.puts.extend(sealed.map(|sealed| (device_key::VAULT.to_owned(), sealed)));
    db.commit(batch).await?;
    if relocks {
        // Whoever else brings a new key meanwhile says so when that one is kept.
        keep::with(|open| open.is_rekeying = false);
    }
    Ok(())
}

/// Forgets a channel. The journal's own vault cannot be brought to a server a second time.
pub async fn forget(db: &Db, id: VaultId) -> Result<()> {
    forget_all(db, &[id]).await
}

/// Forgets several channels, all or none of them.
pub async fn forget_all(db: &Db, ids: &[VaultId]) -> Result<()> {
    // First in memory, so that a round under way keeps nothing of them any more.
    keep::with(|open| open.channels.retain(|c| !ids.contains(&c.id)));
    let mut batch = Batch::default();
    for id in ids {
        engine::hush(*id);
        batch.deletes.extend(Channel::names(db, *id).await?);
        batch.put(name("spent", *id), Vec::new());
    }
    db.commit(batch).await
}

/// Ends it on this device where what is kept of the journal's own vault does not open; with it goes what is shared.
pub async fn end_lost() -> Result<()> {
    let ids = |open: &mut Open| open.channels.iter().map(|c| c.id).chain(open.lost).collect::<Vec<_>>();
    let (db, ids) = keep::with(|open| (open.db.clone(), ids(open))).ok_or(Trouble::Failed)?;
    forget_all(&db, &ids).await?;
    keep::with(|open| open.lost = None);
    Ok(())
}

/// Goes on after something was refused, from what is kept.
pub async fn look_again(id: VaultId) -> Result<()> {
    let db = keep::with(|open| open.db.clone()).ok_or(Trouble::Failed)?;
    let state = db.bytes(&name("sync", id)).await?.ok_or(Trouble::Failed)?;
    db.commit(Batch { deletes: vec![name("halt", id)], ..Batch::default() }).await?;
    let opened = keep::with(|open| {
        channel::run(open, id, |channel, vault| {
            channel.client =
                keepwell_journal::sync::Client::open(vault, &state).map_err(|_| Trouble::Damaged)?;
            (channel.halt, channel.failures, channel.doing) = (None, 0, Doing::Idle);
            channel.under_way = channel.client.waiting();
            Ok(())
        })
    });
    opened.flatten().ok_or(Trouble::Failed)?
}
