//! The events of one embryo: in the order in which they can have happened, and how old it was at each.

use super::labels::embryo_age;
use crate::{
    merge::Book,
    model::{
        EmbryoEvent, EntityId, Moment, SortKey, Told,
        embryo::{EmbryoState, EventKind},
    },
};
use keepwell_domain::time::Date;

/// An event and its id.
pub type Entry = (EntityId, EmbryoEvent);

/// Where an event stands among those of its day of which no time is told, if it can stand there: what begins a day in a
/// laboratory before what ends it.
const fn rank(what: Option<EventKind>) -> u8 {
    match what {
        Some(EventKind::Moved) => 0,
        Some(EventKind::Thawed) => 1,
        Some(EventKind::Observed) | None => 2,
        Some(EventKind::Biopsied) => 3,
        Some(EventKind::Tested) => 4,
        Some(EventKind::Frozen) => 5,
        Some(EventKind::Transferred) => 6,
        Some(EventKind::Outcome) => 7,
        Some(EventKind::Arrested) => 8,
        Some(EventKind::Donated) => 9,
        Some(EventKind::Discarded) => 10,
    }
}

fn date(e: &Entry) -> Option<Date> {
    e.1.at.known().map(|m| m.date)
}

/// When an event was, where its time is told too.
fn time(e: &Entry) -> Option<SortKey> {
    e.1.at.known().filter(|m| m.clock.is_some()).map(Moment::sort_key)
}

/// Events in order: by day and, as far as it is told, by time. Those of a day whose times are not told stand where they
/// can have happened (thawed, then transferred; biopsied, then frozen). Events without a day come last.
#[must_use]
pub fn in_order(mut events: Vec<&Entry>) -> Vec<&Entry> {
    crate::order::sort_by_key(&mut events, |e| (e.1.at.known().map_or((i64::MAX, 0), Moment::sort_key), e.0));
    let mut state = EmbryoState::Growing;
    let mut out = Vec::with_capacity(events.len());
    for day in events.chunk_by(|a, b| date(a) == date(b)) {
        let mut rest = day.to_vec();
        while let Some(next) = next_of(&rest, state) {
            let event = rest.remove(next);
            state = state.after(&event.1).unwrap_or(state);
            out.push(event);
        }
    }
    out
}

/// Which event of a day comes next; one that cannot have happened only where no other is left.
fn next_of(rest: &[&Entry], state: EmbryoState) -> Option<usize> {
    let first = rest.iter().filter_map(|e| time(e)).min();
    let may_be_next = |e: &Entry| time(e).is_none_or(|at| Some(at) == first);
    let all = (0..rest.len()).filter(|i| may_be_next(rest[*i]));
    all.min_by_key(|i| (state.after(&rest[*i].1).is_err(), rank(rest[*i].1.what.get())))
}

/// How old an embryo is, in days of growth: the time in which it is frozen is none. The day of insemination is 0.
#[derive(Clone, Copy)]
pub struct Age {
    state: EmbryoState,
    /// The day on which it would have been 0 had it never been frozen.
    zero: Option<Date>,
    /// How old it was when it was frozen.
    frozen: Option<i64>,
}

impl Age {
    /// That of an embryo of which nothing happened yet.
    #[must_use]
    pub fn new(day_zero: Option<Date>) -> Self {
        Self { state: EmbryoState::Growing, zero: day_zero, frozen: None }
    }

    /// The age on a day, if nothing happens until then; `None` once it grows here no more.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<i64> {
        match self.state {
            EmbryoState::Growing | EmbryoState::Thawed => {
                Some(embryo_age(self.zero?, date)).filter(|n| *n >= 0)
            }
            EmbryoState::Frozen => self.frozen,
            _ => None,
        }
    }

    /// Goes on to the next event, and gives the age at it: as the laboratory stated it, else as counted. What comes about
    /// a frozen embryo, or later, has no age.
    pub fn at(&mut self, event: &EmbryoEvent) -> Option<i64> {
        let stated = event.day.get();
        let Ok(after) = self.state.after(event) else { return stated };
        let before = std::mem::replace(&mut self.state, after);
        let date = event.at.known().map(|m| m.date);
        let is_told = before != EmbryoState::Frozen || event.what == Told::Known(EventKind::Thawed);
        let counted = || Self { state: before, ..*self }.on(date?).filter(|_| is_told);
        let age = stated.or_else(counted);
        let zero = || Some(Date::from_days(date?.days() - age?));
        match (before, after) {
            (EmbryoState::Growing | EmbryoState::Thawed, EmbryoState::Frozen) => self.frozen = age,
            (EmbryoState::Frozen, EmbryoState::Thawed) => self.zero = zero(),
            // Where day 0 is not known, what the laboratory says of one day tells it.
            _ => self.zero = self.zero.or_else(zero),
        }
        age
    }
}

/// The age of an embryo on a day, by what happened to it until then.
#[must_use]
pub fn age_on(book: &Book, embryo: EntityId, on: Date) -> Option<i64> {
    let all: Vec<Entry> =
        book.all::<EmbryoEvent>().filter(|(_, e)| e.embryo == Told::Known(embryo)).collect();
    let mut age = Age::new(super::day_zero(book, embryo));
    let until = in_order(all.iter().collect()).into_iter().filter(|e| date(e).is_some_and(|d| d <= on));
    until.for_each(|e| {
        age.at(&e.1);
    });
    age.on(on)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::TextType;
    use proptest::prelude::*;

    fn entry(id: u8, what: EventKind, at: &str) -> Entry {
        let at = Moment::from_text(at).unwrap();
        (
            EntityId::from_bytes([id; 16]),
            EmbryoEvent { what: what.into(), at: at.into(), ..EmbryoEvent::default() },
        )
    }

    /// What stands in order, for each way in which the ids may have fallen.
    fn told(events: &[(EventKind, &str)]) -> Vec<EventKind> {
        let order = |shift: usize| {
            let n = events.len();
            let id = |i: usize| u8::try_from((i + shift) % n).unwrap();
            let all: Vec<Entry> =
                events.iter().enumerate().map(|(i, (what, at))| entry(id(i), *what, at)).collect();
            let kinds: Vec<EventKind> =
                in_order(all.iter().collect()).iter().map(|e| e.1.what.get().unwrap()).collect();
            kinds
        };
        let first = order(0);
        assert!((1..events.len()).all(|shift| order(shift) == first));
        first
    }

    #[test]
    fn what_happened_on_one_day_stands_as_it_can_have_happened() {
        use EventKind::*;
        let frozen = (Frozen, "2026-01-06");
        let day = "2026-04-02";
        assert_eq!(told(&[(Transferred, day), frozen, (Thawed, day)]), [Frozen, Thawed, Transferred]);
        assert_eq!(
            told(&[(Transferred, "2026-04-02T11:00+02:00"), (Observed, day), (Thawed, day), frozen]),
            [Frozen, Thawed, Observed, Transferred]
        );
        assert_eq!(told(&[(Frozen, day), (Tested, day), (Biopsied, day)]), [Biopsied, Tested, Frozen]);
        // Frozen again on the day on which it was thawed for the biopsy; and moved before that.
        assert_eq!(
            told(&[frozen, (Frozen, day), (Moved, day), (Biopsied, day), (Thawed, day)]),
            [Frozen, Moved, Thawed, Biopsied, Frozen]
        );
        // Frozen and thawed on one day, from culture.
        assert_eq!(told(&[(Thawed, day), (Frozen, day)]), [Frozen, Thawed]);
        // Times that are told say more than what is usual.
        assert_eq!(
            told(&[(Observed, "2026-04-02T16:00"), (Transferred, "2026-04-02T11:00")]),
            [Transferred, Observed]
        );
    }

    fn ages(day_zero: Option<&str>, events: &[(EventKind, &str, Option<i64>)]) -> Vec<Option<i64>> {
        let mut age = Age::new(day_zero.and_then(|d| Date::parse(d).ok()));
        let of = |(what, at, day): &(EventKind, &str, Option<i64>)| {
            let (_, mut e) = entry(0, *what, at);
            e.day = day.map_or(Told::Unknown, Told::Known);
            e
        };
        events.iter().map(|e| age.at(&of(e))).collect()
    }

    #[test]
    fn the_time_in_the_freezer_is_no_age() {
        use EventKind::*;
        let all = [
            (Observed, "2026-01-04", None),
            (Frozen, "2026-01-06", None),
            (Moved, "2026-02-01", None),
            (Thawed, "2026-04-02", None),
            (Transferred, "2026-04-03", None),
            (Outcome, "2026-04-14", None),
        ];
        assert_eq!(ages(Some("2026-01-01"), &all), [Some(3), Some(5), None, Some(5), Some(6), None]);
        // What the laboratory states stands, and what is counted after it counts from there.
        let stated =
            [(Frozen, "2026-01-07", Some(5)), (Thawed, "2026-04-02", None), (Observed, "2026-04-03", None)];
        assert_eq!(ages(Some("2026-01-01"), &stated), [Some(5), Some(5), Some(6)]);
        assert_eq!(ages(None, &stated), [Some(5), Some(5), Some(6)]);
        assert_eq!(ages(None, &[(Observed, "2026-01-04", None), (Frozen, "2026-01-06", None)]), [None, None]);
        let told_late = [(Observed, "2026-01-04", Some(3)), (Observed, "2026-01-06", None)];
        assert_eq!(ages(None, &told_late), [Some(3), Some(5)]);
        // Before day 0 there is none.
        assert_eq!(ages(Some("2026-01-01"), &[(Observed, "2025-12-31", None)]), [None]);
    }

    proptest! {
        #[test]
        fn the_order_is_one_of_all_and_does_not_hang_on_how_they_came(
            kinds in prop::collection::vec((0..EventKind::ALL.len(), 1u8..4, prop::option::of(0u8..24)), 0..7),
            turn in 0usize..7,
        ) {
            let at = |day: u8, hour: Option<u8>| match hour {
                Some(hour) => format!("2026-01-0{day}T{hour:02}:00+01:00"),
                None => format!("2026-01-0{day}"),
            };
            let mut all: Vec<Entry> = kinds
                .iter()
                .enumerate()
                .map(|(i, (k, day, hour))| entry(u8::try_from(i).unwrap(), EventKind::ALL[*k], &at(*day, *hour)))
                .collect();
            let ids = |all: &[Entry]| in_order(all.iter().collect()).iter().map(|e| e.0).collect::<Vec<_>>();
            let before = ids(&all);
            let times: Vec<SortKey> = in_order(all.iter().collect()).into_iter().filter_map(time).collect();
            prop_assert!(times.is_sorted());
            let days: Vec<Option<Date>> = in_order(all.iter().collect()).into_iter().map(date).collect();
            prop_assert!(days.is_sorted());
            let turn = turn.checked_rem(all.len()).unwrap_or(0);
            all.rotate_left(turn);
            prop_assert_eq!(ids(&all), before.clone());
            let mut sorted = before;
            sorted.sort_unstable();
            prop_assert!(sorted.iter().zip(0u8..).all(|(id, n)| *id == EntityId::from_bytes([n; 16])));
            prop_assert_eq!(sorted.len(), all.len());
        }
    }
}
