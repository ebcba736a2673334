//! HL7 v2: what is kept, what is left out, and that nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fhir_support;

use fhir_support::{Got, every_prefix_returns, returns};
use keepwell_domain::{
    measure::{Comparator, Value},
    record::{Body, Kind, Observation},
};
use keepwell_parsers::{error::ParseError, hl7v2::read};
use proptest::prelude::*;

const MESSAGE: &str = include_str!("fixtures/message.hl7");

fn observation<'g>(got: &'g Got, name: &str) -> &'g Observation {
    got.observations().into_iter().find(|(_, o)| o.code.name() == name).expect("there").1
}

#[test]
fn numbers_units_ranges_and_flags_are_kept_as_sent() {
    let got = Got::from(read, MESSAGE.as_bytes());
    let o = observation(&got, "Glucose");
    let Some(Value::Quantity(q)) = &o.value else { panic!("no quantity") };
    assert_eq!(
        (q.number.as_str(), q.unit.as_deref(), q.ucum.as_deref()),
        ("5.40", Some("mmol/L"), Some("mmol/L"))
    );
    let range = o.range.as_ref().unwrap();
    assert_eq!((range.low.as_ref().unwrap().as_str(), range.high.as_ref().unwrap().as_str()), ("3.9", "5.5"));
    assert_eq!((o.flag.as_deref(), o.note.as_deref()), (Some("H"), Some("fasting")));
    assert_eq!((o.specimen.as_deref(), o.performer.as_deref()), (Some("Serum"), Some("Lab One")));
    assert_eq!(o.code.code_in("http://loinc.org"), Some("2345-7"));
    assert_eq!(got.observations()[0].0.record.effective.unwrap().to_string(), "2024-01-01T07:30:00+01:00");
    let Some(Value::Quantity(w)) = &observation(&got, "Leukocytes").value else { panic!() };
    assert_eq!(w.unit.as_deref(), Some("10^3/uL"));
    let tsh = observation(&got, "TSH");
    let range = tsh.range.as_ref().unwrap();
    assert_eq!((range.low.as_ref().unwrap().as_str(), range.high.as_ref().unwrap().as_str()), ("0.4", "4.0"));
    assert!(matches!(&tsh.value, Some(Value::Quantity(q)) if q.comparator == Some(Comparator::Lt)));
    assert_eq!(tsh.status.as_deref(), Some("corrected"));
}

#[test]
fn structured_numbers_are_ratios_ranges_and_censored_values() {
    let got = Got::from(read, MESSAGE.as_bytes());
    assert!(matches!(&observation(&got, "ANA titre").value, Some(Value::Ratio { denominator, .. })
        if denominator.number.as_str() == "128"));
    assert!(matches!(&observation(&got, "CRP").value, Some(Value::Quantity(q))
        if q.comparator == Some(Comparator::Lt) && q.number.as_str() == "0.5"));
    assert!(matches!(&observation(&got, "Cells").value, Some(Value::Range { low: Some(l), high: Some(h) })
        if l.number.as_str() == "10" && h.number.as_str() == "20"));
    assert_eq!(observation(&got, "Repeats").value, Some(Value::Text("27, 25".into())));
    assert_eq!(observation(&got, "Not yet").value, Some(Value::Absent("pending".into())));
}

#[test]
fn lines_of_text_are_joined_in_the_order_of_their_numbers() {
    let got = Got::from(read, MESSAGE.as_bytes());
    let Body::Note(note) = &got.of(Kind::Note)[0].record.body else { panic!() };
    assert_eq!((note.title.as_deref(), note.text.as_str()), (Some("Text"), "first \n line\nsecond"));
}

#[test]
fn deleted_results_documents_and_other_people_are_left_out() {
    let got = Got::from(read, MESSAGE.as_bytes());
    assert_eq!(got.subjects.len(), 2);
    assert_eq!(got.subjects[0].name.as_deref(), Some("Ada B. M&M"));
    assert!(!got.observations().iter().any(|(_, o)| matches!(&o.value, Some(Value::Quantity(q))
        if ["9", "99"].contains(&q.number.as_str()))));
    for word in ["deleted", "no plain text", "another person"] {
        assert!(got.reasons().contains(word), "{word}");
    }
}

#[test]
fn diagnoses_allergies_and_reports_are_read() {
    let got = Got::from(read, MESSAGE.as_bytes());
    assert_eq!((got.of(Kind::Condition).len(), got.of(Kind::Allergy).len()), (1, 1));
    let Body::DiagnosticReport(r) = &got.of(Kind::DiagnosticReport)[0].record.body else { panic!() };
    assert_eq!((r.results.len(), r.conclusion.as_deref()), (8, Some("Report comment")));
}

#[test]
fn line_ends_charsets_and_framing_do_not_matter() {
    let plain = Got::from(read, MESSAGE.as_bytes());
    for end in ["\r", "\r\n"] {
        let framed = format!("\u{b}{}\u{1c}\r", MESSAGE.replace('\n', end));
        assert_eq!(Got::from(read, framed.as_bytes()).records.len(), plain.records.len());
    }
    let latin =
        b"MSH|^~\\&|||||||ORU^R01|||2.3||||||8859/1\rPID|1||1||M\xfcller^J\rOBX|1|ST|1^Farbe||gr\xfcn||||||F";
    let got = Got::from(read, latin);
    assert_eq!(got.subjects[0].name.as_deref(), Some("J Müller"));
    let other = "MSH$*%!@$$$$$$$ORU*R01\rOBX$1$NM$1*Zucker$$5.4$mg@dL!S!x";
    assert_eq!(Got::from(read, other.as_bytes()).observations()[0].1.code.name(), "Zucker");
}

#[test]
fn a_field_with_too_many_repeats_is_left_out() {
    let text = format!("MSH|^~\\&|||||||ORU^R01\rOBX|1|NM|1^X||{}", "1~".repeat(20_000));
    let got = Got::from(read, text.as_bytes());
    assert!(got.records.is_empty() && got.reasons().contains("repeats"));
}

#[test]
fn a_file_without_a_header_is_no_message() {
    assert!(matches!(read(b"PID|1", &mut Vec::new()), Err(ParseError::Malformed { .. })));
    assert!(matches!(read(b" \r\n", &mut Vec::new()), Err(ParseError::Refused(_))));
}

#[test]
fn every_prefix_of_a_message_returns() {
    every_prefix_returns(read, MESSAGE.as_bytes());
}

proptest! {
    #[test]
    fn arbitrary_segments_return(text in "(MSH|OBX|OBR|PID|NTE|SPM|\r|\\||\\^|~|\\\\|&|[0-9a-zä]|NM|SN|ED){0,80}") {
        returns(read, format!("MSH|^~\\&|\r{text}").as_bytes());
        returns(read, text.as_bytes());
    }

    #[test]
    fn a_damaged_message_returns(at in 0..MESSAGE.len(), with in prop::collection::vec(any::<u8>(), 0..4), cut in 0..20usize) {
        let mut bytes = MESSAGE.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        returns(read, &bytes);
    }
}
