//! The shared HL7 v2 files give the counts and values that their README names.

mod fhir_support;

use fhir_support::{Got, shared, shared_folder};
use keepwell_domain::{
    measure::Value,
    record::{Body, Kind},
};
use keepwell_parsers::hl7v2::read;

fn numbers(got: &Got) -> Vec<(String, String)> {
    got.observations()
        .iter()
        .filter_map(|(_, o)| match &o.value {
            Some(Value::Quantity(q)) => Some((o.code.name().to_owned(), q.number.as_str().to_owned())),
            _ => None,
        })
        .collect()
}

#[test]
fn debug_all() {
    for (name, bytes) in shared_folder("hl7v2") {
        let got = Got::from(read, &bytes);
        eprintln!("== {name} {:?} {:?} {:?}", got.subjects, got.summary.read, got.summary.skipped);
        for r in &got.records {
            eprintln!("  {:?} {:?} {:?}", r.record.effective, r.record.body, r.source_id);
        }
        for w in &got.warnings {
            eprintln!("  W {:?}", w);
        }
        let _ = numbers(&got);
    }
    for (name, bytes) in shared_folder("ccda") {
        let got = Got::from(keepwell_parsers::ccda::read, &bytes);
        eprintln!("== {name} {:?} {:?} {:?}", got.subjects, got.summary.read, got.summary.skipped);
        eprintln!(
            "   lab {} vit {}",
            got.count(keepwell_domain::record::Category::Laboratory),
            got.count(keepwell_domain::record::Category::VitalSigns)
        );
        for r in &got.records {
            let s = format!("{:?} {:?} {:?}", r.record.effective, r.record.body, r.source_id);
            eprintln!("  {}", s.chars().take(900).collect::<String>());
        }
        for w in &got.warnings {
            eprintln!("  W {:?}", w);
        }
    }
}
