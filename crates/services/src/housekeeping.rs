//! What is tidied away now and then: what has expired, has ended long ago, or was cut short.

use crate::{core::Services, error::Result};
use keepwell_domain::time::Ts;
use keepwell_store::{
    StoreError, access, account_token, backoff, break_glass, ceremony, invite, job, session, signup, upload,
};

const DAY: i64 = 86_400;
/// Uploads in one round.
const UPLOADS: i64 = 100;

impl Services {
    /// Forgets expired sessions and uploads, old jobs, letters and files without rows; finishes deletions that a crash
    /// cut short. Each is done by itself: none holds rows while it waits for those of another, and where one fails the
    /// others are done all the same.
    ///
    /// # Errors
    /// The first one of the store's.
    pub async fn housekeeping(&self) -> Result<()> {
        let now = self.now();
        let done = [
            self.tidy_sessions(now).await,
            self.tidy_tokens(now).await,
            self.tidy_jobs(now).await,
            self.tidy_uploads(now).await,
            self.tidy_mail(now).await,
            self.tidy_signups(now).await,
            self.tidy_links(now).await,
            self.tidy_ceremonies(now).await,
            self.tidy_lanes(now).await,
            self.tidy_invites(now).await,
            self.tidy_counters().await,
            self.tidy_requests(now).await,
            self.tidy_outbox().await,
            self.sweep_garbage().await,
            self.carry_out_farewells().await,
            self.finish_erasures().await,
        ];
        done.into_iter().collect()
    }

    async fn tidy_sessions(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        session::delete_expired_sessions(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_tokens(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        access::delete_dead_tokens(&mut tx, now.plus_seconds(-crate::accounts::tokens::LISTED_AFTER_S))
            .await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_jobs(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        job::delete_done_jobs(&mut tx, now.plus_seconds(-DAY)).await?;
        Ok(tx.commit().await?)
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

    async fn tidy_signups(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        signup::delete_expired_signups(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_links(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        account_token::delete_expired_tokens(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_ceremonies(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        ceremony::delete_expired(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_lanes(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        backoff::delete_quiet(&mut tx, now.plus_seconds(-DAY)).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_invites(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        invite::delete_over(&mut tx, now.plus_seconds(-crate::settings::LISTED_DAYS * DAY)).await?;
        Ok(tx.commit().await?)
    }

    async fn tidy_requests(&self, now: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        break_glass::delete_stale_requests(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }
}
