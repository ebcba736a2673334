//! One marker over time.

use super::{markers, names, points, shown};
use crate::{
    Lang,
    error::{Result, ServiceError},
    series::days,
    vault::{Marker, MarkerValue, Open, Part, ValueRef, Vault, part},
};
use keepwell_domain::{
    analyte,
    measure::{Number, Value},
    record::{Body, Kind, LOINC},
    time::{DAY, SECOND, Ts, When},
    view::{Aside, Event, Point, SeriesView, Standing, UnitChoice},
};

/// What part of a marker, and how.
#[derive(Debug, Clone, Default)]
pub struct SeriesQuery {
    /// First time, UTC milliseconds.
    pub from_ms: Option<i64>,
    /// Last time, UTC milliseconds.
    pub to_ms: Option<i64>,
    /// Unit to convert to; the canonical one when `None`.
    pub unit: Option<String>,
    /// At most so many points, 2 to 10,000; see [`super::points`] for what is never left out.
    pub points: Option<u32>,
    /// Times are those of the clock where a value was taken, counted as if that clock showed UTC:
    /// for pages, where a morning is a morning whatever the season and the country. Otherwise UTC.
    pub is_as_recorded: bool,
}

/// A sample of a column, in the marker's canonical unit: (UTC milliseconds, value, offset of the
/// clock from UTC in minutes).
pub type RawSample = (i64, f64, i16);

/// Points of a series, unless asked for fewer or more.
pub const DEFAULT_POINTS: u32 = 800;
/// No clock is further from UTC, in microseconds.
const FURTHEST: i64 = 15 * 3600 * SECOND;
const MAX_ASIDE: usize = 500;

/// How a canonical number becomes one in the chosen unit.
struct Axis {
    unit: String,
    analyte: Option<&'static analyte::Analyte>,
    is_canonical: bool,
    decimals: u8,
}

impl Axis {
    fn new(m: &Marker, wanted: Option<&str>, lang: Lang) -> Result<Self> {
        let decimals = m.analyte.map_or(2, |a| a.decimals);
        let canonical = Self { unit: m.unit.clone(), analyte: m.analyte, is_canonical: true, decimals };
        let Some(unit) = wanted.filter(|u| !u.is_empty() && *u != m.unit) else { return Ok(canonical) };
        match m.analyte.and_then(|a| analyte::convert_for_display(a, 1.0, unit)) {
            Some(d) => Ok(Self {
                unit: unit.to_owned(),
                analyte: m.analyte,
                is_canonical: false,
                decimals: d.decimals,
            }),
            None => {
                let why = lang.pick(
                    "This marker cannot be shown in that unit with certainty.",
                    "Dieser Messwert lässt sich nicht sicher in dieser Einheit zeigen.",
                );
                Err(ServiceError::invalid("unit", why))
            }
        }
    }
    fn of(&self, canonical: f64) -> f64 {
        match self.analyte {
            Some(a) if !self.is_canonical => {
                analyte::convert_for_display(a, canonical, &self.unit).map_or(f64::NAN, |d| d.number)
            }
            _ => canonical,
        }
    }
}

/// The window of a query in microseconds.
#[must_use]
pub fn window(q: &SeriesQuery) -> (i64, i64) {
    let micros = |ms: i64| ms.saturating_mul(1000);
    (q.from_ms.map_or(i64::MIN, micros), q.to_ms.map_or(i64::MAX, |ms| micros(ms).saturating_add(999)))
}

/// Whether the window is short enough that single samples, not days, should be drawn, and if so
/// its bounds in UTC seconds. Only levels have samples that mean what their days mean: a single
/// sample of steps is no count per day, and one of sleep is no duration.
#[must_use]
pub fn wants_samples(m: &Marker, q: &SeriesQuery) -> Option<(i64, i64)> {
    let is_level = m.metrics.iter().all(|x| days::daily(x) == days::Daily::Level);
    if m.metrics.is_empty() || !is_level {
        return None;
    }
    let (first, last) = (m.values.first()?.t.0, m.values.last()?.t.0.saturating_add(DAY));
    let (from, to) = window(q);
    let (from, to) = (from.max(first.saturating_sub(DAY)), to.min(last));
    let days = (to.saturating_sub(from)) / DAY;
    let points = i64::from(q.points.unwrap_or(DEFAULT_POINTS));
    let around = if q.is_as_recorded { FURTHEST } else { 0 };
    (days >= 0 && days < points / 2).then_some(((from - around) / SECOND, (to + around) / SECOND))
}

/// The series of a marker. `samples` are the single samples of the window, when
/// [`wants_samples`] asked for them; they then take the place of the days.
///
/// # Errors
/// [`ServiceError::NotFound`] for a key without values, [`ServiceError::Invalid`] for a unit that
/// does not convert.
pub fn series(
    v: &Vault,
    key: &str,
    q: &SeriesQuery,
    samples: Option<Vec<RawSample>>,
    lang: Lang,
) -> Result<SeriesView> {
    let m = v.markers.get(key).ok_or(ServiceError::NotFound)?;
    let axis = Axis::new(m, q.unit.as_deref(), lang)?;
    let (from, to) = window(q);
    let mut out = SeriesView {
        key: key.to_owned(),
        loinc: (!key.starts_with("x-")).then(|| key.to_owned()),
        name: names::marker(m, lang),
        group: markers::group_name(markers::group_of(m), lang),
        unit: axis.unit.clone(),
        units: units(m, &axis),
        decimals: axis.decimals,
        total: m.values.len() as u64,
        favourite: v.favourites.iter().any(|f| f == key),
        extent: extent(v, m, q),
        ..SeriesView::default()
    };
    for x in &m.values {
        let t = moment(v, x, q);
        if t < from || t > to || (matches!(x.at, ValueRef::Day) && samples.is_some()) {
            continue;
        }
        place(v, &axis, x, t, lang, &mut out);
    }
    if let Some(raw) = samples {
        let points = raw.into_iter().map(|s| single(&axis, s, q));
        out.points.extend(points.filter(|p| p.t >= from.div_euclid(1000) && p.t <= to.div_euclid(1000)));
        let records = m.values.iter().filter(|x| !matches!(x.at, ValueRef::Day)).count();
        out.total = (out.points.iter().filter(|p| p.record.is_none()).count() + records) as u64;
    }
    out.points.sort_by_key(|p| p.t);
    let limit = q.points.unwrap_or(DEFAULT_POINTS).clamp(2, 10_000) as usize;
    (out.points, out.thinned) = points::thinned(std::mem::take(&mut out.points), limit);
    out.events = events(v, out.extent, q);
    Ok(out)
}

/// When a value was taken, in microseconds, by the clock that the query wants.
fn moment(v: &Vault, x: &MarkerValue, q: &SeriesQuery) -> i64 {
    if !q.is_as_recorded {
        return x.t.0;
    }
    match part(&v.records, x.at) {
        Some((open, _)) => open.record.effective.map_or(x.t.0, as_recorded),
        None => x.t.0,
    }
}

/// What the clock showed, as if it showed UTC; microseconds.
fn as_recorded(w: When) -> i64 {
    w.date().days() * DAY + w.clock().unwrap_or(0)
}

fn extent(v: &Vault, m: &Marker, q: &SeriesQuery) -> Option<(i64, i64)> {
    let times = m.values.iter().map(|x| moment(v, x, q) / 1000);
    times.clone().min().zip(times.max())
}

fn units(m: &Marker, axis: &Axis) -> Vec<UnitChoice> {
    let Some(a) = m.analyte else { return Vec::new() };
    let choice = |u: analyte::DisplayUnit| UnitChoice {
        selected: u.unit == axis.unit,
        ucum: u.unit.to_owned(),
        label: u.label,
        factor: u.note,
    };
    a.units().into_iter().map(choice).collect()
}

fn place(v: &Vault, axis: &Axis, x: &MarkerValue, t: i64, lang: Lang, out: &mut SeriesView) {
    let Some((open, p)) = part(&v.records, x.at) else {
        if let Some(n) = x.number {
            out.points.push(sample_point(axis, t / 1000, x.t.date().to_string(), n, x.span));
        }
        return;
    };
    match x.number {
        Some(n) => {
            let point = record_point(axis, open, &p, Ts(t), n, out);
            out.points.push(point);
        }
        None if out.aside.len() < MAX_ASIDE => out.aside.push(aside(open, &p, lang)),
        None => {}
    }
}

/// A single sample.
fn single(axis: &Axis, (utc_ms, n, offset): RawSample, q: &SeriesQuery) -> Point {
    let t = if q.is_as_recorded { utc_ms + i64::from(offset) * 60_000 } else { utc_ms };
    let stated = When::Instant(Ts(utc_ms.saturating_mul(1000)), offset).to_string();
    sample_point(axis, t, stated, n, None)
}

fn sample_point(axis: &Axis, t_ms: i64, date: String, n: f64, span: Option<(f64, f64)>) -> Point {
    Point {
        t: t_ms,
        v: axis.of(n),
        span: span.map(|(l, h)| (axis.of(l), axis.of(h))),
        comparator: String::new(),
        low: None,
        high: None,
        standing: Standing::Unknown,
        lab: None,
        record: None,
        printed: String::new(),
        date,
    }
}

fn record_point(axis: &Axis, open: &Open, p: &Part<'_>, t: Ts, n: f64, out: &mut SeriesView) -> Point {
    let limit = |side: &Option<Number>| {
        let number = side.as_ref()?;
        let Value::Quantity(q) = p.value else { return None };
        let mut of_limit = q.clone();
        of_limit.comparator = None;
        of_limit.number = number.clone();
        if let Some(u) = p.range.and_then(|r| r.unit.clone()) {
            of_limit.unit = Some(u);
            of_limit.ucum = None;
        }
        let canonical = match axis.analyte {
            Some(a) => analyte::canonical(a, p.code.code_in(LOINC), &of_limit)?.number,
            None => number.value(),
        };
        Some(axis.of(canonical))
    };
    let comparator = match p.value {
        Value::Quantity(q) => q.comparator.map_or("", |c| c.as_str()),
        _ => "",
    };
    Point {
        t: t.0 / 1000,
        v: axis.of(n),
        span: None,
        comparator: comparator.to_owned(),
        low: p.range.and_then(|r| limit(&r.low)),
        high: p.range.and_then(|r| limit(&r.high)),
        standing: shown::standing(p),
        lab: p.of.performer.as_deref().map(|l| lab_index(&mut out.labs, l)),
        record: Some(open.id),
        printed: shown::line(&shown::value(p.value)),
        date: open.record.effective.map_or(String::new(), |w| w.to_string()),
    }
}

fn lab_index(labs: &mut Vec<String>, lab: &str) -> u16 {
    let at = labs.iter().position(|l| l == lab).unwrap_or_else(|| {
        labs.push(lab.to_owned());
        labs.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn aside(open: &Open, p: &Part<'_>, lang: Lang) -> Aside {
    let reason = match p.value {
        Value::Quantity(_) => lang.pick(
            "Its unit cannot be converted with certainty.",
            "Die Einheit lässt sich nicht sicher umrechnen.",
        ),
        _ => lang.pick("It is not a number.", "Es ist keine Zahl."),
    };
    Aside {
        date: open.record.effective.map_or(String::new(), |w| w.to_string()),
        printed: shown::line(&shown::value(p.value)),
        reason: reason.to_owned(),
        record: open.id,
    }
}

/// Medications, procedures and stays that fall into the shown time.
fn events(v: &Vault, extent: Option<(i64, i64)>, q: &SeriesQuery) -> Vec<Event> {
    let Some((first, last)) = extent else { return Vec::new() };
    let from = q.from_ms.unwrap_or(first);
    let to = q.to_ms.unwrap_or(last);
    let wanted = |o: &&Open| match &o.record.body {
        Body::Medication(_) | Body::Procedure(_) => true,
        Body::Encounter(e) => e.class.as_deref().is_some_and(|c| matches!(c, "IMP" | "EMER" | "ACUTE")),
        _ => false,
    };
    let event = |o: &Open| {
        let when = o.record.effective?;
        let t = if q.is_as_recorded { as_recorded(when) } else { when.sort_key().0 } / 1000;
        let label = o.record.body.code().map_or(String::new(), |c| c.name().to_owned());
        (t >= from && t <= to).then(|| Event { t, kind: o.record.body.kind(), label, record: o.id })
    };
    let mut out: Vec<Event> = v.records.iter().filter(wanted).filter_map(event).take(200).collect();
    out.sort_by_key(|e| (e.t, e.kind == Kind::Medication));
    out
}
