//! Signing in with a password.

use super::{
    SignedIn,
    device::{self, Used},
    session_row, sessions,
};
use crate::{
    actor::{Actor, Device, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_crypto::{Token, password::Password};
use keepwell_domain::{act::Action, ids::AccountId, time::Ts};
use keepwell_store::{StoreError, Tx, account as rows, factor, session};

/// How long a session lasts.
#[derive(Clone, Copy)]
pub(super) struct Lasting {
    pub idle_s: i64,
    pub until: Ts,
    pub keep: bool,
    /// When the person proved who they are.
    pub proved: Ts,
}

/// A session that is about to be written.
pub(super) struct Opening {
    hash: session::TokenHash,
    device_sealed: keepwell_domain::sealed::Sealed,
    /// The account's generation under which it was allowed.
    generation: i64,
    pub(super) profile: keepwell_domain::ids::ProfileId,
    pub(super) lasting: Lasting,
    token: SessionToken,
}

impl Opening {
    /// To be written after everything else of the account was ended in the same transaction.
    pub(super) fn after_the_end(mut self) -> Self {
        self.generation += 1;
        self
    }
}

impl Services {
    /// Signs in with a password, or half: an account with a second factor asks for that first, see
    /// [`Self::finish_sign_in`]. Who has one is told after the right password only. A wrong address and a wrong password answer alike, and take alike.
    ///
    /// # Errors
    /// [`ServiceError::Credentials`], [`ServiceError::Invalid`] with field `email` for a suspended account and its right
    /// password, [`ServiceError::TooMany`] after too many wrong ones,
    /// [`ServiceError::Unavailable`] when too many passwords are being hashed.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        keep: bool,
        device: &Device,
    ) -> Result<SignedIn> {
        let email_fp = self.email_fp(email)?;
        let found = rows::find_account_by_email(&self.0.store, email_fp).await?;
        let attempt = self.begin_sign_in(email_fp, found.as_ref().map(|a| a.id), device).await?;
        // A password that cannot be one is checked against the dummy, for the same answer at the same pace.
        let (typed, possible) = match Password::new(password) {
            Ok(p) => (p, true),
            Err(_) => (Password::new("not a password that anyone could have")?, false),
        };
        let stored = found.as_ref().filter(|_| possible).map(|a| a.password_phc.clone());
        let level = rows::has_bcrypt(&self.0.store).await?;
        let verdict = self.judge(attempt, typed, stored, level).await?;
        let account = match found {
            Some(a) if verdict.ok && possible && a.state == rows::AccountState::Active => a,
            other => {
                let refused = Action::SessionRefused;
                let act = match other {
                    // Who knows the password is told why nothing opens; nobody else learns that there is an account.
                    Some(a) if verdict.ok && possible && a.state == rows::AccountState::Locked => {
                        self.log_now(Act::by_owner(a.id, refused, device).with("suspended").refused())
                            .await?;
                        let lang = crate::Lang::parse(&a.lang).unwrap_or_default();
                        return Err(ServiceError::invalid("email", suspended(lang)));
                    }
                    Some(a) => Act::by_unknown(a.id, refused, device),
                    None => Act::by_stranger(email_fp, refused, device),
                };
                self.log_now(act.refused()).await?;
                return Err(ServiceError::Credentials);
            }
        };
        if verdict.needs_upgrade {
            self.upgrade(&account, password).await;
        }
        let ways = self.ways(account.id).await?;
        if ways.app || ways.passkey {
            return Ok(SignedIn::Half(self.begin_half(&account, ways, keep).await?));
        }
        let token = match self.start_session(&account, keep, device).await {
            // Changed while this password was on its way.
            Err(ServiceError::Ended) => return Err(ServiceError::Credentials),
            other => other?,
        };
        self.tell_of_device(&account, device).await?;
        Ok(SignedIn::In(token))
    }

    /// Hashes the same password as new ones are hashed. When that cannot be done now, it is done at
    /// the next sign-in.
    async fn upgrade(&self, account: &rows::Account, password: &str) {
        let work = async {
            let phc = self.0.hashing.hash(Password::new(password)?).await?;
            let mut tx = self.0.store.begin().await?;
            let old = &account.password_phc;
            rows::upgrade_password(&mut tx, account.id, old, &phc, self.now()).await?;
            Result::Ok(tx.commit().await?)
        };
        if work.await.is_err() {
            tracing::info!("a password hash could not be renewed now");
        }
    }

    /// A letter when the device is not known to the account.
    pub(super) async fn tell_of_device(&self, account: &rows::Account, device: &Device) -> Result<()> {
        // That a link set a password in it makes no device the owner's: the letter's reader may be another.
        let known = self.known_device(&device.cookie, account.id)?;
        if !self.writes_to(account) || known.is_some_and(|(_, used)| used > Used::Link) {
            return Ok(());
        }
        let order = Order::NewDevice {
            device: sessions::device_words(&device.user_agent),
            area: device.address.and_then(device::area).unwrap_or_default(),
            at: self.now().0,
        };
        let mut tx = self.0.store.begin().await?;
        let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
        self.order_mail(&mut tx, to, &order).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Whether letters about an account go to its address: it was confirmed, and mail is on.
    pub(super) fn writes_to(&self, account: &rows::Account) -> bool {
        self.0.mail.confirms && account.verified_at.is_some()
    }

    pub(super) async fn start_session(
        &self,
        account: &rows::Account,
        keep: bool,
        device: &Device,
    ) -> Result<SessionToken> {
        let opening = self.open_session(account, keep, device).await?;
        let profile = opening.profile;
        let mut tx = self.0.store.begin().await?;
        let token = self.write_session(&mut tx, account.id, opening).await?;
        self.log(&mut tx, Act::by_owner(account.id, Action::SessionStarted, device).in_profile(profile))
            .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// A session for somebody who just proved who they are, as long as their role and wish allow.
    pub(super) async fn open_session(
        &self,
        account: &rows::Account,
        keep: bool,
        device: &Device,
    ) -> Result<Opening> {
        let profile = self.first_profile(account.id).await?.id;
        let times = self.sessions_last();
        let (idle_s, absolute) = match (account.role, keep) {
            // Whoever works here, in whatever role: never kept signed in, and gone after a short rest.
            (rows::Role::Admin | rows::Role::Support | rows::Role::Auditor, _) => {
                (times.admin_idle, times.absolute)
            }
            (_, true) => (times.keep, times.keep),
            (_, false) => (times.idle, times.absolute),
        };
        let now = self.now();
        let lasting = Lasting { idle_s, until: now.plus_seconds(absolute), keep, proved: now };
        self.prepare_session((account.id, account.generation), profile, lasting, device).await
    }

    /// Everything of a session that needs no transaction.
    pub(super) async fn prepare_session(
        &self,
        (account, generation): (AccountId, i64),
        profile: keepwell_domain::ids::ProfileId,
        lasting: Lasting,
        device: &Device,
    ) -> Result<Opening> {
        let token = Token::generate()?;
        let hash = session::TokenHash(*token.hash().as_bytes());
        let keys = self.0.keys.account(&self.0.store, account).await?;
        let device_sealed = keys.seal("session", "device", session_row(&hash.0), &sessions::pack(device))?;
        // No session of an account with a factor begins or goes on without it.
        let has_factor = factor::has_any(&self.0.store, account).await?;
        let used = if has_factor { Used::Factor } else { Used::Password };
        let token = SessionToken {
            secret: token.text().to_string(),
            device: self.device_cookie(&device.cookie, account, used)?,
            expires: lasting.until,
            max_age_s: lasting.keep.then_some((lasting.until.0 - self.now().0) / 1_000_000),
        };
        Ok(Opening { hash, device_sealed, generation, profile, lasting, token })
    }

    /// Writes a session, if the account is still of the generation under which it was allowed.
    ///
    /// # Errors
    /// [`ServiceError::Ended`] when it is not.
    pub(super) async fn write_session(
        &self,
        tx: &mut Tx,
        account: AccountId,
        o: Opening,
    ) -> Result<SessionToken> {
        let new = session::NewSession {
            token_hash: o.hash,
            account_id: account,
            generation: o.generation,
            profile_id: o.profile,
            device_sealed: &o.device_sealed,
            idle_seconds: o.lasting.idle_s,
            absolute_expires_at: o.lasting.until,
            proved_at: o.lasting.proved,
        };
        match session::insert_session(tx, &new, self.now()).await {
            Err(StoreError::NotFound) => Err(ServiceError::Ended),
            other => Ok(other.map(|()| o.token)?),
        }
    }

    /// A session to go on with in place of the actor's, which is about to end with all others. It
    /// lasts no longer than that one would have.
    pub(super) async fn prepare_successor(&self, actor: &Actor, device: &Device) -> Result<Opening> {
        let hash = actor.session.ok_or(ServiceError::Ended)?;
        let s = session::find_live_session(&self.0.store, session::TokenHash(hash), self.now())
            .await?
            .ok_or(ServiceError::Ended)?;
        let lasting = Lasting {
            idle_s: s.idle_seconds,
            until: s.absolute_expires_at,
            keep: s.idle_seconds == self.sessions_last().keep,
            proved: s.proved_at,
        };
        self.prepare_session((actor.account, actor.generation), s.profile_id, lasting, device).await
    }
}

const fn suspended(lang: crate::Lang) -> &'static str {
    lang.pick(
        "This account was suspended by whoever runs this instance. Nothing in it was changed or deleted. The letter \
         that you were sent says why; please ask there.",
        "Dieses Konto hat gesperrt, wer diese Instanz betreibt. Nichts darin wurde geändert oder gelöscht. Warum, steht \
         in dem Brief, der Ihnen geschickt wurde; bitte fragen Sie dort nach.",
    )
}
