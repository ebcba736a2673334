//! A person with a bit of everything: files of four formats, typed, edited and deleted records.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Test, bundle, lab};
use keepwell_domain::{
    record::Kind,
    view::{RecordForm, TimelineQuery},
};
use keepwell_services::Actor;
use serde_json::{Value as Json, json};

fn resource(kind: &str, rest: Json) -> String {
    let mut r = json!({ "resourceType": kind, "id": format!("{}-1", kind.to_lowercase()) });
    r.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    r.to_string()
}

fn snomed(code: &str, name: &str) -> Json {
    json!({ "coding": [{ "system": "http://snomed.info/sct", "code": code, "display": name }], "text": name })
}

/// One of everything that FHIR has for us.
pub fn everything() -> Vec<u8> {
    let who = json!({ "reference": "Patient/p" });
    let state = |system: &str, code: &str| json!({ "coding": [{ "system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code }] });
    let part = |code: &str, name: &str, n: u32| {
        json!({
        "code": { "coding": [{ "system": "http://loinc.org", "code": code }], "text": name },
        "valueQuantity": { "value": n, "unit": "mm[Hg]", "system": "http://unitsofmeasure.org", "code": "mm[Hg]" } })
    };
    bundle(&[
        lab("a", "2276-4", "Ferritin", "2023-01-10", "25.0", "ng/mL"),
        lab("b", "2276-4", "Ferritin", "2024-01-10T08:15:00+01:00", "31", "ng/mL"),
        lab("c", "718-7", r#"Hemoglobin <b>\"&"#, "2024-01-10", "13.20", "g/dL"),
        lab("d", "2276-4", "Ferritin", "2022-01-10", "77", "ng/mL"),
        resource(
            "Observation",
            json!({ "id": "bp", "status": "final", "subject": who, "effectiveDateTime": "2024-02-01",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }], "text": "Blood pressure" },
            "component": [part("8480-6", "Systolic", 121), part("8462-4", "Diastolic", 79)] }),
        ),
        resource(
            "Observation",
            json!({ "id": "crp", "status": "preliminary", "subject": who, "effectiveDateTime": "2024-03",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "1988-5" }], "text": "CRP" },
            "interpretation": [{ "coding": [{ "code": "L" }] }, { "text": "odd" }], "performer": [{ "display": "Lab A" }],
            "valueQuantity": { "value": 0.60, "comparator": "<", "unit": "mg/L" } }),
        ),
        resource(
            "Observation",
            json!({ "id": "none", "status": "final", "subject": who, "effectiveDateTime": "2024",
            "code": { "text": "Rubella" }, "dataAbsentReason": state("data-absent-reason", "not-performed") }),
        ),
        resource(
            "Condition",
            json!({ "subject": who, "code": snomed("38341003", "Hypertension"), "onsetDateTime": "2019-05",
            "clinicalStatus": state("condition-clinical", "resolved"), "verificationStatus": state("condition-ver-status", "confirmed"),
            "abatementDateTime": "2020-06-01", "note": [{ "text": "=HYPERLINK(\"http://x\")" }] }),
        ),
        resource(
            "MedicationRequest",
            json!({ "subject": who, "status": "active", "intent": "order", "authoredOn": "2024-01-01",
            "medicationCodeableConcept": snomed("387458008", "Aspirin"), "dosageInstruction": [{ "text": "1 daily" }] }),
        ),
        resource(
            "MedicationStatement",
            json!({ "subject": who, "status": "completed", "effectivePeriod": { "start": "2020-01-01", "end": "2020-02-01" },
            "medicationCodeableConcept": { "text": "Iron" } }),
        ),
        resource(
            "AllergyIntolerance",
            json!({ "patient": who, "code": snomed("91935009", "Peanut"), "criticality": "high", "category": ["food"],
            "clinicalStatus": state("allergyintolerance-clinical", "active"), "reaction": [{ "manifestation": [{ "text": "Hives" }], "severity": "mild" }] }),
        ),
        resource(
            "Immunization",
            json!({ "patient": who, "status": "completed", "occurrenceDateTime": "2021-05-05", "lotNumber": "L-1",
            "vaccineCode": { "text": "Tetanus" }, "protocolApplied": [{ "doseNumberPositiveInt": 2 }] }),
        ),
        resource(
            "Procedure",
            json!({ "subject": who, "status": "completed", "code": snomed("80146002", "Appendectomy"), "performedDateTime": "2010-01-01T10:00:00Z" }),
        ),
        resource(
            "Encounter",
            json!({ "subject": who, "status": "finished", "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
            "type": [{ "text": "Check-up" }], "period": { "start": "2024-01-10", "end": "2024-01-10" }, "location": [{ "location": { "display": "Clinic" } }] }),
        ),
        resource(
            "DiagnosticReport",
            json!({ "subject": who, "status": "final", "code": { "text": "Blood count" }, "effectiveDateTime": "2024-01-10",
            "result": [{ "display": "Hemoglobin" }], "conclusion": "Fine" }),
        ),
        resource(
            "DocumentReference",
            json!({ "subject": who, "status": "current", "description": "Letter", "date": "2024-01-11T00:00:00Z",
            "content": [{ "attachment": { "contentType": "text/plain", "data": "RGVhciBFdmEsCmFsbCBpcyB3ZWxsLg==" } }] }),
        ),
    ])
}

pub const TABLE: &str = "Test;Wert;Einheit;Referenzbereich;Datum\nFerritin;28,5;ng/mL;30-400;2021-03-31\n\
                     TSH;<0,10;mU/L;0,4-4,0;2021-03-31\nVitamin D;-;ng/mL;;2021-03-31\n";

pub const APPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_US"><ExportDate value="2024-05-01 10:00:00 +0200"/>
<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" creationDate="2024-03-01 10:00:00 +0100" startDate="2024-03-01 10:00:00 +0100" endDate="2024-03-01 10:00:00 +0100" value="61.300000000000004"/>
<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="=Watch" unit="count/min" creationDate="2024-03-01 10:05:00 +0100" startDate="2024-03-01 10:05:00 +0100" endDate="2024-03-01 10:05:00 +0100" value="64"/>
<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" creationDate="2024-03-02 10:05:00 +0100" startDate="2024-03-02 10:00:00 +0100" endDate="2024-03-02 10:05:00 +0100" value="312"/>
</HealthData>"#;

/// A person with files, typed, changed and deleted records, and a favourite.
pub async fn full_person(t: &Test) -> Actor {
    let eva = t.person("eva@example.org").await;
    let s = &t.services;
    t.bring(&eva, "Bündel <1>.json", &everything()).await;
    t.bring(&eva, "labor.csv", TABLE.as_bytes()).await;
    t.bring(&eva, "export.xml", APPLE.as_bytes()).await;
    // The same result once more: a second source.
    let copy = bundle(&[lab("z", "2276-4", "FERRITIN", "2023-01-10", "25", "ug/L")]);
    t.bring(&eva, "portal.json", &copy).await;
    t.bring(&eva, "photo.bin", &(0..70_000u32).map(|i| (i * 7 % 251) as u8).collect::<Vec<_>>()).await;
    let form = RecordForm {
        kind: Kind::Observation.as_str().into(),
        name: "Ferritin".into(),
        key: "2276-4".into(),
        value: "31".into(),
        unit: "ng/mL".into(),
        date: "2024-01-10".into(),
        ..RecordForm::default()
    };
    // Equal on purpose, and equal on the day to an imported one: all are meant.
    s.add_record(&eva, &form).await.unwrap();
    s.add_record(&eva, &form).await.unwrap();
    let note = RecordForm {
        kind: "note".into(),
        name: "Diary".into(),
        note: "Slept <badly>".into(),
        ..RecordForm::default()
    };
    s.add_record(&eva, &note).await.unwrap();
    let eva = s.actor_for_email("eva@example.org").await.unwrap();
    let find = async |q: &str, detail: &str| {
        let q = TimelineQuery { q: Some(q.into()), ..TimelineQuery::default() };
        s.timeline(&eva, &q).await.unwrap().items.into_iter().find(|i| i.detail.contains(detail)).unwrap().id
    };
    let edited = find("hemoglobin", "13.20").await;
    for (version, value) in [(1, "13.30"), (2, "13.40")] {
        let mut form = s.record(&eva, edited).await.unwrap().form;
        form.value = value.into();
        s.edit_record(&eva, edited, version, &form).await.unwrap();
    }
    let deleted = find("ferritin", "77").await;
    s.delete_record(&eva, deleted).await.unwrap();
    s.set_favourite(&eva, "2276-4", true).await.unwrap();
    s.actor_for_email("eva@example.org").await.unwrap()
}
