//! The retrieval and what grew from it.

use super::{amount::Amount, code::codes, embryo::EventKind, id::EntityId, moment::Moment, view::view};
use crate::model::monitor::SpermOrigin;
use keepwell_domain::time::Date;

codes! {
    /// How eggs were fertilised.
    Fertilisation {
        Ivf = "ivf", Icsi = "icsi", Imsi = "imsi", Picsi = "picsi",
        /// Part one way, part the other.
        Split = "split",
        /// ICSI a day late.
        RescueIcsi = "rescue_icsi",
        /// Nothing was fertilised: eggs were frozen.
        None = "none",
    }
    /// How eggs or embryos were frozen.
    Freezing { Vitrified = "vitrified", Slow = "slow" }
    /// How easily a transfer went.
    Ease { Easy = "easy", Medium = "medium", Difficult = "difficult" }
    /// How the lining was made ready.
    Preparation { Fresh = "fresh", Natural = "natural", ModifiedNatural = "modified_natural",
        Hormonal = "hormonal", Stimulated = "stimulated" }
    /// What is stored.
    Stored { Embryos = "embryos", Eggs = "eggs", Sperm = "sperm", Tissue = "tissue" }
    /// What a consent allows.
    ConsentFor {
        Storage = "storage", Treatment = "treatment", Use = "use", Donation = "donation",
        Research = "research", Disposal = "disposal", Testing = "testing", AfterDeath = "after_death",
        Transport = "transport",
    }
}

view! {
    /// A retrieval and the laboratory's counts. Each is told, not told, not done or a number.
    Retrieval as Retrieval {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// Where.
        clinic: EntityId,
        /// When.
        at: Moment,
        /// Eggs retrieved.
        retrieved: i64,
        /// From the left ovary.
        retrieved_left: i64,
        /// From the right ovary.
        retrieved_right: i64,
        /// Mature (metaphase II).
        mature: i64,
        /// Metaphase I.
        metaphase_1: i64,
        /// Germinal vesicle.
        germinal_vesicle: i64,
        /// Degenerate.
        degenerate: i64,
        /// Eggs frozen unfertilised.
        eggs_frozen: i64,
        /// Eggs thawed, where frozen ones were used.
        eggs_thawed: i64,
        /// How they were fertilised.
        method: Fertilisation,
        /// Eggs inseminated or injected.
        inseminated: i64,
        /// Where the sperm came from.
        sperm: SpermOrigin,
        /// Normally fertilised: two pronuclei.
        pn2: i64,
        /// One pronucleus.
        pn1: i64,
        /// Three or more.
        pn3: i64,
        /// Not fertilised.
        pn0: i64,
        /// Cleaving on day 2.
        day2: i64,
        /// Growing on day 3.
        day3: i64,
        /// Morulae on day 4.
        day4: i64,
        /// Blastocysts on day 5.
        day5: i64,
        /// Further blastocysts on day 6.
        day6: i64,
        /// Further blastocysts on day 7.
        day7: i64,
        /// Blastocysts in all.
        blastocysts: i64,
        /// Biopsied.
        biopsied: i64,
        /// Embryos frozen.
        frozen: i64,
        /// Anaesthesia, as stated.
        anaesthesia: String,
        /// How it was afterwards.
        recovery: String,
    }
}
view! {
    /// One embryo. What happened to it are its [`EmbryoEvent`]s.
    Embryo as Embryo {
        /// The cycle of its retrieval.
        cycle: EntityId,
        /// Its retrieval.
        retrieval: EntityId,
        /// The clinic's number or letter.
        label: String,
        /// A name of the person's own.
        name: String,
        /// Day 0, where there is no retrieval to count from.
        fertilised_on: Date,
        /// Whose egg.
        egg_source: EntityId,
        /// Whose sperm.
        sperm_source: EntityId,
        /// How it was fertilised.
        method: Fertilisation,
        /// Whether the test's finding on sex is shown; hidden by default.
        show_sex: bool,
    }
}
view! {
    /// Something that happened to an embryo or was seen of it.
    EmbryoEvent as EmbryoEvent {
        /// The embryo.
        embryo: EntityId,
        /// When.
        at: Moment,
        /// Its age in days as the laboratory stated it.
        day: i64,
        /// What happened.
        what: EventKind,
        /// The grade as told.
        grade: String,
        /// In which scheme.
        scheme: super::grade::Scheme,
        /// Cells.
        cells: i64,
        /// Fragments in %.
        fragments: i64,
        /// Pronuclei.
        pronuclei: i64,
        /// What the test found.
        pgt: super::embryo::Pgt,
        /// Which test.
        pgt_kind: super::embryo::PgtKind,
        /// The finding in detail, as told.
        pgt_detail: String,
        /// What it found on sex; never shown unless the embryo says so.
        sex: super::embryo::Sex,
        /// Whether the result is held until the person wants to see it.
        held: bool,
        /// How it was frozen.
        freezing: Freezing,
        /// The storage agreement.
        storage: EntityId,
        /// Tank, canister, straw.
        place: String,
        /// Whether it survived the thaw.
        survived: bool,
        /// The transfer it went into.
        transfer: EntityId,
        /// What became of it after the transfer.
        outcome: super::embryo::EmbryoOutcome,
        /// To whom or what for.
        to: String,
    }
}
view! {
    /// A transfer. Which embryos went into it is in their events.
    Transfer as Transfer {
        /// The cycle.
        cycle: EntityId,
        /// Into whom.
        person: EntityId,
        /// Where.
        clinic: EntityId,
        /// When.
        at: Moment,
        /// How many embryos, for those who do not keep them one by one.
        count: i64,
        /// Age of the embryos in days.
        embryo_day: i64,
        /// How the lining was made ready.
        preparation: Preparation,
        /// Thickness of the lining.
        lining: Amount,
        /// How easily it went.
        ease: Ease,
        /// Who did it.
        done_by: String,
        /// Whether the shell was opened.
        assisted_hatching: bool,
        /// Hyaluronan medium or other additions, as stated.
        additions: String,
    }
}
view! {
    /// An agreement to keep embryos, eggs or sperm.
    Storage as Storage {
        /// Where.
        clinic: EntityId,
        /// What.
        what: Stored,
        /// How many, where they are not kept one by one.
        count: i64,
        /// The number of the agreement.
        contract: String,
        /// Since when.
        started_on: Date,
        /// Until when at most, by law or contract.
        limit_on: Date,
        /// When it ended.
        ended_on: Date,
        /// The fee of a period.
        fee: Amount,
        /// Months in a period.
        fee_months: i64,
        /// The first day on which a fee is due.
        fee_first_due: Date,
        /// Whose.
        owners: Vec<EntityId>,
    }
}
view! {
    /// A fee of a storage agreement.
    StorageFee as StorageFee {
        /// The agreement.
        storage: EntityId,
        /// When it is due.
        due_on: Date,
        /// How much.
        amount: Amount,
        /// When it was paid.
        paid_on: Date,
    }
}
view! {
    /// A consent with an end.
    Consent as Consent {
        /// The storage agreement, where it is for one.
        storage: EntityId,
        /// The cycle, where it is for one.
        cycle: EntityId,
        /// What for.
        what: ConsentFor,
        /// When it was signed.
        signed_on: Date,
        /// Whose signatures.
        signed_by: Vec<EntityId>,
        /// The last day on which it holds.
        valid_until: Date,
        /// When it was taken back.
        withdrawn_on: Date,
    }
}
