//! What is stored, what it costs and until when, over years.

use super::embryos::EmbryoCard;
use crate::redact::redacted;
use crate::{
    merge::Book,
    model::{Amount, Consent, EntityId, Moment, Storage, StorageFee, Told},
};
use keepwell_domain::time::{Date, days_in_month};

/// A fee of an agreement.
#[derive(Clone, PartialEq)]
pub struct FeeLine {
    /// The entry, where the person made one; `None` when it follows from the agreement.
    pub entry: Option<EntityId>,
    /// When it is due.
    pub due_on: Date,
    /// How much.
    pub amount: Option<Amount>,
    /// When it was paid.
    pub paid_on: Option<Date>,
    /// Days until it is due; negative once it is past and open.
    pub days_left: i64,
}

/// A consent of an agreement.
#[derive(Clone, PartialEq)]
pub struct ConsentLine {
    /// The entry.
    pub id: EntityId,
    /// Itself.
    pub consent: Consent,
    /// Days for which it still holds; negative once it has ended, `None` without an end.
    pub days_left: Option<i64>,
}

/// An agreement with what hangs on it.
#[derive(Clone, PartialEq)]
pub struct StorageLine {
    /// The agreement.
    pub id: EntityId,
    /// Itself.
    pub storage: Storage,
    /// Embryos that lie there now.
    pub embryos: Vec<EntityId>,
    /// Fees up to the horizon, the earliest first.
    pub fees: Vec<FeeLine>,
    /// Consents, the first to end first.
    pub consents: Vec<ConsentLine>,
    /// Days until the limit by law or contract.
    pub limit_days_left: Option<i64>,
    /// Fees that were paid, by currency.
    pub paid: Vec<(String, f64)>,
}

redacted!(FeeLine, ConsentLine, StorageLine);

/// More than this many fees of one agreement are not listed.
const MAX_FEES: usize = 240;

/// The agreements with their fees and consents up to a day. `cards` are the embryos of all cycles.
#[must_use]
pub fn storage_ledger(book: &Book, cards: &[EmbryoCard], today: Date, horizon: Date) -> Vec<StorageLine> {
    let mut lines: Vec<StorageLine> = book
        .all::<Storage>()
        .map(|(id, storage)| {
            let fees = fees(book, id, &storage, today, horizon);
            StorageLine {
                embryos: cards.iter().filter(|c| c.storage == Some(id)).map(|c| c.id).collect(),
                paid: paid(&fees),
                fees,
                consents: consents(book, id, today),
                limit_days_left: storage.limit_on.get().map(|d| d.days() - today.days()),
                id,
                storage,
            }
        })
        .collect();
    crate::order::sort_by_key(&mut lines, |l| {
        (l.storage.ended_on.is_known(), l.storage.started_on.get(), l.id)
    });
    lines
}

/// From a day on which a fee is due: up to so many days one that was entered for another day is taken to be it.
const NEAR: i64 = 15;
/// Days before its day on which a fee is known to be due, and may be paid.
const EARLY: i64 = 60;

/// A fee that was entered.
struct Entered {
    line: FeeLine,
    /// Whether it was entered for which day it is; else only the day on which it was paid is known.
    has_due_day: bool,
}

impl Entered {
    /// Whether it is the one of a day, where one comes every so many months. Without a day of its own it is that of
    /// half a period before; of what is further ahead nobody pays one, and a late one must not hide it.
    fn is_of(&self, due: Date, months: i64) -> bool {
        let late = self.line.due_on.days() - due.days();
        // Less than half of the shortest months on either side: one payment is not two.
        let half = (months * NEAR).max(NEAR) - 1;
        if self.has_due_day { late.abs() <= NEAR } else { (1 - half.min(EARLY)..=half).contains(&late) }
    }
}

/// The fees that were entered, and those that follow from the agreement where none was entered about their day.
fn fees(book: &Book, id: EntityId, s: &Storage, today: Date, horizon: Date) -> Vec<FeeLine> {
    let entered = book.all::<StorageFee>().filter(|(_, f)| f.storage == Told::Known(id));
    let entered: Vec<Entered> = entered
        .filter_map(|(entry, f)| {
            let due_on = f.due_on.get().or(f.paid_on.get())?;
            let line = FeeLine {
                entry: Some(entry),
                due_on,
                amount: f.amount.into_known(),
                paid_on: f.paid_on.get(),
                days_left: due_on.days() - today.days(),
            };
            Some(Entered { line, has_due_day: f.due_on.is_known() })
        })
        .collect();
    let mut news: Vec<Date> = Vec::new();
    let end = [s.ended_on.get(), s.limit_on.get(), Some(horizon)].into_iter().flatten().min();
    if let (Some(first), Some(months), Some(end)) = (s.fee_first_due.get(), s.fee_months.get(), end)
        && (1..=1200).contains(&months)
    {
        let due = (0..MAX_FEES).map_while(|n| {
            let n = i64::try_from(n).ok()?;
            Some(plus_months(first, n * months)).filter(|d| *d <= end)
        });
        news.extend(due.filter(|d| !entered.iter().any(|f| f.is_of(*d, months))));
    }
    let mut out: Vec<FeeLine> = entered.into_iter().map(|f| f.line).collect();
    out.extend(news.into_iter().map(|due_on| FeeLine {
        entry: None,
        due_on,
        amount: s.fee.known().cloned(),
        paid_on: None,
        days_left: due_on.days() - today.days(),
    }));
    crate::order::sort_by_key(&mut out, |f| (f.due_on, f.entry));
    out
}

fn consents(book: &Book, storage: EntityId, today: Date) -> Vec<ConsentLine> {
    let mut out: Vec<ConsentLine> = book
        .all::<Consent>()
        .filter(|(_, c)| c.storage == Told::Known(storage))
        .map(|(id, consent)| ConsentLine {
            id,
            days_left: consent.valid_until.get().map(|d| d.days() - today.days()),
            consent,
        })
        .collect();
    crate::order::sort_by_key(&mut out, |c| (c.days_left.unwrap_or(i64::MAX), c.id));
    out
}

fn paid(fees: &[FeeLine]) -> Vec<(String, f64)> {
    let mut out: Vec<(String, f64)> = Vec::new();
    for amount in fees.iter().filter(|f| f.paid_on.is_some()).filter_map(|f| f.amount.as_ref()) {
        match out.iter_mut().find(|(unit, _)| *unit == amount.unit) {
            Some((_, sum)) => *sum += amount.value(),
            None => out.push((amount.unit.clone(), amount.value())),
        }
    }
    out
}

/// The same day some months later; the last of the month where there is no such day.
#[must_use]
pub fn plus_months(date: Date, months: i64) -> Date {
    let n = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let year = i16::try_from(n.div_euclid(12)).unwrap_or(9999).clamp(1, 9999);
    let month = u8::try_from(n.rem_euclid(12) + 1).unwrap_or(1);
    let day = date.day().min(days_in_month(year, month));
    Date::new(year, month, day).unwrap_or(date)
}

impl StorageLine {
    /// Whether something of it wants attention within so many days of a moment.
    #[must_use]
    pub fn is_pressing(&self, within_days: i64, now: &Moment) -> bool {
        let ended = self.storage.ended_on.get().is_some_and(|d| d <= now.date);
        let fee = self.fees.iter().any(|f| f.paid_on.is_none() && f.days_left <= within_days);
        let is_ending = |c: &ConsentLine| {
            !c.consent.withdrawn_on.is_known() && c.days_left.is_some_and(|d| d <= within_days)
        };
        let consent = self.consents.iter().any(|c| is_ending(c) && !self.is_renewed(&c.consent));
        !ended && (fee || consent || self.limit_days_left.is_some_and(|d| d <= within_days))
    }

    /// Whether there is a consent for the same that holds for longer, of the same people as far as that is told.
    fn is_renewed(&self, old: &Consent) -> bool {
        let signs_for = |new: &Consent| match (old.signed_by.known(), new.signed_by.known()) {
            (Some(old), Some(new)) => old.iter().all(|p| new.contains(p)),
            _ => true,
        };
        let others = self.consents.iter().map(|c| &c.consent);
        others.filter(|c| c.what == old.what && c.valid_until.get() > old.valid_until.get()).any(signs_for)
    }
}
