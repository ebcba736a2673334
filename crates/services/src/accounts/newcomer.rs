//! The making of an account: its keys first, then its rows.

use crate::{
    Lang,
    audit::Act,
    core::{Services, fresh},
    error::Result,
    keyring::{AccountKeys, ProfileKeys, Table},
};
use keepwell_crypto::{AuditKey, DataKey};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    sealed::{Fingerprint, Sealed},
};
use keepwell_store::{Tx, account as rows, keys, profile};

/// An account whose keys are there and whose rows are not.
pub(super) struct Newcomer {
    pub id: AccountId,
    pub email_fp: Fingerprint,
    profile: ProfileId,
    email_sealed: Sealed,
    name_sealed: Sealed,
    lang: Lang,
}

impl Services {
    /// Makes the keys of a new account. They are on disk before any row that needs them; keys
    /// without rows, after a crash, open nothing.
    pub(super) async fn prepare_account(&self, email: &str, lang: Lang) -> Result<Newcomer> {
        let (id, profile) = (fresh::<AccountId>(), fresh::<ProfileId>());
        let (account_keys, profile_keys) = self.mint_keys(id, profile).await?;
        let name = lang.pick("Me", "Ich");
        Ok(Newcomer {
            id,
            email_fp: self.email_fp(email)?,
            profile,
            email_sealed: account_keys.seal("account", "email", id.uuid(), email.as_bytes())?,
            name_sealed: profile_keys.seal(Table::Profile, "name", profile.uuid(), 1, name.as_bytes())?,
            lang,
        })
    }

    /// Writes the rows. `Conflict` when the address has an account by now.
    pub(super) async fn write_account(
        &self,
        tx: &mut Tx,
        new: &Newcomer,
        phc: &str,
        role: rows::Role,
        is_verified: bool,
    ) -> std::result::Result<(), keepwell_store::StoreError> {
        let now = self.now();
        let account = rows::NewAccount {
            id: new.id,
            email_fp: new.email_fp,
            email_sealed: &new.email_sealed,
            password_phc: phc,
            role,
            lang: new.lang.as_str(),
        };
        rows::insert_account(tx, &account, now).await?;
        if is_verified {
            rows::set_verified(tx, new.id, now).await?;
        }
        let profile = profile::NewProfile {
            id: new.profile,
            account_id: new.id,
            name_sealed: &new.name_sealed,
            relation: profile::Relation::SelfPerson,
            is_demo: false,
        };
        profile::insert_profile(tx, &profile, now).await
    }

    pub(super) async fn log_newcomer(&self, tx: &mut Tx, new: &Newcomer, act: Act) -> Result<()> {
        self.log(tx, act.in_profile(new.profile)).await
    }

    async fn mint_keys(&self, account: AccountId, profile: ProfileId) -> Result<(AccountKeys, ProfileKeys)> {
        let root = self.0.keys.root();
        let (data, person) = (DataKey::generate()?, AuditKey::generate()?);
        let (data_wrapped, person_wrapped) = (data.wrap(root, profile)?, person.wrap(root, account)?);
        let now = self.now();
        let mut tx = self.0.store.begin_keys().await?;
        keys::insert_data_key(&mut tx, profile, &data_wrapped, now).await?;
        keys::insert_audit_key(&mut tx, account, &person_wrapped, now).await?;
        tx.commit().await?;
        let instance = self.0.keys.instance();
        Ok((AccountKeys::new(instance, account, &person)?, ProfileKeys::new(instance, profile, data)?))
    }
}
