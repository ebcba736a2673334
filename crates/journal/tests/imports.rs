//! Files of other apps: read whole, bad rows named, twice the same as once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    import::{
        Column, DateOrder, Format, Import, ImportError, Reason, TableError, TablePlan, detect, guess_table,
        look_at_table, read, read_journal, read_table,
    },
    model::{
        Day, EntityId, HomeTest, TextType, Told,
        diary::{
            Bleeding, CervixFirmness, CervixOpening, CervixPosition, Intercourse, MucusFeeling, MucusTexture,
            Strength, TestKind, TestResult,
        },
    },
};
use kit::{Journal, date};
use proptest::prelude::*;

const ME: EntityId = EntityId::from_bytes([9; 16]);

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn written(import: &Import) -> Journal {
    let mut j = Journal::new();
    import.write(&mut j.author, &mut j.book, j.now);
    j
}

fn day(j: &Journal, d: &str) -> Day {
    j.book.get::<Day>(Day::id(ME, date(d))).unwrap()
}

fn problems(import: &Import) -> Vec<(usize, &str, Reason)> {
    import.problems.iter().map(|p| (p.row, p.field.as_str(), p.reason)).collect()
}

fn symptoms(d: &Day) -> Vec<String> {
    d.symptoms.known().unwrap().iter().map(TextType::to_text).collect()
}

/// Reading the same file again brings nothing, and no complaints.
fn twice_is_once(import: &Import) {
    let mut j = written(import);
    let before = j.book.clone();
    let again = import.write(&mut j.author, &mut j.book, j.now.plus_seconds(99));
    assert!(again.changes.is_empty() && again.problems.is_empty(), "{:?}", again.problems);
    assert!(before == j.book);
}

#[test]
fn drip_is_read_column_by_column() {
    let (format, import) = read(&fixture("drip.csv"), ME).unwrap();
    assert_eq!((format, import.rows), (Format::Drip, 5));
    let j = written(&import);
    let d = day(&j, "2026-06-14");
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.85 °C");
    assert_eq!(d.temperature_at.known().unwrap().to_text(), "2026-06-14T07:40");
    assert_eq!(d.temperature_excluded, Told::Known(true));
    assert_eq!(d.temperature_note, Told::Known("slept badly".to_owned()));
    assert_eq!(
        (d.mucus_feeling, d.mucus_texture),
        (MucusFeeling::Slippery.into(), MucusTexture::EggWhite.into())
    );
    assert_eq!(d.cervix_opening, CervixOpening::Open.into());
    assert_eq!(
        (d.cervix_firmness, d.cervix_position),
        (CervixFirmness::Soft.into(), CervixPosition::High.into())
    );
    assert_eq!(d.note, Told::Known("two lines, one \"day\"".to_owned()));
    assert_eq!(d.desire, Strength::High.into());
    assert_eq!(d.intercourse, vec![Intercourse::Partnered, Intercourse::Unprotected].into());
    assert_eq!(symptoms(&d), ["ovulation_pain", "left side"]);
    assert_eq!(d.feelings, vec!["happy".to_owned(), "hopeful".to_owned()].into());
    let first = day(&j, "2026-06-01");
    assert_eq!((first.bleeding, first.bleeding_excluded), (Bleeding::Light.into(), Told::Known(true)));
    assert_eq!(day(&j, "2026-06-02").bleeding, Bleeding::Heavy.into());
    assert_eq!(
        problems(&import),
        [
            (5, "date", Reason::BadDate),
            (6, "temperature.value", Reason::Implausible),
            (6, "bleeding.value", Reason::UnknownValue)
        ]
    );
    assert!(import.problems[0].raw.contains("2026-06-31,36.50"));
    assert_eq!(
        day(&j, "2026-06-03").imported,
        vec!["temperature.value=366".to_owned(), "bleeding.value=9".to_owned()].into()
    );
    twice_is_once(&import);
}

#[test]
fn clue_is_read_in_todays_form() {
    let (format, import) = read(&fixture("clue.json"), ME).unwrap();
    assert_eq!((format, import.rows), (Format::Clue, 16));
    let j = written(&import);
    let d = day(&j, "2026-06-01");
    assert_eq!(d.bleeding, Bleeding::Heavy.into());
    assert_eq!(symptoms(&d), ["cramps", "backache", "leg", "fatigue"]);
    assert_eq!(day(&j, "2026-06-02").bleeding, Bleeding::VeryHeavy.into());
    let spotted = day(&j, "2026-06-08");
    assert_eq!(spotted.bleeding, Bleeding::Spotting.into());
    assert_eq!(spotted.imported, vec!["spotting=brown".to_owned()].into(), "the colour has no field");
    assert_eq!(day(&j, "2026-06-09").symptoms, Told::Known(Vec::new()), "told that nothing hurt");
    let d = day(&j, "2026-06-10");
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.62 °C");
    assert_eq!((d.temperature_excluded, d.desire), (Told::Known(true), Strength::High.into()));
    assert_eq!(d.intercourse, vec![Intercourse::Unprotected].into());
    let tests: Vec<(TestKind, TestResult)> =
        j.book.all::<HomeTest>().map(|(_, t)| (t.kind.get().unwrap(), t.result.get().unwrap())).collect();
    assert!(
        tests.contains(&(TestKind::Lh, TestResult::Positive))
            && tests.contains(&(TestKind::Hcg, TestResult::Negative))
    );
    let kept = day(&j, "2026-06-11").imported.into_known().unwrap();
    assert_eq!(kept, ["tags=back cracking", "birth_control_pill=taken", "weight={\"kilograms\":61.2}"]);
    assert_eq!(
        problems(&import),
        [(12, "weight", Reason::UnknownValue), (13, "date", Reason::BadDate), (15, "type", Reason::BadShape)]
    );
    assert_eq!(day(&j, "2026-06-03").imported, vec!["period=torrential".to_owned()].into());
    twice_is_once(&import);
}

#[test]
fn clue_is_read_in_its_older_form() {
    let (format, import) = read(&fixture("old.cluedata"), ME).unwrap();
    assert_eq!((format, import.rows), (Format::Clue, 4));
    let j = written(&import);
    let d = day(&j, "2020-03-01");
    assert_eq!(
        (d.bleeding, symptoms(&d)),
        (Bleeding::Light.into(), vec!["cramps".to_owned(), "tender_breasts".to_owned()])
    );
    let d = day(&j, "2020-03-02");
    assert_eq!(
        (d.mucus_texture, d.intercourse),
        (MucusTexture::Creamy.into(), vec![Intercourse::Withdrawal].into())
    );
    assert_eq!(d.imported, vec!["tags=hike".to_owned()].into());
    assert_eq!(day(&j, "2020-03-12").bleeding, Bleeding::Spotting.into());
    assert_eq!(problems(&import), [(4, "day", Reason::BadDate)]);
    twice_is_once(&import);
}

#[test]
fn flo_is_read_from_all_four_of_its_lists() {
    let (format, import) = read(&fixture("flo.json"), ME).unwrap();
    assert_eq!((format, import.rows), (Format::Flo, 19));
    let j = written(&import);
    let d = day(&j, "2026-06-01");
    assert_eq!(d.bleeding, Bleeding::Heavy.into());
    assert_eq!(symptoms(&d), ["cramps"], "on the person's own day, not that of UTC");
    assert_eq!(d.feelings, vec!["low_energy".to_owned()].into());
    let d = day(&j, "2026-06-02");
    assert_eq!((d.bleeding, d.note), (Bleeding::Medium.into(), Told::Known("Long day.".to_owned())));
    assert_eq!(d.imported, vec!["Pills/TakenOnTime={\"missed_pill\":false}".to_owned()].into());
    assert_eq!(day(&j, "2026-06-03").bleeding, Bleeding::Present.into(), "it bled; how much nobody said");
    let d = day(&j, "2026-06-13");
    assert_eq!(
        (d.mucus_texture, d.temperature.known().unwrap().to_text().as_str()),
        (MucusTexture::EggWhite.into(), "36.45 °C")
    );
    let d = day(&j, "2026-06-14");
    assert_eq!(
        (d.temperature.known().unwrap().to_text().as_str(), d.imported),
        ("97.9 °F", vec!["Swelling/Mild".to_owned()].into())
    );
    assert_eq!(
        day(&j, "2026-06-29").bleeding,
        Bleeding::Present.into(),
        "with a broken end the first day stays"
    );
    assert!(j.book.get::<Day>(Day::id(ME, date("2025-01-01"))).is_none());
    assert_eq!(
        problems(&import),
        [
            (2, "period_end_date", Reason::BadSpan),
            (3, "pregnant", Reason::Pregnancy),
            (4, "period_start_date", Reason::BadDate),
            (9, "Temperature", Reason::Implausible),
            (11, "deleted", Reason::DeletedThere),
            (12, "local_date", Reason::BadDate),
            (2, "text", Reason::Nothing),
        ]
    );
    assert_eq!(j.book.all::<HomeTest>().count(), 2);
    twice_is_once(&import);
}

#[test]
fn a_table_is_guessed_and_read_as_the_person_says() {
    let bytes = fixture("table.csv");
    assert_eq!(detect(&bytes), Ok(Format::Table));
    let plan = guess_table(&bytes).unwrap();
    assert_eq!(plan.delimiter, b';');
    use Column::{Bleeding as B, Date, LhTest, Other, Symptoms, Temperature};
    assert_eq!(plan.columns, [Date, Temperature, B, LhTest, Symptoms, Other]);
    assert!(look_at_table(&bytes, &plan).unwrap().orders.is_empty());
    let import = read_table(&bytes, &plan, ME).unwrap();
    let j = written(&import);
    let d = day(&j, "2026-06-01");
    assert_eq!(
        (d.bleeding, symptoms(&d)),
        (Bleeding::Light.into(), vec!["Krämpfe".to_owned(), "Kopfschmerzen".to_owned()])
    );
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.55 °C");
    assert_eq!(d.imported, vec!["Wetter=Regen".to_owned()].into());
    assert_eq!(j.book.all::<HomeTest>().next().unwrap().1.result, TestResult::Positive.into());
    assert_eq!(
        problems(&import),
        [
            (5, "Datum", Reason::BadDate),
            (6, "Temperatur", Reason::BadNumber),
            (6, "LH", Reason::UnknownValue)
        ]
    );
    twice_is_once(&import);
}

#[test]
fn dates_that_may_be_read_either_way_are_asked_about() {
    let bytes = b"date,temp\n01/02/2026,36.5\n03/04/2026,36.6\n";
    let mut plan = guess_table(bytes).unwrap();
    assert_eq!(look_at_table(bytes, &plan).unwrap().orders, [DateOrder::DayFirst, DateOrder::MonthFirst]);
    assert_eq!(read_table(bytes, &plan, ME), Err(TableError::DatesInDoubt));
    plan.dates = Some(DateOrder::MonthFirst);
    let j = written(&read_table(bytes, &plan, ME).unwrap());
    assert!(day(&j, "2026-01-02").temperature.is_known() && day(&j, "2026-03-04").temperature.is_known());
    plan.columns[0] = Column::Other;
    assert_eq!(read_table(bytes, &plan, ME), Err(TableError::NoDate));
}

#[test]
fn what_the_person_entered_stays_and_the_difference_is_named() {
    let import = read(&fixture("drip.csv"), ME).unwrap().1;
    let mut j = Journal::new();
    let id = Day::id(ME, date("2026-06-02"));
    j.put(id, Day { bleeding: Bleeding::Light.into(), date: date("2026-06-02").into(), ..Day::default() });
    let gone = Day::id(ME, date("2026-06-01"));
    j.put(gone, Day { date: date("2026-06-01").into(), ..Day::default() });
    j.author.delete(&mut j.book, j.now, keepwell_journal::model::Kind::Day, gone);
    let done = import.write(&mut j.author, &mut j.book, j.now);
    let d = day(&j, "2026-06-02");
    assert_eq!((d.bleeding, symptoms(&d)), (Bleeding::Light.into(), vec!["cramps".to_owned()]));
    assert!(j.book.get::<Day>(gone).is_none(), "what was deleted stays deleted");
    let named: Vec<_> = done.problems.iter().map(|p| (p.field.as_str(), p.reason, p.raw.as_str())).collect();
    assert_eq!(named, [("day.", Reason::DeletedHere, ""), ("day.bleeding", Reason::Differs, "heavy")]);
}

#[test]
fn rows_that_cannot_be_read_can_be_kept_as_a_note() {
    let import = read(&fixture("drip.csv"), ME).unwrap().1;
    let (id, note) = import.rest(&kit::moment("2026-11-28")).unwrap();
    assert!(note.text.known().unwrap().contains("5 date (bad_date): 2026-06-31,36.50"));
    assert_eq!(import.rest(&kit::moment("2027-01-01")).unwrap().0, id);
    assert!(Import::default().rest(&kit::moment("2026-11-28")).is_none());
}

#[test]
fn a_second_value_of_one_day_is_kept_beside_the_first() {
    let bytes = b"date,temperature\n2026-05-01,36.5\n2026-05-01,36.9\n2026-05-01,36.5\n";
    let import = read_table(bytes, &guess_table(bytes).unwrap(), ME).unwrap();
    assert_eq!(problems(&import), [(3, "temperature", Reason::Repeated)]);
    let d = day(&written(&import), "2026-05-01");
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.5 °C");
    assert_eq!(d.imported, vec!["temperature=36.9".to_owned()].into());
}

#[test]
fn files_that_are_none_are_told_apart() {
    assert_eq!(detect(b""), Err(ImportError::Empty));
    assert_eq!(detect(b" \n"), Err(ImportError::Empty));
    assert_eq!(detect(b"PK\x03\x04rest"), Err(ImportError::Archive));
    assert_eq!(detect(b"\xff\xfe\x00"), Err(ImportError::Letters));
    assert_eq!(detect(b"{\"a\":1}"), Err(ImportError::Unknown));
    assert_eq!(detect(b"{\"a\":"), Err(ImportError::Unknown));
    assert_eq!(
        read_journal(b"{\"format\":\"keepwell-journal\",\"version\":2,\"changes\":[]}"),
        Err(ImportError::Newer(2))
    );
    let with_mark = [b"\xef\xbb\xbf".as_slice(), &fixture("drip.csv")].concat();
    assert_eq!(detect(&with_mark), Ok(Format::Drip));
}

#[test]
fn drips_own_sample_is_read() {
    let path = "/work/shared/data/cycle/drip-mini.csv";
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is not here");
        return;
    };
    let import = read(&bytes, ME).unwrap().1;
    assert!(import.problems.is_empty());
    let j = written(&import);
    let bleeding = |d: &str| day(&j, d).bleeding;
    assert_eq!(
        [bleeding("2026-07-01"), bleeding("2026-07-02"), bleeding("2026-07-03")],
        [Bleeding::Medium.into(), Bleeding::Spotting.into(), Bleeding::Heavy.into()]
    );
    assert_eq!(day(&j, "2026-07-04").temperature.known().unwrap().to_text(), "36.5 °C");
}

fn bytes_like(name: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let base = fixture(name);
    let len = base.len();
    (prop::collection::vec((0..len, any::<u8>()), 0..12), 0..=len).prop_map(move |(edits, cut)| {
        let mut b = base.clone();
        for (at, byte) in edits {
            b[at] = byte;
        }
        b.truncate(cut);
        b
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            "\\PC{0,200}".prop_map(String::into_bytes),
            bytes_like("drip.csv"), bytes_like("clue.json"), bytes_like("old.cluedata"), bytes_like("flo.json"),
            bytes_like("table.csv"),
        ],
    ) {
        if let Ok((_, import)) = read(&bytes, ME) {
            twice_is_once(&import);
        }
        let _ = read_journal(&bytes);
        if let Ok(plan) = guess_table(&bytes) {
            assert_eq!(look_at_table(&bytes, &plan).unwrap().columns.len(), plan.columns.len());
            assert_eq!(TablePlan::from_line(&plan.to_line()).as_ref(), Some(&plan));
            if let Ok(import) = read_table(&bytes, &plan, ME) {
                twice_is_once(&import);
            }
        }
    }
}

#[test]
fn what_has_no_place_is_written_into_one_note_and_only_once() {
    let import = read(&fixture("drip.csv"), ME).unwrap().1;
    let mut j = Journal::new();
    let id = Day::id(ME, date("2026-06-02"));
    j.put(id, Day { bleeding: Bleeding::Light.into(), date: date("2026-06-02").into(), ..Day::default() });
    let at = kit::moment("2026-11-28");
    assert!(!import.write_whole(&mut j.author, &mut j.book, j.now, &at).changes.is_empty());
    let notes = |j: &Journal| -> Vec<String> {
        let all = j.book.all::<keepwell_journal::model::Note>().filter_map(|(_, n)| n.text.known().cloned());
        all.filter(|text| text.contains("(differs)")).collect()
    };
    let [note] = <[String; 1]>::try_from(notes(&j)).unwrap();
    assert!(note.contains("5 date (bad_date): 2026-06-31,36.50"), "{note}");
    assert!(note.contains("day.bleeding (differs): heavy"), "{note}");
    assert!(!note.contains("unknown_value"), "it stands in its day: {note}");
    let again = import.write_whole(&mut j.author, &mut j.book, j.now, &kit::moment("2027-01-01"));
    assert!(again.changes.is_empty());
}
