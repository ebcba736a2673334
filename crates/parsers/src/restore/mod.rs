//! Reads Keepwell's own export, so that it can be restored with nothing lost.
//!
//! It is all or nothing: the manifest's SHA-256 of every file that is read must fit, and the
//! receiver keeps nothing when this ends with an error. A manifest proves that an export is whole,
//! not who made it; what it holds is taken on the terms of any other file.

mod form;

pub use form::{
    AUDIT, CONVERSATIONS, ConversationLine, DELETED, DOCUMENTS, Deleted, DocumentLine, FORMAT, File,
    MANIFEST, Manifest, MessageLine, PastLine, RECORDS, REVIEW, RecordLine, ReviewLine, SERIES, SETTINGS,
    Settings, SourceLine, VERSION, write_column,
};

use crate::{
    error::{Excess, Flaw, ParseError, Reason, Thing},
    sink::{Item, Options, Sink, Summary},
    sniff::Format,
    source::ReadAt,
    zip::{
        directory::{self, Entry, display_name},
        entry::{self, Budget},
    },
};
use keepwell_domain::series::{Column, Sample};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, BufReader, Read};

/// Entries of an export; other archives have a lower bound, but a person may own many documents.
pub(crate) const ENTRIES: usize = 200_000;
/// Bytes of the manifest and of one line.
const WHOLE: u64 = 64 << 20;
/// Bytes of a file handed over at once.
const BLOCK: usize = 256 << 10;
/// Where sealed vaults of the journal lie.
const JOURNAL: &str = "journal/";

const fn damaged(why: Flaw) -> ParseError {
    ParseError::malformed(Thing::Export, why, None)
}

/// Whether this is an entry of an export that tells its kind.
pub(crate) fn is_manifest(source: &mut dyn ReadAt, entries: &[Entry]) -> bool {
    let Some(e) = entries.iter().find(|e| e.name == MANIFEST) else { return false };
    let mut budget = Budget::new(WHOLE);
    let head = entry::open(source, e, &mut budget).and_then(|c| entry::head(c, 64));
    // The manifest's own first member says so, whatever its version.
    head.is_ok_and(|h| {
        let text: String = String::from_utf8_lossy(&h).split_whitespace().collect();
        text.starts_with(&format!("{{\"format\":\"{FORMAT}\""))
    })
}

struct Export<'a> {
    source: &'a mut dyn ReadAt,
    entries: Vec<Entry>,
    budget: Budget,
    done: u64,
    total: u64,
}

/// Reads an export whole.
///
/// # Errors
/// `Malformed` where a file is missing or is not what the manifest says, `Refused` for a newer
/// version; or what the sink answers.
pub fn read(source: &mut dyn ReadAt, options: &Options, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    let entries = directory::read(source, ENTRIES.max(options.limits.entries))?;
    let most = options.limits.inflated_bytes.saturating_add(source.len().saturating_mul(2));
    let budget = Budget::new(most);
    let mut export = Export { source, entries, budget, done: 0, total: 0 };
    let manifest = export.manifest()?;
    export.total = manifest.originals.iter().chain(&manifest.parts).map(|f| f.size).sum::<u64>().max(1);
    let mut summary = Summary::new(Format::KeepwellExport);
    export.lines::<DocumentLine>(&manifest, DOCUMENTS, sink, |line, sink| {
        summary.count("documents", 1);
        sink.item(Item::RestoredDocument(Box::new(line)))
    })?;
    for file in &manifest.originals {
        export.original(file, sink)?;
    }
    export.lines::<RecordLine>(&manifest, RECORDS, sink, |line, sink| {
        summary.count(line.record.body.kind().as_str(), 1);
        sink.item(Item::RestoredRecord(Box::new(line)))
    })?;
    export.raw_lines(&manifest, SERIES, sink, |line, sink| {
        let (column, documents) = column(line)?;
        summary.count("samples", column.samples.len() as u64);
        sink.item(Item::RestoredColumn(column, documents))
    })?;
    if manifest.version >= 2 {
        export.lines::<ReviewLine>(&manifest, REVIEW, sink, |line, sink| {
            sink.item(Item::RestoredRow(Box::new(line)))
        })?;
        export.lines::<Deleted>(&manifest, DELETED, sink, |line, sink| {
            sink.item(Item::RestoredDeleted(line))
        })?;
    }
    export
        .lines::<Settings>(&manifest, SETTINGS, sink, |line, sink| sink.item(Item::RestoredSettings(line)))?;
    if manifest.parts.iter().any(|f| f.path == CONVERSATIONS) {
        export.raw_lines(&manifest, CONVERSATIONS, sink, |line, sink| {
            // Passed on as it is: what an answer is made of has no form that a pipe without names could carry.
            serde_json::from_slice::<ConversationLine>(line).map_err(|_| damaged(Flaw::ExportLine))?;
            let line = String::from_utf8(line.to_vec());
            summary.count("conversations", 1);
            sink.item(Item::RestoredConversation(line.map_err(|_| damaged(Flaw::ExportLine))?))
        })?;
    }
    let sealed =
        export.entries.iter().filter(|e| e.name.starts_with(JOURNAL) && e.name.ends_with(".kwjv")).count();
    if sealed > 0 {
        // Sealed on devices, whose keys are not here: they send it anew.
        summary.skip("sealed journals", sealed as u64);
    }
    Ok(summary)
}

impl Export<'_> {
    fn find(&self, path: &str) -> Result<Entry, ParseError> {
        let name = display_name(path);
        let found = self.entries.iter().find(|e| e.name == name).cloned();
        found.ok_or_else(|| damaged(Flaw::ExportFileMissing))
    }

    fn manifest(&mut self) -> Result<Manifest, ParseError> {
        let entry = self.find(MANIFEST)?;
        let content = entry::open(&mut *self.source, &entry, &mut self.budget)?;
        let bytes = whole(content)?;
        #[derive(serde::Deserialize)]
        struct Version {
            version: u64,
        }
        let bad = |_| damaged(Flaw::ExportManifest);
        // Looked at alone first: a newer manifest may have another form.
        let version = serde_json::from_slice::<Version>(&bytes).map_err(bad)?.version;
        if version > u64::from(VERSION) {
            return Err(Reason::NewerExport.into());
        }
        serde_json::from_slice(&bytes).map_err(bad)
    }

    /// Hands over one original, checked to the last byte.
    fn original(&mut self, file: &File, sink: &mut dyn Sink) -> Result<(), ParseError> {
        let document = file.document.clone().ok_or_else(|| damaged(Flaw::ExportStrayFile))?;
        let entry = self.find(&file.path)?;
        let mut content = Hashed::new(entry::open(&mut *self.source, &entry, &mut self.budget)?);
        sink.item(Item::FileStart { document, size: file.size })?;
        let mut block = vec![0; BLOCK];
        loop {
            let mut have = 0;
            while have < BLOCK {
                match content.read(&mut block[have..]).map_err(|e| explain(&e))? {
                    0 => break,
                    n => have += n,
                }
            }
            if have == 0 {
                break;
            }
            sink.item(Item::FileBytes(block[..have].to_vec()))?;
            sink.progress(self.done + content.size, self.total);
        }
        content.check(file)?;
        self.done += file.size;
        sink.item(Item::FileEnd)
    }

    fn lines<T: DeserializeOwned>(
        &mut self,
        manifest: &Manifest,
        path: &str,
        sink: &mut dyn Sink,
        mut take: impl FnMut(T, &mut dyn Sink) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.raw_lines(manifest, path, sink, |line, sink| {
            let read = serde_json::from_slice(line).map_err(|_| damaged(Flaw::ExportLine))?;
            take(read, sink)
        })
    }

    fn raw_lines(
        &mut self,
        manifest: &Manifest,
        path: &str,
        sink: &mut dyn Sink,
        mut take: impl FnMut(&[u8], &mut dyn Sink) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        let listed = manifest.parts.iter().find(|f| f.path == path);
        let listed = listed.ok_or_else(|| damaged(Flaw::ExportParts))?;
        let entry = self.find(path)?;
        let content = Hashed::new(entry::open(&mut *self.source, &entry, &mut self.budget)?);
        let mut reader = BufReader::with_capacity(BLOCK, content);
        let mut line = Vec::new();
        loop {
            line.clear();
            (&mut reader).take(WHOLE).read_until(b'\n', &mut line).map_err(|e| explain(&e))?;
            if line.is_empty() {
                break;
            }
            if line.len() as u64 == WHOLE {
                return Err(ParseError::too_large(Excess::Line, 64));
            }
            if line.iter().any(|b| !b.is_ascii_whitespace()) {
                take(&line, sink)?;
            }
            sink.progress(self.done + reader.get_ref().size, self.total);
        }
        self.done += listed.size;
        reader.into_inner().check(listed)
    }
}

fn explain(e: &io::Error) -> ParseError {
    match entry::explain(e) {
        // No export of ours swells beyond the bounds of an archive.
        ParseError::Malformed { .. } | ParseError::TooLarge { .. } => damaged(Flaw::ExportUnpack),
        other => other,
    }
}

fn whole(content: entry::Content<'_>) -> Result<Vec<u8>, ParseError> {
    let mut bytes = Vec::new();
    content.take(WHOLE).read_to_end(&mut bytes).map_err(|e| explain(&e))?;
    if bytes.len() as u64 == WHOLE {
        return Err(ParseError::too_large(Excess::Manifest, 64));
    }
    Ok(bytes)
}

/// Hashes what is read.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
    size: u64,
}

impl<R> Hashed<R> {
    fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), size: 0 }
    }
    fn check(self, file: &File) -> Result<(), ParseError> {
        let hex: String = self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        if self.size == file.size && hex.eq_ignore_ascii_case(&file.sha256) {
            return Ok(());
        }
        Err(damaged(Flaw::ExportHash))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.hash.update(&buf[..n]);
        self.size += n as u64;
        Ok(n)
    }
}

fn column(line: &[u8]) -> Result<(Column, Vec<String>), ParseError> {
    let bad = || damaged(Flaw::ExportLine);
    let c: form::ColumnLine<'_> = serde_json::from_slice(line).map_err(|_| bad())?;
    let sources = c.sources.len().max(1);
    let mut samples = Vec::with_capacity(c.samples.len());
    for (start, end, value, source, offset) in c.samples {
        let value: f64 = value.get().parse().map_err(|_| bad())?;
        if !value.is_finite() || usize::from(source) >= sources || end < start {
            return Err(bad());
        }
        samples.push(Sample { start, end, value, source, offset });
    }
    if !(1..=12).contains(&c.month.1) {
        return Err(bad());
    }
    let column = Column {
        metric: c.metric,
        unit: c.unit,
        month: c.month,
        sources: c.sources,
        labels: c.labels,
        samples,
    };
    Ok((column, c.documents))
}
