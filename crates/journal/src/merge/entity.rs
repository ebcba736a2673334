//! An entity as its changes make it.

use super::{
    change::{Change, DELETED, ERASED},
    hlc::Stamp,
};
use crate::model::{DeviceId, EntityId, Fields, Name, Value};
use crate::redact::redacted;
use std::fmt;

/// One version of a field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// When and by which device. First, so that versions sort by it.
    pub stamp: Stamp,
    /// What it held.
    pub value: Value,
    /// The version that it replaced knowingly.
    pub supersedes: Option<Stamp>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The field has a new value.
    Current,
    /// A later value stands already; this one went into the history.
    Older,
    /// It was there.
    Known,
    /// What it changes was erased later.
    Erased,
}

/// An entity: its fields, each with its versions, oldest first. The last one holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Entity {
    id: EntityId,
    kind: Name,
    fields: Vec<(Name, Vec<Version>)>,
    /// The latest stamp of a field that a person filled in.
    written: Option<Stamp>,
}

impl Entity {
    pub(super) const fn new(kind: Name, id: EntityId) -> Self {
        Self { id, kind, fields: Vec::new(), written: None }
    }
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> EntityId {
        self.id
    }
    /// Its kind's name; a newer version may know more kinds.
    #[must_use]
    pub const fn kind(&self) -> &Name {
        &self.kind
    }
    /// The names of its fields that hold something or say why not.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.fields.iter().map(|(n, _)| n).filter(|n| !n.as_str().starts_with('_'))
    }
    /// All versions of a field, oldest first; the last one holds.
    #[must_use]
    pub fn history(&self, field: &str) -> &[Version] {
        self.place(field).map_or(&[], |i| &self.fields[i].1)
    }
    /// Versions of a field that were written without knowledge of the one that holds: what another
    /// device had entered at the same time, for the person to look at.
    #[must_use]
    pub fn conflicts(&self, field: &str) -> Vec<&Version> {
        let versions = self.history(field);
        let Some((current, older)) = versions.split_last() else { return Vec::new() };
        let replaced = |v: &Version| versions.iter().any(|w| w.supersedes == Some(v.stamp));
        older.iter().filter(|v| !replaced(v) && v.value != current.value).collect()
    }
    /// The fields with such versions.
    pub fn conflicted(&self) -> impl Iterator<Item = &Name> {
        let several = self.fields.iter().filter(|(n, v)| v.len() > 1 && !n.as_str().starts_with('_'));
        several.map(|(n, _)| n).filter(|n| !self.conflicts(n.as_str()).is_empty())
    }
    /// When a person last wrote into it.
    #[must_use]
    pub const fn written(&self) -> Option<Stamp> {
        self.written
    }
    /// The latest stamp in it, deletion included: what a new one must outdo.
    #[must_use]
    pub fn latest(&self) -> Option<Stamp> {
        self.fields.iter().filter_map(|(_, v)| v.last()).map(|v| v.stamp).max()
    }
    /// The latest deletion, restoration or erasure: what a new value must outdo to show.
    #[must_use]
    pub fn withdrawn(&self) -> Option<Stamp> {
        self.history(DELETED.as_str()).last().map(|v| v.stamp).max(self.erased())
    }
    /// Whether it is to be shown. A deletion hides all that was written before it; what is written
    /// after it, knowingly or on a device that had not heard of it, brings the entity back whole:
    /// an entry that comes back can be deleted again, one that vanishes with a correction is lost.
    #[must_use]
    pub fn is_live(&self) -> bool {
        let Some(written) = self.written else { return false };
        match self.history(DELETED.as_str()).last() {
            Some(v) if v.value == Value::Flag(true) => v.stamp < written,
            _ => true,
        }
    }
    /// Whether it is live although someone deleted it: a later edit brought it back.
    #[must_use]
    pub fn is_revived(&self) -> bool {
        self.is_live() && self.history(DELETED.as_str()).last().is_some_and(|v| v.value == Value::Flag(true))
    }

    fn place(&self, field: &str) -> Option<usize> {
        self.fields.binary_search_by(|(n, _)| n.as_str().cmp(field)).ok()
    }
    fn erased(&self) -> Option<Stamp> {
        self.history(ERASED.as_str()).last().map(|v| v.stamp)
    }

    pub(super) fn apply(&mut self, change: Change) -> Applied {
        let is_erasure = change.field == ERASED;
        if self.erased().is_some_and(|e| change.stamp <= e) {
            let again = is_erasure && self.erased() == Some(change.stamp);
            return if again { Applied::Known } else { Applied::Erased };
        }
        let version = if is_erasure {
            self.drop_until(change.stamp);
            // Only its stamp means something.
            Version { stamp: change.stamp, value: Value::Flag(true), supersedes: None }
        } else {
            Version { stamp: change.stamp, value: change.value, supersedes: change.supersedes }
        };
        let place = match self.fields.binary_search_by(|(n, _)| n.cmp(&change.field)) {
            Ok(i) => i,
            Err(i) => {
                self.fields.insert(i, (change.field, Vec::with_capacity(1)));
                i
            }
        };
        let (name, versions) = &mut self.fields[place];
        if !name.as_str().starts_with('_') {
            self.written = self.written.max(Some(version.stamp));
        }
        match versions.binary_search(&version) {
            Ok(_) => Applied::Known,
            Err(i) => {
                versions.insert(i, version);
                if i + 1 == versions.len() { Applied::Current } else { Applied::Older }
            }
        }
    }

    /// Drops what was written up to a stamp.
    fn drop_until(&mut self, stamp: Stamp) {
        for (_, versions) in &mut self.fields {
            versions.retain(|v| v.stamp > stamp);
        }
        self.fields.retain(|(_, v)| !v.is_empty());
        let content = self.fields.iter().filter(|(n, _)| !n.as_str().starts_with('_'));
        self.written = content.filter_map(|(_, v)| v.last()).map(|v| v.stamp).max();
    }

    /// Drops all versions that do not hold. What holds does not change by it.
    pub(super) fn drop_history(&mut self) {
        for (_, versions) in &mut self.fields {
            versions.drain(..versions.len().saturating_sub(1));
            versions.shrink_to_fit();
        }
    }

    /// The latest stamp of a device in it.
    pub(super) fn latest_of(&self, device: DeviceId) -> Option<Stamp> {
        let all = self.fields.iter().flat_map(|(_, v)| v).map(|v| v.stamp);
        all.filter(|s| s.device == device).max()
    }

    /// All its versions as changes.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        self.fields.iter().flat_map(|(field, versions)| {
            versions.iter().map(|v| Change {
                kind: self.kind.clone(),
                entity: self.id,
                field: field.clone(),
                stamp: v.stamp,
                value: v.value.clone(),
                supersedes: v.supersedes,
            })
        })
    }
}

impl Fields for Entity {
    fn field(&self, name: &str) -> Option<&Value> {
        self.history(name).last().map(|v| &v.value)
    }
}

impl fmt::Debug for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entity({} ***)", self.id)
    }
}

redacted!(Version);
