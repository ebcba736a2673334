//! "The nurse called": a change of the plan as one act, and what it changed.

use super::{
    cycle::CycleRecord,
    key_dates::key_dates,
    schedule::{Occurrence, Span, occurrences},
};
use crate::model::{Amendment, Amount, EntityId, Kind, Name, Offsets, PlanItem, Told, Value, View};
use crate::redact::redacted;
use keepwell_domain::time::Date;

/// One thing that is changed.
#[derive(Clone, PartialEq, Eq)]
pub enum PlanEdit {
    /// An item ends.
    Stop {
        /// The item.
        item: EntityId,
        /// The first day without it.
        from: Date,
    },
    /// An item is replaced: another dose, another time.
    Replace {
        /// The item.
        item: EntityId,
        /// The first day of the new one.
        from: Date,
        /// The id of the new one.
        id: EntityId,
        /// The new one.
        with: Box<PlanItem>,
    },
    /// An item comes in addition.
    Add {
        /// Its id.
        id: EntityId,
        /// The item.
        item: Box<PlanItem>,
    },
}

/// Fields to write, by entity; what [`crate::merge::Author::write`] takes.
pub type NewPlan = Vec<((Kind, EntityId), Vec<(Name, Value)>)>;

/// Why a change of the plan cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// No such item in this cycle.
    #[error("the item is not in the plan")]
    NoSuchItem,
    /// The amendment says of no cycle.
    #[error("the amendment has no cycle")]
    NoCycle,
    /// It changes nothing.
    #[error("nothing is changed")]
    Nothing,
}

/// The end that a change gives an item: the first day without it. `None` where the item ends by then anyway; a later
/// end would bring back days that were taken from it before.
#[must_use]
pub fn sooner_end(item: &PlanItem, from: Date) -> Option<Date> {
    item.stopped_from.get().is_none_or(|end| from < end).then_some(from)
}

/// Whether another item of the plan has taken the place of one.
#[must_use]
pub fn is_replaced(r: &CycleRecord, item: EntityId) -> bool {
    r.plan.iter().any(|(_, p)| p.replaces == Told::Known(item))
}

/// The record as it would be with the changes: those of its days that hang on the plan move with it.
#[must_use]
pub fn amended(r: &CycleRecord, edits: &[PlanEdit]) -> CycleRecord {
    let mut after = r.clone();
    for edit in edits {
        let (end, new) = match edit {
            PlanEdit::Stop { item, from } => (Some((*item, *from)), None),
            PlanEdit::Replace { item, from, id, with } => {
                let with = PlanItem { replaces: Told::Known(*item), ..(**with).clone() };
                (Some((*item, *from)), Some((*id, with)))
            }
            PlanEdit::Add { id, item } => (None, Some((*id, (**item).clone()))),
        };
        for (id, p) in &mut after.plan {
            if let Some(day) = end.filter(|(item, _)| item == id).and_then(|(_, from)| sooner_end(p, from)) {
                p.stopped_from = Told::Known(day);
            }
        }
        after.plan.extend(new);
    }
    after.dates = key_dates(&after);
    after
}

/// The fields to write for an amendment. The old items keep what they said and get an end, unless they have a sooner
/// one; so that the plan as it was before stays readable.
///
/// # Errors
/// [`AmendError`] when an item is not in the cycle's plan, or nothing is changed.
pub fn amend(
    r: &CycleRecord,
    id: EntityId,
    amendment: &Amendment,
    edits: &[PlanEdit],
) -> Result<NewPlan, AmendError> {
    let cycle = amendment.cycle.get().ok_or(AmendError::NoCycle)?;
    if edits.is_empty() {
        return Err(AmendError::Nothing);
    }
    let mut out: NewPlan = vec![((Kind::Amendment, id), fields(amendment, &Amendment::default()))];
    let stop = |item: EntityId, from: Date| {
        let (_, p) = r.plan.iter().find(|(i, _)| *i == item).ok_or(AmendError::NoSuchItem)?;
        let when = |day: Date| {
            [("stopped_from", Value::text(day.to_string())), ("stopped_by", Value::text(id.to_string()))]
        };
        let written = |day| ((Kind::PlanItem, item), when(day).map(|(n, v)| (Name::of(n), v)).to_vec());
        Ok(sooner_end(p, from).map(written))
    };
    let brought = |item: &PlanItem, replaces: Told<EntityId>| {
        let mut item = item.clone();
        item.cycle = Told::Known(cycle);
        item.amendment = Told::Known(id);
        item.replaces = replaces;
        fields(&item, &PlanItem::default())
    };
    for edit in edits {
        match edit {
            PlanEdit::Stop { item, from } => out.extend(stop(*item, *from)?),
            PlanEdit::Replace { item, from, id: new, with } => {
                out.extend(stop(*item, *from)?);
                out.push(((Kind::PlanItem, *new), brought(with, Told::Known(*item))));
            }
            PlanEdit::Add { id: new, item } => {
                out.push(((Kind::PlanItem, *new), brought(item, Told::Unknown)));
            }
        }
    }
    Ok(out)
}

fn fields<V: View>(view: &V, before: &V) -> Vec<(Name, Value)> {
    view.changed_since(before).into_iter().map(|(n, v)| (Name::of(n), v)).collect()
}

/// What is different on a day.
#[derive(Clone, PartialEq, Eq)]
pub enum PlanChange {
    /// It was not planned before.
    Added(Occurrence),
    /// It is not planned any more.
    Dropped(Occurrence),
    /// The dose is another.
    Amount {
        /// The new occurrence.
        at: Occurrence,
        /// Before.
        from: Told<Amount>,
        /// After.
        to: Told<Amount>,
    },
    /// The time of day is another.
    Time {
        /// Before.
        from: Occurrence,
        /// After.
        to: Occurrence,
    },
}

impl PlanChange {
    /// The day.
    #[must_use]
    pub const fn date(&self) -> Date {
        match self {
            Self::Added(o) | Self::Dropped(o) | Self::Amount { at: o, .. } | Self::Time { to: o, .. } => {
                o.at.date
            }
        }
    }
}

/// What an amendment changed within a span: the plan without it against the plan with it.
#[must_use]
pub fn amendment_changes(
    r: &CycleRecord,
    amendment: EntityId,
    span: Span,
    offsets: &dyn Offsets,
) -> Vec<PlanChange> {
    let mut before = r.clone();
    before.plan.retain(|(_, p)| p.amendment != Told::Known(amendment));
    for (id, p) in &mut before.plan {
        if p.stopped_by == Told::Known(amendment) {
            p.stopped_from = end_before(r, *id, amendment).into();
        }
    }
    before.dates = key_dates(&before);
    plan_changes(&before, r, span, offsets)
}

/// The end that an item had before an amendment gave it a sooner one, which overwrote it: the item that came in its
/// place has it still, or another has its place from then on.
fn end_before(r: &CycleRecord, item: EntityId, amendment: EntityId) -> Option<Date> {
    let said = |id: EntityId| r.amendments.iter().find(|(a, _)| *a == id).and_then(|(_, a)| a.from.get());
    let of = |p: &PlanItem| match p.amendment.get() {
        Some(by) if by != amendment => said(by),
        _ => p.stopped_from.get(),
    };
    r.plan.iter().filter(|(_, p)| p.replaces == Told::Known(item)).filter_map(|(_, p)| of(p)).min()
}

/// What differs between two plans of one cycle within a span, by day.
#[must_use]
pub fn plan_changes(
    before: &CycleRecord,
    after: &CycleRecord,
    span: Span,
    offsets: &dyn Offsets,
) -> Vec<PlanChange> {
    let list = |r: &CycleRecord| -> Vec<(Occurrence, PlanItem)> {
        let of = |(id, p): &(EntityId, PlanItem)| {
            let all = occurrences(r, (*id, p), span, offsets);
            all.into_iter().map(|o| (o, p.clone())).collect::<Vec<_>>()
        };
        r.plan.iter().flat_map(of).collect()
    };
    let (mut old, mut new) = (list(before), list(after));
    // What is in both is no change.
    new.retain(|(o, p)| {
        match old.iter().position(|(x, q)| x.at == o.at && x.item == o.item && p.amount == q.amount) {
            Some(i) => {
                old.swap_remove(i);
                false
            }
            None => true,
        }
    });
    let mut out = Vec::new();
    for (o, p) in new {
        let same = |(x, q): &(Occurrence, PlanItem)| {
            x.at.date == o.at.date && is_same_thing(p.replaces.get(), &p, x.item, q)
        };
        let exact = old.iter().position(|e| same(e) && e.0.at.clock == o.at.clock);
        match exact.or_else(|| old.iter().position(same)) {
            None => out.push(PlanChange::Added(o)),
            Some(i) => {
                let (x, q) = old.swap_remove(i);
                if x.at.clock != o.at.clock {
                    out.push(PlanChange::Time { from: x, to: o.clone() });
                }
                if q.amount != p.amount {
                    out.push(PlanChange::Amount { at: o, from: q.amount, to: p.amount.clone() });
                }
            }
        }
    }
    out.extend(old.into_iter().map(|(o, _)| PlanChange::Dropped(o)));
    crate::order::sort_by_key(&mut out, |c| c.date().days());
    out
}

/// Whether one item stands for the same thing as another: it replaces it, or is the same drug or kind.
fn is_same_thing(replaces: Option<EntityId>, new: &PlanItem, old_id: EntityId, old: &PlanItem) -> bool {
    let same_drug = new.drug.is_known() && new.drug == old.drug
        || new.medication.is_known() && new.medication == old.medication;
    replaces == Some(old_id) || new.what == old.what && same_drug
}

redacted!(PlanEdit, PlanChange);
