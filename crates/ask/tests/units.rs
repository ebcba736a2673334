//! One result in two files, and values that are compared in different units.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use keepwell_ask::{
    Context, Lang, answer,
    facts::{Detail, Facts, Index, MarkerFact, NewItem, NewMarker, NewValue},
};
use keepwell_domain::{
    analyte,
    ids::{DocumentId, RecordId},
    measure::{Number, Quantity},
    time::{Date, Ts, When},
    view::{Block, Shown, Span, Standing},
};
use std::sync::Arc;
use uuid::Uuid;

const CHOLESTEROL: &str = "2093-3";

/// When, number, unit, document (0 for typed in).
type Row = (&'static str, &'static str, &'static str, u128);

fn value(n: u128, (when, number, unit, document): Row) -> NewValue {
    let a = analyte::find_by_loinc(CHOLESTEROL).unwrap();
    let (comparator, digits) = number.strip_prefix('<').map_or(("", number), |rest| ("<", rest));
    let quantity = Quantity {
        number: Number::parse(digits).unwrap(),
        comparator: None,
        unit: Some(unit.to_owned()),
        ucum: None,
    };
    let when = When::parse(when).unwrap();
    let shown = Shown {
        comparator: comparator.to_owned(),
        text: digits.to_owned(),
        unit: unit.to_owned(),
        numeric: true,
    };
    NewValue {
        t: when.sort_key(),
        number: analyte::canonical(a, None, &quantity).map(|c| c.number),
        detail: Some(Box::new(Detail {
            record: RecordId::new(Uuid::from_u128(n + 1)),
            when,
            shown,
            quantity: Some(quantity),
            loinc: None,
            standing: Standing::Unknown,
            range: None,
            lab: None,
            documents: (document > 0)
                .then(|| DocumentId::new(Uuid::from_u128(document)))
                .into_iter()
                .collect(),
            created: Ts(0),
            is_contradicted: false,
        })),
    }
}

fn facts(rows: &[Row]) -> Facts {
    let a = analyte::find_by_loinc(CHOLESTEROL).unwrap();
    let mut values: Vec<NewValue> = rows.iter().enumerate().map(|(n, r)| value(n as u128, *r)).collect();
    values.sort_by_key(|v| v.t);
    let marker = NewMarker {
        key: CHOLESTEROL.to_owned(),
        analyte: Some(a),
        printed: "Cholesterol".to_owned(),
        aliases: vec!["Cholesterol".to_owned()],
        unit: a.unit.to_owned(),
        values,
        is_dense: false,
    };
    Facts {
        index: Arc::new(Index::new([marker], std::iter::empty::<NewItem<'_>>(), Vec::new())),
        documents: Arc::default(),
        waiting: Arc::default(),
        today: Date::new(2025, 1, 1).unwrap(),
        lang: Lang::En,
    }
}

/// How often the results count, and how often a value is contradicted.
fn counted(rows: &[Row]) -> (usize, usize) {
    let facts = facts(rows);
    let m: &MarkerFact = facts.marker(CHOLESTEROL).unwrap();
    let twins: usize = m.values.iter().map(|v| m.twins(v).len()).sum();
    assert_eq!(m.values.len() + twins, rows.len(), "nothing is lost");
    (m.values.len(), m.values.iter().filter(|v| v.is_contradicted()).count())
}

#[test]
fn one_result_of_two_files_counts_once_in_two_units_and_with_times_within_a_minute() {
    // 5.2 mmol/L is 201.08 mg/dL.
    for twins in [
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-01", "5.2", "mmol/L", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01T08:30:00Z", "5.2", "mmol/L", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01T08:30:59Z", "201", "mg/dL", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01", "5.20", "mmol/L", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01", "201", "mg/dL", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 0), ("2024-03-01", "201", "mg/dL", 0)],
    ] {
        assert_eq!(counted(&twins), (1, 0), "{twins:?}");
    }
}

#[test]
fn what_may_be_two_results_counts_twice() {
    for two in [
        // Another value, another sign, another day, or more than a minute apart.
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01T08:30:10Z", "202", "mg/dL", 2)],
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-01", "<5.2", "mmol/L", 2)],
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-02", "5.2", "mmol/L", 2)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01T08:31:01Z", "201", "mg/dL", 2)],
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-01", "5.4", "mmol/L", 2)],
        // No certain conversion.
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-01", "201", "parts", 2)],
        // Of one file, or typed in: measured twice.
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 1), ("2024-03-01T08:30:30Z", "201", "mg/dL", 1)],
        [("2024-03-01", "201", "mg/dL", 1), ("2024-03-01", "5.2", "mmol/L", 1)],
        [("2024-03-01T08:30:00Z", "201", "mg/dL", 0), ("2024-03-01T08:30:30Z", "201", "mg/dL", 0)],
        // Nobody says on which day.
        [("2024-03", "201", "mg/dL", 1), ("2024-03", "5.2", "mmol/L", 2)],
    ] {
        assert_eq!(counted(&two).0, 2, "{two:?}");
    }
    // Three files, of which one states it twice.
    let three = [
        ("2024-03-01T08:30:00Z", "201", "mg/dL", 1),
        ("2024-03-01T08:30:20Z", "201", "mg/dL", 2),
        ("2024-03-01T08:30:40Z", "201", "mg/dL", 2),
    ];
    assert_eq!(counted(&three).0, 2);
}

const MIXED: [Row; 4] = [
    ("2021-03-01", "180", "mg/dL", 1),
    ("2022-03-01", "190", "mg/dL", 2),
    ("2023-03-01", "5.9", "mmol/L", 3),
    ("2024-03-01", "200", "mg/dL", 4),
];

fn said(rows: &[Row], question: &str, lang: Lang) -> (String, Vec<Block>) {
    let facts = Facts { lang, ..facts(rows) };
    let (a, _) = answer(&facts, question, &Context::default());
    (a.plain(), a.blocks)
}

#[test]
fn highest_is_picked_by_what_values_are_and_said_in_the_unit_of_the_others_too() {
    // 5.9 mmol/L is 228 mg/dL: more than 200, whatever its digits.
    let (text, _) = said(&MIXED, "What was my highest cholesterol?", Lang::En);
    assert!(
        text.contains("is 5.9 mmol/L, from 1 March 2023") && text.contains("In mg/dL that is 228"),
        "{text}"
    );
    let (text, _) = said(&MIXED, "Was war mein höchster Cholesterin-Wert?", Lang::De);
    assert!(
        text.contains("5.9 mmol/L") && text.contains("In mg/dl sind das 228")
            || text.contains("In mg/dL sind das 228"),
        "{text}"
    );
    // One in the unit of the others stands as it is.
    let (text, _) = said(&MIXED, "What was my lowest cholesterol?", Lang::En);
    assert!(text.contains("180 mg/dL") && !text.contains("that is"), "{text}");
    // Nothing is said where the conversion is not certain.
    let odd = [MIXED[0], MIXED[1], ("2023-03-01", "300", "parts", 3)];
    let (text, _) = said(&odd, "What was my highest cholesterol?", Lang::En);
    assert!(text.contains("190 mg/dL") && !text.contains("that is"), "{text}");
}

#[test]
fn list_has_a_column_in_the_unit_that_most_values_have_where_units_differ() {
    let columns = |rows: &[Row]| {
        let (_, blocks) = said(rows, "List all my cholesterol values", Lang::En);
        let Some(Block::Table { head, rows, .. }) =
            blocks.into_iter().find(|b| matches!(b, Block::Table { .. }))
        else {
            panic!("no table")
        };
        let text = |s: &Span| match s {
            Span::Text { text } | Span::Value { text, .. } | Span::Unverified { text } => text.clone(),
        };
        let last: Vec<String> = rows.iter().map(|r| r.last().unwrap().iter().map(text).collect()).collect();
        (head, last)
    };
    let (head, last) = columns(&MIXED);
    assert_eq!(head.last().map(String::as_str), Some("mg/dL"));
    assert_eq!(last, ["–", "228 mg/dL", "–", "–"]);
    let (head, _) = columns(&[MIXED[0], MIXED[1]]);
    assert_eq!(head.len(), 3);
}
