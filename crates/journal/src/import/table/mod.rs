//! Any other table of days. The reader guesses how it is to be read; the person sees that and may say otherwise.

mod cells;
mod dates;
mod guess;
mod look;
mod plan;
mod sheet;
mod warmth;

pub use guess::{guess_table, guess_table_by};
pub use look::{ColumnLook, TableLook, look_at_table};
pub use plan::{BleedingScale, Column, DateOrder, Scale, TablePlan};

use super::{
    ImportError,
    days::Days,
    draft::{Import, Reason},
    text_of,
};
use crate::model::{Clock, EntityId, Moment, diary::TestKind};
use csv::StringRecord;
use keepwell_domain::time::Date;
use look::Evidence;
use sheet::{Sheet, is_empty};
use warmth::Unit;

/// Why a table cannot be read as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] ImportError),
    /// No column holds the date.
    #[error("one column must hold the date")]
    NoDate,
    /// More than one column holds the date.
    #[error("only one column may hold the date")]
    SeveralDates,
    /// The order of day and month is in doubt.
    #[error("the order of day and month is in doubt")]
    DatesInDoubt,
    /// Some temperatures look like °C and some like °F, and none says which.
    #[error("the unit of temperatures is in doubt")]
    UnitInDoubt,
}

/// How the cells of a table are read, all doubts being settled.
struct Reading<'a> {
    plan: &'a TablePlan,
    /// The column of the date.
    date: usize,
    order: Option<DateOrder>,
    /// The unit of temperatures that have none; `None` to tell it by the size.
    unit: Option<Unit>,
    /// Names and units of the columns.
    heads: Vec<(String, Option<Unit>)>,
}

/// Reads a table as planned.
///
/// # Errors
/// [`TableError`] when the plan leaves open what cannot be guessed.
pub fn read_table(bytes: &[u8], plan: &TablePlan, person: EntityId) -> Result<Import, TableError> {
    let text = text_of(bytes)?;
    let sheet = Sheet::of(&text);
    let reading = Reading::of(&sheet, plan)?;
    let mut days = Days::new(person, "table");
    let top = sheet.top(plan.delimiter);
    for (n, (row, record)) in sheet.rows(plan.delimiter).enumerate().filter(|(_, (_, r))| !is_empty(r)) {
        match n {
            // Lines above the table: a title, when it was made.
            n if n < top => days.problem(row, "", Reason::BadShape, &joined(&record)),
            n if n == top && plan.has_head => {}
            _ => reading.row(&mut days, row, &record),
        }
    }
    Ok(days.finish())
}

fn joined(record: &StringRecord) -> String {
    record.iter().collect::<Vec<_>>().join(", ")
}

impl<'a> Reading<'a> {
    fn of(sheet: &Sheet<'_>, plan: &'a TablePlan) -> Result<Self, TableError> {
        let mut dates = plan.columns.iter().enumerate().filter(|(_, c)| **c == Column::Date);
        let (date, _) = dates.next().ok_or(TableError::NoDate)?;
        if dates.next().is_some() {
            return Err(TableError::SeveralDates);
        }
        let found = Evidence::of(sheet, plan);
        let order = found.orders.with(plan.dates).map_err(|()| TableError::DatesInDoubt)?;
        let scale = found.bare.with(plan.unit).map_err(|()| TableError::UnitInDoubt)?;
        let unit = match scale {
            Some(Scale::Celsius) => Some(Unit::Celsius),
            Some(Scale::Fahrenheit) => Some(Unit::Fahrenheit),
            Some(Scale::BySize) | None => None,
        };
        let heads = found.heads.into_iter().map(|head| {
            let unit = warmth::in_head(&head);
            (head, unit)
        });
        Ok(Self { plan, date, order, unit, heads: heads.collect() })
    }

    fn head(&self, n: usize) -> String {
        let named = self.heads.get(n).map(|(head, _)| head.as_str()).filter(|head| !head.is_empty());
        named.map_or_else(|| sheet::letters(n), str::to_owned)
    }

    fn row(&self, days: &mut Days, row: usize, record: &StringRecord) {
        days.rows += 1;
        let written = dates::cell(record.get(self.date).unwrap_or(""));
        let dated = written.and_then(|c| Ok((c.written.date(self.order).ok_or(Reason::BadDate)?, c.time)));
        let (date, time) = match dated {
            Ok(dated) => dated,
            Err(reason) => return days.problem(row, &self.head(self.date), reason, &joined(record)),
        };
        if time.is_some() {
            let cell = record.get(self.date).unwrap_or("").trim();
            days.keep(row, date, format!("{}={cell}", self.head(self.date)));
        }
        let cells = record.iter().enumerate();
        for (n, cell) in cells.filter(|(n, cell)| *n != self.date && !cell.trim().is_empty()) {
            self.cell(days, (row, date, &self.head(n)), n, cell.trim());
        }
    }

    fn cell(&self, days: &mut Days, at: (usize, Date, &str), n: usize, cell: &str) {
        let (row, date, name) = at;
        let words = || cell.split([';', ',', '|']).map(str::trim).filter(|w| !w.is_empty());
        let plan = self.plan;
        let is_known = match plan.columns.get(n).copied().unwrap_or(Column::Other) {
            Column::Date | Column::Skip => true,
            Column::Temperature => {
                self.temperature(days, at, n, cell);
                true
            }
            Column::Time => {
                let clock = cells::clock(cell);
                clock
                    .map(|clock| days.set(at, moment(date, clock), cell, |d| &mut d.temperature_at))
                    .is_some()
            }
            Column::Bleeding => {
                cells::bleeding(cell, plan.bleeding).map(|b| days.bleeding(at, b, cell)).is_some()
            }
            Column::Mucus => {
                cells::mucus(cell).map(|m| days.set(at, m, cell, |d| &mut d.mucus_texture)).is_some()
            }
            Column::LhTest => self.test(days, at, TestKind::Lh, cell),
            Column::PregnancyTest => self.test(days, at, TestKind::Hcg, cell),
            Column::Symptoms => {
                words().for_each(|w| days.symptom(row, date, w));
                true
            }
            Column::Feelings => {
                words().for_each(|w| days.feeling(row, date, w));
                true
            }
            Column::Note => {
                days.note(row, date, cell);
                true
            }
            Column::Other => {
                days.keep(row, date, format!("{name}={cell}"));
                true
            }
        };
        if !is_known {
            days.refuse(at, Reason::UnknownValue, cell);
        }
    }

    fn test(&self, days: &mut Days, at: (usize, Date, &str), kind: TestKind, cell: &str) -> bool {
        cells::result(cell, self.plan.has_digit_results).map(|r| days.test(at, kind, r, cell)).is_some()
    }

    /// A unit in the cell goes before that of the head, and that before the person's word on numbers without one.
    fn temperature(&self, days: &mut Days, at: (usize, Date, &str), n: usize, cell: &str) {
        let Some((number, sign)) = warmth::parts(cell) else {
            return days.refuse(at, Reason::BadNumber, cell);
        };
        let in_head = self.heads.get(n).and_then(|(_, unit)| *unit);
        let unit = sign.or(in_head).or(self.unit).map(Unit::as_str);
        days.temperature(at, number, unit, cell);
    }
}

const fn moment(date: Date, clock: Clock) -> Moment {
    Moment { date, clock: Some(clock), offset: None, zone: None }
}
