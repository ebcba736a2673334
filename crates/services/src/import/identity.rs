//! When two records are the same result.
//!
//! A record's identity is what it says, not where it stands: kind, code, time and value. Two
//! documents that say the same make one record with two sources. Two equal results inside one
//! document that the document itself keeps apart stay two: the n-th of a document matches the
//! n-th of another. Text is compared without case and space; values by their canonical number to
//! six significant digits, so that `5.40 mmol/L` and `5.4 mmol/l` agree.

use crate::vault::marker_key;
use keepwell_domain::{
    analyte,
    measure::{Quantity, Value},
    record::{Body, Concept, Observation, Record},
    time::When,
};
use std::fmt::Write as _;

/// A record's identity as bytes for a keyed hash, without and with its time of day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Everything but the time.
    pub what: String,
    /// The time as exactly as stated.
    pub when: String,
    /// The calendar date as stated.
    pub day: String,
    /// Whether a time of day was stated.
    pub has_clock: bool,
}

/// The identity of a record.
#[must_use]
pub fn identity(r: &Record) -> Identity {
    let mut what = String::with_capacity(96);
    what.push_str(r.body.kind().as_str());
    match &r.body {
        Body::Observation(o) => observation(&mut what, o),
        Body::Note(n) => {
            field(&mut what, n.title.as_deref().unwrap_or(""));
            field(&mut what, &n.text);
        }
        Body::Medication(m) => {
            concept(&mut what, &m.code);
            field(&mut what, m.dosage.as_deref().unwrap_or(""));
            field(&mut what, m.source.as_deref().unwrap_or(""));
        }
        Body::Immunization(i) => {
            concept(&mut what, &i.code);
            field(&mut what, i.status.as_deref().unwrap_or(""));
        }
        other => {
            if let Some(c) = other.code() {
                concept(&mut what, c);
            }
        }
    }
    let (when, day, has_clock) = match r.effective {
        None => (String::new(), String::new(), false),
        Some(w @ When::Instant(t, _)) => (format!("i{}", t.0), w.date().to_string(), true),
        Some(w) => (format!("s{w}"), day_text(w), w.clock().is_some()),
    };
    Identity { what, when, day, has_clock }
}

/// What a record is about, without its time and value: its code, or its title.
#[must_use]
pub(super) fn name_of(r: &Record) -> String {
    let mut name = String::with_capacity(48);
    match &r.body {
        Body::Observation(o) => name_observation(&mut name, o),
        Body::Note(n) => field(&mut name, n.title.as_deref().unwrap_or("")),
        other => {
            if let Some(c) = other.code() {
                concept(&mut name, c);
            }
        }
    }
    name
}

fn name_observation(out: &mut String, o: &Observation) {
    let unit = match &o.value {
        Some(Value::Quantity(q)) => q.unit.as_deref().or(q.ucum.as_deref()),
        _ => None,
    };
    match marker_key(&o.code, unit, o.specimen.as_deref()) {
        Some((key, _)) => field(out, &key),
        None => concept(out, &o.code),
    }
}

fn day_text(w: When) -> String {
    match w {
        When::Year(_) | When::Month(..) => w.to_string(),
        _ => w.date().to_string(),
    }
}

fn observation(out: &mut String, o: &Observation) {
    name_observation(out, o);
    if let Some(v) = &o.value {
        value(out, v, &o.code, o.specimen.as_deref());
    }
    for c in &o.components {
        concept(out, &c.code);
        if let Some(v) = &c.value {
            value(out, v, &c.code, o.specimen.as_deref());
        }
    }
}

fn value(out: &mut String, v: &Value, code: &Concept, specimen: Option<&str>) {
    match v {
        Value::Quantity(q) => quantity(out, q, code, specimen),
        Value::Range { low, high } => {
            for q in [low, high].into_iter().flatten() {
                quantity(out, q, code, specimen);
            }
        }
        Value::Ratio { numerator, denominator } => {
            quantity(out, numerator, code, specimen);
            quantity(out, denominator, code, specimen);
        }
        Value::Concept(c) => concept(out, c),
        Value::Text(t) => field(out, t),
        Value::Bool(b) => field(out, if *b { "true" } else { "false" }),
        Value::Absent(_) => field(out, "absent"),
    }
}

fn quantity(out: &mut String, q: &Quantity, code: &Concept, specimen: Option<&str>) {
    field(out, q.comparator.map_or("", keepwell_domain::measure::Comparator::as_str));
    let unit = q.unit.as_deref().or(q.ucum.as_deref());
    let canonical = crate::vault::analyte_of(code, unit, specimen)
        .and_then(|(a, loinc)| analyte::canonical(a, loinc.as_deref(), q));
    match canonical {
        Some(c) => {
            let _ = write!(out, "\u{1f}{}\u{1f}{}", six_digits(c.number), c.unit);
        }
        None => {
            let _ = write!(out, "\u{1f}{}", six_digits(q.number.value()));
            field(out, unit.unwrap_or(""));
        }
    }
}

fn six_digits(v: f64) -> String {
    format!("{v:.5e}")
}

fn concept(out: &mut String, c: &Concept) {
    match c.codings.iter().find(|x| !x.system.is_empty() && !x.code.is_empty()) {
        Some(x) => {
            let _ = write!(out, "\u{1f}{}|{}", x.system, x.code);
        }
        None => field(out, c.name()),
    }
}

fn field(out: &mut String, s: &str) {
    out.push('\u{1f}');
    let mut gap = false;
    for word in s.split_whitespace() {
        if gap {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
        gap = true;
    }
}
