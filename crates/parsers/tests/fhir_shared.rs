//! The shared FHIR files give the counts and values that their README names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fhir_support;

use fhir_support::{Got, shared, shared_folder};
use keepwell_domain::record::{Category, Kind, LOINC};
use keepwell_parsers::{error::ParseError, fhir::read};
use std::collections::BTreeSet;

struct Expected {
    file: &'static str,
    person: (&'static str, &'static str, &'static str),
    observations: usize,
    laboratory: usize,
    vitals: usize,
    lab_codes: usize,
    span: Option<(&'static str, &'static str)>,
    last: Option<(&'static str, &'static str, &'static str, &'static str)>,
}

const FILES: [Expected; 12] = [
    Expected {
        file: "fhir-r4/synthea-Margery_Gibson.json",
        person: ("Mrs. Margery Gibson", "female", "1948-11-08"),
        observations: 497,
        laboratory: 417,
        vitals: 66,
        lab_codes: 33,
        span: Some(("2011-06-06", "2021-01-11")),
        last: Some(("6299-2", "13.009522758494105", "mg/dL", "2021-01-11")),
    },
    Expected {
        file: "fhir-r4/synthea-Ali_Herman.json",
        person: ("Mr. Ali Herman", "male", "1952-03-16"),
        observations: 290,
        laboratory: 220,
        vitals: 50,
        lab_codes: 49,
        span: Some(("2012-02-12", "2020-09-06")),
        last: Some(("789-8", "5.47569183013494", "10*6/uL", "2020-09-06")),
    },
    Expected {
        file: "fhir-r4/synthea-Dorris_Kuhic.json",
        person: ("Dorris Kuhic", "female", "2016-06-12"),
        observations: 81,
        laboratory: 11,
        vitals: 57,
        lab_codes: 11,
        span: Some(("2016-06-12", "2020-06-25")),
        last: Some(("789-8", "4.788978206704897", "10*6/uL", "2016-06-12")),
    },
    Expected {
        file: "fhir-r4/synthea-Ned_Hintz.json",
        person: ("Mr. Ned Hintz", "male", "1993-12-08"),
        observations: 35,
        laboratory: 11,
        vitals: 20,
        lab_codes: 11,
        span: Some(("2012-03-07", "2019-03-20")),
        last: Some(("789-8", "4.910745703481029", "10*6/uL", "2016-03-16")),
    },
    Expected {
        file: "fhir-r4/ms-ObservationBundle.json",
        person: ("Peter James Chalmers", "male", "1974-12-25"),
        observations: 1,
        laboratory: 0,
        vitals: 0,
        lab_codes: 0,
        span: Some(("2013-04-02", "2013-04-02")),
        last: None,
    },
    Expected {
        file: "fhir-ips/IPS_IG-bundle-01.json",
        person: ("Martha DeLarosa", "female", "1972-05-01"),
        observations: 7,
        laboratory: 7,
        vitals: 0,
        lab_codes: 7,
        span: Some(("2015-10-10", "2017-12-10")),
        last: Some(("17856-6", "7.5", "%", "2017-11-10")),
    },
    Expected {
        file: "fhir-ips/Bundle-aups-basicsummarywihpath.json",
        person: ("Mia Leanne Banks", "female", "1983-08-25"),
        observations: 7,
        laboratory: 7,
        vitals: 0,
        lab_codes: 7,
        span: Some(("2021-02-15", "2023-06-12")),
        last: Some(("22748-8", "4.10", "mmol/L", "2023-01-17")),
    },
    Expected {
        file: "fhir-ips/NL_core_patient_01.json",
        person: ("Johanna Petronella Maria (Jo) van Putten-van der Giessen", "female", "1934-04-28"),
        observations: 13,
        laboratory: 5,
        vitals: 8,
        lab_codes: 5,
        span: Some(("2012-01-16", "2022-01-02")),
        last: Some(("20570-8", "45", "%", "2022-01-02")),
    },
    Expected {
        file: "fhir-ips/CA_PuraJuniper_01.json",
        person: ("Mr. Omar Abernathy", "male", "2000-07-20"),
        observations: 84,
        laboratory: 23,
        vitals: 50,
        lab_codes: 12,
        span: Some(("2011-08-04", "2021-02-27")),
        last: Some(("33914-3", "139.90272953142048", "mL/min/{1.73_m2}", "2020-05-07")),
    },
    Expected {
        file: "fhir-ips/AT-elga2.json",
        person: ("Arnold Test", "male", "1950-11-12"),
        observations: 19,
        laboratory: 14,
        vitals: 5,
        lab_codes: 14,
        span: Some(("2024-02-08", "2024-02-08")),
        last: Some(("9830-1", "4", "{ratio}", "2024-02-08")),
    },
    Expected {
        file: "fhir-ips/US_Interoperability_Institute_Jared_Bruce_Adams-IPS.json",
        person: ("Jared Bruce Adams", "male", "2016-06-22"),
        observations: 16,
        laboratory: 10,
        vitals: 6,
        lab_codes: 10,
        span: Some(("2020-04-01", "2020-04-01")),
        last: None,
    },
    Expected {
        file: "fhir-ips/DE_no_info_with_Advance_Directive.json",
        person: ("James Rahn", "male", "1985-04-25"),
        observations: 0,
        laboratory: 0,
        vitals: 0,
        lab_codes: 0,
        span: None,
        last: None,
    },
];

#[test]
fn every_shared_bundle_gives_what_its_readme_names() {
    for e in FILES {
        let Some(bytes) = shared(e.file) else { return };
        let got = Got::from(read, &bytes);
        let s = &got.subjects[0];
        let person = (s.name.as_deref(), s.sex.as_deref(), s.birth_date.map(|b| b.to_string()));
        assert_eq!(person, (Some(e.person.0), Some(e.person.1), Some(e.person.2.to_owned())), "{}", e.file);
        assert_eq!(got.observations().len(), e.observations, "{}", e.file);
        assert_eq!(got.count(Category::Laboratory), e.laboratory, "{}", e.file);
        assert_eq!(got.count(Category::VitalSigns), e.vitals, "{}", e.file);
        let codes: BTreeSet<_> = got
            .observations()
            .iter()
            .filter(|(_, o)| o.category == Category::Laboratory)
            .map(|(_, o)| o.code.code_in(LOINC).or_else(|| o.code.codings.first().map(|c| c.code.as_str())))
            .map(|c| c.map(str::to_owned))
            .collect();
        assert_eq!(codes.len(), e.lab_codes, "{}", e.file);
        if let Some((first, last)) = e.span {
            assert_eq!(got.span(), (first.to_owned(), last.to_owned()), "{}", e.file);
        }
        if let Some((code, number, unit, day)) = e.last {
            let wanted = (code.to_owned(), number.to_owned(), unit.to_owned(), day.to_owned());
            assert!(got.last_lab().contains(&wanted), "{}: {:?}", e.file, got.last_lab());
        }
    }
}

#[test]
fn every_record_points_at_its_own_bytes() {
    let Some(bytes) = shared("fhir-r4/synthea-Ned_Hintz.json") else { return };
    for r in Got::from(read, &bytes).records {
        let keepwell_domain::locator::Locator::Path { path, bytes: Some((from, to)) } = &r.locator else {
            panic!("no bytes")
        };
        let slice = &bytes[usize::try_from(*from).unwrap()..usize::try_from(*to).unwrap()];
        let value: serde_json::Value = serde_json::from_slice(slice).unwrap();
        let whole: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let n: usize =
            path.strip_prefix("Bundle.entry[").unwrap().strip_suffix("].resource").unwrap().parse().unwrap();
        assert_eq!(value, whole["entry"][n]["resource"]);
    }
}

#[test]
fn other_kinds_of_margery_gibson_are_all_there() {
    let Some(bytes) = shared("fhir-r4/synthea-Margery_Gibson.json") else { return };
    let got = Got::from(read, &bytes);
    for (kind, n) in [
        (Kind::Encounter, 50),
        (Kind::Medication, 25),
        (Kind::Condition, 15),
        (Kind::Immunization, 13),
        (Kind::DiagnosticReport, 48),
        (Kind::Procedure, 8),
    ] {
        assert_eq!(got.of(kind).len(), n, "{kind:?}");
    }
    for (kind, n) in [("Claim", 75), ("ExplanationOfBenefit", 50), ("CarePlan", 3), ("Goal", 5)] {
        assert_eq!(got.summary.skipped.get(kind), Some(&n), "{kind}");
    }
}

#[test]
fn dstu2_xml_is_refused_with_a_reason_that_helps() {
    let Some(bytes) = shared("fhir-other/dstu2-patient-1081332.fhir-bundle.xml") else { return };
    let error = read(&bytes, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains("DSTU2") && error.contains("FHIR R4"), "{error}");
}

#[test]
fn hostile_json_is_refused_or_read_without_harm() {
    for (name, bytes) in shared_folder("malformed/json") {
        let outcome = read(&bytes, &mut Vec::new());
        if name.starts_with("n_") {
            assert!(outcome.is_err(), "{name}");
        }
    }
    for (name, bytes) in shared_folder("malformed/generated/json") {
        match (name.as_str(), read(&bytes, &mut Vec::new())) {
            ("depth-20000.json", outcome) => assert!(matches!(outcome, Err(ParseError::TooDeep { .. }))),
            (_, outcome) => assert!(outcome.is_ok(), "{name}"),
        }
    }
}

#[test]
fn health_cards_give_their_immunisations() {
    let file = "vectors/smart-health-cards/test-example-00-e-file-multi-jws.smart-health-card";
    let Some(bytes) = shared(file) else { return };
    let got = Got::from(read, &bytes);
    assert!(!got.of(Kind::Immunization).is_empty());
    assert!(got.subjects[0].name.is_some() && got.reasons().contains("signature"));
    let undeflated = "vectors/smart-health-cards/test-example-00-e-file-no_deflate.smart-health-card";
    let Some(bytes) = shared(undeflated) else { return };
    assert!(!Got::from(read, &bytes).of(Kind::Immunization).is_empty());
}
