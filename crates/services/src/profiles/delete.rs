//! The end of one profile: its key first, then rows and files (spec 4.5, 9.4). The account stays.

use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::Action, ids::ProfileId, view::Receipt};
use keepwell_store::{document, erase, profile, record, session};

impl Services {
    /// Deletes a profile of one's own, at once and for good.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `password` for a wrong one, and with field `profile` for
    /// the last one of one's own; [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn delete_profile(&self, actor: &Actor, id: ProfileId, password: &str) -> Result<Receipt> {
        actor.in_person()?;
        profile::get_profile(&self.0.store, actor.account, id).await?;
        self.prove_password(actor, "password", password, Action::ProfileDeleted).await?;
        self.erase_profile(actor, id, Action::ProfileDeleted).await
    }

    /// Removes the demo person with its key, and shows the person's own profile again. What it held
    /// was made up, so no proof is asked for.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub async fn remove_demo(&self, actor: &Actor) -> Result<Receipt> {
        actor.in_person()?;
        let profiles = profile::list_profiles(&self.0.store, actor.account).await?;
        let demo = profiles.iter().find(|p| p.is_demo).ok_or(ServiceError::NotFound)?;
        self.erase_profile(actor, demo.id, Action::DemoRemoved).await
    }

    async fn erase_profile(&self, actor: &Actor, id: ProfileId, action: Action) -> Result<Receipt> {
        let store = &self.0.store;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let receipt = Receipt {
            records: count(record::count_records(store, id).await?),
            documents: count(document::count_documents(store, id).await?),
            at: self.now(),
            ..Receipt::default()
        };
        // Before others see it: whoever finishes what was cut short must not find it under way.
        let _turn = self.0.erasing.lock().await;
        self.begin_erasure(actor, id, action).await?;
        self.0.mes.forget(actor.account);
        self.destroy_profile_key(id).await?;
        crate::accounts::delete::done(
            erase::delete_profile_rows(store, actor.account, id, self.now()).await,
        )?;
        self.sweep_garbage().await?;
        store.checkpoint_truncate().await?;
        // A page that was being drawn in between may have kept what it had opened.
        self.0.keys.forget_profile(id);
        self.0.vaults.forget(id);
        self.0.samples.forget(id);
        Ok(receipt)
    }

    /// From here on the profile looks missing to everyone; sessions that showed it show another.
    async fn begin_erasure(&self, actor: &Actor, id: ProfileId, action: Action) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        profile::count_own_profiles(&mut tx, actor.account).await?;
        self.still_live(&mut tx, actor).await?;
        let all = profile::list_profiles(&mut tx, actor.account).await?;
        if !all.iter().any(|p| p.id == id) {
            return Err(ServiceError::NotFound);
        }
        let Some(other) = all.iter().find(|p| p.id != id && !p.is_demo) else {
            let why = actor.lang.pick(
                "This is your last profile. To remove it, delete the account.",
                "Das ist Ihr letztes Profil. Um es zu entfernen, löschen Sie das Konto.",
            );
            return Err(ServiceError::invalid("profile", why));
        };
        session::move_sessions(&mut tx, actor.account, id, other.id).await?;
        profile::mark_profile_deleting(&mut tx, actor.account, id).await?;
        self.log(&mut tx, Act::of(actor, action).in_profile(id)).await?;
        Ok(tx.commit().await?)
    }
}
