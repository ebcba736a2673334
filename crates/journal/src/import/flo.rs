//! Flo's export: `operationalData.cycles` with the periods, `point_events_manual_v2` (there, or under
//! `pointEventsManualData`) with what was ticked on a day, `notes`, and
//! `repeatable_child_point_events` with pills. Dates are `YYYY-MM-DD hh:mm:ss.f`; the local one is the
//! person's day, the other is UTC. How much it bled is a JSON text within the JSON: `{"0": 3, "1": 2}`
//! by day of the period, 1 light to 3 heavy.

use super::{
    ImportError,
    days::Days,
    draft::{Import, Reason},
    flo_words::{Word, word},
};
use crate::model::{EntityId, diary::Bleeding};
use keepwell_domain::time::Date;
use serde_json::Value as Json;

/// A period longer than this is an error in the export.
const LONGEST_PERIOD: i64 = 45;

/// Whether this is Flo's form.
pub(super) fn is_flo(root: &Json) -> bool {
    root.get("operationalData").is_some_and(Json::is_object) || root.get("pointEventsManualData").is_some()
}

pub(super) fn read(text: &str, person: EntityId) -> Result<Import, ImportError> {
    let root: &Json = &serde_json::from_str(text).map_err(|_| ImportError::Unknown)?;
    let mut days = Days::new(person, "flo");
    // The lists stand under either of two keys, depending on the age of the export.
    let lists = |name: &'static str| {
        ["operationalData", "pointEventsManualData"]
            .into_iter()
            .filter_map(move |k| root.get(k)?.get(name)?.as_array())
            .flatten()
            .enumerate()
            .map(|(i, x)| (i + 1, x))
    };
    lists("cycles").for_each(|(row, c)| cycle(&mut days, row, c));
    lists("point_events_manual_v2").for_each(|(row, e)| event(&mut days, row, e));
    lists("repeatable_child_point_events").for_each(|(row, e)| event(&mut days, row, e));
    lists("notes").for_each(|(row, n)| note(&mut days, row, n));
    Ok(days.finish())
}

fn date_of(value: Option<&Json>) -> Option<Date> {
    Date::parse(value?.as_str()?.trim().get(..10)?).ok()
}

fn cycle(days: &mut Days, row: usize, c: &Json) {
    days.rows += 1;
    let Some(start) = date_of(c.get("period_start_date")) else {
        return days.problem(row, "period_start_date", Reason::BadDate, &c.to_string());
    };
    if c.get("pregnant").is_some_and(|p| p == true || p == "True" || p == 1) {
        return days.problem(row, "pregnant", Reason::Pregnancy, &c.to_string());
    }
    let end = date_of(c.get("period_end_date")).unwrap_or(start);
    let length = end.days() - start.days() + 1;
    if !(1..=LONGEST_PERIOD).contains(&length) {
        days.problem(row, "period_end_date", Reason::BadSpan, &c.to_string());
    }
    let strengths = match c.get("period_intensity") {
        Some(Json::String(text)) => serde_json::from_str(text).unwrap_or(Json::Null),
        Some(other) => other.clone(),
        None => Json::Null,
    };
    // With a broken end the first day is still a fact.
    let length = if (1..=LONGEST_PERIOD).contains(&length) { length } else { 1 };
    for n in 0..length {
        let date = Date::from_days(start.days() + n);
        let strength = strengths.get(n.to_string());
        let bleeding = match strength.and_then(Json::as_i64) {
            Some(1) => Bleeding::Light,
            Some(2) => Bleeding::Medium,
            Some(3) => Bleeding::Heavy,
            _ => Bleeding::Present,
        };
        let raw = strength.map(Json::to_string).unwrap_or_default();
        days.bleeding((row, date, "period_intensity"), bleeding, &raw);
    }
}

fn event(days: &mut Days, row: usize, e: &Json) {
    days.rows += 1;
    if e.get("deleted").and_then(Json::as_bool) == Some(true) {
        return days.problem(row, "deleted", Reason::DeletedThere, &e.to_string());
    }
    let Some(date) = date_of(e.get("local_date")).or_else(|| date_of(e.get("date"))) else {
        return days.problem(row, "local_date", Reason::BadDate, &e.to_string());
    };
    let text = |key: &str| e.get(key).and_then(Json::as_str).unwrap_or("").trim();
    let (category, sub) = (text("category"), text("subcategory"));
    if category.is_empty() && sub.is_empty() {
        return days.problem(row, "category", Reason::BadShape, &e.to_string());
    }
    let value = value_of(e);
    let raw = match &value {
        Some(v) => format!("{category}/{sub}={v}"),
        None => format!("{category}/{sub}"),
    };
    let at = (row, date, category);
    match word(category, sub) {
        Word::Bleeding(b) => days.bleeding(at, b, sub),
        Word::Texture(t) => days.set(at, t, sub, |d| &mut d.mucus_texture),
        Word::Feeling(f) => days.set(at, f, sub, |d| &mut d.mucus_feeling),
        Word::Desire(s) => days.set(at, s, sub, |d| &mut d.desire),
        Word::Intercourse(i) => days.intercourse(row, date, i),
        Word::Symptom(name) => days.symptom(row, date, &name),
        Word::Mood(name) => days.feeling(row, date, &name),
        Word::Test(kind, result) => days.test(at, kind, result, sub),
        Word::Temperature => match value {
            Some(v) => days.temperature(at, &v, None, &v),
            None => days.problem(row, category, Reason::Nothing, &e.to_string()),
        },
        Word::Kept => days.keep(row, date, raw),
    }
}

/// The number or word of an event: `properties` is an object, or an object written as a text.
fn value_of(e: &Json) -> Option<String> {
    let direct = e.get("value").filter(|v| !v.is_null());
    let properties = match e.get("properties").or_else(|| e.get("additional_fields")) {
        Some(Json::String(text)) => serde_json::from_str(text).ok(),
        Some(Json::Object(o)) => Some(Json::Object(o.clone())),
        _ => None,
    };
    let inner = properties.as_ref().and_then(|p| p.get("value")).filter(|v| !v.is_null());
    match direct.or(inner) {
        Some(Json::String(s)) => Some(s.clone()),
        Some(v) => Some(v.to_string()),
        // Some other property: kept whole.
        None => properties.filter(|p| p.as_object().is_some_and(|o| !o.is_empty())).map(|p| p.to_string()),
    }
}

fn note(days: &mut Days, row: usize, n: &Json) {
    days.rows += 1;
    let text = n.get("text").and_then(Json::as_str).map_or("", str::trim);
    match date_of(n.get("local_date")).or_else(|| date_of(n.get("date"))) {
        Some(date) if !text.is_empty() => days.note(row, date, text),
        Some(_) => days.problem(row, "text", Reason::Nothing, ""),
        None => days.problem(row, "date", Reason::BadDate, &n.to_string()),
    }
}
