//! Break-glass (spec 11.4): asking for sight of named kinds of one person's records, agreeing, ending. What a grant then
//! opens stands in [`super::granted`], and nowhere else.

use super::{AdminActor, acts::reason_of, staff::Staff};
use crate::{
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
};
use keepwell_domain::{
    act::Action,
    ids::{AccountId, GrantId, ProfileId},
    notice::News,
    record::Kind,
    sealed::Sealed,
    sight::{MOST_MINUTES, SightState, SightView},
    time::Ts,
};
use keepwell_store::{StoreError, Tx, account as rows, break_glass as store, profile};
use serde::{Deserialize, Serialize};

/// Hours for which a request waits for a second admin.
const WAITS_HOURS: i64 = 24;
/// Grants that are listed at most.
const LISTED: i64 = 200;

/// What an admin asks for.
pub struct SightWish<'a> {
    /// Whose records.
    pub person: AccountId,
    /// Which kinds.
    pub kinds: &'a [Kind],
    /// One profile; all when there is none.
    pub profile: Option<ProfileId>,
    /// Why.
    pub reason: &'a str,
    /// For how long.
    pub minutes: u16,
}

/// What is sealed in a grant's row, with the person's key and bound to the row's id: whoever can write to the database
/// can neither widen nor prolong it.
#[derive(Serialize, Deserialize)]
pub(super) struct Terms {
    pub kinds: Vec<Kind>,
    pub profiles: Vec<ProfileId>,
    pub reason: String,
    /// From and until when; a request has none yet.
    pub from: Option<Ts>,
    pub until: Option<Ts>,
}

impl Services {
    /// Opens sight at once, or asks a second admin to agree, as the instance is set. Its person is told in the same
    /// transaction in which it begins.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a person or profile that is not there; [`ServiceError::ProofNeeded`];
    /// [`ServiceError::Invalid`] with field `kinds`, `minutes`, `reason` or `person`.
    pub async fn ask_for_sight(&self, by: &AdminActor, wish: &SightWish<'_>) -> Result<SightView> {
        let staff = by.staff();
        let account = rows::get_account(&self.0.store, wish.person).await?;
        let lang = staff.lang;
        if wish.person == staff.account {
            let why = lang.pick(
                "These are your own records; you see them outside of the administration.",
                "Das sind Ihre eigenen Daten; Sie sehen sie außerhalb der Verwaltung.",
            );
            return Err(ServiceError::invalid("person", why));
        }
        if account.state != rows::AccountState::Active {
            let why = lang.pick(
                "This person cannot sign in now, so they could not watch.",
                "Diese Person kann sich gerade nicht anmelden und könnte nicht zusehen.",
            );
            return Err(ServiceError::invalid("person", why));
        }
        self.fresh_staff(staff)?;
        let mut kinds = wish.kinds.to_vec();
        kinds.sort();
        kinds.dedup();
        if kinds.is_empty() {
            let why = lang.pick("Please name at least one kind.", "Bitte nennen Sie mindestens eine Art.");
            return Err(ServiceError::invalid("kinds", why));
        }
        if !(1..=MOST_MINUTES).contains(&wish.minutes) {
            let why = lang.pick("Please choose 1 to 60 minutes.", "Bitte wählen Sie 1 bis 60 Minuten.");
            return Err(ServiceError::invalid("minutes", why));
        }
        let reason = reason_of(wish.reason, lang)?;
        let all = profile::list_profiles(&self.0.store, wish.person).await?;
        let profiles: Vec<ProfileId> =
            all.iter().map(|p| p.id).filter(|id| wish.profile.is_none_or(|only| only == *id)).collect();
        if profiles.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let terms = Terms { kinds, profiles, reason, from: None, until: None };
        let id = fresh::<GrantId>();
        let mut tx = self.begin_on_one(&account).await?;
        if self.settings_in_force().second_admin {
            let now = self.now();
            self.log(&mut tx, Act::of_staff(staff, Action::BreakGlassAsked).about(wish.person).on(id.uuid()))
                .await?;
            let sealed = self.seal_terms(wish.person, id, "request", &terms).await?;
            let new = store::NewRequest {
                id,
                person_id: wish.person,
                admin_id: staff.account,
                minutes: wish.minutes.into(),
                sealed: &sealed,
                expires_at: now.plus_seconds(WAITS_HOURS * 3600),
            };
            store::insert_request(&mut tx, &new, now).await?;
            tx.commit().await?;
            let row = store::get_request(&self.0.store, id, now).await?;
            return self.request_view(staff, &row).await;
        }
        self.begin_sight(&mut tx, staff, (id, staff.account, None), &account, terms, wish.minutes).await?;
        tx.commit().await?;
        self.wake_mailer();
        self.sight(by, id).await
    }

    /// Agrees to what another admin asked for: its time begins now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not wait any more; [`ServiceError::ProofNeeded`];
    /// [`ServiceError::Invalid`] with field `grant` for one's own.
    pub async fn approve_sight(&self, by: &AdminActor, id: GrantId) -> Result<()> {
        let staff = by.staff();
        let row = store::get_request(&self.0.store, id, self.now()).await?;
        if row.admin_id == staff.account || row.person_id == staff.account {
            let why =
                staff.lang.pick("Somebody else has to agree to this.", "Dem muss jemand anderes zustimmen.");
            return Err(ServiceError::invalid("grant", why));
        }
        self.fresh_staff(staff)?;
        let terms = self.open_terms(row.person_id, id, "request", &row.sealed).await?;
        let minutes = u16::try_from(row.minutes).map_err(|_| ServiceError::Internal)?;
        let account = rows::get_account(&self.0.store, row.person_id).await?;
        let mut tx = self.begin_on_one(&account).await?;
        if !store::take_request(&mut tx, id).await? {
            return Err(ServiceError::NotFound);
        }
        let who = (id, row.admin_id, Some(staff.account));
        self.begin_sight(&mut tx, staff, who, &account, terms, minutes).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Writes the grant, its entry in the log and its notice; all or nothing.
    async fn begin_sight(
        &self,
        tx: &mut Tx,
        staff: &Staff,
        (id, admin, approver): (GrantId, AccountId, Option<AccountId>),
        person: &rows::Account,
        mut terms: Terms,
        minutes: u16,
    ) -> Result<()> {
        let from = self.now();
        let until = from.plus_seconds(60 * i64::from(minutes.min(MOST_MINUTES)));
        (terms.from, terms.until) = (Some(from), Some(until));
        self.log(tx, Act::of_staff(staff, Action::BreakGlassGranted).about(person.id).on(id.uuid())).await?;
        let sealed = self.seal_terms(person.id, id, "grant", &terms).await?;
        let new = store::NewGrant {
            id,
            person_id: person.id,
            admin_id: admin,
            approver_id: approver,
            sealed: &sealed,
            starts_at: from,
            ends_at: until,
        };
        match store::insert_grant(tx, &new).await {
            // One of the two accounts changed while this was on its way.
            Err(StoreError::NotFound) => return Err(ServiceError::Conflict),
            other => other?,
        }
        let news = News::SightGranted { grant: id, until };
        self.tell(tx, person, news, Some(&terms.reason)).await
    }

    /// Ends one's own grant at once, or takes a request away: one's own, or another admin's that is not agreed to.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also when it has ended.
    pub async fn end_sight(&self, by: &AdminActor, id: GrantId) -> Result<()> {
        let staff = by.staff();
        let now = self.now();
        if let Ok(row) = store::get_request(&self.0.store, id, now).await {
            let mut tx = self.0.store.begin().await?;
            let act = Act::of_staff(staff, Action::BreakGlassAsked).about(row.person_id).on(id.uuid());
            self.log(&mut tx, act.refused()).await?;
            if !store::take_request(&mut tx, id).await? {
                return Err(ServiceError::NotFound);
            }
            return Ok(tx.commit().await?);
        }
        let row = store::get_grant_of_admin(&self.0.store, staff.account, id).await?;
        if state_of(&row, now) != SightState::Open {
            return Err(ServiceError::NotFound);
        }
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of_staff(staff, Action::BreakGlassEnded).about(row.person_id).on(id.uuid()))
            .await?;
        if !store::end_grant(&mut tx, id, store::EndedBy::Admin, now).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        self.0.sighted.notify_waiters();
        Ok(())
    }

    /// Requests that wait, then grants, newest first: one's own and those of other admins, without what they open.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sights(&self, by: &AdminActor) -> Result<Vec<SightView>> {
        let staff = by.staff();
        let mut out = Vec::new();
        for row in store::list_requests(&self.0.store, self.now()).await? {
            out.push(self.request_view(staff, &row).await?);
        }
        for row in store::list_grants(&self.0.store, LISTED).await? {
            match self.sight_view(&row, Some(staff)).await {
                Ok(view) => out.push(view),
                // Its person is being erased.
                Err(ServiceError::NotFound) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(out)
    }

    /// One's own grant, or a request, without what it opens.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn sight(&self, by: &AdminActor, id: GrantId) -> Result<SightView> {
        let staff = by.staff();
        if let Ok(row) = store::get_request(&self.0.store, id, self.now()).await {
            return self.request_view(staff, &row).await;
        }
        let row = store::get_grant_of_admin(&self.0.store, staff.account, id).await?;
        self.sight_view(&row, Some(staff)).await
    }

    async fn request_view(&self, staff: &Staff, row: &store::Request) -> Result<SightView> {
        let terms = self.open_terms(row.person_id, row.id, "request", &row.sealed).await?;
        Ok(SightView {
            id: row.id,
            person: row.person_id,
            admin: row.admin_id,
            approver: None,
            kinds: terms.kinds,
            profiles: terms.profiles,
            reason: terms.reason,
            minutes: u16::try_from(row.minutes).unwrap_or(0),
            starts: row.created_at,
            ends: row.expires_at,
            state: SightState::Waiting,
            left_s: 0,
            seen: 0,
            is_mine: row.admin_id == staff.account,
            is_proved: self.is_staff_proved(staff),
        })
    }

    /// A grant as a page shows it, to an admin or, without one, to its person.
    pub(crate) async fn sight_view(&self, row: &store::Grant, staff: Option<&Staff>) -> Result<SightView> {
        let terms = self.open_terms(row.person_id, row.id, "grant", &row.sealed).await?;
        let ends = terms.until.map_or(row.ends_at, |until| until.min(row.ends_at));
        let now = self.now();
        let state = if now >= ends && row.ended_at.is_none() { SightState::Over } else { state_of(row, now) };
        let left = if state == SightState::Open { (ends.0 - now.0).max(0).div_euclid(1_000_000) } else { 0 };
        let minutes = (ends.0 - row.starts_at.0).max(0).div_euclid(60_000_000);
        Ok(SightView {
            id: row.id,
            person: row.person_id,
            admin: row.admin_id,
            approver: row.approver_id,
            kinds: terms.kinds,
            profiles: terms.profiles,
            reason: terms.reason,
            minutes: u16::try_from(minutes).unwrap_or(MOST_MINUTES),
            starts: row.starts_at,
            ends,
            state,
            left_s: u32::try_from(left).unwrap_or(0),
            seen: u64::try_from(store::count_seen(&self.0.store, row.id).await?).unwrap_or(0),
            is_mine: staff.is_some_and(|s| s.account == row.admin_id),
            is_proved: staff.is_some_and(|s| self.is_staff_proved(s)),
        })
    }

    async fn seal_terms(
        &self,
        person: AccountId,
        id: GrantId,
        column: &str,
        terms: &Terms,
    ) -> Result<Sealed> {
        let plain = serde_json::to_vec(terms).map_err(|e| ServiceError::internal("grant", &e))?;
        self.0.keys.account(&self.0.store, person).await?.seal("break_glass", column, id.uuid(), &plain)
    }

    pub(super) async fn open_terms(
        &self,
        person: AccountId,
        id: GrantId,
        column: &str,
        sealed: &Sealed,
    ) -> Result<Terms> {
        let keys = self.0.keys.account(&self.0.store, person).await?;
        let plain = keys.open("break_glass", column, id.uuid(), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| ServiceError::internal("grant", &"does not read"))
    }
}

/// How a grant stands by its row.
pub(crate) fn state_of(row: &store::Grant, now: Ts) -> SightState {
    match (row.ended_by, now < row.ends_at, row.is_held) {
        (Some(store::EndedBy::Person), ..) => SightState::EndedByPerson,
        (Some(store::EndedBy::Admin), ..) => SightState::EndedByAdmin,
        (None, false, _) => SightState::Over,
        (None, true, false) => SightState::Ended,
        (None, true, true) => SightState::Open,
    }
}
