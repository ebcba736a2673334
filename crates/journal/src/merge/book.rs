//! The state of a journal: all entities, as the set of changes makes them.

use super::{
    change::Change,
    entity::{Applied, Entity, Version},
    hlc::Hlc,
};
use crate::model::{DeviceId, EntityId, Kind, Name, View};
use std::collections::BTreeMap;

/// What compaction does with versions that no longer hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Keeps them: corrections can be looked up.
    Keep,
    /// Drops them. They come back from a device that still has them; what holds is the same either way.
    Drop,
}

/// All entities. Two books that were given the same changes, in whatever order and however often, are
/// equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// By kind, then id: a kind is a range.
    entities: BTreeMap<(Name, EntityId), Entity>,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub const fn new() -> Self {
        Self { entities: BTreeMap::new() }
    }

    /// Takes in a change.
    pub fn apply(&mut self, change: Change) -> Applied {
        let key = (change.kind.clone(), change.entity);
        let entity = self.entities.entry(key).or_insert_with_key(|(kind, id)| Entity::new(kind.clone(), *id));
        entity.apply(change)
    }

    /// Takes in changes; says how many were new.
    pub fn apply_all(&mut self, changes: impl IntoIterator<Item = Change>) -> usize {
        let is_new = |a: &Applied| matches!(a, Applied::Current | Applied::Older);
        changes.into_iter().map(|c| self.apply(c)).filter(is_new).count()
    }

    /// An entity, deleted or not.
    #[must_use]
    pub fn entity(&self, kind: Kind, id: EntityId) -> Option<&Entity> {
        self.entities.get(&(kind.name(), id))
    }

    /// A live entity, read.
    #[must_use]
    pub fn get<V: View>(&self, id: EntityId) -> Option<V> {
        self.entity(V::KIND, id).filter(|e| e.is_live()).map(|e| V::read(e))
    }

    /// All live entities of a kind, read, by id.
    pub fn all<V: View>(&self) -> impl Iterator<Item = (EntityId, V)> {
        self.of_kind(V::KIND).filter(|e| e.is_live()).map(|e| (e.id(), V::read(e)))
    }

    /// All entities of a kind, the deleted ones too.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Entity> {
        let key = |b: u8| (kind.name(), EntityId::from_bytes([b; 16]));
        self.entities.range(key(0)..=key(0xff)).map(|(_, e)| e)
    }

    /// Deleted entities of a kind, which can be brought back.
    pub fn deleted(&self, kind: Kind) -> impl Iterator<Item = &Entity> {
        self.of_kind(kind).filter(|e| !e.is_live() && e.written().is_some())
    }

    /// These entities alone, as they are.
    #[must_use]
    pub fn part(&self, of: &[(Kind, EntityId)]) -> Self {
        let keys = of.iter().map(|(kind, id)| (kind.name(), *id));
        let entities = keys.filter_map(|key| Some((key.clone(), self.entities.get(&key)?.clone())));
        Self { entities: entities.collect() }
    }

    /// Puts an entity back to what an earlier state of the book has of it, which may be nothing: what was
    /// written since could not be kept.
    pub fn put_back(&mut self, kind: &Name, id: EntityId, before: &Self) {
        let key = (kind.clone(), id);
        match before.entities.get(&key) {
            Some(entity) => self.entities.insert(key, entity.clone()),
            None => self.entities.remove(&key),
        };
    }

    /// All entities, of kinds that this version does not know too.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }

    /// All versions of a field, oldest first.
    #[must_use]
    pub fn history(&self, kind: Kind, id: EntityId, field: &str) -> &[Version] {
        self.entity(kind, id).map_or(&[], |e| e.history(field))
    }

    /// The latest stamp that a device is known to have given; its clock goes on from there.
    #[must_use]
    pub fn latest_of(&self, device: DeviceId) -> Option<Hlc> {
        self.entities.values().filter_map(|e| e.latest_of(device)).map(|s| s.hlc).max()
    }

    /// The set of changes that makes this book.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.entities.values().flat_map(Entity::changes)
    }

    /// Makes the book smaller. Erased entities keep the erasure only, so that a late change stays out.
    pub fn compact(&mut self, history: History) {
        if history == History::Drop {
            self.entities.values_mut().for_each(Entity::drop_history);
        }
    }

    /// Whether what holds is the same in both, whatever is kept of the history.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.clone(), other.clone());
        a.compact(History::Drop);
        b.compact(History::Drop);
        a == b
    }
}
