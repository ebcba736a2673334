//! FHIR R4 data types (<https://hl7.org/fhir/R4/datatypes.html>).

use crate::leave::json::{J, Obj, number, one, s, text};
use keepwell_domain::{
    measure::{Comparator, Quantity, RefRange, Value},
    record::{Concept, UCUM},
    time::When,
    ucum::{self, Unit},
};

const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const ABSENT_EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const ABSENT_CODES: [&str; 15] = [
    "unknown",
    "asked-unknown",
    "temp-unknown",
    "not-asked",
    "asked-declined",
    "masked",
    "not-applicable",
    "unsupported",
    "as-text",
    "error",
    "not-a-number",
    "negative-infinity",
    "positive-infinity",
    "not-performed",
    "not-permitted",
];
const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const INTERPRETATIONS: [&str; 33] = [
    "A", "AA", "H", "HH", "L", "LL", "N", "HU", "LU", "<", ">", "U", "D", "B", "W", "S", "R", "I", "MS",
    "VS", "POS", "NEG", "IND", "DET", "ND", "RR", "WR", "NR", "E", "HX", "LX", "SDD", "SYN-R",
];
/// FHIR has no time of day without an offset; ours goes beside the date.
const LOCAL_TIME: &str = "urn:keepwell:local-time";

/// What stands where FHIR wants something that nobody stated.
pub fn unknown() -> Obj {
    Obj::default().with("extension", one(absent_extension()))
}

fn absent_extension() -> J {
    J::O(Obj::default().with("url", s(ABSENT_EXTENSION)).with("valueCode", s("unknown")))
}

/// A `CodeableConcept`.
pub fn concept(c: &Concept) -> Obj {
    let coding = |c: &keepwell_domain::record::Coding| {
        let mut o = Obj::default();
        o.text("system", Some(&c.system));
        o.text("code", Some(&c.code));
        o.text("display", c.display.as_deref());
        J::O(o)
    };
    let mut o = Obj::default();
    o.put("coding", J::A(c.codings.iter().map(coding).collect()));
    o.text("text", c.text.as_deref());
    o
}

/// A `CodeableConcept` that must be there.
pub fn needed(c: &Concept) -> J {
    let o = concept(c);
    J::O(if o.is_empty() { unknown() } else { o })
}

/// A concept of one code of a known system.
pub fn coded(system: &str, code: &str) -> J {
    J::O(Obj::default().with("coding", one(coding(system, code))))
}

/// A `Coding`.
pub fn coding(system: &str, code: &str) -> J {
    J::O(Obj::default().with("system", s(system)).with("code", s(code)))
}

/// A concept that is only words.
pub fn words(t: Option<&str>) -> Option<J> {
    Some(J::O(Obj::default().with("text", text(t?)?)))
}

/// A reference that is only words.
pub fn display(t: Option<&str>) -> Option<J> {
    Some(J::O(Obj::default().with("display", text(t?)?)))
}

/// A list of one annotation.
pub fn note(t: Option<&str>) -> Option<J> {
    words(t).map(one)
}

/// The code, if it is one of those that FHIR allows there.
pub fn allowed<'a>(code: Option<&'a str>, codes: &[&str]) -> Option<&'a str> {
    code.filter(|c| codes.contains(c))
}

/// Puts a date or time under `key`; what FHIR's own type cannot say goes beside it.
pub fn put_when(o: &mut Obj, key: &'static str, beside: &'static str, w: Option<When>) {
    match w {
        None => {}
        Some(When::Local(date, _)) => {
            o.put(key, s(&date.to_string()));
            o.put(beside, local_time(w));
        }
        Some(w) => o.put(key, s(&w.to_string())),
    }
}

/// The extension that holds a time of day without an offset.
fn local_time(w: Option<When>) -> J {
    let clock = w.map(|w| w.to_string()).unwrap_or_default();
    let clock = clock.split_once('T').map(|(_, c)| c.to_owned()).unwrap_or_default();
    let extension = Obj::default().with("url", s(LOCAL_TIME)).with("valueTime", s(&clock));
    J::O(Obj::default().with("extension", one(J::O(extension))))
}

/// A `Period`, when there is one.
pub fn period(start: Option<When>, end: Option<When>) -> Option<J> {
    let mut o = Obj::default();
    put_when(&mut o, "start", "_start", start);
    put_when(&mut o, "end", "_end", end);
    (!o.is_empty()).then_some(J::O(o))
}

/// The UCUM code of a quantity, where it is certain.
fn ucum_code(q: &Quantity) -> Option<String> {
    let stated = q.ucum.as_deref().filter(|u| Unit::parse(u).is_ok()).map(str::to_owned);
    stated.or_else(|| q.unit.as_deref().filter(|_| q.ucum.is_none()).and_then(ucum::read_unit))
}

/// A `Quantity`.
pub fn quantity(q: &Quantity) -> J {
    let mut o = Obj::default().with("value", number(q.number.as_str()));
    o.text("comparator", q.comparator.map(Comparator::as_str));
    o.text("unit", q.unit.as_deref().or(q.ucum.as_deref()));
    if let Some(code) = ucum_code(q) {
        o.put("system", s(UCUM));
        o.put("code", s(&code));
    }
    J::O(o)
}

/// Puts `value[x]` or `dataAbsentReason`.
pub fn put_value(o: &mut Obj, v: Option<&Value>) {
    match v {
        None => {}
        Some(Value::Quantity(q)) => o.put("valueQuantity", quantity(q)),
        Some(Value::Range { low, high }) => range_value(o, low.as_ref(), high.as_ref()),
        Some(Value::Ratio { numerator, denominator }) => {
            let ratio = Obj::default()
                .with("numerator", quantity(numerator))
                .with("denominator", quantity(denominator));
            o.put("valueRatio", J::O(ratio));
        }
        Some(Value::Concept(c)) => o.put("valueCodeableConcept", J::O(concept(c))),
        Some(Value::Text(t)) => o.text("valueString", Some(t)),
        Some(Value::Bool(b)) => o.put("valueBoolean", J::B(*b)),
        Some(Value::Absent(reason)) if ABSENT_CODES.contains(&reason.as_str()) => {
            o.put("dataAbsentReason", coded(ABSENT, reason));
        }
        Some(Value::Absent(reason)) => o.opt("dataAbsentReason", words(Some(reason))),
    }
}

/// FHIR's ranges know no comparator and run upwards; any other is told in words.
fn range_value(o: &mut Obj, low: Option<&Quantity>, high: Option<&Quantity>) {
    let sides = || [low, high].into_iter().flatten();
    let upwards = match (low, high) {
        (Some(l), Some(h)) => l.number.value() <= h.number.value(),
        _ => true,
    };
    if upwards && sides().all(|q| q.comparator.is_none()) {
        let mut range = Obj::default();
        range.opt("low", low.map(quantity));
        range.opt("high", high.map(quantity));
        o.put("valueRange", J::O(range));
    } else {
        let said = Value::Range { low: low.cloned(), high: high.cloned() };
        let shown = crate::picture::shown::value(&said);
        o.text("valueString", Some(&crate::picture::shown::line(&shown)));
    }
}

/// `referenceRange`, in the unit of the range or else of the value.
pub fn reference_range(r: Option<&RefRange>, v: Option<&Value>) -> Option<J> {
    let r = r.filter(|r| !r.is_empty())?;
    let of_value = match v {
        Some(Value::Quantity(q)) => Some(q),
        _ => None,
    };
    let limit = |n: &keepwell_domain::measure::Number| {
        let unit = r.unit.clone().or_else(|| of_value.and_then(|q| q.unit.clone()));
        let ucum = of_value.filter(|_| r.unit.is_none()).and_then(|q| q.ucum.clone());
        quantity(&Quantity { number: n.clone(), comparator: None, unit, ucum })
    };
    let mut o = Obj::default();
    o.opt("low", r.low.as_ref().map(limit));
    o.opt("high", r.high.as_ref().map(limit));
    o.text("text", r.text.as_deref());
    (!o.is_empty()).then(|| one(J::O(o)))
}

/// `interpretation`: one concept for each printed flag.
pub fn interpretation(flag: Option<&str>) -> Option<J> {
    let one_of = |f: &str| {
        if INTERPRETATIONS.contains(&f) { Some(coded(INTERPRETATION, f)) } else { words(Some(f)) }
    };
    Some(J::A(flag?.split(", ").filter_map(one_of).collect()))
}

/// A member that stands for a date nobody stated, where FHIR demands one.
pub fn no_date() -> J {
    J::O(unknown())
}
