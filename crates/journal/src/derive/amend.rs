//! "The nurse called": a change of the plan as one act, and what it changed.

use super::{
    cycle::CycleRecord,
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

/// The fields to write for an amendment. The old items keep what they said and get an end; so that the
/// plan as it was before stays readable.
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
    let known = |item: EntityId| r.plan.iter().any(|(i, _)| *i == item);
    let mut out: NewPlan = vec![((Kind::Amendment, id), fields(amendment, &Amendment::default()))];
    let stop = |item: EntityId, from: Date| {
        let when =
            [("stopped_from", Value::text(from.to_string())), ("stopped_by", Value::text(id.to_string()))];
        ((Kind::PlanItem, item), when.map(|(n, v)| (Name::of(n), v)).to_vec())
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
            PlanEdit::Stop { item, from } if known(*item) => out.push(stop(*item, *from)),
            PlanEdit::Replace { item, from, id: new, with } if known(*item) => {
                out.push(stop(*item, *from));
                out.push(((Kind::PlanItem, *new), brought(with, Told::Known(*item))));
            }
            PlanEdit::Add { id: new, item } => {
                out.push(((Kind::PlanItem, *new), brought(item, Told::Unknown)));
            }
            PlanEdit::Stop { .. } | PlanEdit::Replace { .. } => return Err(AmendError::NoSuchItem),
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
    for (_, p) in &mut before.plan {
        if p.stopped_by == Told::Known(amendment) {
            p.stopped_from = Told::Unknown;
        }
    }
    plan_changes(&before, r, span, offsets)
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
