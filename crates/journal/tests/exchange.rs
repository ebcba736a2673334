//! Values of the records as their interface answers them, and values of the journal as it is asked to add them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    exchange::{Labels, copied, draft, is_same, offers, read_created, read_page, read_profiles, read_reason},
    model::{Beta, Hormone, HormoneKind, Kind, SourceKind, TextType, Told},
};
use kit::{Journal, amount, moment};

/// As `GET /api/v1/records` answers.
const PAGE: &str = r#"{"items":[
  {"id":"0198c1d2-0000-7000-8000-000000000001","kind":"observation","code":{"system":"http://loinc.org","code":"14715-7","display":"Estradiol","text":"Östradiol"},
   "effective":"2026-03-02T08:30","value":{"comparator":null,"number":1850.0,"text":"1850.0 pmol/L","unit":"pmol/L"},
   "canonical":{"number":503.9,"unit":"pg/mL","text":"504 pg/mL","loinc":"2243-4"},"range":{"low":100.0,"high":900.0,"text":"100–900"},
   "sources":[{"document":"d","name":"march.pdf","locator":{"whole":true}}],"title":"Estradiol","detail":"","version":1},
  {"id":"0198c1d2-0000-7000-8000-000000000002","kind":"observation","code":{"system":null,"code":null,"display":"Progesteron","text":"Progesteron"},
   "effective":"2026-03-02","value":{"comparator":"<","number":0.5,"text":"<0.50 ng/mL","unit":"ng/mL"},
   "canonical":{"number":0.5,"unit":"ng/mL","text":"<0.5 ng/mL","loinc":"2839-9"},"range":null,"sources":[],"title":"P","detail":"","version":1},
  {"id":"0198c1d2-0000-7000-8000-000000000003","kind":"observation","code":{"system":"http://loinc.org","code":"2345-7","display":"Glucose","text":"Glucose"},
   "effective":"2026-03-02","value":{"comparator":null,"number":95,"text":"95 mg/dL","unit":"mg/dL"},"canonical":{"number":95,"unit":"mg/dL","text":"95 mg/dL","loinc":"2345-7"}},
  {"id":"0198c1d2-0000-7000-8000-000000000004","kind":"observation","code":{"system":"http://loinc.org","code":"10501-5","display":"LH","text":"LH"},
   "effective":"2026-03","value":{"comparator":null,"number":4,"text":"4 IU/L","unit":"IU/L"}},
  {"id":"0198c1d2-0000-7000-8000-000000000005","kind":"observation","code":{"system":"http://loinc.org","code":"10501-5","display":"LH","text":"LH"},
   "effective":"2026-03-01","value":{"comparator":null,"number":null,"text":"not enough blood","unit":null}}
 ],"next":"abc","total":5}"#;

#[test]
fn values_that_the_journal_knows_are_read_as_they_were_printed() {
    let page = read_page(PAGE.as_bytes()).unwrap();
    assert_eq!(page.next.as_deref(), Some("abc"));
    assert_eq!(page.found.len(), 2, "no glucose, no month, no text");
    let e2 = &page.found[0].entry;
    assert_eq!(e2.hormone, Told::Known(HormoneKind::Estradiol));
    assert_eq!(e2.value.known().unwrap().to_text(), "1850.0 pmol/L");
    assert_eq!(e2.at.known().unwrap().to_text(), "2026-03-02T08:30");
    assert_eq!(e2.loinc, Told::Known("14715-7".to_owned()));
    assert_eq!(e2.range, Told::Known("100–900".to_owned()));
    assert_eq!(e2.record, Told::Known(page.found[0].record.clone()));
    let source = e2.source.known().unwrap();
    assert!(source.kind == SourceKind::Records && source.detail.as_deref() == Some("march.pdf"));
    let p4 = &page.found[1].entry;
    assert_eq!(p4.hormone, Told::Known(HormoneKind::Progesterone));
    assert_eq!(p4.value.known().unwrap().to_text(), "<0.50 ng/mL");
    // The same record has the same id, however often it is looked at.
    assert!(read_page(PAGE.as_bytes()).unwrap() == page);
}

#[test]
fn what_is_no_answer_of_the_records_is_refused() {
    for bad in
        ["", "[]", "{}", r#"{"items":3}"#, "<html>", r#"{"items":[{"id":1},null,{"id":"x"}],"next":4}"#]
    {
        let page = read_page(bad.as_bytes());
        assert!(page.is_none_or(|p| p.found.is_empty() && p.next.is_none()), "{bad}");
    }
    let profiles =
        read_profiles(br#"{"items":[{"id":"a","name":"Ada","relation":"self","demo":false},{"id":2}]}"#);
    assert_eq!(profiles.unwrap().iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Ada"]);
    assert!(read_profiles(b"{").is_none());
    assert_eq!(read_created(br#"{"id":"r1"}"#).as_deref(), Some("r1"));
    assert_eq!(
        read_reason(br#"{"title":"Invalid","detail":"value: This is not a number."}"#).as_deref(),
        Some("value: This is not a number.")
    );
    assert_eq!(read_reason(b"nothing"), None);
}

const LABELS: Labels<'static> =
    Labels { copied: "Copied from the journal.", laboratory: "Laboratory", range: "Range", method: "Method" };

fn e2() -> Hormone {
    Hormone {
        at: moment("2026-03-02T08:30+01:00[Europe/Berlin]").into(),
        hormone: HormoneKind::Estradiol.into(),
        value: amount(">4300.0 pg/mL").into(),
        laboratory: "Labor Süd".to_owned().into(),
        range: "30–400".to_owned().into(),
        note: "cried in the car".to_owned().into(),
        ..Hormone::default()
    }
}

#[test]
fn a_value_goes_out_as_it_was_entered_and_without_the_persons_remark() {
    let d = draft(&e2(), &LABELS).unwrap();
    assert_eq!((d.name.as_str(), d.code.as_str()), ("Estradiol", "2243-4"));
    assert_eq!((d.value.as_str(), d.unit.as_str()), (">4300.0", "pg/mL"));
    assert_eq!((d.date.as_str(), d.time.as_str()), ("2026-03-02", "08:30"));
    assert_eq!((d.low.as_str(), d.high.as_str()), ("30", "400"));
    assert_eq!(d.note, "Copied from the journal. Laboratory: Labor Süd.");
    let body: serde_json::Value = serde_json::from_str(&d.body()).unwrap();
    assert_eq!((&body["kind"], &body["value"]), (&"observation".into(), &">4300.0".into()));
    assert!(!d.body().contains("cried"));

    // A range that is no pair of numbers stays in words; a day without a time has none.
    let odd =
        Hormone { range: "< 400 follicular".to_owned().into(), at: moment("2026-03-02").into(), ..e2() };
    let d = draft(&odd, &LABELS).unwrap();
    assert!(d.low.is_empty() && d.time.is_empty() && d.note.ends_with("Range: < 400 follicular."));
    assert!(draft(&Hormone { value: Told::NotTold, ..e2() }, &LABELS).is_none());
    assert!(draft(&Hormone { at: Told::Unknown, ..e2() }, &LABELS).is_none());
}

#[test]
fn held_results_are_not_offered_and_what_was_copied_is_known() {
    let mut j = Journal::new();
    j.add(e2());
    j.add(Hormone { held: true.into(), ..e2() });
    j.add(Hormone { value: Told::NotTold, ..e2() });
    let beta = j.add(Beta {
        at: moment("2026-03-20").into(),
        value: amount("112 IU/L").into(),
        record: "r1".to_owned().into(),
        ..Beta::default()
    });
    let (all, held) = offers(&j.book);
    assert_eq!((all.len(), held), (2, 1));
    assert!(copied(&j.book).into_iter().eq(["r1".to_owned()]));
    // The newest first; hCG of a beta goes as hCG.
    assert!(all[0].kind == Kind::Beta && all[0].id == beta && all[0].is_there && !all[1].is_there);
    assert_eq!(draft(&all[0].entry, &LABELS).unwrap().code, "19080-1");
}

#[test]
fn the_same_value_of_the_same_day_is_noticed() {
    let same = Hormone { at: moment("2026-03-02").into(), laboratory: Told::Unknown, ..e2() };
    assert!(is_same(&e2(), &same));
    let others = [
        Hormone { at: moment("2026-03-03").into(), ..e2() },
        Hormone { value: amount("4300 pg/mL").into(), ..e2() },
        Hormone { value: amount(">4300.0 pmol/L").into(), ..e2() },
        Hormone { hormone: HormoneKind::Amh.into(), ..e2() },
        Hormone { hormone: HormoneKind::Other.into(), ..e2() },
    ];
    assert!(others.iter().all(|o| !is_same(&e2(), o)));
}
