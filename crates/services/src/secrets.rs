//! Secrets of the installation itself (its TLS certificate, for one), shared by all its instances.

use crate::{
    core::Services,
    error::{Result, ServiceError},
    keyring::PAD,
};
use keepwell_crypto::{Owner, Place};
use keepwell_domain::time::Ts;
use keepwell_store::secret as rows;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A secret that was opened.
pub struct Secret {
    /// Rises with every change.
    pub version: u32,
    /// Its content.
    pub plain: Zeroizing<Vec<u8>>,
}

impl Services {
    /// The secret of this name, if there is one.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`]; [`ServiceError::Internal`] when it was sealed elsewhere.
    pub async fn find_secret(&self, name: &str) -> Result<Option<Secret>> {
        let Some(row) = rows::find_secret(&self.0.store, name).await? else { return Ok(None) };
        let version = u32::try_from(row.version).map_err(|_| ServiceError::Internal)?;
        let key = self.0.keys.root().secrets()?;
        let plain = Zeroizing::new(key.open(&self.secret_place(name, version), &row.sealed)?);
        Ok(Some(Secret { version, plain }))
    }

    /// Keeps a secret in place of the version that was seen (0 for none).
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when another instance was faster.
    pub async fn keep_secret(&self, name: &str, seen: u32, plain: &[u8]) -> Result<()> {
        let version = seen.checked_add(1).ok_or(ServiceError::Internal)?;
        let key = self.0.keys.root().secrets()?;
        let sealed = key.seal(&self.secret_place(name, version), plain, PAD)?;
        let secret = rows::Secret { version: version.into(), sealed, changed_at: self.now() };
        let mut tx = self.0.store.begin().await?;
        if !rows::put_secret(&mut tx, name, &secret).await? {
            return Err(ServiceError::Conflict);
        }
        Ok(tx.commit().await?)
    }

    /// Takes or prolongs, for so many seconds, the right to do something for all instances. False
    /// while another has it.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn take_lease(&self, name: &str, owner: Uuid, seconds: i64) -> Result<bool> {
        let now = self.now();
        let until = Ts(now.0.saturating_add(seconds.saturating_mul(1_000_000)));
        let mut tx = self.0.store.begin().await?;
        let taken = rows::take_lease(&mut tx, name, owner, until, now).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Gives it back.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn end_lease(&self, name: &str, owner: Uuid) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        rows::delete_lease(&mut tx, name, owner).await?;
        Ok(tx.commit().await?)
    }

    fn secret_place<'a>(&self, name: &'a str, version: u32) -> Place<'a> {
        Place {
            instance: self.0.keys.instance(),
            owner: Owner::Instance,
            table: "instance_secret",
            column: name,
            row: Uuid::nil(),
            version,
        }
    }
}
