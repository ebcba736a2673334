//! The files as they were brought, byte for byte.

use super::{
    gather::{Document, Person},
    zipout::{Pack, ZipOut},
};
use crate::{core::Services, documents::file::SealedFile, documents::meta::clean_name};
use keepwell_domain::ids::DocumentId;
use keepwell_parsers::source::ReadAt;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Larger files are not packed: an archive that swells far beyond its size looks like a trap to
/// whoever reads it, ourselves included.
const PACKED_UP_TO: u64 = 64 << 20;
const BLOCK: usize = 256 << 10;

/// A file in the archive.
pub struct File {
    /// Its path in the archive.
    pub path: String,
    /// The document whose original it is.
    pub document: DocumentId,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// The files that are whole, and the documents whose file could not be read to its end.
pub struct Files {
    /// Whole files.
    pub whole: Vec<File>,
    /// Documents without a whole file.
    pub missing: Vec<DocumentId>,
}

/// Writes all originals.
///
/// # Errors
/// Those of the archive's writer. A file that is damaged on our side does not end the export.
pub fn write<W: Write>(services: &Services, person: &Person, zip: &mut ZipOut<W>) -> io::Result<Files> {
    let mut files = Files { whole: Vec::new(), missing: Vec::new() };
    let documents: Vec<&Document> = person.documents.iter().filter(|d| d.row.parent_id.is_none()).collect();
    let width = documents.len().to_string().len().max(2);
    for (n, d) in documents.iter().enumerate() {
        let id = d.row.id;
        let opened = services.0.blobs.open(id.uuid()).and_then(|b| SealedFile::open(b, &person.keys, id));
        let Ok(mut sealed) = opened else {
            files.missing.push(id);
            continue;
        };
        let size = sealed.len();
        let path = format!("originals/{:0width$}-{}", n + 1, file_name(&d.meta.name));
        let pack =
            if size > PACKED_UP_TO || is_packed(&d.meta.media_type) { Pack::Plain } else { Pack::Small };
        let copied = zip.entry(&path, pack, size >= 0xf000_0000, |out| copy(&mut sealed, size, out))?;
        match copied {
            Some(sha256) => files.whole.push(File { path, document: id, size, sha256 }),
            None => files.missing.push(id),
        }
    }
    Ok(files)
}

/// Copies chunk by chunk; `None` when the sealed file is damaged somewhere.
fn copy(sealed: &mut SealedFile, size: u64, out: &mut impl Write) -> io::Result<Option<[u8; 32]>> {
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    let mut at = 0;
    while at < size {
        let Ok(n) = sealed.read_at(at, &mut block) else { return Ok(None) };
        if n == 0 {
            return Ok(None);
        }
        let bytes = block.get(..n).unwrap_or_default();
        hash.update(bytes);
        out.write_all(bytes)?;
        at += n as u64;
    }
    Ok(Some(hash.finalize().into()))
}

fn is_packed(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/zip"
            | "application/gzip"
            | "application/pdf"
            | "image/jpeg"
            | "image/png"
            | "image/heic"
            | "image/webp"
    )
}

/// A name that every file system takes.
pub fn file_name(name: &str) -> String {
    let bad = |c: char| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\') || c.is_control();
    let clean: String = clean_name(name).chars().map(|c| if bad(c) { '_' } else { c }).take(120).collect();
    let clean = clean.trim_end_matches(['.', ' ']);
    if clean.is_empty() { "file".to_owned() } else { clean.to_owned() }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
