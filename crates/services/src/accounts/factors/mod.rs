//! Second factors: an authenticator app, passkeys, and recovery codes for when both are lost. Every
//! change ends all sessions, tokens and links but the one that made it, and is told by letter.

mod app;
mod codes;
mod passkeys;
mod taken;

pub use app::EnrolledApp;
pub(super) use codes::normal_code;
pub(super) use passkeys::PasskeyUse;
pub use passkeys::{EnrolledPasskey, PasskeySetup, Question};
pub use taken::TakenFactors;

use super::signin::Opening;
use crate::{
    actor::{Actor, SessionToken},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{FactorNews, Order, Recipient, Stop},
};
use keepwell_domain::{act::Action, time::Ts, view::FactorsView};
use keepwell_store::{Tx, account as rows, factor, passkey};

/// A change of factors, before it is written.
struct Change {
    account: rows::Account,
    next: Opening,
    /// Before anything of it is written.
    since: Ts,
}

impl Services {
    /// The second factors of the account.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn factors(&self, actor: &Actor) -> Result<FactorsView> {
        actor.in_person()?;
        let found = factor::find_totp(&self.0.store, actor.account).await?;
        let new_app = match found.as_ref().filter(|_| self.is_proved(actor)) {
            Some(row) => self.app_to_show(actor, row).await?,
            None => None,
        };
        Ok(FactorsView {
            app: found.and_then(|t| t.confirmed_at),
            new_app,
            passkeys: self.passkey_views(actor).await?,
            codes_left: u32::try_from(factor::count_codes(&self.0.store, actor.account).await?).unwrap_or(0),
            passkey_origin: self.0.passkeys.as_ref().map(|p| p.origin().to_owned()),
            is_proved: self.is_proved(actor),
            is_needed: actor.role == crate::actor::Role::Admin,
        })
    }

    /// What every change of factors begins with.
    async fn begin_change(&self, actor: &Actor, device: &crate::actor::Device) -> Result<Change> {
        actor.in_person()?;
        self.fresh(actor)?;
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let since = self.now();
        Ok(Change { next: self.prepare_successor(actor, device).await?, account, since })
    }

    /// What every change of factors ends with, in its transaction.
    async fn end_change(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        change: Change,
        (action, what): (Action, &'static str),
        news: FactorNews,
    ) -> Result<SessionToken> {
        self.log(tx, Act::of(actor, action).with(what)).await?;
        self.end_everything(tx, actor.account, actor.generation).await?;
        let token = self.write_session(tx, actor.account, change.next.after_the_end()).await?;
        self.tell_of_factor(tx, &change.account, news, change.since).await?;
        Ok(token)
    }

    /// Whoever runs the instance keeps at least one.
    async fn may_lose_one(&self, actor: &Actor, account: &rows::Account) -> Result<()> {
        let app =
            factor::find_totp(&self.0.store, account.id).await?.is_some_and(|t| t.confirmed_at.is_some());
        let all = passkey::count_passkeys(&self.0.store, account.id).await? + i64::from(app);
        if account.role == rows::Role::Admin && all < 2 {
            let reason = actor.lang.pick(
                "This account runs the instance, so its last second factor stays. Add another one first.",
                "Dieses Konto verwaltet die Instanz, deshalb bleibt sein letzter zweiter Faktor. Fügen Sie erst einen anderen hinzu.",
            );
            return Err(ServiceError::invalid("factor", reason));
        }
        Ok(())
    }

    /// Without a factor there is nothing to recover.
    async fn drop_idle_codes(&self, tx: &mut Tx, account: &rows::Account) -> Result<()> {
        if !factor::has_any(&mut *tx, account.id).await? {
            factor::delete_codes(tx, account.id).await?;
        }
        Ok(())
    }

    pub(super) async fn tell_of_recovery(&self, tx: &mut Tx, account: &rows::Account) -> Result<()> {
        self.tell_of_factor(tx, account, FactorNews::CodeUsed, self.now()).await
    }

    /// A letter to the present address. When something was added, it holds a link that takes back what was
    /// added `since` then, and goes to this address even when the account has another one by the time it
    /// is written.
    async fn tell_of_factor(
        &self,
        tx: &mut Tx,
        account: &rows::Account,
        news: FactorNews,
        since: Ts,
    ) -> Result<()> {
        if !self.writes_to(account) {
            return Ok(());
        }
        let now = self.email_of(account).await?;
        let stop = match news {
            FactorNews::AppAdded | FactorNews::PasskeyAdded | FactorNews::CodesMade => {
                Some(Stop { old: now.clone(), since: since.0 })
            }
            _ => None,
        };
        let to = Recipient { account: Some(account.id), address_fp: account.email_fp };
        self.order_mail(tx, to, &Order::Factor { news, stop, to: Some(now) }).await
    }
}
