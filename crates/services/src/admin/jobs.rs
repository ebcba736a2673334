//! Work that failed for good: tried again, or given up. Those who do it learn its kind and why it failed, not whose file it is
//! about; the person whose file it is finds it in their log.

use super::AdminActor;
use crate::{audit::Act, core::Services, error::Result};
use keepwell_domain::{act::Action, ids::JobId};
use keepwell_store::{Tx, job as rows, profile};

impl Services {
    /// Puts failed work back into the queue.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for what is not there or has not failed.
    pub async fn retry_job(&self, admin: &AdminActor, id: JobId) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        self.log_job(&mut tx, admin, id, Action::JobRetried).await?;
        rows::retry_dead_job(&mut tx, id, self.now()).await?;
        tx.commit().await?;
        self.0.queued.notify_one();
        Ok(())
    }

    /// Gives failed work up. The file stays where it is and says that it could not be read.
    ///
    /// # Errors
    /// As [`Self::retry_job`].
    pub async fn discard_job(&self, admin: &AdminActor, id: JobId) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        self.log_job(&mut tx, admin, id, Action::JobDiscarded).await?;
        rows::discard_dead_job(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    async fn log_job(&self, tx: &mut Tx, admin: &AdminActor, id: JobId, action: Action) -> Result<()> {
        let job = rows::get_dead_job(&mut *tx, id).await?;
        let act = Act::of_staff(admin.staff(), action);
        let act = match job.profile_id {
            Some(profile) => act
                .about(profile::get_profile_for_job(&mut *tx, profile).await?.account_id)
                .in_profile(profile),
            None => act,
        };
        self.log(tx, act.on(job.subject_id.unwrap_or(id.uuid()))).await
    }
}
