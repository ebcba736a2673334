//! Facts from files, as the import would make them, but by a small reader that stands in for it here: this crate
//! rests on the domain alone.

use crate::worlds::{Files, today};
use keepwell_ask::{
    Lang,
    facts::{Detail, DocumentFact, Facts, Index, NewItem, NewMarker, ValueFact, WaitingFact},
};
use keepwell_domain::{
    analyte::{self, Analyte},
    ids::{DocumentId, RecordId},
    measure::{Comparator, Number, Quantity},
    record::{
        Allergy, Body, Coding, Concept, Condition, DiagnosticReport, Encounter, Immunization, Medication,
        Note, Procedure, Record,
    },
    time::{DAY, Ts, When},
    view::{DocumentState, RangeView, Shown, Standing},
};
use serde_json::Value as Json;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

#[derive(Default)]
struct Loader {
    markers: BTreeMap<String, NewMarker>,
    items: Vec<(RecordId, Record, Vec<DocumentId>)>,
    undated: Vec<(String, RecordId)>,
    next: u128,
}

fn text(j: &Json) -> Option<String> {
    j.as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

fn when(j: &Json) -> Option<When> {
    When::parse(j.as_str()?).ok()
}

fn concept(j: &Json) -> Concept {
    let coding = |c: &Json| Coding {
        system: text(&c["system"]).unwrap_or_default(),
        code: text(&c["code"]).unwrap_or_default(),
        display: text(&c["display"]),
    };
    Concept {
        text: text(&j["text"]),
        codings: j["coding"].as_array().into_iter().flatten().map(coding).collect(),
    }
}

/// One result, whichever file it came from.
struct Result<'a> {
    name: &'a str,
    loinc: Option<&'a str>,
    value: &'a str,
    unit: &'a str,
    sign: &'a str,
    low: Option<f64>,
    high: Option<f64>,
    lab: Option<String>,
    when: Option<When>,
    document: DocumentId,
}

impl Loader {
    fn id(&mut self) -> RecordId {
        self.next += 1;
        RecordId::new(Uuid::from_u128(self.next))
    }

    fn result(&mut self, r: &Result<'_>, id: RecordId) {
        let found: Option<&'static Analyte> = r
            .loinc
            .and_then(analyte::find_by_loinc)
            .or_else(|| analyte::find_by_name(r.name, Some(r.unit), None).map(|m| m.analyte));
        let key = found.map_or_else(|| format!("x-{}", r.name.to_lowercase()), |a| a.loinc.to_owned());
        let Some(w) = r.when else {
            self.undated.push((key, id));
            return;
        };
        let quantity = Number::parse(r.value).ok().map(|number| Quantity {
            number,
            comparator: Comparator::parse(r.sign),
            unit: Some(r.unit.to_owned()),
            ucum: None,
        });
        let number = quantity
            .as_ref()
            .zip(found)
            .and_then(|(q, a)| analyte::canonical(a, r.loinc, q))
            .map(|c| c.number);
        let standing = match (quantity.as_ref().map(|q| q.number.value()), r.sign) {
            (Some(v), "") if r.low.is_some_and(|l| v < l) => Standing::Low,
            (Some(v), "") if r.high.is_some_and(|h| v > h) => Standing::High,
            (Some(_), "") if r.low.is_some() || r.high.is_some() => Standing::Within,
            (Some(v), "<") if r.low.is_none() && r.high.is_some_and(|h| v <= h) => Standing::Within,
            _ => Standing::Unknown,
        };
        let range = (r.low.is_some() || r.high.is_some()).then(|| RangeView {
            low: r.low,
            high: r.high,
            text: match (r.low, r.high) {
                (Some(l), Some(h)) => format!("{l}–{h}"),
                (Some(l), None) => format!("≥ {l}"),
                (None, Some(h)) => format!("≤ {h}"),
                _ => String::new(),
            },
        });
        let marker = self.markers.entry(key.clone()).or_insert_with(|| NewMarker {
            key,
            analyte: found,
            printed: r.name.to_owned(),
            aliases: Vec::new(),
            unit: found.map_or(r.unit, |a| a.unit).to_owned(),
            values: Vec::new(),
            is_dense: false,
        });
        marker.aliases.push(r.name.to_owned());
        // What a second file says alike is a second source of the same record.
        let same = marker.values.iter_mut().filter_map(|v| v.detail.as_mut()).find(|d| {
            d.when == w && d.shown.text.parse::<f64>().ok() == r.value.parse().ok() && d.shown.unit == r.unit
        });
        if let Some(d) = same {
            d.documents.push(r.document);
            return;
        }
        let shown = Shown {
            comparator: r.sign.to_owned(),
            text: r.value.to_owned(),
            unit: r.unit.to_owned(),
            numeric: quantity.is_some(),
        };
        let detail = Detail {
            record: id,
            when: w,
            shown,
            quantity,
            loinc: r.loinc.map(str::to_owned),
            standing,
            range,
            lab: r.lab.clone(),
            documents: vec![r.document],
            created: Ts(0),
            is_contradicted: false,
        };
        marker.values.push(ValueFact { t: w.sort_key(), number, detail: Some(Box::new(detail)) });
    }

    fn observation(&mut self, whole: &Json, o: &Json, document: DocumentId, id: RecordId) {
        let code = concept(&o["code"]);
        let q = &o["valueQuantity"];
        let limit = |side: &str| o["referenceRange"][0][side]["value"].as_f64();
        let number = if q["value"].is_number() {
            q["value"].to_string()
        } else {
            text(&o["valueString"]).unwrap_or_default()
        };
        if number.is_empty() {
            return;
        }
        self.result(
            &Result {
                name: code.name(),
                loinc: code.code_in(keepwell_domain::record::LOINC),
                value: &number,
                unit: q["unit"].as_str().unwrap_or(""),
                sign: q["comparator"].as_str().unwrap_or(""),
                low: limit("low"),
                high: limit("high"),
                lab: text(&whole["performer"][0]["display"]),
                when: when(&whole["effectiveDateTime"]).or_else(|| when(&whole["effectivePeriod"]["start"])),
                document,
            },
            id,
        );
    }

    fn bundle(&mut self, b: &Json, document: DocumentId) {
        for r in b["entry"].as_array().unwrap().iter().map(|e| &e["resource"]) {
            let id = self.id();
            if r["resourceType"] == "Observation" {
                self.observation(r, r, document, id);
                for c in r["component"].as_array().into_iter().flatten() {
                    self.observation(r, c, document, id);
                }
            } else if let Some((effective, body)) = body(r) {
                self.items.push((id, Record { effective, body }, vec![document]));
            }
        }
    }

    fn table(&mut self, all: &str, document: DocumentId) {
        for l in all.lines().skip(1) {
            let c: Vec<&str> = l.split(';').collect();
            let day: Vec<&str> = c[4].split('.').collect();
            let (d, m, y) = (day[0], day[1], day[2]);
            let (sign, value) = c[1].strip_prefix('<').map_or(("", c[1]), |n| ("<", n));
            let value = if value.bytes().all(|b| b.is_ascii_digit() || b == b',') {
                value.replace(',', ".")
            } else {
                value.to_owned()
            };
            let range = c[3].replace(',', ".");
            let (low, high) = match range.split_once(" - ") {
                Some((l, h)) => (l.parse().ok(), h.parse().ok()),
                None => (
                    range.strip_prefix("> ").and_then(|l| l.parse().ok()),
                    range.strip_prefix("< ").and_then(|h| h.parse().ok()),
                ),
            };
            let id = self.id();
            self.result(
                &Result {
                    name: c[0],
                    loinc: None,
                    value: &value,
                    unit: c[2],
                    sign,
                    low,
                    high,
                    lab: Some(c[5].to_owned()),
                    when: When::parse(&format!("{y}-{m}-{d}")).ok(),
                    document,
                },
                id,
            );
        }
    }

    fn message(&mut self, all: &str, document: DocumentId) {
        for l in all.split('\r').filter(|l| l.starts_with("OBX")) {
            let f: Vec<&str> = l.split('|').collect();
            let (sign, value) = if f[2] == "SN" { f[5].split_once('^').unwrap() } else { ("", f[5]) };
            let t = f[14];
            let day = format!("{}-{}-{}T{}:{}:00+02:00", &t[..4], &t[4..6], &t[6..8], &t[8..10], &t[10..12]);
            let range = f[7];
            let (low, high) = match range.split_once('-') {
                Some((l, h)) => (l.parse().ok(), h.parse().ok()),
                None => (
                    range.strip_prefix(">=").and_then(|l| l.parse().ok()),
                    range.strip_prefix("<=").and_then(|h| h.parse().ok()),
                ),
            };
            let id = self.id();
            let code: Vec<&str> = f[3].split('^').collect();
            self.result(
                &Result {
                    name: code[1],
                    loinc: Some(code[0]),
                    value,
                    unit: f[6].split('^').nth(1).unwrap_or(""),
                    sign,
                    low,
                    high,
                    lab: Some(f[f.len() - 1].to_owned()),
                    when: When::parse(&day).ok(),
                    document,
                },
                id,
            );
        }
    }
}

fn body(r: &Json) -> Option<(Option<When>, Body)> {
    let note = text(&r["note"][0]["text"]);
    let status = text(&r["clinicalStatus"]["coding"][0]["code"]);
    Some(match r["resourceType"].as_str()? {
        "Condition" => {
            let onset = when(&r["onsetDateTime"]);
            let c = Condition {
                code: concept(&r["code"]),
                clinical_status: status,
                onset,
                abatement: when(&r["abatementDateTime"]),
                note,
                ..Condition::default()
            };
            (onset, Body::Condition(c))
        }
        "MedicationStatement" | "MedicationRequest" => {
            let d = if r["dosage"].is_array() { &r["dosage"][0] } else { &r["dosageInstruction"][0] };
            let bounds = &d["timing"]["repeat"]["boundsPeriod"];
            let start = when(&r["effectivePeriod"]["start"]).or_else(|| when(&bounds["start"]));
            let m = Medication {
                code: concept(&r["medicationCodeableConcept"]),
                status: text(&r["status"]),
                start,
                end: when(&r["effectivePeriod"]["end"]).or_else(|| when(&bounds["end"])),
                dosage: text(&d["text"]),
                reason: text(&r["reasonCode"][0]["text"]),
                ..Medication::default()
            };
            (start, Body::Medication(m))
        }
        "AllergyIntolerance" => {
            let reactions = r["reaction"][0]["manifestation"].as_array().into_iter().flatten();
            let a = Allergy {
                code: concept(&r["code"]),
                clinical_status: status,
                reactions: reactions.filter_map(|m| text(&m["text"])).collect(),
                note,
                ..Allergy::default()
            };
            (when(&r["recordedDate"]), Body::Allergy(a))
        }
        "Immunization" => {
            let dose = text(&r["protocolApplied"][0]["doseNumberString"]);
            let i = Immunization {
                code: concept(&r["vaccineCode"]),
                status: text(&r["status"]),
                dose,
                ..Immunization::default()
            };
            (when(&r["occurrenceDateTime"]), Body::Immunization(i))
        }
        "Procedure" => {
            let p = Procedure {
                code: concept(&r["code"]),
                status: text(&r["status"]),
                end: when(&r["performedPeriod"]["end"]),
                reason: text(&r["reasonCode"][0]["text"]),
                note,
            };
            (
                when(&r["performedPeriod"]["start"]).or_else(|| when(&r["performedDateTime"])),
                Body::Procedure(p),
            )
        }
        "Encounter" => {
            let e = Encounter {
                code: concept(&r["type"][0]),
                class: text(&r["class"]["code"]),
                status: text(&r["status"]),
                end: when(&r["period"]["end"]),
                reason: text(&r["reasonCode"][0]["text"]),
                place: text(&r["location"][0]["location"]["display"])
                    .or_else(|| text(&r["serviceProvider"]["display"])),
            };
            (when(&r["period"]["start"]), Body::Encounter(e))
        }
        "DiagnosticReport" => {
            let d = DiagnosticReport {
                code: concept(&r["code"]),
                status: text(&r["status"]),
                results: Vec::new(),
                conclusion: text(&r["conclusion"]),
                performer: text(&r["performer"][0]["display"]),
            };
            (when(&r["effectiveDateTime"]), Body::DiagnosticReport(d))
        }
        "DocumentReference" => {
            let data = text(&r["content"][0]["attachment"]["data"])?;
            let n = Note { title: text(&r["description"]), text: base64(&data) };
            (when(&r["date"]), Body::Note(n))
        }
        _ => return None,
    })
}

fn base64(data: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut have) = (Vec::new(), 0u32, 0);
    for d in data.bytes().filter_map(|b| DIGITS.iter().position(|x| *x == b)) {
        bits = bits << 6 | u32::try_from(d).unwrap();
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have & 0xff) as u8);
        }
    }
    String::from_utf8(out).unwrap()
}

/// What the answerer would be given for these files.
pub fn facts(files: &Files) -> Facts {
    let mut l = Loader::default();
    let (mut documents, mut waiting) = (Vec::new(), Vec::new());
    for (n, (name, bytes)) in files.iter().enumerate() {
        let id = DocumentId::new(Uuid::from_u128(0xd0c0 + n as u128));
        let all = String::from_utf8_lossy(bytes);
        let mut rows = 0;
        if name.ends_with(".json") {
            l.bundle(&serde_json::from_str(&all).unwrap(), id);
        } else if name == "labor.csv" {
            // The import leaves this row to the person: its date has two readings.
            rows = 1;
            waiting.push(WaitingFact {
                document: id,
                key: Some("2823-3".to_owned()),
                name: "Kalium".to_owned(),
                when: None,
            });
        } else if name.ends_with(".csv") {
            l.table(&all, id);
        } else if name.ends_with(".hl7") {
            l.message(&all, id);
        }
        documents.push(DocumentFact {
            id,
            name: name.clone(),
            format: String::new(),
            created: Ts(today().days() * DAY),
            state: if rows > 0 { DocumentState::Review } else { DocumentState::Done },
            records: 0,
            samples: 0,
            waiting: rows,
            subject: None,
            reason: None,
        });
    }
    let mut markers: Vec<NewMarker> = l.markers.into_values().collect();
    for m in &mut markers {
        m.values.sort_by_key(|v| v.t);
        m.aliases.sort();
        m.aliases.dedup();
    }
    l.items
        .sort_by_key(|(id, r, _)| (std::cmp::Reverse(r.effective.map_or(i64::MIN, |w| w.sort_key().0)), *id));
    let items =
        l.items.iter().map(|(id, record, docs)| NewItem { id: *id, record, documents: docs, created: Ts(0) });
    Facts {
        index: Arc::new(Index::new(markers, items, l.undated)),
        documents: Arc::new(documents),
        waiting: Arc::new(waiting),
        today: today(),
        lang: Lang::En,
    }
}
