//! What is tidied away now and then: what has expired, has ended long ago, or was cut short.

use crate::{accounts::tokens::LISTED_AFTER_S, core::Services, error::Result, settings::LISTED_DAYS};
use keepwell_domain::time::Ts;
use keepwell_store::{
    StoreError, access, account_token, backoff, break_glass, ceremony, invite, job, session, signup, upload,
};

const DAY: i64 = 86_400;
/// Uploads in one round.
const UPLOADS: i64 = 100;

/// One piece of work in a transaction of its own.
macro_rules! by_itself {
    ($services:ident, $tx:ident, $work:expr) => {
        async {
            let mut $tx = $services.0.store.begin().await?;
            $work.await?;
            Result::Ok($tx.commit().await?)
        }
        .await
    };
}

impl Services {
    /// Forgets expired sessions and uploads, old jobs, letters and files without rows; finishes deletions that a crash
    /// cut short. Each is done by itself: none holds rows while it waits for those of another, and where one fails the
    /// others are done all the same.
    ///
    /// # Errors
    /// The first one of the store's.
    pub async fn housekeeping(&self) -> Result<()> {
        let now = self.now();
        let ago = |seconds: i64| now.plus_seconds(-seconds);
        let done = [
            by_itself!(self, tx, session::delete_expired_sessions(&mut tx, now)),
            by_itself!(self, tx, access::delete_dead_tokens(&mut tx, ago(LISTED_AFTER_S))),
            by_itself!(self, tx, job::delete_done_jobs(&mut tx, ago(DAY))),
            self.tidy_uploads(now).await,
            by_itself!(self, tx, self.tidy_mail(&mut tx, now)),
            by_itself!(self, tx, signup::delete_expired_signups(&mut tx, now)),
            by_itself!(self, tx, account_token::delete_expired_tokens(&mut tx, now)),
            by_itself!(self, tx, ceremony::delete_expired(&mut tx, now)),
            by_itself!(self, tx, backoff::delete_quiet(&mut tx, ago(DAY))),
            by_itself!(self, tx, invite::delete_over(&mut tx, ago(LISTED_DAYS * DAY))),
            by_itself!(self, tx, self.tidy_counters(&mut tx)),
            by_itself!(self, tx, break_glass::delete_stale_requests(&mut tx, now)),
            self.tidy_outbox().await,
            self.sweep_garbage().await,
            self.carry_out_farewells().await,
            self.finish_erasures().await,
        ];
        done.into_iter().collect()
    }

    async fn tidy_uploads(&self, now: Ts) -> Result<()> {
        for u in upload::list_expired_uploads(&self.0.store, now, UPLOADS).await? {
            let mut tx = self.0.store.begin().await?;
            match upload::cancel_upload(&mut tx, u.profile_id, u.id, now).await {
                // Whoever tidies beside this was quicker.
                Err(StoreError::NotFound) => continue,
                other => other?,
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
