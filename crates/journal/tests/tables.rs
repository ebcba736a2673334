//! Any table of days: what is guessed, what the person says, and what is asked back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    import::{
        BleedingScale, Column, DateOrder, Import, Reason, Scale, TableError, TableLook, TablePlan,
        guess_table, guess_table_by, look_at_table, read_table,
    },
    model::{
        Day, EntityId, HomeTest, TextType,
        diary::{Bleeding, TestResult},
    },
};
use kit::{Journal, date};

const ME: EntityId = EntityId::from_bytes([9; 16]);

fn written(import: &Import) -> Journal {
    let mut j = Journal::new();
    import.write(&mut j.author, &mut j.book, j.now);
    j
}

fn day(j: &Journal, d: &str) -> Day {
    j.book.get::<Day>(Day::id(ME, date(d))).unwrap_or_else(|| panic!("no day {d}"))
}

fn plan(text: &str) -> TablePlan {
    guess_table(text.as_bytes()).unwrap()
}

fn look(text: &str) -> TableLook {
    look_at_table(text.as_bytes(), &plan(text)).unwrap()
}

fn read(text: &str) -> Import {
    read_table(text.as_bytes(), &plan(text), ME).unwrap()
}

fn problems(import: &Import) -> Vec<(usize, &str, Reason, &str)> {
    import.problems.iter().map(|p| (p.row, p.field.as_str(), p.reason, p.raw.as_str())).collect()
}

/// The temperature that a cell under a head becomes, or why it becomes none.
fn warmth(head: &str, cell: &str) -> Result<String, Reason> {
    let text = format!("Date\t{head}\n2026-06-01\t{cell}\n");
    let import = read(&text);
    match import.problems.first() {
        Some(p) => {
            assert_eq!(p.raw, cell, "kept with its unit");
            assert_eq!(day(&written(&import), "2026-06-01").imported, vec![format!("{head}={cell}")].into());
            Err(p.reason)
        }
        None => Ok(day(&written(&import), "2026-06-01").temperature.known().unwrap().to_text()),
    }
}

#[test]
fn a_temperature_has_the_unit_that_it_was_printed_with() {
    let fine = [
        ("Temp", "36.55", "36.55 °C"),
        ("Temp", "36,55", "36.55 °C"),
        ("Temp", "36,512", "36.512 °C"),
        ("Temp", "97.9", "97.9 °F"),
        ("Temp", "36.6 °C", "36.6 °C"),
        ("Temp", "36,6°C", "36.6 °C"),
        ("Temp", "36,6\u{a0}Grad", "36.6 °C"),
        ("Temp", "36.6 degrees Celsius", "36.6 °C"),
        ("Temp", "36.6°", "36.6 °C"),
        ("Temp", "36.6 º C", "36.6 °C"),
        ("Temp", "36.6℃", "36.6 °C"),
        ("Temp", "97.9 f", "97.9 °F"),
        ("Temp", "97.9 degF", "97.9 °F"),
        ("BBT (°F)", "97.9", "97.9 °F"),
        ("bbt_c", "36.6", "36.6 °C"),
        ("BBT (°C)", "97.9 °F", "97.9 °F"),
    ];
    for (head, cell, wanted) in fine {
        assert_eq!(warmth(head, cell).as_deref(), Ok(wanted), "{head}: {cell}");
    }
}

#[test]
fn a_temperature_that_contradicts_its_unit_is_not_taken() {
    let bad = [
        ("Temp", "36.6 °F", Reason::UnitDiffers),
        ("Temp", "97.9°C", Reason::UnitDiffers),
        ("BBT (°F)", "36.6", Reason::UnitDiffers),
        ("Temperatur in Celsius", "97.9", Reason::UnitDiffers),
        ("Temp", "1,250", Reason::Implausible),
        ("Temp", "36512", Reason::Implausible),
        ("Temp", "366", Reason::Implausible),
        ("Temp", "60 °C", Reason::Implausible),
        ("Temp", "309.7 K", Reason::BadNumber),
        ("Temp", "1.036,5", Reason::BadNumber),
        ("Temp", "36.5 / 36.7", Reason::BadNumber),
        ("Temp", "36.5 °C ?", Reason::BadNumber),
        ("Temp", "°C", Reason::BadNumber),
    ];
    for (head, cell, wanted) in bad {
        assert_eq!(warmth(head, cell), Err(wanted), "{head}: {cell}");
    }
}

#[test]
fn a_head_that_names_two_units_or_none_says_nothing() {
    for head in ["Temperature (°C/°F)", "Temperatur in ° für die Kurve", "Temp f. Kurve"] {
        assert_eq!(warmth(head, "36.6").as_deref(), Ok("36.6 °C"), "{head}");
        assert_eq!(warmth(head, "97.9").as_deref(), Ok("97.9 °F"), "{head}");
    }
}

#[test]
fn temperatures_of_both_sizes_are_asked_about() {
    let text = "Date,Temp\n2026-06-01,36.5\n2026-06-02,97.9\n2026-06-03,36.7 °C\n";
    let mut plan = plan(text);
    let asked = look(text);
    assert!(asked.has_bare_temperatures && asked.unit.is_none());
    assert_eq!(read_table(text.as_bytes(), &plan, ME), Err(TableError::UnitInDoubt));
    plan.unit = Some(Scale::Celsius);
    let import = read_table(text.as_bytes(), &plan, ME).unwrap();
    assert_eq!(problems(&import), [(3, "Temp", Reason::UnitDiffers, "97.9")]);
    plan.unit = Some(Scale::BySize);
    let j = written(&read_table(text.as_bytes(), &plan, ME).unwrap());
    assert_eq!(day(&j, "2026-06-02").temperature.known().unwrap().to_text(), "97.9 °F");
    assert_eq!(day(&j, "2026-06-03").temperature.known().unwrap().to_text(), "36.7 °C");
    let one = look("Date,Temp\n2026-06-01,97.5\n2026-06-02,97.9\n");
    assert_eq!((one.has_bare_temperatures, one.unit), (true, Some(Scale::Fahrenheit)));
    let printed = look("Date,Temp (°C)\n2026-06-01,36.5\n");
    assert_eq!((printed.has_bare_temperatures, printed.unit), (false, None));
}

#[test]
fn a_table_shows_what_its_columns_hold() {
    let text = "Wann;Messung;Was war;Leer\n01.06.2026;36,5;;\n02.06.2026;36,5;gut;\n13.06.2026;36,7;a;\n14.06.2026;36,8;b;\n";
    let shown = look(text);
    let heads: Vec<_> = shown.columns.iter().map(|c| (c.letter.as_str(), c.head.as_str())).collect();
    assert_eq!(heads, [("A", "Wann"), ("B", "Messung"), ("C", "Was war"), ("D", "Leer")]);
    assert_eq!(shown.columns[1].examples, ["36,5", "36,7", "36,8"]);
    assert_eq!(shown.columns[2].examples, ["gut", "a", "b"]);
    assert!(shown.columns[3].examples.is_empty() && shown.orders.is_empty() && shown.separators.is_empty());
    let mut plan = plan(text);
    assert_eq!(plan.columns, [Column::Date, Column::Other, Column::Other, Column::Other]);
    plan.columns[1] = Column::Temperature;
    plan.columns[2] = Column::Skip;
    let import = read_table(text.as_bytes(), &plan, ME).unwrap();
    assert_eq!((import.rows, import.drafts.len(), import.problems.len()), (4, 4, 0));
    let days: Vec<String> = import.days().iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-06-01", "2026-06-02", "2026-06-13", "2026-06-14"]);
    let d = day(&written(&import), "2026-06-13");
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.7 °C");
    assert!(!d.imported.is_known(), "left out on purpose");
}

#[test]
fn one_column_and_only_one_is_the_date() {
    let without = "Wann,Was\nmontags,x\n";
    assert_eq!(read_table(without.as_bytes(), &plan(without), ME), Err(TableError::NoDate));
    assert_eq!(look(without).columns.len(), 2, "the card is shown all the same");
    let two = "Start date,End date,Flow\n2026-06-01,2026-06-04,heavy\n";
    assert_eq!(read_table(two.as_bytes(), &plan(two), ME), Err(TableError::SeveralDates));
    assert_eq!(look(two).columns.len(), 3);
    let named = "Updated (date),Date,Day\n2026-07-01,2026-06-01,3\n";
    assert_eq!(plan(named).columns, [Column::Other, Column::Date, Column::Other]);
}

#[test]
fn a_first_row_of_data_is_not_swallowed() {
    let text = "2026-06-01,36.5,Regen\n2026-06-02,36.6,\n";
    let mut plan = plan(text);
    assert!(!plan.has_head);
    assert_eq!(plan.columns, [Column::Date, Column::Other, Column::Other]);
    plan.columns[1] = Column::Temperature;
    let import = read_table(text.as_bytes(), &plan, ME).unwrap();
    assert_eq!(import.rows, 2);
    let d = day(&written(&import), "2026-06-01");
    assert_eq!(d.temperature.known().unwrap().to_text(), "36.5 °C");
    assert_eq!(d.imported, vec!["C=Regen".to_owned()].into(), "named by its letter");
    // The person may say that there is none where the reader took one for it.
    let slip = "1st June,36.5\n2026-06-02,36.6\n";
    let mut plan = guess_table(slip.as_bytes()).unwrap();
    assert!(plan.has_head);
    plan.has_head = false;
    let import = read_table(slip.as_bytes(), &plan, ME).unwrap();
    assert_eq!(problems(&import), [(1, "A", Reason::BadDate, "1st June, 36.5")]);
}

#[test]
fn what_stands_above_the_table_is_no_head() {
    let text = "\r\nsep=;\r\n;;\r\nMy diary;;\r\nDatum;Temperatur;Notiz\r\n31.05.2026;36,5;\"zwei\r\nZeilen; ein \"\"Tag\"\"\"\r\n;;\r\n32.05.2026;1;\r\n";
    let plan = plan(text);
    assert_eq!((plan.delimiter, plan.has_head), (b';', true));
    assert_eq!(plan.columns, [Column::Date, Column::Temperature, Column::Note]);
    let import = read(text);
    assert_eq!(
        problems(&import),
        [(4, "", Reason::BadShape, "My diary, , "), (8, "Datum", Reason::BadDate, "32.05.2026, 1, ")]
    );
    let d = day(&written(&import), "2026-05-31");
    assert_eq!(d.note.known().unwrap(), "zwei\r\nZeilen; ein \"Tag\"");
}

#[test]
fn any_line_ends_and_letters_are_read() {
    let text = "Datum;Beschwerden (Schmerz)\r\n13.06.2026;Krämpfe, müde\r\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{feff}{text}");
    let mac = text.replace("\r\n", "\r");
    for bytes in [text.as_bytes(), &latin, &wide, marked.as_bytes(), mac.as_bytes()] {
        let plan = guess_table(bytes).unwrap();
        assert_eq!(plan.columns, [Column::Date, Column::Symptoms]);
        let import = read_table(bytes, &plan, ME).unwrap();
        assert!(import.problems.is_empty());
        let d = day(&written(&import), "2026-06-13");
        let names: Vec<String> = d.symptoms.known().unwrap().iter().map(TextType::to_text).collect();
        assert_eq!(names, ["Krämpfe", "müde"]);
    }
}

#[test]
fn separators_are_told_by_the_rows_and_asked_where_they_are_not() {
    assert_eq!(plan("Date,Note\n2026-06-01,a; b; c\n2026-06-02,d; e\n").delimiter, b',');
    assert_eq!(plan("Datum;Temp\n01.06.2026;36,55\n02.06.2026;36,60\n").delimiter, b';');
    assert_eq!(plan("01.06.2026;36,55\n02.06.2026;36,60\n").delimiter, b';');
    assert_eq!(plan("2026-06-01\t36,5\ta, b\n2026-06-02\t36,6\tb, c\n").delimiter, b'\t');
    assert_eq!(plan("2026-06-01|36.5\n2026-06-02|36.6\n").delimiter, b'|');
    assert_eq!(plan("sep=#\nDate#Temp\n2026-06-01#36,5\n").delimiter, b'#');
    let wrong = "sep=,\nDatum;Temp\n2026-06-01;36.5\n";
    let shown = look(wrong);
    assert_eq!((shown.columns.len(), shown.separators), (1, vec![b';', b',']));
    let plan = guess_table_by(wrong.as_bytes(), b';').unwrap();
    assert_eq!(plan.columns, [Column::Date, Column::Temperature]);
    assert!(look_at_table(wrong.as_bytes(), &plan).unwrap().separators.is_empty());
}

#[test]
fn dates_say_their_order_or_it_is_asked() {
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    let asked = |dates: &[&str]| look(&format!("Date;x\n{}\n", dates.join(";y\n"))).orders;
    assert_eq!(asked(&["01.02.2026", "13.02.2026"]), []);
    assert_eq!(asked(&["2/13/2026", "1/2/2026"]), []);
    assert_eq!(asked(&["01/02/2026"]), [DayFirst, MonthFirst]);
    assert_eq!(asked(&["03/03/2026", "4/4/2026"]), [], "the same either way");
    assert_eq!(asked(&["13/02/2026", "02/13/2026"]), [DayFirst, MonthFirst], "they contradict one another");
    assert_eq!(asked(&["26/06/01", "26/06/02"]), [DayFirst, YearFirst]);
    assert_eq!(asked(&["26.06.01"]), []);
    assert_eq!(asked(&["2026/06/01", "20260602", "2026-6-3"]), []);
    let text = "Date;Temp\n26/06/01;36.5\n";
    let mut plan = plan(text);
    assert_eq!(read_table(text.as_bytes(), &plan, ME), Err(TableError::DatesInDoubt));
    plan.dates = Some(MonthFirst);
    assert_eq!(
        read_table(text.as_bytes(), &plan, ME),
        Err(TableError::DatesInDoubt),
        "not one of those asked"
    );
    plan.dates = Some(YearFirst);
    let j = written(&read_table(text.as_bytes(), &plan, ME).unwrap());
    assert!(day(&j, "2026-06-01").temperature.is_known());
}

#[test]
fn months_are_read_by_their_names() {
    for text in [
        "5 March 2026",
        "5. März 2026",
        "05-Mar-26",
        "Mar 5, 2026",
        "March 5th, 2026",
        "Thu, 5 Mar 2026",
        "Do., 5. Mrz. 2026",
        "2026-Mar-05",
        "2026 March 5",
        "5/MAR/2026",
        "the 5th of March 2026",
        "Thursday, March 5, 2026",
        "5 Mar 2026 07:10",
        "5. März 2026 um 07:10",
        "Mar 5, 2026, 7:10 AM",
    ] {
        let import = read(&format!("Date\tBleeding\n{text}\theavy\n"));
        assert_eq!(problems(&import), [], "{text}");
        assert_eq!(day(&written(&import), "2026-03-05").bleeding, Bleeding::Heavy.into(), "{text}");
    }
    for text in ["22nd March 2026", "March 22nd, 2026", "Sunday, March 22nd, 2026", "2026-Mar-22"] {
        let import = read(&format!("Date\tBleeding\n{text}\theavy\n"));
        assert_eq!(problems(&import), [], "{text}");
        assert_eq!(day(&written(&import), "2026-03-22").bleeding, Bleeding::Heavy.into(), "{text}");
    }
    for text in [
        "31 June 2026",
        "5 Mar",
        "March 2026",
        "Mon, 5 Mar 2026",
        "5 Mai 26 3",
        "5 Maj 2026",
        "5 Mar 1026",
        "5 March 2026 07:10 GMT",
    ] {
        let import = read(&format!("Date\tBleeding\n5 Apr 2026\tlight\n{text}\theavy\n"));
        assert_eq!(problems(&import), [(3, "Date", Reason::BadDate, &*format!("{text}, heavy"))], "{text}");
    }
    // Found by itself, and never asked about: there is only one order.
    let text = "Day,x,Flow\n5-Jan-26,y,heavy\n6-Jan-26,y,light\n";
    assert!(look(text).orders.is_empty());
    assert_eq!(day(&written(&read(text)), "2026-01-06").bleeding, Bleeding::Light.into());
}

#[test]
fn a_day_is_read_with_its_time_and_never_from_another_zone() {
    let text = "Date;Note\n2026-06-01 07:30;a\n02.06.2026, 7:30 AM;b\n2026-06-03T00:00:00.000Z;c\n2026-06-13T22:00:00Z;d\n2026-06-05T23:30:00+02:00;e\n2026-06-0612;f\n12.06.98;g\n13.06.2026 abends;h\n20.06.2026;i\n";
    let import = read(text);
    let rows: Vec<_> = import.problems.iter().map(|p| (p.row, p.reason)).collect();
    assert_eq!(
        rows,
        [(5, Reason::OtherZone), (7, Reason::BadDate), (8, Reason::BadDate), (9, Reason::BadDate)]
    );
    let j = written(&import);
    assert_eq!(day(&j, "2026-06-01").imported, vec!["Date=2026-06-01 07:30".to_owned()].into());
    assert_eq!(day(&j, "2026-06-02").note.known().unwrap(), "b");
    assert!(!day(&j, "2026-06-03").imported.is_known(), "midnight says nothing");
    assert_eq!(day(&j, "2026-06-05").note.known().unwrap(), "e");
}

#[test]
fn numbers_of_bleeding_mean_what_the_person_says() {
    let text = "Date,Bleeding\n2026-06-01,0\n2026-06-02,1\n2026-06-03,3\n2026-06-04,heavy\n2026-06-05,5\n";
    let mut plan = plan(text);
    assert!(look(text).has_bleeding_digits);
    let bleeding = |plan: &TablePlan| {
        let j = written(&read_table(text.as_bytes(), plan, ME).unwrap());
        [1, 2, 3, 4, 5].map(|n| day(&j, &format!("2026-06-0{n}")).bleeding.get())
    };
    let heavy = Some(Bleeding::Heavy);
    assert_eq!(bleeding(&plan), [None, None, None, heavy, None]);
    assert_eq!(read(text).problems.len(), 4, "kept as they stand, and said so");
    use Bleeding::{Light, Medium, None as Nothing, Present, Spotting};
    plan.bleeding = Some(BleedingScale::NoneToVeryHeavy);
    assert_eq!(bleeding(&plan), [Some(Nothing), Some(Light), heavy, heavy, None]);
    plan.bleeding = Some(BleedingScale::NoneSpottingToHeavy);
    assert_eq!(bleeding(&plan), [Some(Nothing), Some(Spotting), Some(Medium), heavy, None]);
    plan.bleeding = Some(BleedingScale::SpottingToHeavy);
    assert_eq!(bleeding(&plan), [Some(Spotting), Some(Light), heavy, heavy, None]);
    plan.bleeding = Some(BleedingScale::NoYes);
    assert_eq!(bleeding(&plan), [Some(Nothing), Some(Present), None, heavy, None]);
}

#[test]
fn a_laboratorys_one_is_no_positive_test() {
    let text = "Date,hCG\n2026-06-01,1\n2026-06-02,positive\n2026-06-03,112\n";
    let mut plan = plan(text);
    assert!(look(text).has_digit_results);
    let results = |plan: &TablePlan| -> Vec<TestResult> {
        let j = written(&read_table(text.as_bytes(), plan, ME).unwrap());
        j.book.all::<HomeTest>().filter_map(|(_, t)| t.result.get()).collect()
    };
    assert_eq!(results(&plan), [TestResult::Positive]);
    plan.has_digit_results = true;
    assert_eq!(results(&plan), [TestResult::Positive; 2]);
    let days = read_table(text.as_bytes(), &plan, ME).unwrap().days();
    assert_eq!(days.len(), 3, "of a test alone, too");
}

#[test]
fn times_are_read_as_people_write_them() {
    let text = "Date,Time\n2026-06-01,7:30\n2026-06-02,07:30:59\n2026-06-03,12:05 AM\n2026-06-04,7:30 pm\n2026-06-05,7:30 Uhr\n2026-06-06,7.30\n2026-06-07,+7:30\n2026-06-08,13:00 pm\n";
    let import = read(text);
    let rows: Vec<usize> = import.problems.iter().map(|p| p.row).collect();
    assert_eq!(rows, [7, 8, 9]);
    let j = written(&import);
    let times =
        [1, 2, 3, 4, 5].map(|n| day(&j, &format!("2026-06-0{n}")).temperature_at.known().unwrap().to_text());
    assert_eq!(times.map(|t| t[11..].to_owned()), ["07:30", "07:30", "00:05", "19:30", "07:30"]);
}

#[test]
fn heads_are_read_by_their_words() {
    use Column::{Date, LhTest, Note, Other, PregnancyTest, Temperature, Time};
    let heads = "Date,Attempts,Basaltemperatur,Temperature note,LH-Test,Uhrzeit,hCG,Wahl,Temp 2";
    let text = format!("{heads}\n2026-06-01,1,36.5,x,+,07:00,-,y,36.6\n");
    assert_eq!(
        plan(&text).columns,
        [Date, Other, Temperature, Note, LhTest, Time, PregnancyTest, Other, Other]
    );
}

#[test]
fn a_plan_is_kept_in_one_line_of_codes() {
    let plan = TablePlan {
        delimiter: b'\t',
        has_head: true,
        columns: vec![Column::Date, Column::LhTest, Column::Skip],
        dates: Some(DateOrder::MonthFirst),
        unit: Some(Scale::BySize),
        bleeding: Some(BleedingScale::NoYes),
        has_digit_results: true,
    };
    let line = plan.to_line();
    assert_eq!(line, "9;yes;date lh_test skip;month_first;by_size;no_yes;yes");
    assert_eq!(TablePlan::from_line(&line), Some(plan));
    for bad in ["", "9;yes;date", "9;yes;date newer;;;;", "x;yes;date;;;;", "200;yes;date;;;;"] {
        assert_eq!(TablePlan::from_line(bad), None, "{bad}");
    }
}

#[test]
fn what_is_shown_of_a_table_is_not_printed() {
    let shown = look("Date,Temp\n2026-06-01,36.5\n");
    assert!(!format!("{shown:?} {:?}", shown.columns[0]).contains("36.5"));
}
