//! Making the index.

use super::{Detail, Index, ItemFact, MarkerFact, ValueFact, find};
use crate::text::fold;
use keepwell_domain::{
    analyte::Analyte,
    ids::{DocumentId, RecordId},
    record::{Body, Record},
    time::{Ts, When},
};
use std::collections::HashMap;

/// One value, as it is handed over.
pub type NewValue = ValueFact;

/// A marker, as it is handed over.
pub struct NewMarker {
    /// See [`MarkerFact::key`].
    pub key: String,
    /// See [`MarkerFact::analyte`].
    pub analyte: Option<&'static Analyte>,
    /// See [`MarkerFact::printed`].
    pub printed: String,
    /// See [`MarkerFact::aliases`].
    pub aliases: Vec<String>,
    /// See [`MarkerFact::unit`].
    pub unit: String,
    /// Oldest first.
    pub values: Vec<NewValue>,
    /// See [`MarkerFact::is_dense`].
    pub is_dense: bool,
}

/// A record that is no value, as it is handed over.
pub struct NewItem<'a> {
    /// Its id.
    pub id: RecordId,
    /// The record.
    pub record: &'a Record,
    /// Documents that say it.
    pub documents: &'a [DocumentId],
    /// When it was first stored.
    pub created: Ts,
}

impl Index {
    /// An index of markers, other records (newest first), and values without a date by their marker's key.
    #[must_use]
    pub fn new<'a>(
        markers: impl IntoIterator<Item = NewMarker>,
        items: impl IntoIterator<Item = NewItem<'a>>,
        undated: Vec<(String, RecordId)>,
    ) -> Self {
        let mut markers: Vec<MarkerFact> = markers.into_iter().map(marker).collect();
        markers.sort_by(|a, b| a.key.cmp(&b.key));
        let by_key: HashMap<_, _> = markers.iter().enumerate().map(|(i, m)| (m.key.clone(), i)).collect();
        let items: Vec<ItemFact> = items.into_iter().map(item).collect();
        let names = find::Names::new(&markers, &items);
        Self { markers, by_key, names, items, undated }
    }
}

fn marker(m: NewMarker) -> MarkerFact {
    let (values, twins) = without_twins(m.values);
    let mut m = MarkerFact {
        twins,
        key: m.key,
        analyte: m.analyte,
        printed: m.printed,
        aliases: m.aliases,
        unit: m.unit,
        values,
        is_dense: m.is_dense,
    };
    contradictions(&mut m);
    m
}

/// One result that two files state, one with a time of day and the other with the day alone, is one value with two
/// records behind it: the one with the time stays, and has the other as its twin.
fn without_twins(values: Vec<ValueFact>) -> (Vec<ValueFact>, HashMap<RecordId, Vec<ValueFact>>) {
    let mut twins: HashMap<RecordId, Vec<ValueFact>> = HashMap::new();
    let mut kept: Vec<ValueFact> = Vec::new();
    let mut days: Vec<ValueFact> = Vec::new();
    for v in values {
        let is_day = v.detail.as_ref().is_some_and(|d| matches!(d.when, When::Day(_)));
        if is_day { days.push(v) } else { kept.push(v) }
    }
    let mut alone = Vec::new();
    for v in days {
        let of_day = kept.iter_mut().filter(|k| k.day() == v.day());
        match of_day
            .filter_map(|k| k.detail.as_mut())
            .find(|k| v.detail.as_ref().is_some_and(|d| are_twins(k, d)))
        {
            Some(k) => {
                k.documents.extend(v.detail.iter().flat_map(|d| d.documents.iter().copied()));
                twins.entry(k.record).or_default().push(v);
            }
            None => alone.push(v),
        }
    }
    kept.extend(alone);
    kept.sort_by_key(|v| v.t);
    (kept, twins)
}

/// Whether two results of one day say the same. What one document states twice was measured twice.
fn are_twins(timed: &Detail, day: &Detail) -> bool {
    let same_number = match (&timed.quantity, &day.quantity) {
        (Some(a), Some(b)) => a.number.value() == b.number.value(),
        (None, None) => fold(&timed.shown.text) == fold(&day.shown.text),
        _ => false,
    };
    same_number
        && timed.shown.comparator == day.shown.comparator
        && crate::text::same_unit(&timed.shown.unit, &day.shown.unit)
        && !day.documents.iter().any(|d| timed.documents.contains(d))
}

/// Marks values of one time that different documents state differently. What one document states twice (a
/// blood pressure measured again) is no contradiction, and neither is one value in two units or roundings.
fn contradictions(m: &mut MarkerFact) {
    let mut start = 0;
    while start < m.values.len() {
        let t = m.values[start].t;
        let end = start + m.values[start..].iter().take_while(|v| v.t == t).count();
        for i in start..end {
            for j in i + 1..end {
                if contradict(&m.values[i], &m.values[j]) {
                    for at in [i, j] {
                        if let Some(d) = &mut m.values[at].detail {
                            d.is_contradicted = true;
                        }
                    }
                }
            }
        }
        start = end;
    }
}

fn contradict(a: &ValueFact, b: &ValueFact) -> bool {
    let (Some(x), Some(y)) = (&a.detail, &b.detail) else { return false };
    let same_source = x.documents.iter().any(|d| y.documents.contains(d));
    if same_source || (x.documents.is_empty() && y.documents.is_empty()) || x.when != y.when {
        return false;
    }
    match (a.number, b.number) {
        (Some(m), Some(n)) => {
            x.shown.comparator != y.shown.comparator || (m - n).abs() > rounding(a).max(rounding(b)) * 1.01
        }
        _ => fold(&x.shown.text) != fold(&y.shown.text) || x.shown.unit != y.shown.unit,
    }
}

/// Half a step of the last printed digit, in the marker's unit.
fn rounding(v: &ValueFact) -> f64 {
    let (Some(q), Some(n)) = (v.detail.as_ref().and_then(|d| d.quantity.as_ref()), v.number) else {
        return 0.0;
    };
    let printed = q.number.value();
    let ratio = if printed == 0.0 || n == 0.0 { 1.0 } else { (n / printed).abs() };
    0.5 * 10f64.powi(-i32::try_from(q.number.decimals()).unwrap_or(0)) * ratio
}

fn item(new: NewItem<'_>) -> ItemFact {
    let body = &new.record.body;
    ItemFact {
        record: new.id,
        title: title(body),
        when: new.record.effective,
        folded: haystack(body),
        body: body.clone(),
        documents: new.documents.to_vec(),
        created: new.created,
    }
}

fn title(body: &Body) -> String {
    let Body::Note(n) = body else {
        return body.code().map_or(String::new(), |c| c.name().to_owned());
    };
    if let Some(t) = n.title.as_deref().filter(|t| !t.is_empty()) {
        return t.to_owned();
    }
    let line = n.text.lines().find(|l| !l.trim().is_empty()).unwrap_or("").trim();
    if line.chars().count() <= 60 {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(59).collect::<String>())
    }
}

fn haystack(body: &Body) -> String {
    let mut text = String::new();
    let mut add = |s: &str| {
        text.push(' ');
        text.push_str(s);
    };
    if let Some(c) = body.code() {
        c.text.iter().for_each(|t| add(t));
        c.codings.iter().for_each(|c| c.display.iter().chain([&c.code]).for_each(|t| add(t)));
    }
    let fields: Vec<&Option<String>> = match body {
        Body::Observation(o) => vec![&o.note, &o.performer],
        Body::Condition(c) => vec![&c.note],
        Body::Medication(m) => vec![&m.dosage, &m.route, &m.reason, &m.note],
        Body::Allergy(a) => {
            a.reactions.iter().for_each(|r| add(r));
            vec![&a.note, &a.category]
        }
        Body::Immunization(i) => vec![&i.note],
        Body::Procedure(p) => vec![&p.reason, &p.note],
        Body::Encounter(e) => vec![&e.reason, &e.place],
        Body::DiagnosticReport(d) => {
            d.results.iter().for_each(|r| add(r));
            vec![&d.conclusion, &d.performer]
        }
        Body::Note(n) => {
            add(&n.text);
            vec![&n.title]
        }
    };
    fields.into_iter().flatten().for_each(|t| add(t));
    fold(&text)
}
