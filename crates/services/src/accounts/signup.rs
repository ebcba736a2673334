//! Signing up.
//!
//! Where addresses are confirmed, the answer is always "look at your mail": the same work is done
//! for every address, and whether it has an account is looked up when the letter is written. The
//! account is made when the link is followed **and** the password that was chosen is typed again:
//! the link alone shows that somebody reads the mailbox, the password alone that somebody signed up;
//! only both together are the person. Where mail does not reach anybody, signing up signs in at
//! once, and that an address is taken cannot be hidden.

use super::policy;
use crate::{
    Lang,
    actor::{Device, Role, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_crypto::{Owner, Place, Token, password::Password};
use keepwell_domain::{act::Action, ids::AccountId};
use keepwell_store::{
    StoreError, account as rows,
    session::TokenHash,
    signup::{self, Signup},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds for which a sign-up waits for its letter to be written.
const WAITS_S: i64 = 3600;
const PAD: usize = 512;

/// What became of a sign-up.
pub enum Joined {
    /// The account is open and this is its session.
    In(SessionToken),
    /// A letter says how to go on, whoever the address belongs to.
    LookAtMail,
}

impl Joined {
    /// The session, where there is one already.
    #[must_use]
    pub fn session(self) -> Option<SessionToken> {
        match self {
            Self::In(token) => Some(token),
            Self::LookAtMail => None,
        }
    }
}

/// What a sign-up that waits holds sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub email: String,
    pub lang: String,
    /// The invitation that is used up when the account is opened.
    #[serde(default)]
    pub invite: Option<Uuid>,
}

/// The sentence for a link or code that does not work: used, too old, replaced, or never made.
pub(super) fn dead_link(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "code",
        lang.pick(
            "This link does not work any more: it was used, is too old, or a newer one was sent. Please ask for another.",
            "Dieser Link gilt nicht mehr: Er wurde benutzt, ist zu alt, oder es gibt einen neueren. Bitte fordern Sie einen anderen an.",
        ),
    )
}

pub(super) fn read_code(code: &str, lang: Lang) -> Result<TokenHash> {
    let token = Token::parse(code.trim()).map_err(|_| dead_link(lang))?;
    Ok(TokenHash(*token.hash().as_bytes()))
}

pub(crate) fn checked_email(email: &str, lang: Lang) -> Result<String> {
    let bad = lang.pick("Please give an e-mail address.", "Bitte eine E-Mail-Adresse angeben.");
    policy::email(email).ok_or_else(|| ServiceError::invalid("email", bad))
}

impl Services {
    /// Signs up.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for the e-mail or the password, [`ServiceError::Unavailable`]
    /// when too many passwords are being hashed.
    pub async fn sign_up(&self, email: &str, password: &str, lang: Lang, device: &Device) -> Result<Joined> {
        self.sign_up_with(email, password, None, lang, device).await
    }

    /// Signs up, with the code of an invitation where one is needed. Whether somebody may join at all is asked first, and
    /// answered alike for every address.
    ///
    /// # Errors
    /// As [`Self::sign_up`]; [`ServiceError::Forbidden`] where nobody can join, [`ServiceError::Invalid`] with field `invite`
    /// without an invitation that is good.
    pub async fn sign_up_with(
        &self,
        email: &str,
        password: &str,
        invite: Option<&str>,
        lang: Lang,
        device: &Device,
    ) -> Result<Joined> {
        let invite = self.may_join(invite, lang).await?;
        let email = checked_email(email, lang)?;
        let phc = self.hash_new(password, "password", &email, lang).await?;
        if self.0.mail.confirms {
            self.keep_signup(&email, phc, invite, lang, device).await?;
            return Ok(Joined::LookAtMail);
        }
        let made = |id| Act::by_owner(id, Action::AccountCreated, device);
        let id = self.open_account(&email, &phc, lang, (rows::Role::Member, false), invite, made).await?;
        let account = rows::get_account(&self.0.store, id).await?;
        Ok(Joined::In(self.start_session(&account, false, device).await?))
    }

    /// Makes an admin's account, for the command line only. Its address counts as confirmed.
    ///
    /// # Errors
    /// As [`Self::sign_up`].
    pub async fn create_admin(&self, email: &str, password: &str) -> Result<AccountId> {
        self.create_staff(email, password, Role::Admin).await
    }

    /// Makes the account of somebody who works for the instance, for the command line only. Its address
    /// counts as confirmed.
    ///
    /// # Errors
    /// As [`Self::sign_up`].
    pub async fn create_staff(&self, email: &str, password: &str, role: Role) -> Result<AccountId> {
        let email = checked_email(email, Lang::En)?;
        let phc = self.hash_new(password, "password", &email, Lang::En).await?;
        let (row, word) = match role {
            Role::Person => return Err(ServiceError::Forbidden),
            Role::Support => (rows::Role::Support, Some("support")),
            Role::Admin => (rows::Role::Admin, None),
            Role::Auditor => (rows::Role::Auditor, Some("auditor")),
        };
        let made = |id| {
            let act = Act::by_operator(id, Action::AdminCreated);
            word.map_or(act.clone(), |word| act.with(word))
        };
        self.open_account(&email, &phc, Lang::En, (row, true), None, made).await
    }

    /// Checks a new password and hashes it.
    pub(super) async fn hash_new(
        &self,
        password: &str,
        field: &'static str,
        email: &str,
        lang: Lang,
    ) -> Result<String> {
        if let Some(reason) = policy::refusal(password, email, lang) {
            return Err(ServiceError::invalid(field, reason));
        }
        self.0.hashing.hash(Password::new(password)?).await
    }

    pub(super) async fn open_account(
        &self,
        email: &str,
        phc: &str,
        lang: Lang,
        (role, is_verified): (rows::Role, bool),
        invite: Option<Uuid>,
        made: impl FnOnce(AccountId) -> Act,
    ) -> Result<AccountId> {
        let taken = || {
            ServiceError::invalid(
                "email",
                lang.pick(
                    "No account can be opened with this address. If it is yours, sign in, or ask for a new password.",
                    "Mit dieser Adresse kann kein Konto eröffnet werden. Wenn es Ihre ist, melden Sie sich an, oder bitten Sie um ein neues Passwort.",
                ),
            )
        };
        if rows::find_account_by_email(&self.0.store, self.email_fp(email)?).await?.is_some() {
            return Err(taken());
        }
        let new = self.prepare_account(email, lang).await?;
        let mut tx = self.0.store.begin().await?;
        self.use_invite(&mut tx, invite, lang).await?;
        match self.write_account(&mut tx, &new, phc, role, is_verified).await {
            Err(StoreError::Conflict { .. }) => return Err(taken()),
            other => other?,
        }
        self.log_newcomer(&mut tx, &new, made(new.id)).await?;
        tx.commit().await?;
        Ok(new.id)
    }

    async fn keep_signup(
        &self,
        email: &str,
        phc: String,
        invite: Option<Uuid>,
        lang: Lang,
        device: &Device,
    ) -> Result<()> {
        let id = Uuid::now_v7();
        let now = self.now();
        let email_fp = self.email_fp(email)?;
        let wanted = Wanted { email: email.to_owned(), lang: lang.as_str().to_owned(), invite };
        let plain = serde_json::to_vec(&wanted).map_err(|e| ServiceError::internal("signup", &e))?;
        let sealed = self.0.keys.root().mail()?.seal(&self.signup_place(id), &plain, PAD)?;
        let row = Signup {
            id,
            email_fp,
            password_phc: phc,
            sealed,
            created_at: now,
            expires_at: now.plus_seconds(WAITS_S),
        };
        let mut tx = self.0.store.begin().await?;
        signup::insert_signup(&mut tx, &row).await?;
        let to = Recipient { account: None, address_fp: email_fp };
        self.order_mail(&mut tx, to, &Order::SignUp { signup: id }).await?;
        self.log(&mut tx, Act::by_stranger(email_fp, Action::VerificationAsked, device)).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    fn signup_place(&self, row: Uuid) -> Place<'static> {
        let instance = self.0.keys.instance();
        Place { instance, owner: Owner::Instance, table: "signup", column: "wanted", row, version: 1 }
    }

    pub(crate) fn open_signup(&self, row: &Signup) -> Result<Wanted> {
        let plain = self.0.keys.root().mail()?.open(&self.signup_place(row.id), &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("signup", &e))
    }

    /// Opens the account that was signed up for, with the code of the letter and the password that
    /// was chosen, and signs in.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `code` for a link that does not work, with field
    /// `password` for another password (the link stays usable), [`ServiceError::TooMany`].
    pub async fn verify(
        &self,
        code: &str,
        password: &str,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let token = read_code(code, lang)?;
        let now = self.now();
        let row =
            signup::find_signup_by_token(&self.0.store, token, now).await?.ok_or_else(|| dead_link(lang))?;
        let attempt = self.begin_proof(b"signup", row.id).await?;
        let wrong = || {
            ServiceError::invalid(
                "password",
                lang.pick(
                    "This is not the password that you chose when you signed up.",
                    "Das ist nicht das Passwort, das Sie beim Registrieren gewählt haben.",
                ),
            )
        };
        let typed = Password::new(password).map_err(|_| wrong())?;
        if !self.judge(attempt, typed, Some(row.password_phc.clone()), false).await?.ok {
            return Err(wrong());
        }
        let wanted = self.open_signup(&row)?;
        let new = self.prepare_account(&wanted.email, Lang::parse(&wanted.lang).unwrap_or(lang)).await?;
        let mut tx = self.0.store.begin().await?;
        signup::hold_signups_of(&mut tx, row.email_fp).await?;
        if !signup::take_signup(&mut tx, row.id, token, self.now()).await? {
            return Err(dead_link(lang));
        }
        if self.use_invite(&mut tx, wanted.invite, lang).await.is_err() {
            return Err(dead_link(lang));
        }
        match self.write_account(&mut tx, &new, &row.password_phc, rows::Role::Member, true).await {
            // Another link for this address was followed first.
            Err(StoreError::Conflict { .. }) => return Err(dead_link(lang)),
            other => other?,
        }
        signup::delete_signups_of(&mut tx, row.email_fp).await?;
        self.log_newcomer(&mut tx, &new, Act::by_owner(new.id, Action::AccountCreated, device)).await?;
        tx.commit().await?;
        let account = rows::get_account(&self.0.store, new.id).await?;
        self.start_session(&account, false, device).await
    }
}
