//! One result out of the cells of a row.

use super::{
    cells::Row,
    number::{NoNumber, Sign, comparator, leading, number, range},
    roles::{is_lab_unit, is_loinc},
};
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
    /// Where they stand.
    #[must_use]
    pub fn locator(&self, line: u64) -> Locator {
        let mut columns: Vec<u32> = self.columns.iter().filter_map(|c| u32::try_from(c + 1).ok()).collect();
        columns.sort_unstable();
        columns.dedup();
        Locator::Row { line, columns }
    }
}

/// A row without a result.
pub const NO_RESULT: &str = "This row was left out because it has no result.";
const NO_NAME: &str = "This row was left out because it does not say what was tested.";
const AMBIGUOUS: &str = "This row was left out because its number can be read in two ways (1,234 as one and a bit, or as more than a thousand), and the table does not tell which.";
const UNIT_IS_NUMBER: &str = "This row was left out because a number stands where its unit should; a decimal comma may have split the result in two.";
const TOO_LONG: &str = "This row was left out because a cell in it is longer than any result.";
const MAX_TEXT: usize = 4_000;
/// Cells that state no result. `nd` and `none` are not among them: they may mean "not detected".
const NOTHING: [&str; 14] =
    ["-", "--", "–", "—", ".", "/", "?", "n/a", "na", "n.a.", "null", "nan", "pending", "k.a."];

/// Makes an observation of the cells.
///
/// # Errors
/// A sentence that says why they cannot be read.
pub fn observation(fields: &Fields<'_>, sign: Sign) -> Result<Body, &'static str> {
    let long = [fields.name, fields.value, fields.range, fields.unit, fields.comment]
        .iter()
        .any(|c| c.len() > MAX_TEXT);
    if long {
        return Err(TOO_LONG);
    }
    if fields.name.is_empty() && !is_loinc(fields.loinc) {
        return Err(NO_NAME);
    }
    if !fields.unit.is_empty()
        && number(fields.unit, Sign::Point).or_else(|_| number(fields.unit, Sign::Comma)).is_ok()
    {
        return Err(UNIT_IS_NUMBER);
    }
    let (value, flag) = value(fields, sign)?;
    let codings = if is_loinc(fields.loinc) {
        vec![Coding { system: LOINC.to_owned(), code: fields.loinc.to_owned(), display: None }]
    } else {
        Vec::new()
    };
    let given = |s: &str| Some(s).filter(|s| !s.is_empty()).map(str::to_owned);
    Ok(Body::Observation(Observation {
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
    }))
}

/// The result, and a flag that stood in the same cell.
fn value(fields: &Fields<'_>, sign: Sign) -> Result<(Value, Option<String>), &'static str> {
    let printed = fields.value;
    if printed.is_empty() || NOTHING.contains(&printed.to_lowercase().as_str()) {
        return Err(NO_RESULT);
    }
    let (sign_before, body) = comparator(printed);
    let quantity = |number, unit: &str| {
        let unit = Some(unit).filter(|u| !u.is_empty()).map(str::to_owned);
        Value::Quantity(Quantity { number, comparator: sign_before, unit, ucum: None })
    };
    match number(body, sign) {
        Ok(n) => return Ok((quantity(n, fields.unit), None)),
        Err(NoNumber::Ambiguous) => return Err(AMBIGUOUS),
        Err(NoNumber::Other) => {}
    }
    match leading(body, sign) {
        Err(NoNumber::Ambiguous) => return Err(AMBIGUOUS),
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
    Ok((Value::Text(printed.to_owned()), None))
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
