//! The only door from the admin area to anybody's records.
//!
//! A [`Granted`] comes from a live grant and knows its kinds, profiles and end. With it, and with nothing else in here, records
//! are opened: one by one, each after its entry stands in the person's log under a grant that was live at that very moment. So
//! a grant that ends in the middle of a list ends the list there.

use super::{AdminActor, staff::Staff};
use crate::{
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    picture,
    vault::Open,
};
use keepwell_domain::{
    act::Action,
    ids::{AccountId, GrantId, ProfileId, RecordId},
    record::Kind,
    sight::{SeenItem, SightItem, SightPage, SightRecord},
    time::Ts,
};
use keepwell_store::break_glass as store;
use std::fmt;
use uuid::Uuid;

/// Items of a page.
const PAGE: usize = 20;

/// Sight of named kinds of one person's records, live when it was made. Holds no content.
pub struct Granted {
    staff: Staff,
    id: GrantId,
    person: AccountId,
    kinds: Vec<Kind>,
    profiles: Vec<ProfileId>,
    until: Ts,
}

impl Granted {
    fn opens(&self, profile: ProfileId, kind: Kind) -> bool {
        self.profiles.contains(&profile) && self.kinds.contains(&kind)
    }
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Granted({:?})", self.id)
    }
}

impl Services {
    /// The door, while the grant is live.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there, not theirs, or has ended.
    pub async fn granted(&self, by: &AdminActor, id: GrantId) -> Result<Granted> {
        let staff = by.staff().clone();
        let row = store::get_grant_of_admin(&self.0.store, staff.account, id).await?;
        let terms = self.open_terms(row.person_id, id, "grant", &row.sealed).await?;
        let (Some(from), Some(until)) = (terms.from, terms.until) else { return Err(ServiceError::NotFound) };
        let until = until.min(row.ends_at).min(from.plus_seconds(3600));
        let granted =
            Granted { staff, id, person: row.person_id, kinds: terms.kinds, profiles: terms.profiles, until };
        let mut tx = self.0.store.begin().await?;
        if !self.is_granted(&mut tx, &granted, self.now()).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        Ok(granted)
    }

    /// A page of one kind's records in one profile, newest first. Each line is an item that was seen.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what the grant does not name, and once it has ended.
    pub async fn granted_list(
        &self,
        g: &Granted,
        profile: ProfileId,
        kind: Kind,
        after: Option<RecordId>,
    ) -> Result<SightPage> {
        if !g.opens(profile, kind) {
            return Err(ServiceError::NotFound);
        }
        self.still_granted(g).await?;
        let vault = self.vault_of(profile).await?;
        let all: Vec<&Open> = vault.records.iter().filter(|o| o.record.body.kind() == kind).collect();
        let start = match after {
            None => 0,
            Some(id) => all.iter().position(|o| o.id == id).ok_or(ServiceError::NotFound)?,
        };
        let mut page = SightPage { items: Vec::new(), next: None, is_cut: false };
        for open in all.iter().skip(start).take(PAGE) {
            match self.note_seen(g, profile, open, false).await {
                Ok(()) => page.items.push(self.sight_item(g, open)),
                Err(ServiceError::NotFound) => {
                    page.is_cut = true;
                    return Ok(page);
                }
                Err(e) => return Err(e),
            }
        }
        page.next = all.get(start.saturating_add(PAGE)).map(|o| o.id);
        Ok(page)
    }

    /// One record in full: what it says, no document, no earlier version.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what the grant does not name, and once it has ended.
    pub async fn granted_record(&self, g: &Granted, profile: ProfileId, id: RecordId) -> Result<SightRecord> {
        if !g.profiles.contains(&profile) {
            return Err(ServiceError::NotFound);
        }
        self.still_granted(g).await?;
        let vault = self.vault_of(profile).await?;
        let open = vault.get(id).ok_or(ServiceError::NotFound)?;
        if !g.opens(profile, open.record.body.kind()) {
            return Err(ServiceError::NotFound);
        }
        self.note_seen(g, profile, open, true).await?;
        let view = picture::record::record(open, Vec::new(), Vec::new(), g.staff.lang);
        Ok(SightRecord {
            id: view.id,
            kind: view.kind,
            title: view.title,
            date: view.date,
            value: view.value,
            range: view.range,
            standing: view.standing,
            parts: view.parts,
            fields: view.fields,
        })
    }

    fn sight_item(&self, g: &Granted, open: &Open) -> SightItem {
        let item = picture::timeline::item(open, g.staff.lang);
        SightItem {
            id: item.id,
            kind: item.kind,
            date: item.date,
            title: item.title,
            detail: item.detail,
            standing: item.standing,
        }
    }

    /// Nothing is opened for a grant that has ended, not even in memory.
    async fn still_granted(&self, g: &Granted) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let live = self.is_granted(&mut tx, g, self.now()).await?;
        tx.commit().await?;
        if live { Ok(()) } else { Err(ServiceError::NotFound) }
    }

    async fn is_granted(&self, tx: &mut keepwell_store::Tx, g: &Granted, now: Ts) -> Result<bool> {
        Ok(now < g.until && store::is_live(tx, g.staff.account, g.id, now).await?)
    }

    /// Writes down that something is about to be seen, if the grant is live at this moment.
    async fn note_seen(&self, g: &Granted, profile: ProfileId, open: &Open, is_whole: bool) -> Result<()> {
        let id = Uuid::now_v7();
        let mut tx = self.0.store.begin().await?;
        let at = self.now();
        if !self.is_granted(&mut tx, g, at).await? {
            return Err(ServiceError::NotFound);
        }
        let record = open.id;
        let seen = SeenItem { at, kind: open.record.body.kind(), profile, record, is_whole };
        let plain = serde_json::to_vec(&seen).map_err(|e| ServiceError::internal("grant", &e))?;
        let keys = self.0.keys.account(&self.0.store, g.person).await?;
        let sealed = keys.seal("break_glass_view", "sealed", id, &plain)?;
        let act = Act::of_staff(&g.staff, Action::BreakGlassViewed).about(g.person);
        self.log(&mut tx, act.in_profile(profile).on(record.uuid())).await?;
        store::insert_seen(&mut tx, id, g.id, &sealed, at).await?;
        tx.commit().await?;
        self.0.sighted.notify_waiters();
        Ok(())
    }
}
