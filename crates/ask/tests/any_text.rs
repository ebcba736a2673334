//! Whatever is typed: no panic, an end within bounded work, and no value without a receipt.
#![allow(clippy::unwrap_used)]

use keepwell_ask::{
    Context, Lang, answer,
    facts::{Detail, Facts, Index, NewMarker, ValueFact},
};
use keepwell_domain::{
    analyte,
    ids::RecordId,
    measure::{Number, Quantity},
    time::{Date, Ts, When},
    view::{Answer, Block, Shown, Span, Standing},
};
use proptest::prelude::*;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

fn facts(lang: Lang) -> Facts {
    static INDEX: OnceLock<Arc<Index>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let marker = |loinc: &str, unit: &str, n: u128| {
            let a = analyte::find_by_loinc(loinc).unwrap();
            let value = |k: u128| {
                let text = format!("{}.{k}", 3 + k);
                let when = When::Day(Date::from_days(19_000 + i64::try_from(k).unwrap() * 90));
                let quantity = Quantity {
                    number: Number::parse(&text).unwrap(),
                    comparator: None,
                    unit: Some(unit.to_owned()),
                    ucum: None,
                };
                let number = analyte::canonical(a, None, &quantity).map(|c| c.number);
                let detail = Detail {
                    record: RecordId::new(Uuid::from_u128(n * 1_000 + k)),
                    when,
                    shown: Shown { text, unit: unit.to_owned(), numeric: true, ..Shown::default() },
                    quantity: Some(quantity),
                    loinc: None,
                    standing: Standing::Within,
                    range: None,
                    lab: None,
                    documents: Vec::new(),
                    created: Ts(0),
                    is_contradicted: false,
                };
                ValueFact { t: when.sort_key(), number, detail: Some(Box::new(detail)) }
            };
            NewMarker {
                key: loinc.to_owned(),
                analyte: Some(a),
                printed: a.name_en.to_owned(),
                aliases: Vec::new(),
                unit: a.unit.to_owned(),
                values: (0..6).map(value).collect(),
                is_dense: false,
            }
        };
        let markers =
            [marker("2089-1", "mmol/L", 1), marker("3016-3", "mU/L", 2), marker("2276-4", "ng/mL", 3)];
        Arc::new(Index::new(markers, [], Vec::new()))
    });
    Facts {
        index: index.clone(),
        documents: Arc::default(),
        waiting: Arc::default(),
        today: Date::parse("2026-11-28").unwrap(),
        lang,
    }
}

fn values_have_receipts(a: &Answer) -> bool {
    let lines = a.first.iter().chain(a.blocks.iter().flat_map(|b| match b {
        Block::Paragraph { line } => std::slice::from_ref(line).iter().collect::<Vec<_>>(),
        Block::List { items } => items.iter().collect(),
        Block::Table { rows, .. } => rows.iter().flatten().collect(),
        Block::Chart { .. } => Vec::new(),
    }));
    lines
        .flatten()
        .all(|s| !matches!(s, Span::Value { receipt, .. } if *receipt as usize >= a.receipts.len()))
}

/// Words that questions are made of, in any order: the paths that random letters never reach.
fn wordy() -> impl Strategy<Value = String> {
    let words = [
        "what",
        "is",
        "my",
        "latest",
        "TSH",
        "LDL",
        "ferritin",
        "since",
        "before",
        "and",
        "2024",
        "03/04/2024",
        "in",
        "mmol/L",
        "highest",
        "average",
        "von",
        "im",
        "letzten",
        "Jahr",
        "zwischen",
        "und",
        "davor",
        "wie",
        "viele",
        "0",
        "99999999999",
        "last",
        "999",
        "months",
        "ago",
        "vor",
        "31.02.2024",
        "%",
        "compare",
        "_",
        "{0}",
        "due",
        "May",
        "3rd",
        "1",
        "out",
        "of",
        "range",
        "seit",
        "wann",
        "visit",
        "document",
        "Mai",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|w| w.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn any_text_is_answered(q in prop_oneof![any::<String>(), "\\PC{0,200}", wordy()], german in any::<bool>()) {
        let f = facts(if german { Lang::De } else { Lang::En });
        let (a, context) = answer(&f, &q, &Context::default());
        prop_assert!(values_have_receipts(&a));
        let (b, _) = answer(&f, "und davor?", &context);
        prop_assert!(values_have_receipts(&b));
    }
}

#[test]
fn a_very_long_text_is_read_no_further_than_its_beginning() {
    let f = facts(Lang::En);
    for long in [
        "ferritin ".repeat(200_000),
        "ä\u{301}".repeat(300_000),
        "x".repeat(1_000_000),
        "\u{0}\n".repeat(100_000),
    ] {
        let (a, _) = answer(&f, &long, &Context::default());
        assert!(values_have_receipts(&a));
    }
}

#[test]
fn a_context_survives_being_kept() {
    let f = facts(Lang::En);
    let (_, context) = answer(&f, "latest TSH", &Context::default());
    let kept: Context = serde_json::from_str(&serde_json::to_string(&context).unwrap()).unwrap();
    assert!(kept == context);
    let (a, _) = answer(&f, "and before that?", &kept);
    assert!(a.plain().contains("7.4 mU/L"), "{}", a.plain());
}
