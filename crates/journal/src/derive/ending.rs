//! Where a cycle ends, so that its days are not counted on into the next one.

use super::cycle::CycleRecord;
use keepwell_domain::time::Date;

/// The last day of a cycle among all cycles: the one that was entered, or the eve of its person's next one. One that
/// is said to be over without a day ended before today; `None` while it goes on.
#[must_use]
pub fn last_day(r: &CycleRecord, all: &[CycleRecord], today: Date) -> Option<Date> {
    let start = |r: &CycleRecord| r.dates.iter().map(|(_, f)| f.at.date).min();
    let told = [r.cycle.ended_on.get(), r.cycle.cancelled_on.get()];
    let mine = start(r);
    let next = all.iter().filter(|o| o.cycle.person == r.cycle.person && start(o) > mine).filter_map(start);
    let ends = told.into_iter().flatten().chain(next.min().map(eve)).min();
    ends.or_else(|| r.is_over(today).then(|| eve(today)))
}

/// Whether a day comes before the end of a cycle, or is its last one.
#[must_use]
pub fn lasts_on(r: &CycleRecord, all: &[CycleRecord], day: Date, today: Date) -> bool {
    last_day(r, all, today).is_none_or(|last| day <= last)
}

const fn eve(day: Date) -> Date {
    Date::from_days(day.days() - 1)
}
