//! Which deed fulfils what of the plan.

use super::{
    amounts::are_together,
    cycle::{CycleRecord, Dated},
    deeds::{Deed, DeedState},
    parts::{self, join_parts},
    schedule::{Occurrence, Span, occurrences},
    whole_plan::{NEAR, is_near},
};
use crate::formulary::folded;
use crate::model::{EntityId, Moment, Offsets, PlanItem, Told, plan::PlanKind};
use keepwell_domain::time::Date;

/// Minutes by which something that is planned for after midnight may be done on the day before.
const EARLY: i64 = 120;
/// Minutes by which a dose may be early on its day, and late also over midnight. The morning after, a dose is rather the
/// one that was missed than that of the evening, which has to ring.
const EARLY_DOSE: i64 = 360;
const LATE_DOSE: i64 = 960;
/// Within so many minutes of its time another amount than planned is that dose all the same. Further away it is a dose of
/// its own: an additional one in the morning must not silence that of the evening.
const ABOUT: i64 = 120;

/// Something that is planned for a time, and waits for a deed.
pub(super) struct Wanted<'a> {
    pub item: &'a PlanItem,
    pub planned: Occurrence,
    /// Whose it is, where that is told.
    person: Option<EntityId>,
    /// Whether it is an item of the plan, and no planned key date.
    is_of_plan: bool,
}

/// What is planned for a span and for the days beside it: what was done in a night may be meant for either day.
pub(super) fn wanted<'a>(
    r: &CycleRecord,
    plan: &'a Dated<PlanItem>,
    span: Span,
    offsets: &dyn Offsets,
) -> Vec<Wanted<'a>> {
    let wide = Span { from: Date::from_days(span.from.days() - 1), to: Date::from_days(span.to.days() + 1) };
    let of = |(id, item): &'a (EntityId, PlanItem)| {
        let is_of_plan = r.plan.iter().any(|(own, _)| own == id);
        let all = occurrences(r, (*id, item), wide, offsets);
        let person = item.person.get().or(r.cycle.person.get());
        all.into_iter().map(move |planned| Wanted { item, planned, person, is_of_plan })
    };
    plan.iter().flat_map(of).collect()
}

/// How a deed may fit what is planned, the best first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It names it.
    Named,
    /// It names a time that its item had before it was put on another hour.
    Moved,
    /// It is of its kind, names nothing, and was at about its time or, where a time is not told, on its day.
    Near,
    /// The same, at whatever time of its day.
    Day,
    /// It fulfils something else and this, too.
    Shared,
}

/// Which deed fulfils each. Of several that fit alike the nearest in time does, wherever it stands in the plan.
pub(super) fn assign(wanted: &[Wanted<'_>], deeds: &mut [Deed]) -> Vec<Option<usize>> {
    let mut found = vec![None; wanted.len()];
    // The key dates come last: they may share the entry that fulfils an item of the plan.
    for is_of_plan in [true, false] {
        for fit in [Fit::Named, Fit::Moved, Fit::Near, Fit::Day, Fit::Shared] {
            for (w, d) in pairs(wanted, deeds, is_of_plan, fit) {
                let is_free = fit == Fit::Shared || !deeds[d].taken;
                // What was left out may have been caught up all the same.
                let is_caught_up = |at: usize| {
                    fit == Fit::Near
                        && deeds[at].state == DeedState::Skipped
                        && deeds[d].state == DeedState::Done
                };
                let is_open = found[w].is_none_or(is_caught_up);
                // What was a part of one that is complete by now is none any more.
                if is_open && is_free && fits(wanted, w, deeds, d, fit) {
                    found[w] = Some(d);
                    deeds[d].taken = true;
                    // Before what is left of it can fulfil something else.
                    join_parts(&wanted[w], &open(wanted, &found), deeds, d);
                }
            }
        }
    }
    found
}

/// What nothing fulfils yet.
fn open<'w, 'a>(wanted: &'w [Wanted<'a>], found: &[Option<usize>]) -> Vec<&'w Wanted<'a>> {
    wanted.iter().zip(found).filter(|(_, at)| at.is_none()).map(|(w, _)| w).collect()
}

/// All pairs that fit, the nearest first; of those at about its time what has its amount. A trigger stands before the dose
/// that it was, which shows as part of it; and of a draw what no beta may need before what one may.
fn pairs(wanted: &[Wanted<'_>], deeds: &[Deed], is_of_plan: bool, fit: Fit) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for (i, w) in wanted.iter().enumerate().filter(|(_, w)| w.is_of_plan == is_of_plan) {
        for (j, d) in deeds.iter().enumerate().filter(|(j, _)| fits(wanted, i, deeds, *j, fit)) {
            let is_foreign = d.is_hcg || Some(d.kind) != w.item.what.get();
            let apart = w.apart(d).unwrap_or(NEAR);
            // The second drug of a trigger is that of its own item.
            let is_other = d.drug.is_some() && w.item.drug.is_known() && !same_drug(w.item, d);
            all.push((is_foreign, is_other, apart > ABOUT, w.differs(d), apart, i, j));
        }
    }
    crate::order::sort_by_key(&mut all, |pair| *pair);
    all.into_iter().map(|(.., i, j)| (i, j)).collect()
}

fn fits(wanted: &[Wanted<'_>], i: usize, deeds: &[Deed], at: usize, fit: Fit) -> bool {
    let (w, d) = (&wanted[i], &deeds[at]);
    let (item, planned) = (w.item, &w.planned.at);
    let Some(kind) = item.what.get() else { return false };
    let same_day = d.at.date == planned.date;
    let meant = d.planned_for.as_ref().is_some_and(|p| w.is_at(p));
    match fit {
        Fit::Named => {
            // Of a dose there may be several on a day; a trigger whose time was moved is still that trigger.
            let may_be = d.kind != PlanKind::Dose || d.planned_for.is_none();
            d.item == Some(w.planned.item) && (meant || may_be && same_day)
        }
        Fit::Moved => kind == PlanKind::Dose && w.had(d, wanted),
        Fit::Near | Fit::Day if d.item.is_some() => false,
        Fit::Near => {
            // A deed of the night before is one that is ahead of its time by little only: else it is a late one of its
            // own day.
            let within = |early: i64, late: i64| {
                let early = if same_day { early } else { EARLY };
                d.at.minutes_since(planned).map_or(same_day, |n| (-early..=late).contains(&n))
            };
            match kind {
                PlanKind::Trigger if d.kind == PlanKind::Trigger => within(NEAR, NEAR) || meant,
                PlanKind::Trigger => within(NEAR, NEAR) && (w.may_be(deeds, at) || w.is_shot(d)),
                PlanKind::Dose => within(EARLY_DOSE, LATE_DOSE) && w.may_be(deeds, at),
                k => same_day && d.kind == k,
            }
        }
        Fit::Day => {
            let is_shot = matches!(kind, PlanKind::Dose | PlanKind::Trigger);
            let is_trigger = kind == PlanKind::Trigger && d.kind == PlanKind::Trigger;
            is_shot && same_day && (is_trigger || w.may_be(deeds, at))
        }
        Fit::Shared => {
            // hCG is a beta, whether it fulfils the blood that was planned beside it or not.
            let is_beta = kind == PlanKind::Beta && d.is_hcg && same_day;
            let is_shot = kind == PlanKind::Trigger && w.is_shot(d) && is_near(&d.at, planned);
            is_beta || !w.is_of_plan && (is_shot || d.kind == kind && (meant || is_near(&d.at, planned)))
        }
    }
}

impl Wanted<'_> {
    /// Minutes between it and a deed, where both have a time.
    pub fn apart(&self, d: &Deed) -> Option<i64> {
        d.at.minutes_since(&self.planned.at).map(i64::abs)
    }

    /// Whether a deed is a dose of its drug to its person.
    pub fn is_of(&self, d: &Deed) -> bool {
        d.kind == PlanKind::Dose && self.is_for(d) && same_drug(self.item, d)
    }

    /// Whether it may be of the same person.
    fn is_for(&self, d: &Deed) -> bool {
        self.person.zip(d.person).is_none_or(|(a, b)| a == b)
    }

    /// Whether it is planned for that time.
    fn is_at(&self, at: &Moment) -> bool {
        self.planned.at.date == at.date && self.planned.at.clock == at.clock
    }

    /// Whether a dose names a time that is no more of an item, and this is what became of it: the item was put on another
    /// hour, or another took its place. On the day that the dose was for, and near that time, since of several on a day
    /// the one that was given must not silence another. What was left out says nothing of another hour.
    fn had(&self, d: &Deed, wanted: &[Wanted<'_>]) -> bool {
        let (Some(item), Some(at)) = (d.item, &d.planned_for) else { return false };
        if d.kind != PlanKind::Dose || d.state == DeedState::Skipped || self.planned.at.date != at.date {
            return false;
        }
        let is_own = self.planned.item == item || self.item.replaces == Told::Known(item);
        let apart = at.minutes_since(&self.planned.at).map_or(0, i64::abs);
        if !is_own && (d.names_a_plan || !self.is_of(d)) || apart > EARLY_DOSE {
            return false;
        }
        let stands = wanted.iter().any(|w| w.planned.item == item && w.is_at(at));
        let of_day = |w: &&Wanted<'_>| w.planned.item == self.planned.item && w.planned.at.date == at.date;
        let is_single = is_own && wanted.iter().filter(of_day).count() == 1;
        !stands && (apart <= ABOUT || is_single && apart < EARLY_DOSE)
    }

    /// Whether a dose that names nothing may be it.
    fn may_be(&self, deeds: &[Deed], at: usize) -> bool {
        let d = &deeds[at];
        let is_far = || self.apart(d).is_some_and(|n| n > ABOUT);
        let is_own = d.state == DeedState::Done && self.differs(d) && is_far();
        self.is_of(d) && (!is_own || parts::is_whole(self, deeds, at))
    }

    /// Whether a dose was the trigger where the plan names no drug.
    fn is_shot(&self, d: &Deed) -> bool {
        let names_none = !self.item.drug.is_known() && !self.item.medication.is_known();
        // Forms say of every hCG that it is for the trigger: hours before its time, it is something else.
        let is_near = self.apart(d).is_none_or(|n| n <= ABOUT);
        let is_given = d.kind == PlanKind::Dose && d.state != DeedState::Skipped;
        names_none && is_given && d.is_trigger && is_near && self.is_for(d)
    }

    /// Whether another amount was given than is planned, or one that cannot be compared.
    fn differs(&self, d: &Deed) -> bool {
        let both = self.item.amount.known().zip(d.amount.as_ref());
        both.is_some_and(|(planned, given)| !are_together([given], planned))
    }
}

fn same_drug(item: &PlanItem, d: &Deed) -> bool {
    // Two packs of one drug are two entries of the catalogue, mostly under one name.
    let same_entry = item.medication.get().is_some_and(|of| d.medication == Some(of));
    let names = item.drug.known().zip(d.drug.as_ref());
    same_entry || names.is_some_and(|(a, b)| folded(a) == folded(b))
}
