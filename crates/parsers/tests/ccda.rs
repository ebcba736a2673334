//! CDA: what is kept, what is left out, and that nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fhir_support;

use fhir_support::{Got, every_prefix_returns, returns};
use keepwell_domain::{
    measure::{Comparator, Value},
    record::{Body, Kind, LOINC, Observation},
};
use keepwell_parsers::{ccda::read, error::ParseError};
use proptest::prelude::*;

const DOCUMENT: &str = include_str!("fixtures/document.xml");

fn observation<'g>(got: &'g Got, name: &str) -> &'g Observation {
    got.observations().into_iter().find(|(_, o)| o.code.name() == name).expect("there").1
}

#[test]
fn results_keep_number_unit_range_and_time() {
    let got = Got::from(read, DOCUMENT.as_bytes());
    let o = observation(&got, "Glucose");
    let Some(Value::Quantity(q)) = &o.value else { panic!("no quantity") };
    assert_eq!((q.number.as_str(), q.unit.as_deref()), ("5.40", Some("mmol/L")));
    let range = o.range.as_ref().unwrap();
    assert_eq!((range.low.as_ref().unwrap().as_str(), range.high.as_ref().unwrap().as_str()), ("3.9", "5.5"));
    assert_eq!(o.code.code_in(LOINC), Some("2345-7"));
    assert_eq!(o.code.code_in("urn:oid:9.9"), Some("GLU"));
    assert_eq!(got.observations()[0].0.record.effective.unwrap().to_string(), "2023-12-30T07:30:00-05:00");
    assert_eq!(got.observations()[1].0.record.effective.unwrap().to_string(), "2023-12-31");
    let ids: Vec<_> = got.observations().iter().filter_map(|(r, _)| r.source_id.clone()).collect();
    assert_eq!(ids, ["1.2#a", "1.2#a#2"]);
}

#[test]
fn open_intervals_null_values_and_odd_units_keep_their_meaning() {
    let got = Got::from(read, DOCUMENT.as_bytes());
    assert!(matches!(&observation(&got, "Potassium").value, Some(Value::Quantity(q))
        if q.comparator == Some(Comparator::Gt) && q.number.as_str() == "500"));
    assert!(matches!(&observation(&got, "Odd unit").value, Some(Value::Quantity(q))
        if q.number.as_str() == "152" && q.unit.as_deref() == Some("THOUS/MCL") && q.ucum.is_none()));
    assert_eq!(observation(&got, "Missing").value, Some(Value::Absent("NA".into())));
    assert!(matches!(&observation(&got, "Titre").value, Some(Value::Ratio { .. })));
    assert_eq!(observation(&got, "Culture").value, Some(Value::Text("No growth & no yeast".into())));
}

#[test]
fn what_was_withdrawn_or_planned_is_left_out() {
    let got = Got::from(read, DOCUMENT.as_bytes());
    assert!(got.reasons().contains("withdrawn"));
    assert_eq!(got.summary.skipped.get("planned"), Some(&1));
    assert_eq!(got.observations().len(), 6);
}

#[test]
fn a_negated_allergy_never_looks_like_one() {
    let got = Got::from(read, DOCUMENT.as_bytes());
    let Body::Allergy(a) = &got.of(Kind::Allergy)[0].record.body else { panic!() };
    assert_eq!(a.code.name(), "No known drug allergies");
    assert!(a.code.codings.is_empty());
}

#[test]
fn the_other_sections_are_read() {
    let got = Got::from(read, DOCUMENT.as_bytes());
    let Body::Medication(m) = &got.of(Kind::Medication)[0].record.body else { panic!() };
    assert_eq!((m.code.name(), m.dosage.as_deref()), ("Metformin", Some("500 mg, every 12 h")));
    let Body::Immunization(i) = &got.of(Kind::Immunization)[0].record.body else { panic!() };
    assert_eq!(i.status.as_deref(), Some("not-done"));
    let Body::Condition(c) = &got.of(Kind::Condition)[0].record.body else { panic!() };
    assert_eq!(
        (c.clinical_status.as_deref(), c.onset.unwrap().to_string().as_str()),
        (Some("active"), "2012")
    );
    let Body::Note(n) = &got.of(Kind::Note)[0].record.body else { panic!() };
    assert_eq!((n.title.as_deref(), n.text.as_str()), (Some("Course"), "All well.\na\tb"));
}

#[test]
fn other_xml_and_hostile_xml_are_refused() {
    let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    assert!(matches!(read(deep.as_bytes(), &mut Vec::new()), Err(ParseError::TooDeep { .. })));
    let laughs = "<!DOCTYPE x [<!ENTITY a \"b\">]><ClinicalDocument>&a;</ClinicalDocument>";
    assert!(matches!(read(laughs.as_bytes(), &mut Vec::new()), Err(ParseError::Refused(_))));
    assert!(matches!(read(b"<html/>", &mut Vec::new()), Err(ParseError::Refused(_))));
    assert!(matches!(read(b"<ClinicalDocument>", &mut Vec::new()), Err(ParseError::Malformed { .. })));
}

#[test]
fn every_prefix_of_a_document_returns() {
    every_prefix_returns(read, DOCUMENT.as_bytes());
}

proptest! {
    #[test]
    fn arbitrary_bytes_return(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        returns(read, &bytes);
    }

    #[test]
    fn a_damaged_document_returns(at in 0..DOCUMENT.len(), with in prop::collection::vec(any::<u8>(), 0..4), cut in 0..20usize) {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        returns(read, &bytes);
    }
}
