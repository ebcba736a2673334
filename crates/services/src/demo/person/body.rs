//! Her body: what a laboratory would measure on a given day, in Labor Nordhafen's units.
//!
//! The story is in the curves: thyroid failure in the third year and each change of dose after it,
//! iron deficiency in the fourth, appendicitis in the fifth, too much levothyroxine and a kidney
//! infection in the eighth, a statin from then on.

use super::{
    curves::{
        ALT, AMH, CREATININE, CRP, FERRITIN, FT4, HB, HDL, IRON, LDL, LEUKOCYTES, MCHC, MCV, NEUTROPHILS,
        PULSE, RDW, RUBELLA, SYSTOLIC, TEMPERATURE, TPO, TRANSFERRIN, TRIGLYCERIDES, TSH, WEIGHT, at,
    },
    rng::Rng,
};
use keepwell_domain::time::Date;

/// Her height in cm.
pub(super) const HEIGHT: f64 = 168.0;

/// What is found at a visit.
pub(super) struct Vitals {
    pub systolic: f64,
    pub diastolic: f64,
    pub pulse: f64,
    pub weight: f64,
    pub temperature: f64,
}

pub(super) fn vitals(t: f64, rng: &mut Rng) -> Vitals {
    let systolic = rng.around(at(SYSTOLIC, t), 0.03);
    Vitals {
        systolic,
        diastolic: rng.around(systolic * 0.64, 0.03),
        pulse: rng.around(at(PULSE, t), 0.04),
        weight: weight(t, rng),
        temperature: rng.around(at(TEMPERATURE, t), 0.003),
    }
}

pub(super) fn weight(t: f64, rng: &mut Rng) -> f64 {
    rng.around(at(WEIGHT, t), 0.006)
}

/// All that a laboratory could measure in one sample. `cycle_day` is the day of the cycle, for
/// the hormones that follow it.
pub(super) fn blood(t: f64, date: Date, age: f64, cycle_day: u8, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    let mut out = count(t, date, rng);
    out.extend(chemistry(t, age, rng));
    out.extend(lipids_and_iron(t, rng));
    out.extend(vitamins_and_thyroid(t, date, rng));
    out.extend(hormones(t, cycle_day, rng));
    out.push(("uph", rng.between(5.2, 6.8)));
    out.push(("usg", rng.between(1.008, 1.022)));
    let kidney_infection = (7.59..7.62).contains(&t);
    out.push(("uwbc", if kidney_infection { 430.0 } else { rng.between(1.0, 14.0) }));
    out
}

fn count(t: f64, date: Date, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    let hb = rng.around(at(HB, t), 0.008);
    let mchc = rng.around(at(MCHC, t), 0.006);
    let mcv = rng.around(at(MCV, t), 0.006);
    let hct = hb / mchc * 100.0;
    let rbc = hct * 10.0 / mcv;
    let wbc = rng.around(at(LEUKOCYTES, t), 0.05);
    let neut = rng.around(at(NEUTROPHILS, t), 0.03);
    let room = 100.0 - neut;
    let mono = rng.around(room * 0.16, 0.08);
    // Grass pollen shows in spring and early summer.
    let pollen = if (4..=7).contains(&date.month()) { 0.14 } else { 0.06 };
    let eos = rng.around(room * pollen, 0.12);
    let baso = rng.between(0.4, 1.0);
    vec![
        ("hb", hb),
        ("hct", hct),
        ("rbc", rbc),
        ("mcv", mcv),
        ("mch", hb * 10.0 / rbc),
        ("mchc", mchc),
        ("rdw", rng.around(at(RDW, t), 0.01)),
        ("plt", rng.around(if (2.9..3.4).contains(&t) { 348.0 } else { 262.0 }, 0.05)),
        ("wbc", wbc),
        ("neut", neut),
        ("lymph", room - mono - eos - baso),
        ("mono", mono),
        ("eos", eos),
        ("baso", baso),
    ]
}

/// CKD-EPI 2021 for a woman; creatinine in mg/dL. Inker et al., N Engl J Med 2021;385:1737.
fn egfr(creatinine: f64, age: f64) -> f64 {
    let ratio = creatinine / 0.7;
    142.0 * ratio.min(1.0).powf(-0.241) * ratio.max(1.0).powf(-1.2) * 0.9938f64.powf(age) * 1.012
}

fn chemistry(t: f64, age: f64, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    // The estimate is reckoned from the creatinine as it is printed.
    let crea = (rng.around(at(CREATININE, t), 0.03) * 100.0).round() / 100.0;
    let crp = rng.around(at(CRP, t), 0.06);
    let alt = rng.around(at(ALT, t), 0.08);
    vec![
        ("na", rng.around(139.5, 0.008)),
        ("k", rng.around(4.2, 0.05)),
        ("ca", rng.around(2.34, 0.015)),
        ("crea", crea),
        ("egfr", egfr(crea, age)),
        ("urea", rng.around(27.0, 0.12)),
        ("ua", rng.around(4.1, 0.07)),
        ("alt", alt),
        ("ast", rng.around(alt * 0.75 + 6.0, 0.06)),
        ("ggt", rng.around(17.0, 0.12)),
        ("alp", rng.around(if (1.45..1.9).contains(&t) { 92.0 } else { 61.0 }, 0.06)),
        ("bili", rng.around(0.52, 0.15)),
        ("alb", rng.around(4.4, 0.03)),
        ("tp", rng.around(7.2, 0.025)),
        ("crp", crp),
        ("pct", if crp > 100.0 { 0.41 } else { 0.03 }),
        ("tnt", 0.004),
        ("glu", rng.around(88.0 + t * 0.6, 0.035)),
        ("a1c", rng.around(5.2 + t * 0.02, 0.012)),
    ]
}

fn lipids_and_iron(t: f64, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    let (ldl, hdl) = (rng.around(at(LDL, t), 0.02), rng.around(at(HDL, t), 0.03));
    let tg = rng.around(at(TRIGLYCERIDES, t), 0.09);
    let iron = rng.around(at(IRON, t), 0.08);
    let transferrin = rng.around(at(TRANSFERRIN, t), 0.02);
    vec![
        ("ldl", ldl),
        ("hdl", hdl),
        ("tg", tg),
        ("chol", ldl + hdl + tg / 5.0),
        ("lpa", rng.around(136.0, 0.04)),
        ("fe", iron),
        ("trf", transferrin),
        // Transferrin carries 1.41 µg iron per mg.
        ("tsat", iron / (transferrin * 1.41) * 100.0),
        ("ferr", rng.around(at(FERRITIN, t), 0.03)),
    ]
}

/// Years after which she takes vitamin D while the sun is low.
pub(super) const FIRST_WINTER: f64 = 1.9;

/// Vitamin D over the year in ng/mL, around its mean: lowest in February, highest in August at 50° north.
const SUN: [f64; 12] = [-9.0, -10.0, -9.5, -6.0, -1.0, 5.0, 9.0, 10.0, 7.0, 2.0, -3.5, -7.0];

fn vitamins_and_thyroid(t: f64, date: Date, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    let sun = SUN[usize::from(date.month() - 1) % 12];
    // From then on she takes vitamin D in winter.
    let is_winter = matches!(date.month(), 11 | 12 | 1..=4);
    let taken = if t > FIRST_WINTER && is_winter { 11.0 } else { 0.0 };
    // With the arm in a cast she was hardly outside.
    let vitamin_d = if (1.5..1.62).contains(&t) { 11.5 } else { 23.0 + sun + taken };
    vec![
        ("vitd", rng.around(vitamin_d, 0.06)),
        ("b12", rng.around(384.0, 0.08)),
        ("fol", rng.around(if t > 6.5 { 15.5 } else { 7.4 }, 0.10)),
        ("tsh", rng.around(at(TSH, t), 0.012)),
        ("ft4", rng.around(at(FT4, t), 0.012)),
        ("ft3", rng.around(2.0 + at(FT4, t), 0.03)),
        ("tpo", rng.around(at(TPO, t), 0.05)),
        ("tgab", rng.around(148.0 - t * 5.0, 0.05)),
    ]
}

fn hormones(t: f64, cycle_day: u8, rng: &mut Rng) -> Vec<(&'static str, f64)> {
    let (fsh, lh, e2, p4) = match cycle_day {
        0..=6 => (7.2, 5.1, 41.0, 0.31),
        7..=11 => (5.9, 7.4, 138.0, 0.38),
        12..=14 => (13.8, 41.6, 262.0, 0.92),
        _ => (3.9, 5.8, 149.0, 12.4),
    };
    vec![
        ("amh", rng.around(at(AMH, t), 0.02)),
        ("fsh", rng.around(fsh, 0.03)),
        ("lh", rng.around(lh, 0.03)),
        ("e2", rng.around(e2, 0.03)),
        ("p4", rng.around(p4, 0.03)),
        ("prl", rng.around(312.0, 0.06)),
        ("testo", rng.around(27.0, 0.06)),
        ("shbg", rng.around(64.0, 0.05)),
        ("hcg", 0.05),
        ("rub", rng.around(at(RUBELLA, t), 0.02)),
    ]
}
