//! Changing the password, and proving that one knows it.

use crate::{
    actor::{Actor, Device, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_crypto::password::Password;
use keepwell_domain::act::Action;
use keepwell_store::account as rows;

impl Services {
    /// A fresh proof that it is the person, for an act: the password. `field` names it in the refusal.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a wrong one, [`ServiceError::TooMany`] after several.
    pub(crate) async fn prove_password(
        &self,
        actor: &Actor,
        field: &'static str,
        password: &str,
        act: Action,
    ) -> Result<rows::Account> {
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let attempt = self.begin_proof(b"password", account.id.uuid()).await?;
        let wrong = || {
            ServiceError::invalid(
                field,
                actor.lang.pick("This is not your password.", "Das ist nicht Ihr Passwort."),
            )
        };
        let typed = Password::new(password).map_err(|_| wrong())?;
        if !self.judge(attempt, typed, Some(account.password_phc.clone()), false).await?.ok {
            self.log_now(Act::of(actor, act).refused()).await?;
            return Err(wrong());
        }
        Ok(account)
    }

    /// Changes the password, ends every session and link, and goes on with a new session.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `current_password` or `password`, [`ServiceError::Ended`] when
    /// something else ended the session first.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        password: &str,
        device: &Device,
    ) -> Result<SessionToken> {
        let account =
            self.prove_password(actor, "current_password", current, Action::PasswordChanged).await?;
        let email = self.email_of(&account).await?;
        let phc = self.hash_new(password, "password", &email, actor.lang).await?;
        let next = self.prepare_successor(actor, device).await?;
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::PasswordChanged)).await?;
        self.end_everything(&mut tx, account.id, actor.generation).await?;
        rows::update_password(&mut tx, account.id, &phc, self.now()).await?;
        let token = self.write_session(&mut tx, account.id, next).await?;
        self.tell_of_password(&mut tx, &account).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(token)
    }

    pub(super) async fn tell_of_password(
        &self,
        tx: &mut keepwell_store::Tx,
        account: &rows::Account,
    ) -> Result<()> {
        if !self.writes_to(account) {
            return Ok(());
        }
        let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
        self.order_mail(tx, to, &Order::PasswordChanged).await
    }
}
