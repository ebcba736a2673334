//! The Markers page: one row per marker.

use super::{names, shown};
use crate::{
    Lang,
    vault::{Marker, MarkerValue, Part, Vault, part},
};
use keepwell_domain::{
    analyte,
    measure::Number,
    time::DAY,
    ucum,
    view::{Change, MarkerRow, MarkersView, Shown, Standing},
};

/// All markers, by group and then name.
#[must_use]
pub fn markers(v: &Vault, lang: Lang) -> MarkersView {
    let mut rows: Vec<MarkerRow> = v.markers.iter().filter_map(|(key, m)| row(v, key, m, lang)).collect();
    let order = |id: &str| analyte::Group::ALL.iter().position(|g| g.1 == id).unwrap_or(usize::MAX);
    rows.sort_by_cached_key(|r| (order(&r.group), r.name.to_lowercase(), r.key.clone()));
    let mut groups: Vec<(String, String)> = Vec::new();
    for r in &rows {
        if groups.last().is_none_or(|(id, _)| *id != r.group) {
            groups.push((r.group.clone(), group_name(&r.group, lang)));
        }
    }
    MarkersView { rows, groups, records: u32::try_from(v.records.len()).unwrap_or(u32::MAX) }
}

/// The id of a marker's group; `other` for those that the catalogue does not know.
#[must_use]
pub fn group_of(m: &Marker) -> &'static str {
    m.analyte.map_or("other", |a| a.group.id())
}

/// A group's name.
#[must_use]
pub fn group_name(id: &str, lang: Lang) -> String {
    analyte::Group::ALL
        .iter()
        .find(|g| g.1 == id)
        .map_or_else(|| lang.pick("Other", "Weitere").to_owned(), |g| lang.pick(g.2, g.3).to_owned())
}

/// One row; `None` for a marker without any value.
#[must_use]
pub fn row(v: &Vault, key: &str, m: &Marker, lang: Lang) -> Option<MarkerRow> {
    let last = m.values.last()?;
    let at = part(&v.records, last.at);
    let (latest, range, standing, date) = match &at {
        Some((open, p)) => (
            shown::value(p.value),
            shown::range(p.range, p.unit()),
            shown::standing(p),
            open.record.effective.map_or(String::new(), |w| w.to_string()),
        ),
        None => (day_value(m, last), None, Standing::Unknown, last.t.date().to_string()),
    };
    let number = match &at {
        Some((_, Part { value: keepwell_domain::measure::Value::Quantity(q), .. })) => Some(q.number.value()),
        Some(_) => None,
        None => last.number,
    };
    Some(MarkerRow {
        key: key.to_owned(),
        name: names::marker(m, lang),
        group: group_of(m).to_owned(),
        change: change(v, m, &latest),
        latest,
        number,
        range,
        standing,
        spark: spark(m),
        date,
        count: u32::try_from(m.values.len()).unwrap_or(u32::MAX),
        favourite: v.favourites.iter().any(|f| f == key),
    })
}

fn decimals(m: &Marker) -> u8 {
    m.analyte.map_or(1, |a| a.decimals)
}

/// A day of dense samples has no printed form; it is shown in the marker's unit.
fn day_value(m: &Marker, value: &MarkerValue) -> Shown {
    let text = value.number.map_or(String::new(), |n| analyte::format_value(n, decimals(m)));
    Shown { text, unit: m.unit.clone(), numeric: true, ..Shown::default() }
}

fn spark(m: &Marker) -> Vec<(i32, f32)> {
    let with_number =
        m.values.iter().rev().filter_map(|x| x.number.map(|n| ((x.t.0 / DAY) as i32, n as f32)));
    let mut last: Vec<_> = with_number.take(8).collect();
    last.reverse();
    last
}

/// The change since the value before, in the unit of the latest as printed. Only where both are
/// plain numbers in one unit: the difference of a censored value is not known.
fn change(v: &Vault, m: &Marker, latest: &Shown) -> Option<Change> {
    let mut newest = m.values.iter().rev();
    let last = newest.next()?;
    let before = newest.find(|x| x.t < last.t)?;
    let (a, b) = (before.number?, last.number?);
    if !latest.comparator.is_empty() || is_censored(v, before) {
        return None;
    }
    let (a, b, digits) = in_printed_unit(v, m, (before, a), (last, b))?;
    let diff = b - a;
    let text = format!("{:.*}", usize::from(digits), diff.abs());
    let is_zero = text.bytes().all(|c| matches!(c, b'0' | b'.'));
    let direction = if is_zero {
        0
    } else if diff > 0.0 {
        1
    } else {
        -1
    };
    let sign = ["−", "±", "+"][(direction + 1) as usize];
    Some(Change { text: format!("{sign}{text}"), direction, days: (last.t.0 - before.t.0) / DAY })
}

fn is_censored(v: &Vault, x: &MarkerValue) -> bool {
    part(&v.records, x.at).is_some_and(
        |(_, p)| matches!(p.value, keepwell_domain::measure::Value::Quantity(q) if q.comparator.is_some()),
    )
}

/// Both values in the latest's printed unit, and the decimals to show.
fn in_printed_unit(
    v: &Vault,
    m: &Marker,
    (before, a): (&MarkerValue, f64),
    (last, b): (&MarkerValue, f64),
) -> Option<(f64, f64, u8)> {
    use keepwell_domain::measure::Value::Quantity;
    match (part(&v.records, last.at), part(&v.records, before.at)) {
        (Some((_, Part { value: Quantity(l), .. })), Some((_, Part { value: Quantity(p), .. }))) => {
            let digits = |n: &Number| u8::try_from(n.decimals().min(4)).unwrap_or(4);
            if l.unit == p.unit && l.ucum == p.ucum {
                return Some((p.number.value(), l.number.value(), digits(&l.number).max(digits(&p.number))));
            }
            let printed = l.unit.as_deref().and_then(ucum::read_unit);
            let unit = l.ucum.clone().or(printed)?;
            let before = analyte::convert_for_display(m.analyte?, a, &unit)?;
            Some((before.number, l.number.value(), digits(&l.number)))
        }
        (None, None) => Some((a, b, decimals(m))),
        _ => None,
    }
}
