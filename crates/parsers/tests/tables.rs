//! Lab tables of many makes: what is certain is read, what is not is warned about or asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::locator::Locator;
use keepwell_parsers::{
    sink::{ColumnMap, Options, Question},
    table::doubt::Doubt,
};
use support::{Outcome, read, read_with, shared, utf16};

fn text(table: &str) -> Outcome {
    read(table.as_bytes())
}

#[test]
fn a_german_table_with_decimal_commas_is_read() {
    let table = "Labor Musterstadt\nBefund vom 3.2.2023\n\nDatum;Untersuchung;Ergebnis;Einheit;Referenzbereich;Markierung\n03.02.2023;Hämoglobin;13,5;g/dl;12,0 - 16,0;\n03.02.2023;CRP;<0,6;mg/l;< 5,0;\n03.02.2023;Thrombozyten;250.000;/µl;150.000-400.000;\n03.02.2023;Nitrit;negativ;;negativ;\n3.2.23;LDL;1,234;mmol/l;bis 3,0;L\n";
    let want = [
        "2023-02-03 Hämoglobin 13.5 g/dl [12.0..16.0]",
        "2023-02-03 CRP <0.6 mg/l [..5.0]",
        "2023-02-03 Thrombozyten 250000 /µl [150000..400000]",
        "2023-02-03 Nitrit 'negativ' [..]",
        "2023-02-03 LDL 1.234 mmol/l [..3.0] L",
    ];
    assert_eq!(text(table).lines(), want);
    assert_eq!(read(&utf16(table, true)).lines(), want);
    assert_eq!(read(&utf16(table, false)).lines(), want);
    let latin: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(read(&latin).lines(), want);
    assert!(text(table).warnings().is_empty());
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let want = ["2014-03-26T08:15:00 Sodium 140 mmol/L [135..145] H"];
    for table in [
        "Unit,Flag,Result,Ref Low,Ref High,Collected,Test Name,Notes\nmmol/L,H,140,135,145,26-Mar-2014 08:15,Sodium,\nmmol/L,,,,,,,\n",
        "Test\tDate\tTime\tResult\tUnits\tReference Range\tAbnormal Flag\nSodium\t2014-03-26\t8:15\t140\tmmol/L\t135-145\tH\n",
        "\"Collection Date\"|\"Analyte\"|\"Value\"|\"Reference Range\"|\"Flag\"\n\"March 26, 2014 8:15 AM\"|\"Sodium\"|\"140 mmol/L\"|\"135 to 145\"|\"H\"\n\"\"|\"\"|\"\"|\"\"|\"\"\n",
    ] {
        assert_eq!(text(table).lines(), want, "{table}");
    }
}

#[test]
fn every_record_names_its_line_and_columns() {
    let out =
        text("x,y,z,w\n\nTest,Result,Unit,Comment\n\"Sodium\nserum\",140,mmol/L,\nPotassium,4.1,mmol/L,ok\n");
    let at: Vec<_> = out.records().iter().map(|r| r.locator.clone()).collect();
    assert_eq!(
        at,
        [
            Locator::Row { line: 4, columns: vec![1, 2, 3] },
            Locator::Row { line: 6, columns: vec![1, 2, 3, 4] }
        ]
    );
    assert_eq!(out.observations()[0].0, "", "no date is invented");
}

#[test]
fn slashed_dates_follow_the_one_cell_that_decides() {
    let table = |last: &str| {
        format!("Date,Test,Result,Unit\n03/04/2021,Sodium,140,mmol/L\n{last},Sodium,141,mmol/L\n")
    };
    assert_eq!(text(&table("25/04/2021")).lines()[0], "2021-04-03 Sodium 140 mmol/L");
    assert_eq!(text(&table("04/25/2021")).lines()[0], "2021-03-04 Sodium 140 mmol/L");
    let open = text(&table("05/06/2021"));
    assert!(open.records().is_empty());
    let Question::DayFirst { examples, lines } = &open.summary().questions[0] else { panic!() };
    assert_eq!(
        (examples.as_slice(), lines.as_slice()),
        (["03/04/2021".to_owned(), "05/06/2021".to_owned()].as_slice(), [2, 3].as_slice())
    );
    assert_eq!(open.skipped("waiting_for_answer"), 2);
    for (answer, want) in [(true, "2021-04-03"), (false, "2021-03-04")] {
        let options = Options { day_first: Some(answer), ..Options::default() };
        let out = read_with(table("05/06/2021").as_bytes(), &options);
        assert!(out.lines()[0].starts_with(want) && out.summary().questions.is_empty());
    }
    let both = text(
        "Date,Test,Result,Unit\n25/04/2021,Sodium,140,mmol/L\n04/25/2021,Sodium,141,mmol/L\n03/04/2021,Sodium,142,mmol/L\n",
    );
    assert_eq!((both.records().len(), both.summary().questions.len()), (2, 1));
}

#[test]
fn numbers_with_two_readings_wait_with_both() {
    let out = text("Date;Test;Result;Unit\n2024-01-01;Platelets;250.000;/µl\n2024-01-01;Sodium;140;mmol/l\n");
    assert_eq!(out.lines(), ["2024-01-01 Sodium 140 mmol/l"]);
    let [one] = out.unsure()[..] else { panic!() };
    assert!(matches!(&one.parsed.locator, Locator::Row { line: 2, .. }));
    let both = Doubt::NumberTwoWays { point: "250.000".to_owned(), comma: "250000".to_owned() };
    assert_eq!(one.doubts, [both]);
    assert_eq!(
        (one.printed.value.as_str(), one.cells.join(";").as_str()),
        ("250.000", "2024-01-01;Platelets;250.000;/µl")
    );
}

#[test]
fn what_speaks_against_a_row_is_named_and_the_other_rows_are_read() {
    let table = "Date,Test,Result,Unit\n2024-01-01,Sodium,140,mmol/L\n2024-01-01,Sodium,1400,mmol/L\n\
                 2027-01-01,Potassium,4.1,mmol/L\n1824-01-01,Potassium,4.2,mmol/L\n,Potassium,4.3,mmol/L\n\
                 someday,Potassium,4.4,mmol/L\n2024-01-01,Potassium,4.5,\n2024-01-01,Potassium,4.6,wibble\n\
                 2024-01-01,Triglycerydes,150,mg/dL\n2024-01-01,,7,mg/dL\n2024-01-01,House index,7,hops\n\
                 2024-01-01,Ferritin,50,mmHg\n";
    let today = Some(keepwell_domain::time::Date::new(2026, 1, 1).unwrap());
    let out = read_with(table.as_bytes(), &Options { today, ..Options::default() });
    assert_eq!(out.lines(), ["2024-01-01 Sodium 140 mmol/L", "2024-01-01 House index 7 hops"]);
    let doubts: Vec<_> = out.unsure().into_iter().map(|u| (u.place >> 12, u.doubts.clone())).collect();
    let want = [
        (3, Doubt::Implausible),
        (4, Doubt::DateFuture),
        (5, Doubt::DateLongAgo),
        (6, Doubt::DateMissing),
        (7, Doubt::DateUnreadable),
        (8, Doubt::UnitMissing),
        (9, Doubt::UnitUnknown),
        (10, Doubt::Spelling { loinc: "2571-8".to_owned() }),
        (11, Doubt::NameMissing),
        (13, Doubt::UnitUnfit { usual: "ng/mL".to_owned() }),
    ];
    assert_eq!(doubts, want.map(|(line, d)| (line, vec![d])));
    assert_eq!(out.skipped("waiting_for_answer"), 10);
    assert_eq!(out.summary().heading, ["Date", "Test", "Result", "Unit"]);
    // Without units anywhere there is nothing that a row lacks.
    let bare = text("Date,Test,Result,Flag\n2024-01-01,Sodium,140,\n2024-01-02,Sodium,141,H\n");
    assert_eq!((bare.records().len(), bare.unsure().len()), (2, 0));
}

#[test]
fn a_decimal_comma_in_a_comma_table_is_noticed() {
    let out =
        text("Test,Result,Unit\nSodium,140,mmol/L\nPotassium,4,1,mmol/L\nChloride,101,mmol/L\nIron,5,4\n");
    assert_eq!(out.lines(), [" Sodium 140 mmol/L", " Chloride 101 mmol/L"]);
    let doubts: Vec<_> = out.unsure().into_iter().map(|u| u.doubts.clone()).collect();
    assert_eq!(doubts, [vec![Doubt::ExtraCells], vec![Doubt::UnitIsNumber]]);
}

#[test]
fn results_that_are_not_plain_numbers_keep_their_text() {
    let out = text(
        "Test,Result,Unit\nA,>60,mL/min\nB,≤ 0.1,mg/L\nC,positive,\nD,trace,\nE,1:128,\nF,5-10,/HPF\nG,5.4 H,mmol/L\nH,5.4 mg/L,mmol/L\nI,,mmol/L\nJ,n/a,\nK,+,\n",
    );
    let want = [
        " A >60 mL/min",
        " B <=0.1 mg/L",
        " C 'positive'",
        " D 'trace'",
        " E '1:128'",
        " F '5-10'",
        " G 5.4 mmol/L H",
        " H '5.4 mg/L'",
        " K '+'",
    ];
    assert_eq!(out.lines(), want);
    assert_eq!(out.skipped("without_result"), 2);
}

#[test]
fn one_day_to_a_row_and_one_day_to_a_column_are_read() {
    let wide =
        text("Date,Hemoglobin (g/dL),TSH [mIU/L],Mood\n2024-01-01,13.5,<0.01,good\n2024-02-01,,2.1,bad\n");
    assert_eq!(
        wide.lines(),
        ["2024-01-01 Hemoglobin 13.5 g/dL", "2024-01-01 TSH <0.01 mIU/L", "2024-02-01 TSH 2.1 mIU/L"]
    );
    let units = text("Datum;Hämoglobin;Natrium\n;g/dl;mmol/l\n01.02.2024;13,5;140\n02.02.2024;13,6;141\n");
    assert_eq!(units.lines()[0], "2024-02-01 Hämoglobin 13.5 g/dl");
    assert_eq!(units.lines().len(), 4);
    let pivot = text(
        "Parameter;Einheit;Normbereich;01.02.2024;15.03.2024\nHämoglobin;g/dl;12-16;13,5;13,9\nKalium;mmol/l;3,5-5,1;;4,4\n",
    );
    let want = [
        "2024-02-01 Hämoglobin 13.5 g/dl [12..16]",
        "2024-03-15 Hämoglobin 13.9 g/dl [12..16]",
        "2024-03-15 Kalium 4.4 mmol/l [3.5..5.1]",
    ];
    assert_eq!(pivot.lines(), want);
}

#[test]
fn a_table_without_heading_is_told_by_content() {
    let out = text(
        "2024-01-01,Sodium,140,mmol/L,135-145,2951-2\n2024-01-01,Potassium,4.1,mmol/L,3.5-5.1,2823-3\n2024-01-02,Sodium,146,mmol/L,135-145,2951-2\n",
    );
    assert_eq!(out.lines()[2], "2024-01-02 Sodium 146 mmol/L [135..145]");
    assert_eq!(out.observations()[1].1.code.codings[0].code, "2823-3");
}

#[test]
fn missing_columns_are_asked_for_and_the_answer_is_used() {
    let table =
        "Date,What,First,Second,Unit\n2024-01-01,Sodium,140,7,mmol/L\n2024-01-02,Sodium,141,8,mmol/L\n";
    let out = text(table);
    let Question::Columns { headers, missing, found } = &out.summary().questions[0] else { panic!() };
    assert_eq!((headers.len(), missing.as_slice()), (5, ["the results".to_owned()].as_slice()));
    assert_eq!((found.date, found.unit, found.value), (Some(0), Some(4), None));
    let columns =
        ColumnMap { name: Some(1), value: Some(2), unit: Some(4), date: Some(0), ..ColumnMap::default() };
    let out = read_with(table.as_bytes(), &Options { columns: Some(columns), ..Options::default() });
    assert_eq!(out.lines(), ["2024-01-01 Sodium 140 mmol/L", "2024-01-02 Sodium 141 mmol/L"]);
}

#[test]
fn several_people_are_told_apart_by_a_question() {
    let table = "Patient ID,Date,Test,Result,Unit\nP1,2024-01-01,Sodium,140,mmol/L\nP2,2024-01-01,Sodium,150,mmol/L\n";
    let asked = text(table);
    let Question::WhichSubject { choices, total } = &asked.summary().questions[0] else { panic!() };
    assert_eq!((choices.as_slice(), *total), (["P1".to_owned(), "P2".to_owned()].as_slice(), 2));
    assert!(text(table).records().is_empty());
    let out = read_with(table.as_bytes(), &Options { subject: Some("P2".to_owned()), ..Options::default() });
    assert_eq!(out.lines(), ["2024-01-01 Sodium 150 mmol/L"]);
    assert_eq!(out.skipped("other_people"), 1);
}

#[test]
fn tables_of_other_things_are_kept_as_documents() {
    for table in [
        "Date,Distance (km),Speed (km/h),Climb (m/h)\n2024-01-01,10,9.5,120\n2024-01-02,11,9.7,90\n",
        "Date,Food,Calcium (mg),Energy (kcal)\n2024-01-01,Milk,300,120\n2024-01-02,Milk,300,120\n",
        "Date,Name,Value\n2024-01-01,Rent,900\n2024-02-01,Rent,900\n",
        "Id,SleepDay,Minutes\n1,4/12/16,327\n1,4/13/16,384\n",
    ] {
        assert!(text(table).error().contains("as a document"), "{table}");
    }
}

#[test]
fn formulas_are_text_and_nothing_else() {
    let Some(bytes) = shared("malformed/generated/csv/formula-injection.csv") else { return };
    let out = read(&bytes);
    assert_eq!(out.lines(), ["2024-01-01 =HYPERLINK(\"http://127.0.0.1/\",\"x\") 5.1 mmol/L"]);
    assert_eq!(out.unsure().len(), 1);
}

#[test]
fn the_shared_trial_table_asks_whose_rows_and_then_reads_them() {
    let Some(bytes) = shared("lab-tables/phuse-statin-lb.csv") else { return };
    let out = read(&bytes);
    let Question::WhichSubject { choices, total } = &out.summary().questions[0] else { panic!() };
    assert_eq!((*total, choices.len(), choices[0].as_str()), (159, 159, "ABC001"));
    assert_eq!(out.skipped("waiting_for_answer"), 6248);
    let out = read_with(&bytes, &Options { subject: Some("ABC001".to_owned()), ..Options::default() });
    assert_eq!((out.read("observation"), out.skipped("other_people")), (40, 6208));
    assert_eq!(out.lines()[0], "2014-03-26 Triglycerides 231 mg/dL [0..200] HIGH");
    assert_eq!(out.observations()[0].1.specimen.as_deref(), Some("SERUM"));
    assert!(out.warnings().is_empty());
}

#[test]
fn the_shared_wearable_and_mapping_tables_are_documents() {
    for name in [
        "wearables/oura-demo-merged.csv",
        "wearables/cronometer-servings.csv",
        "wearables/fitbit-fitabase-weightLogInfo.csv",
        "wearables/fitbit-fitabase-sleepDay.csv",
        "cycle/drip-mini.csv",
        "loinc-units/miracum-conversion.tsv",
    ] {
        let Some(bytes) = shared(name) else { return };
        let out = read(&bytes);
        assert!(out.records().is_empty(), "{name}: {:?}", out.lines().first());
        assert!(out.result.is_err() && out.error().contains("as a document"), "{name}");
    }
}

#[test]
fn a_table_of_codes_without_results_gives_no_records() {
    let Some(bytes) = shared("loinc-units/mimic-d_labitems_to_loinc.csv") else { return };
    let out = read(&bytes);
    assert!(out.records().is_empty());
    assert!(matches!(out.summary().questions.as_slice(), [Question::Columns { .. }]));
}

#[test]
fn every_prefix_gives_a_beginning_of_the_rows() {
    let table = "Datum;Untersuchung;Ergebnis;Einheit\n03.02.2023;\"Hämoglobin; \"\"a\"\"\";13,5;g/dl\n03.02.2023;CRP;<0,6;mg/l\n";
    let whole = text(table).lines();
    for end in 0..table.len() {
        let lines = read(&table.as_bytes()[..end]).lines();
        assert!(lines.len() <= whole.len());
    }
    assert_eq!(whole.len(), 2);
}

proptest::proptest! {
    #[test]
    fn no_table_panics(table in "Test[;,]Result[;,]Unit[;,]Date\n([\"a-z0-9.,;/<>%\\- \n]{0,12}[;,\n]){0,30}") {
        let _ = read(table.as_bytes());
    }
}
