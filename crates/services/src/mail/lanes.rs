//! How many letters an address gets. What a stranger can cause is dropped beyond that. What tells of a change that a thief
//! would make is held until there is room, and then told in one letter with all that was held beside it: nothing crowds it out.

use super::{
    Order,
    letter::{Also, Say},
    order::Stop,
};
use crate::{core::Services, error::Result};
use keepwell_domain::time::Ts;
use keepwell_store::mail as rows;
use uuid::Uuid;

/// Letters of one purpose that one address gets in an hour.
const PER_HOUR: i64 = 3;
const HOUR_S: i64 = 3600;
/// Why a mail waits: its lane is full.
pub(super) const HELD: &str = "held";

/// What becomes of a mail whose lane is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    /// It goes all the same: nobody but those who run the instance can cause it.
    Goes,
    /// It waits, and is told with the others that wait.
    Waits,
    /// It is dropped: a stranger must not fill an inbox.
    Dropped,
}

fn when_full(purpose: &str) -> Full {
    match purpose {
        "account_news" => Full::Goes,
        "factor" | "factor_added" | "factor_removed" | "factor_codes" | "factor_taken"
        | "password_changed" | "email_wanted" | "email_changed" => Full::Waits,
        _ => Full::Dropped,
    }
}

/// Whether there is room for a mail.
pub(super) enum Room {
    /// There is.
    Free,
    /// Not before then.
    From(Ts),
    /// There will be none.
    None,
}

/// What else one letter tells of.
#[derive(Default)]
pub(super) struct Held {
    /// The mails that need no letter of their own any more.
    pub ids: Vec<Uuid>,
    /// What they were about, oldest first.
    orders: Vec<(Ts, Order)>,
}

impl Held {
    /// Lines for the letter.
    pub fn lines(&self) -> Vec<Also<'_>> {
        let line = |(at, order): &(Ts, Order)| {
            let say = match order {
                Order::Factor { news, .. } => Say::Factor { news: *news, stop: None },
                Order::EmailWanted { .. } => Say::EmailWanted { token: "" },
                Order::EmailChanged { .. } => Say::EmailChanged,
                Order::PasswordChanged { .. } => Say::PasswordChanged,
                _ => return None,
            };
            Some(Also { at: *at, say })
        };
        self.orders.iter().filter_map(line).collect()
    }

    /// The way back that covers all of it: from the oldest change on.
    pub fn earliest(&self, own: Option<Stop>) -> Option<Stop> {
        let others = self.orders.iter().filter_map(|(_, order)| match order {
            Order::Factor { stop, .. } => stop.as_ref(),
            Order::EmailWanted { stop } => Some(stop),
            _ => None,
        });
        let oldest = others.min_by_key(|s| s.since);
        match (own, oldest) {
            (None, None) => None,
            (Some(own), None) => Some(own),
            (None, Some(other)) => Some(Stop { old: other.old.clone(), since: other.since }),
            (Some(own), Some(other)) => Some(Stop { since: own.since.min(other.since), ..own }),
        }
    }
}

impl Services {
    pub(super) async fn room_for(&self, mail: &rows::Mail) -> Result<Room> {
        let full = when_full(&mail.purpose);
        if full == Full::Goes {
            return Ok(Room::Free);
        }
        let since = self.now().plus_seconds(-HOUR_S);
        let nth = rows::find_nth_sent(&self.0.store, mail.address_fp, &mail.purpose, since, PER_HOUR).await?;
        Ok(match (nth, full) {
            (None, _) => Room::Free,
            (Some(at), Full::Waits) => Room::From(at.plus_seconds(HOUR_S + 1)),
            (Some(_), _) => Room::None,
        })
    }

    /// Puts a mail back until there is room.
    pub(super) async fn hold(&self, mail: &rows::Mail, owner: Uuid, until: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        match rows::retry_mail(&mut tx, mail.id, owner, HELD, until, self.now()).await {
            // Another worker has it.
            Err(keepwell_store::StoreError::Conflict { .. }) => Ok(()),
            Err(e) => Err(e.into()),
            Ok(()) => Ok(tx.commit().await?),
        }
    }

    /// What waits in the same lane as this mail.
    pub(super) async fn held_beside(&self, mail: &rows::Mail) -> Result<Held> {
        if when_full(&mail.purpose) != Full::Waits {
            return Ok(Held::default());
        }
        let mut held = Held::default();
        for other in rows::list_waiting(&self.0.store, mail.address_fp, &mail.purpose, HELD).await? {
            if other.account_id == mail.account_id && other.id != mail.id && self.now() < other.expires_at {
                // One that cannot be opened ends by itself, when its own turn comes.
                let Ok(order) = self.open_order(&other).await else { continue };
                held.orders.push((other.created_at, order));
                held.ids.push(other.id);
            }
        }
        Ok(held)
    }

    /// Ends mails that another one told of.
    pub(super) async fn end_held(&self, ids: &[Uuid]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.store.begin().await?;
        for id in ids {
            rows::drop_waiting(&mut tx, *id, "joined", self.now()).await?;
        }
        Ok(tx.commit().await?)
    }
}
