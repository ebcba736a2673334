//! A person's own log as they read it, and as it is exported with their data.

use super::{
    detail::Detail,
    sequence::{Head, entry_of, tiles},
};
use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
    keyring::AccountKeys,
};
use keepwell_audit::{Hash, proof};
use keepwell_domain::{
    access::{LogItem, LogQuery, LogView, PAGE, PAGE_MAX},
    act::{ActBy, ActOutcome, Action},
    ids::AuditId,
    time::{DAY, Ts},
};
use keepwell_store::audit as rows;
use std::collections::BTreeSet;

/// An entry with the proof that it is in the log.
pub struct Proven {
    /// Its place.
    pub position: u64,
    /// Its leaf.
    pub leaf: Vec<u8>,
    /// The way from the leaf to the root.
    pub path: Vec<Hash>,
}

/// A page of the log with all proofs.
pub struct ProvenLog {
    /// The page.
    pub view: LogView,
    /// A proof for each entry of it, in the same order.
    pub proofs: Vec<Proven>,
    /// The head to which they lead.
    pub head: Head,
}

impl Services {
    /// A page of the person's own log, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn access_log(&self, actor: &Actor, q: &LogQuery) -> Result<LogView> {
        of_all_profiles(actor)?;
        self.own_log(actor, q).await
    }

    async fn own_log(&self, actor: &Actor, q: &LogQuery) -> Result<LogView> {
        match self.settle_log().await {
            // What is there is shown all the same; the check of the proofs then says what is wrong.
            Ok(_) | Err(ServiceError::Conflict) => {}
            Err(e) => return Err(e),
        }
        let size = u64::try_from(self.log_size().await?).unwrap_or(0);
        Ok(self.page(actor, q, size).await?.0)
    }

    /// The same with proofs.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when the log is not a continuation of what was signed before.
    pub async fn access_log_proven(&self, actor: &Actor, q: &LogQuery) -> Result<ProvenLog> {
        of_all_profiles(actor)?;
        let head = self.settle_log().await?;
        let (view, rows) = self.page(actor, q, head.size).await?;
        let proofs = self.prove(rows, &head).await?;
        Ok(ProvenLog { view, proofs, head })
    }

    /// One of the person's entries with its proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn audit_proof(&self, actor: &Actor, id: AuditId) -> Result<(Proven, Head)> {
        of_all_profiles(actor)?;
        let head = self.settle_log().await?;
        let row = rows::get_audit(&self.0.store, self.person_fp(actor.account), id).await?;
        let proven = self.prove(vec![row], &head).await?.pop().ok_or(ServiceError::NotFound)?;
        Ok((proven, head))
    }

    /// The signed head of the log, and the key that checks it.
    ///
    /// # Errors
    /// As [`Self::access_log_proven`].
    pub async fn audit_checkpoint(&self) -> Result<(Head, String)> {
        Ok((self.settle_log().await?, self.audit_key()))
    }

    /// The key that checks heads of this log.
    #[must_use]
    pub fn audit_key(&self) -> String {
        self.0.signer.verifier().to_string()
    }

    /// The proof that the log of `to` entries begins with the log of `from` entries.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when there never was such a log.
    pub async fn audit_consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>> {
        let size = u64::try_from(self.log_size().await?).unwrap_or(0);
        if from > to || to > size {
            return Err(ServiceError::invalid("to", "The log has no such beginnings."));
        }
        let held = tiles(&self.0.store, &proof::tiles_of_consistency(from, to)).await?;
        proof::consistency(&held, from, to).map_err(|e| ServiceError::internal("audit tree", &e))
    }

    pub(crate) async fn prove(&self, rows: Vec<rows::PlacedRow>, head: &Head) -> Result<Vec<Proven>> {
        let broken = |e: proof::ProofError| ServiceError::internal("audit tree", &e);
        let wanted: BTreeSet<_> = rows
            .iter()
            .flat_map(|r| proof::tiles_of_inclusion(u64::try_from(r.position).unwrap_or(0), head.size))
            .collect();
        let held = tiles(&self.0.store, &wanted.into_iter().collect::<Vec<_>>()).await?;
        let one = |row: rows::PlacedRow| {
            let (position, row) = row.split();
            let path = proof::inclusion(&held, position, head.size).map_err(broken)?;
            Ok(Proven { position, leaf: entry_of(&row)?.encode(), path })
        };
        rows.into_iter().map(one).collect()
    }

    async fn page(&self, actor: &Actor, q: &LogQuery, size: u64) -> Result<(LogView, Vec<rows::PlacedRow>)> {
        let upto = q.before.unwrap_or(size).min(size);
        let day = |d: keepwell_domain::time::Date| Ts(d.days().saturating_mul(DAY));
        let filter = rows::AuditFilter {
            below: i64::try_from(upto).unwrap_or(i64::MAX),
            kind: q.kind.map(|k| k.as_str()),
            done_by: q.by.map(|b| b.as_str()),
            from: q.from.map_or(Ts(i64::MIN), day),
            until: q.to.map_or(Ts(i64::MAX), |d| Ts(day(d).0.saturating_add(DAY))),
        };
        let limit = q.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        let (store, person) = (&self.0.store, self.person_fp(actor.account));
        let mut listed = rows::list_audit(store, person, &filter, i64::from(limit) + 1).await?;
        let more = listed.len() > limit as usize;
        listed.truncate(limit as usize);
        let all = rows::AuditFilter { below: i64::try_from(size).unwrap_or(i64::MAX), ..filter };
        let total = rows::count_audit(store, person, &all).await?;
        let keys = self.0.keys.account(store, actor.account).await?;
        let items = listed.iter().map(|r| open(&keys, r)).collect::<Result<Vec<_>>>()?;
        let next = if more { items.last().map(|i| i.position) } else { None };
        Ok((LogView { items, next, upto, total: u64::try_from(total).unwrap_or(0) }, listed))
    }

    /// The person's whole log, newest first, for their export; with a token for one profile only what
    /// happened there.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn whole_log(&self, actor: &Actor) -> Result<Vec<LogItem>> {
        let mut q = LogQuery { limit: Some(PAGE_MAX), ..LogQuery::default() };
        let mut out = Vec::new();
        loop {
            let page = self.own_log(actor, &q).await?;
            let only = actor.token.and_then(|t| t.bound_to);
            out.extend(page.items.into_iter().filter(|i| only.is_none() || i.profile == only));
            match page.next {
                Some(next) => q.before = Some(next),
                None => return Ok(out),
            }
        }
    }
}

/// The log is one for all profiles, so a token for one of them does not see it.
fn of_all_profiles(actor: &Actor) -> Result<()> {
    match actor.token.and_then(|t| t.bound_to) {
        Some(_) => Err(ServiceError::Forbidden),
        None => Ok(()),
    }
}

fn open(keys: &AccountKeys, row: &rows::PlacedRow) -> Result<LogItem> {
    let plain = match &row.detail_sealed {
        Some(sealed) => keys.open("audit", "detail", row.id.uuid(), sealed)?,
        None => Vec::new(),
    };
    let detail: Detail = serde_json::from_slice(&plain).unwrap_or_default();
    Ok(LogItem {
        id: row.id,
        position: u64::try_from(row.position).unwrap_or(0),
        at: row.at,
        span: u32::try_from(row.span).unwrap_or(0),
        times: u32::try_from(row.times).unwrap_or(1),
        action: Action::parse(&row.action),
        code: row.action.clone(),
        by: ActBy::parse(&row.done_by),
        outcome: ActOutcome::parse(&row.outcome),
        address: detail.address.map_or(String::new(), |a| a.to_string()),
        device: detail.device,
        profile: detail.profile,
        token: detail.token,
        object: detail.object,
        what: detail.what.unwrap_or_default(),
    })
}
