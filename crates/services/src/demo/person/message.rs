//! City Lab's message about one sample: HL7 v2.5.1, ORU^R01.

use super::{
    fhir::{DISCLAIMER, FAMILY, GIVEN},
    life::{BIRTHDAY, Life, offset},
    results::{Outcome, Sample},
    visits::Reported,
};
use keepwell_domain::time::Date;
use std::fmt::Write as _;

pub(super) fn message(life: Life, samples: &[Sample]) -> Vec<u8> {
    let mut out = String::new();
    let (month, day) = BIRTHDAY;
    for (n, s) in samples.iter().filter(|s| s.draw.reported == Reported::Message).enumerate() {
        let taken = time(s.date, s.draw.minutes);
        let sent = time(s.date, s.draw.minutes + 320);
        let id = format!("DEMO{:04}", n + 1);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "MSH|^~\\&|CITYLAB|{lab}|CLINIC|DEMO|{sent}||ORU^R01^ORU_R01|{id}|P|2.5.1||||||UNICODE UTF-8\r\
             PID|1||DEMO-1^^^DEMO^MR||{FAMILY}^{GIVEN}^^^^^L||{year:04}{month:02}{day:02}|F\r\
             OBR|1||{id}^CITYLAB|CONTROL^{title}^L|||{taken}||||||||Serum|||||||{sent}||LAB|F\r\
             NTE|1||{DISCLAIMER}\r",
            lab = s.draw.lab.name(),
            title = s.draw.title,
            year = life.birth_year(),
        );
        for (set, o) in s.outcomes.iter().enumerate() {
            result(&mut out, set + 1, o, s, &taken);
        }
    }
    out.into_bytes()
}

fn result(out: &mut String, set: usize, o: &Outcome, s: &Sample, taken: &str) {
    let p = o.print;
    let range = match (p.low, p.high) {
        ("", "") => String::new(),
        ("", high) => format!("<={high}"),
        (low, "") => format!(">={low}"),
        (low, high) => format!("{low}-{high}"),
    };
    let (kind, value) = match (o.is_number, o.sign) {
        (false, _) => ("ST", escape(&o.text)),
        (true, "") => ("NM", o.text.clone()),
        (true, sign) => ("SN", format!("{sign}^{}", o.text)),
    };
    let unit =
        if p.unit.is_empty() { String::new() } else { format!("{}^{}^UCUM", escape(p.ucum), escape(p.unit)) };
    let _ = write!(
        out,
        "OBX|{set}|{kind}|{loinc}^{name}^LN||{value}|{unit}|{range}|{flag}|||F|||{taken}|||||||||{lab}\r",
        loinc = p.loinc,
        name = o.assay.name,
        flag = o.flag().unwrap_or_default(),
        lab = s.draw.lab.name(),
    );
}

/// The delimiters stand for themselves only in escapes.
fn escape(text: &str) -> String {
    text.replace('\\', "\\E\\").replace('^', "\\S\\").replace('|', "\\F\\").replace('&', "\\T\\")
}

fn time(d: Date, minutes: i64) -> String {
    let ahead = offset(d) / 60;
    format!(
        "{:04}{:02}{:02}{:02}{:02}00+{ahead:02}00",
        d.year(),
        d.month(),
        d.day(),
        minutes / 60,
        minutes % 60
    )
}
