//! The end of an account: the keys first, then rows and files (spec 4.5, security-design §2).

use crate::{actor::Actor, audit::Act, core::Services, error::Result};
use keepwell_domain::{
    act::Action,
    ids::{AccountId, ProfileId},
    view::Receipt,
};
use keepwell_store::{StoreError, account as rows, document, erase, keys, profile, record};
use uuid::Uuid;

impl Services {
    /// Deletes the account with all its profiles, at once and for good.
    ///
    /// # Errors
    /// [`crate::ServiceError::Invalid`] with field `password` for a wrong one, with field `act` for the last administrator.
    pub async fn delete_account(&self, actor: &Actor, password: &str) -> Result<Receipt> {
        actor.in_person()?;
        let store = &self.0.store;
        self.prove_password(actor, "password", password, Action::AccountDeleted).await?;
        let mut receipt = Receipt { at: self.now(), ..Receipt::default() };
        for p in profile::list_profiles_to_erase(store, actor.account).await? {
            receipt.records += u64::try_from(record::count_records(store, p.id).await?).unwrap_or(0);
            receipt.documents += u64::try_from(document::count_documents(store, p.id).await?).unwrap_or(0);
        }
        receipt.journals = self.count_own_vaults(actor).await?;
        let now = self.now();
        let account = rows::get_account(store, actor.account).await?;
        let _turn = self.0.erasing.lock().await;
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of(actor, Action::AccountDeleted)).await?;
        self.not_the_last(&mut tx, &account, actor.lang).await?;
        self.end_everything(&mut tx, actor.account, actor.generation).await?;
        rows::update_account_state(&mut tx, actor.account, rows::AccountState::Deleting, now).await?;
        tx.commit().await?;
        self.erase_account(actor.account).await?;
        Ok(receipt)
    }

    /// Everything after the decision, in the turn of [`crate::core::Inner::erasing`]; done again from the start when a
    /// crash cut it short.
    pub(super) async fn erase_account(&self, account: AccountId) -> Result<()> {
        let store = &self.0.store;
        let profiles = profile::list_profiles_to_erase(store, account).await?;
        for p in &profiles {
            self.destroy_profile_key(p.id).await?;
        }
        let (now, log_size) = (self.now(), self.log_size().await?);
        let mut tx = store.begin_keys().await?;
        let person_fp =
            self.0.keys.root().pseudonyms()?.fingerprint(&[b"account", account.uuid().as_bytes()]);
        keys::insert_erasure(
            &mut tx,
            &keys::Erasure {
                id: Uuid::now_v7(),
                person_fp,
                at: now,
                kind: keys::ErasureKind::Account,
                log_size,
            },
        )
        .await?;
        keys::destroy_audit_key(&mut tx, account, now).await?;
        tx.commit().await?;
        self.0.keys.forget_account(account);
        self.0.mes.forget(account);
        for p in &profiles {
            done(erase::delete_profile_rows(store, account, p.id, now).await)?;
        }
        done(erase::delete_account_rows(store, account, now).await)?;
        self.sweep_garbage().await?;
        Ok(store.checkpoint_truncate().await?)
    }

    pub(crate) async fn destroy_profile_key(&self, id: ProfileId) -> Result<()> {
        let (now, log_size) = (self.now(), self.log_size().await?);
        let mut tx = self.0.store.begin_keys().await?;
        let person_fp = self.0.keys.root().pseudonyms()?.fingerprint(&[b"profile", id.uuid().as_bytes()]);
        let kind = keys::ErasureKind::Profile;
        keys::insert_erasure(
            &mut tx,
            &keys::Erasure { id: Uuid::now_v7(), person_fp, at: now, kind, log_size },
        )
        .await?;
        keys::destroy_data_key(&mut tx, id, now).await?;
        tx.commit().await?;
        self.0.keys.forget_profile(id);
        self.0.vaults.forget(id);
        self.0.samples.forget(id);
        Ok(())
    }

    /// Finishes deletions that a crash cut short.
    pub(crate) async fn finish_erasures(&self) -> Result<()> {
        let _turn = self.0.erasing.lock().await;
        for p in profile::list_profiles_deleting(&self.0.store).await? {
            self.destroy_profile_key(p.id).await?;
            done(erase::delete_profile_rows(&self.0.store, p.account_id, p.id, self.now()).await)?;
        }
        for a in rows::list_accounts_deleting(&self.0.store).await? {
            self.erase_account(a.id).await?;
        }
        self.sweep_garbage().await
    }
}

/// What another instance has erased meanwhile, which finishes what looks cut short, is erased.
pub(crate) fn done(erased: keepwell_store::Result<()>) -> keepwell_store::Result<()> {
    match erased {
        Err(StoreError::NotFound) => Ok(()),
        other => other,
    }
}
