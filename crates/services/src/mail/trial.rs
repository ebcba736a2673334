//! A letter that only shows whether mail works: to the administrator who asks for it, at once, and its fate is told.

use super::{Order, letter, worker::SEND_WITHIN};
use crate::{
    Lang,
    admin::AdminActor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{MailFault, MailOut},
};
use keepwell_domain::act::Action;
use keepwell_store::{account, mail as rows};
use uuid::Uuid;

/// Test letters of one address in an hour, those that failed too.
const PER_HOUR: i64 = 5;

/// What became of a test letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// The mail server took it.
    Sent,
    /// It lies in the outbox folder.
    Laid,
    /// It did not work; the code of why.
    Failed(&'static str),
}

impl Trial {
    /// Its code: `sent`, `laid`, or why it failed.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Laid => "laid",
            Self::Failed(code) => code,
        }
    }
}

impl Services {
    /// Sends a letter without content to the administrator's own confirmed address, and waits for what becomes of it.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `mail` where no mail is set up or the address was never confirmed;
    /// [`ServiceError::TooMany`].
    pub async fn send_test_letter(&self, admin: &AdminActor) -> Result<Trial> {
        let (staff, lang) = (admin.staff(), admin.lang());
        let Some(out) = self.0.mail.out.clone() else {
            return Err(ServiceError::invalid("mail", nowhere(lang)));
        };
        let me = account::get_account(&self.0.store, staff.account).await?;
        if !self.reaches(&me) {
            return Err(ServiceError::invalid("mail", unconfirmed(lang)));
        }
        let now = self.now();
        let order = Order::Trial;
        let (id, owner) = (Uuid::now_v7(), Uuid::now_v7());
        let sealed = self.seal_order(Some(me.id), id, &order).await?;
        let mut tx = self.0.store.begin().await?;
        let since = now.plus_seconds(-3600);
        if rows::count_mail_asked(&mut tx, me.email_fp, order.purpose(), since).await? >= PER_HOUR {
            return Err(ServiceError::TooMany { retry_after_s: 3600 });
        }
        self.log(&mut tx, Act::of_staff(staff, Action::MailTested).on(id)).await?;
        let new = rows::NewMail {
            id,
            account_id: Some(me.id),
            address_fp: me.email_fp,
            purpose: order.purpose(),
            expires_at: now.plus_seconds(order.lasts()),
            sealed: &sealed,
        };
        rows::insert_mail(&mut tx, &new, now).await?;
        // No worker takes it: whoever asked waits here for what becomes of it.
        let lease = now.plus_seconds(order.lasts());
        let Some(mail) = rows::take_mail(&mut tx, id, owner, now, lease).await? else {
            return Err(ServiceError::NotFound);
        };
        tx.commit().await?;
        let is_server = matches!(out, MailOut::Server(_));
        let to = self.email_of(&me).await?;
        let lang = Lang::parse(&me.lang).unwrap_or(lang);
        let text = letter::write(&letter::Say::Trial, &[], &to, &self.0.mail.base_url, lang);
        let sent = self.hand_over(out, &mail, text, SEND_WITHIN.min(WAITS)).await;
        let (state, code) = match sent {
            Ok(()) => (rows::MailState::Sent, None),
            Err(MailFault::Later(code) | MailFault::Never(code)) => (rows::MailState::Dead, Some(code)),
        };
        self.end_mail(&mail, owner, state, code).await?;
        Ok(match (code, is_server) {
            (Some(code), _) => {
                tracing::warn!(code, "a test letter could not be sent");
                Trial::Failed(code)
            }
            (None, true) => Trial::Sent,
            (None, false) => Trial::Laid,
        })
    }
}

/// For how long whoever asked is kept waiting.
const WAITS: std::time::Duration = std::time::Duration::from_secs(20);

const fn nowhere(lang: Lang) -> &'static str {
    lang.pick(
        "No mail is set up, so there is nothing to test.",
        "Es ist keine Post eingerichtet, also gibt es nichts zu prüfen.",
    )
}

const fn unconfirmed(lang: Lang) -> &'static str {
    lang.pick(
        "Your address was never confirmed. Confirm it in your account's settings first.",
        "Ihre Adresse wurde nie bestätigt. Bestätigen Sie sie zuerst in den Einstellungen Ihres Kontos.",
    )
}
