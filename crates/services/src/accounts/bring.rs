//! Accounts brought over from an older system, with its bcrypt hashes. They are checked once, at the
//! first right sign-in, and replaced then.

use super::policy;
use crate::{
    Lang,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::password::Hasher;
use keepwell_domain::act::Action;
use keepwell_store::{StoreError, account as rows};

/// One account of the older system.
pub struct LegacyUser {
    /// Its address.
    pub email: String,
    /// Its password's bcrypt hash, of cost 12.
    pub hash: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// There is an account now.
    Made,
    /// The address has an account already, which was left as it is.
    Known,
    /// It is no e-mail address.
    BadEmail,
    /// It is no bcrypt hash of cost 12.
    BadHash,
}

impl Services {
    /// Makes an account out of one of the older system, for the operator's command. Its address does
    /// not count as confirmed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn bring_user(&self, user: &LegacyUser) -> Result<Brought> {
        let Some(email) = policy::email(&user.email) else { return Ok(Brought::BadEmail) };
        if !Hasher::is_importable(&user.hash) {
            return Ok(Brought::BadHash);
        }
        if rows::find_account_by_email(&self.0.store, self.email_fp(&email)?).await?.is_some() {
            return Ok(Brought::Known);
        }
        let new = self.prepare_account(&email, Lang::En).await?;
        let mut tx = self.0.store.begin().await?;
        match self.write_account(&mut tx, &new, &user.hash, rows::Role::Member, false).await {
            Err(StoreError::Conflict { .. }) => return Ok(Brought::Known),
            other => other.map_err(ServiceError::from)?,
        }
        self.log_newcomer(&mut tx, &new, Act::by_operator(new.id, Action::AccountCreated)).await?;
        tx.commit().await?;
        Ok(Brought::Made)
    }
}
