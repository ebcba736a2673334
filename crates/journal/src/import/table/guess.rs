//! What a table holds, by its heads and by what its cells look like.

use super::{
    Column, TableError, TablePlan, dates,
    sheet::{SEPARATORS, Sheet},
};
use crate::{
    import::{ImportError, text_of},
    order::sort_by_key,
};
use csv::StringRecord;
use std::cmp::Reverse;

/// A plan by what parts the cells most evenly. Columns that it does not know are kept word by word.
///
/// # Errors
/// [`TableError::File`] for something that is no table.
pub fn guess_table(bytes: &[u8]) -> Result<TablePlan, TableError> {
    let text = text_of(bytes)?;
    let sheet = Sheet::of(&text);
    let delimiter = sheet.said.or_else(|| ranked(&sheet).first().map(|(d, _)| *d)).unwrap_or(b',');
    guess(&sheet, delimiter)
}

/// A plan for cells that are parted so.
///
/// # Errors
/// [`TableError::File`] for something that is no table.
pub fn guess_table_by(bytes: &[u8], delimiter: u8) -> Result<TablePlan, TableError> {
    guess(&Sheet::of(&text_of(bytes)?), delimiter)
}

/// How well a separator parts the cells: whether dates stand alone then, and how many rows have as many cells as most.
type Merit = (bool, usize);

/// The separators that part anything, the best first.
fn ranked(sheet: &Sheet<'_>) -> Vec<(u8, Merit)> {
    let mut all: Vec<(u8, Merit)> = SEPARATORS.iter().filter_map(|d| Some((*d, merit(sheet, *d)?))).collect();
    sort_by_key(&mut all, |(_, merit)| Reverse(*merit));
    all
}

fn merit(sheet: &Sheet<'_>, delimiter: u8) -> Option<Merit> {
    let sample = sheet.sample(delimiter);
    let widths: Vec<usize> = sample.iter().map(StringRecord::len).collect();
    let alike = |width: usize| widths.iter().filter(|w| **w == width).count();
    let even = widths.iter().filter(|w| **w > 1).map(|w| alike(*w)).max()?;
    let has_dates = sample.iter().any(|record| record.iter().any(dates::is_date));
    Some((has_dates, even))
}

/// The separators from which the person may choose; none where only one makes a table of it.
pub(super) fn separators(sheet: &Sheet<'_>, taken: u8) -> Vec<u8> {
    let ranked = ranked(sheet);
    let best = ranked.first().map(|(_, merit)| *merit);
    let is_parted = sheet.sample(taken).iter().any(|record| record.len() > 1);
    // Where cells are parted as well as can be, the others are commas within numbers and words.
    let is_rival = |merit: &Merit| !is_parted || Some(*merit) == best;
    let mut offered: Vec<u8> =
        ranked.iter().filter(|(d, merit)| *d == taken || is_rival(merit)).map(|(d, _)| *d).collect();
    if !offered.contains(&taken) {
        offered.push(taken);
    }
    if offered.len() > 1 { offered } else { Vec::new() }
}

fn guess(sheet: &Sheet<'_>, delimiter: u8) -> Result<TablePlan, TableError> {
    let sample = sheet.sample(delimiter);
    let first = sample.first().ok_or(ImportError::Unknown)?;
    let has_head = !first.iter().any(dates::is_date);
    let width = sample.iter().map(StringRecord::len).max().unwrap_or(0);
    let head = |n: usize| first.get(n).filter(|_| has_head).unwrap_or("").trim();
    let mut columns: Vec<Column> = (0..width).map(|n| named(head(n))).collect();
    let body = &sample[usize::from(has_head)..];
    let dates = date_columns(&columns, body, head);
    for (n, column) in columns.iter_mut().enumerate() {
        match (dates.contains(&n), *column) {
            (true, _) => *column = Column::Date,
            (false, Column::Date) => *column = Column::Other,
            _ => {}
        }
    }
    only_first(&mut columns, Column::Temperature);
    Ok(TablePlan {
        delimiter,
        has_head,
        columns,
        dates: None,
        unit: None,
        bleeding: None,
        has_digit_results: false,
    })
}

/// The columns that are likeliest the date: more than one where they are equally likely, for the person to choose.
fn date_columns<'a>(
    columns: &[Column],
    body: &[StringRecord],
    head: impl Fn(usize) -> &'a str,
) -> Vec<usize> {
    let holds_dates = |n: usize| {
        let mut cells = body.iter().filter_map(|r| r.get(n)).filter(|c| !c.trim().is_empty()).peekable();
        cells.peek().is_some() && cells.all(dates::is_date)
    };
    let some_dates = |n: usize| body.iter().filter_map(|r| r.get(n)).any(dates::is_date);
    let rank = |n: usize| match (columns[n] == Column::Date, some_dates(n)) {
        (true, true) if is_day(head(n)) => 4,
        (true, true) => 3,
        (false, true) if columns[n] == Column::Other && holds_dates(n) => 2,
        (true, false) => 1,
        _ => 0,
    };
    let ranks: Vec<u8> = (0..columns.len()).map(rank).collect();
    let best = ranks.iter().copied().max().filter(|rank| *rank > 0);
    (0..columns.len()).filter(|n| Some(ranks[*n]) == best).collect()
}

fn only_first(columns: &mut [Column], kind: Column) {
    columns.iter_mut().filter(|c| **c == kind).skip(1).for_each(|c| *c = Column::Other);
}

/// Whether a head says that its column is the day, and nothing else.
fn is_day(head: &str) -> bool {
    matches!(head.to_lowercase().as_str(), "date" | "day" | "datum" | "tag")
}

fn named(head: &str) -> Column {
    let h = head.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| h.contains(w));
    let begins = |words: &[&str]| {
        h.split(|c: char| !c.is_alphanumeric()).any(|part| words.iter().any(|w| part.starts_with(w)))
    };
    match h.as_str() {
        _ if is_day(&h) => Column::Date,
        "time" => Column::Time,
        _ if has(&["note", "comment", "notiz", "bemerkung", "kommentar"]) => Column::Note,
        _ if has(&["pregnan", "schwanger", "hcg"]) => Column::PregnancyTest,
        _ if has(&["ovulation test", "ovulationstest"]) || begins(&["lh", "opk"]) => Column::LhTest,
        _ if has(&["temperature time", "messzeit", "uhrzeit"]) => Column::Time,
        _ if has(&["temperatur"]) || begins(&["temp", "bbt"]) => Column::Temperature,
        _ if has(&["bleed", "period", "menstr", "flow", "blutung"]) => Column::Bleeding,
        _ if has(&["mucus", "fluid", "discharge", "schleim"]) => Column::Mucus,
        _ if has(&["symptom", "pain", "schmerz"]) => Column::Symptoms,
        _ if has(&["mood", "feeling", "stimmung"]) => Column::Feelings,
        _ if has(&["date", "datum"]) => Column::Date,
        _ => Column::Other,
    }
}
