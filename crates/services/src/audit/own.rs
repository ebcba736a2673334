//! The instance's own keys for the log. They are made at the first start and lie, wrapped, in the
//! key store: neither a copy of the data nor a new root key changes them.

use crate::{
    error::{Result, ServiceError},
    keyring::AccountKeys,
};
use keepwell_audit::Signer;
use keepwell_crypto::{AuditKey, Owner, RootKey, SigningSeed};
use keepwell_domain::{
    ids::{AccountId, InstanceId},
    sealed::Sealed,
    time::Ts,
};
use keepwell_store::{Store, audit as rows};
use uuid::Uuid;

/// What seals details that belong to no person.
pub type OwnKeys = AccountKeys;

/// See the module.
pub struct Own {
    /// Seals details that belong to no person.
    pub keys: OwnKeys,
    /// Signs heads of the log.
    pub signer: Signer,
}

/// Finds the keys, or makes them.
///
/// # Errors
/// Those of the store; [`ServiceError::Internal`] when they do not open under this root key.
pub async fn open_own(store: &Store, root: &RootKey, instance: InstanceId, now: Ts) -> Result<Own> {
    let detail = find(store, "audit", now, || Ok(AuditKey::generate()?.wrap(root, Owner::Instance)?)).await?;
    let seed =
        find(store, "signing", now, || Ok(SigningSeed::generate()?.wrap(root, Owner::Instance)?)).await?;
    let nobody = AccountId::new(Uuid::nil());
    let keys = AccountKeys::new(instance, nobody, &AuditKey::unwrap(root, Owner::Instance, &detail)?)?;
    let seed = SigningSeed::unwrap(root, Owner::Instance, &seed)?;
    let signer = Signer::new(&format!("keepwell-audit/{instance}"), seed.expose())
        .map_err(|e| ServiceError::internal("signing key", &e))?;
    Ok(Own { keys, signer })
}

async fn find(store: &Store, name: &str, now: Ts, make: impl FnOnce() -> Result<Sealed>) -> Result<Sealed> {
    if let Some(found) = rows::find_instance_key(store, name).await? {
        return Ok(found);
    }
    let made = make()?;
    let mut tx = store.begin_keys().await?;
    let counts = rows::insert_instance_key(&mut tx, name, &made, now).await?;
    tx.commit().await?;
    Ok(counts)
}
