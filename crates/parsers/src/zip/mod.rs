//! ZIP archives: an Apple Health `export.zip`, or any files together.
//!
//! Each entry is a document of its own and fails on its own. Archives inside archives are opened
//! one level deep. Names are for display only; nothing is ever written.

pub mod directory;
pub mod entry;

use crate::{
    apple, dispatch,
    error::{Excess, ParseError, Reason},
    restore,
    sink::{Child, ChildOutcome, Item, Limits, Options, Sink, Summary, Warning},
    sniff::{self, Format},
    source::ReadAt,
    text::{Transcode, is_utf16},
};
use directory::Entry;
use entry::Budget;
use keepwell_domain::locator::Locator;
use std::io::Read;

/// What an archive is, told from its entries.
///
/// # Errors
/// As [`directory::read`].
pub fn identify(source: &mut dyn ReadAt, limits: &Limits) -> Result<Format, ParseError> {
    let entries = files(directory::read(source, limits.entries.max(restore::ENTRIES))?);
    if restore::is_manifest(source, &entries) {
        return Ok(Format::KeepwellExport);
    }
    if !entries.is_empty() && entries.iter().all(|e| e.encrypted) {
        return Ok(Format::EncryptedZip);
    }
    let any = |f: &dyn Fn(&str) -> bool| entries.iter().any(|e| f(&e.name));
    if any(&|n| n == "[Content_Types].xml") {
        if any(&|n| n.starts_with("xl/")) {
            return Ok(Format::Xlsx);
        }
        if any(&|n| n.starts_with("word/")) {
            return Ok(Format::Docx);
        }
    }
    if any(&|n| n == "mimetype") && any(&|n| n == "META-INF/manifest.xml") {
        return Ok(Format::OpenDocument);
    }
    let mut budget = Budget::new(limits.inflated_bytes);
    Ok(if find_apple(source, &entries, &mut budget).is_some() { Format::AppleHealthZip } else { Format::Zip })
}

/// Entries that are files of the person, without what operating systems add.
fn files(entries: Vec<Entry>) -> Vec<Entry> {
    let noise = |n: &str| {
        let last = n.rsplit('/').next().unwrap_or(n);
        n.starts_with("__MACOSX/")
            || last.starts_with("._")
            || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
    };
    entries.into_iter().filter(|e| !e.folder && !noise(&e.name)).collect()
}

/// The entry that holds Apple's export, whatever the phone's language called it.
fn find_apple(source: &mut dyn ReadAt, entries: &[Entry], budget: &mut Budget) -> Option<usize> {
    let lower = |e: &Entry| e.name.to_lowercase();
    let mut order: Vec<usize> = (0..entries.len())
        .filter(|i| {
            let name = lower(&entries[*i]);
            name.ends_with(".xml") && !name.ends_with("_cda.xml") && name.matches('/').count() <= 2
        })
        .collect();
    order.sort_by_key(|i| !lower(&entries[*i]).ends_with("export.xml"));
    order.truncate(64);
    order.into_iter().find(|i| {
        entry::open(source, &entries[*i], budget)
            .and_then(|c| entry::head(c, sniff::HEAD))
            .is_ok_and(|head| sniff::of_head(&head) == Format::AppleHealthXml)
    })
}

/// Reads an archive. `depth` is 0 for one that was uploaded, 1 for one inside it.
///
/// # Errors
/// Those of the archive's own structure, or what the sink answers. A bad entry is reported as the
/// outcome of its child.
pub fn read(
    source: &mut dyn ReadAt,
    format: Format,
    options: &Options,
    depth: usize,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    let entries = files(directory::read(source, options.limits.entries)?);
    if entries.is_empty() {
        return Err(ParseError::Refused(Reason::NoFiles));
    }
    let mut budget = Budget::new(options.limits.inflated_bytes);
    let mut summary = Summary::new(format);
    let apple = if depth == 0 { find_apple(source, &entries, &mut budget) } else { None };
    if let Some(at) = apple {
        summary.format = Format::AppleHealthZip;
        let inner = entry::open(source, &entries[at], &mut budget)
            .and_then(|content| apple_entry(content, entries[at].size, &options.limits, sink));
        match inner {
            Ok(inner) => (summary.read, summary.skipped) = (inner.read, inner.skipped),
            Err(stop @ (ParseError::Stopped | ParseError::Io)) => return Err(stop),
            // Clinical records beside a broken export are still sound.
            Err(why) if entries.len() > 1 => {
                summary.skip("health_exports", 1);
                sink.item(Item::Warning(Warning { locator: Locator::Whole, why: why.into() }))?;
            }
            Err(why) => return Err(why),
        }
    }
    for (i, e) in entries.iter().enumerate() {
        if apple == Some(i) {
            continue;
        }
        if apple.is_some() && skip_beside_apple(&e.name, &mut summary) {
            continue;
        }
        child(source, e, options, depth, &mut budget, &mut summary, sink)?;
    }
    Ok(summary)
}

/// Parts of Apple's export that are kept in the archive and not read.
fn skip_beside_apple(name: &str, summary: &mut Summary) -> bool {
    let lower = name.to_lowercase();
    let what = if lower.ends_with("_cda.xml") {
        "cda_summaries"
    } else if lower.contains("/electrocardiograms/") {
        "electrocardiograms"
    } else if lower.ends_with(".gpx") {
        "workout_routes"
    } else if lower.contains("/attachments/") {
        "attachments"
    } else {
        return false;
    };
    summary.skip(what, 1);
    true
}

fn apple_entry(
    content: entry::Content<'_>,
    size: u64,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    // The mark is looked at through the same stream, so that the entry is unpacked only once.
    let mut content = content;
    let mut mark = [0; 2];
    content.read_exact(&mut mark).map_err(|e| entry::explain(&e))?;
    let whole = mark.chain(content);
    if is_utf16(&mark) {
        apple::read(Transcode::new(whole), size, false, limits, sink)
    } else {
        apple::read(whole, size, true, limits, sink)
    }
}

fn child(
    source: &mut dyn ReadAt,
    e: &Entry,
    options: &Options,
    depth: usize,
    budget: &mut Budget,
    summary: &mut Summary,
    sink: &mut dyn Sink,
) -> Result<(), ParseError> {
    let head = entry::open(source, e, budget).and_then(|c| entry::head(c, sniff::HEAD));
    let format = head.as_deref().map_or(Format::Binary, sniff::of_head);
    let start = Child { name: e.name.clone(), media_type: format.media_type().to_owned(), format };
    sink.item(Item::ChildStart(start))?;
    summary.count("children", 1);
    let outcome = head.and_then(|_| child_content(source, e, format, options, depth, budget, sink));
    if let Err(stop @ (ParseError::Stopped | ParseError::Io)) = outcome {
        return Err(stop);
    }
    sink.item(Item::ChildEnd(match outcome {
        Ok(read) => ChildOutcome::Read(read),
        Err(why) => ChildOutcome::NotRead(why),
    }))
}

fn child_content(
    source: &mut dyn ReadAt,
    e: &Entry,
    format: Format,
    options: &Options,
    depth: usize,
    budget: &mut Budget,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    if format == Format::Zip && depth >= 1 {
        return Err(ParseError::Refused(Reason::TooNested));
    }
    if let Some(reason) = format.kept_because() {
        return Err(reason.into());
    }
    let content = entry::open(source, e, budget)?;
    if format == Format::AppleHealthXml {
        return apple_entry(content, e.size, &options.limits, sink);
    }
    let limit = options.limits.whole_bytes;
    if e.size > limit {
        return Err(ParseError::too_large(Excess::Inner, limit >> 20));
    }
    let mut bytes = Vec::new();
    content.take(limit + 1).read_to_end(&mut bytes).map_err(|e| entry::explain(&e))?;
    let mut bytes = bytes.as_slice();
    dispatch(&mut bytes, options, depth + 1, sink)
}
