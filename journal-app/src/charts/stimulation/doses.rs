//! The doses of a picture, a row for each drug.

use super::day;
use crate::{
    charts::Entry,
    route::Route,
    words::{self, Lang},
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::CycleRecord,
    model::{EntityId, Kind, Moment, Told, medicine::DoseState},
};

/// The doses of one drug in one unit.
#[derive(Clone, PartialEq)]
pub struct DoseRow {
    /// The drug and its unit.
    pub name: String,
    /// The doses, the earliest first.
    pub cells: Vec<DoseCell>,
}

/// A dose on a day.
#[derive(Clone, PartialEq)]
pub struct DoseCell {
    /// Day of the axis.
    pub day: f64,
    /// The amount as a number; not done where the dose was left out.
    pub number: Told<f64>,
    /// The amount in words.
    pub amount: String,
    /// Whether it was taken whole.
    pub is_whole: bool,
    /// Where it stands.
    pub entry: Entry,
}

/// What was taken on a day in all.
#[derive(Clone, PartialEq)]
pub struct DoseDay {
    /// Day of the axis.
    pub day: f64,
    /// The sum in words.
    pub amount: String,
    /// Whether all of it was taken whole.
    pub is_whole: bool,
    /// The entry, where there is one, else the day with all of them.
    pub to: Option<Route>,
}

const LEFT_OUT: &str = "–";
const NO_AMOUNT: &str = "•";

impl DoseRow {
    /// The days on which something was taken or left out: one over another, several doses could not be read.
    #[must_use]
    pub fn days(&self, lang: Lang, start: Date) -> Vec<DoseDay> {
        // In order of time they need not be in that of days, where zones change.
        let mut cells = self.cells.clone();
        keepwell_journal::order::sort_by(&mut cells, |a, b| a.day.total_cmp(&b.day));
        let by_day = cells.chunk_by(|a, b| (a.day - b.day).abs() < 0.5);
        by_day.filter_map(|cells| Some(of_day(lang, start, cells.first()?, cells))).collect()
    }
}

fn of_day(lang: Lang, start: Date, first: &DoseCell, cells: &[DoseCell]) -> DoseDay {
    let to = match (cells, first.entry) {
        ([_], entry) => entry.map(|(kind, id)| Route::Edit(kind, id)),
        (_, None) => None,
        #[allow(clippy::cast_possible_truncation)]
        _ => Some(Route::Day(Date::from_days(start.days() + first.day.round() as i64 - 1))),
    };
    DoseDay { day: first.day, amount: sum(lang, cells), is_whole: cells.iter().all(|c| c.is_whole), to }
}

/// The sum of some doses in words, with a sign for each that has no amount.
fn sum(lang: Lang, cells: &[DoseCell]) -> String {
    let known: Vec<f64> = cells.iter().filter_map(|c| c.number.get()).collect();
    let unknown = cells.iter().filter(|c| !c.number.is_known() && c.number != Told::NotDone);
    let total = (!known.is_empty()).then(|| words::number(lang, known.iter().sum(), 2));
    let parts: Vec<String> = total.into_iter().chain(unknown.map(|_| NO_AMOUNT.to_owned())).collect();
    if parts.is_empty() { LEFT_OUT.to_owned() } else { parts.join("+") }
}

/// The doses from the start of a round on, by drug and unit.
pub(super) fn dose_rows(
    lang: Lang,
    r: &CycleRecord,
    start: Date,
    span: &dyn Fn(&Moment) -> bool,
) -> Vec<DoseRow> {
    let mut rows: Vec<DoseRow> = Vec::new();
    for (id, d) in &r.doses {
        let (Some(drug), Some(at)) = (d.drug.known(), d.at.known().filter(|m| span(m))) else { continue };
        let unit = d.amount.known().map_or(String::new(), |a| words::unit(lang, &a.unit));
        let name = if unit.is_empty() { drug.clone() } else { format!("{drug} ({unit})") };
        let is_whole = !matches!(d.state.get(), Some(DoseState::Skipped | DoseState::Partial));
        let number = match d.state.get() {
            Some(DoseState::Skipped) => Told::NotDone,
            _ => d.amount.known().map(keepwell_journal::model::Amount::value).into(),
        };
        let amount = match number {
            Told::NotDone => LEFT_OUT.to_owned(),
            Told::Known(n) => words::number(lang, n, 2),
            _ => NO_AMOUNT.to_owned(),
        };
        let cell = DoseCell { day: day(start, at), number, amount, is_whole, entry: entry_of(*id) };
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.cells.push(cell),
            None => rows.push(DoseRow { name, cells: vec![cell] }),
        }
    }
    rows
}

const fn entry_of(dose: EntityId) -> Entry {
    Some((Kind::Dose, dose))
}
