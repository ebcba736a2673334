//! drip's CSV: one row a day, a column for each `symptom.property`. Numbers stand for words: bleeding 0
//! spotting to 3 heavy; mucus feeling 0 dry, 1 nothing, 2 wet, 3 slippery; texture 0 nothing, 1 creamy,
//! 2 egg white; temperatures are °C.

use super::{
    days::{CELSIUS, Days},
    draft::{Import, Reason},
};
use crate::model::{
    Clock, Day, EntityId, Moment, Told,
    diary::{
        Bleeding, CervixFirmness, CervixOpening, CervixPosition, Intercourse, MucusFeeling, MucusTexture,
        Strength,
    },
};
use keepwell_domain::time::Date;

/// Whether the header is drip's.
pub(super) fn is_drip(text: &str) -> bool {
    let header = text.lines().next().unwrap_or("");
    header.starts_with("date,") && header.contains("bleeding.value") && header.contains("temperature.value")
}

pub(super) fn read(text: &str, person: EntityId) -> Import {
    let mut days = Days::new(person, "drip");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    for (i, record) in reader.records().enumerate() {
        let row = i + 2;
        days.rows += 1;
        let Ok(record) = record else {
            days.problem(row, "", Reason::BadShape, "");
            continue;
        };
        let raw_date = record.get(0).unwrap_or("");
        let Ok(date) = Date::parse(raw_date.trim()) else {
            let whole = record.iter().collect::<Vec<_>>().join(",");
            days.problem(row, "date", Reason::BadDate, &whole);
            continue;
        };
        let extra = record.iter().skip(header.len()).filter(|c| !c.is_empty());
        for cell in extra {
            days.problem(row, "", Reason::BadShape, cell);
        }
        for (column, cell) in header.iter().zip(record.iter()).skip(1) {
            let cell = cell.trim();
            if !cell.is_empty() {
                read_cell(&mut days, (row, date, column), cell);
            }
        }
    }
    days.finish()
}

fn read_cell(days: &mut Days, at: (usize, Date, &str), cell: &str) {
    let (row, date, column) = at;
    let done = match column {
        "temperature.value" => {
            days.temperature(at, cell, Some(CELSIUS), cell);
            true
        }
        "temperature.time" => match Clock::parse(cell) {
            Ok(clock) => {
                let m = Moment { date, clock: Some(clock), offset: None, zone: None };
                days.set(at, m, cell, |d| &mut d.temperature_at);
                true
            }
            Err(_) => false,
        },
        "temperature.exclude" => flag(days, at, cell, |d| &mut d.temperature_excluded),
        "temperature.note" => {
            days.set(at, cell.to_owned(), cell, |d| &mut d.temperature_note);
            true
        }
        "bleeding.value" => {
            let list = [Bleeding::Spotting, Bleeding::Light, Bleeding::Medium, Bleeding::Heavy];
            pick(cell, &list).map(|v| days.bleeding(at, v, cell)).is_some()
        }
        "bleeding.exclude" => flag(days, at, cell, |d| &mut d.bleeding_excluded),
        "mucus.feeling" => {
            let list = [MucusFeeling::Dry, MucusFeeling::Nothing, MucusFeeling::Wet, MucusFeeling::Slippery];
            choice(days, at, cell, &list, |d| &mut d.mucus_feeling)
        }
        "mucus.texture" => {
            let list = [MucusTexture::Nothing, MucusTexture::Creamy, MucusTexture::EggWhite];
            choice(days, at, cell, &list, |d| &mut d.mucus_texture)
        }
        // Follows from feeling and texture.
        "mucus.value" => true,
        "mucus.exclude" => flag(days, at, cell, |d| &mut d.mucus_excluded),
        "cervix.opening" => {
            let list = [CervixOpening::Closed, CervixOpening::Medium, CervixOpening::Open];
            choice(days, at, cell, &list, |d| &mut d.cervix_opening)
        }
        "cervix.firmness" => {
            choice(days, at, cell, &[CervixFirmness::Hard, CervixFirmness::Soft], |d| &mut d.cervix_firmness)
        }
        "cervix.position" => {
            let list = [CervixPosition::Low, CervixPosition::Medium, CervixPosition::High];
            choice(days, at, cell, &list, |d| &mut d.cervix_position)
        }
        "cervix.exclude" => flag(days, at, cell, |d| &mut d.cervix_excluded),
        "desire.value" => {
            choice(days, at, cell, &[Strength::Low, Strength::Medium, Strength::High], |d| &mut d.desire)
        }
        "note.value" => {
            days.note(row, date, cell);
            true
        }
        _ => marks(days, at, cell),
    };
    if !done {
        days.refuse(at, Reason::UnknownValue, cell);
    }
}

/// The columns that are only ticked.
fn marks(days: &mut Days, (row, date, column): (usize, Date, &str), cell: &str) -> bool {
    let Some((group, name)) = column.split_once('.') else { return false };
    if name == "note" {
        match group {
            "pain" => days.symptom(row, date, cell),
            "mood" => days.feeling(row, date, cell),
            _ => days.keep(row, date, format!("{column}={cell}")),
        }
        return true;
    }
    let Some(ticked) = truth(cell) else { return false };
    let symptom = match name {
        "ovulationPain" => "ovulation_pain",
        "tenderBreasts" => "tender_breasts",
        other => other,
    };
    match (group, name, ticked) {
        // `false` says that it was looked at and was not so; the day needs no word for that.
        ("pain" | "mood" | "sex", _, false) => {}
        // The note says what.
        ("pain" | "mood", "other", true) => {}
        ("pain", _, true) => days.symptom(row, date, symptom),
        ("mood", _, true) => days.feeling(row, date, name),
        ("sex", "solo", true) => days.intercourse(row, date, Intercourse::Solo),
        ("sex", "partner", true) => days.intercourse(row, date, Intercourse::Partnered),
        ("sex", "none", true) => {
            days.intercourse(row, date, Intercourse::Unprotected);
            days.contraception(row, date, "none");
        }
        ("sex", _, true) => days.contraception(row, date, name),
        _ => return false,
    }
    true
}

fn truth(cell: &str) -> Option<bool> {
    match cell {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn pick<T: Copy>(cell: &str, list: &[T]) -> Option<T> {
    list.get(cell.parse::<usize>().ok()?).copied()
}

fn choice<T: Copy + PartialEq>(
    days: &mut Days,
    at: (usize, Date, &str),
    cell: &str,
    list: &[T],
    place: fn(&mut Day) -> &mut Told<T>,
) -> bool {
    pick(cell, list).map(|v| days.set(at, v, cell, place)).is_some()
}

/// `false` is what every day has; only `true` is worth a field.
fn flag(
    days: &mut Days,
    at: (usize, Date, &str),
    cell: &str,
    place: fn(&mut Day) -> &mut Told<bool>,
) -> bool {
    match truth(cell) {
        Some(true) => {
            days.set(at, true, cell, place);
            true
        }
        Some(false) => true,
        None => false,
    }
}
