//! The second half of a sign-in. After the right password an account with a second factor is half open:
//! a ticket, kept by its hash for ten minutes, that is no session and opens nothing but this door.

use super::factors::{PasskeyUse, normal_code};
use crate::{
    Lang,
    actor::{Device, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::Token;
use keepwell_domain::{act::Action, ids::AccountId, sealed::Fingerprint, time::Ts, view::Ways};
use keepwell_store::{
    Tx, account as rows,
    ceremony::{self, Ceremony, CeremonyKind, NewCeremony},
    factor, passkey,
    session::TokenHash,
};
use std::fmt;

/// Seconds for which a sign-in stays half open.
pub(super) const WAITS_S: i64 = 600;

/// What became of a sign-in.
pub enum SignedIn {
    /// Here is the session.
    In(SessionToken),
    /// The password was right, and a second factor is asked for.
    Half(HalfOpen),
}

impl SignedIn {
    /// The session, where there is one already.
    #[must_use]
    pub fn session(self) -> Option<SessionToken> {
        match self {
            Self::In(token) => Some(token),
            Self::Half(_) => None,
        }
    }
}

/// A sign-in that is half done.
pub struct HalfOpen {
    pub(super) ticket: String,
    /// By what it can be finished.
    pub ways: Ways,
    /// Until when.
    pub expires: Ts,
}

impl HalfOpen {
    /// What names it to [`Services::finish_sign_in`].
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.ticket
    }
}

impl fmt::Debug for HalfOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HalfOpen(***)")
    }
}

/// What finishes a sign-in.
pub enum Second<'a> {
    /// A code of the app, or a recovery code.
    Code(&'a str),
    /// The answer of a passkey, as JSON.
    Passkey(&'a str),
}

/// A code that would do; [`Services::take_second`] uses it up.
pub(super) enum Given {
    Step(i64),
    Recovery(Fingerprint),
}

impl Given {
    /// A word for the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Step(_) => "totp",
            Self::Recovery(_) => "recovery",
        }
    }
}

pub(super) fn wrong_code(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "code",
        lang.pick(
            "This code is not right, or was used already. A code of the app is good once and for half a minute.",
            "Dieser Code stimmt nicht oder wurde schon benutzt. Ein Code der App gilt einmal und eine halbe Minute lang.",
        ),
    )
}

fn too_late(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "ticket",
        lang.pick(
            "This sign-in took too long, or too many codes were wrong. Please begin again with the password.",
            "Diese Anmeldung hat zu lange gedauert, oder zu viele Codes waren falsch. Bitte beginnen Sie noch einmal mit dem Passwort.",
        ),
    )
}

pub(super) fn ticket_hash(ticket: &str) -> Option<TokenHash> {
    let token = Token::parse(ticket).ok()?;
    Some(TokenHash(*token.hash().as_bytes()))
}

impl Services {
    /// By what an account can finish a sign-in.
    pub(super) async fn ways(&self, account: AccountId) -> Result<Ways> {
        let app = factor::find_totp(&self.0.store, account).await?.is_some_and(|t| t.confirmed_at.is_some());
        let passkey = passkey::count_passkeys(&self.0.store, account).await? > 0;
        let recovery = (app || passkey) && factor::count_codes(&self.0.store, account).await? > 0;
        Ok(Ways { app, passkey, recovery })
    }

    pub(super) async fn begin_half(
        &self,
        account: &rows::Account,
        ways: Ways,
        keep: bool,
    ) -> Result<HalfOpen> {
        let ticket = Token::generate()?;
        let now = self.now();
        let expires = now.plus_seconds(WAITS_S);
        let new = NewCeremony {
            token_hash: TokenHash(*ticket.hash().as_bytes()),
            account_id: Some(account.id),
            kind: CeremonyKind::SignIn,
            generation: account.generation,
            keep,
            sealed: None,
            expires_at: expires,
        };
        let mut tx = self.0.store.begin().await?;
        ceremony::insert_ceremony(&mut tx, &new, now).await?;
        tx.commit().await?;
        let ways = Ways { passkey: ways.passkey && self.0.passkeys.is_some(), ..ways };
        Ok(HalfOpen { ticket: ticket.text().to_string(), ways, expires })
    }

    /// By what a sign-in that is half done can be finished; `None` when it cannot be any more.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn half_open(&self, ticket: &str) -> Result<Option<Ways>> {
        let Some(hash) = ticket_hash(ticket) else { return Ok(None) };
        let found = ceremony::find_ceremony(&self.0.store, hash, CeremonyKind::SignIn, self.now()).await?;
        let Some(account) = found.and_then(|c| c.account_id) else { return Ok(None) };
        let ways = self.ways(account).await?;
        Ok(Some(Ways { passkey: ways.passkey && self.0.passkeys.is_some(), ..ways }))
    }

    pub(super) async fn find_half(
        &self,
        ticket: &str,
        lang: Lang,
    ) -> Result<(TokenHash, Ceremony, rows::Account)> {
        let hash = ticket_hash(ticket).ok_or_else(|| too_late(lang))?;
        let found = ceremony::find_ceremony(&self.0.store, hash, CeremonyKind::SignIn, self.now()).await?;
        let c = found.ok_or_else(|| too_late(lang))?;
        let account = rows::get_account(&self.0.store, c.account_id.ok_or_else(|| too_late(lang))?).await?;
        Ok((hash, c, account))
    }

    /// Finishes a sign-in whose password was right.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `code` or `passkey` for a wrong one, with field `ticket` when it
    /// has to be begun again; [`ServiceError::TooMany`].
    pub async fn finish_sign_in(
        &self,
        ticket: &str,
        second: Second<'_>,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let (hash, c, account) = self.find_half(ticket, lang).await?;
        // A passkey cannot be guessed: who guesses codes must not keep its owner out.
        let attempt = match second {
            Second::Code(_) => Some(self.begin_code(account.id, device).await?),
            Second::Passkey(_) => None,
        };
        let finished = match second {
            Second::Code(code) => self.finish_by_code((hash, &c), &account, code, lang, device).await,
            Second::Passkey(answer) => {
                match self.read_answer(ticket, CeremonyKind::SignIn, &account, answer, lang).await {
                    Ok(used) => self.enter(&account, c.keep, CeremonyKind::SignIn, &used, lang, device).await,
                    Err(e) => Err(e),
                }
            }
        };
        match &finished {
            Ok(_) => {
                if let Some(attempt) = attempt {
                    self.forgive(attempt).await?;
                }
            }
            Err(ServiceError::Invalid { .. }) => {
                let mut tx = self.0.store.begin().await?;
                ceremony::count_miss(&mut tx, hash).await?;
                let act = Act::by_unknown(account.id, Action::SessionRefused, device);
                self.log(&mut tx, act.with("second").refused()).await?;
                tx.commit().await?;
            }
            Err(_) => {}
        }
        finished
    }

    async fn finish_by_code(
        &self,
        (hash, c): (TokenHash, &Ceremony),
        account: &rows::Account,
        code: &str,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let given = self.read_second(account.id, code).await?.ok_or_else(|| wrong_code(lang))?;
        let mut opening = self.open_session(account, c.keep, device).await?;
        let profile = opening.profile;
        let mut tx = self.begin_on(account.id).await?;
        if !ceremony::take_ceremony(&mut tx, hash, CeremonyKind::SignIn, self.now()).await? {
            return Err(too_late(lang));
        }
        if !self.take_second(&mut tx, account.id, &given).await? {
            return Err(wrong_code(lang));
        }
        if matches!(given, Given::Recovery(_)) {
            self.end_everything(&mut tx, account.id, c.generation).await?;
            self.log(&mut tx, Act::by_owner(account.id, Action::RecoveryCodeUsed, device)).await?;
            self.tell_of_recovery(&mut tx, account).await?;
            opening = opening.after_the_end();
        }
        let token = self.write_half(&mut tx, account, opening, lang).await?;
        let act = Act::by_owner(account.id, Action::SessionStarted, device).in_profile(profile);
        self.log(&mut tx, act.with(given.name())).await?;
        tx.commit().await?;
        self.wake_mailer();
        self.tell_of_device(account, device).await?;
        Ok(token)
    }

    /// Writes the session that was asked for; everything may have been ended since.
    async fn write_half(
        &self,
        tx: &mut keepwell_store::Tx,
        account: &rows::Account,
        opening: super::signin::Opening,
        lang: Lang,
    ) -> Result<SessionToken> {
        match self.write_session(tx, account.id, opening).await {
            Err(ServiceError::Ended) => Err(too_late(lang)),
            other => other,
        }
    }

    /// Opens the session that a passkey was asked for.
    pub(super) async fn enter(
        &self,
        account: &rows::Account,
        keep: bool,
        kind: CeremonyKind,
        used: &PasskeyUse,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let opening = self.open_session(account, keep, device).await?;
        let profile = opening.profile;
        let mut tx = self.begin_on(account.id).await?;
        self.take_answer(&mut tx, used, kind, lang).await?;
        let token = self.write_half(&mut tx, account, opening, lang).await?;
        let act = Act::by_owner(account.id, Action::SessionStarted, device).in_profile(profile);
        self.log(&mut tx, act.with("passkey")).await?;
        tx.commit().await?;
        self.tell_of_device(account, device).await?;
        Ok(token)
    }

    /// Looks at a code; it is not used up yet. `None` for one that would not do.
    pub(super) async fn read_second(&self, account: AccountId, typed: &str) -> Result<Option<Given>> {
        let Some(code) = normal_code(typed) else { return Ok(None) };
        if code.len() == 6 {
            return Ok(self.step_of(account, &code).await?.map(Given::Step));
        }
        let fp = self.code_fp(account, &code)?;
        let is_there = factor::has_code(&self.0.store, account, fp).await?;
        Ok(is_there.then_some(Given::Recovery(fp)))
    }

    /// Uses a code up; false when another was faster.
    pub(super) async fn take_second(&self, tx: &mut Tx, account: AccountId, given: &Given) -> Result<bool> {
        Ok(match given {
            Given::Step(step) => factor::take_step(tx, account, *step).await?,
            Given::Recovery(fp) => factor::take_code(tx, account, *fp, self.now()).await?,
        })
    }
}
