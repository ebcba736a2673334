//! What the events of a client mean for the journal.

use super::{
    channel::{self, Channel, Doing, Halt, name},
    receipt,
};
use crate::{
    browser::{Result, Trouble, clock, db::Batch, random::Os},
    keep::Open,
};
use keepwell_journal::{
    merge::{self, Book, Change},
    model::Kind,
    sync::{Event, wire::Receipt},
    vault::VaultId,
};
use zeroize::Zeroizing;

/// What came of the events.
#[derive(Default)]
pub struct Taken {
    /// To be written, together with the client's state.
    pub batch: Batch,
    /// The pages show something else now.
    pub has_changed: bool,
    /// The journal's own vault has other slots or another key, and is to be kept.
    pub relocks: bool,
    /// It was deleted from the server.
    pub receipt: Option<Receipt>,
}

/// The changes in a content, without those that have no business there.
pub fn changes(content: &[u8], is_shared: bool) -> std::result::Result<Vec<Change>, merge::CodecError> {
    let mut all = merge::decode(content)?;
    if is_shared {
        all.retain(|c| !Kind::is_never_shared(c.kind.as_str()));
    }
    Ok(all)
}

/// Acts on events, in their order. What cannot be read stops the channel and changes nothing.
pub fn act(open: &mut Open, id: VaultId, events: Vec<Event>) -> Result<Taken> {
    let mut taken = Taken::default();
    for event in events {
        match event {
            Event::Batch { content, .. } | Event::Snapshot { content } => {
                merge(open, id, &content, &mut taken)?
            }
            Event::MembersChanged => rekey(open, id, &mut taken)?,
            Event::KeyChanged => {
                rekey(open, id, &mut taken)?;
                if open.channels.iter().any(|c| c.id == id && !c.is_space) {
                    // Whoever wished for one has it.
                    taken.batch.deletes.push(name("renew", id));
                }
            }
            Event::SnapshotDue => snapshot(open, id)?,
            other => note(open, id, other, &mut taken),
        }
    }
    Ok(taken)
}

fn merge(open: &mut Open, id: VaultId, content: &Zeroizing<Vec<u8>>, taken: &mut Taken) -> Result<()> {
    let is_shared = open.channels.iter().any(|c| c.id == id && c.is_shared);
    let Ok(all) = changes(content, is_shared) else { return Err(Trouble::Newer) };
    let has_others = open.channels.len() > 1;
    let mut new: Vec<Change> = Vec::new();
    for change in &all {
        if !has_others || !is_known(&open.book, change) {
            new.push(change.clone());
        }
    }
    let count = open.author.receive(&mut open.book, clock::now(), all.clone()).new;
    taken.has_changed |= count > 0;
    // All of them are written: an earlier attempt may have got as far as the memory.
    let written = open.batch_of(&all, Some(id))?;
    taken.batch.entries.extend(written.entries);
    if has_others && !new.is_empty() {
        channel::queue(open, &new, Some(id), &mut taken.batch)?;
    }
    Ok(())
}

fn is_known(book: &Book, change: &Change) -> bool {
    let Some(kind) = Kind::parse(change.kind.as_str()) else { return false };
    book.history(kind, change.entity, change.field.as_str()).iter().any(|v| v.stamp == change.stamp)
}

/// There is another key, or another phrase.
fn rekey(open: &mut Open, id: VaultId, taken: &mut Taken) -> Result<()> {
    let failed = |_| Trouble::Failed;
    let is_own = channel::run(open, id, |channel, vault| {
        let is_in = channel.client.role().is_some();
        if is_in && !channel.is_space {
            channel.client.adopt_phrases(vault, &mut Os).map_err(failed)?;
        }
        if channel.is_space {
            let locked = vault.lock(&mut Os).and_then(|l| l.to_bytes()).map_err(|_| Trouble::Failed)?;
            taken.batch.put(name("space", id), locked);
        }
        Ok::<_, Trouble>(!channel.is_space)
    });
    taken.relocks |= is_own.ok_or(Trouble::Failed)??;
    taken.has_changed = true;
    Ok(())
}

/// Everything in one piece, for which the server may forget what came before.
fn snapshot(open: &mut Open, id: VaultId) -> Result<()> {
    let Some(channel) = open.channels.iter_mut().find(|c| c.id == id) else { return Ok(()) };
    let all: Vec<Change> = open.book.changes().filter(|c| channel.lets_through(c.kind.as_str())).collect();
    let content = Zeroizing::new(merge::encode(&all).map_err(|_| Trouble::Failed)?);
    if let Some(mut writer) = channel.client.writer() {
        // One that is under way already, or a journal too long for it: then the server keeps more than it must.
        let _ = writer.snapshot(&content);
    }
    Ok(())
}

fn note(open: &mut Open, id: VaultId, event: Event, taken: &mut Taken) {
    let Some(channel) = open.channels.iter_mut().find(|c| c.id == id) else { return };
    match event {
        Event::UpToDate => up_to_date(channel, &mut taken.batch),
        Event::Removed => channel.stop(Halt::Removed, &mut taken.batch),
        Event::Gone => channel.stop(Halt::Gone, &mut taken.batch),
        Event::Refused(_) => {
            channel.doing = Doing::Full;
            channel.failures += 1;
        }
        Event::Deleted(receipt) => {
            taken.batch.put(receipt::NAME, receipt::keep(&receipt));
            taken.receipt = Some(receipt);
        }
        Event::Stored(_) if channel.client.waiting() == 0 => channel.under_way = 0,
        _ => {}
    }
}

fn up_to_date(channel: &mut Channel, batch: &mut Batch) {
    let now = clock::now();
    (channel.last, channel.failures, channel.under_way) = (Some(now), 0, 0);
    batch.put(name("synced", channel.id), now.0.to_string().into_bytes());
}
