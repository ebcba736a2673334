//! What a leaf says.
//!
//! ```text
//! leaf  = 0x01 ‖ field × 13          field = u32 BE length ‖ bytes
//! fields: id (16) · time (8, µs since 1970 UTC, i64 BE) · span (4, s, u32 BE) · times (4, u32 BE)
//!         · done by · action · outcome (ASCII codes) · actor · person · object (32 or 0, keyed hashes)
//!         · payload (32 or 0, SHA-256 of the sealed value touched) · salt (16) · detail (sealed, or 0)
//! ```
//!
//! The salt keeps a leaf that somebody could guess from being recognised by its hash alone.

use keepwell_domain::{
    ids::AuditId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use uuid::Uuid;

/// First byte of a leaf.
pub const VERSION: u8 = 1;
/// Length of the salt in bytes.
pub const SALT: usize = 16;
/// Longest code in bytes.
const LONGEST_CODE: usize = 64;
/// Longest sealed detail in bytes.
const LONGEST_DETAIL: usize = 1 << 16;

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Ts,
    /// For how many seconds from then on it stands for the same act again.
    pub span: u32,
    /// How often it was done.
    pub times: u32,
    /// Who did it: a code of [`keepwell_domain::act::ActBy`].
    pub done_by: String,
    /// What: a code of [`keepwell_domain::act::Action`].
    pub action: String,
    /// How it ended: a code of [`keepwell_domain::act::ActOutcome`].
    pub outcome: String,
    /// Pseudonym of who did it.
    pub actor: Option<Fingerprint>,
    /// Pseudonym of whose log it is in.
    pub person: Option<Fingerprint>,
    /// Pseudonym of what it was done to.
    pub object: Option<Fingerprint>,
    /// SHA-256 of the sealed value that was touched.
    pub payload: Option<Fingerprint>,
    /// Random bytes.
    pub salt: [u8; SALT],
    /// Address, device and ids, sealed.
    pub detail: Option<Sealed>,
}

/// Bytes that are no leaf of a version known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an entry of the log")]
pub struct BadEntry;

impl Entry {
    /// The leaf's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let fp = |f: &Option<Fingerprint>| f.as_ref().map_or(Vec::new(), |f| f.0.to_vec());
        let detail = self.detail.as_ref().map_or(&[][..], Sealed::as_bytes);
        let mut out = Vec::with_capacity(320 + detail.len());
        out.push(VERSION);
        put(&mut out, self.id.uuid().as_bytes());
        put(&mut out, &self.at.0.to_be_bytes());
        put(&mut out, &self.span.to_be_bytes());
        put(&mut out, &self.times.to_be_bytes());
        put(&mut out, self.done_by.as_bytes());
        put(&mut out, self.action.as_bytes());
        put(&mut out, self.outcome.as_bytes());
        for f in [&self.actor, &self.person, &self.object, &self.payload] {
            put(&mut out, &fp(f));
        }
        put(&mut out, &self.salt);
        put(&mut out, detail);
        out
    }

    /// The entry of a leaf. Every entry has one encoding only, and nothing else decodes.
    ///
    /// # Errors
    /// [`BadEntry`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BadEntry> {
        let (version, rest) = bytes.split_first().ok_or(BadEntry)?;
        if *version != VERSION {
            return Err(BadEntry);
        }
        let mut r = Reader(rest);
        let entry = Self {
            id: AuditId::new(Uuid::from_bytes(r.fixed()?)),
            at: Ts(i64::from_be_bytes(r.fixed()?)),
            span: u32::from_be_bytes(r.fixed()?),
            times: u32::from_be_bytes(r.fixed()?),
            done_by: r.code()?,
            action: r.code()?,
            outcome: r.code()?,
            actor: r.hash()?,
            person: r.hash()?,
            object: r.hash()?,
            payload: r.hash()?,
            salt: r.fixed()?,
            detail: r.detail()?,
        };
        if r.0.is_empty() { Ok(entry) } else { Err(BadEntry) }
    }

    /// The hash of its leaf.
    #[must_use]
    pub fn hash(&self) -> crate::Hash {
        crate::hash::leaf(&self.encode())
    }
}

fn put(out: &mut Vec<u8>, field: &[u8]) {
    // No field comes near this length: codes, hashes, a bounded detail.
    out.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(field);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn field(&mut self) -> Result<&'a [u8], BadEntry> {
        let (len, rest) = self.0.split_at_checked(4).ok_or(BadEntry)?;
        let len = u32::from_be_bytes(len.try_into().map_err(|_| BadEntry)?);
        let len = usize::try_from(len).map_err(|_| BadEntry)?;
        let (field, rest) = rest.split_at_checked(len).ok_or(BadEntry)?;
        self.0 = rest;
        Ok(field)
    }
    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], BadEntry> {
        self.field()?.try_into().map_err(|_| BadEntry)
    }
    fn code(&mut self) -> Result<String, BadEntry> {
        let field = self.field()?;
        let fine = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(b);
        if field.is_empty() || field.len() > LONGEST_CODE || !field.iter().all(fine) {
            return Err(BadEntry);
        }
        String::from_utf8(field.to_vec()).map_err(|_| BadEntry)
    }
    fn hash(&mut self) -> Result<Option<Fingerprint>, BadEntry> {
        match self.field()? {
            [] => Ok(None),
            some => some.try_into().map(|h| Some(Fingerprint(h))).map_err(|_| BadEntry),
        }
    }
    fn detail(&mut self) -> Result<Option<Sealed>, BadEntry> {
        let field = self.field()?;
        if field.len() > LONGEST_DETAIL {
            return Err(BadEntry);
        }
        Ok((!field.is_empty()).then(|| Sealed::from_bytes(field.to_vec())))
    }
}
