//! Any other table of days: the person says which column is what, the reader guesses first.

use super::{
    ImportError,
    days::Days,
    draft::{Import, Reason},
    text_of,
};
use crate::model::{
    Clock, EntityId, Moment,
    diary::{Bleeding, MucusTexture, TestKind, TestResult},
    open_codes,
};
use keepwell_domain::time::Date;

open_codes! {
    /// What a column holds.
    Column {
        Date = "date", Temperature = "temperature", Time = "time", Bleeding = "bleeding",
        Mucus = "mucus", LhTest = "lh_test", PregnancyTest = "pregnancy_test", Symptoms = "symptoms",
        Feelings = "feelings", Note = "note",
        /// Kept word by word.
        Other = "other",
        /// Left out on purpose.
        Skip = "skip",
    }
    /// The order of day, month and year where it is not that of ISO 8601.
    DateOrder { DayFirst = "day_first", MonthFirst = "month_first" }
}

/// How a table is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePlan {
    /// What stands between cells: comma, semicolon or tab.
    pub delimiter: u8,
    /// What each column holds.
    pub columns: Vec<Column>,
    /// The order of dates; `None` for ISO dates, or while it is in doubt.
    pub dates: Option<DateOrder>,
    /// Whether dates may be read either way: the person has to say.
    pub dates_in_doubt: bool,
}

/// Why a table cannot be read as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] ImportError),
    /// No column, or more than one, holds the date.
    #[error("one column must hold the date")]
    NoDate,
    /// The order of day and month is in doubt.
    #[error("the order of day and month is in doubt")]
    DatesInDoubt,
}

fn rows(text: &str, delimiter: u8) -> csv::StringRecordsIntoIter<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
}

/// A plan from the header and the dates. Columns that it does not know are kept word by word.
///
/// # Errors
/// [`TableError::File`] for something that is no table.
pub fn guess_table(bytes: &[u8]) -> Result<TablePlan, TableError> {
    let text = &*text_of(bytes)?;
    let header = text.lines().next().unwrap_or("");
    let count = |d: u8| header.bytes().filter(|b| *b == d).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',');
    let first = rows(text, delimiter).next().and_then(Result::ok).ok_or(ImportError::Unknown)?;
    let mut columns: Vec<Column> = first.iter().map(named).collect();
    // Only the first date column is the day.
    let date = columns.iter().position(|c| *c == Column::Date);
    for (i, c) in columns.iter_mut().enumerate() {
        if *c == Column::Date && Some(i) != date {
            *c = Column::Other;
        }
    }
    let mut plan = TablePlan { delimiter, columns, dates: None, dates_in_doubt: false };
    if let Some(at) = date {
        let cells = rows(text, delimiter).skip(1).filter_map(Result::ok);
        let parts: Vec<(u32, u32)> =
            cells.filter_map(|r| parts(r.get(at)?)).map(|(a, b, _)| (a, b)).collect();
        let day_first = parts.iter().any(|(a, _)| *a > 12);
        let month_first = parts.iter().any(|(_, b)| *b > 12);
        plan.dates = match (day_first, month_first) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        };
        plan.dates_in_doubt = plan.dates.is_none() && !parts.is_empty();
    }
    Ok(plan)
}

fn named(header: &str) -> Column {
    let h = header.trim().trim_matches('"').to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| h.contains(w));
    match h.as_str() {
        "date" | "day" | "datum" | "tag" => Column::Date,
        _ if has(&["pregnan", "schwanger", "hcg"]) => Column::PregnancyTest,
        _ if has(&["ovulation test", "ovulationstest", "lh", "opk"]) => Column::LhTest,
        _ if has(&["temperature time", "messzeit"]) || matches!(h.as_str(), "time" | "uhrzeit") => {
            Column::Time
        }
        _ if has(&["temp", "bbt"]) => Column::Temperature,
        _ if has(&["bleed", "period", "menstr", "flow", "blutung"]) => Column::Bleeding,
        _ if has(&["mucus", "fluid", "discharge", "schleim"]) => Column::Mucus,
        _ if has(&["symptom", "pain", "schmerz"]) => Column::Symptoms,
        _ if has(&["mood", "feeling", "stimmung"]) => Column::Feelings,
        _ if has(&["note", "comment", "notiz"]) => Column::Note,
        _ if has(&["date", "datum"]) => Column::Date,
        _ => Column::Other,
    }
}

/// The three numbers of a date that is not ISO: `3.4.2026`, `04/03/26`.
fn parts(cell: &str) -> Option<(u32, u32, i16)> {
    let mut numbers = cell.trim().split(['.', '/', '-']).map(|n| n.trim().parse::<u32>().ok());
    let (a, b, y) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if numbers.next().is_some() || a > 31 || b > 31 || a == 0 || b == 0 {
        return None;
    }
    let year = if y < 100 { y + 2000 } else { y };
    Some((a, b, i16::try_from(year).ok().filter(|y| (1900..=2200).contains(y))?))
}

fn date_of(cell: &str, order: Option<DateOrder>) -> Option<Date> {
    let iso = cell.trim().get(..10).and_then(|c| Date::parse(c).ok());
    iso.or_else(|| {
        let (a, b, y) = parts(cell)?;
        let (day, month) = match order? {
            DateOrder::DayFirst => (a, b),
            DateOrder::MonthFirst => (b, a),
        };
        Date::new(y, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
    })
}

/// Reads a table as planned.
///
/// # Errors
/// [`TableError`] when the plan leaves open what cannot be guessed.
pub fn read_table(bytes: &[u8], plan: &TablePlan, person: EntityId) -> Result<Import, TableError> {
    let text = &*text_of(bytes)?;
    let mut dates = plan.columns.iter().enumerate().filter(|(_, c)| **c == Column::Date);
    let (Some((at, _)), None) = (dates.next(), dates.next()) else { return Err(TableError::NoDate) };
    if plan.dates_in_doubt && plan.dates.is_none() {
        return Err(TableError::DatesInDoubt);
    }
    let mut days = Days::new(person, "table");
    let mut header = csv::StringRecord::new();
    for (i, record) in rows(text, plan.delimiter).enumerate() {
        let row = i + 1;
        let Ok(record) = record else {
            days.problem(row, "", Reason::BadShape, "");
            continue;
        };
        if i == 0 {
            header = record;
            continue;
        }
        days.rows += 1;
        let Some(date) = record.get(at).and_then(|c| date_of(c, plan.dates)) else {
            let whole = record.iter().collect::<Vec<_>>().join(", ");
            days.problem(row, header.get(at).unwrap_or(""), Reason::BadDate, &whole);
            continue;
        };
        for (n, cell) in record.iter().enumerate().filter(|(n, c)| *n != at && !c.trim().is_empty()) {
            let column = plan.columns.get(n).copied().unwrap_or(Column::Other);
            cell_of(&mut days, (row, date, header.get(n).unwrap_or("")), column, cell.trim());
        }
    }
    Ok(days.finish())
}

fn cell_of(days: &mut Days, at: (usize, Date, &str), column: Column, cell: &str) {
    let (row, date, name) = at;
    let words = || cell.split([';', ',', '|']).map(str::trim).filter(|w| !w.is_empty());
    match column {
        Column::Date | Column::Skip => {}
        Column::Temperature => days.temperature(at, cell.trim_end_matches(['°', 'C', 'F', ' ']), None),
        Column::Time => match Clock::parse(cell) {
            Ok(clock) => {
                let m = Moment { date, clock: Some(clock), offset: None, zone: None };
                days.set(at, m, cell, |d| &mut d.temperature_at);
            }
            Err(_) => days.refuse(at, Reason::UnknownValue, cell),
        },
        Column::Bleeding => match bleeding(cell) {
            Some(b) => days.bleeding(at, b, cell),
            None => days.refuse(at, Reason::UnknownValue, cell),
        },
        Column::Mucus => match mucus(cell) {
            Some(m) => days.set(at, m, cell, |d| &mut d.mucus_texture),
            None => days.refuse(at, Reason::UnknownValue, cell),
        },
        Column::LhTest | Column::PregnancyTest => {
            let kind = if column == Column::LhTest { TestKind::Lh } else { TestKind::Hcg };
            match result(cell) {
                Some(r) => days.test(at, kind, r, cell),
                None => days.refuse(at, Reason::UnknownValue, cell),
            }
        }
        Column::Symptoms => words().for_each(|w| days.symptom(row, date, w)),
        Column::Feelings => words().for_each(|w| days.feeling(row, date, w)),
        Column::Note => days.note(row, date, cell),
        Column::Other => days.keep(row, date, format!("{name}={cell}")),
    }
}

fn bleeding(cell: &str) -> Option<Bleeding> {
    Some(match cell.to_lowercase().as_str() {
        "0" | "none" | "no" | "keine" | "nein" => Bleeding::None,
        "spotting" | "spot" | "schmierblutung" => Bleeding::Spotting,
        "1" | "light" | "leicht" => Bleeding::Light,
        "2" | "medium" | "moderate" | "mittel" => Bleeding::Medium,
        "3" | "heavy" | "stark" => Bleeding::Heavy,
        "4" | "very heavy" | "very_heavy" | "sehr stark" => Bleeding::VeryHeavy,
        "x" | "yes" | "true" | "ja" => Bleeding::Present,
        _ => return None,
    })
}

fn mucus(cell: &str) -> Option<MucusTexture> {
    Some(match cell.to_lowercase().as_str() {
        "none" | "nothing" | "nichts" => MucusTexture::Nothing,
        "creamy" | "cremig" => MucusTexture::Creamy,
        "egg white" | "egg_white" | "eggwhite" | "ewcm" | "spinnbar" => MucusTexture::EggWhite,
        "sticky" | "klebrig" => MucusTexture::Sticky,
        "watery" | "wässrig" => MucusTexture::Watery,
        _ => return None,
    })
}

fn result(cell: &str) -> Option<TestResult> {
    Some(match cell.to_lowercase().as_str() {
        "+" | "1" | "positive" | "pos" | "positiv" | "yes" | "ja" => TestResult::Positive,
        "-" | "0" | "negative" | "neg" | "negativ" | "no" | "nein" => TestResult::Negative,
        "faint" | "schwach" => TestResult::Faint,
        "high" | "hoch" => TestResult::High,
        "peak" | "maximal" => TestResult::Peak,
        "invalid" | "ungültig" => TestResult::Invalid,
        _ => return None,
    })
}
