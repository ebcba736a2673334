//! Writing: what a person changed becomes changes with stamps.

use super::{
    book::Book,
    change::{Change, DELETED, ERASED},
    entity::Entity,
    hlc::{HybridClock, Skew, Stamp},
};
use crate::model::{Absence, DeviceId, EntityId, Kind, Name, Value, View};
use keepwell_domain::time::Ts;

/// A device that writes. Its clock lives as long as it does; a device restored from a backup gets a new
/// id, since two devices with one id would give the same stamps.
#[derive(Debug, Clone)]
pub struct Author {
    device: DeviceId,
    clock: HybridClock,
}

impl Author {
    /// The author of a device, going on after what it has written into the book.
    #[must_use]
    pub fn new(device: DeviceId, book: &Book) -> Self {
        Self { device, clock: HybridClock::after(book.latest_of(device)) }
    }
    /// Its device.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// Takes in what others wrote. All of it is merged; a clock that runs too far ahead is reported.
    pub fn receive(&mut self, book: &mut Book, now: Ts, changes: Vec<Change>) -> Received {
        let mut skew: Option<Skew> = None;
        for c in changes.iter().filter(|c| c.stamp.device != self.device) {
            if let Err(s) = self.clock.observe(c.stamp, now) {
                skew = skew.filter(|k| k.ahead_ms >= s.ahead_ms).or(Some(s));
            }
        }
        Received { new: book.apply_all(changes), skew }
    }

    /// Writes fields. One that holds the value already is left alone.
    pub fn write(
        &mut self,
        book: &mut Book,
        now: Ts,
        (kind, entity): (Kind, EntityId),
        fields: impl IntoIterator<Item = (Name, Value)>,
    ) -> Vec<Change> {
        let mut out = Vec::new();
        for (field, value) in fields {
            let current = book.history(kind, entity, field.as_str()).last();
            if current.is_some_and(|v| v.value == value) {
                continue;
            }
            let seen = current.map(|v| v.stamp);
            // What is written now must show: outdo a deletion or erasure by a clock that runs ahead too.
            let outdo = book.entity(kind, entity).and_then(Entity::withdrawn).max(seen);
            let stamp = Stamp { hlc: self.clock.tick(now, outdo.map(|s| s.hlc)), device: self.device };
            let change = Change { kind: kind.name(), entity, field, stamp, value, supersedes: seen };
            book.apply(change.clone());
            out.push(change);
        }
        out
    }

    /// Writes the value that a person chose where several were written at once: the one that holds and the
    /// others are all replaced knowingly, so that none is shown as a conflict any more. The history keeps them.
    pub fn settle(
        &mut self,
        book: &mut Book,
        now: Ts,
        (kind, entity): (Kind, EntityId),
        field: Name,
        value: Value,
    ) -> Vec<Change> {
        let Some(known) = book.entity(kind, entity) else { return Vec::new() };
        let seen = known.history(field.as_str()).last().map(|v| v.stamp);
        let outdo = known.withdrawn().max(seen).map(|s| s.hlc);
        let others = known.conflicts(field.as_str()).into_iter().map(|v| v.stamp);
        let replaced: Vec<Stamp> = others.chain(seen).collect();
        let mut out = Vec::with_capacity(replaced.len());
        for stamp in replaced {
            let change = Change {
                kind: kind.name(),
                entity,
                field: field.clone(),
                stamp: Stamp { hlc: self.clock.tick(now, outdo), device: self.device },
                value: value.clone(),
                supersedes: Some(stamp),
            };
            book.apply(change.clone());
            out.push(change);
        }
        out
    }

    /// Writes what a person changed in a view; fields that are the same as before are left alone, and so
    /// is what this version cannot read. A new entity of which nothing is known yet is written all the
    /// same, by an unknown remark.
    pub fn save<V: View>(&mut self, book: &mut Book, now: Ts, id: EntityId, view: &V) -> Vec<Change> {
        let entity = book.entity(V::KIND, id);
        let before = entity.map_or_else(V::default, |e| V::read(e));
        let is_new = entity.is_none_or(|e| e.written().is_none());
        let mut fields = view.changed_since(&before);
        if fields.is_empty() && is_new {
            fields.push(("note", Value::Absent(Absence::Unknown)));
        }
        let fields = fields.into_iter().map(|(n, v)| (Name::of(n), v));
        self.write(book, now, (V::KIND, id), fields)
    }

    /// [`Author::save`], for a person who enters it: it shows afterwards, also where the same was deleted before.
    pub fn enter<V: View>(&mut self, book: &mut Book, now: Ts, id: EntityId, view: &V) -> Vec<Change> {
        let mut out = self.save(book, now, id, view);
        out.extend(self.show(book, now, V::KIND, id));
        out
    }

    /// Brings an entity back where it is deleted. Fields that hold already what a person enters have no new stamp that
    /// would outdo the deletion.
    pub fn show(&mut self, book: &mut Book, now: Ts, kind: Kind, id: EntityId) -> Option<Change> {
        let is_hidden = book.entity(kind, id).is_some_and(|e| e.written().is_some() && !e.is_live());
        is_hidden.then(|| self.restore(book, now, kind, id)).flatten()
    }

    /// Deletes an entity; it can be brought back.
    pub fn delete(&mut self, book: &mut Book, now: Ts, kind: Kind, id: EntityId) -> Option<Change> {
        self.mark(book, now, (kind, id), DELETED, true)
    }

    /// Brings a deleted entity back.
    pub fn restore(&mut self, book: &mut Book, now: Ts, kind: Kind, id: EntityId) -> Option<Change> {
        self.mark(book, now, (kind, id), DELETED, false)
    }

    /// Erases all that is known of an entity, its history too, here and on every device that hears of
    /// it. What another device writes later without knowing stays.
    pub fn erase(&mut self, book: &mut Book, now: Ts, kind: Kind, id: EntityId) -> Option<Change> {
        self.mark(book, now, (kind, id), ERASED, true)
    }

    fn mark(
        &mut self,
        book: &mut Book,
        now: Ts,
        (kind, entity): (Kind, EntityId),
        field: Name,
        set: bool,
    ) -> Option<Change> {
        let known = book.entity(kind, entity)?;
        let supersedes = known.history(field.as_str()).last().map(|v| v.stamp);
        let seen = known.latest().map(|s| s.hlc);
        let stamp = Stamp { hlc: self.clock.tick(now, seen), device: self.device };
        let change = Change { kind: kind.name(), entity, field, stamp, value: Value::Flag(set), supersedes };
        book.apply(change.clone());
        Some(change)
    }
}

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Changes that were new.
    pub new: usize,
    /// The device whose clock runs furthest ahead of ours, where one does.
    pub skew: Option<Skew>,
}
