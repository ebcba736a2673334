//! The built-in list of drugs, and single values between the records and the journal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::{
    measure::{Comparator, Number, Quantity, RefRange, Value},
    record::{Category, Coding, Concept, LOINC, Observation},
    time::When,
};
use keepwell_journal::{
    derive::in_unit,
    exchange::{to_journal, to_records},
    formulary::{ENTRIES, Entry, search},
    model::{Amount, HormoneKind, SourceKind, TextType, Told},
};
use kit::amount;

#[test]
fn every_entry_of_the_list_is_whole_and_its_amounts_are_readable() {
    for (i, e) in ENTRIES.iter().enumerate() {
        assert!(!e.brands.is_empty() && !e.substance.is_empty(), "{}", e.id);
        assert!(ENTRIES[i + 1..].iter().all(|o| o.id != e.id), "{} stands twice", e.id);
        for s in e.strengths {
            let a = Amount::from_text(s).unwrap();
            assert!(a.value() > 0.0 && in_unit(&a, "mg").or(in_unit(&a, "IU")).is_some(), "{s}");
        }
        assert!(e.packs.iter().all(|p| *p > 0) && e.days_once_open.is_none_or(|d| d > 0));
    }
}

#[test]
fn a_drug_is_found_by_brand_or_substance_and_fills_the_form() {
    assert_eq!(search("gonal").first().unwrap().id, "follitropin_alfa_pen");
    assert!(search("progest").len() >= 6);
    assert!(search(" ").is_empty() && search("xyz").is_empty());
    let m = Entry::find("follitropin_alfa_pen").unwrap().medication("Gonal-f", Some("900 IU"));
    assert_eq!(m.strength.known().unwrap().to_text(), "900 IU");
    assert_eq!((m.pack_size, m.days_once_open), (Told::Known(1), Told::Known(28)));
    let several = Entry::find("menotropin_vial").unwrap().medication("Menopur", None);
    assert_eq!((several.pack_size, several.strength.is_known()), (Told::Unknown, false));
}

fn observation(code: Option<&str>, name: &str, number: &str, unit: &str) -> Observation {
    let codings = code.map(|c| Coding { system: LOINC.to_owned(), code: c.to_owned(), display: None });
    Observation {
        code: Concept { text: Some(name.to_owned()), codings: codings.into_iter().collect() },
        category: Category::Laboratory,
        value: Some(Value::Quantity(Quantity {
            number: Number::parse(number).unwrap(),
            comparator: Some(Comparator::Lt),
            unit: Some(unit.to_owned()),
            ucum: None,
        })),
        range: Some(RefRange {
            low: Some(Number::parse("0.1").unwrap()),
            high: Some(Number::parse("1.50").unwrap()),
            ..RefRange::default()
        }),
        flag: None,
        components: Vec::new(),
        end: None,
        specimen: None,
        method: None,
        performer: Some("Lab North".to_owned()),
        status: Some("final".to_owned()),
        note: None,
    }
}

#[test]
fn a_value_goes_from_the_records_into_the_journal_and_back_unchanged() {
    let at = When::parse("2026-05-08T08:05:00+02:00").unwrap();
    let o = observation(Some("14890-8"), "Progesteron", "0.50", "nmol/l");
    let (id, h) = to_journal("0190-record", at, &o).unwrap();
    assert_eq!(
        (h.hormone, h.value.clone()),
        (HormoneKind::Progesterone.into(), Told::Known(amount("<0.50 nmol/l")))
    );
    assert_eq!(h.at.known().unwrap().to_text(), "2026-05-08T08:05+02:00");
    assert_eq!(
        (h.range.known().unwrap().as_str(), h.record.known().unwrap().as_str()),
        ("0.1–1.50", "0190-record")
    );
    assert_eq!(h.source.known().unwrap().kind, SourceKind::Records);
    assert_eq!(to_journal("0190-record", at, &o).unwrap().0, id, "copied twice it is one entry");
    let (when, back) = to_records(&h).unwrap();
    assert_eq!(when, at);
    assert_eq!(back.value, o.value);
    assert_eq!(back.code.code_in(LOINC), Some("14890-8"));
    assert_eq!(back.performer, o.performer);
}

#[test]
fn a_value_without_a_code_is_known_by_its_name_and_an_unknown_one_keeps_it() {
    let day = When::parse("2026-05-08").unwrap();
    let (_, h) = to_journal("r", day, &observation(None, "Estradiol", "210", "pg/mL")).unwrap();
    assert_eq!(h.hormone, HormoneKind::Estradiol.into());
    let (_, back) = to_records(&h).unwrap();
    assert_eq!((back.code.name(), back.code.code_in(LOINC)), ("Estradiol", Some("2243-4")));
    let (_, h) = to_journal("r", day, &observation(None, "Unobtainium", "3", "mg/L")).unwrap();
    assert_eq!(
        (h.hormone, h.name.clone()),
        (HormoneKind::Other.into(), Told::Known("Unobtainium".to_owned()))
    );
    assert_eq!(to_records(&h).unwrap().1.code.name(), "Unobtainium");
}

#[test]
fn what_has_no_number_or_no_day_is_not_copied() {
    let mut o = observation(None, "Estradiol", "210", "pg/mL");
    assert!(to_journal("r", When::parse("2026-05").unwrap(), &o).is_none());
    o.value = Some(Value::Text("normal".to_owned()));
    assert!(to_journal("r", When::parse("2026-05-08").unwrap(), &o).is_none());
}
