//! Labor Nordhafen's own table of the last two samples, as German laboratories lay it out.

use super::{
    results::{Outcome, Sample},
    visits::Reported,
};
use keepwell_domain::time::Date;
use std::fmt::Write as _;

/// The table, and the year of its last sample.
pub(super) fn table(samples: &[Sample]) -> (i16, Vec<u8>) {
    let mut out = String::from("Analyse;Ergebnis;Einheit;Referenzbereich;Datum;Labor\r\n");
    let mine = || samples.iter().filter(|s| s.draw.reported == Reported::Table);
    for s in mine() {
        for o in &s.outcomes {
            row(&mut out, o, s);
        }
    }
    (mine().next_back().map_or(0, |s| s.date.year()), out.into_bytes())
}

fn row(out: &mut String, o: &Outcome, s: &Sample) {
    let p = o.print;
    let comma = |text: &str| text.replace('.', ",");
    let range = match (p.low, p.high) {
        ("", "") => String::new(),
        ("", high) => format!("< {}", comma(high)),
        (low, "") => format!("> {}", comma(low)),
        (low, high) => format!("{} - {}", comma(low), comma(high)),
    };
    let value = if o.is_number { comma(&o.text) } else { o.text.clone() };
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{};{}{value};{};{range};{};{}\r\n",
        o.assay.german,
        o.sign,
        p.unit,
        german(s.date),
        s.draw.lab.name()
    );
}

fn german(d: Date) -> String {
    format!("{:02}.{:02}.{:04}", d.day(), d.month(), d.year())
}
