//! The kinds of entities.

use super::{code::open_codes, id::Name};

open_codes! {
    /// What an entity is.
    Kind {
        Person = "person",
        Clinic = "clinic",
        Contact = "contact",
        Journey = "journey",
        Cycle = "cycle",
        PlanItem = "plan_item",
        /// A call or message of the clinic that changes the plan.
        Amendment = "amendment",
        Medication = "medication",
        Stock = "stock",
        Dose = "dose",
        Visit = "visit",
        Scan = "scan",
        Hormone = "hormone",
        Semen = "semen",
        Trigger = "trigger",
        Retrieval = "retrieval",
        Embryo = "embryo",
        EmbryoEvent = "embryo_event",
        Transfer = "transfer",
        /// An agreement to keep embryos, eggs or sperm.
        Storage = "storage",
        StorageFee = "storage_fee",
        Consent = "consent",
        Beta = "beta",
        EarlyScan = "early_scan",
        Outcome = "outcome",
        Cost = "cost",
        Note = "note",
        Mood = "mood",
        /// One calendar day of ordinary cycle tracking of one person.
        Day = "day",
        /// A test strip at home: ovulation or pregnancy.
        HomeTest = "home_test",
        /// What was acknowledged, put off or left out of the reminders.
        ReminderMark = "reminder_mark",
        Preferences = "preferences",
        /// One of the person's own devices, or a partner's.
        Device = "device",
        /// What of the journal is shared, and the key to it.
        Space = "space",
    }
}

impl Kind {
    /// Its name in changes.
    #[must_use]
    pub const fn name(self) -> Name {
        Name::of(self.as_str())
    }
    /// Whether it is about the person's own devices and no part of what they tell: in no export.
    #[must_use]
    pub fn is_about_devices(name: &str) -> bool {
        matches!(Self::parse(name), Some(Self::Device | Self::Space))
    }
    /// Whether it stays among the person's own devices where a journal is shared with somebody.
    #[must_use]
    pub fn is_never_shared(name: &str) -> bool {
        matches!(Self::parse(name), Some(Self::Preferences | Self::ReminderMark | Self::Device | Self::Space))
    }
}
