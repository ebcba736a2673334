//! Conversions of one analyte's values, and only those that are certain.

use super::{Analyte, Class, stated::Stated};
use crate::ucum::{Unit, convert, factor};
use std::sync::OnceLock;

/// HbA1c, the master equation between NGSP (%) and IFCC (mmol/mol):
/// NGSP = 0.09148 · IFCC + 2.152 (Hoelzel et al., Clin Chem 2004;50:166–174; <https://ngsp.org/ifcc.asp>).
const HBA1C: (f64, f64) = (0.09148, 2.152);

/// Converts between two units of the same property: no molar mass, no equivalence.
pub(super) fn direct(a: &Analyte, value: f64, from: &Stated, to: &Stated) -> Option<f64> {
    if let Some(note) = a.note {
        // `ng/mL` of D-dimer may be either kind; the text must not say the other one.
        if from.text.contains('{') && !from.text.contains(note) {
            return None;
        }
    }
    let (u, t) = (from.unit, to.unit);
    if u.same_kind(&t) {
        if u.same_kind(&Unit::ONE) && !from.is_same_share(to) {
            return None;
        }
        return convert(value, &u, &t).ok();
    }
    if let (Some(x), Some(y)) = (u.particles_as_moles(a.charge), t.particles_as_moles(a.charge))
        && x.same_kind(&y)
    {
        return Some(value * factor(&x, &y)?);
    }
    match a.class {
        Class::Enzyme | Class::Arbitrary => {
            let (x, y) = (&from.international, &to.international);
            if x.same_kind(y) { Some(value * factor(x, y)?) } else { None }
        }
        Class::Filtration => {
            // mL/min/(173.10*-2.m2) is mL/min for a body of 1.73 m².
            static BODY: OnceLock<Option<Unit>> = OnceLock::new();
            let body = BODY.get_or_init(|| Unit::parse("173.10*-2.m2").ok());
            let x = u.multiply(body.as_ref()?).ok()?;
            if x.same_kind(&t) { Some(value * factor(&x, &t)?) } else { None }
        }
        Class::Plain | Class::HbA1c => None,
    }
}

/// How a conversion was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum How {
    Direct,
    Molar(f64),
    Equivalence(f64),
    HbA1c,
}

/// Converts between any two units of an analyte.
pub(super) fn any(a: &Analyte, value: f64, from: &Stated, to: &Stated) -> Option<(f64, How)> {
    if a.class == Class::HbA1c
        && let Some(x) = hba1c(value, &from.bare, &to.bare)
    {
        return Some((x, How::HbA1c));
    }
    if let Some(x) = direct(a, value, from, to) {
        return Some((x, How::Direct));
    }
    if let Some((form, amount)) = &a.equivalence {
        let (other, home) = (&form.stated, &a.forms.first()?.stated);
        if let Some(x) = direct(a, value, from, other) {
            return Some((direct(a, x / amount, home, to)?, How::Equivalence(*amount)));
        }
        if let (Some(x), Some(_)) = (direct(a, value, from, home), direct(a, 1.0, other, to)) {
            return Some((direct(a, x * amount, other, to)?, How::Equivalence(*amount)));
        }
    }
    let mass = a.molar_mass?;
    if from.unit.moles() == 0 && to.unit.moles() == 0 && a.charge.is_none() {
        return None;
    }
    let x = from.unit.mass_as_moles(mass).particles_as_moles(a.charge)?;
    let y = to.unit.mass_as_moles(mass).particles_as_moles(a.charge)?;
    if x.same_kind(&y) && !x.same_kind(&Unit::ONE) {
        Some((value * factor(&x, &y)?, How::Molar(mass)))
    } else {
        None
    }
}

fn hba1c(value: f64, from: &str, to: &str) -> Option<f64> {
    match (from, to) {
        ("mmol/mol", "%") => Some(HBA1C.0 * value + HBA1C.1),
        ("%", "mmol/mol") => Some((value - HBA1C.1) / HBA1C.0),
        _ => None,
    }
}
