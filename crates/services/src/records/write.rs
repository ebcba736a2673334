//! Adding, changing and deleting records, and favourites.

use super::{
    form,
    open::{Settings, open_record},
};
use crate::{
    actor::Actor,
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    import::{fingerprint, identity::identity},
    keyring::{ProfileKeys, Table},
};
use keepwell_domain::{
    act::Action,
    ids::RecordId,
    lang::Lang,
    record::Record,
    sealed::{Fingerprint, Sealed},
    view::{Receipt, RecordForm},
};
use keepwell_store::{StoreError, mark, profile, record as rows};

/// Why one more record that says the same is refused.
pub(crate) const fn too_often(lang: Lang) -> &'static str {
    lang.pick(
        "This very record is there many times already.",
        "Genau diesen Eintrag gibt es schon viele Male.",
    )
}

/// An equal record typed in once more is another one, up to this many times.
const MAX_EQUAL: u32 = 100;

fn seal(keys: &ProfileKeys, id: RecordId, version: u32, r: &Record) -> Result<Sealed> {
    let plain = postcard::to_allocvec(r).map_err(|_| ServiceError::internal("record", &"does not encode"))?;
    keys.seal(Table::Record, "sealed", id.uuid(), version, &plain)
}

impl Services {
    /// Adds a record that a person typed.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with the field and the reason.
    pub async fn add_record(&self, actor: &Actor, f: &RecordForm) -> Result<RecordId> {
        let record = form::read(f, None, actor.lang)?;
        let keys = self.profile_keys(actor).await?;
        let id = fresh::<RecordId>();
        let mut tx = self.begin_by(actor).await?;
        let fingerprint = self.free_fingerprint(&mut tx, actor, &keys, &record, None).await?;
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let new = rows::NewRecord { id, fingerprint, sealed: seal(&keys, id, 1, &record)?, by_hand: true };
        rows::insert_records(&mut tx, &change, &[new], self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::RecordAdded).on(id.uuid())).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A fingerprint for a record that nothing else has: what a person types in twice, they mean.
    async fn free_fingerprint(
        &self,
        tx: &mut keepwell_store::Tx,
        actor: &Actor,
        keys: &ProfileKeys,
        record: &Record,
        own: Option<RecordId>,
    ) -> Result<Fingerprint> {
        let i = identity(record);
        for nth in 0..MAX_EQUAL {
            let fp = fingerprint(keys, &i, nth);
            match rows::find_record_by_fingerprint(&mut *tx, actor.profile, fp).await? {
                Some(r) if Some(r.id) != own => {}
                _ => return Ok(fp),
            }
        }
        Err(ServiceError::invalid("value", too_often(actor.lang)))
    }

    /// Changes a record. The version before stays in its history; `version` is the one that was
    /// shown.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when someone changed it meanwhile, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`].
    pub async fn edit_record(&self, actor: &Actor, id: RecordId, version: u32, f: &RecordForm) -> Result<()> {
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.begin_by(actor).await?;
        let row = rows::get_record(&mut tx, actor.profile, id).await?;
        if row.row_version != i64::from(version) {
            return Err(ServiceError::Conflict);
        }
        let before = open_record(&keys, id.uuid(), row.row_version, &row.sealed)?;
        let after = form::read(f, Some(&before), actor.lang)?;
        if after == before {
            return Ok(());
        }
        // An imported record keeps the identity under which its file is recognised: importing that
        // file again must neither bring back the old value nor add a second record.
        let fp = if row.by_hand {
            self.free_fingerprint(&mut tx, actor, &keys, &after, Some(id)).await?
        } else {
            row.fingerprint
        };
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let sealed = seal(&keys, id, version + 1, &after)?;
        rows::update_record(&mut tx, &change, id, row.row_version, fp, &sealed, self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::RecordChanged).on(id.uuid())).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a record with its history, for good. The same record in a later import stays out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs, [`ServiceError::ProofNeeded`].
    pub async fn delete_record(&self, actor: &Actor, id: RecordId) -> Result<Receipt> {
        let now = self.now();
        rows::get_record(&self.0.store, actor.profile, id).await?;
        self.fresh_for(actor, Action::RecordDeleted).await?;
        let keys = self.profile_keys(actor).await?;
        // It wants a connection of its own: in the transaction it could wait for one that others hold who wait for this.
        let vault = self.vault_of(actor.profile).await?;
        let mut tx = self.begin_by(actor).await?;
        let row = rows::get_record(&mut tx, actor.profile, id).await?;
        let marks = self.marks_of(&mut tx, &vault, actor.profile, &keys, &row).await?;
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        rows::delete_record(&mut tx, &change, id, now).await?;
        mark::insert_marks(&mut tx, &change, &marks, now).await?;
        self.log(&mut tx, Act::of(actor, Action::RecordDeleted).on(id.uuid())).await?;
        tx.commit().await?;
        Ok(Receipt { records: 1, at: now, ..Receipt::default() })
    }

    /// Marks a marker as a favourite, or not.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a key that is none.
    pub async fn set_favourite(&self, actor: &Actor, key: &str, on: bool) -> Result<()> {
        let fits = !key.is_empty() && key.len() <= 100 && key.bytes().all(|c| c.is_ascii_graphic());
        if !fits {
            return Err(ServiceError::invalid(
                "key",
                actor.lang.pick("This is no marker.", "Das ist kein Messwert."),
            ));
        }
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.begin_by(actor).await?;
        let row = profile::get_profile(&mut tx, actor.account, actor.profile).await?;
        let mut settings = Settings::open(&keys, &row)?;
        settings.favourites.retain(|k| k != key);
        if on {
            if settings.favourites.len() >= 200 {
                let why =
                    actor.lang.pick("There are 200 favourites already.", "Es gibt schon 200 Favoriten.");
                return Err(ServiceError::invalid("key", why));
            }
            settings.favourites.push(key.to_owned());
        }
        let sealed = settings.seal(&keys, actor.profile)?;
        match profile::update_settings(&mut tx, actor.account, actor.profile, &sealed).await {
            Err(StoreError::NotFound) => Err(ServiceError::NotFound),
            other => {
                other?;
                self.log(&mut tx, Act::of(actor, Action::FavouriteSet)).await?;
                Ok(tx.commit().await?)
            }
        }
    }
}
