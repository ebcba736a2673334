//! The demo person: a profile of its own with synthetic records, removable by one click.

mod person;

use crate::{
    actor::Actor,
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::DataKey;
use keepwell_domain::{act::Action, ids::ProfileId, view::Receipt};
use keepwell_store::{keys, profile, session};

impl Services {
    /// Makes the demo person as a profile of its own, queues its files and switches to it. One
    /// that is there already is switched to.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn add_demo(&self, actor: &Actor) -> Result<()> {
        let store = &self.0.store;
        let there = profile::list_profiles(store, actor.account).await?.into_iter().find(|p| p.is_demo);
        if let Some(p) = there {
            return self.switch_profile(actor, p.id).await;
        }
        let id = fresh::<ProfileId>();
        let root = self.0.keys.root();
        let data = DataKey::generate()?;
        let wrapped = data.wrap(root, id)?;
        let now = self.now();
        let mut tx = store.begin_keys().await?;
        keys::insert_data_key(&mut tx, id, &wrapped, now).await?;
        tx.commit().await?;
        let keys = ProfileKeys::new(self.0.keys.instance(), id, data)?;
        let name = actor.lang.pick("Demo person", "Demo-Person");
        let name_sealed = keys.seal(Table::Profile, "name", id.uuid(), 1, name.as_bytes())?;
        let new = profile::NewProfile {
            id,
            account_id: actor.account,
            name_sealed: &name_sealed,
            relation: profile::Relation::Other,
            is_demo: true,
        };
        let mut tx = store.begin().await?;
        profile::insert_profile(&mut tx, &new, now).await?;
        self.log(&mut tx, Act::of(actor, Action::DemoAdded).in_profile(id)).await?;
        tx.commit().await?;
        let demo = Actor { profile: id, profile_version: 1, demo: true, ..actor.clone() };
        let today = now.date();
        let files = tokio::task::spawn_blocking(move || person::files(today)).await?;
        for (name, bytes) in files {
            self.upload_bytes(&demo, &name, &bytes).await?;
        }
        self.switch_profile(actor, id).await?;
        self.wait_until_read(&demo).await
    }

    /// Waits, for a while, until nothing of a profile is left to read: the first look at the demo
    /// person should find her records.
    async fn wait_until_read(&self, actor: &Actor) -> Result<()> {
        let waiting = async {
            loop {
                let moved = self.0.moved.notified();
                let open = keepwell_store::job::list_open_jobs(&self.0.store, actor.profile).await?;
                if open.is_empty() {
                    return Ok(());
                }
                let _ = tokio::time::timeout(std::time::Duration::from_millis(200), moved).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap_or(Ok(()))
    }

    /// Removes the demo person with its key, and switches back to the person's own profile.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub async fn remove_demo(&self, actor: &Actor) -> Result<Receipt> {
        let profiles = profile::list_profiles(&self.0.store, actor.account).await?;
        let demo = profiles.iter().find(|p| p.is_demo).ok_or(ServiceError::NotFound)?;
        let own = profiles.iter().find(|p| !p.is_demo).ok_or(ServiceError::NotFound)?;
        self.switch_profile(actor, own.id).await?;
        self.erase_profile(actor, demo.id, Action::DemoRemoved).await
    }

    /// Shows another profile of the same login in this session.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not theirs.
    pub async fn switch_profile(&self, actor: &Actor, id: ProfileId) -> Result<()> {
        let Some(hash) = actor.session else { return Ok(()) };
        let mut tx = self.0.store.begin().await?;
        session::update_session_profile(&mut tx, session::TokenHash(hash), actor.account, id, self.now())
            .await?;
        self.log(&mut tx, Act::of(actor, Action::ProfileSwitched).in_profile(id)).await?;
        tx.commit().await?;
        self.0.mes.forget(actor.account);
        Ok(())
    }
}
