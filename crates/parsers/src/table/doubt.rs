//! Why a row of a table waits for the person instead of becoming a record by itself.
//!
//! A row is certain when its date, its number and its unit have one reading, and when nothing that
//! the catalogue knows of the test speaks against them. A test that the catalogue does not know is
//! no doubt: it is kept as printed, and nothing is derived from it.

use super::date::{DateCell, NoDate};
use keepwell_domain::{
    analyte::{self, Analyte, Confidence},
    measure::{Quantity, Value},
    record::{LOINC, Observation, ParsedRecord},
    time::{Date, When},
    ucum::read_unit,
};
use serde::{Deserialize, Serialize};

/// A reason to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// The date has two readings.
    DateOrder {
        /// As `YYYY-MM-DD`, the day first; empty where that does not exist.
        day_first: String,
        /// The month first.
        month_first: String,
    },
    /// What stands in the date's cell is no date.
    DateUnreadable,
    /// The date does not exist in the order that the rest of the table has.
    DateImpossible,
    /// The table has dates, this row has none.
    DateMissing,
    /// The date lies in the future.
    DateFuture,
    /// The date lies before 1900.
    DateLongAgo,
    /// The number has two readings.
    NumberTwoWays {
        /// With a decimal point.
        point: String,
        /// With a decimal comma.
        comma: String,
    },
    /// A number stands where the unit should.
    UnitIsNumber,
    /// Other rows state units, this one does not, and its test needs one.
    UnitMissing,
    /// The unit cannot be read.
    UnitUnknown,
    /// The unit is none of this test's.
    UnitUnfit {
        /// A usual one, a UCUM code.
        usual: String,
    },
    /// The name is one letter off a known one.
    Spelling {
        /// The canonical LOINC code of the test that it may be.
        loinc: String,
    },
    /// The value is beyond what a living body has.
    Implausible,
    /// The row has more cells than the heading.
    ExtraCells,
    /// The row does not say what was tested.
    NameMissing,
    /// A record of the same test and day says nearly the same. Found by whoever knows the records.
    NearlyKnown,
}

impl Doubt {
    /// Whether the row cannot become a record before the person completes or corrects it.
    #[must_use]
    pub const fn needs_an_edit(&self) -> bool {
        matches!(
            self,
            Self::DateOrder { .. }
                | Self::DateUnreadable
                | Self::DateImpossible
                | Self::NumberTwoWays { .. }
                | Self::UnitIsNumber
                | Self::ExtraCells
                | Self::NameMissing
        )
    }
    /// Whether only the meaning is open, while the row can be kept as it is printed.
    #[must_use]
    pub const fn is_slight(&self) -> bool {
        matches!(self, Self::Spelling { .. } | Self::UnitMissing | Self::UnitUnknown | Self::UnitUnfit { .. })
    }
}

/// The cells of a result as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Printed {
    /// Name of the test.
    pub name: String,
    /// Result.
    pub value: String,
    /// Unit.
    pub unit: String,
    /// Range, or its two ends.
    pub range: String,
    /// Date.
    pub date: String,
}

/// A row that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsure {
    /// Tells it from the document's other rows, the same at each reading: the line and the column
    /// of the result.
    pub place: u64,
    /// The row's cells as printed, shortened.
    pub cells: Vec<String>,
    /// The result's own cells.
    pub printed: Printed,
    /// What can be read of it. What is in doubt and [needs an edit](Doubt::needs_an_edit) is
    /// missing or a text in it.
    pub parsed: ParsedRecord,
    /// Why it waits; at least one reason.
    pub doubts: Vec<Doubt>,
}

/// A date cell's reading, and what is in doubt about it.
pub(super) fn date(
    cell: Option<DateCell>,
    day_first: Option<bool>,
    today: Option<Date>,
) -> (Option<When>, Option<Doubt>) {
    let Some(cell) = cell else { return (None, Some(Doubt::DateUnreadable)) };
    match cell.settle(day_first) {
        Ok(when) => (Some(when), odd(when, today)),
        Err(NoDate::Impossible) => (None, Some(Doubt::DateImpossible)),
        Err(NoDate::Order) => {
            let read = |first| cell.settle(Some(first)).map_or_else(|_| String::new(), |w| w.to_string());
            (None, Some(Doubt::DateOrder { day_first: read(true), month_first: read(false) }))
        }
    }
}

/// A day's grace, for time zones.
fn odd(when: When, today: Option<Date>) -> Option<Doubt> {
    let date = when.date();
    if today.is_some_and(|t| date.days() > t.days() + 1) {
        return Some(Doubt::DateFuture);
    }
    (date.year() < 1900).then_some(Doubt::DateLongAgo)
}

/// What the catalogue has to say against a result. `with_units`: whether the table states units.
pub(super) fn value(o: &Observation, with_units: bool) -> Vec<Doubt> {
    let Some(Value::Quantity(q)) = &o.value else { return Vec::new() };
    let loinc = o.code.code_in(LOINC);
    let mut doubts = Vec::new();
    let found = match loinc {
        Some(code) => analyte::find_by_loinc(code),
        None => by_name(o, q, &mut doubts),
    };
    let Some(analyte) = found else { return doubts };
    match (analyte::canonical(analyte, loinc, q), q.unit.as_deref()) {
        (Some(c), _) if analyte.is_implausible(c.number) => doubts.push(Doubt::Implausible),
        (Some(_), _) => {}
        (None, None) if with_units => doubts.push(Doubt::UnitMissing),
        (None, None) => {}
        (None, Some(unit)) if read_unit(unit).is_none() => doubts.push(Doubt::UnitUnknown),
        (None, Some(_)) => doubts.push(Doubt::UnitUnfit { usual: analyte.unit.to_owned() }),
    }
    doubts
}

fn by_name(o: &Observation, q: &Quantity, doubts: &mut Vec<Doubt>) -> Option<&'static Analyte> {
    let (name, specimen) = (o.code.name(), o.specimen.as_deref());
    if let Some(found) = analyte::find_by_name(name, q.unit.as_deref(), specimen) {
        if found.confidence == Confidence::Fuzzy {
            doubts.push(Doubt::Spelling { loinc: found.analyte.loinc.to_owned() });
        }
        return Some(found.analyte);
    }
    // A unit that fits none of the name's tests must not hide what is tested. Only the test's own
    // name counts here: another spelling may be that of a test which the catalogue does not hold.
    let found = analyte::find_by_name(name, None, specimen)?;
    (found.confidence == Confidence::Exact).then_some(found.analyte)
}
