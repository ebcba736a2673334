//! How long the drugs last, and by when more must be ordered.

use super::{
    amounts::{CLOSE, in_unit},
    cycle::CycleRecord,
    plan::{RowState, plan_rows},
    schedule::Span,
};
use crate::redact::redacted;
use crate::{
    formulary::folded,
    merge::Book,
    model::{
        Amount, Dose, EntityId, Medication, Moment, Offsets, PlanItem, Stock, Told, Trigger,
        medicine::{DoseState, StockEvent},
    },
};
use keepwell_domain::time::Date;
use std::collections::BTreeMap;

/// Days that are looked ahead.
const HORIZON: i64 = 120;

/// When something goes bad.
#[derive(Clone, PartialEq, Eq)]
pub struct Expiry {
    /// The entry of the stock.
    pub entry: EntityId,
    /// The last day of use: the printed one, or so many days after it was opened, whichever comes first.
    pub on: Date,
    /// When it was opened, where that says how long it may be used.
    pub opened_on: Option<Date>,
}

/// How long a drug lasts.
#[derive(Clone, PartialEq)]
pub struct Runway {
    /// What is there, in `unit`. `None` where nothing was entered, or amounts cannot be compared.
    pub on_hand: Option<f64>,
    /// What is ordered and not there yet.
    pub ordered: f64,
    /// The unit in which doses of it are counted.
    pub unit: String,
    /// What the plan still needs within the horizon.
    pub needed: f64,
    /// The last day before that with a planned dose for which it suffices; `None` where even the next one
    /// is not covered, or nothing runs out.
    pub lasts_until: Option<Date>,
    /// The first planned dose for which it does not suffice.
    pub runs_out: Option<Date>,
    /// The last day on which an order arrives in time, reserve included; what is ordered already counts as there.
    pub order_by: Option<Date>,
    /// Entries that go bad, the earliest first. What was opened and is past its day stays only as long as nothing
    /// else was opened, thrown away or counted since.
    pub expiries: Vec<Expiry>,
    /// Entries, doses or planned doses that could not be counted because their unit is of another kind.
    pub uncounted: usize,
}

/// How long a drug lasts with the plans of these cycles; `None` where there is no such entry in the catalogue.
#[must_use]
pub fn runway(
    book: &Book,
    medication: EntityId,
    running: &[CycleRecord],
    now: &Moment,
    offsets: &dyn Offsets,
) -> Option<Runway> {
    Some(Flow::of(book, running, now, offsets).runway(medication, &book.get(medication)?))
}

/// How long each drug of the catalogue lasts with the plans of these cycles.
#[must_use]
pub fn runways(
    book: &Book,
    running: &[CycleRecord],
    now: &Moment,
    offsets: &dyn Offsets,
) -> Vec<(EntityId, Runway)> {
    let flow = Flow::of(book, running, now, offsets);
    book.all::<Medication>().map(|(id, m)| (id, flow.runway(id, &m))).collect()
}

/// What comes and goes of all drugs, gathered once.
struct Flow {
    entries: Vec<(EntityId, Stock)>,
    doses: Vec<(Named, Dose)>,
    /// What the plans still wait for, with its day.
    waiting: Vec<(Date, Named, PlanItem)>,
    /// What entries of the catalogue and items of plans are called.
    catalogue: Vec<Named>,
    planned: Vec<Named>,
    today: Date,
}

/// By what it is known of which drug something is: by a link, by the link of the item of the plan that it names, by its
/// name, [`folded`].
#[derive(Clone)]
struct Named {
    linked: Option<EntityId>,
    planned: Option<EntityId>,
    name: Option<String>,
}

impl Named {
    fn of(linked: &Told<EntityId>, planned: Option<EntityId>, name: &Told<String>) -> Self {
        Self { linked: linked.get(), planned, name: name.known().map(|name| folded(name)) }
    }
    fn item(item: &PlanItem) -> Self {
        Self::of(&item.medication, None, &item.drug)
    }
}

impl Flow {
    fn of(book: &Book, running: &[CycleRecord], now: &Moment, offsets: &dyn Offsets) -> Self {
        let mut entries: Vec<(EntityId, Stock)> = book.all::<Stock>().collect();
        crate::order::sort_by_key(&mut entries, |(id, s)| (s.at.known().map(Moment::sort_key), *id));
        let mut doses: Vec<Dose> = book.all::<Dose>().map(|(_, d)| d).chain(shots(book)).collect();
        crate::order::sort_by_key(&mut doses, |d| d.at.known().map(Moment::sort_key));
        let items: BTreeMap<EntityId, PlanItem> = book.all::<PlanItem>().collect();
        let link = |d: &Dose| items.get(&d.plan_item.get()?)?.medication.get();
        let doses = doses.into_iter().map(|d| (Named::of(&d.medication, link(&d), &d.drug), d)).collect();
        let waiting = waiting(running, now, offsets).into_iter();
        let waiting = waiting.map(|(date, item)| (date, Named::item(&item), item)).collect();
        let entry = |(id, m): (EntityId, Medication)| Named::of(&Told::Known(id), None, &m.name);
        Self {
            entries,
            doses,
            waiting,
            catalogue: book.all::<Medication>().map(entry).collect(),
            planned: items.values().map(Named::item).collect(),
            today: now.date,
        }
    }

    fn runway(&self, medication: EntityId, m: &Medication) -> Runway {
        let (unit, piece) = match m.strength.known() {
            Some(s) => (s.unit.clone(), Some(s.value())),
            // Without a strength, doses and stock are counted in pieces.
            None => (String::new(), Some(1.0)),
        };
        let ours = Ours::of(self, medication);
        let is_ours = |s: &Stock| s.medication == Told::Known(medication);
        let entries: Vec<(EntityId, Stock)> =
            self.entries.iter().filter(|(_, s)| is_ours(s)).cloned().collect();
        let which = |is: Is| -> Vec<&Dose> {
            self.doses.iter().filter(|(named, _)| ours.was_given(named) == is).map(|(_, d)| d).collect()
        };
        let mut out = Runway {
            on_hand: None,
            ordered: 0.0,
            needed: 0.0,
            lasts_until: None,
            runs_out: None,
            order_by: None,
            expiries: expiries(&entries, m, self.today),
            uncounted: 0,
            unit,
        };
        count_stock(&mut out, &entries, (&which(Is::Ours), &which(Is::Unclear)), m, piece);
        if let Some(day) = look_ahead(&mut out, (&ours, piece), &self.waiting) {
            let lead = m.order_days.get().unwrap_or(0).max(0) + m.reserve_days.get().unwrap_or(0).max(0);
            out.order_by = Some(Date::from_days(day.days() - lead));
        }
        out
    }
}

/// From the last count on: what came and went since.
fn count_stock(
    out: &mut Runway,
    entries: &[(EntityId, Stock)],
    (doses, unclear): (&[&Dose], &[&Dose]),
    m: &Medication,
    piece: Option<f64>,
) {
    let amount = |s: &Stock| -> Option<f64> {
        if let Some(a) = s.amount.known() {
            return per_dose(Some(a), &out.unit, piece);
        }
        let pieces = match (s.packs.get(), s.pieces.get()) {
            (None, None) => return None,
            (packs, pieces) => packs.unwrap_or(0) * m.pack_size.get().unwrap_or(1) + pieces.unwrap_or(0),
        };
        #[allow(clippy::cast_precision_loss)]
        Some(pieces as f64 * piece?)
    };
    let counted = entries.iter().rposition(|(_, s)| s.event == Told::Known(StockEvent::Counted));
    let since = counted.and_then(|i| entries[i].1.at.known()).map(Moment::sort_key);
    let (mut total, mut is_known, mut ordered, mut uncounted) = (0.0, false, 0.0, 0);
    for (_, s) in &entries[counted.unwrap_or(0)..] {
        let sign = match s.event.get() {
            Some(StockEvent::Received | StockEvent::Counted) => 1.0,
            Some(StockEvent::Discarded) => -1.0,
            Some(StockEvent::Ordered) => 0.0,
            Some(StockEvent::Opened) | None => continue,
        };
        let Some(n) = amount(s) else {
            uncounted += 1;
            continue;
        };
        if sign == 0.0 {
            ordered += n;
        } else {
            // What was ordered before is what is received.
            ordered = if s.event == Told::Known(StockEvent::Received) {
                f64::max(ordered - n, 0.0)
            } else {
                ordered
            };
            total += sign * n;
            is_known = true;
        }
    }
    // What was taken before the first entry came from nothing that was entered.
    let came = entries.iter().find(|(_, s)| s.event == Told::Known(StockEvent::Received));
    let first = came.and_then(|(_, s)| s.at.known()).map(|at| at.date);
    let counts = |d: &&&Dose| {
        let at = d.at.known();
        let is_before = match since {
            Some(since) => at.is_none_or(|at| at.sort_key() <= since),
            None => first.is_some_and(|first| at.is_none_or(|at| at.date < first)),
        };
        !is_before && d.state != Told::Known(DoseState::Skipped)
    };
    uncounted += unclear.iter().filter(counts).count();
    for d in doses.iter().filter(counts) {
        match per_dose(d.amount.known(), &out.unit, piece) {
            Some(n) => total -= n,
            None => uncounted += 1,
        }
    }
    out.on_hand = is_known.then_some(total);
    out.ordered = ordered;
    out.uncounted += uncounted;
}

/// What the plans wait for from now on. What was taken already, by whatever rule the plan knows it, left the stock and is
/// not needed again.
fn waiting(running: &[CycleRecord], now: &Moment, offsets: &dyn Offsets) -> Vec<(Date, PlanItem)> {
    // What was due last night is due still, until its time has passed.
    let from = Date::from_days(now.date.days() - 1);
    let span = Span { from, to: Date::from_days(now.date.days() + HORIZON) };
    let rows = running.iter().flat_map(|r| plan_rows(r, span, now, offsets));
    rows.filter(|row| row.state.waits() && (row.date != from || row.state == RowState::Due))
        .filter_map(|row| Some((row.date, row.item?)))
        .collect()
}

/// What is needed from now on, until it runs out. The day on which it does not suffice with what is ordered.
fn look_ahead(
    out: &mut Runway,
    (ours, piece): (&Ours, Option<f64>),
    waiting: &[(Date, Named, PlanItem)],
) -> Option<Date> {
    let mut needs: Vec<(Date, f64)> = Vec::new();
    for (date, named, item) in waiting {
        let is = ours.is_planned(named);
        if is == Is::Other {
            continue;
        }
        match per_dose(item.amount.known(), &out.unit, piece) {
            Some(n) if is == Is::Ours => needs.push((*date, n)),
            _ => out.uncounted += 1,
        }
    }
    crate::order::sort_by_key(&mut needs, |(d, _)| *d);
    out.needed = needs.iter().map(|(_, n)| n).sum();
    let on_hand = out.on_hand?;
    out.runs_out = short_on(&needs, on_hand);
    out.lasts_until = out.runs_out.and_then(|out| needs.iter().map(|(d, _)| *d).rfind(|d| *d < out));
    short_on(&needs, on_hand + out.ordered)
}

/// The day of the first dose for which so much does not suffice.
fn short_on(needs: &[(Date, f64)], mut left: f64) -> Option<Date> {
    needs.iter().find_map(|(date, n)| {
        left -= n;
        (left < -CLOSE).then_some(*date)
    })
}

/// How much a dose is in a unit. One that is counted in pieces is so many of them, and one without an amount is one piece
/// where pieces are counted.
fn per_dose(amount: Option<&Amount>, unit: &str, piece: Option<f64>) -> Option<f64> {
    match amount {
        Some(a) if is_piece(&a.unit) => Some(a.value() * piece?),
        Some(a) => in_unit(a, unit),
        None if unit.is_empty() => Some(1.0),
        None => None,
    }
}

/// Whether a unit counts pieces.
fn is_piece(unit: &str) -> bool {
    const PIECES: [&str; 12] = [
        "tablet", "tablets", "capsule", "capsules", "ampoule", "ampoules", "vial", "vials", "patch",
        "patches", "piece", "pieces",
    ];
    PIECES.iter().any(|piece| unit.trim().eq_ignore_ascii_case(piece))
}

/// Whether something is of an entry of the catalogue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Ours,
    Other,
    /// It has the name, and another entry has it, too.
    Unclear,
}

/// What is of one entry of the catalogue.
struct Ours {
    medication: EntityId,
    /// What it is called: by itself, and in plans that are linked to it.
    names: Vec<String>,
    /// Whether no other entry has its name: else a name alone does not say which pack it was.
    is_alone: bool,
}

impl Ours {
    fn of(flow: &Flow, medication: EntityId) -> Self {
        let all = flow.catalogue.iter().chain(&flow.planned);
        let names: Vec<String> =
            all.filter(|n| n.linked == Some(medication)).filter_map(|n| n.name.clone()).collect();
        let has_it = |n: &Named| n.name.as_ref().is_some_and(|name| names.contains(name));
        let others = flow.catalogue.iter().chain(&flow.planned).filter(|n| n.linked.is_some());
        let is_alone = !others.filter(|n| n.linked != Some(medication)).any(has_it);
        Self { medication, names, is_alone }
    }

    /// Whether a dose was of it: it says so, or the plan does whose item it names, or it has the name. The plan knows a
    /// dose by the same, so what is not needed any more has left the stock. One of another name is another drug, whatever
    /// was planned.
    fn was_given(&self, d: &Named) -> Is {
        match (d.linked, &d.name) {
            (None, Some(name)) if !self.names.contains(name) => Is::Other,
            (None, Some(_)) => self.by_link(d.planned),
            (None, None) if d.planned.is_none() => Is::Other,
            (linked, _) => self.by_link(linked.or(d.planned)),
        }
    }

    fn is_planned(&self, item: &Named) -> Is {
        match (item.linked, &item.name) {
            (None, Some(name)) if self.names.contains(name) => self.by_link(None),
            (None, _) => Is::Other,
            (linked, _) => self.by_link(linked),
        }
    }

    /// What is linked is of that entry; without a link the name says it, if only one has it.
    fn by_link(&self, linked: Option<EntityId>) -> Is {
        match linked {
            Some(of) if of == self.medication => Is::Ours,
            Some(_) => Is::Other,
            None if self.is_alone => Is::Ours,
            None => Is::Unclear,
        }
    }
}

/// Triggers that were entered without a dose of their own, and the second drugs of dual ones.
fn shots(book: &Book) -> impl Iterator<Item = Dose> {
    book.all::<Trigger>().flat_map(|(_, t)| {
        let second = t.second_drug.is_known().then(|| Dose {
            at: if t.second_at.is_known() { t.second_at.clone() } else { t.at.clone() },
            drug: t.second_drug.clone(),
            amount: t.second_amount.clone(),
            ..Dose::default()
        });
        let first = (!t.dose.is_known()).then(|| Dose {
            at: t.at,
            drug: t.drug,
            amount: t.amount,
            plan_item: t.plan_item,
            ..Dose::default()
        });
        first.into_iter().chain(second)
    })
}

fn expiries(entries: &[(EntityId, Stock)], m: &Medication, today: Date) -> Vec<Expiry> {
    let closes = |s: &Stock| {
        matches!(s.event.get(), Some(StockEvent::Opened | StockEvent::Discarded | StockEvent::Counted))
    };
    let mut out: Vec<Expiry> = Vec::new();
    for (i, (entry, s)) in entries.iter().enumerate() {
        let printed = s.expires_on.get();
        let Some((opened_on, until)) = opened(s, m) else {
            out.extend(printed.map(|on| Expiry { entry: *entry, on, opened_on: None }));
            continue;
        };
        let on = printed.map_or(until, |p| p.min(until));
        if on >= today || !entries[i + 1..].iter().any(|(_, later)| closes(later)) {
            out.push(Expiry { entry: *entry, on, opened_on: Some(opened_on) });
        }
    }
    crate::order::sort_by_key(&mut out, |e| (e.on, e.entry));
    out
}

/// When a piece was opened and until when it may be used then; `None` where the drug does not say how long.
fn opened(s: &Stock, m: &Medication) -> Option<(Date, Date)> {
    let on = s.at.known().filter(|_| s.event == Told::Known(StockEvent::Opened))?.date;
    let days = m.days_once_open.get().filter(|n| *n > 0)?;
    Some((on, Date::from_days(on.days().saturating_add(days))))
}

redacted!(Runway);
