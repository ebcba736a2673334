//! The page that explains an export and shows its records without any program but a browser.

use super::{
    csv,
    gather::{Held, Person},
    originals::Files,
};
use crate::picture::timeline;
use keepwell_domain::{
    record::{Body, Kind},
    view::Answer,
};
use std::{
    fmt::{self, Display, Formatter, Write as _},
    io::{self, Write},
};

/// Text made safe between tags and in attributes.
struct E<'a>(&'a str);

impl Display for E<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if c.is_control() && c != '\n' && c != '\t' => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A path as a relative link.
fn link(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;\
color:#1c2321;background:#fff}h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;margin:1rem 0}\
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dedb;vertical-align:top}\
th{white-space:nowrap}td{overflow-wrap:anywhere}.n{white-space:nowrap}\
@media(prefers-color-scheme:dark){body{color:#e6ebe9;background:#151a18}th,td{border-color:#37403c}a{color:#8ec9ff}}";

const fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Observation => "Results and measurements",
        Kind::Condition => "Conditions",
        Kind::Medication => "Medications",
        Kind::Allergy => "Allergies",
        Kind::Immunization => "Immunisations",
        Kind::Procedure => "Procedures",
        Kind::Encounter => "Visits and stays",
        Kind::DiagnosticReport => "Reports",
        Kind::Note => "Notes",
    }
}

/// Writes `index.html`.
///
/// # Errors
/// Those of the writer.
pub fn write(person: &Person, files: &Files, metrics: &[String], out: &mut impl Write) -> io::Result<()> {
    let (name, when) = (E(&person.name), person.now.rfc3339());
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Keepwell export</title><style>{STYLE}</style></head><body>\n\
         <h1>Keepwell export</h1>\n<p>Everything that Keepwell holds for the profile <strong>{name}</strong>, \
         as of <time>{when}</time>. It is not encrypted: keep it in a safe place.</p>\n"
    )?;
    contents(person, metrics, out)?;
    out.write_all(
        b"<h2>How to restore</h2>\n<p>Sign in to any Keepwell and upload this ZIP archive as it is, like any \
          other file. Records, their sources and history, samples, originals, conversations and favourites come back; what is \
          there already is not added twice. The log is kept for reading only.</p>\n",
    )?;
    originals(person, files, out)?;
    for kind in Kind::ALL {
        records(person, kind, out)?;
    }
    conversations(person, out)?;
    out.write_all(b"</body></html>\n")
}

fn contents(person: &Person, metrics: &[String], out: &mut impl Write) -> io::Result<()> {
    out.write_all(
        b"<h2>What is in it</h2>\n<table><thead><tr><th>File</th><th>What it is</th></tr></thead><tbody>\n",
    )?;
    let mut line = |path: &str, what: &str| {
        writeln!(out, "<tr><td><a href=\"{}\">{}</a></td><td>{}</td></tr>", link(path), E(path), E(what))
    };
    line("fhir/bundle.json", "All records as a FHIR R4 Bundle, for other health programs")?;
    let counts = person.counts();
    for kind in Kind::ALL {
        let n = counts.get(&kind).copied().unwrap_or(0);
        line(csv::file(kind), &format!("{}: {n}, as a table for spreadsheets", heading(kind)))?;
    }
    for path in metrics {
        line(path, "Samples of a device, times in UTC")?;
    }
    if !person.journals.is_empty() {
        line("journal/README.txt", "Your sealed journal as the server keeps it; only your devices open it")?;
    }
    line("keepwell/manifest.json", "A list of the files with sizes and SHA-256")?;
    line(
        "keepwell/records.ndjson",
        "All records, exact, with sources and history; Keepwell restores from it",
    )?;
    line("keepwell/documents.ndjson", "What is known of each document")?;
    line("keepwell/series.ndjson", "All samples, exact")?;
    line("keepwell/review.ndjson", "Rows of tables that wait, and what was decided on others")?;
    line("keepwell/deleted.json", "Marks by which deleted records stay out; they hold no contents")?;
    line("keepwell/conversations.ndjson", "What you asked your records, and the answers, exact")?;
    line("keepwell/settings.json", "Favourites")?;
    line("keepwell/audit.json", "The log of what was done with these data")?;
    out.write_all(b"</tbody></table>\n")
}

fn originals(person: &Person, files: &Files, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<h2>Originals: {}</h2>", files.whole.len())?;
    if !files.whole.is_empty() {
        out.write_all(b"<p>The files as they were brought, byte for byte.</p>\n<table><thead><tr><th>File</th><th>Bytes</th></tr></thead><tbody>\n")?;
        for f in &files.whole {
            let (href, path) = (link(&f.path), E(&f.path));
            writeln!(out, "<tr><td><a href=\"{href}\">{path}</a></td><td class=\"n\">{}</td></tr>", f.size)?;
        }
        out.write_all(b"</tbody></table>\n")?;
    }
    for id in &files.missing {
        let name = person.document_name(*id);
        writeln!(
            out,
            "<p>The original of {} could not be read and is missing or not whole here.</p>",
            E(name)
        )?;
    }
    Ok(())
}

fn records(person: &Person, kind: Kind, out: &mut impl Write) -> io::Result<()> {
    let of_kind = || person.records.iter().filter(move |h| h.open.record.body.kind() == kind);
    let n = of_kind().count();
    if n == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>{}: {n}</h2>\n<table><thead><tr><th>Date</th><th>What</th><th>Detail</th><th>Source</th></tr></thead><tbody>",
        heading(kind)
    )?;
    of_kind().try_for_each(|h| record(person, h, out))?;
    out.write_all(b"</tbody></table>\n")
}

/// What was asked, and what was answered, in plain text; numbers that no record says are marked.
fn conversations(person: &Person, out: &mut impl Write) -> io::Result<()> {
    if person.conversations.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Questions and answers: {}</h2>", person.conversations.len())?;
    for c in &person.conversations {
        writeln!(out, "<h3>{}</h3>", E(&c.title))?;
        for m in &c.messages {
            writeln!(out, "<p><time>{}</time> <strong>{}</strong></p>", m.asked.rfc3339(), E(&m.question))?;
            let said = m.answer.as_ref().map(Answer::marked).unwrap_or_default();
            for line in said.lines() {
                writeln!(out, "<p>{}</p>", E(line))?;
            }
            for why in m.reason.iter().filter(|w| !w.is_empty()) {
                writeln!(out, "<p>{}</p>", E(why))?;
            }
            if m.state == "stopped" {
                out.write_all(b"<p>(stopped)</p>\n")?;
            }
        }
    }
    Ok(())
}

fn record(person: &Person, h: &Held, out: &mut impl Write) -> io::Result<()> {
    let item = timeline::item(&h.open, crate::Lang::En);
    let detail = match &h.open.record.body {
        Body::Note(n) => n.text.as_str(),
        _ => item.detail.as_str(),
    };
    let when = h.open.record.effective.map(|w| w.to_string()).unwrap_or_default();
    let mut sources: Vec<&str> = h.open.documents.iter().map(|d| person.document_name(*d)).collect();
    if h.by_hand {
        sources.push("typed in");
    }
    writeln!(
        out,
        "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        E(&when),
        E(&item.title),
        E(detail),
        E(&sources.join("; "))
    )
}
