//! The synthetic person: Mara Demo-Lindqvist, ten years of invented health records.
//!
//! Her files are real files of four formats, so that they take the same way as anybody's. They
//! depend on the day on which they end and on nothing else. Neither she nor any doctor, hospital
//! or laboratory in them exists.

mod assays;
mod body;
mod curves;
mod fhir;
mod history;
mod json;
mod life;
mod message;
mod results;
mod rng;
mod table;
mod treatment;
mod visits;
mod wearable;

use keepwell_domain::time::Date;
use life::Life;
use rng::Rng;

/// Any number would do; each part has its own, so that a change to one leaves the others alone.
const SEED: u64 = 0x6b65_6570_7765_6c6c;

/// The demo person's files, as (name, bytes), ending today.
#[must_use]
pub fn files(today: Date) -> Vec<(String, Vec<u8>)> {
    let life = Life::ending(today);
    let samples = results::samples(life, &mut Rng::new(SEED));
    let (year, table) = table::table(&samples);
    vec![
        ("clinic-export.fhir.json".to_owned(), fhir::bundle(life, &samples, &mut Rng::new(SEED ^ 1))),
        (format!("labor-nordhafen-{year}.csv"), table),
        ("city-lab.hl7".to_owned(), message::message(life, &samples)),
        ("export.xml".to_owned(), wearable::export(life, &mut Rng::new(SEED ^ 2))),
    ]
}
