//! What is shown of a table before anything of it is kept, and what has to be asked.

use super::{
    Column, DateOrder, Scale, TableError, TablePlan, cells,
    dates::Orders,
    guess, sheet,
    sheet::{Sheet, is_empty},
    warmth,
};
use crate::{import::text_of, redact::redacted};
use csv::StringRecord;

/// Cells of a column that are shown.
const EXAMPLES: usize = 3;

/// A column as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ColumnLook {
    /// Its letter, as spreadsheets count.
    pub letter: String,
    /// What its head says; empty where it has none.
    pub head: String,
    /// Its first cells that are not empty, each once.
    pub examples: Vec<String>,
}

/// A table as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct TableLook {
    /// All columns of the plan.
    pub columns: Vec<ColumnLook>,
    /// What may stand between cells, where that is not certain.
    pub separators: Vec<u8>,
    /// The orders in which the dates may be meant, where that is not certain.
    pub orders: Vec<DateOrder>,
    /// Whether there are temperatures without a unit.
    pub has_bare_temperatures: bool,
    /// Their unit, by the plan or by their size; `None` where they look like both and nobody has said.
    pub unit: Option<Scale>,
    /// Whether there is bleeding in numbers.
    pub has_bleeding_digits: bool,
    /// Whether there are results of tests in numbers.
    pub has_digit_results: bool,
}

redacted!(ColumnLook, TableLook);

/// What the cells of a table say of how they are to be read.
pub(super) struct Evidence {
    pub(super) heads: Vec<String>,
    pub(super) orders: Orders,
    pub(super) bare: warmth::Bare,
    has_bleeding_digits: bool,
    has_digit_results: bool,
}

/// The rows under the head.
fn body<'a>(sheet: &Sheet<'a>, plan: &TablePlan) -> impl Iterator<Item = StringRecord> + use<'a> {
    let above = sheet.top(plan.delimiter) + usize::from(plan.has_head);
    sheet.rows(plan.delimiter).map(|(_, record)| record).skip(above).filter(|record| !is_empty(record))
}

impl Evidence {
    pub(super) fn of(sheet: &Sheet<'_>, plan: &TablePlan) -> Self {
        let first = sheet.rows(plan.delimiter).nth(sheet.top(plan.delimiter)).map(|(_, record)| record);
        let head = |n: usize| first.as_ref().filter(|_| plan.has_head).and_then(|r| r.get(n)).unwrap_or("");
        let heads: Vec<String> = (0..plan.columns.len()).map(|n| head(n).trim().to_owned()).collect();
        let have_units: Vec<bool> = heads.iter().map(|head| warmth::in_head(head).is_some()).collect();
        let date = plan.columns.iter().position(|c| *c == Column::Date);
        let (mut orders, mut bare) = (Orders::new(), warmth::Bare::default());
        let (mut has_bleeding_digits, mut has_digit_results) = (false, false);
        for record in body(sheet, plan) {
            for (n, cell) in record.iter().enumerate() {
                let cell = cell.trim();
                match plan.columns.get(n) {
                    Some(Column::Date) if Some(n) == date => orders.look(cell),
                    Some(Column::Temperature) if !have_units[n] => bare.look(cell),
                    Some(Column::Bleeding) => has_bleeding_digits |= cells::is_number(cell),
                    Some(Column::LhTest | Column::PregnancyTest) => {
                        has_digit_results |= matches!(cell, "0" | "1");
                    }
                    _ => {}
                }
            }
        }
        Self { heads, orders, bare, has_bleeding_digits, has_digit_results }
    }
}

/// What is shown of a table that is read by a plan.
///
/// # Errors
/// [`TableError::File`] for something that is no table.
pub fn look_at_table(bytes: &[u8], plan: &TablePlan) -> Result<TableLook, TableError> {
    let text = text_of(bytes)?;
    let sheet = Sheet::of(&text);
    let found = Evidence::of(&sheet, plan);
    let mut columns: Vec<ColumnLook> = (0..plan.columns.len())
        .map(|n| ColumnLook { letter: sheet::letters(n), head: found.heads[n].clone(), examples: Vec::new() })
        .collect();
    for record in body(&sheet, plan) {
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            let cell = cell.trim();
            let is_new = !cell.is_empty() && !column.examples.iter().any(|e| e == cell);
            if is_new && column.examples.len() < EXAMPLES {
                column.examples.push(cell.to_owned());
            }
        }
        if columns.iter().all(|column| column.examples.len() == EXAMPLES) {
            break;
        }
    }
    Ok(TableLook {
        columns,
        separators: guess::separators(&sheet, plan.delimiter),
        orders: found.orders.asked(),
        has_bare_temperatures: found.bare.is_any(),
        unit: found.bare.with(plan.unit).unwrap_or(None),
        has_bleeding_digits: found.has_bleeding_digits,
        has_digit_results: found.has_digit_results,
    })
}
