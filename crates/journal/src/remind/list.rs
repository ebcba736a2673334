//! Which reminders ring when.

use super::hours::QuietHours;
use crate::{
    derive::{CycleRecord, Occurrence, PlanRow, Span, plan_rows},
    model::{
        Clock, EntityId, Moment, Offsets, PlanItem, Preferences, Told, Zone, plan::PlanKind, resolve,
        settings::MarkKind,
    },
};
use keepwell_domain::time::{Date, Ts};

/// Which ringing of a reminder it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before it is due.
    Warning,
    /// When it is due.
    Due,
    /// After it was due and nothing was entered; critical things only.
    Again,
}

/// One ringing.
#[derive(Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The same on every device and at every working out: a notification's tag.
    pub id: EntityId,
    /// The cycle.
    pub cycle: EntityId,
    /// What is due.
    pub occurrence: Occurrence,
    /// The item of the plan.
    pub item: PlanItem,
    /// Which ringing.
    pub stage: Stage,
    /// The instant.
    pub at: Ts,
    /// Whether it must not be missed.
    pub critical: bool,
    /// Whether quiet hours moved it.
    pub moved: bool,
}

impl std::fmt::Debug for Reminder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reminder({:?} ***)", self.stage)
    }
}

/// What the person wants of reminders, with defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// Quiet hours.
    pub quiet: Option<QuietHours>,
    /// Whether critical reminders ring in them.
    pub critical_breaks_quiet: bool,
    /// Minutes of warning before something critical.
    pub before: i64,
    /// Minutes after which something critical rings again.
    pub again: i64,
    /// When a thing of the day without a time rings.
    pub day_clock: Clock,
}

impl Wishes {
    /// Those of the preferences: 30 minutes before, again after 10, 09:00 for a day, and critical
    /// things ring at night unless the person says otherwise.
    #[must_use]
    pub fn of(p: &Preferences) -> Self {
        Self {
            quiet: QuietHours::of(p),
            critical_breaks_quiet: p
                .quiet_breaks_for_critical
                .get()
                .unwrap_or(Preferences::CRITICAL_BREAKS_QUIET),
            before: p.remind_before.get().unwrap_or(30).clamp(0, 1440),
            again: p.remind_again.get().unwrap_or(10).clamp(0, 1440),
            day_clock: Clock::MORNING,
        }
    }
}

/// How many minutes before an item is due it rings for the first time; 0 for no warning. `before` is what
/// the person wants for critical things.
pub(super) fn warning(item: &PlanItem, before: i64) -> i64 {
    item.remind_before.get().unwrap_or(if is_critical(item) { before } else { 0 }).max(0)
}

/// Whether the plan counts an item as critical: as it says, and triggers unless it says otherwise.
fn is_critical(item: &PlanItem) -> bool {
    item.critical.get().unwrap_or(item.what.get().is_some_and(PlanKind::is_critical))
}

/// The ringings of a cycle after `now` and up to so many days ahead, in order. Times of the plan that
/// have no offset are times on the clock in `zone`, where the device is; a trigger planned as an instant
/// stays that instant after a flight. Nothing of a quiet, cancelled or finished cycle.
#[must_use]
pub fn reminders(
    r: &CycleRecord,
    wishes: &Wishes,
    (now, zone): (Ts, &Zone),
    days: u16,
    offsets: &dyn Offsets,
) -> Vec<Reminder> {
    let (Some(cycle), Some(offset)) = (r.id, offsets.offset_at(zone, now)) else { return Vec::new() };
    let here = Moment::of_instant(now, offset, Some(zone.clone()));
    if r.is_quiet() || r.is_over(here.date) {
        return Vec::new();
    }
    // Something due yesterday may still ring again, or in another zone be due today.
    let span = Span {
        from: Date::from_days(here.date.days() - 1),
        to: Date::from_days(here.date.days() + i64::from(days)),
    };
    let mut out = Vec::new();
    for row in plan_rows(r, span, &here, offsets) {
        let PlanRow { planned: Some(planned), item: Some(item), state, .. } = row else { continue };
        if state.waits() && item.silent != Told::Known(true) {
            out.extend(of_occurrence(r, cycle, &item, &planned, wishes, zone, offsets));
        }
    }
    out.retain(|x| x.at >= now);
    crate::order::sort_by_key(&mut out, |x| (x.at, x.id));
    out
}

fn of_occurrence(
    r: &CycleRecord,
    cycle: EntityId,
    item: &PlanItem,
    planned: &Occurrence,
    wishes: &Wishes,
    zone: &Zone,
    offsets: &dyn Offsets,
) -> Vec<Reminder> {
    let clock = planned.at.clock.unwrap_or(wishes.day_clock);
    let wall = || resolve(planned.at.date, clock, zone, offsets).and_then(|(m, _)| m.instant());
    let Some(due) = planned.at.instant().or_else(wall) else { return Vec::new() };
    let critical = is_critical(item);
    let before = warning(item, wishes.before);
    let plus = |minutes: i64| Ts(due.0.saturating_add(minutes.saturating_mul(60_000_000)));
    let snoozed = snoozed(r, planned);
    // Put off before it was due, it is the warning that was put off: what is due still rings when it is.
    let last = snoozed.filter(|s| s.tapped >= due).map_or(due, |s| s.until);
    let mut stages = Vec::new();
    match snoozed {
        Some(s) if s.until < due => stages.push((Stage::Warning, s.until)),
        None if before > 0 => stages.push((Stage::Warning, plus(-before))),
        _ => {}
    }
    stages.push((Stage::Due, last));
    if critical && wishes.again > 0 {
        stages.push((Stage::Again, Ts(last.0 + wishes.again * 60_000_000)));
    }
    let rings_at_night = critical && wishes.critical_breaks_quiet;
    stages
        .into_iter()
        .filter_map(|(stage, at)| {
            let end = match wishes.quiet {
                Some(q) if !rings_at_night => {
                    q.end_after(&Moment::of_instant(at, offsets.offset_at(zone, at)?, None))
                }
                _ => None,
            };
            // A warning that comes after the hour it warns of is none.
            if end.is_some() && stage == Stage::Warning {
                return None;
            }
            // By the clock on the wall, also in the nights in which it is put forward or back.
            let until = match end {
                Some((day, clock)) => resolve(day, clock, zone, offsets)?.0.instant()?,
                None => at,
            };
            let key = planned.key().1;
            let tag = [stage as u8];
            Some(Reminder {
                id: EntityId::derived(&[b"reminder", planned.item.as_bytes(), key.as_bytes(), &tag]),
                cycle,
                occurrence: planned.clone(),
                item: item.clone(),
                stage,
                at: until,
                critical,
                moved: end.is_some(),
            })
        })
        .collect()
}

/// That the person put it off.
#[derive(Clone, Copy)]
struct Snoozed {
    tapped: Ts,
    until: Ts,
}

fn snoozed(r: &CycleRecord, planned: &Occurrence) -> Option<Snoozed> {
    r.marks
        .iter()
        .filter(|m| m.what == Told::Known(MarkKind::Snoozed) && m.plan_item == Told::Known(planned.item))
        .filter(|m| m.planned_for.known() == Some(&planned.at))
        .find_map(|m| {
            let until = m.until.known()?.instant()?;
            Some(Snoozed { tapped: m.at.known().and_then(Moment::instant).unwrap_or(until), until })
        })
}
