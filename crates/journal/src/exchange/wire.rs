//! What the interface of the records answers, read. Unknown fields are passed over; what cannot be read is left
//! out, and counted.

use super::entry;
use crate::{
    derive::hormone,
    model::{Amount, EntityId, Hormone, HormoneKind, Source, SourceKind},
};
use keepwell_domain::{
    measure::{Quantity, RefRange, Value},
    record::{Category, Coding, Concept, LOINC, Observation},
    time::When,
};
use serde_json::Value as Json;

/// A profile of the account.
#[derive(Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// The person's name.
    pub name: String,
}

/// A value of the records that the journal knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: String,
    /// The id that every copying of it has.
    pub id: EntityId,
    /// It as an entry.
    pub entry: Hormone,
}

/// One page of records.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The values that the journal knows, as they came: newest first.
    pub found: Vec<Found>,
    /// Where the next page begins.
    pub next: Option<String>,
}

fn text<'a>(of: &'a Json, name: &str) -> Option<&'a str> {
    of.get(name)?.as_str().filter(|t| !t.is_empty())
}

fn items(json: &[u8]) -> Option<Vec<Json>> {
    let Json::Object(mut all) = serde_json::from_slice(json).ok()? else { return None };
    match all.remove("items")? {
        Json::Array(items) => Some(items),
        _ => None,
    }
}

/// The profiles in an answer; `None` for what is none.
#[must_use]
pub fn read_profiles(json: &[u8]) -> Option<Vec<Profile>> {
    let one = |item: &Json| {
        Some(Profile { id: text(item, "id")?.to_owned(), name: text(item, "name")?.to_owned() })
    };
    Some(items(json)?.iter().filter_map(one).collect())
}

/// A page of records in an answer; `None` for what is none.
#[must_use]
pub fn read_page(json: &[u8]) -> Option<Page> {
    let whole: Json = serde_json::from_slice(json).ok()?;
    let found = whole.get("items")?.as_array()?.iter().filter_map(found).collect();
    Some(Page { found, next: text(&whole, "next").map(str::to_owned) })
}

/// The id of a record that was made.
#[must_use]
pub fn read_created(json: &[u8]) -> Option<String> {
    let whole: Json = serde_json::from_slice(json).ok()?;
    text(&whole, "id").map(str::to_owned)
}

/// Why something was refused, as the answer says it.
#[must_use]
pub fn read_reason(json: &[u8]) -> Option<String> {
    let whole: Json = serde_json::from_slice(json).ok()?;
    text(&whole, "detail").or_else(|| text(&whole, "title")).map(str::to_owned)
}

fn found(item: &Json) -> Option<Found> {
    let record = text(item, "id")?;
    let at = When::parse(text(item, "effective")?).ok()?;
    let code = item.get("code")?;
    let loinc = text(code, "code").filter(|_| text(code, "system") == Some(LOINC));
    // Which analyte it is has been settled by the records, by code or by name.
    let analyte = item.get("canonical").and_then(|c| text(c, "loinc")).or(loinc)?;
    let kind = hormone::of_code(analyte).filter(|k| *k != HormoneKind::Other)?;
    let amount = amount(item.get("value")?)?;
    let coding = |code: &str| Coding { system: LOINC.to_owned(), code: code.to_owned(), display: None };
    let range = item.get("range").and_then(|r| text(r, "text"));
    let name = text(code, "text").or_else(|| text(code, "display")).map(str::to_owned);
    let code = Concept { text: name, codings: loinc.map(coding).into_iter().collect() };
    let observation = Observation {
        value: Some(Value::Quantity(Quantity { ucum: None, ..amount.quantity() })),
        range: range.map(|t| RefRange { text: Some(t.to_owned()), ..RefRange::default() }),
        ..Observation::new(code, Category::Laboratory)
    };
    let (id, mut entry) = entry(record, at, kind, &observation)?;
    let document = item.get("sources").and_then(|s| s.get(0)).and_then(|s| text(s, "name"));
    entry.source = Source { kind: SourceKind::Records, detail: document.map(str::to_owned) }.into();
    Some(Found { record: record.to_owned(), id, entry })
}

/// The number as printed: it stands in the value's text, before the unit. The JSON number has lost its zeros.
fn amount(value: &Json) -> Option<Amount> {
    let number = value.get("number")?.as_f64()?;
    let unit = text(value, "unit").unwrap_or_default();
    let printed = text(value, "text").map(|t| t.strip_suffix(unit).unwrap_or(t).trim());
    let printed = printed.and_then(|t| Amount::new(t, unit).ok());
    let is_it = |a: &Amount| (a.value() - number).abs() <= number.abs() * 1e-9;
    printed.filter(is_it).or_else(|| Amount::new(&number.to_string(), unit).ok())
}

crate::redact::redacted!(Profile, Found, Page);
