//! The log of what was done. An act and its entry are one transaction; what is only looked at has
//! its entry on disk before it is given out.

mod act;
mod detail;
mod journal;
mod list;
mod operator;
mod own;
mod prove;
mod sequence;
mod views;

pub use act::Act;
pub(crate) use journal::Journal;
pub use list::{Proven, ProvenLog};
pub use operator::{CheckError, Checked};
pub(crate) use own::{OwnKeys, open_own};
pub use sequence::Head;
pub(crate) use sequence::{entry_of, head_of};
pub(crate) use views::Views;

use crate::{
    core::{Services, fresh},
    error::{Result, ServiceError},
};
use act::Whose;
use keepwell_domain::{
    act::ActBy,
    ids::{AccountId, AuditId},
    sealed::{Fingerprint, Sealed},
};
use keepwell_store::{Tx, audit as rows};

/// Bytes of salt in an entry.
const SALT: usize = 16;

impl Services {
    /// Logs an act in its own transaction: both happen, or neither. An act whose session has ended
    /// since the request was let in is refused here, so this comes before anything in the same
    /// transaction that ends that session.
    ///
    /// # Errors
    /// [`ServiceError::Ended`]; those of the store. The transaction must not be committed then.
    pub async fn log(&self, tx: &mut Tx, act: Act) -> Result<()> {
        self.log_with_leaf(tx, act).await.map(drop)
    }

    /// As [`Self::log`]; the leaf's hash, by which its place in the log can be proven later.
    ///
    /// # Errors
    /// As [`Self::log`].
    pub(crate) async fn log_with_leaf(&self, tx: &mut Tx, act: Act) -> Result<[u8; 32]> {
        if let Some(hash) = act.session {
            self.still_open(tx, hash).await?;
        }
        let entry = self.entry(&act, 0, 1).await?;
        let leaf = sequence::entry_of(&entry)?.hash();
        rows::insert_audit(tx, std::slice::from_ref(&entry)).await?;
        self.0.journal.wake();
        Ok(leaf)
    }

    /// Logs what has no transaction of its own: a refusal, a download. The entry is on disk when
    /// this returns.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] or [`ServiceError::Full`] when it could not be written; the
    /// act must not go on then.
    pub async fn log_now(&self, act: Act) -> Result<()> {
        let entry = self.entry(&act, 0, 1).await?;
        self.0.journal.write(entry).await
    }

    async fn entry(&self, act: &Act, span: u32, times: u32) -> Result<rows::AuditRow> {
        let id = fresh::<AuditId>();
        let plain = detail::pack(act);
        let detail = match act.whose {
            Whose::Person(account) => match self.0.keys.account(&self.0.store, account).await {
                Ok(keys) => keys.seal("audit", "detail", id.uuid(), &plain)?,
                // Somebody tries the account of a person who is being erased: to them it looks like
                // any other that does not exist.
                Err(ServiceError::NotFound) if act.by == ActBy::Unknown => self.seal_own(id, &plain)?,
                Err(e) => return Err(e),
            },
            Whose::Stranger(_) | Whose::Instance => self.seal_own(id, &plain)?,
        };
        let mut salt = vec![0; SALT];
        getrandom::fill(&mut salt).map_err(|_| ServiceError::internal("audit", &"no randomness"))?;
        let pseudonym = |account: AccountId| self.person_fp(account);
        Ok(rows::AuditRow {
            id,
            at: self.now(),
            span: span.into(),
            times: times.into(),
            done_by: act.by.as_str().to_owned(),
            action: act.action.as_str().to_owned(),
            outcome: act.outcome.as_str().to_owned(),
            actor_fp: act.actor.map(pseudonym),
            person_fp: match act.whose {
                Whose::Person(account) => Some(pseudonym(account)),
                Whose::Stranger(named) => Some(self.stranger_fp(named)),
                Whose::Instance => None,
            },
            object_fp: act.object.map(|o| self.0.pseudonyms.fingerprint(&[b"object", o.as_bytes()])),
            payload_hash: act.payload,
            salt,
            detail_sealed: Some(detail),
        })
    }

    fn seal_own(&self, id: AuditId, plain: &[u8]) -> Result<Sealed> {
        self.0.own_keys.seal("audit", "detail", id.uuid(), plain)
    }

    /// By which name somebody goes in the log who named an address without an account.
    pub(crate) fn stranger_fp(&self, named: Fingerprint) -> Fingerprint {
        self.0.pseudonyms.fingerprint(&[b"stranger", &named.0])
    }

    /// By which name a person goes in the log.
    pub(crate) fn person_fp(&self, account: AccountId) -> Fingerprint {
        self.0.pseudonyms.fingerprint(&[b"account", account.uuid().as_bytes()])
    }
}
