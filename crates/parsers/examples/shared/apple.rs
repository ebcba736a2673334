//! A synthetic Apple Health export of any size, the same for the same seed.

use std::io::{self, Write};

/// A small generator (SplitMix64, Steele et al. 2014), so that no dependency decides the bytes.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

const WATCH: (&str, &str, &str) = (
    "Robin’s Apple\u{a0}Watch",
    "10.2",
    " device=\"&lt;&lt;HKDevice: 0x3012772a0&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,7, software:10.2&gt;\"",
);
const PHONE: (&str, &str, &str) = (
    "Robin’s iPhone",
    "17.2.1",
    " device=\"&lt;&lt;HKDevice: 0x3008d6850&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone14,2, software:17.2.1&gt;\"",
);
const SLEEP: [&str; 4] = ["InBed", "AsleepCore", "AsleepREM", "AsleepDeep"];

fn stamp(seconds: i64) -> String {
    // Summer time from April to October, as a phone in Berlin would write it.
    let utc = keepwell_domain::time::Ts(seconds * 1_000_000);
    let hours = if (4..=10).contains(&utc.date().month()) { 2 } else { 1 };
    let text = keepwell_domain::time::Ts((seconds + hours * 3600) * 1_000_000).rfc3339();
    format!("{} {} +0{hours}00", &text[..10], &text[11..19])
}

/// Writes an export of about `bytes` bytes. Returns the number of records.
pub fn generate(out: &mut dyn Write, bytes: u64, seed: u64) -> io::Result<u64> {
    let mut random = Random(seed);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 14 -->\n<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>\n<!ATTLIST HealthData\n  locale CDATA #REQUIRED\n>\n]>\n<HealthData locale=\"de_DE\">\n <ExportDate value=\"2026-11-01 08:00:00 +0100\"/>\n <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1984-02-29\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexFemale\"/>\n";
    out.write_all(head.as_bytes())?;
    let (mut written, mut records) = (head.len() as u64, 0);
    // Apple lists one type after the other, each in order of time.
    let shares = [
        ("HeartRate", 45),
        ("StepCount", 15),
        ("ActiveEnergyBurned", 25),
        ("DistanceWalkingRunning", 10),
        ("SleepAnalysis", 5),
    ];
    let mut until = written;
    for (kind, share) in shares {
        until += bytes * share / 100;
        let mut time = 1_451_606_400; // 2016-01-01
        while written < until {
            let text = record(kind, &mut time, &mut random);
            out.write_all(text.as_bytes())?;
            written += text.len() as u64;
            records += 1;
        }
    }
    out.write_all(b"</HealthData>\n")?;
    Ok(records)
}

fn record(kind: &str, time: &mut i64, random: &mut Random) -> String {
    *time += 60 + random.below(240).cast_signed();
    let length = if kind == "HeartRate" { 0 } else { 20 + random.below(600).cast_signed() };
    let (source, version, device) = if kind == "StepCount" && random.below(2) == 0 { PHONE } else { WATCH };
    let (start, end, made) = (stamp(*time), stamp(*time + length), stamp(*time + length + 4));
    let (family, unit, value) = match kind {
        "HeartRate" => ("Quantity", " unit=\"count/min\"", format!("{}", 48 + random.below(110))),
        "StepCount" => ("Quantity", " unit=\"count\"", format!("{}", 1 + random.below(900))),
        "ActiveEnergyBurned" => {
            ("Quantity", " unit=\"kcal\"", format!("{}.{:03}", random.below(30), random.below(1000)))
        }
        "DistanceWalkingRunning" => {
            ("Quantity", " unit=\"km\"", format!("0.{:07}", random.below(10_000_000)))
        }
        _ => ("Category", "", format!("HKCategoryValueSleepAnalysis{}", SLEEP[random.below(4) as usize])),
    };
    let open = format!(
        " <Record type=\"HK{family}TypeIdentifier{kind}\" sourceName=\"{source}\" sourceVersion=\"{version}\"{device}{unit} creationDate=\"{made}\" startDate=\"{start}\" endDate=\"{end}\" value=\"{value}\""
    );
    match kind {
        "HeartRate" => format!(
            "{open}>\n  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" value=\"{}\"/>\n </Record>\n",
            random.below(3)
        ),
        "SleepAnalysis" => {
            format!("{open}>\n  <MetadataEntry key=\"HKTimeZone\" value=\"Europe/Berlin\"/>\n </Record>\n")
        }
        _ => format!("{open}/>\n"),
    }
}
