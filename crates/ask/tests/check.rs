//! No number of a model's stands as a fact unless a tool gave it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use keepwell_ask::model::{
    check::{check, check_part},
    ledger::{Ledger, Named},
};
use keepwell_domain::{
    record::Kind,
    view::{AskReceipt, Block, Computed, Line, Span, Standing},
};
use proptest::prelude::*;

fn receipt(marker: &str, title: &str, value: &str, date: &str) -> AskReceipt {
    AskReceipt {
        kind: Kind::Observation,
        record: None,
        marker: (!marker.is_empty()).then(|| marker.to_owned()),
        title: title.to_owned(),
        value: value.to_owned(),
        standing: Standing::Unknown,
        date: date.to_owned(),
        document: None,
        document_name: String::new(),
        place: String::new(),
        computed: None,
    }
}

/// r1, r2: LDL; r3: HbA1c; r4: HDL; r5: platelets; r6: a computed change of LDL; r7: a medication; r8: CRP.
fn ledger() -> Ledger {
    let newest = receipt("4548-4", "HbA1c", "5.7 %", "2024-05-02");
    let vitamin = receipt("2132-9", "Vitamin B12", "310 ng/L", "2023-01-09");
    let mut ledger = Ledger::new(vec![
        Named {
            marker: Some("13457-7".into()),
            names: vec!["LDL".into(), "LDL-Cholesterin".into()],
            receipt: newest.clone(),
        },
        Named { marker: Some("2085-9".into()), names: vec!["HDL".into()], receipt: newest.clone() },
        Named { marker: Some("4548-4".into()), names: vec!["HbA1c".into(), "A1c".into()], receipt: newest },
        Named {
            marker: Some("2132-9".into()),
            names: vec!["Vitamin B12".into(), "B12".into()],
            receipt: vitamin,
        },
    ]);
    let first = ledger.add(receipt("13457-7", "LDL cholesterol", "3.10 mmol/L", "2024-03-01T08:30")).unwrap();
    ledger.add_beside(first, "3.0 mmol/L".into());
    ledger.add(receipt("13457-7", "LDL cholesterol", "3.45 mmol/L", "2023-02-11"));
    ledger.add(receipt("4548-4", "HbA1c", "5.7 %", "2024-05-02"));
    ledger.add(receipt("2085-9", "HDL cholesterol", "1.2 mmol/L", "2024-03-01"));
    ledger.add(receipt("777-3", "Platelets", "250 x10^9/L", "2022"));
    let mut change = receipt("13457-7", "LDL cholesterol: change", "-0.35 mmol/L", "2024-03-01");
    change.computed = Some(Computed { formula: "newest less oldest".into(), from: vec![0, 1] });
    ledger.add(change);
    ledger.add(AskReceipt {
        kind: Kind::Medication,
        ..receipt("", "Metformin 500 mg", "500 mg 1-0-1", "2021-07")
    });
    ledger.add(receipt("1988-5", "CRP", "<0.6 mg/L", "2024-03-01"));
    ledger
}

/// Spans in short: values as `{text@title}`, unverified ones as `!text!`.
fn short(line: &Line, receipts: &[AskReceipt]) -> String {
    line.iter()
        .map(|s| match s {
            Span::Text { text } => text.clone(),
            Span::Value { text, receipt } => format!("{{{text}@{}}}", receipts[*receipt as usize].title),
            Span::Unverified { text } => format!("!{text}!"),
        })
        .collect()
}

fn asked(question: &str, text: &str, german: bool) -> String {
    let checked = check(text, question, &ledger(), german);
    let blocks = checked.blocks;
    let receipts = checked.used.into_receipts();
    let lines: Vec<String> = blocks
        .iter()
        .flat_map(|b| match b {
            Block::Paragraph { line } => vec![short(line, &receipts)],
            Block::List { items } => items.iter().map(|i| format!("- {}", short(i, &receipts))).collect(),
            Block::Table { head, rows, .. } => std::iter::once(head.join("|"))
                .chain(
                    rows.iter().map(|r| r.iter().map(|c| short(c, &receipts)).collect::<Vec<_>>().join("|")),
                )
                .collect(),
            Block::Chart { .. } => panic!("no charts from text"),
        })
        .collect();
    lines.join("\n")
}

fn en(text: &str) -> String {
    asked("", text, false)
}

#[test]
fn tags_become_the_values_of_the_record() {
    assert_eq!(
        en("Your LDL was [r1] on [r1.date], before [r2]."),
        "Your LDL was {3.10 mmol/L@LDL cholesterol} on {1 March 2024@LDL cholesterol}, before {3.45 mmol/L@LDL cholesterol}."
    );
    assert_eq!(
        en("[r7.name] since [r7.date]: [r7]"),
        "{Metformin 500 mg@Metformin 500 mg} since {July 2021@Metformin 500 mg}: {500 mg 1-0-1@Metformin 500 mg}"
    );
    assert_eq!(
        en("See [r1, r2] and 【r3】."),
        "See {3.10 mmol/L@LDL cholesterol} {3.45 mmol/L@LDL cholesterol} and {5.7 %@HbA1c}."
    );
    assert_eq!(en("LDL was 3.1 mmol/L [r1]."), "LDL was {3.10 mmol/L@LDL cholesterol}.");
    assert_eq!(en("It was [r99] and [r0] and [r1.unit]."), "It was ![r99]! and ![r0]! and [!r1.unit!].");
    assert_eq!(asked("", "Am [r1.date]", true), "Am {1. März 2024@LDL cholesterol}");
}

#[test]
fn numbers_that_a_tool_gave_are_linked_and_shown_as_the_record_prints_them() {
    let ldl = "{3.10 mmol/L@LDL cholesterol}";
    assert_eq!(en("Your LDL is 3.1 mmol/L."), format!("Your LDL is {ldl}."));
    assert_eq!(asked("", "Ihr LDL liegt bei 3,10 mmol/l.", true), format!("Ihr LDL liegt bei {ldl}."));
    // A year ends a sentence: what follows is not said of that day.
    assert_eq!(
        asked("", "LDL war 3,1 mmol/l am 1. März 2024. Davor war LDL 3,45 mmol/l.", true),
        format!(
            "LDL war {ldl} am {{1. März 2024@LDL cholesterol}}. Davor war LDL {{3.45 mmol/L@LDL cholesterol}}."
        )
    );
    // A wrong digit behind the comma is not let through.
    assert_eq!(asked("", "LDL war 3,54 mmol/l.", true), "LDL war !3,54 mmol/l!.");
    assert_eq!(en("Your LDL is 3.1 now."), "Your LDL is !3.1! now.");
    assert_eq!(en("Your LDL is 3.1, which is fine."), format!("Your LDL is {ldl}, which is fine."));
    assert_eq!(
        en("It was 3.1 mmol/L on 1 March 2024."),
        format!("It was {ldl} on {{1 March 2024@LDL cholesterol}}.")
    );
    assert_eq!(asked("How is my LDL?", "It is 3.1 mmol/L.", false), format!("It is {ldl}."));
    assert_eq!(en("LDL: 3.45 → 3.1 mmol/L"), format!("LDL: {{3.45 mmol/L@LDL cholesterol}} → {ldl}"));
    assert_eq!(en("Platelets were 250 ×10⁹/L."), "Platelets were {250 x10^9/L@Platelets}.");
    assert_eq!(
        en("Your CRP was <0.6 mg/L, that is 0.6 mg/L."),
        "Your CRP was {<0.6 mg/L@CRP}, that is {<0.6 mg/L@CRP}."
    );
    assert_eq!(en("The limit of LDL is 3.0 mmol/L."), "The limit of LDL is {3.0 mmol/L@LDL cholesterol}.");
    assert_eq!(en("LDL changed by -0.35 mmol/L."), "LDL changed by {-0.35 mmol/L@LDL cholesterol: change}.");
}

#[test]
fn numbers_that_no_tool_gave_are_unverified() {
    for (text, expected) in [
        ("Your LDL is 3.2 mmol/L.", "Your LDL is !3.2 mmol/L!."),
        // Another unit, another marker, another day, another sign.
        ("Your LDL is 3.1 mg/dL.", "Your LDL is !3.1 mg/dL!."),
        ("Your HDL is 3.1 mmol/L.", "Your HDL is !3.1 mmol/L!."),
        (
            "LDL on 11 February 2023 was 3.1 mmol/L.",
            "LDL on {11 February 2023@LDL cholesterol} was !3.1 mmol/L!.",
        ),
        ("LDL in 2019 was 3.1 mmol/L.", "LDL in !2019! was !3.1 mmol/L!."),
        ("Your LDL is >3.1 mmol/L.", "Your LDL is !>3.1 mmol/L!."),
        ("Your CRP was >0.6 mg/L.", "Your CRP was !>0.6 mg/L!."),
        ("Your LDL is -3.1 mmol/L.", "Your LDL is !-3.1 mmol/L!."),
        // Differences that nobody computed, counts, shares.
        ("LDL fell by 1.2 mmol/L.", "LDL fell by !1.2 mmol/L!."),
        ("HDL rose by 1.2 mmol/L.", "HDL rose by !1.2 mmol/L!."),
        ("HDL is 1.2 mmol/L higher.", "HDL is !1.2 mmol/L! higher."),
        ("That is a drop of 10%.", "That is a drop of !10%!."),
        ("I found 250 results.", "I found !250! results."),
        ("I found twelve results, it doubled.", "I found !twelve! results, it !doubled!."),
        // Nothing says of what it is.
        ("It is 3.1 mmol/L.", "It is !3.1 mmol/L!."),
        ("At 12:30 it was ½ of B6 or T4, the 3rd.", "At !12:30! it was !½! of !B6! or !T4!, the !3rd!."),
        ("٣ and Ⅳ and 3²", "!٣! and !Ⅳ! and !3²!"),
        ("On 3 June 2020.", "On !3 June 2020!."),
    ] {
        assert_eq!(en(text), expected, "{text}");
    }
    assert_eq!(asked("", "Es sind einundzwanzig Werte.", true), "Es sind !einundzwanzig! Werte.");
}

#[test]
fn dates_are_linked_as_precisely_as_they_are_said() {
    let ldl = |d: &str| format!("{{{d}@LDL cholesterol}}");
    assert_eq!(en("LDL in February 2023."), format!("LDL in {}.", ldl("February 2023")));
    assert_eq!(en("LDL on 11.2.2023."), format!("LDL on {}.", ldl("11 February 2023")));
    assert_eq!(asked("", "LDL am 11. Februar 2023.", true), format!("LDL am {}.", ldl("11. Februar 2023")));
    assert_eq!(en("LDL from 2023 to 2024."), format!("LDL from {} to {}.", ldl("2023"), ldl("2024")));
    assert_eq!(en("LDL on February 11."), format!("LDL on {}.", ldl("11 February 2023")));
}

#[test]
fn names_that_hold_digits_are_no_numbers() {
    assert_eq!(en("Your HbA1c was 5.7 %."), "Your {HbA1c@HbA1c} was {5.7 %@HbA1c}.");
    assert_eq!(
        en("Vitamin B12 and B12 were not asked for; metformin 500 mg was."),
        "{Vitamin B12@Vitamin B12} and {B12@Vitamin B12} were not asked for; {metformin 500 mg@Metformin 500 mg} was."
    );
}

#[test]
fn lists_tables_and_marks_are_read_and_links_are_not() {
    assert_eq!(
        en(
            "## LDL\n\n1. **3.1 mmol/L** on 2024-03-01\n2. [3.45 mmol/L](https://evil.example/3.45) in 2023\n3. März 2024\n\n| Day | LDL |\n|---|---|\n| 2024-03-01 | 3.1 mmol/L |\n| 2023 | 3.1 mmol/L |\nSee ![x](http://evil.example/?v=3.1) http://evil.example/5"
        ),
        "LDL\n- {3.10 mmol/L@LDL cholesterol} on {1 March 2024@LDL cholesterol}\n- {3.45 mmol/L@LDL cholesterol} in {2023@LDL cholesterol}\n!3. März 2024!\nDay|LDL\n{1 March 2024@LDL cholesterol}|{3.10 mmol/L@LDL cholesterol}\n{2023@LDL cholesterol}|!3.1 mmol/L!\nSee x (link removed)"
    );
    assert_eq!(en("| 5 | LDL |\n|--|--|\n| a | b |"), "|\n!5!|LDL\na|b");
}

#[test]
fn an_earlier_answers_receipts_count_and_computed_ones_bring_their_sources() {
    let mut later = Ledger::default();
    let checked = check("LDL changed by [r6].", "", &ledger(), false);
    let receipts = checked.used.into_receipts();
    assert_eq!(receipts[0].computed.as_ref().unwrap().from, [1, 2]);
    assert_eq!(receipts.len(), 3);
    later.add_earlier(&receipts);
    let again = check("LDL cholesterol was 3.45 mmol/L.", "", &later, false);
    assert!(matches!(&again.blocks[0], Block::Paragraph { line } if matches!(line[1], Span::Value { .. })));
}

fn fine(line: &Line, receipts: &[AskReceipt], named: &[AskReceipt]) -> Result<(), TestCaseError> {
    for span in line {
        match span {
            Span::Text { text } => prop_assert!(!text.contains(char::is_numeric), "{text}"),
            Span::Value { receipt, .. } => {
                prop_assert!((*receipt as usize) < receipts.len() + named.len());
            }
            Span::Unverified { .. } => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn no_digit_of_a_models_text_stands_as_plain_words(parts in proptest::collection::vec(prop_oneof![
        "[0-9.,<>+/:% -]{1,9}", "\\PC{0,8}",
        Just("LDL ".to_owned()), Just(" mmol/L".to_owned()), Just("[r1]".to_owned()), Just("[r".to_owned()),
        Just("\n- ".to_owned()), Just("\n| ".to_owned()), Just(" | ".to_owned()), Just("3.1".to_owned()),
        Just(" March 2024".to_owned()), Just("2024-03-01".to_owned()), Just("](".to_owned()), Just("<a>".to_owned()),
        Just("HbA1c".to_owned()), Just("\n1. ".to_owned()), Just("Metformin 500 mg".to_owned()), Just("x10^9/L".to_owned()),
    ], 0..14), german in any::<bool>()) {
        let text = parts.concat();
        let ledger = ledger();
        let checked = check(&text, "", &ledger, german);
        let blocks = checked.blocks;
        let receipts = checked.used.into_receipts();
        let lines: Vec<&Line> = blocks.iter().flat_map(|b| match b {
            Block::Paragraph { line } => vec![line],
            Block::List { items } => items.iter().collect(),
            Block::Table { rows, .. } => rows.iter().flatten().collect(),
            Block::Chart { .. } => Vec::new(),
        }).collect();
        for line in lines {
            fine(line, &receipts, &[])?;
        }
        for block in &blocks {
            if let Block::Table { head, .. } = block {
                prop_assert!(!head.concat().contains(char::is_numeric));
            }
        }
        let named: Vec<AskReceipt> = ledger.named().iter().map(|n| n.receipt.clone()).collect();
        fine(&check_part(&text, "", &ledger, german), ledger.receipts(), &named)?;
    }

    #[test]
    fn a_shown_number_is_always_one_that_a_tool_gave(whole in 0u32..40, part in 0u32..100, unit in "(mmol/L|mg/dL|%|)", german in any::<bool>()) {
        let number = if german { format!("{whole},{part:02}") } else { format!("{whole}.{part:02}") };
        let checked = check(&format!("Your LDL was {number} {unit}."), "", &ledger(), german);
        let Block::Paragraph { line } = &checked.blocks[0] else { panic!() };
        let given = ["3.10 mmol/L", "3.45 mmol/L", "3.0 mmol/L"];
        let value = f64::from(whole) + f64::from(part) / 100.0;
        let linked: Vec<&str> = line.iter().filter_map(|s| match s { Span::Value { text, .. } => Some(text.as_str()), _ => None }).collect();
        match linked.as_slice() {
            [] => {}
            [one] => {
                prop_assert!(given.contains(one));
                let shown: f64 = one.split(' ').next().unwrap().parse().unwrap();
                prop_assert!((shown - value).abs() < 1e-9, "{one} for {number}");
                prop_assert!(unit.is_empty() || unit == "mmol/L");
            }
            _ => prop_assert!(false, "more than one"),
        }
        if value == 3.1 && unit == "mmol/L" {
            prop_assert_eq!(linked, ["3.10 mmol/L"]);
        }
    }
}
