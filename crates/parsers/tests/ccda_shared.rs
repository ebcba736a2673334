//! The shared CDA files give the counts and values that their README names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fhir_support;

use fhir_support::{Got, shared, shared_folder};
use keepwell_domain::{
    measure::{Comparator, Value},
    record::{Body, Category, Kind, LOINC, Observation},
};
use keepwell_parsers::{ccda::read, error::ParseError};

/// File, person, sex, birth, results, vital signs.
type Expected = (&'static str, &'static str, &'static str, &'static str, usize, usize);

const FILES: [Expected; 10] = [
    ("hl7-CCD2.xml", "Isabella Jones", "female", "1950-12-19", 1, 9),
    ("hl7-results-BMP-troponin.xml", "Wrapped Example", "female", "1980-01-02", 9, 0),
    ("hl7-results-unit-non-UCUM.xml", "Wrapped Example", "female", "1980-01-02", 1, 0),
    ("hl7-results-greater-than.xml", "Wrapped Example", "female", "1980-01-02", 1, 0),
    ("hl7-vitals-mixed-units.xml", "Wrapped Example", "female", "1980-01-02", 0, 9),
    ("hl7-unstructured-text.xml", "Juan Damore", "male", "1953-03-02", 0, 0),
    ("nist-ambulatory.xml", "Myra Jones", "female", "1947-05-01", 3, 6),
    // Its one result has neither code nor name nor value: it is left out with a warning.
    ("practicefusion-MaryGrant.xml", "Mary Grant", "female", "1987-03-21", 0, 9),
    ("greenway-26775.xml", "Data 5 Export5", "male", "1962-10-22", 4, 15),
    ("emerge-417.xml", "Linda King", "female", "1947-09-03T12:00:00", 11, 12),
];

#[test]
fn every_shared_document_gives_what_its_readme_names() {
    for (file, name, sex, birth, results, vitals) in FILES {
        let Some(bytes) = shared(&format!("ccda/{file}")) else { return };
        let got = Got::from(read, &bytes);
        let s = &got.subjects[0];
        let person = (s.name.as_deref(), s.sex.as_deref(), s.birth_date.unwrap().to_string());
        assert_eq!(person, (Some(name), Some(sex), birth.to_owned()), "{file}");
        let counts = (got.count(Category::Laboratory), got.count(Category::VitalSigns));
        assert_eq!(counts, (results, vitals), "{file}");
    }
}

fn first_result(file: &str) -> Option<Observation> {
    let got = Got::from(read, &shared(&format!("ccda/{file}"))?);
    let first = got.observations().into_iter().find(|(_, o)| o.category == Category::Laboratory)?.1;
    Some(first.clone())
}

#[test]
fn first_results_are_those_of_the_readme() {
    for (file, code, number, unit) in [
        ("hl7-results-BMP-troponin.xml", "2947-0", "140", "mmol/L"),
        ("hl7-results-unit-non-UCUM.xml", "26515-7", "152", "THOUS/MCL"),
        ("hl7-results-greater-than.xml", "32016-8", "500", "mg/dL"),
        ("nist-ambulatory.xml", "30313-1", "10.2", "g/dl"),
        ("greenway-26775.xml", "718-7", "13.40", "g/dL"),
        ("emerge-417.xml", "4548-4", "7.2", "%"),
    ] {
        let Some(o) = first_result(file) else { return };
        assert_eq!(o.code.code_in(LOINC), Some(code), "{file}");
        let Some(Value::Quantity(q)) = &o.value else { panic!("{file}: no number") };
        assert_eq!((q.number.as_str(), q.unit.as_deref()), (number, Some(unit)), "{file}");
        assert_eq!(q.comparator, file.contains("greater").then_some(Comparator::Gt), "{file}");
    }
    let Some(absent) = first_result("hl7-CCD2.xml") else { return };
    assert_eq!((absent.code.code_in(LOINC), absent.value), (Some("804-5"), Some(Value::Absent("NA".into()))));
}

#[test]
fn allergies_are_named_by_the_substance_and_not_by_a_misplaced_reference() {
    let Some(bytes) = shared("ccda/nist-ambulatory.xml") else { return };
    let got = Got::from(read, &bytes);
    let names: Vec<_> = got
        .of(Kind::Allergy)
        .iter()
        .filter_map(|r| r.record.body.code().map(|c| c.name().to_owned()))
        .collect();
    assert_eq!(names, ["Penicillin G benzathine", "Codeine", "Aspirin"]);
}

#[test]
fn the_text_of_an_unstructured_document_is_a_note() {
    let Some(bytes) = shared("ccda/hl7-unstructured-text.xml") else { return };
    let got = Got::from(read, &bytes);
    let Body::Note(note) = &got.of(Kind::Note)[0].record.body else { panic!() };
    assert!(note.text.starts_with("LOCAL TITLE: SURGICAL CONSULT"));
}

#[test]
fn hostile_xml_is_refused() {
    for folder in ["malformed/xml", "malformed/generated/xml"] {
        for (name, bytes) in shared_folder(folder) {
            let error = read(&bytes, &mut Vec::new()).unwrap_err();
            let is_deep = matches!(error, ParseError::TooDeep { .. });
            assert!(matches!(error, ParseError::Refused(_)) || is_deep, "{name}: {error}");
        }
    }
}
