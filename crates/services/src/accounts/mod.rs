//! Sign-up, sign-in, sessions, what is done with a mailed link, and the end of an account.

mod bring;
pub mod delete;
mod device;
mod email;
mod factors;
mod farewell;
pub mod hashing;
pub mod known;
mod lanes;
mod live;
mod newcomer;
pub mod passphrase;
mod password;
pub mod policy;
mod proof;
mod reset;
mod second;
mod sessions;
mod signin;
mod signup;
pub mod tokens;

pub use bring::{Brought, LegacyUser};
pub use email::EmailChange;
pub use factors::{EnrolledApp, EnrolledPasskey, PasskeySetup, Question, TakenFactors};
pub use proof::Proof;
pub use second::{HalfOpen, Second, SignedIn};
pub use signup::Joined;

pub(crate) use sessions::device_words;
pub(crate) use signup::checked_email;

use crate::{
    actor::{Actor, Lang},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::Token;
use keepwell_domain::{
    act::{ActBy, Action},
    sealed::Fingerprint,
    time::Ts,
    view::Me,
};
use keepwell_store::{account as rows, session};

impl Services {
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

    /// The address of an account.
    pub(crate) async fn email_of(&self, account: &rows::Account) -> Result<String> {
        let keys = self.0.keys.account(&self.0.store, account.id).await?;
        let email = keys.open("account", "email", account.id.uuid(), &account.email_sealed)?;
        Ok(String::from_utf8_lossy(&email).into_owned())
    }

    /// Whether people prove that their address is theirs before it counts.
    #[must_use]
    pub fn confirms_addresses(&self) -> bool {
        self.0.mail.confirms
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
            role: s.role.into(),
            lang: self.settings_in_force().allowed(Lang::parse(&s.lang).unwrap_or_default()),
            demo: s.is_demo,
            generation: s.generation,
            session: Some(hash.0),
            by: ActBy::Person,
            device: std::sync::Arc::default(),
            token: None,
            proved_at: s.proved_at,
            has_factor: s.has_factor,
            has_news: s.has_news,
            idle_s: s.idle_seconds,
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
        let p = self.first_profile(account.id).await?;
        Ok(Actor {
            account: account.id,
            profile: p.id,
            profile_version: p.version,
            role: account.role.into(),
            lang: Lang::parse(&account.lang).unwrap_or_default(),
            demo: p.is_demo,
            generation: account.generation,
            session: None,
            by: ActBy::Operator,
            device: std::sync::Arc::default(),
            token: None,
            proved_at: Ts(0),
            has_factor: false,
            has_news: false,
            idle_s: 0,
        })
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the account has gone meanwhile.
    pub async fn me(&self, actor: &Actor) -> Result<Me> {
        let mut me = match self.0.mes.get(actor, self.now()) {
            Some(known) => known,
            None => {
                let me = self.read_me(actor).await?;
                self.0.mes.put(actor, me.clone(), self.now());
                me
            }
        };
        me.has_factor = actor.has_factor;
        me.is_proved = self.is_proved(actor);
        // A token for one profile need not know of the others.
        if let Some(only) = actor.token.and_then(|t| t.bound_to) {
            me.profiles.retain(|p| p.id == only);
        }
        Ok(me)
    }

    async fn read_me(&self, actor: &Actor) -> Result<Me> {
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let email = self.email_of(&account).await?;
        let profiles = self.read_profiles(actor.account).await?;
        let current =
            profiles.iter().find(|p| p.id == actor.profile).cloned().ok_or(ServiceError::NotFound)?;
        Ok(Me {
            account: actor.account,
            email,
            email_confirmed: self.0.mail.confirms.then_some(account.verified_at.is_some()),
            demo: current.is_demo,
            profile: current,
            profiles,
            lang: actor.lang.as_str().to_owned(),
            has_factor: actor.has_factor,
            is_proved: false,
        })
    }

    /// Sets the language of the pages.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the account has gone meanwhile, [`ServiceError::Invalid`] for a language that is not
    /// offered on this instance.
    pub async fn set_lang(&self, actor: &Actor, lang: Lang) -> Result<()> {
        if self.settings_in_force().allowed(lang) != lang {
            let text =
                actor.lang.pick("This language is not offered here.", "Diese Sprache gibt es hier nicht.");
            return Err(ServiceError::invalid("lang", text));
        }
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
