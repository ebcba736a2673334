//! Clue's exports. Today's is `measurements.json`, a list of `{type, date, value}` whose value is one
//! `{option}` or a list of them, and for temperatures `{celsius, excluded}`. The older `.cluedata` is
//! `{"data": [{"day": "…T00:00:00Z", "period": "heavy", "pain": ["cramps"], …}]}`.

use super::{
    ImportError,
    clue_words::{Word, word},
    days::{CELSIUS, Days, FAHRENHEIT},
    draft::{Import, Reason},
};
use crate::model::{
    EntityId, Told,
    diary::{Bleeding, Symptom},
};
use keepwell_domain::time::Date;
use serde_json::{Map, Value as Json};

/// Whether this is one of Clue's two forms.
pub(super) fn is_clue(root: &Json) -> bool {
    let is_measure = |m: &Json| m.get("type").is_some_and(Json::is_string) && m.get("date").is_some();
    match root {
        Json::Array(list) => !list.is_empty() && list.iter().take(20).any(is_measure),
        Json::Object(o) => {
            let days = o.get("data").and_then(Json::as_array);
            days.is_some_and(|d| d.is_empty() || d.iter().take(20).any(|x| x.get("day").is_some()))
        }
        _ => false,
    }
}

pub(super) fn read(text: &str, person: EntityId) -> Result<Import, ImportError> {
    let root: Json = serde_json::from_str(text).map_err(|_| ImportError::Unknown)?;
    let mut days = Days::new(person, "clue");
    match &root {
        Json::Array(list) => list.iter().enumerate().for_each(|(i, m)| measurement(&mut days, i + 1, m)),
        Json::Object(o) => {
            let list = o.get("data").and_then(Json::as_array).ok_or(ImportError::Unknown)?;
            list.iter().enumerate().for_each(|(i, d)| old_day(&mut days, i + 1, d));
        }
        _ => return Err(ImportError::Unknown),
    }
    Ok(days.finish())
}

fn date_of(raw: Option<&Json>) -> Option<Date> {
    // The day is the person's own; the hours after it are always midnight.
    Date::parse(raw?.as_str()?.get(..10)?).ok()
}

fn measurement(days: &mut Days, row: usize, m: &Json) {
    days.rows += 1;
    let Some(date) = date_of(m.get("date")) else {
        return days.problem(row, "date", Reason::BadDate, &m.to_string());
    };
    let Some(kind) = m.get("type").and_then(Json::as_str) else {
        return days.problem(row, "type", Reason::BadShape, &m.to_string());
    };
    values(days, (row, date, kind), m.get("value").unwrap_or(&Json::Null));
}

fn old_day(days: &mut Days, row: usize, d: &Json) {
    days.rows += 1;
    let Some(date) = date_of(d.get("day")) else {
        return days.problem(row, "day", Reason::BadDate, &d.to_string());
    };
    let Some(fields) = d.as_object() else { return };
    for (kind, value) in fields.iter().filter(|(k, _)| *k != "day") {
        values(days, (row, date, kind), value);
    }
}

fn values(days: &mut Days, at: (usize, Date, &str), value: &Json) {
    match value {
        Json::Array(list) => list.iter().for_each(|v| values(days, at, v)),
        Json::String(text) => option(days, at, text),
        Json::Object(o) => match o.get("option").and_then(Json::as_str) {
            Some(text) => option(days, at, text),
            None => reading(days, at, o),
        },
        Json::Null => days.problem(at.0, at.2, Reason::Nothing, ""),
        other => days.refuse(at, Reason::UnknownValue, &other.to_string()),
    }
    if at.2 == "period" && value.get("excluded").and_then(Json::as_bool) == Some(true) {
        days.set(at, true, "excluded", |d| &mut d.bleeding_excluded);
    }
}

/// A number of a kind.
fn reading(days: &mut Days, at: (usize, Date, &str), o: &Map<String, Json>) {
    let number = |key: &str| o.get(key).filter(|v| v.is_number()).map(Json::to_string);
    let (celsius, fahrenheit) = (number("celsius"), number("fahrenheit"));
    match (at.2, celsius, fahrenheit) {
        ("bbt" | "temperature", Some(c), _) => days.temperature(at, &c, Some(CELSIUS), &c),
        ("bbt" | "temperature", None, Some(f)) => days.temperature(at, &f, Some(FAHRENHEIT), &f),
        _ => {
            let text = Json::Object(o.clone()).to_string();
            return days.refuse(at, Reason::UnknownValue, &text);
        }
    }
    if o.get("excluded").and_then(Json::as_bool) == Some(true) {
        days.set(at, true, "excluded", |d| &mut d.temperature_excluded);
    }
}

fn option(days: &mut Days, at: (usize, Date, &str), text: &str) {
    let (row, date, kind) = at;
    match word(kind, text) {
        Word::Bleeding(b) => days.bleeding(at, b, text),
        Word::Spotting => {
            days.bleeding(at, Bleeding::Spotting, text);
            days.keep(row, date, format!("{kind}={text}"));
        }
        Word::Texture(t) => days.set(at, t, text, |d| &mut d.mucus_texture),
        Word::Desire(s) => days.set(at, s, text, |d| &mut d.desire),
        Word::Intercourse(i) => days.intercourse(row, date, i),
        Word::Symptom(name) => days.symptom(row, date, name),
        Word::Feeling(name) => days.feeling(row, date, name),
        Word::Test(kind, result) => days.test(at, kind, result, text),
        Word::NoPain => {
            let list: &mut Told<Vec<Symptom>> = &mut days.day(row, date).symptoms;
            if !list.is_known() {
                *list = Told::Known(Vec::new());
            }
        }
        Word::Kept => days.keep(row, date, format!("{kind}={text}")),
    }
}
