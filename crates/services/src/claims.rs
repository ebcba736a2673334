//! Proofs that the promises about data at rest hold, tried on this very installation. None of them
//! reads anybody's data.

use crate::{
    actor::{Actor, Device, Lang, Role},
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::{DataKey, Token};
use keepwell_domain::{
    act::ActBy,
    ids::{AccountId, ProfileId},
};
use keepwell_store::claim::{self, PasswordForms};

/// Rows looked at per table.
const AMONG: i64 = 10_000;
/// Deletions looked at.
const DELETIONS: i64 = 1_000;

impl Services {
    /// Tries to change the second factors of nobody with a proof that is just too old, and looks whether an
    /// administrator without one is held back.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when there is no randomness.
    pub async fn prove_step_up(&self) -> Result<bool> {
        let device = Device::default();
        let stale = Actor {
            account: fresh::<AccountId>(),
            profile: fresh::<ProfileId>(),
            profile_version: 1,
            role: Role::Admin,
            lang: Lang::En,
            demo: false,
            generation: 1,
            session: Some(fresh_session()?),
            by: ActBy::Person,
            device: std::sync::Arc::default(),
            token: None,
            proved_at: self.now().plus_seconds(-self.sessions_last().proof),
            has_factor: false,
            has_news: false,
            idle_s: 0,
        };
        let refused = |e: Option<ServiceError>| matches!(e, Some(ServiceError::ProofNeeded));
        Ok(stale.must_enrol()
            && refused(self.begin_app(&stale).await.err())
            && refused(self.remove_app(&stale, &device).await.err())
            && refused(self.make_recovery_codes(&stale, &device).await.err())
            && refused(self.ask_passkey_to_enrol(&stale).await.err()))
    }

    /// Tries as an administrator of nobody to get through the door without a grant and to ask for more than an hour, and
    /// looks whether the last grants kept to the rules.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when there is no randomness; those of the store.
    pub async fn prove_sights(&self) -> Result<bool> {
        let actor = Actor {
            account: fresh::<AccountId>(),
            profile: fresh::<ProfileId>(),
            profile_version: 1,
            role: Role::Admin,
            lang: Lang::En,
            demo: false,
            generation: 1,
            session: Some(fresh_session()?),
            by: ActBy::Person,
            device: std::sync::Arc::default(),
            token: None,
            proved_at: self.now(),
            has_factor: true,
            has_news: false,
            idle_s: 0,
        };
        let admin = self.as_admin(&actor)?;
        let plain = Actor { role: Role::Support, ..actor.clone() };
        let is_shut = |e: Option<ServiceError>| matches!(e, Some(ServiceError::NotFound));
        let shut = is_shut(self.as_admin(&plain).err())
            && is_shut(self.granted(&admin, fresh::<keepwell_domain::ids::GrantId>()).await.err());
        Ok(shut && keepwell_store::break_glass::count_improper(&self.0.store).await? == 0)
    }

    /// Seals a text as a record would be and tries to open it elsewhere, changed, and as another
    /// person; then counts stored rows that do not look sealed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn prove_sealing(&self) -> Result<bool> {
        let (a, b) = (self.passing_keys()?, self.passing_keys()?);
        let (row, other) = (fresh::<uuid::Uuid>(), fresh::<uuid::Uuid>());
        let text = b"a promise is only as good as its proof";
        let sealed = a.seal(Table::Record, "sealed", row, 1, text)?;
        let hidden = !sealed.as_bytes().windows(text.len()).any(|w| w == text);
        let opens = a.open(Table::Record, "sealed", row, 1, &sealed).is_ok_and(|p| p == text);
        let astray = [
            a.opens(Table::Record, "sealed", other, 1, &sealed),
            a.opens(Table::Record, "sealed", row, 2, &sealed),
            a.opens(Table::Document, "sealed", row, 1, &sealed),
            b.opens(Table::Record, "sealed", row, 1, &sealed),
        ];
        let mut changed = sealed.as_bytes().to_vec();
        if let Some(last) = changed.last_mut() {
            *last ^= 1;
        }
        let changed = keepwell_domain::sealed::Sealed::from_bytes(changed);
        let tampered = a.opens(Table::Record, "sealed", row, 1, &changed);
        let version = sealed.as_bytes().first().copied().ok_or(ServiceError::Internal)?;
        let stray = claim::count_not_sealed(&self.0.store, version, AMONG).await?;
        Ok(hidden && opens && !astray.contains(&true) && !tampered && stray == 0)
    }

    /// Keys of nobody, kept nowhere.
    fn passing_keys(&self) -> Result<ProfileKeys> {
        ProfileKeys::new(self.0.keys.instance(), fresh::<ProfileId>(), DataKey::generate()?)
    }

    /// Whether nothing is left of the people whose keys were destroyed last.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn prove_erasure(&self) -> Result<bool> {
        for profile in claim::list_destroyed(&self.0.store, DELETIONS).await? {
            if claim::count_rows_of(&self.0.store, profile).await? > 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How passwords are stored.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn password_forms(&self) -> Result<PasswordForms> {
        Ok(claim::count_password_forms(&self.0.store).await?)
    }
}

/// The hash of a session that nobody has.
fn fresh_session() -> Result<[u8; 32]> {
    Ok(*Token::generate()?.hash().as_bytes())
}
