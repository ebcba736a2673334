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
use keepwell_store::{account as rows, factor};

pub(super) fn wrong_password(field: &'static str, lang: crate::Lang) -> ServiceError {
    ServiceError::invalid(field, lang.pick("This is not your password.", "Das ist nicht Ihr Passwort."))
}

impl Services {
    /// A fresh proof that it is the person, for an act. Without a second factor it is the password,
    /// typed with the act. With one it is the proof that was given lately, see [`Self::prove_self`]; a
    /// password that is sent all the same has to be right. `field` names it in the refusal.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a wrong password, [`ServiceError::TooMany`] after several,
    /// [`ServiceError::ProofNeeded`].
    pub(crate) async fn prove_password(
        &self,
        actor: &Actor,
        field: &'static str,
        password: &str,
        act: Action,
    ) -> Result<rows::Account> {
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let has_factor = factor::has_any(&self.0.store, account.id).await?;
        let is_asked = !has_factor || !password.is_empty();
        if is_asked && !self.is_password(actor, &account, password).await? {
            self.log_now(Act::of(actor, act).refused()).await?;
            return Err(wrong_password(field, actor.lang));
        }
        if has_factor {
            self.fresh_for(actor, act).await?;
        }
        Ok(account)
    }

    /// Whether it is the password of the account. Wrong ones are counted.
    pub(super) async fn is_password(
        &self,
        actor: &Actor,
        account: &rows::Account,
        password: &str,
    ) -> Result<bool> {
        let attempt = self.begin_own_proof(b"password", actor).await?;
        let Ok(typed) = Password::new(password) else { return Ok(false) };
        Ok(self.judge(attempt, typed, Some(account.password_phc.clone()), false).await?.ok)
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
        let mut tx = self.begin_on(account.id).await?;
        self.log(&mut tx, Act::of(actor, Action::PasswordChanged)).await?;
        self.end_everything(&mut tx, account.id, actor.generation).await?;
        rows::update_password(&mut tx, account.id, &phc, self.now()).await?;
        let token = self.write_session(&mut tx, account.id, next.after_the_end()).await?;
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
        let order = Order::PasswordChanged { to: self.email_of(account).await? };
        self.order_mail(tx, to, &order).await
    }
}
