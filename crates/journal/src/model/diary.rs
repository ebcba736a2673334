//! Ordinary days, mood, notes and costs.

use super::{
    amount::Amount,
    code::codes,
    field::{TextType, text_fields},
    id::EntityId,
    moment::Moment,
    view::view,
};
use crate::redact::redacted;
use keepwell_domain::time::Date;

codes! {
    /// How much it bleeds. `None` is a day without, told apart from a day without entry.
    Bleeding {
        None = "none", Spotting = "spotting", Light = "light", Medium = "medium", Heavy = "heavy",
        VeryHeavy = "very_heavy",
        /// It bled; how much was not told.
        Present = "present",
    }
    /// How it feels at the vulva (sympto-thermal method).
    MucusFeeling { Dry = "dry", Nothing = "nothing", Wet = "wet", Slippery = "slippery" }
    /// How the mucus looks (sympto-thermal method).
    MucusTexture { Nothing = "nothing", Creamy = "creamy", EggWhite = "egg_white", Sticky = "sticky",
        Watery = "watery" }
    /// How open the cervix is.
    CervixOpening { Closed = "closed", Medium = "medium", Open = "open" }
    /// How firm it is.
    CervixFirmness { Hard = "hard", Soft = "soft" }
    /// How high it stands.
    CervixPosition { Low = "low", Medium = "medium", High = "high" }
    /// Where the temperature was taken.
    TemperatureSite { Oral = "oral", Vaginal = "vaginal", Rectal = "rectal", Ear = "ear",
        Armpit = "armpit", Skin = "skin", Wrist = "wrist" }
    /// What a day's sex was.
    Intercourse {
        /// Told that there was none.
        None = "none",
        Partnered = "partnered", Protected = "protected", Unprotected = "unprotected",
        Withdrawal = "withdrawal", Solo = "solo", Insemination = "insemination", Other = "other",
    }
    /// How strong a wish or symptom is.
    Strength { Low = "low", Medium = "medium", High = "high" }
    /// What a test at home looks for.
    TestKind { Lh = "lh", Hcg = "hcg", Progesterone = "pdg", Oestrogen = "e3g" }
    /// What it showed, the least telling first.
    TestResult {
        Invalid = "invalid", Negative = "negative", Faint = "faint", High = "high", Positive = "positive",
        Peak = "peak",
    }
    /// What money went to.
    CostKind {
        Treatment = "treatment", Medication = "medication", Laboratory = "laboratory",
        Genetics = "genetics", Storage = "storage", Donor = "donor", Travel = "travel",
        Consultation = "consultation", Anaesthesia = "anaesthesia", Other = "other",
    }
    /// What a note is.
    NoteKind { Note = "note", Question = "question", Answer = "answer", Instruction = "instruction" }
}

/// A symptom with how strong it was: a code or a word of the person's own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symptom {
    /// `cramps`, `headache`, or any text.
    pub name: String,
    /// How strong, where that was told.
    pub strength: Option<Strength>,
}

impl Symptom {
    /// The symptoms that the page has words for. Others keep the word under which they were entered.
    pub const KNOWN: &'static [&'static str] = &[
        "cramps",
        "ovulation_pain",
        "headache",
        "migraine",
        "backache",
        "nausea",
        "tender_breasts",
        "bloating",
        "fatigue",
        "acne",
        "diarrhoea",
        "constipation",
        "insomnia",
        "dizziness",
        "hot_flush",
        "cravings",
        "appetite_loss",
        "vomiting",
        "pelvic_pain",
        "injection_site",
        "breathlessness",
        "weight_gain",
        "fever",
        "discharge",
        "itching",
    ];
}

/// `cramps` or `cramps=high`.
impl TextType for Symptom {
    fn to_text(&self) -> String {
        match self.strength {
            None => self.name.clone(),
            Some(s) => format!("{}={}", self.name, s.as_str()),
        }
    }
    fn from_text(text: &str) -> Option<Self> {
        let parts = text.rsplit_once('=').and_then(|(n, s)| Some((n, Strength::parse(s)?)));
        let (name, strength) = parts.map_or((text, None), |(n, s)| (n, Some(s)));
        (!name.is_empty()).then(|| Self { name: name.to_owned(), strength })
    }
}
text_fields!(Symptom);

view! {
    /// One calendar day of one person. Its id follows from both, so that two devices write into one.
    Day as Day {
        /// Whose.
        person: EntityId,
        /// The day.
        date: Date,
        /// How much it bled.
        bleeding: Bleeding,
        /// Whether this bleeding does not count as a period.
        bleeding_excluded: bool,
        /// Waking temperature as entered.
        temperature: Amount,
        /// When it was taken.
        temperature_at: Moment,
        /// Where.
        temperature_site: TemperatureSite,
        /// Whether it does not count: fever, short night, late.
        temperature_excluded: bool,
        /// Why it does not count, or another remark.
        temperature_note: String,
        /// How it felt.
        mucus_feeling: MucusFeeling,
        /// How the mucus looked.
        mucus_texture: MucusTexture,
        /// Whether it does not count.
        mucus_excluded: bool,
        /// How open the cervix was.
        cervix_opening: CervixOpening,
        /// How firm.
        cervix_firmness: CervixFirmness,
        /// How high.
        cervix_position: CervixPosition,
        /// Whether it does not count.
        cervix_excluded: bool,
        /// Sex.
        intercourse: Vec<Intercourse>,
        /// Contraception used, as words.
        contraception: Vec<String>,
        /// Desire.
        desire: Strength,
        /// Symptoms. An empty list says that there were none.
        symptoms: Vec<Symptom>,
        /// Feelings, as codes or words.
        feelings: Vec<String>,
        /// Weight as entered.
        weight: Amount,
        /// Hours of sleep.
        sleep: Amount,
        /// Words that another app kept for this day and that have no field here.
        imported: Vec<String>,
    }
}

impl Day {
    /// The id of a person's day.
    #[must_use]
    pub fn id(person: EntityId, date: Date) -> EntityId {
        EntityId::derived(&[b"day", person.as_bytes(), date.to_string().as_bytes()])
    }
}

view! {
    /// A test strip at home.
    HomeTest as HomeTest {
        /// Whose.
        person: EntityId,
        /// The cycle.
        cycle: EntityId,
        /// When.
        at: Moment,
        /// What it looks for.
        kind: TestKind,
        /// What it showed.
        result: TestResult,
        /// A number, where the device shows one.
        value: Amount,
        /// The brand.
        brand: String,
    }
}
view! {
    /// How someone felt.
    Mood as Mood {
        /// Whose.
        person: EntityId,
        /// The cycle.
        cycle: EntityId,
        /// When.
        at: Moment,
        /// From -2 to 2.
        score: i64,
        /// Feelings, as codes or words.
        feelings: Vec<String>,
        /// Stress from 0 to 10.
        stress: i64,
        /// Words.
        words: String,
    }
}
view! {
    /// A note, or a question for the clinic.
    Note as Note {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When.
        at: Moment,
        /// What it is.
        kind: NoteKind,
        /// The text.
        text: String,
        /// The question that it answers.
        answers: EntityId,
        /// The appointment at which to ask.
        visit: EntityId,
        /// Whether it stays on top.
        pinned: bool,
        /// Whether it is done with.
        done: bool,
    }
}
view! {
    /// A cost.
    Cost as Cost {
        /// The cycle.
        cycle: EntityId,
        /// The day.
        on: Date,
        /// What for.
        kind: CostKind,
        /// How much, with the currency as unit.
        amount: Amount,
        /// What the insurance or fund paid back.
        reimbursed: Amount,
        /// When it was paid; unknown while open.
        paid_on: Date,
        /// To whom.
        payee: String,
        /// The bill's number.
        invoice: String,
        /// The storage agreement.
        storage: EntityId,
    }
}

redacted!(Symptom);
