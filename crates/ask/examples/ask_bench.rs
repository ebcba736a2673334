//! How long the built-in answerer takes at 10,000 records: making the index once, and each answer.
//!
//! `cargo run --release -p keepwell-ask --example ask_bench`
#![allow(clippy::unwrap_used, clippy::expect_used)]

use keepwell_ask::{
    Context, Lang, answer,
    facts::{Detail, Facts, Index, NewItem, NewMarker, ValueFact},
};
use keepwell_domain::{
    analyte,
    ids::RecordId,
    measure::{Number, Quantity},
    record::{Body, Concept, Medication, Record},
    time::{Date, Ts, When},
    view::{Shown, Standing},
};
use std::{io::Write as _, sync::Arc, time::Instant};
use uuid::Uuid;

const RECORDS: u128 = 10_000;
const MARKERS: u128 = 100;

fn markers() -> Vec<NewMarker> {
    let usual = analyte::all().iter().filter(|a| a.molar_mass.is_some() || a.decimals < 2);
    let list: Vec<_> = usual.take(MARKERS as usize).collect();
    let each = (RECORDS - 1_000) / MARKERS;
    list.into_iter()
        .zip(0u128..)
        .map(|(a, m)| NewMarker {
            key: a.loinc.to_owned(),
            analyte: Some(a),
            printed: a.name_en.to_owned(),
            aliases: vec![a.name_de.to_owned()],
            unit: a.unit.to_owned(),
            values: (0..each).map(|k| value(a, m * each + k, k)).collect(),
            is_dense: false,
        })
        .collect()
}

fn value(a: &'static analyte::Analyte, id: u128, k: u128) -> ValueFact {
    let text = format!("{}.{}", 10 + k % 90, k % 10);
    let when = When::Day(Date::from_days(14_000 + i64::try_from(k).unwrap() * 60));
    let unit = analyte::unit_label(a.unit);
    let quantity = Quantity {
        number: Number::parse(&text).unwrap(),
        comparator: None,
        unit: Some(unit.clone()),
        ucum: Some(a.unit.to_owned()),
    };
    let detail = Detail {
        record: RecordId::new(Uuid::from_u128(id)),
        when,
        shown: Shown { text: text.clone(), unit, numeric: true, ..Shown::default() },
        quantity: Some(quantity),
        loinc: None,
        standing: if k.is_multiple_of(7) { Standing::High } else { Standing::Within },
        range: None,
        lab: Some("Laboratory".to_owned()),
        documents: Vec::new(),
        created: Ts(0),
        is_contradicted: false,
    };
    ValueFact { t: when.sort_key(), number: text.parse().ok(), detail: Some(Box::new(detail)) }
}

fn main() {
    let medicines: Vec<Record> = (0..1_000)
        .map(|k| {
            let start = Some(When::Day(Date::from_days(14_000 + k * 5)));
            let code = Concept::text(format!("Medicine{k} {} mg", k % 50));
            Record {
                effective: start,
                body: Body::Medication(Medication { code, start, ..Medication::default() }),
            }
        })
        .collect();
    let made = markers();
    let mut out = std::io::stdout().lock();
    let begin = Instant::now();
    let items = medicines.iter().zip(0u128..).map(|(record, n)| NewItem {
        id: RecordId::new(Uuid::from_u128(0xffff_0000 + n)),
        record,
        documents: &[],
        created: Ts(0),
    });
    let index = Arc::new(Index::new(made, items, Vec::new()));
    writeln!(out, "index of {RECORDS} records: {:.1} ms", begin.elapsed().as_secs_f64() * 1e3).unwrap();
    let facts = Facts {
        index,
        documents: Arc::default(),
        waiting: Arc::default(),
        today: Date::parse("2026-11-28").unwrap(),
        lang: Lang::En,
    };
    for (n, q) in [
        "What is my latest hemoglobin?",
        "What is my latest hemoglobin?",
        "How did my platelets develop?",
        "hemglobin average since 2015",
        "Which results are out of range?",
        "Do I take medicine512?",
        "What changed since 2020?",
        "Which zorblax and frobnicated quuxes were measured besides nothing?",
    ]
    .into_iter()
    .enumerate()
    {
        let begin = Instant::now();
        let (a, _) = answer(&facts, q, &Context::default());
        let took = begin.elapsed().as_secs_f64() * 1e3;
        let first = if n == 0 { " (first question of the process)" } else { "" };
        writeln!(out, "{took:7.2} ms  {q}{first}  [{} receipts]", a.receipts.len()).unwrap();
    }
}
