//! Taking one of the person's own devices out, everywhere: out of what is shared, out of the journal, and then the shared
//! key that it knew goes. Each step waits for the server; what an interrupted one left is done with the next rounds.

use super::{
    channel::{Channel, Doing, name},
    engine,
    members::{self, Member},
    one, space,
};
use crate::{
    browser::{
        Result, Trouble, clock,
        db::{Batch, Db},
    },
    keep::{self, Open},
};
use keepwell_journal::vault::{DeviceId, VaultId};
use std::cell::Cell;

/// Milliseconds until the next try after the first one that did not work, twice as long after each further one, and the
/// most. Often it was only another device's statement that came between.
const PAUSE: (i32, i32) = (5_000, 60_000);

thread_local! {
    /// Microseconds since 1970; 0 where there is nothing that did not work.
    static NOT_BEFORE: Cell<i64> = const { Cell::new(0) };
    /// How many in a row did not work.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Takes one of the person's own devices out of what is shared, and out of the journal.
pub async fn remove_own(id: VaultId, device: DeviceId) -> Result<bool> {
    let _held = one::wait(&one::REMOVAL).await;
    let db = keep::with(|open| open.db.clone()).ok_or(Trouble::Failed)?;
    let spaces = spaces(|c| c.halt.is_none());
    // First what says that there is something to do, whatever comes between.
    mark(&db, &spaces).await?;
    let hex = device.to_string();
    for shared in &spaces {
        if !shut_out(*shared, |m| m.own.as_ref() == Some(&hex)).await? {
            return Ok(false);
        }
    }
    if !members::shut_out(id, device).await? {
        return Ok(false);
    }
    for shared in spaces {
        // The device is out. Where its key could not be replaced by now, it is with a later round.
        let _ = new_keeper(&db, shared).await;
    }
    Ok(true)
}

/// Does what was left undone, beside the rounds, which it needs.
pub fn begin() {
    if clock::now().0 < NOT_BEFORE.get() || spaces(is_level).is_empty() {
        return;
    }
    wasm_bindgen_futures::spawn_local(async {
        let Some(_held) = one::begin(&one::REMOVAL) else { return };
        let is_done = mend().await == Ok(true);
        let failures = FAILURES.get();
        FAILURES.set(if is_done { 0 } else { failures + 1 });
        NOT_BEFORE.set(if is_done { 0 } else { clock::now().0 + i64::from(pause(failures)) * 1000 });
        engine::plan();
    });
}

fn pause(failures: u32) -> i32 {
    PAUSE.0.saturating_mul(1 << failures.min(8)).min(PAUSE.1)
}

/// Milliseconds until what did not work is tried again. Once that is over it is with the rounds, whose own waits grow.
pub fn again() -> Option<i32> {
    let left = NOT_BEFORE.get() - clock::now().0;
    (left > 0).then(|| i32::try_from(left / 1000 + 1).unwrap_or(PAUSE.1).min(PAUSE.1))
}

async fn mend() -> Result<bool> {
    let db = keep::with(|open| open.db.clone()).ok_or(Trouble::Failed)?;
    for id in spaces(is_level) {
        if !is_named(id) {
            members::name_in_space(id).await?;
        }
        let removed = removed();
        let is_stale = |m: &Member| m.own.as_ref().is_some_and(|own| removed.contains(own));
        if members::list(id).iter().any(is_stale) {
            mark(&db, &[id]).await?;
        }
        if db.bytes(&name("renew", id)).await?.is_some()
            && !(shut_out(id, is_stale).await? && new_keeper(&db, id).await?)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_level(channel: &Channel) -> bool {
    channel.halt.is_none()
        && channel.failures == 0
        && channel.doing == Doing::Idle
        && channel.last.is_some()
        && !channel.client.is_founding()
}

/// The spaces in force of which this device's channel is so.
fn spaces(is_so: impl Fn(&Channel) -> bool) -> Vec<VaultId> {
    let live = space::all();
    let is_meant = |c: &&Channel| c.is_space && is_so(c) && live.iter().any(|(id, _)| *id == c.id);
    let ids = |open: &mut Open| open.channels.iter().filter(is_meant).map(|c| c.id).collect();
    keep::with(ids).unwrap_or_default()
}

/// The devices that were in the journal and are not any more.
fn removed() -> Vec<String> {
    let found = keep::with(|open| {
        let own = open.channels.iter().find(|c| !c.is_space && is_level(c))?;
        Some(own.client.removed().map(|id| id.to_string()).collect())
    });
    found.flatten().unwrap_or_default()
}

/// Whether it is written which of the own devices this one is there.
fn is_named(id: VaultId) -> bool {
    let own = keep::with(|open| open.vault.card().id().to_string());
    members::list(id).iter().all(|m| !m.is_own || m.own == own)
}

async fn mark(db: &Db, spaces: &[VaultId]) -> Result<()> {
    let mut batch = Batch::default();
    spaces.iter().for_each(|id| batch.put(name("renew", *id), Vec::new()));
    db.commit(batch).await
}

async fn shut_out(id: VaultId, is_meant: impl Fn(&Member) -> bool) -> Result<bool> {
    for member in members::list(id).into_iter().filter(|m| !m.is_own && is_meant(m)) {
        if !members::shut_out(id, member.id).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn new_keeper(db: &Db, id: VaultId) -> Result<bool> {
    let is_done = space::renew_keeper(id).await?;
    if is_done {
        db.commit(Batch { deletes: vec![name("renew", id)], ..Batch::default() }).await?;
    }
    Ok(is_done)
}
