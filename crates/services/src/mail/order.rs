//! What the queue holds: an order for a letter, sealed. Never a token, and never a letter.

use crate::{
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::{Owner, Place};
use keepwell_domain::{
    ids::AccountId,
    notice::News,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use keepwell_store::{Tx, mail as rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sizes at rest are rounded up to this, so that orders look alike.
const PAD: usize = 512;

/// What became of the second factors.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FactorNews {
    AppAdded,
    AppRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    CodesMade,
    CodeUsed,
    /// Taken by whoever runs the instance.
    Reset,
    /// Taken by the link of a letter.
    Stopped,
}

/// What a link takes back.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stop {
    /// The address so far.
    pub old: String,
    /// When the change began, in microseconds: factors that were added then or later go with it.
    pub since: i64,
}

impl Stop {
    /// Out of what rests with a link. Those of before this was kept hold the address alone.
    pub(crate) fn read(detail: String, made: i64) -> Self {
        serde_json::from_str(&detail).unwrap_or(Self { old: detail, since: made })
    }
}

/// What is to be said.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Somebody signed up; the sign-up's row holds the rest.
    SignUp {
        /// The row.
        signup: Uuid,
    },
    /// Somebody forgot the password of this address, if it has an account.
    Reset {
        /// As it was typed.
        email: String,
        /// Of the page where it was typed.
        lang: String,
    },
    /// The account wants this address.
    ConfirmEmail {
        /// The address.
        email: String,
    },
    /// To the address so far: another one is wanted, and how to stop that.
    EmailWanted {
        /// How.
        #[serde(flatten)]
        stop: Stop,
    },
    /// To the address so far: it is another one now.
    EmailChanged {
        /// The address so far.
        old: String,
    },
    /// The password is another one now.
    PasswordChanged {
        /// The address of that moment.
        to: String,
    },
    /// The second factors are others now.
    Factor {
        /// In what.
        news: FactorNews,
        /// How to take back what was added, with the address that the letter goes to.
        #[serde(default)]
        stop: Option<Stop>,
        /// The address of that moment: the letter may have to wait, and must not go to one that was put in since.
        #[serde(default)]
        to: Option<String>,
    },
    /// Somebody signed in on a device that was not known.
    NewDevice {
        /// Browser and system in words.
        device: String,
        /// Part of the network.
        area: String,
        /// When.
        at: i64,
    },
    /// An administrator invites somebody. The one order with a code in it: whoever made the invitation was shown the very
    /// same link. It opens no account that there is.
    Invite {
        /// The invitation.
        invite: Uuid,
        /// To whom.
        email: String,
        /// Its code.
        code: String,
        /// Until when it is good.
        until: i64,
        /// Of whoever invites.
        lang: String,
    },
    /// An administrator tries whether mail works.
    Trial,
    /// Somebody who runs the instance did something to the account.
    News {
        /// What.
        news: News,
        /// Why, where the app cannot tell.
        reason: Option<String>,
    },
}

impl Order {
    /// Its code in the queue.
    pub(crate) const fn purpose(&self) -> &'static str {
        match self {
            Self::SignUp { .. } => "sign_up",
            Self::Reset { .. } => "reset",
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::EmailWanted { .. } => "email_wanted",
            Self::EmailChanged { .. } => "email_changed",
            Self::PasswordChanged { .. } => "password_changed",
            // Each in a lane of its own, see `lanes`.
            Self::Factor { news, .. } => match news {
                FactorNews::AppAdded | FactorNews::PasskeyAdded => "factor_added",
                FactorNews::AppRemoved | FactorNews::PasskeyRemoved => "factor_removed",
                FactorNews::CodesMade | FactorNews::CodeUsed => "factor_codes",
                FactorNews::Reset | FactorNews::Stopped => "factor_taken",
            },
            Self::NewDevice { .. } => "new_device",
            Self::Invite { .. } => "invite",
            Self::Trial => "trial",
            // Not what must arrive each time: the app lists them all.
            Self::News { news: News::FileRetried { .. } | News::FileGivenUp { .. }, .. } => "file_news",
            Self::News { .. } => "account_news",
        }
    }
    /// Seconds after which it is too late to send it.
    pub(super) const fn lasts(&self) -> i64 {
        match self {
            Self::Trial => 120,
            Self::SignUp { .. } | Self::Reset { .. } | Self::ConfirmEmail { .. } => 30 * 60,
            Self::EmailWanted { .. }
            | Self::EmailChanged { .. }
            | Self::PasswordChanged { .. }
            | Self::Factor { .. }
            | Self::NewDevice { .. }
            | Self::Invite { .. } => 86_400,
            // What must not be missed because a mail server was away for a day.
            Self::News { .. } => 5 * 86_400,
        }
    }
}

/// Who is written to.
#[derive(Clone, Copy)]
pub(crate) struct Recipient {
    /// The account that asked; its key seals the order.
    pub account: Option<AccountId>,
    /// Keyed hash of the address.
    pub address_fp: Fingerprint,
}

impl Services {
    /// Queues a letter in the transaction of what it is about. Call [`Services::wake_mailer`] after
    /// the commit.
    pub(crate) async fn order_mail(&self, tx: &mut Tx, to: Recipient, order: &Order) -> Result<()> {
        if self.0.mail.out.is_none() {
            return Ok(());
        }
        let id = Uuid::now_v7();
        let now = self.now();
        let sealed = self.seal_order(to.account, id, order).await?;
        let new = rows::NewMail {
            id,
            account_id: to.account,
            address_fp: to.address_fp,
            purpose: order.purpose(),
            expires_at: now.plus_seconds(order.lasts()),
            sealed: &sealed,
        };
        Ok(rows::insert_mail(tx, &new, now).await?)
    }

    pub(super) async fn seal_order(
        &self,
        account: Option<AccountId>,
        id: Uuid,
        order: &Order,
    ) -> Result<Sealed> {
        let plain = serde_json::to_vec(order).map_err(|e| ServiceError::internal("mail", &e))?;
        self.seal_mail(account, "order", id, &plain).await
    }

    /// Tells the worker of this instance that there is something to send.
    pub(crate) fn wake_mailer(&self) {
        self.0.mailing.notify_one();
    }

    /// Opens an order.
    pub(super) async fn open_order(&self, mail: &rows::Mail) -> Result<Order> {
        let sealed = mail.sealed.as_ref().ok_or(ServiceError::NotFound)?;
        let plain = self.open_mail(mail.account_id, "order", mail.id, sealed).await?;
        serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("mail", &e))
    }

    /// Seals with the account's key, which dies with the account, or the installation's.
    pub(crate) async fn seal_mail(
        &self,
        account: Option<AccountId>,
        column: &str,
        row: Uuid,
        plain: &[u8],
    ) -> Result<Sealed> {
        match account {
            Some(id) => self.0.keys.account(&self.0.store, id).await?.seal("mail", column, row, plain),
            None => Ok(self.0.keys.root().mail()?.seal(&self.mail_place(column, row), plain, PAD)?),
        }
    }

    pub(crate) async fn open_mail(
        &self,
        account: Option<AccountId>,
        column: &str,
        row: Uuid,
        sealed: &Sealed,
    ) -> Result<Vec<u8>> {
        match account {
            Some(id) => self.0.keys.account(&self.0.store, id).await?.open("mail", column, row, sealed),
            None => Ok(self.0.keys.root().mail()?.open(&self.mail_place(column, row), sealed)?),
        }
    }

    fn mail_place<'a>(&self, column: &'a str, row: Uuid) -> Place<'a> {
        let instance = self.0.keys.instance();
        Place { instance, owner: Owner::Instance, table: "mail", column, row, version: 1 }
    }

    /// Counts mails by state, for the operator.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn mail_counts(&self) -> Result<Vec<(&'static str, i64)>> {
        let counts = rows::count_mail(&self.0.store).await?;
        Ok(counts.into_iter().map(|c| (c.state.as_str(), c.count)).collect())
    }

    /// Forgets what ended long ago, and old letters of the outbox.
    pub(crate) async fn tidy_mail(&self, tx: &mut Tx, now: Ts) -> Result<()> {
        let days = i64::from(self.settings_in_force().mail_days);
        rows::delete_ended_mail(tx, now.plus_seconds(-days * 86_400)).await?;
        Ok(())
    }
}
