//! Common drugs of fertility treatment, to fill in the form of a medication. Forms and strengths are
//! those of the makers' labels; packs differ from country to country, so the pack in the person's hand
//! decides, and everything can be changed.

use crate::model::{
    Amount, Medication, TextType,
    medicine::{Form, Keeping, Route},
    monitor::TriggerKind,
    plan::Purpose,
};

/// A drug in one form, in the strengths in which it is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its code, kept in a medication's `catalogue`.
    pub id: &'static str,
    /// Brands, the most widespread first.
    pub brands: &'static [&'static str],
    /// International name of the substance.
    pub substance: &'static str,
    /// The form.
    pub form: Form,
    /// How it is taken.
    pub route: Route,
    /// What for, most often.
    pub purpose: Purpose,
    /// What one piece holds, in each strength.
    pub strengths: &'static [&'static str],
    /// Pieces in a pack, where that is the same in many countries.
    pub packs: &'static [i64],
    /// How it is kept before it is opened.
    pub keeping: Keeping,
    /// Days for which an opened piece may be used.
    pub days_once_open: Option<i64>,
}

use {Form::*, Keeping::*, Purpose::*, Route::*};

macro_rules! entry {
    ($id:literal, $brands:expr, $substance:literal, $form:expr, $route:expr, $purpose:expr, $strengths:expr, $packs:expr, $keeping:expr) => {
        entry!($id, $brands, $substance, $form, $route, $purpose, $strengths, $packs, $keeping, None)
    };
    ($id:literal, $brands:expr, $substance:literal, $form:expr, $route:expr, $purpose:expr, $strengths:expr, $packs:expr, $keeping:expr, $open:expr) => {
        Entry {
            id: $id,
            brands: &$brands,
            substance: $substance,
            form: $form,
            route: $route,
            purpose: $purpose,
            strengths: &$strengths,
            packs: &$packs,
            keeping: $keeping,
            days_once_open: $open,
        }
    };
}

/// All entries, by what they are for.
#[rustfmt::skip]
pub const ENTRIES: &[Entry] = &[
    entry!("follitropin_alfa_pen", ["Gonal-f"], "follitropin alfa", Pen, Subcutaneous, Stimulation, ["300 IU", "450 IU", "900 IU"], [1], Either, Some(28)),
    entry!("follitropin_alfa_cartridge", ["Ovaleap"], "follitropin alfa", Cartridge, Subcutaneous, Stimulation, ["300 IU", "450 IU", "900 IU"], [1], Either, Some(28)),
    entry!("follitropin_alfa_single", ["Bemfola"], "follitropin alfa", PrefilledSyringe, Subcutaneous, Stimulation, ["75 IU", "150 IU", "225 IU", "300 IU", "450 IU"], [1, 5, 10], Either),
    entry!("follitropin_beta_cartridge", ["Puregon", "Follistim AQ"], "follitropin beta", Cartridge, Subcutaneous, Stimulation, ["300 IU", "600 IU", "900 IU"], [1], Either, Some(28)),
    entry!("follitropin_delta_pen", ["Rekovelle"], "follitropin delta", Pen, Subcutaneous, Stimulation, ["12 µg", "36 µg", "72 µg"], [1], Either, Some(28)),
    entry!("corifollitropin_alfa", ["Elonva"], "corifollitropin alfa", PrefilledSyringe, Subcutaneous, Stimulation, ["100 µg", "150 µg"], [1], Either),
    entry!("follitropin_lutropin_pen", ["Pergoveris"], "follitropin alfa / lutropin alfa", Pen, Subcutaneous, Stimulation, ["300 IU", "450 IU", "900 IU"], [1], Fridge, Some(28)),
    entry!("menotropin_vial", ["Menopur"], "menotropin", Vial, Subcutaneous, Stimulation, ["75 IU"], [5, 10], Either),
    entry!("menotropin_multidose", ["Menopur"], "menotropin", Vial, Subcutaneous, Stimulation, ["600 IU", "1200 IU"], [1], Fridge, Some(28)),
    entry!("letrozole", ["Femara"], "letrozole", Tablet, Oral, Stimulation, ["2.5 mg"], [10, 30], Room),
    entry!("clomifene", ["Clomid", "Clomifen"], "clomifene", Tablet, Oral, Stimulation, ["50 mg"], [10, 30], Room),
    entry!("cetrorelix", ["Cetrotide"], "cetrorelix", Vial, Subcutaneous, Blocking, ["0.25 mg"], [1, 7], Either),
    entry!("ganirelix", ["Orgalutran", "Fyremadel"], "ganirelix", PrefilledSyringe, Subcutaneous, Blocking, ["0.25 mg"], [1, 5], Either),
    entry!("medroxyprogesterone", ["Provera"], "medroxyprogesterone acetate", Tablet, Oral, Blocking, ["5 mg", "10 mg"], [], Room),
    entry!("triptorelin_daily", ["Decapeptyl", "Gonapeptyl"], "triptorelin", PrefilledSyringe, Subcutaneous, Suppression, ["0.1 mg"], [7, 28], Fridge),
    entry!("leuprorelin_daily", ["Lupron"], "leuprorelin", Vial, Subcutaneous, Suppression, ["14 mg"], [1], Room),
    entry!("nafarelin_spray", ["Synarel", "Synarela"], "nafarelin", Spray, Nasal, Suppression, ["200 µg"], [60], Room),
    entry!("buserelin_vial", ["Suprecur", "Suprefact"], "buserelin", Vial, Subcutaneous, Suppression, ["5.5 mg"], [2], Room),
    entry!("contraceptive_pill", ["Pill"], "ethinylestradiol / progestin", Tablet, Oral, Priming, [], [21, 28], Room),
    entry!("choriogonadotropin_alfa_pen", ["Ovitrelle", "Ovidrel"], "choriogonadotropin alfa", Pen, Subcutaneous, Trigger, ["250 µg"], [1], Fridge),
    entry!("hcg_vial", ["Pregnyl", "Brevactid", "Novarel"], "chorionic gonadotrophin", Vial, Intramuscular, Trigger, ["5000 IU", "10000 IU"], [1], Either),
    entry!("triptorelin_trigger", ["Decapeptyl", "Gonapeptyl"], "triptorelin", PrefilledSyringe, Subcutaneous, Trigger, ["0.1 mg"], [7], Fridge),
    entry!("progesterone_capsule", ["Utrogestan", "Famenita", "Prometrium"], "progesterone", VaginalCapsule, Vaginal, Luteal, ["100 mg", "200 mg"], [], Room),
    entry!("progesterone_pessary", ["Cyclogest"], "progesterone", Suppository, Vaginal, Luteal, ["200 mg", "400 mg"], [15], Room),
    entry!("progesterone_gel", ["Crinone"], "progesterone", VaginalGel, Vaginal, Luteal, ["90 mg"], [15], Room),
    entry!("progesterone_insert", ["Endometrin", "Lutinus"], "progesterone", VaginalInsert, Vaginal, Luteal, ["100 mg"], [21], Room),
    entry!("progesterone_sc", ["Prolutex"], "progesterone", Vial, Subcutaneous, Luteal, ["25 mg"], [7, 14], Room),
    entry!("progesterone_oil", ["Progesterone in oil"], "progesterone", Vial, Intramuscular, Luteal, ["500 mg"], [1], Room, Some(28)),
    entry!("dydrogesterone", ["Duphaston"], "dydrogesterone", Tablet, Oral, Luteal, ["10 mg"], [], Room),
    entry!("estradiol_valerate", ["Progynova"], "estradiol valerate", Tablet, Oral, Lining, ["1 mg", "2 mg"], [], Room),
    entry!("estradiol_tablet", ["Estrofem", "Estrace"], "estradiol", Tablet, Oral, Lining, ["1 mg", "2 mg"], [28], Room),
    entry!("estradiol_patch", ["Estradot", "Vivelle-Dot", "Estraderm"], "estradiol", Patch, Transdermal, Lining, ["25 µg", "50 µg", "75 µg", "100 µg"], [8, 24], Room),
    entry!("folic_acid", ["Folic acid"], "folic acid", Tablet, Oral, Supplement, ["400 µg", "800 µg", "5 mg"], [], Room),
    entry!("prednisolone", ["Prednisolone", "Decortin H"], "prednisolone", Tablet, Oral, Steroid, ["5 mg", "10 mg", "20 mg"], [], Room),
    entry!("acetylsalicylic_acid", ["Aspirin"], "acetylsalicylic acid", Tablet, Oral, Anticoagulant, ["75 mg", "81 mg", "100 mg"], [], Room),
    entry!("enoxaparin", ["Clexane", "Lovenox"], "enoxaparin", PrefilledSyringe, Subcutaneous, Anticoagulant, ["20 mg", "40 mg", "60 mg"], [10], Room),
    entry!("cabergoline", ["Dostinex"], "cabergoline", Tablet, Oral, Purpose::Other, ["0.5 mg"], [2, 8], Room),
    entry!("doxycycline", ["Doxycycline"], "doxycycline", Tablet, Oral, Antibiotic, ["100 mg"], [], Room),
];

impl Entry {
    /// The entry of a code.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        ENTRIES.iter().find(|e| e.id == id)
    }

    /// A medication of one brand and strength, for the form. Where there is one usual pack it is filled
    /// in; where there are several the person is asked.
    #[must_use]
    pub fn medication(&self, brand: &str, strength: Option<&str>) -> Medication {
        let pack = if let [one] = self.packs { Some(*one) } else { None };
        Medication {
            name: brand.to_owned().into(),
            substance: self.substance.to_owned().into(),
            catalogue: self.id.to_owned().into(),
            form: self.form.into(),
            route: self.route.into(),
            purpose: self.purpose.into(),
            strength: strength.and_then(Amount::from_text).into(),
            pack_size: pack.into(),
            keeping: self.keeping.into(),
            days_once_open: self.days_once_open.into(),
            ..Medication::default()
        }
    }
}

/// Substances that end the growth as hCG does, by the first word of their names.
const HCG: &[&str] = &[
    "hcg",
    "choriogonadotropin",
    "choriongonadotropin",
    "chorionic",
    "ovitrelle",
    "ovidrel",
    "pregnyl",
    "brevactid",
    "novarel",
];
/// Those that let the body's own LH rise.
const AGONISTS: &[&str] = &[
    "triptorelin",
    "decapeptyl",
    "gonapeptyl",
    "leuprorelin",
    "leuprolide",
    "lupron",
    "buserelin",
    "suprecur",
    "suprefact",
    "nafarelin",
    "synarel",
    "synarela",
];

/// A name as names of drugs are compared: as people write them, in whatever letters.
#[must_use]
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What kind of trigger a drug is, by its name as entered; `None` where the name does not say it.
#[must_use]
pub fn trigger_kind(name: &str) -> Option<TriggerKind> {
    let name = name.to_lowercase();
    let has = |list: &[&str]| name.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    match (has(HCG), has(AGONISTS)) {
        (true, true) => Some(TriggerKind::Dual),
        (true, false) => Some(TriggerKind::Hcg),
        (false, true) => Some(TriggerKind::Agonist),
        (false, false) => None,
    }
}

/// Entries whose brand or substance has these letters, brands that begin with them first.
#[must_use]
pub fn search(text: &str) -> Vec<&'static Entry> {
    let wanted = folded(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let rank = |e: &Entry| {
        let names = || e.brands.iter().chain([&e.substance]).map(|n| n.to_lowercase());
        if names().any(|n| n.starts_with(&wanted)) {
            Some(0)
        } else if names().any(|n| n.contains(&wanted)) {
            Some(1)
        } else {
            None
        }
    };
    let mut found: Vec<(u8, &Entry)> = ENTRIES.iter().filter_map(|e| Some((rank(e)?, e))).collect();
    crate::order::sort_by_key(&mut found, |(r, _)| *r);
    found.into_iter().map(|(_, e)| e).collect()
}
