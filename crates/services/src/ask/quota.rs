//! How many questions an account may ask on one day, where whoever runs the instance limits that.

use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::time::{DAY, SECOND, Ts};
use keepwell_store::{Tx, conversation as rows};

/// UTC days since 1970, and seconds until the next one.
fn day(now: Ts) -> (i64, u32) {
    let left = DAY - now.0.rem_euclid(DAY);
    (now.0.div_euclid(DAY), u32::try_from((left / SECOND).max(1)).unwrap_or(u32::MAX))
}

impl Services {
    /// Counts a question, in the transaction that asks it.
    ///
    /// # Errors
    /// [`ServiceError::Spent`] when the day's questions are asked.
    pub(super) async fn count_question(&self, tx: &mut Tx, actor: &Actor) -> Result<()> {
        let Some(limit) = self.0.ask_daily else { return Ok(()) };
        let (day, retry_after_s) = day(self.now());
        if rows::count_question(tx, actor.account, day, limit.into()).await? {
            return Ok(());
        }
        Err(ServiceError::Spent { limit, retry_after_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_ends_at_midnight() {
        assert_eq!(day(Ts(0)), (0, 86_400));
        assert_eq!(day(Ts(3 * DAY - SECOND)), (2, 1));
        assert_eq!(day(Ts(3 * DAY - 1)), (2, 1));
    }
}
