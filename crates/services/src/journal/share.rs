//! Letting another account reach a vault. What it may read there, its devices decide by their keys; here it is decided
//! whether it gets at the sealed bytes at all, and whether it may add to them.

use super::{JournalResult, error::missing, stored};
use crate::{actor::Actor, audit::Act, core::Services, error::ServiceError};
use keepwell_crypto::Token;
use keepwell_domain::{act::Action, time::Ts};
use keepwell_journal::{sync::wire::Refusal, vault::VaultId};
use keepwell_store::journal::{self as rows, Part};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// For how many seconds a code is good.
const GOOD_FOR: i64 = 86_400;

/// A code that lets one account in, shown once.
pub struct Invite {
    code: Zeroizing<String>,
    /// Until when it is good.
    pub expires: Ts,
}

impl Invite {
    /// The code: 256 bits in base64url. It goes from device to device, beside what pairs them.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.code
    }
}

impl fmt::Debug for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invite(***)")
    }
}

/// Another account that reaches a vault. Who it is, is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// By which it is shut out.
    pub id: Uuid,
    /// Whether it may write.
    pub may_write: bool,
    /// Since when.
    pub since: Ts,
    /// Whether it is the one who asks.
    pub is_self: bool,
}

impl Services {
    /// Makes a code with which one other account comes to a vault. It is good for a day and once; the code before it is
    /// good no more.
    ///
    /// # Errors
    /// [`Refusal::Missing`]; [`ServiceError::Forbidden`] for whoever did not found it.
    pub async fn journal_invite(&self, actor: &Actor, id: VaultId, may_write: bool) -> JournalResult<Invite> {
        actor.in_person()?;
        let mut tx = self.0.store.begin().await?;
        let (vault, _) =
            rows::hold_vault(&mut tx, actor.account, stored(id.as_bytes())).await.map_err(missing)?;
        if vault.part != Part::Founder {
            return Err(ServiceError::Forbidden.into());
        }
        let (code, now) = (Token::generate()?, self.now());
        let expires = now.plus_seconds(GOOD_FOR);
        rows::delete_invites(&mut tx, vault.id).await?;
        rows::insert_invite(&mut tx, &vault, code.hash().as_bytes(), may_write, expires, now).await?;
        self.log(&mut tx, Act::of(actor, Action::JournalSynced).on(vault.id).with("invited")).await?;
        tx.commit().await?;
        Ok(Invite { code: code.text(), expires })
    }

    /// Comes to the vault of a code: which one, and whether the actor may write there.
    ///
    /// # Errors
    /// [`Refusal::Missing`] for a code that is none, over or used; [`Refusal::Exists`] for one's own vault;
    /// [`Refusal::TooLarge`] for one vault too many.
    pub async fn journal_join(&self, actor: &Actor, code: &str) -> JournalResult<(VaultId, bool)> {
        actor.in_person()?;
        let hash = Token::parse(code).map_err(|_| Refusal::Missing)?.hash();
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        rows::hold_space(&mut tx, actor.account).await?;
        let invited = rows::take_invite(&mut tx, hash.as_bytes(), now).await?.ok_or(Refusal::Missing)?;
        if invited.founder == actor.account {
            return Err(Refusal::Exists.into());
        }
        self.room_for_vault(&mut tx, actor).await?;
        rows::insert_member(&mut tx, Uuid::new_v4(), invited.vault, actor.account, invited.may_write, now)
            .await?;
        self.log(&mut tx, Act::of(actor, Action::JournalSynced).on(invited.vault).with("joined")).await?;
        // The founder hears that somebody came, and nothing of from where.
        let told =
            Act::by_server(invited.founder, Action::JournalSynced).on(invited.vault).with("member joined");
        self.log(&mut tx, told).await?;
        tx.commit().await?;
        Ok((VaultId::from_bytes(invited.vault.into_bytes()), invited.may_write))
    }

    /// The other accounts that reach a vault.
    ///
    /// # Errors
    /// [`Refusal::Missing`].
    pub async fn journal_members(&self, actor: &Actor, id: VaultId) -> JournalResult<Vec<MemberView>> {
        let vault = self.reached_vault(actor, id).await?;
        let all = rows::list_members(&self.0.store, vault.id).await?;
        let view = |m: rows::Member| MemberView {
            id: m.id,
            may_write: m.may_write,
            since: m.since,
            is_self: m.account == actor.account,
        };
        Ok(all.into_iter().map(view).collect())
    }

    /// Shuts an account out of a vault, or leaves it. What its devices have pulled they keep; the founder's devices make
    /// a new key beside this.
    ///
    /// # Errors
    /// [`Refusal::Missing`] for a vault or member that is not there; [`ServiceError::Forbidden`] for somebody else's
    /// place in another's vault.
    pub async fn journal_remove_member(&self, actor: &Actor, id: VaultId, member: Uuid) -> JournalResult<()> {
        actor.in_person()?;
        let mut tx = self.0.store.begin().await?;
        let (vault, _) =
            rows::hold_vault(&mut tx, actor.account, stored(id.as_bytes())).await.map_err(missing)?;
        let all = rows::list_members(&mut tx, vault.id).await?;
        let found = all.iter().find(|m| m.id == member).ok_or(Refusal::Missing)?;
        if vault.part != Part::Founder && found.account != actor.account {
            return Err(ServiceError::Forbidden.into());
        }
        rows::delete_member(&mut tx, vault.id, member).await.map_err(missing)?;
        self.log(&mut tx, Act::of(actor, Action::JournalSynced).on(vault.id).with("member removed")).await?;
        if vault.part == Part::Founder {
            let told = Act::by_server(found.account, Action::JournalSynced).on(vault.id).with("removed");
            self.log(&mut tx, told).await?;
        }
        tx.commit().await?;
        // A stream of theirs ends.
        self.0.news.tell(vault.id);
        Ok(())
    }
}
