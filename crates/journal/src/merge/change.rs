//! One change of one field.

use super::hlc::Stamp;
use crate::model::{EntityId, Name, Value};
use crate::redact::redacted;

/// The field that says whether an entity is deleted. A deleted entity is hidden and can be brought back.
pub const DELETED: Name = Name::of("_deleted");
/// The field that says that all which was written of an entity up to that stamp is gone for good.
pub const ERASED: Name = Name::of("_erased");

/// A value that a device wrote into a field. Changes are a set: their order, and how often one comes,
/// do not matter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The kind, part of the entity's identity.
    pub kind: Name,
    /// The entity.
    pub entity: EntityId,
    /// The field.
    pub field: Name,
    /// When and by which device.
    pub stamp: Stamp,
    /// What it holds from then on.
    pub value: Value,
    /// The version that the writer saw and replaced. Versions that nobody replaced knowingly were
    /// written at the same time on different devices.
    pub supersedes: Option<Stamp>,
}

redacted!(Change);
