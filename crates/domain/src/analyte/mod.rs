//! Analytes: what a laboratory measures, under one name, on one axis.
//!
//! An analyte is one curve: results under any of its LOINC codes, in any of its units, can be drawn
//! together. Serum or plasma and whole blood are two analytes where their values differ (glucose,
//! potassium, creatinine); a share and a count are two; fasting and random glucose are two. Mass and
//! substance concentration are one, where the molar mass is known.
//!
//! Sources: molar masses from IUPAC's atomic weights for defined substances; `TG` as triolein
//! (885.43 g/mol), haemoglobin as the monomer (16114.5 g/mol, IFCC), urea nitrogen as N₂
//! (28.0134 g/mol) against urea (60.056 g/mol), AMH 140 kDa (7.14 pmol/L per ng/mL, the assays'
//! labels), PTH 9425, BNP 3464, NT-proBNP 8457, C-peptide 3020.3; insulin 6.00 pmol/L per mIU/L (WHO
//! 83/500; Vølund, Diabetologia 1993;36:1097; Knopp et al., J Diabetes Sci Technol 2019;13:597).
//! Where calibrations differ from assay to assay (prolactin, Lp(a), growth hormone) there is no
//! conversion.

mod catalogue;
mod convert;
mod group;
mod hash;
mod label;
mod names;
mod query;
mod stated;

pub use group::{Group, Specimen};
pub use label::{format_value, unit_label};
pub use query::{
    Confidence, Match, all, faults, find_by_loinc, find_by_name, find_for_fertility, find_metric, search,
};

use crate::measure::Quantity;
use catalogue::catalogue;
use convert::How;
use stated::{Stated, readings};

/// What `U` and its relatives mean for an analyte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    /// Catalytic activity: `U`, `IU` and `kat` are one scale.
    Enzyme,
    /// Arbitrary or international units: printed `U` means them.
    Arbitrary,
    /// Per 1.73 m² of body surface.
    Filtration,
    /// The master equation.
    HbA1c,
}

/// A unit of an analyte and the LOINC codes whose results have that property.
#[derive(Debug, Clone)]
struct Form {
    unit: &'static str,
    stated: Stated,
    codes: Vec<&'static str>,
}

/// An entry of the catalogue.
#[derive(Debug, Clone)]
pub struct Analyte {
    /// The canonical LOINC code, or an own id that starts with `kw-` where LOINC has none.
    pub loinc: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// German name.
    pub name_de: &'static str,
    /// Its group.
    pub group: Group,
    /// Canonical unit, a UCUM code.
    pub unit: &'static str,
    /// Usual decimals in the canonical unit.
    pub decimals: u8,
    /// Below and above which a value is absurd, in the canonical unit: to be flagged, never changed.
    pub limits: (Option<f64>, Option<f64>),
    /// Molar mass in g/mol, where masses and moles convert with certainty.
    pub molar_mass: Option<f64>,
    /// What it is measured in.
    pub specimen: Specimen,
    /// The HealthKit type that carries it.
    pub metric: Option<&'static str>,
    charge: Option<f64>,
    class: Class,
    equivalence: Option<(Form, f64)>,
    note: Option<&'static str>,
    spellings: Vec<&'static str>,
    forms: Vec<Form>,
}

/// A canonical value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Canonical {
    /// The number in the canonical unit, unrounded.
    pub number: f64,
    /// The canonical unit, a UCUM code.
    pub unit: &'static str,
}

/// A value in a unit that a person chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Displayed {
    /// The number, unrounded.
    pub number: f64,
    /// The unit, a UCUM code.
    pub unit: &'static str,
    /// Decimals that mean something in this unit.
    pub decimals: u8,
}

/// A unit in which an analyte can be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplayUnit {
    /// UCUM code.
    pub unit: &'static str,
    /// As printed.
    pub label: String,
    /// The formula from the canonical unit, in words; empty for the canonical unit itself.
    pub note: String,
}

impl Analyte {
    /// The name in a language: `de`, anything else is English.
    #[must_use]
    pub fn name(&self, lang: &str) -> &'static str {
        if lang.starts_with("de") { self.name_de } else { self.name_en }
    }

    /// All LOINC codes whose results belong on this curve.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.forms.iter().flat_map(|f| f.codes.iter().copied())
    }

    /// The UCUM codes in which the catalogue lists it, the canonical one first.
    pub fn declared_units(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.forms.iter().map(|f| f.unit)
    }

    /// Other spellings of its name.
    #[must_use]
    pub fn spellings(&self) -> &[&'static str] {
        &self.spellings
    }

    /// The units in which it can be shown, the canonical one first.
    #[must_use]
    pub fn units(&self) -> Vec<DisplayUnit> {
        let Some(home) = self.forms.first().map(|f| &f.stated) else { return Vec::new() };
        self.forms
            .iter()
            .filter_map(|f| {
                let (_, how) = convert::any(self, 1.0, home, &f.stated)?;
                Some(DisplayUnit { unit: f.unit, label: unit_label(f.unit), note: self.note(f, home, how) })
            })
            .collect()
    }

    /// Whether a canonical value lies outside of what is plausible.
    #[must_use]
    pub fn is_implausible(&self, canonical: f64) -> bool {
        let (low, high) = self.limits;
        low.is_some_and(|l| canonical < l) || high.is_some_and(|h| canonical > h)
    }

    fn note(&self, form: &Form, home: &Stated, how: How) -> String {
        if form.unit == self.unit {
            return String::new();
        }
        let (to, from) = (unit_label(form.unit), unit_label(self.unit));
        if how == How::HbA1c {
            return "NGSP % = 0.09148 × IFCC mmol/mol + 2.152".to_owned();
        }
        let at = |x: f64| convert::any(self, x, home, &form.stated).map_or(f64::NAN, |v| v.0);
        if form.unit == "[degF]" && self.unit == "Cel" {
            return "°F = °C × 9/5 + 32".to_owned();
        }
        let f = at(1.0);
        let reason = match how {
            How::Molar(mass) => format!(" (molar mass {} g/mol)", label::format_factor(mass)),
            How::Equivalence(_) if self.loinc == "20448-7" => " (6.00 pmol per mIU)".to_owned(),
            How::Equivalence(_) => " (creatinine 113.12 g/mol)".to_owned(),
            _ => String::new(),
        };
        if f >= 1.0 {
            format!("× {} {to} per {from}{reason}", label::format_factor(f))
        } else {
            format!("÷ {} {from} per {to}{reason}", label::format_factor(1.0 / f))
        }
    }

    /// Whether a value in that unit could be turned into the canonical one.
    fn accepts(&self, unit: &Stated) -> bool {
        let wrong_note = self.note.is_some_and(|n| !unit.text.contains(n));
        !wrong_note && self.forms.first().is_some_and(|f| convert::any(self, 1.0, unit, &f.stated).is_some())
    }

    /// Whether a bare number is complete: ratios, indexes, pH, scores.
    fn is_bare_number(&self) -> bool {
        self.unit.starts_with('{') && !self.unit.contains('/') || self.unit == "[pH]"
    }
}

/// The canonical value of a quantity, or `None` where it is not certain: no unit, a unit of another
/// kind, a LOINC code whose property does not fit the unit, a stated code and a printed unit that
/// contradict each other, or a conversion that nobody can vouch for.
#[must_use]
pub fn canonical(analyte: &Analyte, loinc: Option<&str>, quantity: &Quantity) -> Option<Canonical> {
    let known = loinc.and_then(|code| Some((code, catalogue().codes.by_code.get(code)?)));
    let form = match known {
        Some((_, &(other, _)))
            if catalogue().codes.analytes.get(other).is_none_or(|o| o.loinc != analyte.loinc) =>
        {
            return None;
        }
        // An own id says nothing of the property.
        Some((code, &(_, form))) => analyte.forms.get(form).filter(|f| f.codes.contains(&code)),
        None => None,
    };
    canonical_in(analyte, form, quantity)
}

/// As [`canonical`], for a quantity without a code: the unit alone says what it is.
#[must_use]
pub fn canonical_by_unit(analyte: &Analyte, quantity: &Quantity) -> Option<Canonical> {
    canonical_in(analyte, None, quantity)
}

fn canonical_in(analyte: &Analyte, form: Option<&Form>, quantity: &Quantity) -> Option<Canonical> {
    let value = quantity.number.value();
    let home = &analyte.forms.first()?.stated;
    let done = |number: f64| number.is_finite().then_some(Canonical { number, unit: analyte.unit });
    let (stated, printed) = (readings(quantity.ucum.as_deref()), readings(quantity.unit.as_deref()));
    if stated.is_none() && printed.is_none() {
        return if analyte.is_bare_number() { done(value) } else { None };
    }
    let fitting = |unit: &Stated| {
        if let Some(form) = form {
            // LOINC's creatinine quotients are "ratios" and leave the unit open.
            let open = form.unit.contains("/g") || form.unit.contains("/mmol");
            if convert::direct(analyte, 1.0, unit, &form.stated).is_none()
                && !(open && analyte.equivalence.is_some())
            {
                return None;
            }
        } else if analyte.note.is_some() && !analyte.accepts(unit) {
            return None;
        }
        convert::any(analyte, value, unit, home).map(|v| v.0)
    };
    let by_code = stated.as_ref().and_then(|r| r.of_code().find_map(&fitting));
    let by_print = printed.as_ref().and_then(|r| r.printed.as_ref()).and_then(&fitting);
    let number = match (by_code, by_print) {
        (Some(a), Some(b)) if (a - b).abs() > a.abs().max(b.abs()) * 1e-6 => return None,
        (Some(a), _) => a,
        // A stated code that cannot be read at all is as good as none; one that says something
        // else is a contradiction.
        (None, Some(b)) if stated.is_none_or(|r| r.of_code().next().is_none()) => b,
        _ => return None,
    };
    done(number)
}

/// A canonical value in another of the analyte's units; `None` where the unit is not one of them.
#[must_use]
pub fn convert_for_display(analyte: &Analyte, number: f64, unit: &str) -> Option<Displayed> {
    let home = &analyte.forms.first()?.stated;
    let form = analyte.forms.iter().find(|f| f.unit == unit)?;
    let (shown, _) = convert::any(analyte, number, home, &form.stated)?;
    if form.unit == analyte.unit {
        return Some(Displayed { number: shown, unit: form.unit, decimals: analyte.decimals });
    }
    // A scale with an offset has its steepness between two points.
    let at = |x: f64| convert::any(analyte, x, home, &form.stated).map_or(f64::NAN, |v| v.0);
    let steepness = (at(2.0) - at(1.0)).abs();
    #[allow(clippy::cast_possible_truncation)]
    let shift = steepness.log10().round() as i32;
    let decimals = (i32::from(analyte.decimals) - shift).clamp(0, 6);
    Some(Displayed { number: shown, unit: form.unit, decimals: u8::try_from(decimals).unwrap_or(0) })
}
