//! A value of the journal as the records take what a person types.

use super::{hormone_of, to_records};
use crate::{
    merge::Book,
    model::{Beta, EntityId, Hormone, Kind, Told},
    order,
};
use keepwell_domain::{
    measure::{Comparator, Number, Value},
    record::LOINC,
    time::{SECOND, When},
};
use serde_json::json;
use std::collections::BTreeSet;

/// Words of the remark that goes with a value.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// Says that it comes from the journal.
    pub copied: &'a str,
    /// "Laboratory".
    pub laboratory: &'a str,
    /// "Range".
    pub range: &'a str,
    /// "Method".
    pub method: &'a str,
}

/// A value as it would be typed in: exactly this is sent, and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// What was measured.
    pub name: String,
    /// Its code, where there is no doubt.
    pub code: String,
    /// The number with its sign, as entered.
    pub value: String,
    /// The unit as entered.
    pub unit: String,
    /// Lower limit, where the range is two numbers.
    pub low: String,
    /// Upper limit.
    pub high: String,
    /// `2026-03-02`.
    pub date: String,
    /// `08:30`, or empty.
    pub time: String,
    /// The remark.
    pub note: String,
}

impl Draft {
    /// The body of the request.
    #[must_use]
    pub fn body(&self) -> String {
        let all = json!({
            "kind": "observation", "name": self.name, "key": self.code, "value": self.value, "unit": self.unit,
            "low": self.low, "high": self.high, "date": self.date, "time": self.time, "note": self.note,
        });
        all.to_string()
    }
}

/// A value of the journal that can be copied.
#[derive(Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its kind: a hormone or a beta.
    pub kind: Kind,
    /// Its id.
    pub id: EntityId,
    /// It as a hormone.
    pub entry: Hormone,
    /// Whether it came from the records, or was copied there already.
    pub is_there: bool,
}

fn all(book: &Book) -> impl Iterator<Item = (Kind, EntityId, Hormone)> {
    let hormones = book.all::<Hormone>().map(|(id, h)| (Kind::Hormone, id, h));
    hormones.chain(book.all::<Beta>().map(|(id, b)| (Kind::Beta, id, hormone_of(&b))))
}

/// The records that the journal has copies of, in either direction, held or not.
#[must_use]
pub fn copied(book: &Book) -> BTreeSet<String> {
    all(book).filter_map(|(_, _, h)| h.record.into_known()).collect()
}

/// The values that can be copied, the newest first, and how many are held: those are not offered.
#[must_use]
pub fn offers(book: &Book) -> (Vec<Offer>, usize) {
    let whole = all(book).filter(|(_, _, h)| to_records(h).is_some());
    let (held, open): (Vec<_>, Vec<_>) = whole.partition(|(_, _, h)| h.held == Told::Known(true));
    let mut open: Vec<Offer> = open
        .into_iter()
        .map(|(kind, id, entry)| Offer { kind, id, is_there: entry.record.is_known(), entry })
        .collect();
    let at = |o: &Offer| o.entry.at.known().map(crate::model::Moment::sort_key);
    order::sort_by(&mut open, |a, b| at(b).cmp(&at(a)).then(a.id.cmp(&b.id)));
    (open, held.len())
}

/// The draft of an entry; `None` without a value, a name or a time. The person's own remark stays in the journal.
#[must_use]
pub fn draft(entry: &Hormone, labels: &Labels<'_>) -> Option<Draft> {
    let (at, o) = to_records(entry)?;
    let Some(Value::Quantity(q)) = &o.value else { return None };
    let sign = q.comparator.map_or("", Comparator::as_str);
    let (date, time) = typed(at);
    let limits = entry.range.known().and_then(|r| limits(r));
    let mut note = vec![labels.copied.to_owned()];
    let mut say = |label: &str, text: Option<&String>| {
        note.extend(text.map(|t| [label, ": ", t, "."].concat()));
    };
    say(labels.laboratory, o.performer.as_ref());
    say(labels.method, o.method.as_ref());
    say(labels.range, entry.range.known().filter(|_| limits.is_none()));
    let (low, high) = limits.unwrap_or_default();
    Some(Draft {
        name: o.code.name().to_owned(),
        code: o.code.code_in(LOINC).unwrap_or_default().to_owned(),
        value: [sign, q.number.as_str()].concat(),
        unit: q.unit.clone().unwrap_or_default(),
        low,
        high,
        date,
        time,
        note: note.join(" "),
    })
}

/// Day and time of day as a person types them; the records' form knows no offset.
fn typed(at: When) -> (String, String) {
    let day = at.date().to_string();
    let two = |n: i64| if n < 10 { ["0", &n.to_string()].concat() } else { n.to_string() };
    let time = at.clock().map(|c| [two(c / (3600 * SECOND)), two(c / (60 * SECOND) % 60)].join(":"));
    (day, time.unwrap_or_default())
}

/// `10–20` as two numbers that rise.
fn limits(range: &str) -> Option<(String, String)> {
    let (low, high) = range.split_once(['–', '-'])?;
    let number = |t: &str| Number::parse(t.trim()).ok();
    let (low, high) = (number(low)?, number(high)?);
    (low.value() <= high.value()).then(|| (low.as_str().to_owned(), high.as_str().to_owned()))
}

crate::redact::redacted!(Draft, Offer);
