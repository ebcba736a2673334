//! FHIR R4, R4B and R5 in JSON: Bundles of any type, single resources, arrays, NDJSON, and the
//! payloads of SMART Health Cards. DSTU2, STU3 and XML are recognised and refused with a reason.
//!
//! The file is scanned once for its grammar and the places of its resources; each resource is then
//! read alone and tolerantly, so that a broken one costs nobody else.

mod blocks;
mod card;
mod convert;
mod json;
mod medication;
mod notes;
mod observation;
mod person;
mod refs;
mod scan;
mod types;

use crate::reason::Remark;
use crate::{
    clinical::{Out, check_size, some},
    error::{Flaw, ParseError, Reason, Thing},
    sink::{Item, Sink, Summary},
    sniff::Format,
};
pub use blocks::read_blocks;
use convert::{Cx, Read};
use json::{Fault, Json, Reader};
use keepwell_domain::{
    locator::Locator,
    record::{Body, Concept},
};
use person::People;
use refs::Refs;
use scan::{Found, Scan, Telltales};

const WHAT: Thing = Thing::Fhir;

/// Reads one FHIR file that is wholly in memory.
///
/// # Errors
/// Refuses other versions of FHIR, XML and JSON that is not FHIR; a broken file, one nested deeper
/// than any record and one over 256 MiB end the reading before any item is handed over. A broken
/// resource or NDJSON line is a warning only.
pub fn read(bytes: &[u8], sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    check_size(bytes)?;
    let bom = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(ParseError::Refused(Reason::Utf16));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| ParseError::malformed(WHAT, Flaw::NotUtf8, Some(e.valid_up_to() as u64)))?;
    let start = text[bom..].trim_start();
    if start.is_empty() {
        return Err(Reason::Empty.into());
    }
    if start.starts_with('<') {
        return Err(refuse_xml(start));
    }
    read_text(text, bom, sink, true)
}

fn refuse_xml(text: &str) -> ParseError {
    const OLD: [&str; 4] = ["<MedicationOrder", "<DiagnosticOrder", "<comments ", "<wasNotTaken"];
    if OLD.iter().any(|tag| text.contains(tag)) {
        return Reason::OldFhirXml.into();
    }
    Reason::FhirXml.into()
}

fn refuse_version(t: Telltales) -> Result<(), ParseError> {
    match t {
        Telltales { r4: true, .. } => Ok(()),
        Telltales { dstu2: true, .. } => Err(Reason::Dstu2.into()),
        Telltales { stu3: true, .. } => Err(Reason::Stu3.into()),
        _ => Ok(()),
    }
}

/// Whether what is left of a text might go on: nothing, or the beginning of a word, number or
/// escape.
fn is_beginning(rest: &str) -> bool {
    let rest = rest.trim_end();
    let is_number = rest.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let is_escape = |r: &str| r.is_empty() || (r.len() < 5 && r.starts_with('u'));
    is_number
        || ["true", "false", "null"].iter().any(|w| w.starts_with(rest))
        || rest.strip_prefix('\\').is_some_and(is_escape)
}

/// What is wrong with a text; where it breaks at its very end, it was cut off.
fn fault(fault: Fault, text: &str) -> ParseError {
    match fault {
        Fault::TooDeep => ParseError::TooDeep { limit: json::MAX_DEPTH as u64 },
        Fault::Syntax(at) if is_beginning(text.get(at..).unwrap_or_default()) => {
            ParseError::malformed(WHAT, Flaw::EndsEarly, Some(at as u64))
        }
        Fault::Syntax(at) => ParseError::malformed(WHAT, Flaw::BadJson, Some(at as u64)),
    }
}

/// `with_cards` is false inside a card, which cannot hold another.
fn read_text(text: &str, bom: usize, sink: &mut dyn Sink, with_cards: bool) -> Result<Summary, ParseError> {
    let mut reader = Reader::new(text, bom);
    let first = scan::scan(&mut reader, "");
    let (scan, format, broken) = match first {
        Ok(scan) if reader.peek().is_none() => (scan, Format::FhirJson, Vec::new()),
        Ok(_) if reader.peek() == Some(b'{') => lines(text, bom)?,
        Ok(_) => return Err(fault(reader.fault(), text)),
        Err(Fault::Syntax(_)) if has_sound_second_line(text) => lines(text, bom)?,
        Err(e) => return Err(fault(e, text)),
    };
    if with_cards && !scan.credentials.is_empty() {
        return cards(&scan.credentials, sink);
    }
    refuse_version(scan.telltales)?;
    let scan = unfold(text, scan)?;
    if !scan.is_bundle && scan.found.iter().all(|f| f.kind.is_empty()) {
        return Err(ParseError::Refused(Reason::NoFhir));
    }
    let mut out = Out::new(sink, Summary::new(format));
    for at in broken {
        let path = format!("line {}", 1 + text[..at].matches('\n').count());
        out.warn(place(path, at, at), Remark::BrokenLine)?;
    }
    emit(text, scan.found, &mut out)?;
    Ok(out.summary)
}

/// The Bundles of health cards, each read alone; their records have no place in the file's bytes.
fn cards(tokens: &[std::borrow::Cow<'_, str>], sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    let mut out = Out::new(sink, Summary::new(Format::FhirJson));
    let mut failed = None;
    let mut sound = false;
    for (n, token) in tokens.iter().take(card::MAX_CARDS).enumerate() {
        let path = format!("verifiableCredential[{n}]");
        let mut items: Vec<Item> = Vec::new();
        let outcome = card::payload(token).and_then(|text| {
            let range = card::bundle(&text)?;
            read_text(&text[range], 0, &mut items, false)
        });
        match outcome {
            Ok(summary) => {
                sound = true;
                out.forward(items, &path, &summary)?;
                out.warn(place(path, 0, 0), Remark::CardUnchecked)?;
            }
            Err(e @ (ParseError::Stopped | ParseError::Io)) => return Err(e),
            Err(e) => {
                out.warn(place(path, 0, 0), e.clone())?;
                failed = Some(e);
            }
        }
    }
    out.summary.skip("health cards", tokens.len().saturating_sub(card::MAX_CARDS) as u64);
    match failed {
        Some(e) if !sound => Err(e),
        _ => Ok(out.summary),
    }
}

/// Bundles inside a Bundle (a batch's answers) give their entries in their place.
fn unfold<'a>(text: &'a str, mut scan: Scan<'a>) -> Result<Scan<'a>, ParseError> {
    while scan.found.iter().any(|f| f.kind == "Bundle") {
        let mut found = Vec::with_capacity(scan.found.len());
        for f in scan.found {
            if f.kind == "Bundle" {
                let inner =
                    scan::scan(&mut Reader::new(text, f.range.start), &f.path).map_err(|e| fault(e, text))?;
                refuse_version(inner.telltales)?;
                found.extend(inner.found);
            } else {
                found.push(f);
            }
        }
        scan.found = found;
    }
    Ok(scan)
}

fn has_sound_second_line(text: &str) -> bool {
    let Some(at) =
        text.match_indices('\n').map(|(at, _)| at + 1).find(|&at| !text[at..].trim_start().is_empty())
    else {
        return false;
    };
    let line = text[at..].lines().next().unwrap_or("");
    line.starts_with('{') && scan::scan(&mut Reader::new(line, 0), "").is_ok_and(|s| !s.found.is_empty())
}

/// One JSON value after the other; returns also the places of those that are broken.
fn lines(text: &str, start: usize) -> Result<(Scan<'_>, Format, Vec<usize>), ParseError> {
    let mut all = Scan::default();
    let mut broken = Vec::new();
    let mut reader = Reader::new(text, start);
    while reader.peek().is_some() {
        let at = reader.at;
        match scan::scan(&mut reader, &format!("[{}]", all.found.len() + broken.len())) {
            Ok(one) => {
                all.found.extend(one.found);
                all.credentials.extend(one.credentials);
                all.is_bundle |= one.is_bundle;
                all.telltales.dstu2 |= one.telltales.dstu2;
                all.telltales.stu3 |= one.telltales.stu3;
                all.telltales.r4 |= one.telltales.r4;
            }
            Err(Fault::TooDeep) => return Err(fault(Fault::TooDeep, text)),
            Err(Fault::Syntax(_)) => {
                broken.push(at);
                reader = Reader::new(text, text[at..].find('\n').map_or(text.len(), |n| at + n + 1));
            }
        }
    }
    if all.found.is_empty() {
        return Err(ParseError::malformed(WHAT, Flaw::NoSoundLine, Some(start as u64)));
    }
    Ok((all, Format::FhirNdjson, broken))
}

fn place(path: String, from: usize, to: usize) -> Locator {
    Locator::Path { path, bytes: (to > from).then_some((from as u64, to as u64)) }
}

fn locate(found: &Found<'_>) -> Locator {
    place(found.path.clone(), found.range.start, found.range.end)
}

fn emit(text: &str, found: Vec<Found<'_>>, out: &mut Out<'_>) -> Result<(), ParseError> {
    let refs = Refs::new(text, found);
    let people = People::of(&refs);
    people.announce(&refs, out)?;
    for (n, found) in refs.found.iter().enumerate() {
        if n % 256 == 0 {
            out.progress(found.range.start, text.len());
        }
        if found.kind.is_empty() {
            out.warn(locate(found), Remark::NoKind)?;
            out.summary.skip("unknown", 1);
        } else if found.kind == "Patient" {
            // Announced before.
        } else if is_record(&found.kind) {
            let Some(resource) = refs.read(n) else { continue };
            one(&refs, &people, found, &resource, out)?;
        } else {
            out.summary.skip(&some(&found.kind).unwrap_or_default(), 1);
        }
    }
    out.progress(text.len(), text.len());
    Ok(())
}

fn is_record(kind: &str) -> bool {
    matches!(
        kind,
        "Observation"
            | "Condition"
            | "MedicationStatement"
            | "MedicationRequest"
            | "MedicationAdministration"
            | "MedicationDispense"
            | "AllergyIntolerance"
            | "Immunization"
            | "Procedure"
            | "Encounter"
            | "DiagnosticReport"
            | "Composition"
            | "DocumentReference"
    )
}

fn one(
    refs: &Refs<'_>,
    people: &People,
    found: &Found<'_>,
    resource: &Json<'_>,
    out: &mut Out<'_>,
) -> Result<(), ParseError> {
    let reason = left_out(resource).or_else(|| people.stranger(refs, resource));
    if let Some(reason) = reason {
        out.summary.skip(&found.kind, 1);
        return out.warn(locate(found), reason);
    }
    let mut cx = Cx::new(refs, resource);
    let source_id = found
        .full_url
        .as_ref()
        .map(ToString::to_string)
        .or_else(|| found.id.as_ref().map(|id| format!("{}/{id}", found.kind)));
    match &*found.kind {
        "Composition" => texts(&mut cx, found, source_id, out)?,
        "DocumentReference" => attachments(&mut cx, found, source_id, out)?,
        kind => {
            let (effective, mut body) = convert_one(kind, &mut cx);
            if named(&mut body, resource) {
                out.record(effective, body, locate(found), source_id.clone())?;
            } else {
                out.summary.skip(kind, 1);
                cx.warnings.push(Remark::NoSubject);
            }
            if kind == "DiagnosticReport" {
                attachments(&mut cx, found, source_id, out)?;
            }
        }
    }
    cx.warnings.dedup();
    cx.warnings.into_iter().try_for_each(|w| out.warn(locate(found), w))
}

fn convert_one(kind: &str, cx: &mut Cx<'_, '_>) -> Read {
    match kind {
        "Condition" => convert::condition(cx),
        "MedicationStatement" => medication::medication(cx, "statement"),
        "MedicationRequest" => medication::medication(cx, "request"),
        "MedicationAdministration" => medication::medication(cx, "administration"),
        "MedicationDispense" => medication::medication(cx, "dispense"),
        "AllergyIntolerance" => convert::allergy(cx),
        "Immunization" => convert::immunization(cx),
        "Procedure" => convert::procedure(cx),
        "Encounter" => convert::encounter(cx),
        "DiagnosticReport" => convert::report(cx),
        _ => observation::observation(cx),
    }
}

/// Why a resource must not become a record, if so.
fn left_out(resource: &Json<'_>) -> Option<Remark> {
    let wrong = |status: &Json<'_>| {
        status.str() == Some("entered-in-error")
            || types::concept(status).codings.iter().any(|c| c.code == "entered-in-error")
    };
    if ["status", "verificationStatus", "docStatus"].iter().any(|k| wrong(resource.get(k))) {
        return Some(Remark::EnteredInError);
    }
    if resource.get("doNotPerform").is_true() {
        return Some(Remark::NotToBeDone);
    }
    None
}

/// Whether the record says what it is about; the narrative helps out where no code does.
fn named(body: &mut Body, resource: &Json<'_>) -> bool {
    let optional = matches!(body, Body::Encounter(_))
        || matches!(body, Body::DiagnosticReport(r) if !r.results.is_empty() || r.conclusion.is_some())
        || matches!(body, Body::Observation(o) if o.components.iter().any(|c| !c.code.is_empty()));
    let code: &mut Concept = match body {
        Body::Observation(x) => &mut x.code,
        Body::Condition(x) => &mut x.code,
        Body::Medication(x) => &mut x.code,
        Body::Allergy(x) => &mut x.code,
        Body::Immunization(x) => &mut x.code,
        Body::Procedure(x) => &mut x.code,
        Body::Encounter(x) => &mut x.code,
        Body::DiagnosticReport(x) => &mut x.code,
        Body::Note(_) => return true,
    };
    // A measured value is not named from prose: the prose may speak of several.
    if code.is_empty() && !optional && !matches!(resource.get("resourceType").str(), Some("Observation")) {
        let narrative = resource.get("text").get("div").str().map(crate::clinical::text::from_markup);
        code.text = narrative.filter(|t| !t.is_empty() && t.len() <= 300);
    }
    optional || !code.is_empty()
}

fn texts(
    cx: &mut Cx<'_, '_>,
    found: &Found<'_>,
    source_id: Option<String>,
    out: &mut Out<'_>,
) -> Result<(), ParseError> {
    let effective = cx.when(cx.get("date"));
    for (n, note) in notes::sections(cx.res).into_iter().enumerate() {
        let id = source_id.as_ref().map(|id| format!("{id}#{n}"));
        out.record(effective, Body::Note(note), locate(found), id)?;
    }
    Ok(())
}

fn attachments(
    cx: &mut Cx<'_, '_>,
    found: &Found<'_>,
    source_id: Option<String>,
    out: &mut Out<'_>,
) -> Result<(), ParseError> {
    let all = notes::attachments(cx);
    if all.is_empty() {
        return Ok(());
    }
    let effective = if found.kind == "DiagnosticReport" {
        cx.first_when(&["effectiveDateTime", "effectivePeriod", "issued"])
    } else {
        notes::document_time(cx)
    };
    for (n, attached) in all.into_iter().enumerate() {
        match attached {
            notes::Attached::Text(note) => {
                let id = source_id.as_ref().map(|id| format!("{id}#{n}"));
                out.record(effective, Body::Note(note), locate(found), id)?;
            }
            notes::Attached::Other => {
                out.summary.skip("attachments", 1);
                out.warn(locate(found), Remark::Attached)?;
            }
            notes::Attached::Linked => out.summary.skip("linked documents", 1),
        }
    }
    Ok(())
}
