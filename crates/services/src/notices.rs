//! What a person is told about their account: in the app and by letter, in the transaction of what it is about.

use crate::{
    actor::Actor,
    core::{Services, fresh},
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_domain::{
    ids::NoticeId,
    notice::{News, NoticeView},
};
use keepwell_store::{Tx, account as rows, notice};
use serde::{Deserialize, Serialize};

/// Notices that are listed at most.
const MOST: i64 = 200;
/// Notices that stand above a page at most.
const ABOVE: i64 = 5;

#[derive(Serialize, Deserialize)]
struct Packed {
    news: News,
    #[serde(default)]
    reason: Option<String>,
}

impl Services {
    /// Tells somebody what was done to their account. Call [`Services::wake_mailer`] after the commit.
    pub(crate) async fn tell(
        &self,
        tx: &mut Tx,
        account: &rows::Account,
        news: News,
        reason: Option<&str>,
    ) -> Result<()> {
        let id = fresh::<NoticeId>();
        let packed = Packed { news, reason: reason.map(str::to_owned) };
        let plain = serde_json::to_vec(&packed).map_err(|e| ServiceError::internal("notice", &e))?;
        let keys = self.0.keys.account(&self.0.store, account.id).await?;
        let sealed = keys.seal("notice", "sealed", id.uuid(), &plain)?;
        notice::insert_notice(tx, id, account.id, &sealed, self.now()).await?;
        if !self.reaches(account) {
            return Ok(());
        }
        // A reason is free text and a mailbox is no vault: it goes by letter only where the app cannot tell it.
        let reason = matches!(news, News::Suspended).then_some(packed.reason).flatten();
        let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
        self.order_mail(tx, to, &Order::News { news, reason }).await
    }

    /// Whether a letter about the account gets to its person: to a confirmed address, or into the folder out of which
    /// the operator hands it over.
    pub(crate) fn reaches(&self, account: &rows::Account) -> bool {
        let mail = &self.0.mail;
        mail.out.is_some() && (account.verified_at.is_some() || !mail.delivers())
    }

    /// Everything one was told, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn notices(&self, actor: &Actor) -> Result<Vec<NoticeView>> {
        actor.in_person()?;
        let rows = notice::list_notices(&self.0.store, actor.account, MOST).await?;
        self.open_all(actor, rows).await
    }

    /// What was not put away yet, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn open_notices(&self, actor: &Actor) -> Result<Vec<NoticeView>> {
        actor.in_person()?;
        if !actor.has_news {
            return Ok(Vec::new());
        }
        let rows = notice::list_open_notices(&self.0.store, actor.account, ABOVE).await?;
        self.open_all(actor, rows).await
    }

    async fn open_all(&self, actor: &Actor, rows: Vec<notice::Notice>) -> Result<Vec<NoticeView>> {
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let open = |row: notice::Notice| {
            let plain = keys.open("notice", "sealed", row.id.uuid(), &row.sealed)?;
            let packed: Packed = serde_json::from_slice(&plain)
                .map_err(|_| ServiceError::internal("notice", &"does not read"))?;
            let (news, reason) = (packed.news, packed.reason);
            let is_dismissed = row.dismissed_at.is_some();
            Ok(NoticeView { id: row.id, at: row.created_at, news, reason, is_dismissed })
        };
        rows.into_iter().map(open).collect()
    }

    /// Puts a notice away. It stays in the list.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn dismiss_notice(&self, actor: &Actor, id: NoticeId) -> Result<()> {
        actor.in_person()?;
        let mut tx = self.begin_by(actor).await?;
        notice::dismiss_notice(&mut tx, actor.account, id, self.now()).await?;
        Ok(tx.commit().await?)
    }
}
