//! Apple Health exports: what is in them comes out, whatever the order, the encoding or the damage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{locator::Locator, measure::Value, record::LOINC};
use keepwell_parsers::sniff::Format;
use support::{read, shared, utf16};

const EXPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 ]> -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST Workout
  workoutActivityType CDATA #REQUIRED
>
  device CDATA #IMPLIED
>
]>
<HealthData locale="de_DE">
 <ExportDate value="2024-06-01 08:10:05 +0200"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1990-05-20" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName='Robin&#8217;s "Watch"' unit="count/min" startDate="2024-02-29 23:59:59 -0100" endDate="2024-02-29 23:59:59 -0100" value="61.5">
  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="0"/>
 </Record>
 <Record value="60" endDate="2024-02-01 08:00:00 +0100" startDate="2024-02-01 08:00:00 +0100" unit="count/min" sourceName="A &amp; B" type="HKQuantityTypeIdentifierHeartRate"/>
 <Record type="HKQuantityTypeIdentifierOxygenSaturation" sourceName="A &amp; B" unit="%" startDate="2024-02-01 08:00:00 +0100" endDate="2024-02-01 08:00:00 +0100" value="0.97"/>
 <Record type="HKQuantityTypeIdentifierBodyFatPercentage" sourceName="Scale" unit="%" startDate="2024-02-01 08:00:00 +0100" endDate="2024-02-01 08:00:00 +0100" value="0.253"/>
 <Record type="HKQuantityTypeIdentifierBodyMass" sourceName="Scale" unit="kg" startDate="2024-02-01 08:00:00 +0100" endDate="2024-02-01 08:00:00 +0100" value="70.50"/>
 <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Z" startDate="2024-02-01 23:00:00 +0100" endDate="2024-02-02 06:00:00 +0100" value="HKCategoryValueSleepAnalysisInBed"/>
 <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="A" startDate="2024-02-01 23:00:00 +0100" endDate="2024-02-02 01:00:00 +0100" value="HKCategoryValueSleepAnalysisAsleepCore"/>
 <Record type="HKQuantityTypeIdentifierBloodPressureSystolic" sourceName="Cuff" unit="mmHg" startDate="2024-02-01 09:00:00 +0100" endDate="2024-02-01 09:00:00 +0100" value="121"/>
 <Record type="HKQuantityTypeIdentifierBloodPressureDiastolic" sourceName="Cuff" unit="mmHg" startDate="2024-02-01 09:00:00 +0100" endDate="2024-02-01 09:00:00 +0100" value="79"/>
 <Correlation type="HKCorrelationTypeIdentifierBloodPressure" sourceName="Cuff" startDate="2024-02-01 09:00:00 +0100" endDate="2024-02-01 09:00:00 +0100">
  <Record type="HKQuantityTypeIdentifierBloodPressureSystolic" sourceName="Cuff" unit="mmHg" startDate="2024-02-01 09:00:00 +0100" endDate="2024-02-01 09:00:00 +0100" value="121"/>
  <Record type="HKQuantityTypeIdentifierBloodPressureDiastolic" sourceName="Cuff" unit="mmHg" startDate="2024-02-01 09:00:00 +0100" endDate="2024-02-01 09:00:00 +0100" value="79"/>
 </Correlation>
 <![CDATA[<Record type="no"/>]]> <!-- <Record type="no"/> --> <?pi <Record?>
 <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="31.5" durationUnit="min" sourceName="Watch" startDate="2024-02-03 08:00:00 +0100" endDate="2024-02-03 08:31:30 +0100">
  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="320.5" unit="kcal"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="140" minimum="90" maximum="171" unit="count/min"/>
 </Workout>
 <ActivitySummary dateComponents="2024-02-01" activeEnergyBurned="400"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="A" unit="count/min" startDate="invalid" value="60"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="A" unit="count/min" startDate="2024-02-01 08:00:00 +0100" value="bad"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="&undeclared;" unit="count/min" startDate="2024-02-01 08:00:00 +0100" value="60"/>
</HealthData>
"#;

#[test]
fn an_export_gives_columns_records_subject_and_warnings() {
    let out = read(EXPORT.as_bytes());
    assert_eq!(out.summary().format, Format::AppleHealthXml);
    assert_eq!((out.read("samples"), out.read("observation")), (5, 4));
    assert_eq!(
        (out.skipped("bad_rows"), out.skipped("activity_summaries"), out.skipped("duplicates")),
        (3, 1, 2)
    );
    let columns = out.columns();
    let names: Vec<_> = columns.iter().map(|c| (c.metric.as_str(), c.month, c.samples.len())).collect();
    assert_eq!(
        names,
        [
            ("HKCategoryTypeIdentifierSleepAnalysis", (2024, 2), 2),
            ("HKQuantityTypeIdentifierHeartRate", (2024, 2), 1),
            ("HKQuantityTypeIdentifierHeartRate", (2024, 3), 1),
            ("HKQuantityTypeIdentifierOxygenSaturation", (2024, 2), 1),
        ]
    );
    let sleep = columns[0];
    assert_eq!(sleep.labels, ["HKCategoryValueSleepAnalysisAsleepCore", "HKCategoryValueSleepAnalysisInBed"]);
    assert_eq!(sleep.sources, ["A", "Z"]);
    assert_eq!((sleep.samples[0].value, sleep.samples[0].source), (0.0, 0));
    let march = columns[2];
    assert_eq!(march.sources, ["Robin’s \"Watch\""]);
    assert_eq!(
        (march.samples[0].start, march.samples[0].offset, march.samples[0].value),
        (1_709_254_799, -60, 61.5)
    );
    assert_eq!(columns[3].samples[0].value, 97.0);
    let at = |needle: &str| EXPORT.lines().position(|l| l.contains(needle)).unwrap() as u64 + 1;
    let want =
        ["\"invalid\"", "\"bad\"", "&undeclared;"].map(|n| Locator::Row { line: at(n), columns: Vec::new() });
    assert_eq!(out.warnings().iter().map(|w| w.locator.clone()).collect::<Vec<_>>(), want);
}

#[test]
fn sparse_types_pressure_and_workouts_become_records() {
    let out = read(EXPORT.as_bytes());
    let all = out.observations();
    let find = |name: &str| all.iter().find(|(_, o)| o.code.name() == name).unwrap();
    let (when, mass) = find("Body mass");
    let Some(Value::Quantity(q)) = &mass.value else { panic!() };
    assert_eq!(
        (when.as_str(), q.number.as_str(), q.unit.as_deref()),
        ("2024-02-01T08:00:00+01:00", "70.50", Some("kg"))
    );
    let (_, fat) = find("Body fat percentage");
    let Some(Value::Quantity(q)) = &fat.value else { panic!() };
    assert_eq!(q.number.as_str(), "25.3");
    let (_, pressure) = find("Blood pressure");
    assert_eq!(pressure.code.code_in(LOINC), Some("85354-9"));
    let parts: Vec<_> =
        pressure.components.iter().map(|c| (c.code.code_in(LOINC), c.value.clone())).collect();
    let [(Some("8480-6"), Some(Value::Quantity(s))), (Some("8462-4"), Some(Value::Quantity(d)))] =
        parts.as_slice()
    else {
        panic!()
    };
    assert_eq!((s.number.as_str(), d.number.as_str()), ("121", "79"));
    let (_, run) = find("Running");
    assert_eq!(run.components.len(), 4);
    assert_eq!(run.end.unwrap().to_string(), "2024-02-03T08:31:30+01:00");
}

#[test]
fn the_byte_range_of_a_record_is_that_of_its_tag() {
    let out = read(EXPORT.as_bytes());
    for record in out.records() {
        let Locator::Path { bytes: Some((from, to)), .. } = record.locator else { panic!() };
        let tag = &EXPORT[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
        assert!(tag.starts_with('<') && tag.ends_with('>') && tag.matches('<').count() == 1, "{tag}");
    }
}

#[test]
fn the_order_of_records_does_not_change_the_columns() {
    let (head, rest) = EXPORT.split_at(EXPORT.find(" <Record").unwrap());
    let (body, tail) = rest.split_at(rest.find(" <Correlation").unwrap());
    let mut records: Vec<&str> = body.split_inclusive("\n <Record").collect();
    records.reverse();
    let joined = records
        .iter()
        .map(|r| format!(" <Record{}", r.trim_end_matches("\n <Record").trim_start_matches(" <Record")))
        .collect::<Vec<_>>()
        .join("\n");
    let turned = format!("{head}{joined}\n{tail}");
    let (a, b) = (read(EXPORT.as_bytes()), read(turned.as_bytes()));
    assert_eq!(a.columns(), b.columns());
    assert_eq!(a.columns().len(), 4);
}

#[test]
fn utf16_is_read_like_utf8() {
    let want = read(EXPORT.as_bytes());
    for big in [true, false] {
        let got = read(&utf16(EXPORT, big));
        assert_eq!(want.columns(), got.columns());
        assert_eq!(want.lines(), got.lines());
    }
    assert_eq!(want.columns(), read(format!("\u{feff}{EXPORT}").as_bytes()).columns());
}

#[test]
fn every_prefix_gives_what_is_sound_and_says_so() {
    let whole = read(EXPORT.as_bytes());
    for end in 0..EXPORT.len() {
        let out = read(&EXPORT.as_bytes()[..end]);
        if let Ok(summary) = &out.result {
            let cut = summary.skipped.get("cut_off").copied();
            assert!(cut == Some(1) || EXPORT[end..].trim().is_empty(), "{end}");
            assert!(out.columns().len() <= whole.columns().len());
        } else {
            assert!(out.columns().is_empty() && out.error().ends_with('.'), "{end}");
        }
    }
}

#[test]
fn declared_entities_are_refused() {
    let bomb = EXPORT.replace("<!ELEMENT", "<!ENTITY a \"ha\">\n<!ELEMENT");
    assert!(read(bomb.as_bytes()).error().contains("entities"));
}

#[test]
fn depth_and_token_size_are_limited() {
    let deep = format!("<HealthData>{}", "<a>".repeat(5_000));
    assert!(read(deep.as_bytes()).error().contains("levels deep"));
    let long = format!("<HealthData><Record type=\"{}\"/></HealthData>", "x".repeat(3 << 20));
    assert!(read(long.as_bytes()).error().contains("1 MiB"));
}

#[test]
fn the_shared_exports_hold_what_their_readme_says() {
    let Some(xml) = shared("apple-health/alx-export.xml") else { return };
    let out = read(&xml);
    assert_eq!((out.read("samples"), out.read("observation")), (8, 0));
    assert_eq!(
        out.columns().iter().map(|c| c.metric.as_str()).collect::<std::collections::BTreeSet<_>>().len(),
        5
    );
    let zipped = read(&shared("apple-health/alx-export.zip").unwrap());
    assert_eq!(zipped.summary().format, Format::AppleHealthZip);
    assert_eq!(zipped.columns(), out.columns());

    let out = read(&shared("apple-health/ruo-multi-source-export.xml").unwrap());
    let zipped = read(&shared("apple-health/ruo-multi-source-export.zip").unwrap());
    assert_eq!(zipped.columns(), out.columns());
    let records =
        out.read("samples") + out.read("observation") + out.skipped("duplicates") + out.skipped("bad_rows");
    assert_eq!(records, 45 + 4, "45 records and 4 workouts");
    assert_eq!(
        (
            zipped.skipped("electrocardiograms"),
            zipped.skipped("workout_routes"),
            zipped.skipped("attachments")
        ),
        (1, 1, 1)
    );

    let out = read(&shared("apple-health/kyle-export.xml").unwrap());
    assert_eq!(
        (out.read("samples"), out.read("observation"), out.skipped("duplicates"), out.skipped("bad_rows")),
        (6, 2, 1, 1)
    );
    let steps: f64 = out
        .columns()
        .iter()
        .filter(|c| c.metric.ends_with("StepCount"))
        .flat_map(|c| &c.samples)
        .map(|s| s.value)
        .sum();
    assert_eq!(steps, 6000.0);
}

proptest::proptest! {
    #[test]
    fn no_damage_panics(at in 0usize..EXPORT.len(), byte in 0u8..=255, cut in 0usize..200) {
        let mut bytes = EXPORT.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = read(&bytes);
        let end = (at + cut).min(bytes.len());
        bytes.drain(at..end);
        let _ = read(&bytes);
    }
}
