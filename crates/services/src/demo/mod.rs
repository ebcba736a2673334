//! The demo person: a profile of its own with synthetic records, removable by one click.

mod person;

use crate::{actor::Actor, audit::Act, core::Services, error::Result, keyring::Table};
use keepwell_domain::act::Action;
use keepwell_store::profile;

impl Services {
    /// Makes the demo person as a profile of its own, queues its files and switches to it. One
    /// that is there already is switched to.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn add_demo(&self, actor: &Actor) -> Result<()> {
        actor.in_person()?;
        let store = &self.0.store;
        let there = profile::list_profiles(store, actor.account).await?.into_iter().find(|p| p.is_demo);
        if let Some(p) = there {
            return self.switch_profile(actor, p.id).await;
        }
        let (id, keys) = self.mint_profile().await?;
        let now = self.now();
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
}
