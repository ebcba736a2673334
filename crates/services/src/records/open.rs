//! Opening a profile's vault.

use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    series::days::Head,
    vault::{Open, OpenSeries, Vault},
};
use keepwell_domain::{ids::ProfileId, record::Record};
use keepwell_store::{profile, record, series};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Arc};

/// What a person set for a profile; sealed with its row.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// Keys of favourite markers, in the order in which they were chosen.
    pub favourites: Vec<String>,
    /// Whom the profile's files named.
    pub subjects: Vec<keepwell_domain::record::Subject>,
    /// Keys of the marks that came with restored exports.
    pub mark_keys: Vec<[u8; 32]>,
}

impl Settings {
    pub(crate) fn open(keys: &ProfileKeys, row: &profile::Profile) -> Result<Self> {
        let Some(sealed) = &row.settings_sealed else { return Ok(Self::default()) };
        let plain = keys.open(Table::Profile, "settings", row.id.uuid(), 1, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| ServiceError::internal("settings", &"does not read"))
    }
    pub(crate) fn seal(&self, keys: &ProfileKeys, id: ProfileId) -> Result<keepwell_domain::sealed::Sealed> {
        let plain = serde_json::to_vec(self).map_err(|_| ServiceError::Internal)?;
        keys.seal(Table::Profile, "settings", id.uuid(), 1, &plain)
    }
}

/// Reads a record's sealed bytes.
pub(crate) fn open_record(
    keys: &ProfileKeys,
    id: uuid::Uuid,
    version: i64,
    sealed: &keepwell_domain::sealed::Sealed,
) -> Result<Record> {
    let version = u32::try_from(version).map_err(|_| ServiceError::Internal)?;
    let plain = keys.open(Table::Record, "sealed", id, version, sealed)?;
    postcard::from_bytes(&plain).map_err(|_| ServiceError::internal("record", &"does not decode"))
}

impl Services {
    /// The vault of whoever acts, at the version of their request or newer.
    pub(crate) async fn vault(&self, actor: &Actor) -> Result<Arc<Vault>> {
        match self.0.vaults.get(actor.profile, actor.profile_version) {
            Some(v) => Ok(v),
            None => self.vault_of(actor.profile).await,
        }
    }

    /// The vault of a profile, as it is now.
    pub(crate) async fn vault_of(&self, profile: ProfileId) -> Result<Arc<Vault>> {
        let store = &self.0.store;
        let turn = self.0.vaults.turn(profile);
        let _turn = turn.lock().await;
        let row = profile::get_profile_for_job(store, profile).await?;
        if let Some(v) = self.0.vaults.get(profile, row.version) {
            return Ok(v);
        }
        let _room = self.0.vaults.room().await;
        let keys = self.0.keys.profile(store, profile).await?;
        // The version is read first: rows that arrive while these lists are read belong to a later
        // one, under which the vault will be built again.
        let records = record::list_records(store, profile).await?;
        let sources = record::list_sources(store, profile).await?;
        let heads = series::list_series_heads(store, profile).await?;
        let build = move || -> Result<Vault> {
            let settings = Settings::open(&keys, &row)?;
            let mut documents: HashMap<_, Vec<_>> = HashMap::with_capacity(records.len());
            for s in sources {
                let list: &mut Vec<_> = documents.entry(s.record_id).or_default();
                if list.last() != Some(&s.document_id) {
                    list.push(s.document_id);
                }
            }
            let open = |r: record::SealedRecord| {
                Ok(Open {
                    record: open_record(&keys, r.id.uuid(), r.row_version, &r.sealed)?,
                    version: u32::try_from(r.row_version).map_err(|_| ServiceError::Internal)?,
                    created: r.created_at,
                    documents: documents.remove(&r.id).unwrap_or_default(),
                    id: r.id,
                })
            };
            let records = records.into_iter().map(open).collect::<Result<Vec<_>>>()?;
            let head = |s: series::SealedHead| {
                let plain = keys.open(Table::Series, "head", s.id.uuid(), 1, &s.head_sealed)?;
                let head: Head = postcard::from_bytes(&plain)
                    .map_err(|_| ServiceError::internal("head", &"does not decode"))?;
                Ok(OpenSeries { id: s.id, head })
            };
            let series = heads.into_iter().map(head).collect::<Result<Vec<_>>>()?;
            Ok(Vault::build(row.version, records, series, settings.favourites))
        };
        let vault = Arc::new(tokio::task::spawn_blocking(build).await??);
        self.0.vaults.put(profile, vault.clone());
        Ok(vault)
    }
}
