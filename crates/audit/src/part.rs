//! Some entries of the log as a file, each with the proof that it is under the signed head, and its offline check. It proves that
//! nothing in it was made up or changed; that nothing was left out, only the whole log proves ([`crate::export`]).
//!
//! ```text
//! "keepwell-audit-part/1\n"
//! u32 BE length ‖ verifier key (text, see [`crate::note`])
//! u32 BE length ‖ signed note (text)
//! u64 BE number of entries
//! for each entry: u64 BE position
//!                 u32 BE length ‖ leaf
//!                 u32 BE length ‖ hashes from the leaf to the root, one after the other
//! end of file
//! ```

use crate::{
    entry::Entry,
    export::{ExportError, Trust},
    hash::{self, Hash},
    note::{Checkpoint, Verifier},
    proof,
};
use std::io::{self, BufRead, Read, Write};

/// First bytes of the file.
pub const MAGIC: &[u8] = b"keepwell-audit-part/1\n";
/// Longest field in bytes.
const LONGEST: u32 = 1 << 17;

/// Writes a part, front to back.
pub struct Writer<W: Write>(W);

impl<W: Write> Writer<W> {
    /// Begins with the key, the signed head and the number of entries that follow.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W, verifier: &Verifier, note: &str, entries: u64) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        let mut writer = Self(out);
        writer.field(verifier.to_string().as_bytes())?;
        writer.field(note.as_bytes())?;
        writer.0.write_all(&entries.to_be_bytes())?;
        Ok(writer)
    }

    fn field(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len =
            u32::try_from(bytes.len()).ok().filter(|l| *l <= LONGEST).ok_or(io::ErrorKind::InvalidInput)?;
        self.0.write_all(&len.to_be_bytes())?;
        self.0.write_all(bytes)
    }

    /// The next entry: its place, its leaf, and the way from there to the root.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn entry(&mut self, position: u64, leaf: &[u8], path: &[Hash]) -> io::Result<()> {
        self.0.write_all(&position.to_be_bytes())?;
        self.field(leaf)?;
        self.field(&path.concat())
    }

    /// The end.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.0.flush()?;
        Ok(self.0)
    }
}

/// What was found to be in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The key in the file, which whoever pins it must compare.
    pub key: String,
    /// The head under which the entries are.
    pub head: Checkpoint,
    /// How many entries.
    pub entries: u64,
}

/// Reads a part and checks each of its entries against the signed head. Memory stays flat.
///
/// # Errors
/// What does not hold. A pinned checkpoint is not looked at: a part does not hold the way from it to its own head.
pub fn verify(mut from: impl BufRead, trust: &Trust<'_>) -> Result<Part, ExportError> {
    let mut magic = [0; MAGIC.len()];
    exact(&mut from, &mut magic)?;
    if magic != MAGIC {
        return Err(ExportError::Malformed);
    }
    let key = text(&mut from)?;
    let note = text(&mut from)?;
    let verifier = Verifier::parse(trust.key.unwrap_or(&key))?;
    let head = verifier.open(&note)?;
    let entries = number(&mut from)?;
    for _ in 0..entries {
        let position = number(&mut from)?;
        let leaf = field(&mut from)?;
        let path = field(&mut from)?;
        Entry::decode(&leaf).map_err(|_| ExportError::Entry(position))?;
        let (steps, rest) = path.as_chunks::<{ hash::LEN }>();
        if !rest.is_empty() {
            return Err(ExportError::Malformed);
        }
        proof::check_inclusion(&hash::leaf(&leaf), position, head.size, steps, &head.root)
            .map_err(|_| ExportError::Unproven(position))?;
    }
    if !from.fill_buf()?.is_empty() {
        return Err(ExportError::Malformed);
    }
    Ok(Part { key, head, entries })
}

fn exact(from: &mut impl BufRead, into: &mut [u8]) -> Result<(), ExportError> {
    from.read_exact(into).map_err(|e| {
        if e.kind() == io::ErrorKind::UnexpectedEof { ExportError::Malformed } else { ExportError::Io(e) }
    })
}

fn number(from: &mut impl BufRead) -> Result<u64, ExportError> {
    let mut bytes = [0; 8];
    exact(from, &mut bytes)?;
    Ok(u64::from_be_bytes(bytes))
}

fn field(from: &mut impl BufRead) -> Result<Vec<u8>, ExportError> {
    let mut len = [0; 4];
    exact(from, &mut len)?;
    let len = u32::from_be_bytes(len);
    if len > LONGEST {
        return Err(ExportError::Malformed);
    }
    let mut bytes = Vec::new();
    let read = from.take(len.into()).read_to_end(&mut bytes)?;
    if u32::try_from(read) == Ok(len) { Ok(bytes) } else { Err(ExportError::Malformed) }
}

fn text(from: &mut impl BufRead) -> Result<String, ExportError> {
    String::from_utf8(field(from)?).map_err(|_| ExportError::Malformed)
}
