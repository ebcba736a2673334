//! Parts of FHIR resources.

use super::node::Node;
use crate::model::{Absence, Amount, EntityId, Moment};
use keepwell_domain::{
    record::{LOINC, UCUM},
    ucum::read_unit,
};
use serde_json::value::RawValue;

/// The address of an entry within the bundle.
pub(super) fn urn(id: EntityId) -> String {
    format!("urn:uuid:{id}")
}

/// A coding.
pub(super) fn coding(system: &str, code: &str) -> Node {
    [("system", system.into()), ("code", code.into())].into()
}

/// A concept with a LOINC code, where one fits exactly, and a text.
pub(super) fn concept(loinc: Option<&str>, text: &str) -> Node {
    let codings = loinc.map(|code| Node::List(vec![coding(LOINC, code)]));
    Node::Object(Vec::new()).with("coding", codings).with("text", Some(text.into()))
}

/// A concept with several LOINC codes for the same thing, the more exact one first.
pub(super) fn concept_of(loinc: &[&str], text: &str) -> Node {
    let codings = loinc.iter().map(|code| coding(LOINC, code)).collect();
    [("coding", Node::List(codings)), ("text", text.into())].into()
}

/// A FHIR `dateTime`. A time without an offset is not allowed; then the day stands alone.
pub(super) fn date_time(m: &Moment) -> String {
    match (m.clock, m.offset) {
        (Some(clock), Some(o)) => {
            let sign = if o < 0 { '-' } else { '+' };
            format!("{}T{clock}:00{sign}{:02}:{:02}", m.date, o.unsigned_abs() / 60, o.unsigned_abs() % 60)
        }
        _ => m.date.to_string(),
    }
}

/// A quantity with the number exactly as entered, and a UCUM code where the unit leaves no doubt.
pub(super) fn quantity(a: &Amount) -> Option<Node> {
    let unit = (!a.unit.is_empty()).then(|| Node::from(a.unit.as_str()));
    let code = read_unit(&a.unit);
    Some(
        Node::from([("value", Node::Number(decimal(a)?))])
            .with("comparator", a.comparator.map(|c| c.as_str().into()))
            .with("unit", unit)
            .with("system", code.as_ref().map(|_| UCUM.into()))
            .with("code", code.map(Node::from)),
    )
}

/// The digits as entered, where JSON's grammar allows them (`.5` and `+5` it does not).
fn decimal(a: &Amount) -> Option<Box<RawValue>> {
    let text = a.number.as_str().to_owned();
    RawValue::from_string(text).or_else(|_| RawValue::from_string(a.value().to_string())).ok()
}

/// Why there is no value, in FHIR's words.
pub(super) fn absent_reason(why: Absence) -> Node {
    let code = match why {
        Absence::NotTold => "temp-unknown",
        Absence::NotDone => "not-performed",
        Absence::Unknown => "unknown",
    };
    let system = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    [("coding", Node::List(vec![coding(system, code)]))].into()
}
