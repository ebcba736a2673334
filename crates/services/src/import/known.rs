//! What a profile has already, by identity.

use super::{
    identity::{Identity, identity},
    marks::Dead,
    near::Near,
};
use crate::{
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    vault::Vault,
};
use keepwell_crypto::NonceSource;
use keepwell_domain::{
    ids::RecordId,
    locator::Locator,
    record::ParsedRecord,
    sealed::{Fingerprint, Sealed},
};
use keepwell_store::record;
use std::collections::{HashMap, HashSet};

/// Time as stated, whether with a time of day, and whose.
type Stated = (String, bool, RecordId);

/// What there is already, by identity.
pub(crate) struct Known {
    pub(crate) by_fp: HashMap<Fingerprint, RecordId>,
    /// Records of a day by what they say.
    by_day: HashMap<(String, String), Vec<Stated>>,
    pub(crate) dead: Dead,
    pub(super) ids: HashSet<RecordId>,
    near: Near,
}

impl Known {
    pub(crate) fn of(vault: &Vault, identities: Vec<record::Identity>, dead: Dead) -> Self {
        let mut by_day: HashMap<_, Vec<_>> = HashMap::new();
        for open in &vault.records {
            let i = identity(&open.record);
            by_day.entry((i.what, i.day)).or_default().push((i.when, i.has_clock, open.id));
        }
        let ids = identities.iter().map(|i| i.id).collect();
        let by_fp = identities.into_iter().map(|i| (i.fingerprint, i.id)).collect();
        let near = Near::of(vault);
        Self { by_fp, by_day, dead, ids, near }
    }

    /// The record that says the same.
    pub(crate) fn found(&self, i: &Identity, fp: Fingerprint, taken: &HashSet<RecordId>) -> Option<RecordId> {
        self.by_fp.get(&fp).copied().or_else(|| self.same_day(i, taken))
    }

    /// Whether a row of a table nearly says what a record says. Other formats are not asked about.
    pub(super) fn is_nearly(&self, parsed: &ParsedRecord) -> bool {
        matches!(parsed.locator, Locator::Row { .. })
            && parsed.source_id.is_some()
            && self.near.find(&parsed.record).is_some()
    }

    pub(crate) fn add(&mut self, i: Identity, fp: Fingerprint, id: RecordId) {
        self.by_fp.insert(fp, id);
        self.by_day.entry((i.what, i.day)).or_default().push((i.when, i.has_clock, id));
    }

    /// The one record that says the same on the same day, where one of the two knows no time of
    /// day. More than one candidate is no answer.
    pub(super) fn same_day(&self, i: &Identity, taken: &HashSet<RecordId>) -> Option<RecordId> {
        let list = self.by_day.get(&(i.what.clone(), i.day.clone()))?;
        let mut fits = list.iter().filter(|(_, clock, id)| *clock != i.has_clock && !taken.contains(id));
        let found = fits.next()?.2;
        fits.next().is_none().then_some(found)
    }
}

/// The keyed hash by which a record is found again; `nth` tells equal results of one document apart.
pub(crate) fn fingerprint(keys: &ProfileKeys, i: &Identity, nth: u32) -> Fingerprint {
    keys.records.fingerprint(&[i.what.as_bytes(), i.when.as_bytes(), &nth.to_be_bytes()])
}

pub(crate) fn seal_record(
    keys: &ProfileKeys,
    nonces: &mut NonceSource,
    id: RecordId,
    fingerprint: Fingerprint,
    parsed: &ParsedRecord,
) -> Result<record::NewRecord> {
    let plain = postcard::to_allocvec(&parsed.record)
        .map_err(|_| ServiceError::internal("record", &"does not encode"))?;
    let sealed = keys.seal_many(nonces, Table::Record, "sealed", id.uuid(), &plain)?;
    Ok(record::NewRecord { id, fingerprint, sealed, by_hand: false })
}

pub(crate) fn seal_locator(
    keys: &ProfileKeys,
    nonces: &mut NonceSource,
    id: RecordId,
    l: &Locator,
) -> Result<Sealed> {
    let plain =
        postcard::to_allocvec(l).map_err(|_| ServiceError::internal("locator", &"does not encode"))?;
    keys.seal_many(nonces, Table::Source, "locator", id.uuid(), &plain)
}
