//! Sign-up, sign-in, sessions, and the end of an account.

pub mod delete;
pub mod hashing;
pub mod known;
pub mod passphrase;
pub mod policy;
mod sessions;

pub(crate) use sessions::device_words;

use crate::{
    actor::{Actor, Device, Lang, Role, SessionToken},
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{AccountKeys, ProfileKeys, Table},
};
use keepwell_crypto::{AuditKey, DataKey, Token, password::Password};
use keepwell_domain::{
    act::{ActBy, Action},
    ids::{AccountId, ProfileId},
    sealed::Fingerprint,
    view::{Me, ProfileRef},
};
use keepwell_store::{StoreError, account as rows, keys, profile, session};

impl Services {
    /// Makes an account with one profile and signs it in.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for the e-mail or the password, [`ServiceError::Unavailable`]
    /// when too many passwords are being hashed.
    pub async fn sign_up(
        &self,
        email: &str,
        password: &str,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let made = |account| Act::by_owner(account, Action::AccountCreated, device);
        let account = self.create_account(email, password, lang, rows::Role::Member, made).await?;
        self.start_session(account, rows::Role::Member, false, device).await
    }

    /// Makes an admin's account, for the command line only.
    ///
    /// # Errors
    /// As [`Self::sign_up`].
    pub async fn create_admin(&self, email: &str, password: &str) -> Result<AccountId> {
        let made = |account| Act::by_operator(account, Action::AdminCreated);
        self.create_account(email, password, Lang::En, rows::Role::Admin, made).await
    }

    /// Why a new password is refused; `None` when it is fine.
    #[must_use]
    pub fn password_feedback(&self, password: &str, email: &str, lang: Lang) -> Option<String> {
        policy::refusal(password, email, lang)
    }

    /// A passphrase of words drawn by the system's random source.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when there is no randomness.
    pub fn suggest_passphrase(&self) -> Result<String> {
        passphrase::suggest()
    }

    pub(crate) fn email_fp(&self, email: &str) -> Result<Fingerprint> {
        Ok(self.0.keys.root().index()?.fingerprint(&[b"email", policy::email_key(email).as_bytes()]))
    }

    async fn create_account(
        &self,
        email: &str,
        password: &str,
        lang: Lang,
        role: rows::Role,
        made: impl FnOnce(AccountId) -> Act,
    ) -> Result<AccountId> {
        let bad_email = lang.pick("Please give an e-mail address.", "Bitte eine E-Mail-Adresse angeben.");
        let email = policy::email(email).ok_or_else(|| ServiceError::invalid("email", bad_email))?;
        if let Some(reason) = policy::refusal(password, &email, lang) {
            return Err(ServiceError::invalid("password", reason));
        }
        let phc = self.0.hashing.hash(Password::new(password)?).await?;
        let email_fp = self.email_fp(&email)?;
        let taken = lang.pick(
            "There is an account with this address already. Please sign in.",
            "Zu dieser Adresse gibt es schon ein Konto. Bitte anmelden.",
        );
        if rows::find_account_by_email(&self.0.store, email_fp).await?.is_some() {
            return Err(ServiceError::invalid("email", taken));
        }
        let (account, profile) = (fresh::<AccountId>(), fresh::<ProfileId>());
        let (account_keys, profile_keys) = self.mint_keys(account, profile).await?;
        let now = self.now();
        let email_sealed = account_keys.seal("account", "email", account.uuid(), email.as_bytes())?;
        let name = lang.pick("Me", "Ich");
        let name_sealed = profile_keys.seal(Table::Profile, "name", profile.uuid(), 1, name.as_bytes())?;
        let mut tx = self.0.store.begin().await?;
        let new = rows::NewAccount {
            id: account,
            email_fp,
            email_sealed: &email_sealed,
            password_phc: &phc,
            role,
            lang: lang.as_str(),
        };
        match rows::insert_account(&mut tx, &new, now).await {
            Err(StoreError::Conflict { .. }) => return Err(ServiceError::invalid("email", taken)),
            other => other?,
        }
        let new = profile::NewProfile {
            id: profile,
            account_id: account,
            name_sealed: &name_sealed,
            relation: profile::Relation::SelfPerson,
            is_demo: false,
        };
        profile::insert_profile(&mut tx, &new, now).await?;
        self.log(&mut tx, made(account).in_profile(profile)).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Makes and stores the keys of a new account. They are on disk before any row that needs
    /// them; keys without rows, after a crash, open nothing.
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

    /// Signs in with a password. A wrong address and a wrong password answer alike, and take alike.
    ///
    /// # Errors
    /// [`ServiceError::Credentials`], [`ServiceError::Unavailable`] when too many passwords are being hashed.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        keep: bool,
        device: &Device,
    ) -> Result<SessionToken> {
        let found = rows::find_account_by_email(&self.0.store, self.email_fp(email)?).await?;
        // A password that cannot be one is checked against the dummy, for the same answer at the same pace.
        let (typed, possible) = match Password::new(password) {
            Ok(p) => (p, true),
            Err(_) => (Password::new("not a password that anyone could have")?, false),
        };
        let stored = found.as_ref().filter(|_| possible).map(|a| a.password_phc.clone());
        let verdict = self.0.hashing.verify(typed, stored).await?;
        let account = match found {
            Some(a) if verdict.ok && possible && a.state == rows::AccountState::Active => a,
            other => {
                let refused = Action::SessionRefused;
                let act = match other {
                    Some(a) => Act::by_unknown(a.id, refused, device),
                    None => Act::by_stranger(self.email_fp(email)?, refused, device),
                };
                self.log_now(act.refused()).await?;
                return Err(ServiceError::Credentials);
            }
        };
        if verdict.needs_upgrade {
            let phc = self.0.hashing.hash(Password::new(password)?).await?;
            let mut tx = self.0.store.begin().await?;
            rows::update_password(&mut tx, account.id, &phc, self.now()).await?;
            tx.commit().await?;
        }
        self.start_session(account.id, account.role, keep, device).await
    }

    async fn start_session(
        &self,
        account: AccountId,
        role: rows::Role,
        keep: bool,
        device: &Device,
    ) -> Result<SessionToken> {
        let profile = profile::list_profiles(&self.0.store, account).await?;
        let profile = profile.first().ok_or(ServiceError::NotFound)?.id;
        let token = Token::generate()?;
        let hash = session::TokenHash(*token.hash().as_bytes());
        let times = self.0.sessions;
        let (idle, absolute) = match (role, keep) {
            (rows::Role::Admin, _) => (times.admin_idle, times.absolute),
            (_, true) => (times.keep, times.keep),
            (_, false) => (times.idle, times.absolute),
        };
        let now = self.now();
        let keys = self.0.keys.account(&self.0.store, account).await?;
        let device_sealed = keys.seal("session", "device", session_row(&hash.0), &sessions::pack(device))?;
        let mut tx = self.0.store.begin().await?;
        let new = session::NewSession {
            token_hash: hash,
            account_id: account,
            profile_id: profile,
            device_sealed: &device_sealed,
            idle_seconds: idle,
            absolute_expires_at: now.plus_seconds(absolute),
        };
        session::insert_session(&mut tx, &new, now).await?;
        self.log(&mut tx, Act::by_owner(account, Action::SessionStarted, device).in_profile(profile)).await?;
        tx.commit().await?;
        Ok(SessionToken(token.text().to_string()))
    }

    /// Who holds this cookie; `None` when its session is not live. One read of the database.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn authenticate(&self, cookie: &str) -> Result<Option<Actor>> {
        let Ok(token) = Token::parse(cookie) else { return Ok(None) };
        let hash = session::TokenHash(*token.hash().as_bytes());
        let now = self.now();
        let Some(s) = session::find_live_session(&self.0.store, hash, now).await? else { return Ok(None) };
        session::touch_session(&self.0.store, hash, s.last_seen_at, now).await?;
        Ok(Some(Actor {
            account: s.account_id,
            profile: s.profile_id,
            profile_version: s.profile_version,
            role: if s.role == rows::Role::Admin { Role::Admin } else { Role::Person },
            lang: Lang::parse(&s.lang).unwrap_or_default(),
            demo: s.is_demo,
            session: Some(hash.0),
            by: ActBy::Person,
            device: std::sync::Arc::default(),
        }))
    }

    /// The account of this address, for the operator's commands `import` and `export`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn actor_for_email(&self, email: &str) -> Result<Actor> {
        let found = rows::find_account_by_email(&self.0.store, self.email_fp(email)?).await?;
        let account =
            found.filter(|a| a.state == rows::AccountState::Active).ok_or(ServiceError::NotFound)?;
        let profiles = profile::list_profiles(&self.0.store, account.id).await?;
        let p = profiles.first().ok_or(ServiceError::NotFound)?;
        Ok(Actor {
            account: account.id,
            profile: p.id,
            profile_version: p.version,
            role: if account.role == rows::Role::Admin { Role::Admin } else { Role::Person },
            lang: Lang::parse(&account.lang).unwrap_or_default(),
            demo: p.is_demo,
            session: None,
            by: ActBy::Operator,
            device: std::sync::Arc::default(),
        })
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the account has gone meanwhile.
    pub async fn me(&self, actor: &Actor) -> Result<Me> {
        if let Some(known) = self.0.mes.get(actor, self.now()) {
            return Ok(known);
        }
        let me = self.read_me(actor).await?;
        self.0.mes.put(actor, me.clone(), self.now());
        Ok(me)
    }

    async fn read_me(&self, actor: &Actor) -> Result<Me> {
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let email = keys.open("account", "email", actor.account.uuid(), &account.email_sealed)?;
        let (mut profiles, mut is_demo) = (Vec::new(), false);
        for p in profile::list_profiles(&self.0.store, actor.account).await? {
            let keys = self.0.keys.profile(&self.0.store, p.id).await?;
            let name = keys.open(Table::Profile, "name", p.id.uuid(), 1, &p.name_sealed)?;
            is_demo |= p.is_demo && p.id == actor.profile;
            profiles.push(ProfileRef { id: p.id, name: String::from_utf8_lossy(&name).into_owned() });
        }
        let current =
            profiles.iter().find(|p| p.id == actor.profile).cloned().ok_or(ServiceError::NotFound)?;
        Ok(Me {
            account: actor.account,
            email: String::from_utf8_lossy(&email).into_owned(),
            profile: current,
            profiles,
            lang: actor.lang.as_str().to_owned(),
            demo: is_demo,
        })
    }

    /// Sets the language of the pages.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the account has gone meanwhile.
    pub async fn set_lang(&self, actor: &Actor, lang: Lang) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        rows::update_lang(&mut tx, actor.account, lang.as_str(), self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::SettingsChanged).with("language")).await?;
        Ok(tx.commit().await?)
    }
}

/// The row id under which a session's device is sealed: the first half of its token's hash.
pub(crate) fn session_row(hash: &[u8; 32]) -> uuid::Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    uuid::Uuid::from_bytes(half)
}
