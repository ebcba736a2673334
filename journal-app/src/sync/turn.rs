//! Turning it on, and off.

use super::{
    channel::{self, Channel, Doing, name},
    engine, members, receipt, round,
};
use crate::{
    browser::{
        Result, Trouble,
        db::{Batch, Db},
        device_key,
        random::Os,
        tab, worker,
    },
    keep::{self, Open},
};
use keepwell_journal::{
    sync::{Client, wire::Receipt},
    vault::{NewSlot, Phrase, SlotKind, Vault, VaultError, VaultId},
};

/// For so many looks, a quarter of a second apart, something is awaited.
const LOOKS: u32 = 240;

const fn failed(_: VaultError) -> Trouble {
    Trouble::Failed
}

/// Whether the passphrase is needed for it: this vault was on a server before, and another one takes its place.
pub async fn needs_passphrase() -> Result<bool> {
    let (db, id, can) =
        keep::with(|o| (o.db.clone(), o.vault.id(), o.vault.can_be_founded())).ok_or(Trouble::Failed)?;
    Ok(!can || db.bytes(&name("spent", id)).await?.is_some())
}

/// Gives the vault a confirmed recovery phrase and begins to synchronise it. `passphrase` is for where
/// [`needs_passphrase`] says so.
pub async fn on(phrase: &Phrase, passphrase: Option<&str>, device: &str) -> Result<()> {
    let db = keep::with(|open| open.db.clone()).ok_or(Trouble::Failed)?;
    let fresh = match passphrase {
        Some(passphrase) => {
            keep::check_passphrase(&db, passphrase).await?;
            Some(keep::fresh_vault(passphrase).await?)
        }
        None => None,
    };
    let done = async {
        let old = if fresh.is_some() { drop_all(&db).await? } else { Vec::new() };
        let (mut batch, locked) = keep::with(|open| begin(open, fresh, phrase)).ok_or(Trouble::Failed)??;
        batch.deletes.extend(old);
        batch.put(device_key::VAULT, device_key::seal(&db, &locked).await?);
        if !tab::is_ours() {
            return Err(Trouble::Taken);
        }
        db.commit(batch).await
    };
    if let Err(trouble) = done.await {
        engine::broken(trouble);
        return Err(trouble);
    }
    keep::with(|open| open.is_rekeying = false);
    members::name_own(device).await?;
    engine::now();
    Ok(())
}

/// Lets go of the channels of a vault whose place another one takes: what they keep is sealed by it. The names of what
/// is kept of them. A space that goes on is come into anew.
async fn drop_all(db: &Db) -> Result<Vec<String>> {
    let ids = keep::with(|open| open.channels.drain(..).map(|c| c.id).collect::<Vec<_>>());
    let mut names = Vec::new();
    for id in ids.unwrap_or_default() {
        engine::hush(id);
        names.extend(Channel::names(db, id).await?);
    }
    Ok(names)
}

fn begin(open: &mut Open, fresh: Option<Vault>, phrase: &Phrase) -> Result<(Batch, Vec<u8>)> {
    open.is_rekeying = true;
    let mut batch = match fresh {
        Some(vault) => open.move_to(vault)?,
        None => Batch::default(),
    };
    // One of an attempt that was given up.
    let old: Vec<_> =
        open.vault.slots().filter(|s| matches!(s.kind(), SlotKind::Phrase)).map(|s| s.id()).collect();
    old.into_iter().try_for_each(|id| open.vault.remove_slot(id)).map_err(failed)?;
    open.vault.add_slot(&NewSlot::Phrase(phrase), &mut Os).map_err(failed)?;
    let client = Client::found(&open.vault, &mut Os).map_err(|_| Trouble::Failed)?;
    let id = open.vault.id();
    let mut channel = Channel::new(id, None, client, false);
    channel.whole = true;
    batch.put(name("whole", id), Vec::new());
    open.channels.insert(0, channel);
    channel::keep(open, id, &mut batch)?;
    let locked = open.vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(failed)?;
    Ok((batch, locked))
}

/// Waits until something is so; `false` when it was not within a minute.
pub async fn until(mut is_so: impl FnMut(&mut Open) -> Option<bool>) -> bool {
    for _ in 0..LOOKS {
        match keep::with(&mut is_so) {
            Some(Some(answer)) => return answer,
            Some(None) => {}
            None => return false,
        }
        for _ in 0..5 {
            worker::paint().await;
        }
    }
    false
}

/// Deletes a vault from the server. The receipt, when it did.
pub async fn off(id: VaultId) -> Result<Option<Receipt>> {
    let db = keep::with(|open| {
        let channel = open.channels.iter_mut().find(|c| c.id == id)?;
        channel.failures = 0;
        Some(open.db.clone())
    });
    let db = db.flatten().ok_or(Trouble::Failed)?;
    send_rest(id).await;
    keep::with(|open| {
        if let Some(channel) = open.channels.iter_mut().find(|c| c.id == id) {
            channel.failures = 0;
            channel.client.delete();
        }
    });
    engine::hush(id);
    engine::now();
    let is_gone = until(|open| match open.channels.iter().find(|c| c.id == id) {
        None => Some(true),
        Some(channel) => (channel.halt.is_some() || channel.failures > 0).then_some(false),
    });
    if is_gone.await {
        return receipt::find(&db).await;
    }
    // The person is told that nothing was changed: then nothing is deleted later either.
    keep::with(|open| open.channels.iter_mut().filter(|c| c.id == id).for_each(|c| c.client.keep()));
    Ok(None)
}

/// What still waits goes first, so that the other devices can have it. Where it cannot go, it ends all the same.
async fn send_rest(id: VaultId) {
    engine::now();
    until(|open| {
        let Some(channel) = open.channels.iter().find(|c| c.id == id) else { return Some(true) };
        let is_over = channel.waiting() == 0 || channel.halt.is_some() || channel.failures > 0;
        (is_over || channel.doing == Doing::Offline).then_some(true)
    })
    .await;
}

/// Ends it on this device alone; what the server has stays there. Whoever leaves the journal's own vault leaves what is
/// shared, too: nothing goes anywhere any more.
pub async fn leave(id: VaultId) -> Result<()> {
    let leaving = keep::with(|open| {
        let is_own = open.channels.iter().any(|c| c.id == id && !c.is_space);
        let ids = open.channels.iter().map(|c| c.id).filter(|other| is_own || *other == id);
        (open.db.clone(), ids.collect::<Vec<_>>())
    });
    let (db, ids) = leaving.ok_or(Trouble::Failed)?;
    let left = round::forget_all(&db, &ids).await;
    if let Err(trouble) = left {
        // In memory they are gone; what is in the database holds.
        engine::broken(trouble);
    }
    engine::said();
    left
}
