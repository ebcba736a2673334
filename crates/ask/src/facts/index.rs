//! Making the index.

use super::{Index, ItemFact, MarkerFact, ValueFact, find};
use crate::text::fold;
use keepwell_domain::{
    analyte::Analyte,
    ids::{DocumentId, RecordId},
    record::{Body, Record},
    time::{DAY, Ts, When},
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

/// Apart by how much two files may state the time of one result, in microseconds.
const ONE_TIME: i64 = 60_000_000;

/// One result that two files state is one value with two records behind it: one of them stays, and has the other as its twin.
/// So where one file has a time of day and the other the day alone, where their times lie within a minute, and where they say
/// the same in two units.
fn without_twins(values: Vec<ValueFact>) -> (Vec<ValueFact>, HashMap<RecordId, Vec<ValueFact>>) {
    let mut twins: HashMap<RecordId, Vec<ValueFact>> = HashMap::new();
    let (mut kept, mut alone): (Vec<ValueFact>, Vec<ValueFact>) = Default::default();
    let (days, timed): (Vec<_>, Vec<_>) = values.into_iter().partition(is_day);
    for v in timed {
        match twin_among(&mut kept, &v, |k| v.t.0 - k.t.0 <= ONE_TIME) {
            Some(k) => join(k, v, &mut twins),
            None => kept.push(v),
        }
    }
    for v in days {
        // Those of the day itself first: a result with a time stays, and a day that two files state is one, too.
        let from = kept.partition_point(|k| k.t.0 < v.t.0 - 2 * DAY);
        let to = kept.partition_point(|k| k.t.0 <= v.t.0 + 2 * DAY);
        let found = twin_among(&mut kept[from..to], &v, |_| true);
        match found.or_else(|| twin_among(&mut alone, &v, |k| k.day() == v.day())) {
            Some(k) => join(k, v, &mut twins),
            None => alone.push(v),
        }
    }
    kept.extend(alone);
    kept.sort_by_key(|v| v.t);
    (kept, twins)
}

fn is_day(v: &ValueFact) -> bool {
    v.detail.as_ref().is_some_and(|d| matches!(d.when, When::Day(_)))
}

/// The value that another one states as well, looked for from the newest back as long as it is near.
fn twin_among<'a>(
    kept: &'a mut [ValueFact],
    v: &ValueFact,
    is_near: impl Fn(&ValueFact) -> bool,
) -> Option<&'a mut ValueFact> {
    kept.iter_mut().rev().take_while(|k| is_near(k)).find(|k| are_twins(k, v))
}

fn join(kept: &mut ValueFact, twin: ValueFact, twins: &mut HashMap<RecordId, Vec<ValueFact>>) {
    let Some(k) = kept.detail.as_mut() else { return };
    k.documents.extend(twin.detail.iter().flat_map(|d| d.documents.iter().copied()));
    twins.entry(k.record).or_default().push(twin);
}

/// Whether two results are one that two files state. What one document states twice was measured twice, and so was what was
/// typed in twice, unless one of them says the day alone. In another unit it is the same only where both convert with certainty, and within their last printed digit.
fn are_twins(a: &ValueFact, b: &ValueFact) -> bool {
    let (Some(x), Some(y)) = (&a.detail, &b.detail) else { return false };
    let is_one_time = match (x.when, y.when) {
        (When::Year(_) | When::Month(..), _) | (_, When::Year(_) | When::Month(..)) => false,
        (When::Day(_), _) | (_, When::Day(_)) => a.day() == b.day(),
        _ => (a.t.0 - b.t.0).abs() <= ONE_TIME,
    };
    let is_one_day = matches!(x.when, When::Day(_)) != matches!(y.when, When::Day(_));
    let is_typed = x.documents.is_empty() && y.documents.is_empty();
    let is_other_file = !x.documents.iter().any(|d| y.documents.contains(d)) && (!is_typed || is_one_day);
    let is_one_unit = crate::text::same_unit(&x.shown.unit, &y.shown.unit);
    let says_the_same = || match (&x.quantity, &y.quantity) {
        (Some(p), Some(q)) if is_one_unit => p.number.value() == q.number.value(),
        (Some(_), Some(_)) => match (a.number, b.number) {
            (Some(m), Some(n)) => (m - n).abs() <= rounding(a).max(rounding(b)) * 1.01,
            _ => false,
        },
        (None, None) => is_one_unit && fold(&x.shown.text) == fold(&y.shown.text),
        _ => false,
    };
    is_one_time && is_other_file && x.shown.comparator == y.shown.comparator && says_the_same()
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
