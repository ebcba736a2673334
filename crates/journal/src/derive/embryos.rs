//! Embryos one by one, as the board shows them.

use super::{
    cycle::{CycleRecord, record},
    embryo_course::{Age, Entry, in_order},
    key_dates::{Certainty, Fixed},
};
use crate::merge::Book;
use crate::model::{
    Embryo, EmbryoEvent, EntityId, KeyDate, Moment, Told,
    embryo::{EmbryoState, EventKind, Impossible, Pgt, Sex, follow},
    grade::{Gardner, Scheme},
};
use crate::redact::redacted;
use keepwell_domain::time::Date;

/// One embryo as it stands.
#[derive(Clone, PartialEq)]
pub struct EmbryoCard {
    /// The embryo.
    pub id: EntityId,
    /// Itself.
    pub embryo: Embryo,
    /// Its one state.
    pub state: EmbryoState,
    /// Since when, as far as entered.
    pub since: Option<Moment>,
    /// Day 0.
    pub fertilised_on: Option<Date>,
    /// Its events in order, with its age in days at each: as the laboratory stated it, or as counted from day 0
    /// without the time in which it was frozen.
    pub events: Vec<(EntityId, EmbryoEvent, Option<i64>)>,
    /// The last grade as told.
    pub grade: Option<(String, Option<Scheme>)>,
    /// What can be read of it in Gardner's scheme.
    pub gardner: Option<Gardner>,
    /// The last finding of a test; not told while it is held.
    pub pgt: Told<Pgt>,
    /// Whether a result is held until the person wants to see it.
    pub holds_result: bool,
    /// The finding on sex: only where the embryo or the person's wishes say that it is shown.
    pub sex: Option<Sex>,
    /// The finding in words, which may name the sex: only where that is shown.
    pub finding: Option<String>,
    /// Whether there is a finding on sex, or one in words, that is not shown.
    pub hides_sex: bool,
    /// Where it is stored.
    pub place: Option<String>,
    /// Under which agreement.
    pub storage: Option<EntityId>,
    /// Events that cannot have happened in its state: for the person to look at.
    pub impossible: Vec<(EntityId, Impossible)>,
}

/// The embryos of a cycle's retrieval. `show_sex` is the person's wish for all of them.
#[must_use]
pub fn embryo_cards(r: &CycleRecord, show_sex: bool) -> Vec<EmbryoCard> {
    let mut cards: Vec<EmbryoCard> = r.embryos.iter().map(|(id, e)| card(r, *id, e, show_sex)).collect();
    // `2` comes before `10`, and what has no number comes last.
    crate::order::sort_by_key(&mut cards, |c| {
        let label = c.embryo.label.known().cloned().unwrap_or_default();
        let digits: String = label.chars().filter(char::is_ascii_digit).take(9).collect();
        (digits.parse::<u32>().unwrap_or(u32::MAX), label, c.id)
    });
    cards
}

/// Day 0 of an embryo: as it is told, or the day of its retrieval.
#[must_use]
pub fn day_zero(book: &Book, embryo: EntityId) -> Option<Date> {
    let told: Embryo = book.get(embryo)?;
    let counted = |cycle| {
        let cards = embryo_cards(&record(book, cycle)?, false);
        cards.into_iter().find(|c| c.id == embryo)?.fertilised_on
    };
    told.fertilised_on.get().or_else(|| counted(told.cycle.get()?))
}

fn card(r: &CycleRecord, id: EntityId, embryo: &Embryo, show_sex: bool) -> EmbryoCard {
    let ours: Vec<&Entry> = r.embryo_events.iter().filter(|(_, e)| e.embryo == Told::Known(id)).collect();
    let ours = in_order(ours);
    let events: Vec<EmbryoEvent> = ours.iter().map(|(_, e)| e.clone()).collect();
    let course = follow(&events);
    let is_possible = |i: usize| !course.impossible.iter().any(|(n, _)| *n == i);
    let possible = || events.iter().enumerate().filter(|(i, _)| is_possible(*i)).map(|(_, e)| e);
    let changes =
        |e: &&EmbryoEvent| !matches!(e.what.get(), Some(EventKind::Observed | EventKind::Tested) | None);
    let day_zero = embryo.fertilised_on.get().or_else(|| {
        let of = |x: &&(EntityId, crate::model::Retrieval)| embryo.retrieval == Told::Known(x.0);
        let own = r.retrievals.iter().find(of).and_then(|(_, x)| x.at.known()).map(|m| m.date);
        // After two retrievals it is not known of which one an embryo is that does not say so.
        let took_place = |f: &Fixed| f.certainty == Certainty::Happened;
        let is_one = !r.dates.get(KeyDate::SecondRetrieval).is_some_and(took_place);
        own.or_else(|| r.dates.date(KeyDate::Retrieval).filter(|_| is_one))
    });
    let held = |e: &EmbryoEvent| e.held == Told::Known(true);
    let graded = possible().rfind(|e| e.grade.is_known() && !held(e));
    let tested = possible().rfind(|e| e.pgt.is_known());
    // Who moves an embryo may name the new place and not the agreement, which goes on, or the other way round.
    let kept = || {
        let is_kept = |e: &&EmbryoEvent| matches!(e.what.get(), Some(EventKind::Frozen | EventKind::Moved));
        possible().filter(is_kept).filter(|_| course.state == EmbryoState::Frozen)
    };
    let shows_sex = show_sex || embryo.show_sex == Told::Known(true);
    EmbryoCard {
        id,
        embryo: embryo.clone(),
        state: course.state,
        since: possible().rfind(changes).and_then(|e| e.at.known().cloned()),
        fertilised_on: day_zero,
        grade: graded.and_then(|e| Some((e.grade.known()?.clone(), e.scheme.get()))),
        gardner: graded.and_then(|e| {
            let is_gardner = matches!(e.scheme.get(), Some(Scheme::Gardner) | None);
            e.grade.known().filter(|_| is_gardner).and_then(|g| Gardner::parse(g).ok())
        }),
        pgt: match tested {
            Some(e) if held(e) => Told::NotTold,
            Some(e) => e.pgt,
            None => Told::Unknown,
        },
        holds_result: possible().any(held),
        sex: tested.filter(|e| shows_sex && !held(e)).and_then(|e| e.sex.get()),
        finding: tested.filter(|e| shows_sex && !held(e)).and_then(|e| e.pgt_detail.known().cloned()),
        hides_sex: tested
            .is_some_and(|e| !shows_sex && !held(e) && (e.sex.is_known() || e.pgt_detail.is_known())),
        place: kept().rfind(|e| e.place != Told::Unknown).and_then(|e| e.place.known().cloned()),
        storage: kept().rfind(|e| e.storage != Told::Unknown).and_then(|e| e.storage.get()),
        impossible: course.impossible.iter().map(|(i, why)| (ours[*i].0, *why)).collect(),
        events: {
            let mut age = Age::new(day_zero);
            ours.iter().map(|(id, e)| (*id, e.clone(), age.at(e))).collect()
        },
    }
}

redacted!(EmbryoCard);
