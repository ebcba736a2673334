//! Drugs, what is in the cupboard, and what was taken.

use super::{amount::Amount, code::codes, id::EntityId, moment::Moment, plan::Purpose, view::view};
use keepwell_domain::time::Date;

codes! {
    /// How a drug is taken.
    Route {
        Subcutaneous = "subcutaneous", Intramuscular = "intramuscular", Oral = "oral",
        Vaginal = "vaginal", Rectal = "rectal", Transdermal = "transdermal", Nasal = "nasal",
        Intravenous = "intravenous", Sublingual = "sublingual", Other = "other",
    }
    /// Where it was injected or put on.
    Site {
        AbdomenLeft = "abdomen_left", AbdomenRight = "abdomen_right", ThighLeft = "thigh_left",
        ThighRight = "thigh_right", ButtockLeft = "buttock_left", ButtockRight = "buttock_right",
        ArmLeft = "arm_left", ArmRight = "arm_right", HipLeft = "hip_left", HipRight = "hip_right",
    }
    /// The form of a drug.
    Form {
        Pen = "pen", PrefilledSyringe = "prefilled_syringe", Vial = "vial", Ampoule = "ampoule",
        Cartridge = "cartridge", Tablet = "tablet", Capsule = "capsule",
        VaginalCapsule = "vaginal_capsule", Suppository = "suppository", VaginalGel = "vaginal_gel",
        VaginalInsert = "vaginal_insert", VaginalRing = "vaginal_ring", Patch = "patch", Gel = "gel",
        Spray = "spray", Drops = "drops", Implant = "implant", Other = "other",
    }
    /// What became of a dose.
    DoseState { Given = "given", Partial = "partial", Skipped = "skipped" }
    /// What happened to the stock.
    StockEvent {
        /// Bought or handed out.
        Received = "received",
        /// A pen or vial was opened.
        Opened = "opened",
        /// Thrown away, broken, left in a pen.
        Discarded = "discarded",
        /// Counted: from here on this is what there is.
        Counted = "counted",
        /// Ordered and not here yet.
        Ordered = "ordered",
    }
    /// How it must be kept.
    Keeping { Fridge = "fridge", Room = "room", Either = "either" }
}

view! {
    /// A drug in the person's catalogue, in one form and pack.
    Medication as Medication {
        /// The name on the pack.
        name: String,
        /// The substance.
        substance: String,
        /// Its entry in the built-in list, where it came from there.
        catalogue: String,
        /// The form.
        form: Form,
        /// How it is taken.
        route: Route,
        /// What for.
        purpose: Purpose,
        /// What one piece holds, in the unit in which doses are counted: `900 IU`, `250 µg`.
        strength: Amount,
        /// Pieces in a pack.
        pack_size: i64,
        /// What a pack costs.
        pack_price: Amount,
        /// How it is kept.
        keeping: Keeping,
        /// Days for which an opened piece may be used.
        days_once_open: i64,
        /// Days that an order takes.
        order_days: i64,
        /// Days of reserve that the person wants.
        reserve_days: i64,
        /// Where it is ordered.
        pharmacy: EntityId,
        /// The injection sites in turn.
        sites: Vec<Site>,
    }
}
view! {
    /// An entry of the stock.
    Stock as Stock {
        /// Of which drug.
        medication: EntityId,
        /// When.
        at: Moment,
        /// What happened.
        event: StockEvent,
        /// Full packs.
        packs: i64,
        /// Single pieces besides.
        pieces: i64,
        /// Or an amount in the unit of doses.
        amount: Amount,
        /// The batch.
        lot: String,
        /// Not to be used after this day.
        expires_on: Date,
        /// What was paid.
        cost: EntityId,
    }
}
view! {
    /// A dose as it was taken, or not.
    Dose as Dose {
        /// The cycle.
        cycle: EntityId,
        /// Who took it.
        person: EntityId,
        /// When it was taken, or when it was decided to leave it out.
        at: Moment,
        /// What became of it.
        state: DoseState,
        /// The item of the plan.
        plan_item: EntityId,
        /// Which of its occurrences: the day and time as planned.
        planned_for: Moment,
        /// The drug in the person's catalogue.
        medication: EntityId,
        /// The drug's name as entered.
        drug: String,
        /// How much was taken.
        amount: Amount,
        /// How.
        route: Route,
        /// Where.
        site: Site,
        /// What for.
        purpose: Purpose,
        /// Who gave it.
        given_by: String,
        /// The batch.
        lot: String,
        /// Why it was late, partial or left out.
        reason: String,
        /// Reactions at the site.
        reaction: String,
    }
}
