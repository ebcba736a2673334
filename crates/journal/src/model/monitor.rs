//! What is watched: scans, hormones, semen, and the trigger that ends the watching.

use super::{
    amount::Amount,
    code::codes,
    field::{TextType, text_fields},
    id::EntityId,
    medicine::{Route, Site},
    moment::Moment,
    view::view,
};
use crate::redact::redacted;
use keepwell_domain::measure::Number;

codes! {
    /// How the lining looks.
    LiningPattern {
        /// Three lines.
        Trilaminar = "trilaminar",
        Intermediate = "intermediate",
        /// One bright layer, after progesterone.
        Homogeneous = "homogeneous",
        Irregular = "irregular",
        Fluid = "fluid",
    }
    /// What a scan is for.
    ScanPurpose {
        Baseline = "baseline", Monitoring = "monitoring", Lining = "lining", Ovulation = "ovulation",
        Ohss = "ohss", SalineSonogram = "saline_sonogram", Other = "other",
    }
    /// The hormones with a place of their own. Their units and codes are the catalogue's of analytes:
    /// see [`crate::derive::hormone`].
    HormoneKind {
        Estradiol = "e2", Progesterone = "p4", Lh = "lh", Fsh = "fsh", Amh = "amh", Hcg = "hcg",
        Prolactin = "prl", Tsh = "tsh", Testosterone = "testosterone", Dheas = "dheas",
        Androstenedione = "androstenedione", Shbg = "shbg", InhibinB = "inhibin_b",
        SeventeenOhp = "17ohp", FreeT4 = "ft4", VitaminD = "vitamin_d", Ferritin = "ferritin",
        Other = "other",
    }
    /// What ends the growth.
    TriggerKind {
        Hcg = "hcg", Agonist = "agonist",
        /// Both at once or one after the other.
        Dual = "dual",
        /// The body's own rise.
        Spontaneous = "spontaneous",
    }
    /// How a semen sample was made.
    SpermOrigin {
        Fresh = "fresh", Frozen = "frozen", Donor = "donor", Tesa = "tesa", MicroTese = "micro_tese",
        Pesa = "pesa", Mesa = "mesa",
    }
}

impl TextType for Number {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}
text_fields!(Number);

/// So many follicles within limits of size, where the clinic tells counts instead of sizes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SizeBand {
    /// From this many mm on; `None` from nothing.
    pub from: Option<u8>,
    /// Below this many mm; `None` without end.
    pub below: Option<u8>,
    /// How many.
    pub count: u16,
}

/// `10..14:4`, `..10:6`, `18..:2`.
impl TextType for SizeBand {
    fn to_text(&self) -> String {
        let side = |n: Option<u8>| n.map_or(String::new(), |n| n.to_string());
        format!("{}..{}:{}", side(self.from), side(self.below), self.count)
    }
    fn from_text(text: &str) -> Option<Self> {
        let (range, count) = text.split_once(':')?;
        let (from, below) = range.split_once("..")?;
        let side = |s: &str| if s.is_empty() { Some(None) } else { s.parse().ok().map(Some) };
        let band = Self { from: side(from)?, below: side(below)?, count: count.parse().ok()? };
        let in_order = band.from.zip(band.below).is_none_or(|(a, b)| a < b);
        in_order.then_some(band)
    }
}

view! {
    /// A scan of ovaries and lining.
    Scan as Scan {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When.
        at: Moment,
        /// What for.
        purpose: ScanPurpose,
        /// Follicles of the left ovary in mm, one by one. An empty list says that there were none.
        follicles_left: Vec<Number>,
        /// Follicles of the right ovary in mm.
        follicles_right: Vec<Number>,
        /// Follicles of the left ovary by size.
        bands_left: Vec<SizeBand>,
        /// Follicles of the right ovary by size.
        bands_right: Vec<SizeBand>,
        /// Antral follicles of the left ovary.
        antral_left: i64,
        /// Antral follicles of the right ovary.
        antral_right: i64,
        /// Antral follicles of both, where no sides were told.
        antral_total: i64,
        /// Thickness of the lining, as entered (mm).
        lining: Amount,
        /// Its look.
        lining_pattern: LiningPattern,
        /// Cysts, as stated.
        cysts: String,
        /// Free fluid, as stated.
        free_fluid: String,
        /// Volume of the left ovary.
        volume_left: Amount,
        /// Volume of the right ovary.
        volume_right: Amount,
        /// The appointment.
        visit: EntityId,
    }
}
view! {
    /// A hormone in blood.
    Hormone as Hormone {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When the blood was drawn.
        at: Moment,
        /// Which.
        hormone: HormoneKind,
        /// Its name, where it has no place of its own.
        name: String,
        /// LOINC code, where the source stated one.
        loinc: String,
        /// The value as entered.
        value: Amount,
        /// The laboratory's range as printed.
        range: String,
        /// The laboratory.
        laboratory: String,
        /// The method or assay, as printed.
        method: String,
        /// Whether the result is held until the person wants to see it.
        held: bool,
        /// The record in the vault that it was copied from.
        record: String,
        /// The appointment.
        visit: EntityId,
    }
}
view! {
    /// A semen analysis. Reference limits are the laboratory's.
    Semen as Semen {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When.
        at: Moment,
        /// How it was made.
        origin: SpermOrigin,
        /// Days of abstinence.
        abstinence_days: i64,
        /// Volume.
        volume: Amount,
        /// Concentration.
        concentration: Amount,
        /// Total count.
        total_count: Amount,
        /// Progressive motility in %.
        progressive: Amount,
        /// Total motility in %.
        motile: Amount,
        /// Normal forms in %.
        normal_forms: Amount,
        /// DNA fragmentation in %.
        dna_fragmentation: Amount,
        /// Total motile count after preparation.
        prepared_count: Amount,
    }
}
view! {
    /// The trigger as it was given.
    Trigger as Trigger {
        /// The cycle.
        cycle: EntityId,
        /// Who took it.
        person: EntityId,
        /// When, to the minute.
        at: Moment,
        /// When it was due.
        planned_at: Moment,
        /// What kind.
        kind: TriggerKind,
        /// The drug.
        drug: String,
        /// How much.
        amount: Amount,
        /// How.
        route: Route,
        /// Where.
        site: Site,
        /// The second drug of a dual trigger.
        second_drug: String,
        /// How much of it.
        second_amount: Amount,
        /// When it was taken, where not at the same time.
        second_at: Moment,
        /// The item of the plan.
        plan_item: EntityId,
        /// The dose in the doses taken, so that the stock counts it once.
        dose: EntityId,
    }
}

redacted!(SizeBand);
