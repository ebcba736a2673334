//! CDA documents: C-CDA 1.1 and 2.1, CCD, and others of the same shape, and unstructured documents
//! with plain text.

mod history;
mod medication;
mod results;
mod section;
mod tree;
mod types;
mod walk;

use crate::reason::Remark;
use crate::{
    clinical::{Out, base64, check_size, some, text},
    error::{ParseError, Reason},
    hl7v2::{sex, time},
    sink::{Sink, Summary},
    sniff::Format,
};
use keepwell_domain::record::{Body, Note, Subject};
use std::borrow::Cow;
use tree::Node;
use types::Narrative;
use walk::Walk;

/// Reads one CDA document that is wholly in memory.
///
/// # Errors
/// XML that is broken, nested too deeply, over 256 MiB or declares entities, and XML that is no
/// CDA document. A broken entry is a warning only.
pub fn read(bytes: &[u8], sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    check_size(bytes)?;
    let (text, same_bytes) = decode(bytes);
    if text.trim().is_empty() {
        return Err(Reason::Empty.into());
    }
    let root = tree::parse(&text)?;
    if root.name != "ClinicalDocument" {
        return Err(ParseError::Refused(Reason::NoClinicalDocument));
    }
    let narrative = Narrative::of(&root);
    let mut walk = Walk {
        out: Out::new(sink, Summary::new(Format::Ccda)),
        narrative: &narrative,
        same_bytes,
        date: types::period(root.get("effectiveTime")).0,
    };
    let mut people = root.all("recordTarget").map(|r| r.at(&["patientRole", "patient"]));
    if let Some(patient) = people.next() {
        walk.out.subject(subject(patient))?;
    }
    if people.next().is_some() {
        walk.warn(&root, "ClinicalDocument/recordTarget[1]", Remark::ManyPeople)?;
    }
    let body = root.get("component");
    walk.sections(body.get("structuredBody"), "ClinicalDocument/component/structuredBody")?;
    let unstructured = body.get("nonXMLBody");
    if unstructured.exists() {
        plain_body(&mut walk, &root, unstructured)?;
    }
    let total = text.len();
    walk.out.progress(total, total);
    Ok(walk.out.summary)
}

/// The text, and whether its offsets are those of the file.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        return (encoding.decode(bytes).0, false);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), true);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let label = head
        .split_once("encoding=")
        .and_then(|(_, r)| r.get(1..)?.split(['"', '\'']).next().map(str::to_owned));
    let encoding = label.and_then(|l| encoding_rs::Encoding::for_label(l.as_bytes()));
    let encoding = encoding.filter(|e| *e != encoding_rs::UTF_8).unwrap_or(encoding_rs::WINDOWS_1252);
    (encoding.decode(bytes).0, false)
}

fn subject(patient: &Node) -> Subject {
    let names: Vec<_> = patient.all("name").collect();
    let legal = names.iter().find(|n| n.attr("use") == Some("L")).or(names.first());
    Subject {
        name: legal.and_then(|n| types::person(n)),
        birth_date: patient.get("birthTime").attr("value").and_then(time),
        sex: patient.get("administrativeGenderCode").attr("code").map(|c| sex(c).to_owned()),
    }
}

fn plain_body(walk: &mut Walk<'_, '_>, root: &Node, body: &Node) -> Result<(), ParseError> {
    const PATH: &str = "ClinicalDocument/component/nonXMLBody";
    let node = body.get("text");
    let media = node.attr("mediaType").unwrap_or("text/plain").to_ascii_lowercase();
    if !media.starts_with("text/") || media.contains("rtf") {
        walk.out.summary.skip("attachments", 1);
        return walk.warn(body, PATH, Remark::DocumentInside);
    }
    let raw: String = node
        .content
        .iter()
        .filter_map(|c| match c {
            tree::Content::Text(t) => Some(t.as_str()),
            tree::Content::Element(_) => None,
        })
        .collect();
    let decoded = if node.attr("representation") == Some("B64") {
        match base64::decode(&raw) {
            Some(bytes) => String::from_utf8(bytes)
                .unwrap_or_else(|e| encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned()),
            None => {
                return walk.warn(body, PATH, Remark::BadBase64);
            }
        }
    } else {
        raw
    };
    let plain = if media.contains("html") {
        text::from_markup(&decoded)
    } else {
        text::cut(decoded.trim().to_owned())
    };
    let Some(plain) = some(&plain) else { return Ok(()) };
    let title = some(&root.get("title").text()).or_else(|| types::name(root.get("code"), walk.narrative));
    let date = walk.date;
    walk.record(date, Body::Note(Note { title, text: plain }), body, PATH)
}
