//! What the journal keeps.
//!
//! An entity is an id, a kind and named fields. Typed views read it and say which fields a person
//! changed; merging knows the fields only. What follows from the entries (day labels, states, counts)
//! is never kept: see [`crate::derive`].

mod amount;
pub(crate) mod code;
pub mod diary;
pub mod embryo;
pub(crate) mod field;
pub mod grade;
mod id;
pub mod journey;
pub(crate) mod kind;
pub mod lab;
pub mod medicine;
mod moment;
pub mod monitor;
pub mod people;
pub mod plan;
pub mod pregnancy;
pub mod settings;
pub mod sharing;
pub(crate) mod source;
pub(crate) mod told;
pub(crate) mod value;
pub(crate) mod view;
mod zone;

pub use amount::{Amount, BadTyped};
pub(crate) use code::{names, open_codes};
pub use diary::{Cost, Day, HomeTest, Mood, Note};
pub use field::{FieldType, TextType};
pub use id::{BadId, DeviceId, EntityId, Name};
pub use journey::{Cycle, Journey, KeyDate};
pub use kind::Kind;
pub use lab::{Consent, Embryo, EmbryoEvent, Retrieval, Storage, StorageFee, Transfer};
pub use medicine::{Dose, Medication, Stock};
pub use moment::{BadMoment, Clock, DAY_MINUTES, Moment, SortKey};
pub use monitor::{Hormone, HormoneKind, Scan, Semen, Trigger};
pub use people::{Clinic, Contact, Person, Visit};
pub use plan::{Amendment, PlanItem, PlanWhen};
pub use pregnancy::{Beta, EarlyScan, Outcome};
pub use settings::{Preferences, ReminderMark};
pub use sharing::{Device, KeyText, Space};
pub use source::{Source, SourceKind};
pub use told::Told;
pub use value::{Absence, Value};
pub use view::{Fields, View};
pub use zone::{Fit, Offsets, Zone, resolve, resolve_later};
