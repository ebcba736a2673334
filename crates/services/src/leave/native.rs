//! Keepwell's own form: one JSON object a line, whole and exact, from which an export is restored.
//!
//! What was deleted is not in it. Its marks are, with the key that makes them: with it one can tell
//! whether a record that one has was deleted, and nothing else.

use super::{
    gather::{Document, Held, Person, Row},
    originals::{Files, hex},
    shelf::Shelf,
    zipout::{Entry, Pack, ZipOut},
};
use keepwell_parsers::restore::{self as form, MANIFEST};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Writes the folder `keepwell/`; the manifest comes last, because it lists what the others are.
///
/// # Errors
/// Those of the writer and the store.
pub fn write<W: Write>(
    shelf: &Shelf<'_>,
    person: &Person,
    files: Files,
    zip: &mut ZipOut<W>,
) -> io::Result<()> {
    let mut parts = Vec::new();
    parts.push(lines(zip, form::RECORDS, |out| {
        let mut by_id: Vec<&Held> = person.records.iter().collect();
        // In the order of their making: equal results are told apart by it.
        by_id.sort_by_key(|h| h.open.id);
        by_id.into_iter().try_for_each(|h| line(out, &record(h)))
    })?);
    parts.push(lines(zip, form::DOCUMENTS, |out| {
        let missing = |d: &Document| files.missing.contains(&d.row.id);
        person.documents.iter().try_for_each(|d| line(out, &document(d, missing(d))))
    })?);
    parts.push(lines(zip, form::SERIES, |out| {
        person.series.iter().try_for_each(|c| {
            let Some(column) = shelf.open(c)? else { return Ok(()) };
            let documents = c.documents.iter().map(ToString::to_string).collect();
            form::write_column(&column, documents, out)
        })
    })?);
    parts.push(lines(zip, form::REVIEW, |out| {
        person.review.iter().try_for_each(|r| line(out, &review_line(r)))
    })?);
    parts.push(lines(zip, form::DELETED, |out| {
        let keys = person.mark_keys.iter().map(|k| hex(k)).collect();
        let marks = person.marks.iter().map(|m| hex(&m.0)).collect();
        line(out, &form::Deleted { keys, marks })
    })?);
    parts.push(lines(zip, form::CONVERSATIONS, |out| {
        person.conversations.iter().try_for_each(|c| line(out, c))
    })?);
    parts.push(lines(zip, form::SETTINGS, |out| {
        let (favourites, subjects) = (person.favourites.clone(), person.subjects.clone());
        line(out, &form::Settings { favourites, subjects })
    })?);
    parts.push(lines(zip, form::AUDIT, |out| {
        serde_json::to_writer_pretty(&mut *out, &person.audit.iter().map(log_entry).collect::<Vec<_>>())?;
        out.write_all(b"\n")
    })?);
    let manifest = manifest(person, files, parts);
    zip.entry(MANIFEST, Pack::Small, false, |out| {
        serde_json::to_writer_pretty(&mut *out, &manifest)?;
        out.write_all(b"\n")
    })
}

/// An entry of the person's own log, with its place, by which it is found in an export of the whole.
fn log_entry(e: &keepwell_domain::access::LogItem) -> serde_json::Value {
    serde_json::json!({
        "id": e.id.to_string(),
        "position": e.position,
        "at": e.at.rfc3339(),
        "action": e.code,
        "by": e.by.map(keepwell_domain::act::ActBy::as_str),
        "outcome": e.outcome.map(keepwell_domain::act::ActOutcome::as_str),
        "span_seconds": e.span,
        "times": e.times,
        "address": e.address,
        "device": e.device,
        "object": e.object.map(|o| o.to_string()),
        "detail": e.what,
    })
}

/// A writer that also hashes and counts.
struct Hashed<'e, 'z, W: Write> {
    out: &'e mut Entry<'z, W>,
    hash: Sha256,
    size: u64,
}

impl<W: Write> Write for Hashed<'_, '_, W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.out.write(buf)?;
        self.hash.update(buf.get(..n).unwrap_or_default());
        self.size += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lines<W: Write>(
    zip: &mut ZipOut<W>,
    path: &'static str,
    fill: impl FnOnce(&mut io::BufWriter<Hashed<'_, '_, W>>) -> io::Result<()>,
) -> io::Result<form::File> {
    zip.entry(path, Pack::Small, true, |out| {
        let mut out = io::BufWriter::with_capacity(64 << 10, Hashed { out, hash: Sha256::new(), size: 0 });
        fill(&mut out)?;
        out.flush()?;
        let Hashed { hash, size, .. } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let sha256: [u8; 32] = hash.finalize().into();
        Ok(form::File { path: path.to_owned(), size, sha256: hex(&sha256), document: None })
    })
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn record(h: &Held) -> form::RecordLine {
    form::RecordLine {
        id: h.open.id.to_string(),
        by_hand: h.by_hand,
        created: h.open.created,
        record: h.open.record.clone(),
        sources: h
            .sources
            .iter()
            .map(|s| form::SourceLine {
                document: s.document.to_string(),
                ordinal: s.ordinal,
                locator: s.locator.clone(),
            })
            .collect(),
        history: h
            .past
            .iter()
            .map(|p| form::PastLine { version: p.version, changed_at: p.replaced, record: p.record.clone() })
            .collect(),
    }
}

fn document(d: &Document, missing: bool) -> form::DocumentLine {
    let (row, meta) = (&d.row, &d.meta);
    form::DocumentLine {
        id: row.id.to_string(),
        parent: row.parent_id.map(|p| p.to_string()),
        name: meta.name.clone(),
        size: meta.size,
        media_type: meta.media_type.clone(),
        format: meta.format.clone(),
        state: row.state.as_str().to_owned(),
        reason: meta.reason.clone(),
        warnings: meta.warnings.clone(),
        questions: meta.questions.clone(),
        answers: meta.answers.clone(),
        subject: meta.subject.clone(),
        who: meta.who.clone(),
        read: meta.read.clone(),
        skipped: meta.skipped.clone(),
        records: row.records,
        samples: meta.samples,
        demo: meta.demo,
        created: row.created_at,
        missing,
        waiting: Some(meta.waiting),
        heading: meta.heading.clone(),
        person: meta.person.map(|p| p.as_str().to_owned()),
        contents: row.content_fp.map(|c| c.0).iter().chain(&meta.contents).map(|c| hex(c)).collect(),
    }
}

fn review_line(r: &Row) -> form::ReviewLine {
    form::ReviewLine {
        document: r.document.to_string(),
        state: r.state.as_str().to_owned(),
        record: r.record.map(|r| r.to_string()),
        row: r.unsure.clone(),
    }
}

fn manifest(person: &Person, files: Files, parts: Vec<form::File>) -> form::Manifest {
    let mut counts: BTreeMap<String, u64> =
        person.counts().into_iter().map(|(k, n)| (k.as_str().to_owned(), n as u64)).collect();
    counts.insert("documents".to_owned(), person.documents.len() as u64);
    counts.insert("conversations".to_owned(), person.conversations.len() as u64);
    counts.insert("columns".to_owned(), person.series.len() as u64);
    let originals = files.whole.iter().map(|f| form::File {
        path: f.path.clone(),
        size: f.size,
        sha256: hex(&f.sha256),
        document: Some(f.document.to_string()),
    });
    form::Manifest {
        format: form::FORMAT.to_owned(),
        version: form::VERSION,
        created: person.now.rfc3339(),
        counts,
        originals: originals.collect(),
        parts,
        missing: files.missing.iter().map(ToString::to_string).collect(),
    }
}
