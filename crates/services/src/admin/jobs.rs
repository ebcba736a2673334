//! Work that failed for good: tried again, or given up. Those who do it learn its kind and why it failed, not whose file it is
//! about; the person whose file it is is told, with the reason, and finds it in their log.

use super::{AdminActor, acts::reason_of};
use crate::{audit::Act, core::Services, error::Result};
use keepwell_domain::{
    act::Action,
    ids::{DocumentId, JobId},
    notice::News,
};
use keepwell_store::{Tx, account, job as rows, profile};

impl Services {
    /// Puts failed work back into the queue. Work about somebody's file wants a reason, which they read.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for what is not there or has not failed; [`crate::ServiceError::Invalid`] with
    /// field `reason`.
    pub async fn retry_job(&self, admin: &AdminActor, id: JobId, reason: &str) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let job = rows::get_dead_job(&mut tx, id).await?;
        let document = job.subject_id.map(DocumentId::new);
        if job.profile_id.is_some() || !reason.trim().is_empty() {
            reason_of(reason, admin.lang())?;
        }
        self.settle_job(&mut tx, admin, &job, Action::JobRetried, News::FileRetried { document }, reason)
            .await?;
        rows::retry_dead_job(&mut tx, id, self.now()).await?;
        tx.commit().await?;
        self.0.queued.notify_one();
        self.wake_mailer();
        Ok(())
    }

    /// Gives failed work up. The file stays where it is and says that it could not be read.
    ///
    /// # Errors
    /// As [`Self::retry_job`]; the reason is wanted whoever it is about.
    pub async fn discard_job(&self, admin: &AdminActor, id: JobId, reason: &str) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let job = rows::get_dead_job(&mut tx, id).await?;
        let document = job.subject_id.map(DocumentId::new);
        reason_of(reason, admin.lang())?;
        self.settle_job(&mut tx, admin, &job, Action::JobDiscarded, News::FileGivenUp { document }, reason)
            .await?;
        rows::discard_dead_job(&mut tx, id).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Logs it, and tells the person whose file it is.
    async fn settle_job(
        &self,
        tx: &mut Tx,
        admin: &AdminActor,
        job: &rows::Job,
        action: Action,
        news: News,
        reason: &str,
    ) -> Result<()> {
        let act = Act::of_staff(admin.staff(), action).on(job.subject_id.unwrap_or(job.id.uuid()));
        let Some(profile) = job.profile_id else { return self.log(tx, act).await };
        let person = profile::get_profile_for_job(&mut *tx, profile).await?.account_id;
        let account = account::get_account(&mut *tx, person).await?;
        self.hold_one(tx, &account).await?;
        self.log(tx, act.about(person).in_profile(profile)).await?;
        self.tell(tx, &account, news, Some(reason.trim())).await
    }
}
