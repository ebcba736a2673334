//! Letters in the outbox folder: sealed like everything else, and opened for the operator only.

use super::{Mail, MailOut, Outbox};
use crate::{
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{
    act::{ActBy, Action},
    ids::AccountId,
    sealed::Sealed,
    time::Ts,
};
use keepwell_store::account;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Days for which a letter is kept.
const DAYS: i64 = 30;

/// A letter as the operator reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutboxLetter {
    /// When it was written.
    pub at: Ts,
    /// The letter.
    pub mail: Mail,
}

impl Services {
    fn outbox(&self) -> Option<&Arc<dyn Outbox>> {
        match &self.0.mail.out {
            Some(MailOut::Outbox(outbox)) => Some(outbox),
            _ => None,
        }
    }

    /// Puts a letter into the folder: whose key opens it, then the sealed letter.
    pub(super) async fn put_letter(
        &self,
        outbox: Arc<dyn Outbox>,
        id: Uuid,
        account: Option<AccountId>,
        mail: Mail,
    ) -> Result<()> {
        let letter = OutboxLetter { at: self.now(), mail };
        let plain = serde_json::to_vec(&letter).map_err(|e| ServiceError::internal("outbox", &e))?;
        let sealed = self.seal_mail(account, "letter", id, &plain).await?;
        let mut bytes = account.map_or(Uuid::nil(), AccountId::uuid).as_bytes().to_vec();
        bytes.extend_from_slice(sealed.as_bytes());
        Ok(tokio::task::spawn_blocking(move || outbox.put(id, &bytes)).await??)
    }

    /// The letters of the outbox, oldest first. A letter whose person is gone is left out.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when this instance has none, because mail goes to a server.
    pub async fn outbox_letters(&self) -> Result<Vec<(Uuid, OutboxLetter)>> {
        let outbox = self.outbox().ok_or(ServiceError::NotFound)?;
        let mut out = Vec::new();
        for id in outbox.list()? {
            match self.open_letter(id, &outbox.get(id)?).await {
                Ok(letter) => out.push((id, letter)),
                Err(ServiceError::NotFound) => {}
                Err(e) => return Err(e),
            }
        }
        out.sort_by_key(|(id, letter)| (letter.at, *id));
        Ok(out)
    }

    /// The letters of the outbox for the operator to read, or one of them: whoever reads a link can follow
    /// it, so it stands in the log of the person who is written to, or of the instance.
    ///
    /// # Errors
    /// As above; [`ServiceError::NotFound`] also when that one is not there.
    pub async fn read_outbox(&self, one: Option<Uuid>) -> Result<Vec<(Uuid, OutboxLetter)>> {
        let mut letters = self.outbox_letters().await?;
        let mut act = Act::of_instance(ActBy::Operator, Action::AdminViewed);
        if let Some(id) = one {
            letters.retain(|(i, _)| *i == id);
            let (_, letter) = letters.first().ok_or(ServiceError::NotFound)?;
            let to = self.email_fp(&letter.mail.to)?;
            if let Some(person) = account::find_account_by_email(&self.0.store, to).await? {
                act = Act::by_operator(person.id, Action::AdminViewed);
            }
            act = act.on(id);
        }
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, act.with("outbox")).await?;
        tx.commit().await?;
        Ok(letters)
    }

    async fn open_letter(&self, id: Uuid, bytes: &[u8]) -> Result<OutboxLetter> {
        let (owner, sealed) = bytes.split_at_checked(16).ok_or(ServiceError::NotFound)?;
        let owner = Uuid::from_slice(owner).map_err(|_| ServiceError::NotFound)?;
        let account = (!owner.is_nil()).then(|| AccountId::new(owner));
        let plain = self.open_mail(account, "letter", id, &Sealed::from_bytes(sealed.to_vec())).await?;
        serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("outbox", &e))
    }

    /// Removes letters that are old, or whose person is gone.
    pub(crate) async fn tidy_outbox(&self) -> Result<()> {
        let Some(outbox) = self.outbox() else { return Ok(()) };
        let before = self.now().plus_seconds(-DAYS * 86_400);
        for id in outbox.list()? {
            match self.open_letter(id, &outbox.get(id)?).await {
                Ok(letter) if letter.at >= before => {}
                Ok(_) | Err(ServiceError::NotFound) => outbox.delete(id)?,
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
