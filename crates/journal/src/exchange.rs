//! Single laboratory values between the records and the journal, each by the person's choice. Nothing
//! here copies by itself; the page calls it for the one value that was chosen.

mod draft;
mod wire;

pub use draft::{Draft, Labels, Offer, copied, draft, offers};
pub use wire::{Found, Page, Profile, read_created, read_page, read_profiles, read_reason};

use crate::{
    derive::hormone,
    model::{Amount, Beta, EntityId, Hormone, HormoneKind, Moment, Source, SourceKind, Told},
};
use keepwell_domain::{
    analyte::{Analyte, find_by_loinc, find_by_name},
    measure::{Quantity, RefRange, Value},
    record::{Category, Coding, Concept, LOINC, Observation},
    time::{SECOND, When},
};

/// A value of the records as an entry of the journal, with the id that every copying of it has. `None`
/// for what has no single number or no day.
#[must_use]
pub fn to_journal(record: &str, at: When, o: &Observation) -> Option<(EntityId, Hormone)> {
    let Some(Value::Quantity(q)) = &o.value else { return None };
    let unit = q.unit.as_deref().or(q.ucum.as_deref());
    let loinc = o.code.code_in(LOINC);
    let named = || find_by_name(o.code.name(), unit, o.specimen.as_deref()).map(|m| m.analyte);
    let kind = loinc.and_then(find_by_loinc).or_else(named).and_then(kind_of).unwrap_or(HormoneKind::Other);
    entry(record, at, kind, o)
}

/// A value of the records of which it is known what was measured.
fn entry(record: &str, at: When, kind: HormoneKind, o: &Observation) -> Option<(EntityId, Hormone)> {
    let Some(Value::Quantity(q)) = &o.value else { return None };
    let unit = q.unit.as_deref().or(q.ucum.as_deref());
    let loinc = o.code.code_in(LOINC);
    let amount = Amount {
        number: q.number.clone(),
        comparator: q.comparator,
        unit: unit.unwrap_or_default().to_owned(),
    };
    let entry = Hormone {
        at: moment(at)?.into(),
        hormone: kind.into(),
        name: if kind == HormoneKind::Other { o.code.name().to_owned().into() } else { Told::Unknown },
        loinc: loinc.map(str::to_owned).into(),
        value: amount.into(),
        range: o.range.as_ref().and_then(range).into(),
        laboratory: o.performer.clone().into(),
        method: o.method.clone().into(),
        record: record.to_owned().into(),
        source: Source { kind: SourceKind::Records, detail: None }.into(),
        ..Hormone::default()
    };
    Some((EntityId::derived(&[b"record", record.as_bytes()]), entry))
}

/// An entry of the journal as an observation of the records; `None` without a value or a time.
#[must_use]
pub fn to_records(h: &Hormone) -> Option<(When, Observation)> {
    let (value, at) = (h.value.known()?, h.at.known()?);
    let kind = h.hormone.get().unwrap_or(HormoneKind::Other);
    let name = match (h.name.known(), hormone::analyte(kind, Some(value))) {
        (Some(name), _) => name.clone(),
        (None, Some(a)) => a.name_en.to_owned(),
        (None, None) => return None,
    };
    // The code that the source stated stands before the one that follows from the unit.
    let code = h.loinc.known().map(String::as_str).or_else(|| hormone::loinc(kind, value));
    let coding = |code: &str| Coding { system: LOINC.to_owned(), code: code.to_owned(), display: None };
    let quantity = Quantity { ucum: None, ..value.quantity() };
    let code = Concept { text: Some(name), codings: code.map(coding).into_iter().collect() };
    let observation = Observation {
        value: Some(Value::Quantity(quantity)),
        range: h.range.known().map(|text| RefRange { text: Some(text.clone()), ..RefRange::default() }),
        method: h.method.known().cloned(),
        performer: h.laboratory.known().cloned(),
        status: Some("final".to_owned()),
        note: h.note.known().cloned(),
        ..Observation::new(code, Category::Laboratory)
    };
    Some((when(at), observation))
}

fn kind_of(analyte: &Analyte) -> Option<HormoneKind> {
    let same = |k: &&HormoneKind| hormone::analytes(**k).any(|a| a.loinc == analyte.loinc);
    HormoneKind::ALL.iter().find(same).copied()
}

/// A time of the records; `None` for one that has no day.
fn moment(at: When) -> Option<Moment> {
    match at {
        When::Year(_) | When::Month(..) => None,
        When::Day(d) => Some(Moment::day(d)),
        When::Local(date, micros) => {
            let minutes = u16::try_from(micros / (60 * SECOND)).ok()?;
            let clock = crate::model::Clock::from_minutes(minutes).ok()?;
            Some(Moment { date, clock: Some(clock), offset: None, zone: None })
        }
        When::Instant(at, offset) => Some(Moment::of_instant(at, offset, None)),
    }
}

fn when(at: &Moment) -> When {
    match at.clock {
        None => When::Day(at.date),
        Some(c) => When::at(at.date, i64::from(c.minutes()) * 60 * SECOND, at.offset),
    }
}

/// A range as printed, or as its limits say.
fn range(r: &RefRange) -> Option<String> {
    if let Some(text) = r.text.as_ref().filter(|t| !t.is_empty()) {
        return Some(text.clone());
    }
    match (&r.low, &r.high) {
        (Some(low), Some(high)) => Some(format!("{}–{}", low.as_str(), high.as_str())),
        (Some(low), None) => Some(format!("≥ {}", low.as_str())),
        (None, Some(high)) => Some(format!("≤ {}", high.as_str())),
        (None, None) => None,
    }
}

/// Whether two entries say the same: the same thing, on the same day, with the same number and unit.
#[must_use]
pub fn is_same(a: &Hormone, b: &Hormone) -> bool {
    let day = |h: &Hormone| h.at.known().map(|m| m.date);
    let amounts = a.value.known().zip(b.value.known());
    a.hormone == b.hormone
        && a.hormone.get() != Some(HormoneKind::Other)
        && day(a).is_some()
        && day(a) == day(b)
        && amounts.is_some_and(|(x, y)| {
            x.number.value().total_cmp(&y.number.value()).is_eq()
                && (&x.unit, x.comparator) == (&y.unit, y.comparator)
        })
}

/// A beta as the hormone that it is.
#[must_use]
pub fn hormone_of(beta: &Beta) -> Hormone {
    Hormone {
        cycle: beta.cycle,
        person: beta.person,
        at: beta.at.clone(),
        hormone: HormoneKind::Hcg.into(),
        value: beta.value.clone(),
        laboratory: beta.laboratory.clone(),
        held: beta.held,
        record: beta.record.clone(),
        source: beta.source.clone(),
        ..Hormone::default()
    }
}
