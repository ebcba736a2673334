//! From eggs to transfer: what remained at each step. No chances and no expectations.

use super::{
    cycle::CycleRecord,
    embryos::{EmbryoCard, embryo_cards},
};
use crate::model::{
    Retrieval, Told,
    embryo::{EmbryoState, EventKind, Pgt},
    open_codes,
};

open_codes! {
    /// A step of the funnel.
    FunnelStep {
        Retrieved = "retrieved", Mature = "mature", Fertilised = "fertilised", DayThree = "day_3",
        Blastocysts = "blastocysts", Biopsied = "biopsied", Euploid = "euploid", Frozen = "frozen",
        Transferred = "transferred",
    }
}

/// One step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FunnelStage {
    /// Which.
    pub step: FunnelStep,
    /// How many; what is not known, not told or not done is not zero.
    pub count: Told<i64>,
    /// Whether it was counted from the embryos one by one because the laboratory's count is missing.
    pub is_counted: bool,
    /// Embryos that still grow, or whose result is still to come or held: the count may rise by so many.
    pub pending: i64,
}

impl std::fmt::Debug for FunnelStage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FunnelStage({} ***)", self.step.as_str())
    }
}

/// The steps in their order.
pub type Funnel = Vec<FunnelStage>;

/// The funnel of a cycle. Two retrievals are added up; a number missing in one makes the sum unknown.
#[must_use]
pub fn funnel(r: &CycleRecord) -> Funnel {
    let cards = embryo_cards(r, false);
    let no_testing = r.cycle.with_pgt == Told::Known(false);
    let plain = |step, count| FunnelStage { step, count, is_counted: false, pending: 0 };
    let with_embryos = |step, told: Told<i64>, count: &dyn Fn(&EmbryoCard) -> bool| {
        if told.is_known() || cards.is_empty() {
            return plain(step, told);
        }
        let n = cards.iter().filter(|c| count(c)).count();
        let growing = cards.iter().filter(|c| c.state == EmbryoState::Growing && !count(c)).count();
        // Of embryos that still grow it is not yet known; none so far is no zero.
        let count = if n == 0 && growing > 0 { Told::Unknown } else { Told::Known(whole(n)) };
        FunnelStage { step, count, is_counted: true, pending: whole(growing) }
    };
    let happened = |c: &EmbryoCard, what| {
        let wrong = |id| c.impossible.iter().any(|(i, _)| *i == id);
        c.events.iter().any(|(id, e, _)| e.what == Told::Known(what) && !wrong(*id))
    };
    let grew_to = |c: &EmbryoCard, day: i64| {
        let seen = |what: Option<EventKind>| {
            !matches!(what, Some(EventKind::Arrested | EventKind::Discarded) | None)
        };
        c.events.iter().any(|(_, e, age)| seen(e.what.get()) && age.is_some_and(|a| a >= day && a < 14))
    };
    let sum = |of: fn(&Retrieval) -> Told<i64>| total(r.retrievals.iter().map(|(_, x)| of(x)));
    let biopsied =
        with_embryos(FunnelStep::Biopsied, sum(|x| x.biopsied), &|c| happened(c, EventKind::Biopsied));
    vec![
        plain(FunnelStep::Retrieved, sum(|x| x.retrieved)),
        plain(FunnelStep::Mature, sum(|x| x.mature)),
        plain(FunnelStep::Fertilised, sum(|x| x.pn2)),
        with_embryos(FunnelStep::DayThree, sum(|x| x.day3), &|c| grew_to(c, 3)),
        with_embryos(FunnelStep::Blastocysts, sum(blastocysts), &|c| grew_to(c, 5)),
        if no_testing { plain(FunnelStep::Biopsied, Told::NotDone) } else { biopsied },
        if no_testing {
            plain(FunnelStep::Euploid, Told::NotDone)
        } else {
            euploid(&cards, biopsied.count, &happened)
        },
        with_embryos(FunnelStep::Frozen, sum(|x| x.frozen), &|c| happened(c, EventKind::Frozen)),
        transferred(r, &cards, &happened),
    ]
}

/// Blastocysts as told in all, else day 5, 6 and 7 together where day 5 was told.
fn blastocysts(x: &Retrieval) -> Told<i64> {
    if x.blastocysts.is_known() {
        return x.blastocysts;
    }
    match x.day5 {
        Told::Known(n) => Told::Known(n + x.day6.get().unwrap_or(0) + x.day7.get().unwrap_or(0)),
        absent if x.blastocysts == Told::Unknown => absent,
        _ => x.blastocysts,
    }
}

/// A sum of what was told; the first thing that was not makes the sum that.
fn total(counts: impl Iterator<Item = Told<i64>>) -> Told<i64> {
    let mut sum = None;
    for count in counts {
        match count {
            Told::Known(n) => sum = Some(sum.unwrap_or(0) + n),
            absent => return absent,
        }
    }
    sum.into()
}

/// Normal by the test. Without any result it is not known, however many were biopsied.
fn euploid(
    cards: &[EmbryoCard],
    biopsied: Told<i64>,
    happened: &dyn Fn(&EmbryoCard, EventKind) -> bool,
) -> FunnelStage {
    let tested =
        cards.iter().filter(|c| happened(c, EventKind::Biopsied) || c.pgt.is_known() || c.holds_result);
    let (mut normal, mut known, mut pending) = (0, 0, 0);
    for c in tested {
        match c.pgt {
            Told::Known(found) => {
                known += 1;
                normal += i64::from(matches!(found, Pgt::Euploid | Pgt::Unaffected));
            }
            _ => pending += 1,
        }
    }
    let count = match biopsied {
        Told::Known(0) => Told::NotDone,
        Told::NotDone => Told::NotDone,
        _ if known > 0 => Told::Known(normal),
        Told::NotTold => Told::NotTold,
        _ => Told::Unknown,
    };
    FunnelStage { step: FunnelStep::Euploid, count, is_counted: count.is_known(), pending }
}

/// Embryos of this retrieval that were transferred, in this cycle or later; where none of them one by one says so, the
/// counts of this cycle's transfers.
fn transferred(
    r: &CycleRecord,
    cards: &[EmbryoCard],
    happened: &dyn Fn(&EmbryoCard, EventKind) -> bool,
) -> FunnelStage {
    let step = FunnelStep::Transferred;
    let n = cards.iter().filter(|c| happened(c, EventKind::Transferred)).count();
    // A transfer is entered without saying which embryos it was of: none is no zero then.
    if n > 0 || (!cards.is_empty() && r.transfers.is_empty()) {
        return FunnelStage { step, count: Told::Known(whole(n)), is_counted: true, pending: 0 };
    }
    let count = match total(r.transfers.iter().map(|(_, t)| t.count)) {
        Told::Unknown if r.transfers.is_empty() && r.cycle.freeze_all == Told::Known(true) => Told::NotDone,
        told => told,
    };
    FunnelStage { step, count, is_counted: false, pending: 0 }
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
