//! Finding an account, and its facts. Nobody browses: who does not know an address or an id finds nobody.

use super::{SupportActor, staff::Staff};
use crate::{
    actor::Role,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{
    act::Action,
    ids::AccountId,
    people::{PersonAct, PersonView, masked, rounded},
    time::Ts,
};
use keepwell_store::{account as rows, people, profile};

/// Bytes of a megabyte, as it is shown.
const MEGABYTE: u64 = 1_000_000;

impl Services {
    /// The account of exactly this address, or with this id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn find_person(&self, by: &SupportActor, wanted: &str) -> Result<AccountId> {
        let wanted = wanted.trim();
        let found = if wanted.contains('@') {
            let fp = self.email_fp(wanted)?;
            rows::find_account_by_email(&self.0.store, fp).await?.map(|a| (a.id, a.state))
        } else {
            match wanted.parse::<AccountId>() {
                Ok(id) => match rows::get_account(&self.0.store, id).await {
                    Ok(a) => Some((a.id, a.state)),
                    Err(keepwell_store::StoreError::NotFound) => None,
                    Err(e) => return Err(e.into()),
                },
                Err(_) => None,
            }
        };
        let found = found.filter(|(_, state)| *state != rows::AccountState::Deleting).map(|(id, _)| id);
        if found.is_none() {
            // Who tries addresses leaves a trace of every try.
            self.log_now(Act::of_staff(by.staff(), Action::AdminViewed).failed()).await?;
        }
        found.ok_or(ServiceError::NotFound)
    }

    /// Facts of an account. The look stands in its person's log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn person_facts(&self, by: &SupportActor, id: AccountId) -> Result<PersonView> {
        let staff = by.staff();
        let facts = people::find_facts(&self.0.store, id, self.now()).await?.ok_or(ServiceError::NotFound)?;
        let keys = self.0.keys.account(&self.0.store, id).await?;
        let email = keys.open("account", "email", id.uuid(), &facts.email_sealed)?;
        // The id stands in the entry: without it, a look at another account within the minute would pass for the same.
        self.log_view(Act::of_staff(staff, Action::AdminViewed).about(id).on(id.uuid())).await?;
        let profiles = if staff.role == Role::Admin {
            profile::list_profiles(&self.0.store, id).await?.into_iter().map(|p| p.id).collect()
        } else {
            Vec::new()
        };
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let acts = acts(staff, &facts);
        Ok(PersonView {
            id,
            email: masked(&String::from_utf8_lossy(&email)),
            role: facts.role.into(),
            is_suspended: facts.state == rows::AccountState::Locked,
            created: facts.created_at.date(),
            signed_in: facts.signed_in_at.map(Ts::date),
            is_confirmed: self.confirms_addresses().then_some(facts.verified_at.is_some()),
            has_factor: facts.has_factor,
            sessions: u32::try_from(facts.sessions).unwrap_or(u32::MAX),
            profiles,
            megabytes: count(facts.bytes).div_ceil(MEGABYTE),
            documents: rounded(count(facts.documents)),
            records: rounded(count(facts.records)),
            due: facts.due_at,
            is_proved: self.is_staff_proved(staff),
            acts,
        })
    }
}

/// What may be done to an account as it stands. The acts themselves ask again.
fn acts(staff: &Staff, facts: &people::Facts) -> Vec<PersonAct> {
    if facts.id == staff.account || (staff.role != Role::Admin && facts.role != rows::Role::Member) {
        return Vec::new();
    }
    let is_active = facts.state == rows::AccountState::Active;
    let fits = |act: &PersonAct| match act {
        PersonAct::EndSessions | PersonAct::ForceReset => is_active,
        PersonAct::Suspend => is_active && facts.due_at.is_none(),
        PersonAct::Lift => !is_active,
        PersonAct::ChangeRole => is_active,
        PersonAct::Delete => is_active && facts.due_at.is_none(),
        PersonAct::Keep => facts.due_at.is_some(),
    };
    let may = |act: &PersonAct| staff.role == Role::Admin || act.is_for_support();
    PersonAct::ALL.into_iter().filter(|a| may(a) && fits(a)).collect()
}
