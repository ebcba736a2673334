//! The whole log as a file, and its offline check.
//!
//! ```text
//! "keepwell-audit-log/1\n"
//! u32 BE length ‖ verifier key (text, see [`crate::note`])
//! u32 BE length ‖ signed note (text)
//! for each entry in order, as many as the note says: u32 BE length ‖ leaf
//! end of file
//! ```

use crate::{
    entry::Entry,
    hash::{self, Hash},
    note::{Checkpoint, NoteError, Verifier},
    tile::Edge,
};
use std::io::{self, BufRead, Read, Write};

/// First bytes of the file.
pub const MAGIC: &[u8] = b"keepwell-audit-log/1\n";
/// Longest leaf, key or note in bytes.
const LONGEST: u32 = 1 << 17;

/// Why a log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be read.
    #[error("the file cannot be read: {}", .0.kind())]
    Io(#[from] io::Error),
    /// It is no export, or cut off, or has something after its end.
    #[error("this is no whole export of an audit log")]
    Malformed,
    /// A leaf is no entry.
    #[error("entry {0} is broken")]
    Entry(u64),
    /// The checkpoint in it is not signed by its key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// An entry comes without a proof that it is in the log.
    #[error("entry {0} is not in the log that was signed")]
    Unproven(u64),
    /// The entries are not those that were signed.
    #[error("the entries are not those that the checkpoint was signed over")]
    Root,
    /// The pinned checkpoint is of another log, or of another history of this one.
    #[error("the log is not a continuation of the checkpoint of {0} entries that you hold")]
    Pinned(u64),
}

/// Writes an export, front to back.
pub struct Writer<W: Write>(W);

impl<W: Write> Writer<W> {
    /// Begins with the key and the signed head.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W, verifier: &Verifier, note: &str) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        let mut writer = Self(out);
        writer.field(verifier.to_string().as_bytes())?;
        writer.field(note.as_bytes())?;
        Ok(writer)
    }

    fn field(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len =
            u32::try_from(bytes.len()).ok().filter(|l| *l <= LONGEST).ok_or(io::ErrorKind::InvalidInput)?;
        self.0.write_all(&len.to_be_bytes())?;
        self.0.write_all(bytes)
    }

    /// The next entry.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        self.field(&entry.encode())
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

/// What was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The key in the file, which whoever pins it must compare.
    pub key: String,
    /// The head.
    pub head: Checkpoint,
    /// Whether a checkpoint from elsewhere was given, and fits.
    pub pinned: Option<u64>,
}

/// What the one who checks holds from elsewhere.
#[derive(Default)]
pub struct Trust<'a> {
    /// The log's key; the file's own otherwise.
    pub key: Option<&'a str>,
    /// A signed checkpoint.
    pub note: Option<&'a str>,
}

/// Reads a whole export and checks that its entries are those of its signed head, and that the
/// pinned checkpoint is a beginning of it. Memory stays flat.
///
/// # Errors
/// What does not hold.
pub fn verify(from: impl BufRead, trust: &Trust<'_>) -> Result<Verified, ExportError> {
    let mut reader = Source(from, Vec::new());
    let mut magic = [0; MAGIC.len()];
    reader.0.read_exact(&mut magic).map_err(cut)?;
    if magic != MAGIC {
        return Err(ExportError::Malformed);
    }
    let key = reader.text()?;
    let note = reader.text()?;
    let verifier = Verifier::parse(trust.key.unwrap_or(&key))?;
    let head = verifier.open(&note)?;
    let pinned = trust.note.map(|n| verifier.open(n)).transpose()?;
    let mut edge = Edge::default();
    let mut root_then: Option<Hash> = None;
    for n in 0..=head.size {
        if pinned.as_ref().is_some_and(|p| p.size == n) {
            root_then = Some(edge.root());
        }
        if n < head.size {
            let leaf = reader.field()?.ok_or(ExportError::Malformed)?;
            Entry::decode(leaf).map_err(|_| ExportError::Entry(n))?;
            edge.push_only(hash::leaf(leaf));
        }
    }
    if reader.field()?.is_some() {
        return Err(ExportError::Malformed);
    }
    if edge.root() != head.root {
        return Err(ExportError::Root);
    }
    if let Some(p) = &pinned
        && root_then != Some(p.root)
    {
        return Err(ExportError::Pinned(p.size));
    }
    Ok(Verified { key, head, pinned: pinned.map(|p| p.size) })
}

struct Source<R>(R, Vec<u8>);

fn cut(e: io::Error) -> ExportError {
    if e.kind() == io::ErrorKind::UnexpectedEof { ExportError::Malformed } else { ExportError::Io(e) }
}

impl<R: BufRead> Source<R> {
    /// The next field; `None` at the end of the file.
    fn field(&mut self) -> Result<Option<&[u8]>, ExportError> {
        if self.0.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut len = [0; 4];
        self.0.read_exact(&mut len).map_err(cut)?;
        let len = u32::from_be_bytes(len);
        if len > LONGEST {
            return Err(ExportError::Malformed);
        }
        self.1.clear();
        let read = (&mut self.0).take(len.into()).read_to_end(&mut self.1)?;
        if u32::try_from(read) != Ok(len) {
            return Err(ExportError::Malformed);
        }
        Ok(Some(&self.1))
    }
    fn text(&mut self) -> Result<String, ExportError> {
        let bytes = self.field()?.ok_or(ExportError::Malformed)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| ExportError::Malformed)
    }
}
