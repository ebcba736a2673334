//! Changing the address: confirmed at the new one, told to the old one, which can take it back.

use super::{
    device::Used,
    signup::{checked_email, dead_link, read_code},
};
use crate::{
    Lang,
    actor::{Actor, Device, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{FactorNews, Order, Recipient, Stop},
};
use keepwell_domain::{act::Action, time::Ts};
use keepwell_store::{StoreError, Tx, account as rows, account_token as token};

/// What became of a wish for another address.
pub enum EmailChange {
    /// A letter to the new address says how to go on.
    LookAtMail,
    /// It is the address now; this session goes on under a new id. Where no mail is sent.
    Done(SessionToken),
}

fn taken(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "email",
        lang.pick(
            "This address cannot be used for your account.",
            "Diese Adresse kann für Ihr Konto nicht verwendet werden.",
        ),
    )
}

impl Services {
    /// Asks for another address, or for the present one to be confirmed.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `current_password` or `email`.
    pub async fn change_email(
        &self,
        actor: &Actor,
        current: &str,
        email: &str,
        device: &Device,
    ) -> Result<EmailChange> {
        let email = checked_email(email, actor.lang)?;
        let since = self.now().0;
        let account =
            self.prove_password(actor, "current_password", current, Action::EmailChangeAsked).await?;
        let old = self.email_of(&account).await?;
        if !self.0.mail.confirms {
            return self.change_email_now(actor, &account, &email, device).await.map(EmailChange::Done);
        }
        let wanted_fp = self.email_fp(&email)?;
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::EmailChangeAsked)).await?;
        let to = Recipient { account: Some(account.id), address_fp: wanted_fp };
        self.order_mail(&mut tx, to, &Order::ConfirmEmail { email }).await?;
        if account.verified_at.is_some() && wanted_fp != account.email_fp {
            let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
            self.order_mail(&mut tx, to, &Order::EmailWanted { stop: Stop { old, since } }).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(EmailChange::LookAtMail)
    }

    async fn change_email_now(
        &self,
        actor: &Actor,
        account: &rows::Account,
        email: &str,
        device: &Device,
    ) -> Result<SessionToken> {
        let next = self.prepare_successor(actor, device).await?;
        let mut tx = self.begin_on(account.id).await?;
        self.log(&mut tx, Act::of(actor, Action::EmailChanged)).await?;
        self.end_everything(&mut tx, account.id, actor.generation).await?;
        self.write_email(&mut tx, account, email, false, actor.lang).await?;
        let token = self.write_session(&mut tx, account.id, next.after_the_end()).await?;
        tx.commit().await?;
        self.0.mes.forget(account.id);
        Ok(token)
    }

    async fn write_email(
        &self,
        tx: &mut Tx,
        account: &rows::Account,
        email: &str,
        is_verified: bool,
        lang: Lang,
    ) -> Result<()> {
        let now = self.now();
        let keys = self.0.keys.account(&self.0.store, account.id).await?;
        let sealed = keys.seal("account", "email", account.id.uuid(), email.as_bytes())?;
        let verified = is_verified.then_some(now);
        match rows::update_email(tx, account.id, self.email_fp(email)?, &sealed, verified, now).await {
            Err(StoreError::Conflict { .. }) => Err(taken(lang)),
            other => Ok(other?),
        }
    }

    /// Confirms an address with the code of the letter that went there. When it is another one than
    /// before, every session ends but the one that confirms, which goes on under a new id.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `code`.
    pub async fn confirm_email(
        &self,
        code: &str,
        actor: Option<&Actor>,
        lang: Lang,
        device: &Device,
    ) -> Result<Option<SessionToken>> {
        let (hash, kind) = (read_code(code, lang)?, token::TokenKind::Email);
        let row = token::find_token(&self.0.store, hash, kind, self.now()).await?;
        let row = row.ok_or_else(|| dead_link(lang))?;
        let email = self.open_detail(&row, &hash).await?;
        let account = rows::get_account(&self.0.store, row.account_id).await?;
        let old = self.email_of(&account).await?;
        let is_other = self.email_fp(&email)? != account.email_fp;
        let next = match actor.filter(|a| a.account == account.id && is_other) {
            Some(actor) => Some(self.prepare_successor(actor, device).await?),
            None => None,
        };
        let mut tx = self.begin_on(account.id).await?;
        if !token::take_token(&mut tx, hash, kind, self.now()).await? {
            return Err(dead_link(lang));
        }
        let mut session = None;
        if is_other {
            match self.end_everything(&mut tx, account.id, row.generation).await {
                Err(ServiceError::Ended) => return Err(dead_link(lang)),
                other => other?,
            }
            match self.write_email(&mut tx, &account, &email, true, lang).await {
                // It got an account of its own meanwhile.
                Err(ServiceError::Invalid { .. }) => return Err(dead_link(lang)),
                other => other?,
            }
            self.log(&mut tx, Act::by_owner(account.id, Action::EmailChanged, device)).await?;
            if let Some(next) = next {
                session = Some(self.write_session(&mut tx, account.id, next.after_the_end()).await?);
            }
            if self.writes_to(&account) {
                let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
                self.order_mail(&mut tx, to, &Order::EmailChanged { old }).await?;
            }
        } else {
            rows::set_verified(&mut tx, account.id, self.now()).await?;
            self.log(&mut tx, Act::by_owner(account.id, Action::EmailVerified, device)).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        self.0.mes.forget(account.id);
        Ok(session)
    }

    /// Takes a change of the account back, with the code of the letter that told of it: another address that
    /// was asked for, or a factor that was added. Whoever did it was let in, so a new password is set as
    /// well, every factor goes that was added since the change, and every session and link ends. What was
    /// there before the change stays: the letter alone opens no account with a factor from before it. The
    /// answer is the device cookie.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `code` or `password`.
    pub async fn stop_email_change(
        &self,
        code: &str,
        password: &str,
        lang: Lang,
        device: &Device,
    ) -> Result<String> {
        let (hash, kind) = (read_code(code, lang)?, token::TokenKind::Stop);
        let row = token::find_token(&self.0.store, hash, kind, self.now()).await?;
        let row = row.ok_or_else(|| dead_link(lang))?;
        let stop = Stop::read(self.open_detail(&row, &hash).await?, row.created_at.0);
        let email = stop.old;
        let phc = self.hash_new(password, "password", &email, lang).await?;
        let account = rows::get_account(&self.0.store, row.account_id).await?;
        let mut tx = self.begin_on(account.id).await?;
        if !token::take_token(&mut tx, hash, kind, self.now()).await? {
            return Err(dead_link(lang));
        }
        // Whatever was changed since: this link stands above it.
        match self.end_everything(&mut tx, account.id, account.generation).await {
            Err(ServiceError::Ended) => return Err(ServiceError::Conflict),
            other => other?,
        }
        token::end_tokens_of(&mut tx, account.id, None, self.now()).await?;
        let by = |action| Act::by_owner(account.id, action, device);
        if self.email_fp(&email)? != account.email_fp {
            self.write_email(&mut tx, &account, &email, true, lang).await?;
            self.log(&mut tx, by(Action::EmailChanged).with("stopped")).await?;
        }
        rows::update_password(&mut tx, account.id, &phc, self.now()).await?;
        self.log(&mut tx, by(Action::PasswordReset).with("stopped")).await?;
        if self.take_factors(&mut tx, account.id, Ts(stop.since), by).await?.is_any() {
            let to = Recipient { account: Some(account.id), address_fp: self.email_fp(&email)? };
            let order = Order::Factor { news: FactorNews::Stopped, stop: None, to: Some(email.clone()) };
            self.order_mail(&mut tx, to, &order).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        self.0.mes.forget(account.id);
        self.device_cookie(&device.cookie, account.id, Used::Link)
    }

    async fn open_detail(
        &self,
        row: &token::AccountToken,
        hash: &keepwell_store::session::TokenHash,
    ) -> Result<String> {
        let sealed = row.detail_sealed.as_ref().ok_or(ServiceError::Internal)?;
        let keys = self.0.keys.account(&self.0.store, row.account_id).await?;
        let plain = keys.open("account_token", "detail", super::session_row(&hash.0), sealed)?;
        String::from_utf8(plain).map_err(|e| ServiceError::internal("link", &e.utf8_error()))
    }
}
