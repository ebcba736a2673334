//! Changes as bytes: a version byte, then postcard of tables (names, devices, entities) and rows that
//! point into them. 10,000 changes of a journal take about a quarter of what they would take plainly.

use super::{
    change::Change,
    hlc::{Hlc, Stamp},
};
use crate::model::{DeviceId, EntityId, Name, Value};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, hash::Hash};

/// The version that is written and read.
pub const VERSION: u8 = 1;
/// Longest batch that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// Why bytes are no changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Nothing there.
    #[error("no bytes")]
    Empty,
    /// Written by another version.
    #[error("version {0} is not known")]
    Version(u8),
    /// Longer than [`MAX_BYTES`].
    #[error("too large")]
    TooLarge,
    /// Not well formed.
    #[error("not well formed")]
    Malformed,
    /// Could not be written.
    #[error("could not be written")]
    Write,
}

#[derive(Serialize)]
struct Packed<'a> {
    names: Vec<&'a Name>,
    devices: Vec<DeviceId>,
    entities: Vec<EntityId>,
    rows: Vec<Row<&'a Value>>,
}

#[derive(Deserialize)]
struct Unpacked {
    names: Vec<Name>,
    devices: Vec<DeviceId>,
    entities: Vec<EntityId>,
    rows: Vec<Row<Value>>,
}

#[derive(Serialize, Deserialize)]
struct Row<V> {
    kind: u32,
    entity: u32,
    field: u32,
    device: u32,
    /// Less the stamp of the row before: changes come in bursts.
    hlc: i64,
    /// The device, and how far the stamp lies before this one.
    supersedes: Option<(u32, i64)>,
    value: V,
}

/// Things in the order in which they were first seen.
struct Table<T> {
    places: HashMap<T, u32>,
    items: Vec<T>,
}

impl<T: Clone + Eq + Hash> Table<T> {
    fn new() -> Self {
        Self { places: HashMap::new(), items: Vec::new() }
    }
    fn place(&mut self, item: &T) -> u32 {
        if let Some(at) = self.places.get(item) {
            return *at;
        }
        let at = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(item.clone());
        self.places.insert(item.clone(), at);
        at
    }
}

/// Writes changes.
///
/// # Errors
/// [`CodecError::Write`] when there is no memory for it.
pub fn encode<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Result<Vec<u8>, CodecError> {
    let (mut names, mut devices, mut entities) = (Table::new(), Table::new(), Table::new());
    let mut last = 0u64;
    let rows = changes
        .into_iter()
        .map(|c| {
            let raw = c.stamp.hlc.raw();
            let hlc = raw.wrapping_sub(last).cast_signed();
            last = raw;
            Row {
                kind: names.place(&&c.kind),
                entity: entities.place(&c.entity),
                field: names.place(&&c.field),
                device: devices.place(&c.stamp.device),
                hlc,
                supersedes: c
                    .supersedes
                    .map(|s| (devices.place(&s.device), raw.wrapping_sub(s.hlc.raw()).cast_signed())),
                value: &c.value,
            }
        })
        .collect();
    let packed = Packed { names: names.items, devices: devices.items, entities: entities.items, rows };
    postcard::to_extend(&packed, vec![VERSION]).map_err(|_| CodecError::Write)
}

/// Reads changes.
///
/// # Errors
/// [`CodecError`] for anything but the bytes of one batch; nothing is read in part.
pub fn decode(bytes: &[u8]) -> Result<Vec<Change>, CodecError> {
    let (version, body) = bytes.split_first().ok_or(CodecError::Empty)?;
    if *version != VERSION {
        return Err(CodecError::Version(*version));
    }
    if bytes.len() > MAX_BYTES {
        return Err(CodecError::TooLarge);
    }
    let (packed, rest): (Unpacked, _) = postcard::take_from_bytes(body).map_err(|_| CodecError::Malformed)?;
    if !rest.is_empty() {
        return Err(CodecError::Malformed);
    }
    let mut last = 0u64;
    let Unpacked { names, devices, entities, rows } = packed;
    let tables = (&names[..], &devices[..], &entities[..]);
    rows.into_iter().map(|row| unpack(row, tables, &mut last).ok_or(CodecError::Malformed)).collect()
}

type Tables<'a> = (&'a [Name], &'a [DeviceId], &'a [EntityId]);

fn unpack(row: Row<Value>, (names, devices, entities): Tables<'_>, last: &mut u64) -> Option<Change> {
    let at = |i: u32| usize::try_from(i).ok();
    let stamp =
        |device: u32, raw: u64| Some(Stamp { hlc: Hlc::from_raw(raw)?, device: *devices.get(at(device)?)? });
    let raw = last.wrapping_add(row.hlc.cast_unsigned());
    *last = raw;
    let supersedes = match row.supersedes {
        None => None,
        Some((device, back)) => Some(stamp(device, raw.wrapping_sub(back.cast_unsigned()))?),
    };
    Some(Change {
        kind: names.get(at(row.kind)?)?.clone(),
        entity: *entities.get(at(row.entity)?)?,
        field: names.get(at(row.field)?)?.clone(),
        stamp: stamp(row.device, raw)?,
        value: row.value,
        supersedes,
    })
}
