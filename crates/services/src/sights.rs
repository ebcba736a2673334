//! Grants of sight as the person watches them whose records they open.

use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{
    act::Action,
    ids::GrantId,
    sight::{SeenItem, SightState, SightView, SightWatch},
};
use keepwell_store::break_glass as store;
use std::time::Duration;

/// How often a watched grant is looked at anew: another instance may have written down what was seen.
const FOLLOW: Duration = Duration::from_millis(500);
/// Grants, and items of one, that are listed at most.
const GRANTS: i64 = 100;
const ITEMS: i64 = 500;

impl Services {
    /// Every grant that there was over one's own records, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn sights_over_me(&self, actor: &Actor) -> Result<Vec<SightView>> {
        actor.in_person()?;
        let mut out = Vec::new();
        for row in store::list_grants_of_person(&self.0.store, actor.account, GRANTS).await? {
            out.push(self.sight_view(&row, None).await?);
        }
        Ok(out)
    }

    /// One of them, and what was seen under it up to now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not over one's own records.
    pub async fn watch_sight(&self, actor: &Actor, id: GrantId) -> Result<SightWatch> {
        actor.in_person()?;
        let row = store::get_grant_of_person(&self.0.store, actor.account, id).await?;
        let sight = self.sight_view(&row, None).await?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let open = |row: store::Seen| {
            let plain = keys.open("break_glass_view", "sealed", row.id, &row.sealed)?;
            let seen: SeenItem = serde_json::from_slice(&plain)
                .map_err(|_| ServiceError::internal("grant", &"does not read"))?;
            Ok(seen)
        };
        let rows = store::list_seen(&self.0.store, actor.account, id, ITEMS).await?;
        Ok(SightWatch { sight, seen: rows.into_iter().map(open).collect::<Result<_>>()? })
    }

    /// Ends a grant over one's own records at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also when it has ended.
    pub async fn end_sight_over_me(&self, actor: &Actor, id: GrantId) -> Result<()> {
        actor.in_person()?;
        let row = store::get_grant_of_person(&self.0.store, actor.account, id).await?;
        if self.sight_view(&row, None).await?.state != SightState::Open {
            return Err(ServiceError::NotFound);
        }
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::BreakGlassEnded).on(id.uuid())).await?;
        if !store::end_grant(&mut tx, id, store::EndedBy::Person, self.now()).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        self.0.sighted.notify_waiters();
        Ok(())
    }

    /// One of them as it stands, and again each time that something was seen under it; the last time when it is over.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not over one's own records.
    pub async fn follow_sight(
        &self,
        actor: &Actor,
        id: GrantId,
    ) -> Result<impl futures::Stream<Item = SightView> + Send + use<>> {
        actor.in_person()?;
        store::get_grant_of_person(&self.0.store, actor.account, id).await?;
        let state = (self.clone(), actor.account, None::<(SightState, u64)>);
        Ok(futures::stream::unfold(state, move |(s, person, known)| async move {
            if known.is_some_and(|(state, _)| state != SightState::Open) {
                return None;
            }
            loop {
                let sighted = s.0.sighted.notified();
                let row = store::get_grant_of_person(&s.0.store, person, id).await.ok()?;
                let view = s.sight_view(&row, None).await.ok()?;
                let now = (view.state, view.seen);
                if known != Some(now) {
                    return Some((view, (s.clone(), person, Some(now))));
                }
                let _ = tokio::time::timeout(FOLLOW, sighted).await;
            }
        }))
    }
}
