//! A fresh proof of who holds a session, for sensitive acts (spec 2.7): by the password and a code, or by
//! a passkey. It counts for ten minutes, and the session goes on under a new id.

use super::{password::wrong_password, second::Given, signin::Opening};
use crate::{
    actor::{Actor, Device, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::act::Action;
use keepwell_store::{account as rows, ceremony::CeremonyKind, session};

/// How somebody proves who they are.
pub enum Proof<'a> {
    /// The password, and a code where there is a second factor.
    Password {
        /// The password.
        password: &'a str,
        /// A code of the app, or a recovery code.
        code: &'a str,
    },
    /// The answer of a passkey to [`Services::ask_passkey_to_prove`].
    Passkey {
        /// Names the question.
        ticket: &'a str,
        /// The answer, as JSON.
        answer: &'a str,
    },
}

impl Services {
    /// Whether whoever holds the session proved lately who they are. Tokens never do.
    #[must_use]
    pub fn is_proved(&self, actor: &Actor) -> bool {
        let now = self.now();
        let until = actor.proved_at.plus_seconds(self.sessions_last().proof);
        actor.session.is_some() && actor.proved_at <= now && now < until
    }

    /// Refuses a sensitive act without a fresh proof. A personal access token is a proof of its own, for
    /// what its scopes allow, and so is the server's command line.
    ///
    /// # Errors
    /// [`ServiceError::ProofNeeded`].
    pub(crate) fn fresh(&self, actor: &Actor) -> Result<()> {
        if actor.session.is_none() || self.is_proved(actor) { Ok(()) } else { Err(ServiceError::ProofNeeded) }
    }

    /// The same, and a refusal stands in the log under the act.
    pub(crate) async fn fresh_for(&self, actor: &Actor, act: Action) -> Result<()> {
        if let Err(e) = self.fresh(actor) {
            self.log_now(Act::of(actor, act).refused()).await?;
            return Err(e);
        }
        Ok(())
    }

    /// Proves who holds the session; it goes on under a new id.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `password`, `code` or `passkey`; [`ServiceError::TooMany`];
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn prove_self(&self, actor: &Actor, proof: Proof<'_>, device: &Device) -> Result<SessionToken> {
        actor.in_person()?;
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let proved = match proof {
            Proof::Password { password, code } => {
                self.prove_by_password(actor, &account, password, code, device).await
            }
            Proof::Passkey { ticket, answer } => {
                self.prove_by_passkey(actor, &account, ticket, answer, device).await
            }
        };
        if matches!(proved, Err(ServiceError::Invalid { .. })) {
            self.log_now(Act::of(actor, Action::StepUp).refused()).await?;
        }
        proved
    }

    async fn prove_by_password(
        &self,
        actor: &Actor,
        account: &rows::Account,
        password: &str,
        code: &str,
        device: &Device,
    ) -> Result<SessionToken> {
        if !self.is_password(actor, account, password).await? {
            return Err(wrong_password("password", actor.lang));
        }
        let ways = self.ways(account.id).await?;
        if !ways.app && !ways.passkey {
            return self.renew(actor, account, None, device).await;
        }
        let attempt = self.begin_own_proof(b"code", actor).await?;
        let wrong = || super::second::wrong_code(actor.lang);
        let given = self.read_second(account.id, code).await?.ok_or_else(wrong)?;
        let token = self.renew(actor, account, Some(given), device).await?;
        self.forgive(attempt).await?;
        Ok(token)
    }

    async fn prove_by_passkey(
        &self,
        actor: &Actor,
        account: &rows::Account,
        ticket: &str,
        answer: &str,
        device: &Device,
    ) -> Result<SessionToken> {
        let used = self.read_answer(ticket, CeremonyKind::Prove, account, answer, actor.lang).await?;
        let next = self.proved_successor(actor, device).await?;
        let mut tx = self.begin_on(account.id).await?;
        self.still_live(&mut tx, actor).await?;
        self.take_answer(&mut tx, &used, CeremonyKind::Prove, actor.lang).await?;
        // Before the session ends that did it.
        self.log(&mut tx, Act::of(actor, Action::StepUp).with("passkey")).await?;
        let token = self.replace_session(&mut tx, actor, next).await?;
        tx.commit().await?;
        Ok(token)
    }

    async fn renew(
        &self,
        actor: &Actor,
        account: &rows::Account,
        given: Option<Given>,
        device: &Device,
    ) -> Result<SessionToken> {
        let next = self.proved_successor(actor, device).await?;
        let mut tx = self.begin_on(account.id).await?;
        self.still_live(&mut tx, actor).await?;
        if let Some(given) = &given
            && !self.take_second(&mut tx, account.id, given).await?
        {
            return Err(super::second::wrong_code(actor.lang));
        }
        let with = given.as_ref().map_or("password", Given::name);
        self.log(&mut tx, Act::of(actor, Action::StepUp).with(with)).await?;
        let token = if matches!(given, Some(Given::Recovery(_))) {
            self.log(&mut tx, Act::of(actor, Action::RecoveryCodeUsed)).await?;
            self.tell_of_recovery(&mut tx, account).await?;
            self.end_everything(&mut tx, account.id, actor.generation).await?;
            self.write_session(&mut tx, account.id, next.after_the_end()).await?
        } else {
            self.replace_session(&mut tx, actor, next).await?
        };
        tx.commit().await?;
        self.wake_mailer();
        Ok(token)
    }

    async fn proved_successor(&self, actor: &Actor, device: &Device) -> Result<Opening> {
        let mut next = self.prepare_successor(actor, device).await?;
        next.lasting.proved = self.now();
        Ok(next)
    }

    async fn replace_session(
        &self,
        tx: &mut keepwell_store::Tx,
        actor: &Actor,
        next: Opening,
    ) -> Result<SessionToken> {
        let old = actor.session.ok_or(ServiceError::Ended)?;
        let token = self.write_session(tx, actor.account, next).await?;
        session::end_session(tx, actor.account, session::TokenHash(old), self.now()).await?;
        Ok(token)
    }
}
