//! Results gathered by marker, in time order, each with its canonical value where that is certain.

use super::{Open, OpenSeries, keys};
use crate::series::days;
use keepwell_domain::{
    analyte::{self, Analyte},
    measure::{RefRange, Value},
    record::{Body, Component, Concept, Observation},
    time::{DAY, Ts},
};
use std::collections::BTreeMap;

/// Where a marker's value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueRef {
    /// The value of the record at this index.
    Record(u32),
    /// A component of the record at this index.
    Component(u32, u16),
    /// A day of dense samples.
    Day,
}

/// One value of a marker.
#[derive(Debug, Clone, Copy)]
pub struct MarkerValue {
    /// Where it stands.
    pub at: ValueRef,
    /// When.
    pub t: Ts,
    /// The value in the marker's canonical unit, or, for a marker without an analyte, in its own
    /// unit; `None` for texts and for units that do not convert.
    pub number: Option<f64>,
    /// Lowest and highest of a day of samples.
    pub span: Option<(f64, f64)>,
}

/// A marker: an analyte, or a named result that the catalogue does not know.
pub struct Marker {
    /// The catalogue's analyte.
    pub analyte: Option<&'static Analyte>,
    /// The name as printed in the newest result.
    pub name: String,
    /// The unit of every [`MarkerValue::number`].
    pub unit: String,
    /// Values, oldest first.
    pub values: Vec<MarkerValue>,
    /// Metrics whose columns feed it.
    pub metrics: Vec<String>,
}

/// A result or a part of one, with what its record shares.
pub struct Part<'a> {
    /// What.
    pub code: &'a Concept,
    /// The value.
    pub value: &'a Value,
    /// The range.
    pub range: Option<&'a RefRange>,
    /// The printed flag.
    pub flag: Option<&'a str>,
    /// The observation that it is of.
    pub of: &'a Observation,
}

impl<'a> Part<'a> {
    fn whole(o: &'a Observation) -> Option<Self> {
        Some(Self {
            code: &o.code,
            value: o.value.as_ref()?,
            range: o.range.as_ref(),
            flag: o.flag.as_deref(),
            of: o,
        })
    }
    fn component(o: &'a Observation, c: &'a Component) -> Option<Self> {
        Some(Self {
            code: &c.code,
            value: c.value.as_ref()?,
            range: c.range.as_ref(),
            flag: c.flag.as_deref(),
            of: o,
        })
    }
    /// The unit as printed, for a quantity.
    #[must_use]
    pub fn unit(&self) -> Option<&'a str> {
        match self.value {
            Value::Quantity(q) => q.unit.as_deref().or(q.ucum.as_deref()),
            _ => None,
        }
    }
}

/// The part that a reference points at.
#[must_use]
pub fn part(records: &[Open], at: ValueRef) -> Option<(&Open, Part<'_>)> {
    let (index, component) = match at {
        ValueRef::Record(i) => (i, None),
        ValueRef::Component(i, c) => (i, Some(c)),
        ValueRef::Day => return None,
    };
    let open = records.get(index as usize)?;
    let Body::Observation(o) = &open.record.body else { return None };
    let part = match component {
        None => Part::whole(o)?,
        Some(c) => Part::component(o, o.components.get(usize::from(c))?)?,
    };
    Some((open, part))
}

/// Gathers all markers. `records` are newest first.
pub(super) fn collect(
    records: &[Open],
    series: &BTreeMap<String, Vec<OpenSeries>>,
) -> BTreeMap<String, Marker> {
    let mut markers = BTreeMap::new();
    for (i, open) in records.iter().enumerate().rev() {
        let Body::Observation(o) = &open.record.body else { continue };
        let Some(t) = open.record.effective.map(|w| w.sort_key()) else { continue };
        let i = u32::try_from(i).unwrap_or(u32::MAX);
        if let Some(p) = Part::whole(o) {
            add(&mut markers, &p, ValueRef::Record(i), t);
        }
        for (n, c) in o.components.iter().enumerate() {
            if let Some(p) = Part::component(o, c) {
                add(&mut markers, &p, ValueRef::Component(i, u16::try_from(n).unwrap_or(u16::MAX)), t);
            }
        }
    }
    for (metric, columns) in series {
        add_series(&mut markers, metric, columns);
    }
    markers
}

fn add(markers: &mut BTreeMap<String, Marker>, p: &Part<'_>, at: ValueRef, t: Ts) {
    if matches!(p.value, Value::Absent(_)) {
        return;
    }
    let Some((key, found)) = keys::marker_key(p.code, p.unit(), p.of.specimen.as_deref()) else { return };
    let marker = markers.entry(key).or_insert_with(|| Marker {
        analyte: found,
        name: String::new(),
        unit: found.map_or_else(|| p.unit().unwrap_or("").to_owned(), |a| a.unit.to_owned()),
        values: Vec::new(),
        metrics: Vec::new(),
    });
    marker.name = p.code.name().to_owned();
    let number = match (p.value, marker.analyte) {
        (Value::Quantity(q), Some(a)) => {
            analyte::canonical(a, p.code.code_in(keepwell_domain::record::LOINC), q).map(|c| c.number)
        }
        (Value::Quantity(q), None) => {
            (p.unit().unwrap_or("") == marker.unit).then(|| q.number.value()).filter(|v| v.is_finite())
        }
        _ => None,
    };
    marker.values.push(MarkerValue { at, t, number, span: None });
}

/// Days of dense samples join the marker of their analyte, or make one of their own.
fn add_series(markers: &mut BTreeMap<String, Marker>, metric: &str, columns: &[OpenSeries]) {
    let analyte = analyte::find_metric(metric);
    let Some(unit) = columns.last().map(|c| c.head.unit.clone()) else { return };
    let key = analyte.map_or_else(|| format!("x-{}", metric.to_lowercase()), |a| a.loinc.to_owned());
    let marker = markers.entry(key).or_insert_with(|| Marker {
        analyte,
        name: crate::picture::names::metric_name(metric),
        unit: analyte.map_or_else(|| day_unit(metric, &unit), |a| a.unit.to_owned()),
        values: Vec::new(),
        metrics: Vec::new(),
    });
    if marker.name.is_empty() {
        marker.name = crate::picture::names::metric_name(metric);
    }
    marker.metrics.push(metric.to_owned());
    let mut by_unit: BTreeMap<&str, Vec<&days::Head>> = BTreeMap::new();
    for c in columns {
        by_unit.entry(&c.head.unit).or_default().push(&c.head);
    }
    for (unit, heads) in by_unit {
        let Some(to_marker) = scale(marker, metric, unit) else { continue };
        for d in days::merge(&heads) {
            marker.values.push(MarkerValue {
                at: ValueRef::Day,
                t: Ts(i64::from(d.day) * DAY),
                number: Some(to_marker(d.value)),
                span: (d.low.is_finite() && d.high > d.low).then(|| (to_marker(d.low), to_marker(d.high))),
            });
        }
    }
    marker.values.sort_by_key(|v| v.t);
}

/// The unit of a metric's day values, where the catalogue does not say.
fn day_unit(metric: &str, unit: &str) -> String {
    match days::daily(metric) {
        days::Daily::Total if unit == "count" => "/d".to_owned(),
        days::Daily::Total => format!("{unit}/d"),
        days::Daily::Asleep => "h".to_owned(),
        days::Daily::Events => "/d".to_owned(),
        days::Daily::Level => unit.to_owned(),
    }
}

/// How a day value in the column's unit becomes one in the marker's; `None` when it does not.
pub fn scale(marker: &Marker, metric: &str, unit: &str) -> Option<impl Fn(f64) -> f64 + use<>> {
    let ratio = match marker.analyte {
        None if day_unit(metric, unit) == marker.unit => Affine { factor: 1.0, offset: 0.0 },
        None => return None,
        Some(a) => {
            let stated = match days::daily(metric) {
                days::Daily::Asleep => "h".to_owned(),
                days::Daily::Total => a_day(a.unit, unit),
                _ => unit.to_owned(),
            };
            affine(a, &stated)?
        }
    };
    Some(move |v| v * ratio.factor + ratio.offset)
}

/// A total's unit, with `/d` where the catalogue counts per day.
fn a_day(canonical: &str, unit: &str) -> String {
    if canonical.ends_with("/d") && !unit.ends_with("/d") {
        if unit == "count" { "/d".to_owned() } else { format!("{unit}/d") }
    } else {
        unit.to_owned()
    }
}

#[derive(Clone, Copy)]
struct Affine {
    factor: f64,
    offset: f64,
}

/// Conversions of one analyte's units are affine, so two values determine them.
fn affine(a: &'static Analyte, unit: &str) -> Option<Affine> {
    let at = |n: &str| {
        let q = keepwell_domain::measure::Quantity {
            number: keepwell_domain::measure::Number::parse(n).ok()?,
            comparator: None,
            unit: Some(unit.to_owned()),
            ucum: None,
        };
        analyte::canonical(a, None, &q).map(|c| c.number)
    };
    let (zero, one) = (at("0")?, at("1")?);
    Some(Affine { factor: one - zero, offset: zero })
}
