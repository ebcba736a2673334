//! One pass over a FHIR file that checks its grammar and notes where each resource lies, so that
//! resources are then read one at a time and memory stays small.

use super::json::{Fault, Reader};
use std::{borrow::Cow, ops::Range};

/// A resource in the file.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    /// `Bundle.entry[3].resource`.
    pub(crate) path: String,
    /// Bytes of the resource.
    pub(crate) range: Range<usize>,
    /// `resourceType`; empty when missing.
    pub(crate) kind: Cow<'a, str>,
    /// Its `id`.
    pub(crate) id: Option<Cow<'a, str>>,
    /// The entry's `fullUrl`.
    pub(crate) full_url: Option<Cow<'a, str>>,
}

/// Which versions of FHIR the fields seen so far belong to.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Telltales {
    pub(crate) dstu2: bool,
    pub(crate) stu3: bool,
    pub(crate) r4: bool,
}

/// What one top-level value holds.
#[derive(Debug, Default)]
pub(crate) struct Scan<'a> {
    pub(crate) found: Vec<Found<'a>>,
    pub(crate) telltales: Telltales,
    /// SMART Health Card credentials.
    pub(crate) credentials: Vec<Cow<'a, str>>,
    /// Whether the value was a Bundle.
    pub(crate) is_bundle: bool,
}

/// One object read as a resource, or as the wrapper of one.
#[derive(Default)]
struct Object<'a> {
    kind: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    entries: Vec<Entry<'a>>,
    credentials: Vec<Cow<'a, str>>,
}

struct Entry<'a> {
    resource: Option<(Object<'a>, Range<usize>)>,
    direct: (Object<'a>, Range<usize>),
    full_url: Option<Cow<'a, str>>,
    number: usize,
}

/// Scans the value at `at`. `path` names it: `Bundle` for a whole file, or empty to be named by
/// its own type.
pub(crate) fn scan<'a>(reader: &mut Reader<'a>, path: &str) -> Result<Scan<'a>, Fault> {
    let mut scan = Scan::default();
    reader.peek();
    let start = reader.at;
    match reader.peek() {
        Some(b'{') => {
            let object = scan.object(reader, 1, true)?;
            let range = start..reader.at;
            scan.take(object, range, path, None);
        }
        Some(b'[') => {
            let mut number = 0;
            reader.elements(|r| {
                let start = r.at;
                if r.peek() == Some(b'{') {
                    let object = scan.object(r, 2, true)?;
                    scan.take(object, start..r.at, &format!("{path}[{number}]"), None);
                } else {
                    r.skip(2)?;
                }
                number += 1;
                Ok(())
            })?;
        }
        _ => {
            reader.skip(0)?;
        }
    }
    Ok(scan)
}

impl<'a> Scan<'a> {
    fn object(
        &mut self,
        reader: &mut Reader<'a>,
        depth: usize,
        with_entries: bool,
    ) -> Result<Object<'a>, Fault> {
        let mut object = Object::default();
        let mut seen = Seen::default();
        reader.members(|r, key| {
            let first = r.peek();
            match (&*key, first) {
                ("resourceType", Some(b'"')) => object.kind = Some(r.text()?),
                ("id", Some(b'"')) => object.id = Some(r.text()?),
                ("entry", Some(b'[')) if with_entries => object.entries = self.entries(r, depth + 1)?,
                ("verifiableCredential", Some(b'[')) => r.elements(|r| {
                    if r.peek() == Some(b'"') {
                        object.credentials.push(r.text()?);
                        return Ok(());
                    }
                    r.skip(depth + 1).map(drop)
                })?,
                ("fhirVersion", Some(b'"')) => seen.version = Some(r.text()?),
                _ => {
                    r.skip(depth)?;
                    seen.note(&key, first);
                }
            }
            Ok(())
        })?;
        seen.tell(object.kind.as_deref().unwrap_or(""), &mut self.telltales);
        Ok(object)
    }

    fn entries(&mut self, reader: &mut Reader<'a>, depth: usize) -> Result<Vec<Entry<'a>>, Fault> {
        let mut entries = Vec::new();
        let mut number = 0;
        reader.elements(|r| {
            if r.peek() == Some(b'{') {
                entries.push(self.entry(r, depth + 1, number)?);
            } else {
                r.skip(depth)?;
            }
            number += 1;
            Ok(())
        })?;
        Ok(entries)
    }

    fn entry(&mut self, reader: &mut Reader<'a>, depth: usize, number: usize) -> Result<Entry<'a>, Fault> {
        let (mut resource, mut full_url) = (None, None);
        let mut direct = Object::default();
        let start = reader.at;
        reader.members(|r, key| {
            match (&*key, r.peek()) {
                ("resource", Some(b'{')) => {
                    let start = r.at;
                    let object = self.object(r, depth + 1, false)?;
                    resource = Some((object, start..r.at));
                }
                ("fullUrl", Some(b'"')) => full_url = Some(r.text()?),
                ("resourceType", Some(b'"')) => direct.kind = Some(r.text()?),
                ("id", Some(b'"')) => direct.id = Some(r.text()?),
                _ => {
                    r.skip(depth)?;
                }
            }
            Ok(())
        })?;
        Ok(Entry { resource, direct: (direct, start..reader.at), full_url, number })
    }

    fn take(&mut self, object: Object<'a>, range: Range<usize>, path: &str, full_url: Option<Cow<'a, str>>) {
        self.credentials.extend(object.credentials);
        let kind = object.kind.unwrap_or_default();
        let path = if path.is_empty() { kind.to_string() } else { path.to_owned() };
        if kind != "Bundle" {
            self.found.push(Found { path, range, kind, id: object.id, full_url });
            return;
        }
        self.is_bundle = true;
        for entry in object.entries {
            // Some servers put the resource's fields straight into the entry.
            let (found, range, path) = match entry.resource {
                Some((o, range)) => (o, range, format!("{path}.entry[{}].resource", entry.number)),
                None if entry.direct.0.kind.is_some() => {
                    (entry.direct.0, entry.direct.1, format!("{path}.entry[{}]", entry.number))
                }
                None => continue,
            };
            let kind = found.kind.unwrap_or_default();
            self.found.push(Found { path, range, kind, id: found.id, full_url: entry.full_url });
        }
    }
}

/// The names of fields that tell FHIR's versions apart.
#[derive(Default)]
struct Seen<'a> {
    version: Option<Cow<'a, str>>,
    marks: u32,
}

const COMMENTS: u32 = 1;
const COMMENT: u32 = 1 << 1;
const STATUS_TEXT: u32 = 1 << 2;
const STATUS_OBJECT: u32 = 1 << 3;
const CATEGORY_OBJECT: u32 = 1 << 4;
const TAKEN: u32 = 1 << 5;
const NOT_TAKEN: u32 = 1 << 6;
const SUBSTANCE: u32 = 1 << 7;
const NOT_GIVEN: u32 = 1 << 8;
const WAS_NOT_GIVEN: u32 = 1 << 9;
const NOT_DONE: u32 = 1 << 10;
const NOT_PERFORMED: u32 = 1 << 11;
const CLASS_TEXT: u32 = 1 << 12;
const PATIENT: u32 = 1 << 13;
const OCCURRENCE: u32 = 1 << 14;
const RELATED: u32 = 1 << 15;
const DATE: u32 = 1 << 16;
const CODE_ANY: u32 = 1 << 17;

impl Seen<'_> {
    fn note(&mut self, key: &str, first: Option<u8>) {
        let text = first == Some(b'"');
        self.marks |= match key {
            "comments" => COMMENTS,
            "comment" => COMMENT,
            "clinicalStatus" if text => STATUS_TEXT,
            "clinicalStatus" if first == Some(b'{') => STATUS_OBJECT,
            "category" if first == Some(b'{') => CATEGORY_OBJECT,
            "taken" => TAKEN,
            "wasNotTaken" => NOT_TAKEN,
            "substance" => SUBSTANCE,
            "notGiven" => NOT_GIVEN,
            "wasNotGiven" => WAS_NOT_GIVEN,
            "notDone" => NOT_DONE,
            "notPerformed" => NOT_PERFORMED,
            "class" if text => CLASS_TEXT,
            "patient" => PATIENT,
            "occurrenceDateTime" | "occurrenceString" => OCCURRENCE,
            "related" => RELATED,
            "date" => DATE,
            "code" => CODE_ANY,
            _ => 0,
        };
    }

    fn tell(&self, kind: &str, to: &mut Telltales) {
        let has = |mark: u32| self.marks & mark != 0;
        let version = self.version.as_deref().unwrap_or("");
        to.dstu2 |= version.starts_with("1.") || version.starts_with("0.");
        to.stu3 |= version.starts_with("3.");
        to.r4 |= version.starts_with("4.") || version.starts_with("5.");
        match kind {
            "MedicationOrder" | "DiagnosticOrder" | "Conformance" | "DeviceUseRequest" | "ProcessRequest"
            | "BodySite" => to.dstu2 = true,
            "ProcedureRequest" | "ReferralRequest" | "Sequence" | "ImagingManifest"
            | "EligibilityRequest" => {
                to.stu3 = true;
            }
            "Observation" => {
                to.dstu2 |= has(COMMENTS) || has(CATEGORY_OBJECT);
                to.stu3 |= has(COMMENT) || has(RELATED);
            }
            "Condition" => {
                to.dstu2 |= has(PATIENT) && has(CODE_ANY);
                to.stu3 |= has(STATUS_TEXT) && !has(PATIENT);
                to.r4 |= has(STATUS_OBJECT);
            }
            "AllergyIntolerance" => {
                to.dstu2 |= has(SUBSTANCE);
                to.stu3 |= has(STATUS_TEXT);
                to.r4 |= has(STATUS_OBJECT);
            }
            "MedicationStatement" => {
                to.dstu2 |= has(NOT_TAKEN);
                to.stu3 |= has(TAKEN);
            }
            "Immunization" => {
                to.dstu2 |= has(WAS_NOT_GIVEN);
                to.stu3 |= has(NOT_GIVEN);
                to.stu3 |= has(DATE) && !has(OCCURRENCE) && !has(WAS_NOT_GIVEN);
                to.r4 |= has(OCCURRENCE);
            }
            "Procedure" => {
                to.dstu2 |= has(NOT_PERFORMED);
                to.stu3 |= has(NOT_DONE);
            }
            "Encounter" => to.dstu2 |= has(CLASS_TEXT),
            _ => {}
        }
    }
}
