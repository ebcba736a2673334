//! Journeys and their cycles.

use super::{code::codes, id::EntityId, moment::Moment, people::Role, view::view};
use keepwell_domain::time::Date;

codes! {
    /// What kind of cycle it is.
    CycleType {
        /// Ordinary tracking, or timed intercourse without drugs.
        Natural = "natural",
        OvulationInduction = "ovulation_induction",
        Iui = "iui",
        Ivf = "ivf",
        Icsi = "icsi",
        /// Stimulation and retrieval to freeze eggs or all embryos.
        Freezing = "freezing",
        FetNatural = "fet_natural",
        FetModifiedNatural = "fet_modified_natural",
        FetHrt = "fet_hrt",
        /// Stimulation of a donor.
        EggDonation = "egg_donation",
        /// Transfer after donated eggs.
        DonorEgg = "donor_egg",
        /// Transfer of a donated embryo.
        DonorEmbryo = "donor_embryo",
        /// Reciprocal IVF: one partner's eggs, carried by the other.
        Reciprocal = "reciprocal",
        /// Carried by someone else.
        Carrier = "carrier",
        InVitroMaturation = "ivm",
        /// A cycle of tests, as for receptivity of the lining.
        Mock = "mock",
        Other = "other",
    }
    /// The protocol of a stimulation.
    Protocol {
        Antagonist = "antagonist", LongAgonist = "long_agonist", Flare = "flare",
        /// Progestin-primed ovarian stimulation.
        Ppos = "ppos",
        Mini = "mini", Natural = "natural", ModifiedNatural = "modified_natural",
        /// Two stimulations in one cycle.
        DuoStim = "duostim",
        RandomStart = "random_start", LutealStart = "luteal_start",
        Clomifene = "clomifene", Letrozole = "letrozole", Gonadotrophin = "gonadotrophin",
        Other = "other",
    }
    /// Where a cycle stands.
    CycleState { Planned = "planned", Running = "running", Finished = "finished", Cancelled = "cancelled" }
    /// Why a cycle was cancelled or turned into another.
    CancelReason {
        LowResponse = "low_response", OverResponse = "over_response", OhssRisk = "ohss_risk",
        EarlyOvulation = "early_ovulation", EarlyLuteinisation = "early_luteinisation", Cyst = "cyst",
        ThinLining = "thin_lining", LiningFluid = "lining_fluid", NoEggs = "no_eggs",
        NoFertilisation = "no_fertilisation", NoEmbryos = "no_embryos", NoEuploid = "no_euploid",
        NotSurvived = "not_survived", Illness = "illness", Medication = "medication",
        Personal = "personal", Cost = "cost", Pregnancy = "pregnancy", Clinic = "clinic", Other = "other",
    }
    /// What a journey is for.
    Goal {
        Pregnancy = "pregnancy", Preservation = "preservation", Donation = "donation",
        Tracking = "tracking", Other = "other",
    }
    /// The dates from which others are counted. Facts (a trigger given, a retrieval) come before the
    /// cycle's own planned dates; see [`crate::derive::key_dates`].
    KeyDate {
        /// Day 1 of the bleeding.
        CycleStart = "cycle_start",
        /// First day of suppression or priming.
        SuppressionStart = "suppression_start",
        /// Day 1 of the stimulation.
        StimulationStart = "stimulation_start",
        /// A second stimulation in the same cycle.
        SecondStimulationStart = "second_stimulation_start",
        Trigger = "trigger",
        Retrieval = "retrieval",
        /// The trigger that ends a second stimulation.
        SecondTrigger = "second_trigger",
        /// The retrieval after it.
        SecondRetrieval = "second_retrieval",
        /// Day 1 of oestrogen for the lining.
        OestrogenStart = "oestrogen_start",
        /// The day the LH rise was seen.
        LhSurge = "lh_surge",
        Ovulation = "ovulation",
        Insemination = "insemination",
        /// Day 0 of progesterone.
        ProgesteroneStart = "progesterone_start",
        Transfer = "transfer",
        FirstBeta = "first_beta",
    }
}

impl KeyDate {
    /// Whether it can be known to the minute, so that hours can be counted from it.
    #[must_use]
    pub const fn has_clock(self) -> bool {
        matches!(
            self,
            Self::Trigger
                | Self::Retrieval
                | Self::Insemination
                | Self::ProgesteroneStart
                | Self::Transfer
                | Self::FirstBeta
        )
    }
}

view! {
    /// A stretch of one or more cycles with one aim.
    Journey as Journey {
        /// Its title.
        title: String,
        /// A title that says nothing to others; used in discreet mode.
        discreet_title: String,
        /// What for.
        goal: Goal,
        /// When it began.
        started_on: Date,
        /// When it ended.
        ended_on: Date,
        /// Who takes part.
        people: Vec<EntityId>,
        /// Where.
        clinic: EntityId,
    }
}
view! {
    /// One cycle.
    Cycle as Cycle {
        /// The journey it belongs to.
        journey: EntityId,
        /// Whose body it takes place in.
        person: EntityId,
        /// Where.
        clinic: EntityId,
        /// What the person calls it.
        title: String,
        /// The clinic's count.
        number: i64,
        /// Its type.
        cycle_type: CycleType,
        /// The protocol of the stimulation.
        protocol: Protocol,
        /// Where it stands.
        state: CycleState,
        /// Whose eggs.
        egg_source: EntityId,
        /// Whose sperm.
        sperm_source: EntityId,
        /// Who carries.
        carrier: EntityId,
        /// Day 1 of the bleeding.
        cycle_start: Date,
        /// The last day of it, where it is over.
        ended_on: Date,
        /// First day of suppression or priming.
        suppression_start: Date,
        /// Day 1 of the stimulation.
        stimulation_start: Date,
        /// Day 1 of a second stimulation.
        second_stimulation_start: Date,
        /// Day 1 of oestrogen.
        oestrogen_start: Date,
        /// The day the LH rise was seen.
        lh_surge: Date,
        /// The day of ovulation, as seen or assumed by the clinic.
        ovulation: Date,
        /// Day 0 of progesterone.
        progesterone_start: Moment,
        /// The trigger as planned; what was given is a [`super::monitor::Trigger`].
        planned_trigger: Moment,
        /// The retrieval as planned.
        planned_retrieval: Moment,
        /// The insemination.
        insemination: Moment,
        /// The transfer as planned.
        planned_transfer: Moment,
        /// The day of the first pregnancy test at the clinic, as planned.
        planned_beta: Date,
        /// When it was cancelled.
        cancelled_on: Date,
        /// Why.
        cancel_reason: CancelReason,
        /// What it was turned into.
        converted_to: CycleType,
        /// When.
        converted_on: Date,
        /// Why.
        convert_reason: CancelReason,
        /// Whether all embryos are to be frozen.
        freeze_all: bool,
        /// Whether embryos are to be tested.
        with_pgt: bool,
        /// For whom it is done, where not for the person: a donor's role.
        donor_role: Role,
    }
}
