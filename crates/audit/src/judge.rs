//! What a reader's own machine checks of what it was shown: that every entry stands in the log, that
//! the log's key signed it, and that the log has only grown since it was last looked at.

use crate::{
    entry::Entry,
    hash::{self, Hash},
    note::{Checkpoint, NoteError, Verifier},
    proof,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use keepwell_domain::sealed::Fingerprint;

/// An entry as it was shown, with what is to prove it.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Its id.
    pub id: String,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// What.
    pub action: String,
    /// Who.
    pub by: String,
    /// How it ended.
    pub outcome: String,
    /// Pseudonyms and hash, where those were shown.
    pub names: Option<Names>,
    /// Its place.
    pub position: u64,
    /// The leaf, base64.
    pub leaf: String,
    /// The way to the root, base64.
    pub proof: String,
}

/// Pseudonyms of an entry and the hash of its leaf as they were shown: hexadecimal, empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Of who did it.
    pub actor: String,
    /// Of whose log it is in.
    pub person: String,
    /// Of what it was done to.
    pub object: String,
    /// Of the leaf.
    pub hash: String,
}

impl Names {
    /// Those of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let name = |f: &Option<Fingerprint>| f.as_ref().map_or(String::new(), |f| hex(&f.0));
        Self {
            actor: name(&entry.actor),
            person: name(&entry.person),
            object: name(&entry.object),
            hash: hex(&entry.hash()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

/// The last head that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The log's key.
    pub key: String,
    /// Entries.
    pub size: u64,
    /// Root.
    pub root: Hash,
    /// When it was seen, in milliseconds since 1970 UTC.
    pub at: u64,
}

/// Why what was shown is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It does not read.
    #[error("the answer cannot be read")]
    Malformed,
    /// The head is not signed by the log's key.
    #[error("the signature is wrong")]
    Signature,
    /// It is another log than the one that was seen before.
    #[error("another log")]
    Key,
    /// An entry that is shown is not the one in the log.
    #[error("an entry is not the one in the log")]
    Entry,
    /// An entry is not proven.
    #[error("an entry is not proven")]
    Proof,
    /// The log is not a continuation of the one that was seen before.
    #[error("the log was changed")]
    Changed,
}

fn bytes(text: &str) -> Result<Vec<u8>, Doubt> {
    BASE64_STANDARD.decode(text).map_err(|_| Doubt::Malformed)
}

fn hashes(text: &str) -> Result<Vec<Hash>, Doubt> {
    let bytes = bytes(text)?;
    let (hashes, rest) = bytes.as_chunks::<{ hash::LEN }>();
    if rest.is_empty() { Ok(hashes.to_vec()) } else { Err(Doubt::Malformed) }
}

/// Checks the signed head and every entry under it.
///
/// # Errors
/// [`Doubt`].
pub fn entries(note: &str, key: &str, given: &[Given], kept: Option<&Kept>) -> Result<Checkpoint, Doubt> {
    if kept.is_some_and(|k| k.key != key) {
        return Err(Doubt::Key);
    }
    let verifier = Verifier::parse(key).map_err(|_| Doubt::Malformed)?;
    let head = verifier.open(note).map_err(|e| match e {
        NoteError::Malformed => Doubt::Malformed,
        NoteError::Signature => Doubt::Signature,
    })?;
    for g in given {
        let leaf = bytes(&g.leaf)?;
        let entry = Entry::decode(&leaf).map_err(|_| Doubt::Malformed)?;
        let said = (entry.id.to_string(), entry.at.0, &entry.action, &entry.done_by, &entry.outcome);
        if said != (g.id.clone(), g.at, &g.action, &g.by, &g.outcome) {
            return Err(Doubt::Entry);
        }
        if g.names.as_ref().is_some_and(|shown| *shown != Names::of(&entry)) {
            return Err(Doubt::Entry);
        }
        let path = hashes(&g.proof)?;
        proof::check_inclusion(&hash::leaf(&leaf), g.position, head.size, &path, &head.root)
            .map_err(|_| Doubt::Proof)?;
    }
    Ok(head)
}

/// Checks that the log goes on from what was kept. `steps` is the proof, base64.
///
/// # Errors
/// [`Doubt::Changed`], [`Doubt::Malformed`].
pub fn growth(kept: &Kept, head: &Checkpoint, steps: &str) -> Result<(), Doubt> {
    let steps = hashes(steps)?;
    proof::check_consistency((kept.size, &kept.root), (head.size, &head.root), &steps)
        .map_err(|_| Doubt::Changed)
}

impl Kept {
    /// As a text to keep.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.key, self.size, BASE64_STANDARD.encode(self.root), self.at)
    }

    /// Out of the text; `None` when it is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let key = lines.next()?.to_owned();
        let size = lines.next()?.parse().ok()?;
        let root = BASE64_STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let at = lines.next()?.parse().ok()?;
        Some(Self { key, size, root, at })
    }
}
