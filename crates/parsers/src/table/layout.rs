//! How a table is laid out: one result to a row, one day to a row, or one day to a column.

use super::{
    cells::{Row, Text},
    date::DateCell,
    number::{Sign, comparator, leading, range},
    roles::{self, is_lab_unit, is_loinc},
};
use crate::sink::ColumnMap;

/// A table's layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// One result to a row.
    Long(ColumnMap),
    /// One day to a row, one test to a column.
    Wide {
        /// Column of the date.
        date: usize,
        /// Column of the time of day.
        time: Option<usize>,
        /// Column of the person.
        subject: Option<usize>,
        /// Tests: column, name, unit.
        tests: Vec<(usize, String, String)>,
    },
    /// One test to a row, one day to a column.
    Pivot {
        /// Name, unit, range columns.
        map: ColumnMap,
        /// Columns of results, each with its date as printed.
        dates: Vec<(usize, String)>,
    },
}

/// A layout, and the line of its heading (0 where it has none).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Layout.
    pub layout: Layout,
    /// Rows up to this line, and this one, are no results.
    pub heading: u64,
    /// How many cells a row may have.
    pub width: usize,
}

/// What is known when no plan could be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlan {
    /// It is no table of results.
    Other,
    /// It looks like one, but a column is missing.
    Ask {
        /// What the columns are called.
        headers: Vec<String>,
        /// What is missing.
        missing: Vec<String>,
        /// What was recognised.
        found: Box<ColumnMap>,
    },
}

const PREAMBLE: usize = 30;
const SAMPLE: usize = 500;

/// Makes a plan.
///
/// # Errors
/// [`NoPlan`].
pub fn plan(text: Text<'_>, answer: Option<&ColumnMap>) -> Result<Plan, NoPlan> {
    let rows: Vec<Row<'_>> = text.rows().take(SAMPLE).collect();
    if let Some(map) = answer {
        return answered(&rows, map);
    }
    let best = rows
        .iter()
        .take(PREAMBLE)
        .enumerate()
        .map(|(i, r)| (i, roles::heading(r.cells.iter().map(AsRef::as_ref))));
    let best = best.max_by_key(|(i, h)| (h.found, std::cmp::Reverse(*i)));
    if let Some((at, h)) = &best
        && h.found >= 2
        && h.map.name.is_some()
        && h.map.value.is_some()
        && (h.strong || has_lab_column(&h.map))
    {
        return Ok(long(&rows, *at, h.map.clone()));
    }
    if let Some(plan) = pivot(&rows).or_else(|| wide(&rows)) {
        return Ok(plan);
    }
    let (at, map) = best
        .filter(|(_, h)| h.found >= 2 && is_labish(&h.map))
        .map_or((None, ColumnMap::default()), |(i, h)| (Some(i), h.map));
    fill(&rows, at, map)
}

const fn has_lab_column(map: &ColumnMap) -> bool {
    map.unit.is_some()
        || map.range.is_some()
        || map.low.is_some()
        || map.loinc.is_some()
        || map.specimen.is_some()
}

const fn is_labish(map: &ColumnMap) -> bool {
    has_lab_column(map) && (map.name.is_some() || map.value.is_some() || map.range.is_some())
}

fn long(rows: &[Row<'_>], at: usize, map: ColumnMap) -> Plan {
    Plan { layout: Layout::Long(map), heading: rows[at].line, width: rows[at].cells.len() }
}

fn answered(rows: &[Row<'_>], map: &ColumnMap) -> Result<Plan, NoPlan> {
    let (Some(name), Some(value)) = (map.name, map.value) else {
        return Err(ask(rows.first(), map));
    };
    // The heading is whatever stands above the first row with a result.
    let is_result = |r: &Row<'_>| !r.cell(name).is_empty() && is_result(r.cell(value));
    let first = rows.iter().position(is_result).ok_or(NoPlan::Other)?;
    let heading = first.checked_sub(1).map_or(0, |above| rows[above].line);
    Ok(Plan { layout: Layout::Long(map.clone()), heading, width: rows[first].cells.len() })
}

fn ask(headers: Option<&Row<'_>>, map: &ColumnMap) -> NoPlan {
    let headers = headers
        .map_or_else(Vec::new, |r| r.cells.iter().take(200).map(|c| c.chars().take(80).collect()).collect());
    let parts = [(map.name, "the names of the tests"), (map.value, "the results")];
    let missing = parts.iter().filter(|(c, _)| c.is_none()).map(|(_, what)| (*what).to_owned()).collect();
    NoPlan::Ask { headers, missing, found: Box::new(map.clone()) }
}

/// Whether a cell is a number, perhaps with comparator and unit.
fn is_result(cell: &str) -> bool {
    let (_, body) = comparator(cell);
    [Sign::Point, Sign::Comma].into_iter().any(|s| leading(body, s).is_ok_and(|(_, rest)| rest.len() <= 16))
}

fn is_date(cell: &str) -> bool {
    // A bare number is never taken for a date here: it may as well be a result.
    !cell.bytes().all(|c| c.is_ascii_digit()) && DateCell::read(cell).is_some()
}

fn pivot(rows: &[Row<'_>]) -> Option<Plan> {
    let (at, head) = rows.iter().take(PREAMBLE).enumerate().find(|(_, r)| {
        let filled = r.cells.iter().skip(1).filter(|c| !c.is_empty()).count();
        let dates = r.cells.iter().skip(1).filter(|c| is_date(c)).count();
        dates >= 1 && dates * 2 >= filled && !is_date(r.cell(0)) && !is_result(r.cell(0))
    })?;
    let dates: Vec<(usize, String)> = head
        .cells
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, c)| is_date(c))
        .map(|(i, c)| (i, c.to_string()))
        .collect();
    let mut map = roles::heading(head.cells.iter().map(AsRef::as_ref)).map;
    let body: Vec<&Row<'_>> = rows[at + 1..].iter().collect();
    let share = |column: usize, test: &dyn Fn(&str) -> bool| share(&body, column, test);
    if map.name.is_none_or(|n| dates.iter().any(|(d, _)| *d == n)) {
        map.name = Some(0);
    }
    if map.unit.is_none() {
        map.unit = (1..head.cells.len())
            .find(|c| dates.iter().all(|(d, _)| d != c) && share(*c, &is_lab_unit) > 0.6);
    }
    let known = map.unit.is_some() || map.range.is_some() || map.loinc.is_some();
    let results = dates.iter().any(|(d, _)| share(*d, &is_result) > 0.5 && share(*d, &is_date) < 0.5);
    let names = map.name.is_some_and(|n| share(n, &|c| c.chars().any(char::is_alphabetic)) > 0.8);
    (known && results && names).then_some(Plan {
        layout: Layout::Pivot { map, dates },
        heading: head.line,
        width: head.cells.len(),
    })
}

/// `Hemoglobin (g/dL)`, `Hemoglobin [g/dL]`, `Hemoglobin, g/dL` as name and unit.
fn name_and_unit(heading: &str) -> Option<(String, String)> {
    let text = heading.trim();
    let (name, unit) = if let Some(open) = text.strip_suffix([')', ']']).and_then(|t| t.rfind(['(', '['])) {
        (&text[..open], &text[open + 1..text.len() - 1])
    } else {
        text.rsplit_once([',', ';']).or_else(|| text.rsplit_once(' '))?
    };
    let name = name.trim();
    (name.chars().any(char::is_alphabetic) && is_lab_unit(unit))
        .then(|| (name.to_owned(), unit.trim().to_owned()))
}

fn wide(rows: &[Row<'_>]) -> Option<Plan> {
    for (at, head) in rows.iter().take(PREAMBLE).enumerate() {
        let in_head =
            head.cells.iter().enumerate().filter_map(|(i, c)| name_and_unit(c).map(|(n, u)| (i, n, u)));
        let mut tests: Vec<(usize, String, String)> = in_head.collect();
        let (mut last, mut body) = (at, at + 1);
        if tests.is_empty()
            && let Some(units) = rows.get(at + 1)
        {
            let named = |i: usize| head.cell(i).chars().any(char::is_alphabetic);
            let below = units.cells.iter().enumerate().filter(|(i, u)| named(*i) && is_lab_unit(u));
            tests = below.map(|(i, u)| (i, head.cell(i).to_owned(), u.to_string())).collect();
            (last, body) = (at + 1, at + 2);
        }
        let body: Vec<&Row<'_>> = rows.get(body..).unwrap_or_default().iter().collect();
        let map = roles::heading(head.cells.iter().map(AsRef::as_ref)).map;
        tests.retain(|(i, ..)| share(&body, *i, &is_result) > 0.5);
        // Running logs and the like have units too (`Speed (km/h)`): most columns must be tests.
        let known = |n: &str, u: &str| keepwell_domain::analyte::find_by_name(n, Some(u), None).is_some();
        if tests.iter().filter(|(_, n, u)| known(n, u)).count() * 2 < tests.len() {
            tests.clear();
        }
        let by_content = (0..head.cells.len()).find(|c| share(&body, *c, &is_date) > 0.8);
        if let (false, Some(date)) = (tests.is_empty(), map.date.or(by_content)) {
            let layout = Layout::Wide { date, time: map.time, subject: map.subject, tests };
            return Some(Plan { layout, heading: rows[last].line, width: head.cells.len() });
        }
    }
    None
}

/// The share of a column's filled cells that pass a test; 0 where none is filled.
fn share(rows: &[&Row<'_>], column: usize, test: &dyn Fn(&str) -> bool) -> f64 {
    let (mut filled, mut passed) = (0u32, 0u32);
    for cell in rows.iter().map(|r| r.cell(column)).filter(|c| !c.is_empty()) {
        filled += 1;
        passed += u32::from(test(cell));
    }
    if filled == 0 { 0.0 } else { f64::from(passed) / f64::from(filled) }
}

/// Finds by content the columns that the heading did not name.
fn fill(rows: &[Row<'_>], at: Option<usize>, mut map: ColumnMap) -> Result<Plan, NoPlan> {
    let heading = at.or_else(|| headless_start(rows));
    let body: Vec<&Row<'_>> = rows[heading.map_or(0, |h| h + 1)..].iter().collect();
    let width = body.iter().map(|r| r.cells.len()).max().ok_or(NoPlan::Other)?;
    let mut free: Vec<usize> = (0..width).collect();
    let used: Vec<usize> = map.used().collect();
    free.retain(|c| !used.contains(c));
    let take = |free: &mut Vec<usize>, slot: &mut Option<usize>, least: f64, test: &dyn Fn(&str) -> bool| {
        if slot.is_none() {
            let hits: Vec<usize> = free.iter().copied().filter(|c| share(&body, *c, test) >= least).collect();
            if let [only] = hits.as_slice() {
                *slot = Some(*only);
                free.retain(|c| c != only);
            }
        }
    };
    take(&mut free, &mut map.loinc, 0.7, &is_loinc);
    take(&mut free, &mut map.date, 0.9, &is_date);
    take(&mut free, &mut map.unit, 0.6, &is_lab_unit);
    take(&mut free, &mut map.range, 0.6, &|c| {
        range(c, Sign::Point)
            .or_else(|| range(c, Sign::Comma))
            .is_some_and(|r| r.low.is_some() && r.high.is_some())
    });
    take(&mut free, &mut map.flag, 0.9, &|c| {
        ["H", "L", "HH", "LL", "N", "A", "*", "HIGH", "LOW", "NORMAL", "ABNORMAL"]
            .contains(&c.to_uppercase().as_str())
    });
    take(&mut free, &mut map.value, 0.6, &|c| is_result(c) && !is_date(c) && !is_loinc(c));
    take(&mut free, &mut map.name, 0.9, &|c| c.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    if !has_lab_column(&map) {
        return Err(NoPlan::Other);
    }
    if map.name.is_none() || map.value.is_none() {
        let known = map.value.is_some() || at.is_some() || (map.name.is_some() && map.unit.is_some());
        return Err(if known {
            ask(heading.or(Some(0)).and_then(|h| rows.get(h)), &map)
        } else {
            NoPlan::Other
        });
    }
    Ok(Plan { layout: Layout::Long(map), heading: heading.map_or(0, |h| rows[h].line), width })
}

/// Where no heading is known: the first row is one if it holds no number and no date while the
/// next ones do.
fn headless_start(rows: &[Row<'_>]) -> Option<usize> {
    let plain = |r: &Row<'_>| !r.cells.iter().any(|c| is_result(c) || is_date(c));
    (rows.len() > 1 && plain(&rows[0]) && !plain(&rows[1])).then_some(0)
}
