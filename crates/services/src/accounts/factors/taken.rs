//! Factors that are taken from an account by another way than its own page: the operator's command, for
//! somebody who lost app and codes or whose account a thief gave a passkey; and the link of a letter that
//! takes a change back.

use crate::{
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::FactorNews,
};
use keepwell_domain::{act::Action, ids::AccountId, time::Ts};
use keepwell_store::{Tx, account as rows, factor, passkey};

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenFactors {
    /// Whether an app was in force.
    pub app: bool,
    /// How many passkeys there were.
    pub passkeys: usize,
    /// How many recovery codes could still be used.
    pub codes: usize,
    /// Whether a letter tells the person.
    pub is_told: bool,
    /// Whether the account runs the instance, and so needs a factor again before it sees anything.
    pub is_needed: bool,
}

impl TakenFactors {
    /// Whether there was anything to take.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.app || self.passkeys > 0 || self.codes > 0
    }
}

impl Services {
    /// Takes all second factors from an account, and ends its sessions, tokens and links. For the
    /// operator's command line only, who has to be sure who asks for it. The password stays, and so do the
    /// links that take a change of the account back: they are the owner's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] without an active account of this address; [`ServiceError::Conflict`] when
    /// it was changed at this very moment.
    pub async fn reset_factors(&self, email: &str) -> Result<TakenFactors> {
        let found = rows::find_account_by_email(&self.0.store, self.email_fp(email)?).await?;
        let account =
            found.filter(|a| a.state == rows::AccountState::Active).ok_or(ServiceError::NotFound)?;
        let by = |action| Act::by_operator(account.id, action);
        let mut tx = self.begin_on(account.id).await?;
        match self.end_everything(&mut tx, account.id, account.generation).await {
            Err(ServiceError::Ended) => return Err(ServiceError::Conflict),
            other => other?,
        }
        let mut taken = self.take_factors(&mut tx, account.id, Ts(i64::MIN), by).await?;
        self.log(&mut tx, by(Action::SessionsForced)).await?;
        if taken.is_any() {
            self.tell_of_factor(&mut tx, &account, FactorNews::Reset, self.now()).await?;
            taken.is_told = self.writes_to(&account);
        }
        tx.commit().await?;
        self.wake_mailer();
        self.0.mes.forget(account.id);
        taken.is_needed = account.role == rows::Role::Admin;
        Ok(taken)
    }

    /// Takes what was added at a time or later, with an entry for each, in the transaction that has ended
    /// everything else of the account: whoever adds a factor at this moment comes too late.
    pub(in crate::accounts) async fn take_factors(
        &self,
        tx: &mut Tx,
        account: AccountId,
        since: Ts,
        by: impl Fn(Action) -> Act,
    ) -> Result<TakenFactors> {
        let app = factor::delete_totp_since(tx, account, since).await?;
        let passkeys = passkey::delete_passkeys_since(tx, account, since).await?;
        let mut codes = factor::delete_codes_since(tx, account, since).await?;
        if app {
            self.log(tx, by(Action::FactorRemoved).with("totp")).await?;
        }
        for id in &passkeys {
            self.log(tx, by(Action::FactorRemoved).on(id.uuid()).with("passkey")).await?;
        }
        if !factor::has_any(&mut *tx, account).await? {
            // Without a factor there is nothing to recover.
            codes += factor::delete_codes_since(tx, account, Ts(i64::MIN)).await?;
        }
        if codes > 0 {
            self.log(tx, by(Action::FactorRemoved).with("recovery")).await?;
        }
        Ok(TakenFactors { app, passkeys: passkeys.len(), codes, ..TakenFactors::default() })
    }
}
