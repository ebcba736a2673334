//! One result out of the cells of a row.

use super::{
    cells::Row,
    doubt::{Doubt, Printed},
    number::{NoNumber, Sign, comparator, leading, number, range},
    roles::{is_lab_unit, is_loinc},
};
use crate::reason::Remark;
use crate::sink::ColumnMap;
use keepwell_domain::{
    locator::Locator,
    measure::{Quantity, RefRange, Value},
    record::{Body, Category, Coding, Concept, LOINC, Observation},
};

/// The cells of one result as printed; empty where the table has no such column.
#[derive(Debug, Clone, Default)]
pub struct Fields<'a> {
    /// Result.
    pub value: &'a str,
    /// Columns used, counted from 0.
    pub columns: Vec<usize>,
    name: &'a str,
    unit: &'a str,
    range: &'a str,
    low: &'a str,
    high: &'a str,
    flag: &'a str,
    specimen: &'a str,
    loinc: &'a str,
    lab: &'a str,
    method: &'a str,
    comment: &'a str,
}

impl<'a> Fields<'a> {
    /// The cells of a row.
    #[must_use]
    pub fn of(row: &'a Row<'_>, map: &ColumnMap) -> Self {
        let cell = |c: Option<usize>| c.map_or("", |c| row.cell(c));
        // Whose result it is was decided for the whole table and is no part of this value.
        let used = map.used().filter(|c| Some(*c) != map.subject);
        Self {
            value: cell(map.value),
            columns: used.filter(|c| !row.cell(*c).is_empty()).collect(),
            name: cell(map.name),
            unit: cell(map.unit),
            range: cell(map.range),
            low: cell(map.low),
            high: cell(map.high),
            flag: cell(map.flag),
            specimen: cell(map.specimen),
            loinc: cell(map.loinc),
            lab: cell(map.lab),
            method: cell(map.method),
            comment: cell(map.comment),
        }
    }
    /// A result with a name, a value and a unit only.
    #[must_use]
    pub fn new(name: &'a str, value: &'a str, unit: &'a str) -> Self {
        Self { name, value, unit, ..Self::default() }
    }
    /// The cells as printed, for a person to compare.
    #[must_use]
    pub fn printed(&self, date: &str) -> Printed {
        let short = |s: &str| s.chars().take(200).collect::<String>();
        let ends: Vec<&str> = [self.low, self.high].into_iter().filter(|c| !c.is_empty()).collect();
        let range = if self.range.is_empty() { ends.join(" – ") } else { self.range.to_owned() };
        Printed {
            name: short(self.name),
            value: short(self.value),
            unit: short(self.unit),
            range: short(&range),
            date: short(date),
        }
    }
    /// Where they stand.
    #[must_use]
    pub fn locator(&self, line: u64) -> Locator {
        let mut columns: Vec<u32> = self.columns.iter().filter_map(|c| u32::try_from(c + 1).ok()).collect();
        columns.sort_unstable();
        columns.dedup();
        Locator::Row { line, columns }
    }
}

const MAX_TEXT: usize = 4_000;
/// Cells that state no result. `nd` and `none` are not among them: they may mean "not detected".
const NOTHING: [&str; 14] =
    ["-", "--", "–", "—", ".", "/", "?", "n/a", "na", "n.a.", "null", "nan", "pending", "k.a."];

/// Makes an observation of the cells, with what is in doubt about them. A number that is in doubt
/// stands in it as a text.
///
/// # Errors
/// Why there is nothing to be read.
pub fn observation(fields: &Fields<'_>, sign: Sign) -> Result<(Body, Vec<Doubt>), Remark> {
    let long = [fields.name, fields.value, fields.range, fields.unit, fields.comment]
        .iter()
        .any(|c| c.len() > MAX_TEXT);
    if long {
        return Err(Remark::CellTooLong);
    }
    let mut doubts = Vec::new();
    if fields.name.is_empty() && !is_loinc(fields.loinc) {
        doubts.push(Doubt::NameMissing);
    }
    let (value, flag) = value(fields, sign, &mut doubts)?;
    let codings = if is_loinc(fields.loinc) {
        vec![Coding { system: LOINC.to_owned(), code: fields.loinc.to_owned(), display: None }]
    } else {
        Vec::new()
    };
    let given = |s: &str| Some(s).filter(|s| !s.is_empty()).map(str::to_owned);
    let body = Body::Observation(Observation {
        code: Concept { text: given(fields.name), codings },
        category: Category::Laboratory,
        value: Some(value),
        range: limits(fields, sign),
        flag: given(fields.flag).or(flag),
        components: Vec::new(),
        end: None,
        specimen: given(fields.specimen),
        method: given(fields.method),
        performer: given(fields.lab),
        status: None,
        note: given(fields.comment),
    });
    Ok((body, doubts))
}

/// The result, and a flag that stood in the same cell.
fn value(
    fields: &Fields<'_>,
    sign: Sign,
    doubts: &mut Vec<Doubt>,
) -> Result<(Value, Option<String>), Remark> {
    let printed = fields.value;
    if printed.is_empty() || NOTHING.contains(&printed.to_lowercase().as_str()) {
        return Err(Remark::NoResult);
    }
    let text = || (Value::Text(printed.to_owned()), None);
    let is_number = |cell| number(cell, Sign::Point).or_else(|_| number(cell, Sign::Comma)).is_ok();
    if !fields.unit.is_empty() && is_number(fields.unit) {
        doubts.push(Doubt::UnitIsNumber);
        return Ok(text());
    }
    let (sign_before, body) = comparator(printed);
    let quantity = |number, unit: &str| {
        let unit = Some(unit).filter(|u| !u.is_empty()).map(str::to_owned);
        Value::Quantity(Quantity { number, comparator: sign_before, unit, ucum: None })
    };
    match number(body, sign) {
        Ok(n) => return Ok((quantity(n, fields.unit), None)),
        Err(NoNumber::Ambiguous) => {
            doubts.push(two_ways(body));
            return Ok(text());
        }
        Err(NoNumber::Other) => {}
    }
    match leading(body, sign) {
        Err(NoNumber::Ambiguous) => {
            doubts.push(two_ways(body));
            return Ok(text());
        }
        Ok((n, rest)) => {
            let (rest, flag) = split_flag(rest);
            let unit = if rest.is_empty() { fields.unit } else { rest };
            // The cell's own unit and the column's must not contradict each other.
            let agrees = fields.unit.is_empty() || rest.is_empty() || same_unit(rest, fields.unit);
            if agrees
                && (rest.is_empty() || is_lab_unit(rest) || rest == fields.unit || same_unit(rest, rest))
            {
                return Ok((quantity(n, unit), flag));
            }
        }
        Err(NoNumber::Other) => {}
    }
    Ok(text())
}

fn two_ways(body: &str) -> Doubt {
    let read = |sign| leading(body, sign).map_or_else(|_| String::new(), |(n, _)| n.as_str().to_owned());
    Doubt::NumberTwoWays { point: read(Sign::Point), comma: read(Sign::Comma) }
}

fn same_unit(a: &str, b: &str) -> bool {
    use keepwell_domain::ucum::read_unit;
    read_unit(a).is_some_and(|a| read_unit(b) == Some(a))
}

/// `mmol/L H` as `mmol/L` and `H`.
fn split_flag(rest: &str) -> (&str, Option<String>) {
    const FLAGS: [&str; 9] = ["HH", "LL", "H", "L", "*", "**", "↑", "↓", "!"];
    let last = rest.rsplit(' ').next().unwrap_or("");
    let last = last.trim_start_matches('(').trim_end_matches(')');
    if FLAGS.contains(&last) {
        let unit = rest.rfind(' ').map_or("", |at| rest[..at].trim());
        return (unit, Some(last.to_owned()));
    }
    (rest, None)
}

fn limits(fields: &Fields<'_>, sign: Sign) -> Option<RefRange> {
    let mut out = range(fields.range, sign).unwrap_or_default();
    // A range of its own unit is worth stating only where it differs from the result's.
    if out.unit.as_deref() == Some(fields.unit) {
        out.unit = None;
    }
    if out.low.is_none() && out.high.is_none() {
        out.low = number(fields.low, sign).ok();
        out.high = number(fields.high, sign).ok();
        if out.low.is_none() && out.high.is_none() && out.text.is_none() {
            let words: Vec<&str> = [fields.low, fields.high].into_iter().filter(|c| !c.is_empty()).collect();
            out.text = Some(words.join(" – ")).filter(|t| !t.is_empty());
        }
    }
    (!out.is_empty()).then_some(out)
}
