//! When she was seen and when blood was drawn, and by whom it was measured.

/// Who measured a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lab {
    Nordhafen,
    City,
}

impl Lab {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Nordhafen => "Labor Nordhafen (demo)",
            Self::City => "City Lab (demo)",
        }
    }
}

/// Which file reports a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reported {
    /// The clinic's export alone.
    Clinic,
    /// The laboratory's table; the clinic's export repeats a few results.
    Table,
    /// The laboratory's message; the clinic's export repeats a few results.
    Message,
}

/// A blood sample.
pub(super) struct Draw {
    /// Years since the beginning.
    pub t: f64,
    /// Minutes of the day.
    pub minutes: i64,
    pub lab: Lab,
    pub title: &'static str,
    pub panels: &'static [&'static [&'static str]],
    pub cycle_day: u8,
    /// On the very day, also at a weekend.
    pub is_urgent: bool,
    pub reported: Reported,
}

/// Results that the clinic's export repeats of a sample that a laboratory reported itself.
pub(super) const REPEATED: [&str; 6] = ["tsh", "ft4", "ldl", "hb", "ferr", "crea"];

const COUNT: &[&str] = &["hb", "hct", "rbc", "mcv", "mch", "mchc", "rdw", "plt", "wbc"];
const DIFF: &[&str] = &["neut", "lymph", "mono", "eos", "baso"];
const CHEMISTRY: &[&str] = &[
    "na", "k", "ca", "crea", "egfr", "urea", "ua", "alt", "ast", "ggt", "alp", "bili", "alb", "tp", "crp",
    "glu", "a1c",
];
const SAFETY: &[&str] = &["crea", "egfr", "alt", "ast"];
const LIPIDS: &[&str] = &["chol", "hdl", "ldl", "tg"];
const LPA: &[&str] = &["lpa"];
const IRON: &[&str] = &["fe", "ferr", "trf", "tsat"];
const FERRITIN: &[&str] = &["ferr"];
const VITAMIN_D: &[&str] = &["vitd"];
const B_VITAMINS: &[&str] = &["b12", "fol"];
const THYROID: &[&str] = &["tsh", "ft4", "ft3"];
const CONTROL: &[&str] = &["tsh", "ft4"];
const ANTIBODIES: &[&str] = &["tpo", "tgab"];
const DIP: &[&str] = &["uph", "usg", "uwbc", "unit", "uglu", "upro", "uket", "ubil"];
const ACUTE: &[&str] = &["crp", "na", "k", "crea", "egfr", "alt", "bili"];
const SEPSIS: &[&str] = &["pct"];
const TROPONIN: &[&str] = &["tnt", "k", "ca"];
const EARLY_CYCLE: &[&str] = &["amh", "fsh", "lh", "e2", "prl", "testo", "shbg", "hcg", "rub"];
const MID_CYCLE: &[&str] = &["lh", "e2", "p4", "fsh"];
const LATE_CYCLE: &[&str] = &["p4", "e2", "lh"];
const AMH: &[&str] = &["amh"];
const RUBELLA: &[&str] = &["rub"];

type Panels = &'static [&'static [&'static str]];

const YEARLY: Panels = &[COUNT, DIFF, CHEMISTRY, LIPIDS, IRON, VITAMIN_D, B_VITAMINS, THYROID, DIP];

const fn draw(t: f64, lab: Lab, title: &'static str, panels: Panels) -> Draw {
    let reported = Reported::Clinic;
    Draw { t, minutes: 8 * 60 + 10, lab, title, panels, cycle_day: 4, is_urgent: false, reported }
}

impl Draw {
    const fn at(mut self, hour: i64, minute: i64) -> Self {
        self.minutes = hour * 60 + minute;
        self
    }
    const fn urgent(mut self) -> Self {
        self.is_urgent = true;
        self
    }
    const fn cycle(mut self, day: u8) -> Self {
        self.cycle_day = day;
        self
    }
    const fn by(mut self, reported: Reported) -> Self {
        self.reported = reported;
        self
    }
}

use Lab::{City, Nordhafen};

#[rustfmt::skip]
pub(super) static DRAWS: [Draw; 35] = [
    draw(0.06, Nordhafen, "Yearly check-up", YEARLY).at(8, 20),
    draw(1.08, Nordhafen, "Yearly check-up", YEARLY).at(8, 5),
    draw(1.45, Nordhafen, "Before closed reduction", &[COUNT, ACUTE]).at(18, 40).urgent(),
    draw(1.60, Nordhafen, "Bone health after fracture", &[VITAMIN_D, &["ca", "alp"], CONTROL]),
    draw(2.08, Nordhafen, "Yearly check-up", YEARLY).at(8, 15),
    draw(2.25, Nordhafen, "Thyroid work-up", &[THYROID, ANTIBODIES, LIPIDS, SAFETY]),
    draw(2.40, Nordhafen, "Thyroid control", &[CONTROL]).at(7, 55),
    draw(2.58, Nordhafen, "Thyroid control", &[CONTROL, COUNT, FERRITIN]).at(8, 30),
    draw(2.85, Nordhafen, "Thyroid control", &[THYROID, LIPIDS]),
    draw(3.08, Nordhafen, "Yearly check-up", YEARLY).at(8, 0),
    draw(3.30, Nordhafen, "Iron control", &[COUNT, IRON]).at(8, 25),
    draw(3.55, Nordhafen, "Iron control", &[COUNT, IRON]),
    draw(3.80, Nordhafen, "Iron control", &[COUNT, IRON, CONTROL]).at(7, 50),
    draw(4.08, Nordhafen, "Yearly check-up", &[COUNT, DIFF, CHEMISTRY, LIPIDS, IRON, VITAMIN_D, B_VITAMINS, THYROID, &["tpo"], DIP]),
    draw(4.346, Nordhafen, "Emergency laboratory", &[COUNT, DIFF, ACUTE, DIP, SEPSIS, &["hcg"]]).at(22, 15).urgent(),
    draw(4.352, Nordhafen, "After surgery", &[COUNT, DIFF, ACUTE]).at(6, 30).urgent(),
    draw(4.385, Nordhafen, "After surgery", &[COUNT, &["crp"]]).at(9, 0),
    draw(5.08, Nordhafen, "Yearly check-up", YEARLY).at(8, 10),
    draw(5.30, City, "Thyroid control", &[CONTROL, COUNT]).at(7, 45),
    draw(5.65, City, "Thyroid control", &[CONTROL, FERRITIN]).at(7, 40),
    draw(6.08, City, "Yearly check-up", YEARLY).at(7, 50),
    draw(6.502, City, "Fertility work-up, cycle day 3", &[EARLY_CYCLE, THYROID, COUNT, ANTIBODIES]).at(8, 45).urgent().cycle(3),
    draw(6.529, City, "Fertility work-up, cycle day 13", &[MID_CYCLE]).at(8, 40).urgent().cycle(13),
    draw(6.551, City, "Fertility work-up, cycle day 21", &[LATE_CYCLE]).at(8, 50).urgent().cycle(21),
    draw(6.75, City, "Thyroid control", &[CONTROL, RUBELLA]).at(7, 55),
    draw(7.00, City, "Palpitations", &[THYROID, TROPONIN]).at(16, 20),
    draw(7.08, City, "Yearly check-up", &[COUNT, DIFF, CHEMISTRY, LIPIDS, LPA, IRON, VITAMIN_D, B_VITAMINS, THYROID, DIP]).at(7, 45),
    draw(7.30, City, "Thyroid and lipid control", &[CONTROL, LIPIDS, LPA, SAFETY]),
    draw(7.60, City, "Emergency laboratory", &[COUNT, DIFF, ACUTE, DIP, SEPSIS]).at(20, 5).urgent(),
    draw(7.625, City, "Control after infection", &[COUNT, &["crp", "crea", "egfr"], DIP]).at(8, 0),
    draw(8.08, City, "Yearly check-up", &[COUNT, DIFF, CHEMISTRY, LIPIDS, IRON, VITAMIN_D, B_VITAMINS, THYROID, AMH, DIP]).at(7, 50),
    draw(9.08, City, "Yearly check-up", &[COUNT, DIFF, CHEMISTRY, LIPIDS, IRON, VITAMIN_D, THYROID, DIP]).at(7, 55),
    draw(9.45, City, "Thyroid and lipid control", &[CONTROL, LIPIDS, SAFETY, &["ggt", "crp", "glu", "a1c"]]).at(7, 40).by(Reported::Message),
    draw(9.72, Nordhafen, "Control", &[COUNT, FERRITIN, CONTROL, LIPIDS, &["crea", "egfr", "alt"]]).at(8, 15).by(Reported::Table),
    draw(9.97, Nordhafen, "Yearly check-up", &[COUNT, DIFF, CHEMISTRY, LIPIDS, IRON, VITAMIN_D, THYROID]).at(8, 5).by(Reported::Table),
];

/// A visit to a doctor or a stay.
pub(super) struct Visit {
    pub t: f64,
    pub minutes: i64,
    /// Minutes that it took.
    pub lasted: i64,
    /// v3 ActCode.
    pub class: &'static str,
    pub kind: &'static str,
    pub reason: &'static str,
    pub place: &'static str,
    pub is_urgent: bool,
}

/// The practice of the first years.
pub(super) const PRACTICE: &str = "Hafenblick Family Practice (demo)";
/// The practice after the move.
pub(super) const CITY_PRACTICE: &str = "Marketplace Practice (demo)";
/// The hospital.
pub(super) const HOSPITAL: &str = "Nordhafen Demo Hospital";
/// The hormone specialists.
pub(super) const HORMONES: &str = "Demo Centre for Endocrinology";

const fn visit(t: f64, kind: &'static str, reason: &'static str, place: &'static str) -> Visit {
    Visit { t, minutes: 8 * 60 + 30, lasted: 25, class: "AMB", kind, reason, place, is_urgent: false }
}

const fn check_up(t: f64) -> Visit {
    let place = if t < 5.2 { PRACTICE } else { CITY_PRACTICE };
    visit(t, "Yearly check-up", "Preventive examination", place)
}

const fn urgent(
    t: f64,
    kind: &'static str,
    reason: &'static str,
    class: &'static str,
    minutes: i64,
    lasted: i64,
) -> Visit {
    Visit { t, minutes, lasted, class, kind, reason, place: HOSPITAL, is_urgent: true }
}

#[rustfmt::skip]
pub(super) static VISITS: [Visit; 30] = [
    check_up(0.06),
    visit(0.45, "Consultation", "Sneezing and itching eyes every spring", PRACTICE),
    check_up(1.08),
    urgent(1.45, "Emergency visit", "Fall from a bicycle, pain in the left wrist", "EMER", 17 * 60 + 50, 260),
    visit(1.57, "Consultation", "Removal of the forearm cast", PRACTICE),
    check_up(2.08),
    visit(2.27, "Specialist consultation", "Tiredness, feeling cold, weight gain", HORMONES),
    visit(2.41, "Specialist consultation", "Thyroid control, change of dose", HORMONES),
    visit(2.86, "Specialist consultation", "Thyroid control", HORMONES),
    check_up(3.08),
    visit(3.12, "Consultation", "Iron deficiency anaemia, heavy periods", PRACTICE),
    visit(3.57, "Consultation", "Iron control", PRACTICE),
    check_up(4.08),
    urgent(4.346, "Emergency visit", "Pain in the right lower abdomen, fever", "EMER", 21 * 60 + 40, 190),
    urgent(4.349, "Inpatient stay", "Acute appendicitis, laparoscopic appendectomy", "IMP", 60, 4 * 1440 + 600),
    visit(4.386, "Consultation", "Wound check, removal of stitches", PRACTICE),
    check_up(5.08),
    visit(5.31, "Consultation", "First visit after the move, thyroid control", CITY_PRACTICE),
    check_up(6.08),
    visit(6.48, "Specialist consultation", "Fertility work-up, first talk", HORMONES),
    visit(6.58, "Specialist consultation", "Fertility work-up, results of one cycle", HORMONES),
    visit(7.00, "Consultation", "Palpitations and poor sleep", CITY_PRACTICE),
    check_up(7.08),
    visit(7.33, "Consultation", "Lipids above target twice, lipoprotein(a) high", CITY_PRACTICE),
    urgent(7.60, "Emergency visit", "Fever, chills and pain in the right flank", "EMER", 19 * 60 + 20, 240),
    visit(7.626, "Consultation", "Control after kidney infection", CITY_PRACTICE),
    check_up(8.08),
    check_up(9.08),
    visit(9.46, "Consultation", "Thyroid and lipid control", CITY_PRACTICE),
    check_up(9.97),
];
