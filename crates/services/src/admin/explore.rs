//! Looking through the whole log: pseudonyms, acts, outcomes, times. What is sealed for a person stays sealed: nobody here has the
//! keys in hand. Reading the log is itself logged, before anything of it is given out.

use super::AuditActor;
use crate::{
    audit::{Act, entry_of},
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{
    access::{PAGE, PAGE_MAX},
    act::{ActBy, ActKind, ActOutcome, Action},
    ids::AccountId,
    sealed::Fingerprint,
    time::{DAY, Date, Ts},
    view::running::{COUNTED, Cursor, Entry, ExploreQuery, LogPage, hex, pseudonym},
};
use keepwell_store::{StoreError, account, audit as rows};
use uuid::Uuid;

fn first(day: Option<Date>) -> Ts {
    day.map_or(Ts(i64::MIN), |d| Ts(d.days().saturating_mul(DAY)))
}

fn after(day: Option<Date>) -> Ts {
    day.map_or(Ts(i64::MAX), |d| Ts(d.days().saturating_add(1).saturating_mul(DAY)))
}

fn stretch(q: &ExploreQuery) -> rows::Stretch {
    let place = |c: Cursor| (c.at, i64::try_from(c.position).unwrap_or(i64::MAX));
    rows::Stretch { from: first(q.from), until: after(q.to), before: q.before.map(place) }
}

/// Whether every entry of the log is asked for.
fn is_all(q: &ExploreQuery) -> bool {
    let no_act = q.kind.is_none() && q.action.is_none() && q.outcome.is_none() && q.by.is_none();
    no_act && q.from.is_none() && q.to.is_none() && q.person.is_none()
}

/// Whether a combination is asked for.
fn is_meant(q: &ExploreQuery, f: &rows::Facet) -> bool {
    let kind = || Action::parse(&f.action).map(Action::kind);
    q.kind.is_none_or(|k| kind() == Some(k))
        && q.action.is_none_or(|a| a.as_str() == f.action)
        && q.outcome.is_none_or(|o| o.as_str() == f.outcome)
        && q.by.is_none_or(|b| b.as_str() == f.done_by)
}

fn of_person(q: &ExploreQuery) -> rows::OfPerson<'static> {
    rows::OfPerson {
        kind: q.kind.map_or("", ActKind::as_str),
        action: q.action.map_or("", Action::as_str),
        outcome: q.outcome.map_or("", ActOutcome::as_str),
        done_by: q.by.map_or("", ActBy::as_str),
    }
}

pub(super) fn shown(row: rows::PlacedRow) -> Result<Entry> {
    let (position, row) = row.split();
    let name = |f: Option<Fingerprint>| f.map_or(String::new(), |f| hex(&f.0));
    Ok(Entry {
        position,
        id: row.id,
        at: row.at,
        span: u32::try_from(row.span).unwrap_or(0),
        times: u32::try_from(row.times).unwrap_or(1),
        actor: name(row.actor_fp),
        person: name(row.person_fp),
        object: name(row.object_fp),
        hash: hex(&entry_of(&row)?.hash()),
        action: row.action,
        by: row.done_by,
        outcome: row.outcome,
    })
}

impl Services {
    /// A page of the log, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn explore_log(&self, auditor: &AuditActor, q: &ExploreQuery) -> Result<LogPage> {
        self.log_view(Act::of_staff(auditor.staff(), Action::LogViewed)).await?;
        match self.settle_log().await {
            // What is there is shown all the same; checking it says what is wrong.
            Ok(_) | Err(ServiceError::Conflict) => {}
            Err(e) => return Err(e),
        }
        let limit = i64::from(q.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX));
        let mut found = self.matching(q, limit + 1).await?;
        let more = i64::try_from(found.len()).unwrap_or(0) > limit;
        found.truncate(usize::try_from(limit).unwrap_or(0));
        let next = found
            .last()
            .filter(|_| more)
            .map(|r| Cursor { at: r.at, position: u64::try_from(r.position).unwrap_or(0) });
        let size = u64::try_from(self.log_size().await?).unwrap_or(0);
        let (total, is_more) = self.count_matching(q, size).await?;
        let items = found.into_iter().map(shown).collect::<Result<_>>()?;
        Ok(LogPage { items, next, total, is_more, size })
    }

    /// The entries that match, newest first.
    pub(super) async fn matching(&self, q: &ExploreQuery, limit: i64) -> Result<Vec<rows::PlacedRow>> {
        let (store, stretch) = (&self.0.store, stretch(q));
        if let Some(person) = q.person {
            return Ok(rows::list_log_of(store, person, &of_person(q), &stretch, limit).await?);
        }
        if is_all(q) {
            let below = stretch.before.map_or(i64::MAX, |b| b.1);
            return Ok(rows::list_log_all(store, below, limit).await?);
        }
        let facets = self.facets(q).await?;
        Ok(rows::list_log(store, &facets, &stretch, limit).await?)
    }

    async fn facets(&self, q: &ExploreQuery) -> Result<Vec<rows::Facet>> {
        let mut all = rows::list_facets(&self.0.store).await?;
        all.retain(|f| is_meant(q, f));
        Ok(all)
    }

    /// How many match in all, whatever page is shown; and whether there are more than that.
    async fn count_matching(&self, q: &ExploreQuery, size: u64) -> Result<(u64, bool)> {
        if is_all(q) {
            return Ok((size, false));
        }
        let stretch = rows::Stretch { before: None, ..stretch(q) };
        let most = i64::try_from(COUNTED).unwrap_or(i64::MAX) + 1;
        let n = match q.person {
            Some(person) => rows::count_log_of(&self.0.store, person, &of_person(q), &stretch, most).await?,
            None => {
                let facets = self.facets(q).await?;
                if q.from.is_none() && q.to.is_none() {
                    // Of each combination it is known how many there are.
                    return Ok((u64::try_from(facets.iter().map(|f| f.n).sum::<i64>()).unwrap_or(0), false));
                }
                rows::count_log(&self.0.store, &facets, &stretch, most).await?
            }
        };
        let n = u64::try_from(n).unwrap_or(0);
        Ok((n.min(COUNTED), n > COUNTED))
    }

    /// The pseudonym of a person by their exact address, the id of their account, or the pseudonym itself. An address that has no
    /// account has one, too: that of whoever tried it. A look at somebody's entries stands in their own log.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `person` for what is none of the three.
    pub async fn find_pseudonym(&self, auditor: &AuditActor, text: &str) -> Result<Fingerprint> {
        let text = text.trim();
        if let Some(p) = pseudonym(text) {
            return Ok(p);
        }
        let found = if let Ok(id) = text.parse::<Uuid>() {
            let id = AccountId::new(id);
            match account::get_account(&self.0.store, id).await {
                Ok(found) => Some(found.id),
                // One that is gone has left its entries.
                Err(StoreError::NotFound) => return Ok(self.person_fp(id)),
                Err(e) => return Err(e.into()),
            }
        } else if text.contains('@') && text.len() <= 320 {
            let email_fp = self.email_fp(text)?;
            match account::find_account_by_email(&self.0.store, email_fp).await? {
                Some(found) => Some(found.id),
                None => return Ok(self.stranger_fp(email_fp)),
            }
        } else {
            None
        };
        let Some(id) = found else {
            let reason = auditor.lang().pick(
                "Please give a whole e-mail address, the id of an account, or a pseudonym of 64 characters.",
                "Bitte eine ganze E-Mail-Adresse, die Kennung eines Kontos oder ein Pseudonym aus 64 Zeichen angeben.",
            );
            return Err(ServiceError::invalid("person", reason));
        };
        // On the account: a look at one person's entries is not covered by a look at another's, or at the log.
        match self.log_view(Act::of_staff(auditor.staff(), Action::LogViewed).about(id).on(id.uuid())).await {
            // The person is being erased: nobody reads that log any more.
            Ok(()) | Err(ServiceError::NotFound) => Ok(self.person_fp(id)),
            Err(e) => Err(e),
        }
    }
}
