//! Hormones in either unit. Factors are those of the catalogue of analytes (molar masses from atomic
//! weights, E2 272.38, P4 314.46, AMH 140 kDa); nothing is converted here by a factor of its own.

use crate::{
    merge::Book,
    model::{Amount, Hormone, HormoneKind, Moment, Told, settings::UnitSystem},
};
use keepwell_domain::{
    analyte::{self, Analyte, DisplayUnit, Displayed, unit_label},
    ucum::{Unit, read_unit},
};

/// The catalogue's codes of a hormone: the curve's own first. Prolactin has two curves, by mass and by
/// activity, between which nothing converts.
const fn codes(kind: HormoneKind) -> &'static [&'static str] {
    match kind {
        HormoneKind::Estradiol => &["2243-4"],
        HormoneKind::Progesterone => &["2839-9"],
        HormoneKind::Lh => &["10501-5"],
        HormoneKind::Fsh => &["15067-2"],
        HormoneKind::Amh => &["38476-8"],
        HormoneKind::Hcg => &["19080-1"],
        HormoneKind::Prolactin => &["2842-3", "15081-3"],
        HormoneKind::Tsh => &["3016-3"],
        HormoneKind::Testosterone => &["2986-8"],
        HormoneKind::Dheas => &["2191-5"],
        HormoneKind::Androstenedione => &["1854-9"],
        HormoneKind::Shbg => &["13967-5"],
        HormoneKind::InhibinB => &["kw-inhibin-b"],
        HormoneKind::SeventeenOhp => &["14569-8"],
        HormoneKind::FreeT4 => &["3024-7"],
        HormoneKind::VitaminD => &["1989-3"],
        HormoneKind::Ferritin => &["2276-4"],
        HormoneKind::Other => &[],
    }
}

/// The curves of a hormone: one, for prolactin two.
pub fn analytes(kind: HormoneKind) -> impl Iterator<Item = &'static Analyte> {
    codes(kind).iter().filter_map(|c| analyte::find_for_fertility(c))
}

/// The hormone of one of the catalogue's codes.
#[must_use]
pub fn of_code(code: &str) -> Option<HormoneKind> {
    HormoneKind::ALL.iter().find(|k| codes(**k).contains(&code)).copied()
}

/// The analyte of a hormone, as the unit of a value decides where there are two.
#[must_use]
pub fn analyte(kind: HormoneKind, value: Option<&Amount>) -> Option<&'static Analyte> {
    let mut all = analytes(kind);
    match value {
        Some(v) if codes(kind).len() > 1 => {
            all.find(|a| analyte::canonical_by_unit(a, &v.quantity()).is_some())
        }
        _ => all.next(),
    }
}

/// A value in the catalogue's unit; `None` where that is not certain.
#[must_use]
pub fn canonical(kind: HormoneKind, value: &Amount) -> Option<f64> {
    analyte::canonical_by_unit(analyte(kind, Some(value))?, &value.quantity()).map(|c| c.number)
}

/// The units in which a hormone can be shown.
#[must_use]
pub fn units(kind: HormoneKind) -> Vec<DisplayUnit> {
    analyte(kind, None).map_or_else(Vec::new, Analyte::units)
}

/// The UCUM codes of the units in which laboratories report a hormone, the most usual first. Estradiol in
/// nmol/L is that of some northern laboratories, and no unit that the catalogue shows it in.
fn reported(kind: HormoneKind) -> impl Iterator<Item = &'static str> {
    let more: &[&str] = if kind == HormoneKind::Estradiol { &["nmol/L"] } else { &[] };
    analytes(kind).flat_map(Analyte::declared_units).chain(more.iter().copied())
}

/// The units in which laboratories report a hormone, as printed, the most usual first. Empty for one that has
/// no place of its own.
#[must_use]
pub fn printed_units(kind: HormoneKind) -> Vec<String> {
    reported(kind).map(unit_label).collect()
}

/// Whether laboratories report a hormone in a unit, however it is spelled. A unit that merely converts is none:
/// progesterone in pg/mL is more likely a slip than a value. What is not in the catalogue may have any.
#[must_use]
pub fn has_unit(kind: HormoneKind, unit: &str) -> bool {
    let one = |unit: &str| canonical(kind, &Amount::new("1", unit).ok()?);
    let is_same = |a: f64, b: f64| (a - b).abs() <= a.abs() * 1e-9;
    let mut all = reported(kind).peekable();
    let is_reported = |of_it: f64, u: &str| one(&unit_label(u)).is_some_and(|x| is_same(of_it, x));
    all.peek().is_none() || one(unit).is_some_and(|of_it| all.any(|u| is_reported(of_it, u)))
}

/// The unit that a new value of a hormone begins with: that of the last value which the person has of it, else
/// the most usual.
#[must_use]
pub fn usual_unit(book: &Book, kind: HormoneKind) -> Option<String> {
    let of_kind = book.all::<Hormone>().filter(|(_, h)| h.hormone == Told::Known(kind));
    let with_unit = of_kind.filter_map(|(id, h)| {
        let unit = h.value.known().map(|v| v.unit.clone())?;
        has_unit(kind, &unit).then(|| (h.at.known().map(Moment::sort_key), id, unit))
    });
    let last = with_unit.max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1))).map(|found| found.2);
    last.or_else(|| printed_units(kind).into_iter().next())
}

/// A value in a unit of the catalogue.
#[must_use]
pub fn in_unit(kind: HormoneKind, value: &Amount, unit: &str) -> Option<Displayed> {
    analyte::convert_for_display(analyte(kind, Some(value))?, canonical(kind, value)?, unit)
}

/// A value in a system of units; `None` where it is to stay as entered or cannot be converted.
#[must_use]
pub fn in_system(kind: HormoneKind, value: &Amount, system: UnitSystem) -> Option<Displayed> {
    let wanted = match system {
        UnitSystem::Entered => return None,
        UnitSystem::Molar => "mol/L",
        UnitSystem::Mass => "g/L",
    };
    let wanted = Unit::parse(wanted).ok()?;
    let fits = |unit: &&str| Unit::parse(unit).is_ok_and(|u| u.same_kind(&wanted));
    let unit = analyte(kind, Some(value))?.declared_units().find(fits)?;
    in_unit(kind, value, unit)
}

/// The LOINC code that fits a value exactly: that of its property, mass or substance concentration.
/// `None` where the unit leaves a doubt or LOINC has none.
#[must_use]
pub fn loinc(kind: HormoneKind, value: &Amount) -> Option<&'static str> {
    let unit = Unit::parse(&read_unit(&value.unit)?).ok()?;
    let candidates: &[(&str, &'static str)] = match kind {
        HormoneKind::Estradiol => &[("pg/mL", "2243-4"), ("pmol/L", "14715-7")],
        HormoneKind::Progesterone => &[("ng/mL", "2839-9"), ("nmol/L", "14890-8")],
        HormoneKind::Lh => &[("[IU]/L", "10501-5")],
        HormoneKind::Fsh => &[("[IU]/L", "15067-2")],
        HormoneKind::Amh => &[("ng/mL", "38476-8")],
        HormoneKind::Hcg => &[("[IU]/L", "19080-1")],
        HormoneKind::Prolactin => &[("ng/mL", "2842-3"), ("m[IU]/L", "15081-3")],
        HormoneKind::Tsh => &[("m[IU]/L", "3016-3")],
        HormoneKind::Testosterone => &[("ng/dL", "2986-8"), ("nmol/L", "14913-8")],
        HormoneKind::Dheas => &[("ug/dL", "2191-5"), ("umol/L", "14688-6")],
        HormoneKind::Androstenedione => &[("ng/mL", "1854-9"), ("nmol/L", "14603-5")],
        HormoneKind::Shbg => &[("nmol/L", "13967-5")],
        HormoneKind::SeventeenOhp => &[("ng/dL", "1668-3"), ("nmol/L", "14569-8")],
        HormoneKind::FreeT4 => &[("ng/dL", "3024-7"), ("pmol/L", "14920-3")],
        HormoneKind::VitaminD => &[("ng/mL", "1989-3"), ("nmol/L", "14635-7")],
        HormoneKind::Ferritin => &[("ng/mL", "2276-4")],
        HormoneKind::InhibinB | HormoneKind::Other => &[],
    };
    candidates.iter().find(|(u, _)| Unit::parse(u).is_ok_and(|u| u.same_kind(&unit))).map(|c| c.1)
}
