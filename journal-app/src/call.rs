//! What the lines of "the nurse called" do to the plan.

mod adds;
mod given;
pub use adds::{Added, Course, may_be_trigger};

use crate::{
    forms::{DOSE_UNITS, Place, Problem, typed_amount, typed_dose},
    words::{self, Lang},
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{CycleRecord, PlanEdit, Rest, Span, is_replaced, rest_from, sooner_end},
    model::{Amount, Clock, EntityId, Moment, Offsets, PlanItem, PlanWhen, Told},
};

/// Days that the difference shows.
pub const AHEAD: i64 = 30;

/// A call, as far as every line of it needs it.
pub struct Call<'a> {
    /// The cycle as it was before.
    pub r: &'a CycleRecord,
    /// The first day of what was said.
    pub from: Date,
    /// When it is entered.
    pub now: &'a Moment,
    /// Where its times are those of.
    pub place: &'a Place,
    /// The zones.
    pub offsets: &'a dyn Offsets,
    /// In which units are typed.
    pub lang: Lang,
}

/// What was typed about an item.
#[derive(Default)]
pub struct Typed {
    /// The number of its dose.
    pub amount: String,
    /// The unit, where the item has none yet.
    pub unit: String,
    /// The time of day.
    pub time: String,
}

/// Why a line cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As in any form.
    #[error(transparent)]
    Typed(#[from] Problem),
    /// A time that needs a day, and the day is not known yet.
    #[error("no day yet")]
    NoDay,
    /// It was given on that day, and nothing comes after.
    #[error("nothing is left to change")]
    Given,
}

/// Whether something can still be said about an item from a day on. Where another has taken its place by then, it is
/// that one that is meant: changed too, the old one would stand beside it.
#[must_use]
pub fn is_offered(r: &CycleRecord, (id, item): (EntityId, &PlanItem), (today, from): (Date, Date)) -> bool {
    let Some(end) = item.stopped_from.get() else { return true };
    end > today && (end > from || !is_replaced(r, id))
}

impl Call<'_> {
    /// An item that ends, after what was given of it; `None` where it ends by then anyway.
    #[must_use]
    pub fn stop(&self, (id, item): (EntityId, &PlanItem)) -> Option<PlanEdit> {
        sooner_end(item, self.ends(id)).map(|from| PlanEdit::Stop { item: id, from })
    }

    /// The days on which something may change: from today on, also where what was said holds from later.
    #[must_use]
    pub fn span(&self) -> Span {
        let last = self.from.max(self.now.date);
        Span { from: self.from.min(self.now.date), to: Date::from_days(last.days() + AHEAD) }
    }

    /// An item with another dose or another time: the old one keeps the days before, and what was given already; the
    /// new one has those that are left.
    ///
    /// # Errors
    /// [`Refusal`] where what was typed cannot be taken.
    pub fn change(
        &self,
        (id, item): (EntityId, &PlanItem),
        typed: &Typed,
        new: EntityId,
    ) -> Result<PlanEdit, Refusal> {
        let clock = new_clock(item, &typed.time)?;
        let mut from = self.begins(id);
        let mut with = match rest_from(self.r, item, from, self.offsets) {
            Rest::Undated => self.undated(item, clock)?,
            Rest::Left { item: rest, first } => {
                // It takes the place of all of the old one, also where its key date comes sooner than it seems now.
                if still_counted(&rest, item) {
                    from = from.min(self.now.date);
                }
                match clock {
                    Some(clock) => self.dated(*rest, item, (&first, clock), &typed.time)?,
                    None => *rest,
                }
            }
            Rest::Over if from > self.from => return Err(Refusal::Given),
            Rest::Over => {
                let again = self.at_time(item.clone(), own_time(item), self.from, &typed.time)?;
                PlanItem {
                    for_days: Told::Unknown,
                    stopped_from: Told::Unknown,
                    stopped_by: Told::Unknown,
                    ..again
                }
            }
        };
        if let Some(amount) = self.new_amount(item, typed)? {
            with.amount = Told::Known(amount);
        }
        Ok(PlanEdit::Replace { item: id, from, id: new, with: Box::new(with) })
    }

    /// An item whose day nobody knows yet stays counted from its key date, whatever else changes.
    fn undated(&self, item: &PlanItem, clock: Option<Option<Clock>>) -> Result<PlanItem, Refusal> {
        let mut with = item.clone();
        if let Some(clock) = clock {
            with.when = Told::Known(self.reclocked(&item.when, clock).ok_or(Refusal::NoDay)?);
        }
        Ok(with)
    }

    /// An item that goes on at another time of day: counted as it was, where the time allows it.
    fn dated(
        &self,
        rest: PlanItem,
        item: &PlanItem,
        (first, clock): (&Moment, Option<Clock>),
        time: &str,
    ) -> Result<PlanItem, Refusal> {
        match self.reclocked(&rest.when, clock) {
            Some(when) => Ok(PlanItem { when: Told::Known(when), ..rest }),
            None => self.at_time(rest, own_time(item).or(Some(first)), first.date, time),
        }
    }

    /// Days counted from a key date, at another time of day. `None` where the time says more than that: it is one of
    /// another zone, or was counted in minutes.
    fn reclocked(&self, when: &Told<PlanWhen>, clock: Option<Clock>) -> Option<PlanWhen> {
        let is_of_here = self.place.chosen.is_none() && self.place.fold.is_none();
        match when.known()? {
            PlanWhen::Days { from, days, .. } if is_of_here => {
                Some(PlanWhen::Days { from: *from, days: *days, clock })
            }
            _ => None,
        }
    }

    /// An item first due on a day, at the time that was typed: in the zone that was chosen, else in that which it had,
    /// else in the one here, so that it stays that instant after a flight.
    fn at_time(
        &self,
        mut with: PlanItem,
        old: Option<&Moment>,
        day: Date,
        time: &str,
    ) -> Result<PlanItem, Refusal> {
        with.when = Told::Known(PlanWhen::Absolute(self.moment(day, time, old)?));
        Ok(with)
    }

    /// A time on a day.
    ///
    /// # Errors
    /// As [`Place::moment_on`].
    pub fn moment(&self, day: Date, time: &str, old: Option<&Moment>) -> Result<Moment, Problem> {
        self.place.moment_on(day, time, old, self.offsets)
    }

    /// The dose, where it is another. A number that stands as it was is not read again: it was entered before.
    fn new_amount(&self, item: &PlanItem, typed: &Typed) -> Result<Option<Amount>, Problem> {
        if typed.amount.is_empty() || typed.amount == number_of(item) {
            return Ok(None);
        }
        let unit = item.amount.known().map_or(&typed.unit, |a| &a.unit);
        self.amount(&typed.amount, unit, item.amount.is_known()).map(Some)
    }

    /// An amount as it was typed. A drug without a unit is none, unless it was counted without one before.
    ///
    /// # Errors
    /// As [`typed_dose`].
    pub fn amount(&self, number: &str, unit: &str, was_counted: bool) -> Result<Amount, Problem> {
        let read = if was_counted { typed_amount } else { typed_dose };
        read(number, &words::unit_code(self.lang, unit, DOSE_UNITS.iter().copied()))
    }
}

/// The number of an item's dose, as its line begins.
#[must_use]
pub fn number_of(item: &PlanItem) -> String {
    item.amount.known().map_or(String::new(), |a| a.number.as_str().to_owned())
}

/// The time of day of an item, as its line begins.
#[must_use]
pub fn clock_of(item: &PlanItem) -> Option<Clock> {
    match item.when.known()? {
        PlanWhen::Days { clock, .. } => *clock,
        PlanWhen::Absolute(at) => at.clock,
        PlanWhen::Minutes { .. } => None,
    }
}

/// The moment of its own that an item has.
fn own_time(item: &PlanItem) -> Option<&Moment> {
    match item.when.known() {
        Some(PlanWhen::Absolute(at)) => Some(at),
        _ => None,
    }
}

/// Whether what is left of an item is counted from a key date as the item itself was: it has not begun.
fn still_counted(rest: &PlanItem, item: &PlanItem) -> bool {
    rest.when == item.when && own_time(item).is_none()
}

/// The time of day, or none, where the line has another than it began with.
fn new_clock(item: &PlanItem, time: &str) -> Result<Option<Option<Clock>>, Problem> {
    let clock = match time {
        "" => None,
        time => Some(Clock::parse(time).map_err(|_| Problem::Time)?),
    };
    Ok((clock != clock_of(item)).then_some(clock))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use keepwell_domain::time::Ts;
    use keepwell_journal::{
        derive::key_dates,
        model::{Cycle, TextType, Zone, plan::PlanKind},
    };

    struct Berlin;
    impl Offsets for Berlin {
        fn offset_at(&self, _: &Zone, _: Ts) -> Option<i16> {
            Some(120)
        }
    }

    pub const OLD: EntityId = EntityId::from_bytes([1; 16]);
    pub const NEW: EntityId = EntityId::from_bytes([9; 16]);

    pub fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }
    pub fn when(text: &str) -> Told<PlanWhen> {
        PlanWhen::from_text(text).unwrap().into()
    }
    pub fn amount(text: &str) -> Told<Amount> {
        Amount::from_text(text).unwrap().into()
    }
    /// A cycle with one item of the plan.
    pub fn plan_of(cycle: Cycle, item: &PlanItem) -> CycleRecord {
        let id = Some(EntityId::from_bytes([2; 16]));
        let mut r = CycleRecord { id, cycle, plan: vec![(OLD, item.clone())], ..CycleRecord::default() };
        r.dates = key_dates(&r);
        r
    }
    pub fn daily(drug: &str, dose: &str, at: &str) -> PlanItem {
        PlanItem {
            what: PlanKind::Dose.into(),
            drug: drug.to_owned().into(),
            amount: amount(dose),
            when: when(at),
            every_days: 1.into(),
            ..PlanItem::default()
        }
    }
    pub fn here() -> Place {
        Place { here: Zone::parse("Europe/Berlin").ok(), ..Place::default() }
    }
    pub fn said<'a>(r: &'a CycleRecord, place: &'a Place, from: &str) -> Call<'a> {
        Call { r, from: date(from), now: now(), place, offsets: &Berlin, lang: Lang::En }
    }
    /// Monday, 4 May 2026, in the afternoon.
    pub fn now() -> &'static Moment {
        static NOW: std::sync::LazyLock<Moment> =
            std::sync::LazyLock::new(|| Moment::from_text("2026-05-04T15:00+02:00[Europe/Berlin]").unwrap());
        &NOW
    }
    pub fn typed(amount: &str, time: &str) -> Typed {
        Typed { amount: amount.to_owned(), time: time.to_owned(), ..Typed::default() }
    }
    /// The new item.
    pub fn with(edit: Result<PlanEdit, Refusal>) -> PlanItem {
        let Ok(PlanEdit::Replace { with, .. }) = edit else { panic!("it is replaced") };
        *with
    }

    #[test]
    fn what_waits_for_a_date_stays_counted_from_it() {
        let item = PlanItem { for_days: 14.into(), ..daily("Progesterone", "400 mg", "transfer+0d@21:00") };
        let r = plan_of(Cycle::default(), &item);
        let place = here();
        let call = said(&r, &place, "2026-05-04");
        let dose = with(call.change((OLD, &item), &typed("600", "21:00"), NEW));
        assert_eq!(dose, PlanItem { amount: amount("600 mg"), ..item.clone() });
        let time = with(call.change((OLD, &item), &typed("400", "20:00"), NEW));
        assert_eq!(time, PlanItem { when: when("transfer+0d@20:00"), ..item.clone() });
        // Minutes have no time of day, and a time of another zone needs a day.
        let hours = PlanItem { when: when("trigger+2160m"), ..item.clone() };
        assert_eq!(with(call.change((OLD, &hours), &typed("600", ""), NEW)).when, hours.when);
        assert!(call.change((OLD, &hours), &typed("600", "10:00"), NEW) == Err(Refusal::NoDay));
        let far = Place { chosen: Zone::parse("Atlantic/Canary").ok(), ..here() };
        let call = said(&r, &far, "2026-05-04");
        assert!(call.change((OLD, &item), &typed("600", "20:00"), NEW) == Err(Refusal::NoDay));
    }

    #[test]
    fn what_has_not_begun_moves_with_its_date_after_the_change_too() {
        let start =
            |day: &str| Cycle { progesterone_start: Moment::day(date(day)).into(), ..Cycle::default() };
        let item = daily("Progesterone", "400 mg", "progesterone_start+0d@21:00");
        let r = plan_of(start("2026-05-07"), &item);
        let place = here();
        let call = said(&r, &place, "2026-05-07");
        let edit = call.change((OLD, &item), &typed("600", "20:00"), NEW);
        assert!(matches!(edit, Ok(PlanEdit::Replace { from, .. }) if from == now().date), "all of it");
        let new = with(edit);
        assert_eq!(new.when, when("progesterone_start+0d@20:00"));
        // Begun, it stands on the days that it has.
        let begun = said(&r, &place, "2026-05-08").change((OLD, &item), &typed("600", "20:00"), NEW);
        assert_eq!(with(begun).when, when("2026-05-08T20:00+02:00[Europe/Berlin]"));
        // A time of another zone stands on its day, and so does one of what is counted in minutes.
        let far = Place { chosen: Zone::parse("Atlantic/Canary").ok(), ..here() };
        let told = said(&r, &far, "2026-05-04").change((OLD, &item), &typed("600", "20:00"), NEW);
        assert_eq!(with(told).when, when("2026-05-07T20:00+02:00[Atlantic/Canary]"));
    }

    #[test]
    fn a_line_that_another_has_replaced_by_then_is_not_offered() {
        let mut old = daily("Gonal-f", "225 IU", "2026-05-01T21:00");
        old.stopped_from = date("2026-05-05").into();
        let mut r = plan_of(Cycle::default(), &old);
        let on = |r: &CycleRecord, from: &str| is_offered(r, (OLD, &old), (now().date, date(from)));
        assert!(on(&r, "2026-05-08"), "nothing is there instead");
        let new = PlanItem { replaces: OLD.into(), ..daily("Gonal-f", "150 IU", "2026-05-05T21:00") };
        r.plan.push((NEW, new.clone()));
        assert!(!on(&r, "2026-05-08") && !on(&r, "2026-05-05"));
        assert!(on(&r, "2026-05-04"), "tonight it is due still");
        assert!(is_offered(&r, (NEW, &new), (now().date, date("2026-05-08"))));
        // What is changed of its last day ends with it.
        let place = here();
        let call = said(&r, &place, "2026-05-04");
        let tonight = with(call.change((OLD, &old), &typed("75", "21:00"), EntityId::from_bytes([8; 16])));
        assert_eq!(tonight.stopped_from, old.stopped_from);
        let later = said(&r, &place, "2026-05-08");
        assert!(later.stop((OLD, &old)).is_none());
        // The difference begins today, whatever day was said.
        assert_eq!((later.span().from, call.span().from), (now().date, now().date));
    }

    #[test]
    fn what_was_over_begins_again_on_the_day_that_was_said() {
        let item = PlanItem { for_days: 3.into(), ..daily("Progesterone", "400 mg", "2026-05-01T21:00") };
        let r = plan_of(Cycle::default(), &item);
        let again = with(said(&r, &here(), "2026-05-04").change((OLD, &item), &typed("200", "21:00"), NEW));
        assert_eq!(again.when, when("2026-05-04T21:00+02:00[Europe/Berlin]"));
        assert_eq!((again.for_days, again.amount), (Told::Unknown, amount("200 mg")));
    }
}
