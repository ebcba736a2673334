//! Several persons under one login: self, child, parent, partner. Each has a data key of its own.

mod delete;

use crate::{
    actor::{Actor, Lang},
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::DataKey;
use keepwell_domain::{
    act::Action,
    ids::{AccountId, ProfileId},
    profile::{BadName, NAME_MAX, Name, Relation},
    view::{ProfileCounts, ProfileRef},
};
use keepwell_store::{Tx, document, keys, profile, record, session};

/// Profiles of their own that one login can have.
const MOST: i64 = 20;

/// A name, or why it cannot be one.
pub(crate) fn name(text: &str, lang: Lang) -> Result<Name> {
    let reason = |e| match e {
        BadName::Empty => lang.pick("Please give a name.", "Bitte einen Namen angeben.").to_owned(),
        BadName::Long => match lang {
            Lang::En => format!("A name can have at most {NAME_MAX} characters."),
            Lang::De => format!("Ein Name kann höchstens {NAME_MAX} Zeichen haben."),
        },
        BadName::Invisible => lang
            .pick(
                "The name holds a character that cannot be seen.",
                "Der Name enthält ein unsichtbares Zeichen.",
            )
            .to_owned(),
    };
    Name::parse(text).map_err(|e| ServiceError::invalid("name", reason(e)))
}

fn seal_name(keys: &ProfileKeys, id: ProfileId, name: &str) -> Result<keepwell_domain::sealed::Sealed> {
    keys.seal(Table::Profile, "name", id.uuid(), 1, name.as_bytes())
}

impl Services {
    /// The profile that is shown first: the person's own oldest one.
    pub(crate) async fn first_profile(&self, account: AccountId) -> Result<profile::Profile> {
        let all = profile::list_profiles(&self.0.store, account).await?;
        let (demo, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|p| p.is_demo);
        own.into_iter().chain(demo).next().ok_or(ServiceError::NotFound)
    }

    /// The profiles of an account, oldest first.
    pub(crate) async fn read_profiles(&self, account: AccountId) -> Result<Vec<ProfileRef>> {
        let mut out = Vec::new();
        for p in profile::list_profiles(&self.0.store, account).await? {
            let keys = match self.0.keys.profile(&self.0.store, p.id).await {
                Ok(keys) => keys,
                // Its deletion began after the list was read.
                Err(ServiceError::NotFound) => continue,
                Err(e) => return Err(e),
            };
            let name = keys.open(Table::Profile, "name", p.id.uuid(), 1, &p.name_sealed)?;
            let name = String::from_utf8_lossy(&name).into_owned();
            out.push(ProfileRef { id: p.id, name, relation: p.relation, is_demo: p.is_demo });
        }
        Ok(out)
    }

    /// How much each profile of the login holds, oldest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn profile_counts(&self, actor: &Actor) -> Result<Vec<ProfileCounts>> {
        actor.in_person()?;
        let store = &self.0.store;
        let mut out = Vec::new();
        for p in profile::list_profiles(store, actor.account).await? {
            let count = |n: i64| u64::try_from(n).unwrap_or(0);
            let records = count(record::count_records(store, p.id).await?);
            let documents = count(document::count_documents(store, p.id).await?);
            out.push(ProfileCounts { id: p.id, records, documents });
        }
        Ok(out)
    }

    /// The same person at another profile of the login, for this request only.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there, not theirs, or not the one to which the
    /// token is bound: all look the same.
    pub async fn on_profile(&self, actor: &Actor, id: ProfileId) -> Result<Actor> {
        if actor.profile == id {
            return Ok(actor.clone());
        }
        if actor.token.and_then(|t| t.bound_to).is_some_and(|only| only != id) {
            return Err(ServiceError::NotFound);
        }
        let p = profile::get_profile(&self.0.store, actor.account, id).await?;
        Ok(Actor { profile: p.id, profile_version: p.version, demo: p.is_demo, ..actor.clone() })
    }

    /// Makes a profile. It is not switched to.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `name`, also when there are too many.
    pub async fn create_profile(&self, actor: &Actor, text: &str, relation: Relation) -> Result<ProfileId> {
        actor.in_person()?;
        let name = name(text, actor.lang)?;
        let (id, keys) = self.mint_profile().await?;
        let name_sealed = seal_name(&keys, id, name.as_str())?;
        let mut tx = self.0.store.begin().await?;
        let own = profile::count_own_profiles(&mut tx, actor.account).await?;
        self.still_live(&mut tx, actor).await?;
        if own >= MOST {
            return Err(ServiceError::invalid("name", too_many(actor.lang)));
        }
        let new = profile::NewProfile {
            id,
            account_id: actor.account,
            name_sealed: &name_sealed,
            relation,
            is_demo: false,
        };
        profile::insert_profile(&mut tx, &new, self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::ProfileAdded).in_profile(id)).await?;
        tx.commit().await?;
        self.0.mes.forget(actor.account);
        Ok(id)
    }

    /// An id with a data key that is on disk before any row needs it; after a crash between the two
    /// the key opens nothing.
    pub(crate) async fn mint_profile(&self) -> Result<(ProfileId, ProfileKeys)> {
        let id = fresh::<ProfileId>();
        let data = DataKey::generate()?;
        let wrapped = data.wrap(self.0.keys.root(), id)?;
        let mut tx = self.0.store.begin_keys().await?;
        keys::insert_data_key(&mut tx, id, &wrapped, self.now()).await?;
        tx.commit().await?;
        Ok((id, ProfileKeys::new(self.0.keys.instance(), id, data)?))
    }

    /// Gives a profile another name, another relation, or both.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs,
    /// [`ServiceError::Invalid`] with field `name`, also for the demo person, who stays marked as one.
    pub async fn change_profile(
        &self,
        actor: &Actor,
        id: ProfileId,
        text: Option<&str>,
        relation: Option<Relation>,
    ) -> Result<()> {
        actor.in_person()?;
        let row = profile::get_profile(&self.0.store, actor.account, id).await?;
        if row.is_demo {
            let why =
                actor.lang.pick("The demo person keeps its name.", "Die Demo-Person behält ihren Namen.");
            return Err(ServiceError::invalid("name", why));
        }
        let keys = self.0.keys.profile(&self.0.store, id).await?;
        let name_sealed = match text {
            Some(text) => seal_name(&keys, id, name(text, actor.lang)?.as_str())?,
            None => row.name_sealed,
        };
        let mut tx = self.begin_by(actor).await?;
        let relation = relation.unwrap_or(row.relation);
        profile::update_profile(&mut tx, actor.account, id, &name_sealed, relation).await?;
        self.log(&mut tx, Act::of(actor, Action::ProfileChanged).in_profile(id)).await?;
        tx.commit().await?;
        self.0.mes.forget(actor.account);
        Ok(())
    }

    /// Shows another profile of the same login in this session.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not theirs.
    pub async fn switch_profile(&self, actor: &Actor, id: ProfileId) -> Result<()> {
        actor.in_person()?;
        let mut tx = self.begin_by(actor).await?;
        self.switch_in(&mut tx, actor, id).await?;
        tx.commit().await?;
        self.0.mes.forget(actor.account);
        Ok(())
    }

    async fn switch_in(&self, tx: &mut Tx, actor: &Actor, id: ProfileId) -> Result<()> {
        // The operator's command line has no session that could show anything.
        let Some(hash) = actor.session else { return Ok(()) };
        let hash = session::TokenHash(hash);
        session::update_session_profile(tx, hash, actor.account, id, self.now()).await?;
        self.log(tx, Act::of(actor, Action::ProfileSwitched).in_profile(id)).await
    }
}

const fn too_many(lang: Lang) -> &'static str {
    lang.pick(
        "There are 20 profiles already, which is the most.",
        "Es gibt schon 20 Profile, mehr gehen nicht.",
    )
}
