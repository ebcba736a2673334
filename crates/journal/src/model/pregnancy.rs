//! From the first test to what became of it.

use super::{amount::Amount, code::codes, id::EntityId, moment::Moment, view::view};
use keepwell_domain::time::Date;

codes! {
    /// Where a pregnancy lies.
    PregnancySite { Uterus = "uterus", Ectopic = "ectopic", NotSeen = "not_seen" }
    /// What became of a cycle.
    OutcomeKind {
        Negative = "negative", Biochemical = "biochemical", EarlyLoss = "early_loss",
        MissedMiscarriage = "missed_miscarriage", LateLoss = "late_loss", Ectopic = "ectopic",
        Molar = "molar", UnknownSite = "unknown_site", Ongoing = "ongoing", Birth = "birth",
        Stillbirth = "stillbirth", Ended = "ended", NoTransfer = "no_transfer", Frozen = "frozen",
        Ovulated = "ovulated", Other = "other",
    }
    /// How a loss was managed.
    LossCare { Waiting = "waiting", Medical = "medical", Surgical = "surgical" }
}

impl OutcomeKind {
    /// Whether it is a loss after a positive test.
    #[must_use]
    pub const fn is_loss(self) -> bool {
        matches!(
            self,
            Self::Biochemical
                | Self::EarlyLoss
                | Self::MissedMiscarriage
                | Self::LateLoss
                | Self::Ectopic
                | Self::Molar
                | Self::Stillbirth
                | Self::Ended
        )
    }
}

view! {
    /// hCG in blood after a transfer, insemination or ovulation.
    Beta as Beta {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When the blood was drawn.
        at: Moment,
        /// The value as entered.
        value: Amount,
        /// Progesterone of the same draw.
        progesterone: Amount,
        /// The laboratory: values of two do not compare well.
        laboratory: String,
        /// Whether the result is held until the person wants to see it.
        held: bool,
        /// The record in the vault that it was copied from.
        record: String,
    }
}
view! {
    /// A scan in early pregnancy.
    EarlyScan as EarlyScan {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When.
        at: Moment,
        /// Gestational sacs.
        sacs: i64,
        /// Mean diameter of the sac.
        sac_diameter: Amount,
        /// Whether a yolk sac was seen.
        yolk_sac: bool,
        /// Embryos seen.
        embryos: i64,
        /// Crown-rump length.
        crown_rump: Amount,
        /// Crown-rump lengths of further embryos.
        further_crown_rumps: Vec<Amount>,
        /// Whether a heartbeat was seen.
        heartbeat: bool,
        /// Beats per minute.
        heart_rate: i64,
        /// Where it lies.
        site: PregnancySite,
        /// Bleeding beside the sac.
        haematoma: String,
        /// The age as the clinic stated it: days of pregnancy.
        stated_days: i64,
    }
}
view! {
    /// What became of a cycle.
    Outcome as Outcome {
        /// The cycle.
        cycle: EntityId,
        /// When it was known.
        on: Date,
        /// What.
        kind: OutcomeKind,
        /// Whether the journal goes quiet about this cycle: no countdowns, no reminders, nothing to
        /// fill in, until the person turns it off.
        quiet: bool,
        /// How a loss was managed.
        care: LossCare,
        /// Day of the care.
        care_on: Date,
        /// First day on which hCG was no longer found.
        hcg_zero_on: Date,
        /// Findings of a test of the tissue, as told.
        findings: String,
        /// Children born alive.
        born: i64,
        /// Due date, where the person wants it kept.
        due_on: Date,
        /// A name or words for it, of the person's own.
        words: String,
    }
}
