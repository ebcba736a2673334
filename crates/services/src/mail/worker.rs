//! The worker that sends what was queued. Several, also of several instances, may run.

use super::{
    MailFault, MailOut, Order,
    lanes::{Held, Room},
    letter::{self, Also, LINK_MINUTES, STOP_DAYS, Say},
    order::{FactorNews, Stop},
};
use crate::{
    Lang,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::Token;
use keepwell_domain::{act::Action, counter::Counter, ids::AccountId, sealed::Sealed, time::Ts};
use keepwell_store::{
    account, account_token as token, invite as invites, mail as rows, session::TokenHash, signup,
};
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

const LEASE_S: i64 = 180;
const POLL: Duration = Duration::from_secs(2);
pub(super) const SEND_WITHIN: Duration = Duration::from_secs(90);

/// What became of an order.
enum Written {
    /// A letter.
    Letter(super::Mail),
    /// There is nothing to say to this address.
    Nothing(&'static str),
    /// There is, but not before then.
    Waits(Ts),
}

/// 10 s, 20 s, 40 s, … at most a quarter of an hour.
fn wait_s(attempts: i64) -> i64 {
    (10_i64 << attempts.clamp(1, 10).saturating_sub(1)).min(900)
}

fn hash(token: &Token) -> TokenHash {
    TokenHash(*token.hash().as_bytes())
}

impl Services {
    /// Sends what is queued until `stop` turns true.
    pub async fn run_mailer(&self, mut stop: watch::Receiver<bool>) {
        let owner = Uuid::now_v7();
        while !*stop.borrow() {
            match self.mail_once(owner).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(_) => tracing::warn!("the mail queue could not be read; it is tried again"),
            }
            tokio::select! {
                () = self.0.mailing.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Takes one mail if one is due, and sends it, puts it back or ends it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn mail_once(&self, owner: Uuid) -> Result<bool> {
        let Some(out) = self.0.mail.out.clone() else { return Ok(false) };
        let now = self.now();
        let claimed = rows::claim_mail(&self.0.store, owner, now, now.plus_seconds(LEASE_S)).await?;
        let Some(mail) = claimed else { return Ok(false) };
        if now >= mail.expires_at {
            self.end_mail(&mail, owner, rows::MailState::Dead, Some("expired")).await?;
            return Ok(true);
        }
        let held = self.held_beside(&mail).await?;
        match self.write_letter(&mail, &held).await {
            Ok(Written::Letter(letter)) => {
                let sent = self.hand_over(out, &mail, letter, SEND_WITHIN).await;
                let is_sent = sent.is_ok();
                self.settle(&mail, owner, sent).await?;
                if is_sent {
                    self.end_held(&held.ids).await?;
                }
            }
            Ok(Written::Waits(until)) => self.hold(&mail, owner, until).await?,
            Ok(Written::Nothing(why)) => {
                self.end_mail(&mail, owner, rows::MailState::Dropped, Some(why)).await?
            }
            // The person or the sign-up is gone.
            Err(ServiceError::NotFound) => {
                self.end_mail(&mail, owner, rows::MailState::Dropped, Some("gone")).await?;
            }
            Err(_) => self.settle(&mail, owner, Err(MailFault::Later("internal"))).await?,
        }
        Ok(true)
    }

    pub(super) async fn hand_over(
        &self,
        out: MailOut,
        mail: &rows::Mail,
        letter: super::Mail,
        within: Duration,
    ) -> std::result::Result<(), MailFault> {
        match out {
            MailOut::Server(mailer) => tokio::time::timeout(within, mailer.send(letter))
                .await
                .unwrap_or(Err(MailFault::Later("timeout"))),
            MailOut::Outbox(folder) => self
                .put_letter(folder, mail.id, mail.account_id, letter)
                .await
                .map_err(|_| MailFault::Later("outbox")),
        }
    }

    async fn settle(
        &self,
        mail: &rows::Mail,
        owner: Uuid,
        sent: std::result::Result<(), MailFault>,
    ) -> Result<()> {
        match sent {
            Ok(()) => self.end_mail(mail, owner, rows::MailState::Sent, None).await,
            Err(MailFault::Never(code)) => {
                tracing::warn!(mail = %mail.id, code, "a mail was refused for good");
                self.end_mail(mail, owner, rows::MailState::Dead, Some(code)).await
            }
            Err(MailFault::Later(code)) => {
                let now = self.now();
                let again = now.plus_seconds(wait_s(mail.attempts));
                tracing::warn!(mail = %mail.id, code, attempts = mail.attempts, "a mail could not be sent yet");
                if again >= mail.expires_at {
                    return self.end_mail(mail, owner, rows::MailState::Dead, Some(code)).await;
                }
                let mut tx = self.0.store.begin().await?;
                match rows::retry_mail(&mut tx, mail.id, owner, code, again, now).await {
                    Err(keepwell_store::StoreError::Conflict { .. }) => Ok(()),
                    Err(e) => Err(e.into()),
                    Ok(()) => Ok(tx.commit().await?),
                }
            }
        }
    }

    pub(super) async fn end_mail(
        &self,
        mail: &rows::Mail,
        owner: Uuid,
        state: rows::MailState,
        code: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        match rows::end_mail(&mut tx, mail.id, owner, state, code, self.now()).await {
            // It was dropped meanwhile, or another worker has it.
            Err(keepwell_store::StoreError::Conflict { .. }) => Ok(()),
            Err(e) => Err(e.into()),
            Ok(()) => {
                match state {
                    rows::MailState::Sent => self.count_in(&mut tx, Counter::MailSent).await?,
                    rows::MailState::Dead => self.count_in(&mut tx, Counter::MailFailed).await?,
                    rows::MailState::Queued | rows::MailState::Sending | rows::MailState::Dropped => {}
                }
                Ok(tx.commit().await?)
            }
        }
    }

    async fn write_letter(&self, mail: &rows::Mail, held: &Held) -> Result<Written> {
        match self.room_for(mail).await? {
            Room::Free => {}
            Room::From(at) => return Ok(Written::Waits(at)),
            Room::None => return Ok(Written::Nothing("too_many")),
        }
        let also = held.lines();
        let order = self.open_order(mail).await?;
        match order {
            Order::SignUp { signup } => self.sign_up_letter(signup).await,
            Order::Reset { email, lang } => {
                self.reset_letter(mail, &email, Lang::parse(&lang).unwrap_or_default()).await
            }
            Order::ConfirmEmail { email } => self.confirm_letter(mail, &email).await,
            Order::EmailWanted { stop } => {
                let stop = held.earliest(Some(stop)).ok_or(ServiceError::NotFound)?;
                self.stop_letter(mail, &stop, None, &also).await
            }
            Order::EmailChanged { old } => {
                let (_, lang) = self.account_of(mail).await?;
                Ok(self.letter_with(&Say::EmailChanged, &also, &old, lang))
            }
            Order::PasswordChanged { to } => {
                let (_, lang) = self.account_of(mail).await?;
                Ok(self.letter_with(&Say::PasswordChanged, &also, &to, lang))
            }
            Order::Factor { news, stop, to } => match (held.earliest(stop), to) {
                (Some(stop), _) => self.stop_letter(mail, &stop, Some(news), &also).await,
                (None, Some(to)) => {
                    let (_, lang) = self.account_of(mail).await?;
                    Ok(self.letter_with(&Say::Factor { news, stop: None }, &also, &to, lang))
                }
                (None, None) => self.to_account(mail, &Say::Factor { news, stop: None }).await,
            },
            Order::Invite { invite, email, code, until, lang } => {
                if !invites::is_open(&self.0.store, invite, self.now()).await? {
                    return Ok(Written::Nothing("gone"));
                }
                let say = Say::Invite { code: &code, until: Ts(until) };
                Ok(self.letter(&say, &email, Lang::parse(&lang).unwrap_or_default()))
            }
            // Whoever asked waited for it, and was told.
            Order::Trial => Ok(Written::Nothing("gone")),
            Order::News { news, reason } => {
                let id = mail.account_id.ok_or(ServiceError::NotFound)?;
                // Whoever was suspended is told, too.
                let a = account::get_account(&self.0.store, id).await?;
                let to = self.email_of(&a).await?;
                let say = Say::News { news: &news, reason: reason.as_deref() };
                Ok(self.letter(&say, &to, Lang::parse(&a.lang).unwrap_or_default()))
            }
            Order::NewDevice { device, area, at } => {
                let say = Say::NewDevice { device: &device, area: &area, at: Ts(at) };
                self.to_account(mail, &say).await
            }
        }
    }

    fn letter(&self, say: &Say<'_>, to: &str, lang: Lang) -> Written {
        self.letter_with(say, &[], to, lang)
    }

    fn letter_with(&self, say: &Say<'_>, also: &[Also<'_>], to: &str, lang: Lang) -> Written {
        Written::Letter(letter::write(say, also, to, &self.0.mail.base_url, lang))
    }

    /// The account that an order came from, if it is still active.
    async fn account_of(&self, mail: &rows::Mail) -> Result<(account::Account, Lang)> {
        let id = mail.account_id.ok_or(ServiceError::NotFound)?;
        let a = account::get_account(&self.0.store, id).await?;
        if a.state != account::AccountState::Active {
            return Err(ServiceError::NotFound);
        }
        let lang = Lang::parse(&a.lang).unwrap_or_default();
        Ok((a, lang))
    }

    async fn to_account(&self, mail: &rows::Mail, say: &Say<'_>) -> Result<Written> {
        let (a, lang) = self.account_of(mail).await?;
        let to = self.email_of(&a).await?;
        Ok(self.letter(say, &to, lang))
    }

    async fn sign_up_letter(&self, id: Uuid) -> Result<Written> {
        let now = self.now();
        let row = signup::find_signup(&self.0.store, id, now).await?.ok_or(ServiceError::NotFound)?;
        let wanted = self.open_signup(&row)?;
        let lang = Lang::parse(&wanted.lang).unwrap_or_default();
        if let Some(a) = account::find_account_by_email(&self.0.store, row.email_fp).await? {
            let mut tx = self.0.store.begin().await?;
            signup::delete_signup(&mut tx, id).await?;
            tx.commit().await?;
            return if a.state == account::AccountState::Active {
                let to = self.email_of(&a).await?;
                Ok(self.letter(&Say::Exists, &to, Lang::parse(&a.lang).unwrap_or(lang)))
            } else {
                Ok(Written::Nothing("closed"))
            };
        }
        let token = Token::generate()?;
        let until = now.plus_seconds(LINK_MINUTES * 60);
        let mut tx = self.0.store.begin().await?;
        if !signup::set_signup_token(&mut tx, id, hash(&token), until, now).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        Ok(self.letter(&Say::SignUp { token: &token.text() }, &wanted.email, lang))
    }

    async fn reset_letter(&self, mail: &rows::Mail, typed: &str, lang: Lang) -> Result<Written> {
        let found = account::find_account_by_email(&self.0.store, self.email_fp(typed)?).await?;
        let Some(a) = found.filter(|a| a.state == account::AccountState::Active) else {
            return Ok(Written::Nothing("no_account"));
        };
        // Whoever reads a mailbox that was never confirmed may be anybody: a mistyped address must
        // not hand the account over. The outbox is read by the operator, who knows the person.
        if self.0.mail.delivers() && a.verified_at.is_none() {
            return Ok(Written::Nothing("unconfirmed"));
        }
        let until = self.now().plus_seconds(LINK_MINUTES * 60);
        let token = self.mint(mail, &a, token::TokenKind::Reset, None, until).await?;
        let to = self.email_of(&a).await?;
        Ok(self.letter(&Say::Reset { token: &token.text() }, &to, Lang::parse(&a.lang).unwrap_or(lang)))
    }

    async fn confirm_letter(&self, mail: &rows::Mail, wanted: &str) -> Result<Written> {
        let (a, lang) = self.account_of(mail).await?;
        let fp = self.email_fp(wanted)?;
        if let Some(other) = account::find_account_by_email(&self.0.store, fp).await?
            && other.id != a.id
        {
            let to = self.email_of(&other).await?;
            let lang = Lang::parse(&other.lang).unwrap_or_default();
            return Ok(self.letter(&Say::ExistsWanted, &to, lang));
        }
        let until = self.now().plus_seconds(LINK_MINUTES * 60);
        let token = self.mint(mail, &a, token::TokenKind::Email, Some(wanted), until).await?;
        Ok(self.letter(&Say::ConfirmEmail { token: &token.text() }, wanted, lang))
    }

    /// A letter with a link that takes a change back: of the factors, or of the address.
    async fn stop_letter(
        &self,
        mail: &rows::Mail,
        stop: &Stop,
        news: Option<FactorNews>,
        also: &[Also<'_>],
    ) -> Result<Written> {
        let (a, lang) = self.account_of(mail).await?;
        let until = mail.created_at.plus_seconds(STOP_DAYS * 86_400);
        let detail = serde_json::to_string(stop).map_err(|e| ServiceError::internal("link", &e))?;
        let token = self.mint(mail, &a, token::TokenKind::Stop, Some(&detail), until).await?;
        let text = token.text();
        let say = match news {
            Some(news) => Say::Factor { news, stop: Some(&text) },
            None => Say::EmailWanted { token: &text },
        };
        Ok(self.letter_with(&say, also, &stop.old, lang))
    }

    /// Makes a link. Its text exists in the letter only.
    async fn mint(
        &self,
        mail: &rows::Mail,
        a: &account::Account,
        kind: token::TokenKind,
        detail: Option<&str>,
        expires_at: Ts,
    ) -> Result<Token> {
        let made = Token::generate()?;
        let detail_sealed = match detail {
            Some(text) => Some(self.seal_detail(a.id, &hash(&made), text).await?),
            None => None,
        };
        let mut tx = self.begin_on(a.id).await?;
        if !rows::is_wanted(&mut tx, mail.id).await? {
            return Err(ServiceError::NotFound);
        }
        let new = token::NewToken {
            token_hash: hash(&made),
            account_id: a.id,
            kind,
            generation: a.generation,
            detail_sealed: detail_sealed.as_ref(),
            expires_at,
        };
        token::insert_token(&mut tx, &new, self.now()).await?;
        let action = match kind {
            token::TokenKind::Reset => Some(Action::ResetAsked),
            token::TokenKind::Email => Some(Action::VerificationAsked),
            // The change that it takes back has its own entry.
            token::TokenKind::Stop => None,
        };
        if let Some(action) = action {
            self.log(&mut tx, Act::by_server(a.id, action).on(mail.id)).await?;
        }
        tx.commit().await?;
        Ok(made)
    }

    pub(crate) async fn seal_detail(
        &self,
        account: AccountId,
        token: &TokenHash,
        text: &str,
    ) -> Result<Sealed> {
        let keys = self.0.keys.account(&self.0.store, account).await?;
        keys.seal("account_token", "detail", crate::accounts::session_row(&token.0), text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::wait_s;

    #[test]
    fn waits_grow_and_stay_within_a_quarter_of_an_hour() {
        assert_eq!([1, 2, 3, 7, 8, 40].map(wait_s), [10, 20, 40, 640, 900, 900]);
    }
}
