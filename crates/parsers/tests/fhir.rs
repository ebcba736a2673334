//! FHIR: what is kept, what is left out, and that nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fhir_support;

use fhir_support::{Got, every_prefix_returns, returns};
use keepwell_domain::{
    measure::{Comparator, Value},
    record::{Body, Kind},
};
use keepwell_parsers::{error::ParseError, fhir::read, sniff::Format};
use proptest::prelude::*;

const BUNDLE: &str = include_str!("fixtures/fhir_bundle.json");

fn observation<'g>(got: &'g Got, name: &str) -> &'g keepwell_domain::record::Observation {
    got.observations().into_iter().find(|(_, o)| o.code.name() == name).expect("there").1
}

#[test]
fn a_quantity_keeps_its_digits_and_all_that_belongs_to_it() {
    let got = Got::from(read, BUNDLE.as_bytes());
    let o = observation(&got, "Glukose");
    let Some(Value::Quantity(q)) = &o.value else { panic!("no quantity") };
    assert_eq!((q.number.as_str(), q.comparator), ("5.40", Some(Comparator::Lt)));
    assert_eq!(q.ucum.as_deref(), Some("mmol/L"));
    let range = o.range.as_ref().unwrap();
    assert_eq!(range.high.as_ref().unwrap().as_str(), "5.50");
    assert_eq!((o.flag.as_deref(), o.specimen.as_deref()), (Some("H"), Some("Serum")));
    assert_eq!((o.performer.as_deref(), o.note.as_deref()), (Some("Lab One"), Some("fasting")));
    let record = got.observations()[0].0;
    assert_eq!(record.record.effective.unwrap().to_string(), "2024-05-06T07:08:09+02:00");
    assert_eq!(record.source_id.as_deref(), Some("urn:uuid:o1"));
}

#[test]
fn another_persons_values_and_withdrawn_ones_are_left_out_with_a_warning() {
    let got = Got::from(read, BUNDLE.as_bytes());
    assert_eq!(got.subjects.len(), 2);
    assert_eq!(got.subjects[0].name.as_deref(), Some("Ada M. Sample"));
    assert!(!got.records.iter().any(|r| matches!(&r.record.body, Body::Observation(o)
        if ["Of somebody else", "Wrong"].contains(&o.code.name()))));
    assert!(got.reasons().contains("another person") && got.reasons().contains("entered in error"));
}

#[test]
fn a_broken_entry_costs_only_itself() {
    let got = Got::from(read, BUNDLE.as_bytes());
    assert_eq!(got.observations().len(), 4);
    assert_eq!(got.summary.skipped.get("Claim"), Some(&1));
    assert!(got.reasons().contains("does not say what it is about"));
}

#[test]
fn a_number_beyond_all_bounds_becomes_text() {
    let got = Got::from(read, BUNDLE.as_bytes());
    let o = observation(&got, "Ferritin");
    assert_eq!(o.value, Some(Value::Text("1e400 ug/L".into())));
    let range = o.range.as_ref().unwrap();
    assert_eq!((&range.low, range.text.as_deref()), (&None, Some("from 30 (men); from 15 (women)")));
    assert!(got.reasons().contains("time of issue"));
}

#[test]
fn references_are_resolved_inside_the_file() {
    let got = Got::from(read, BUNDLE.as_bytes());
    let Body::Medication(m) = &got.of(Kind::Medication)[0].record.body else { panic!() };
    assert_eq!(m.code.name(), "Metformin");
    assert_eq!(m.dosage.as_deref(), Some("500 mg, 2 times per day"));
    assert_eq!(m.reason.as_deref(), Some("Diabetes"));
    let Body::Medication(r5) = &got.of(Kind::Medication)[1].record.body else { panic!() };
    assert_eq!(r5.code.name(), "Vitamin D");
    let Body::DiagnosticReport(r) = &got.of(Kind::DiagnosticReport)[0].record.body else { panic!() };
    assert_eq!(r.results, ["Glukose", "Blood pressure"]);
}

#[test]
fn texts_become_notes_and_other_attachments_are_told() {
    let got = Got::from(read, BUNDLE.as_bytes());
    let notes: Vec<_> = got
        .of(Kind::Note)
        .into_iter()
        .map(|r| match &r.record.body {
            Body::Note(n) => n.text.clone(),
            _ => String::new(),
        })
        .collect();
    assert_eq!(notes, ["All good.", "Once upon a time"]);
    assert_eq!(got.summary.skipped.get("attachments"), Some(&1));
}

#[test]
fn lines_arrays_and_single_resources_are_read() {
    let one = r#"{"resourceType":"Observation","status":"final","code":{"text":"A"},"valueInteger":5}"#;
    let lines = format!("\u{feff}{one}\n\n{{\"broken\n{one}\r\n");
    let got = Got::from(read, lines.as_bytes());
    assert_eq!((got.summary.format, got.records.len(), got.warnings.len()), (Format::FhirNdjson, 2, 1));
    assert_eq!(Got::from(read, format!("[{one},{one}]").as_bytes()).records.len(), 2);
    assert_eq!(Got::from(read, one.as_bytes()).records.len(), 1);
    let nested = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{{"resourceType":"Bundle","entry":[{{"resource":{one}}}]}}}}]}}"#
    );
    assert_eq!(Got::from(read, nested.as_bytes()).records.len(), 1);
}

#[test]
fn older_versions_xml_and_other_json_are_refused_with_a_reason() {
    for (text, word) in [
        (r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"MedicationOrder"}}]}"#, "DSTU2"),
        (r#"{"resourceType":"Observation","code":{"text":"x"},"comments":"x"}"#, "DSTU2"),
        (
            r#"{"resourceType":"Condition","clinicalStatus":"active","code":{"text":"x"},"subject":{}}"#,
            "STU3",
        ),
        (r#"{"resourceType":"CapabilityStatement","fhirVersion":"3.0.1"}"#, "STU3"),
        (r#"<Bundle xmlns="http://hl7.org/fhir"/>"#, "XML"),
        (r#"{"a":1}"#, "no FHIR"),
        ("[1,2]", "no FHIR"),
    ] {
        let error = read(text.as_bytes(), &mut Vec::new()).unwrap_err();
        assert!(matches!(error, ParseError::Refused(_)) && error.to_string().contains(word), "{error}");
    }
    assert!(matches!(read(b"", &mut Vec::new()), Err(ParseError::Refused(_))));
    assert!(matches!(read(b"{\"a\":\"\xff\"}", &mut Vec::new()), Err(ParseError::Malformed { .. })));
}

#[test]
fn every_prefix_of_a_bundle_returns() {
    every_prefix_returns(read, BUNDLE.as_bytes());
}

proptest! {
    #[test]
    fn arbitrary_bytes_return(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        returns(read, &bytes);
    }

    #[test]
    fn a_damaged_bundle_returns(at in 0..BUNDLE.len(), with in prop::collection::vec(any::<u8>(), 0..4), cut in 0..20usize) {
        let mut bytes = BUNDLE.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        returns(read, &bytes);
    }
}
