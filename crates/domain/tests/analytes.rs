//! The catalogue of analytes: its tables, its look-ups and its conversions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::{
    analyte::{
        self, Analyte, Confidence, canonical, convert_for_display, find_by_loinc, find_by_name, find_metric,
        format_value, search, unit_label,
    },
    measure::{Number, Quantity},
    ucum::Unit,
};
use std::collections::{BTreeMap, HashSet};

fn quantity(number: &str, unit: Option<&str>, ucum: Option<&str>) -> Quantity {
    Quantity {
        number: Number::parse(number).unwrap(),
        comparator: None,
        unit: unit.map(str::to_owned),
        ucum: ucum.map(str::to_owned),
    }
}

fn of(code: &str) -> &'static Analyte {
    find_by_loinc(code).unwrap_or_else(|| panic!("{code} is not in the catalogue"))
}

/// LOINC's check digit: Luhn's sum.
fn check_digit_fits(code: &str) -> bool {
    let Some((number, check)) = code.split_once('-') else { return false };
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, c)| {
            let d = u32::from(c - b'0');
            if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }
        })
        .sum();
    check.parse::<u32>().is_ok_and(|c| (10 - sum % 10) % 10 == c)
}

#[test]
fn every_line_is_sound() {
    assert!(analyte::all().len() >= 330, "{} analytes", analyte::all().len());
    assert_eq!(analyte::faults(), &[] as &[String]);
    let mut ids = HashSet::new();
    for a in analyte::all() {
        assert!(ids.insert(a.loinc), "{} stands twice", a.loinc);
        assert!(!a.name_en.is_empty() && !a.name_de.is_empty(), "{}", a.loinc);
        assert!(a.loinc.starts_with("kw-") || check_digit_fits(a.loinc), "{}", a.loinc);
        for code in a.codes() {
            assert!(check_digit_fits(code), "{code} of {}", a.name_en);
            assert_eq!(find_by_loinc(code).unwrap().loinc, a.loinc);
        }
        let units = a.units();
        assert_eq!(units[0].unit, a.unit, "{}", a.name_en);
        assert_eq!(
            units.len(),
            a.declared_units().count(),
            "a unit of {} does not convert: {units:?}",
            a.name_en
        );
        for u in &units {
            assert!(Unit::parse(u.unit).is_ok());
            let shown = convert_for_display(a, 10.0, u.unit).unwrap();
            assert!(shown.number.is_finite() && shown.number != 0.0, "{} {}", a.name_en, u.unit);
        }
        assert!(a.molar_mass.is_none_or(|m| (6.0..200_000.0).contains(&m)), "{}", a.name_en);
        if let (Some(low), Some(high)) = a.limits {
            assert!(low < high, "{}", a.name_en);
        }
    }
}

#[test]
fn no_spelling_names_two_analytes_with_the_same_kind_of_unit() {
    let mut claims: BTreeMap<(String, String), Vec<&Analyte>> = BTreeMap::new();
    for a in analyte::all() {
        let names: HashSet<String> =
            [a.name_en, a.name_de].iter().chain(a.spellings()).map(|s| s.to_lowercase()).collect();
        for n in names {
            claims.entry((n, format!("{:?}", a.specimen))).or_default().push(a);
        }
    }
    let mut clashes = Vec::new();
    for ((name, specimen), list) in claims {
        for (i, a) in list.iter().enumerate() {
            for b in &list[i + 1..] {
                if a.declared_units().any(|u| b.declared_units().any(|v| u == v)) {
                    clashes.push(format!("{name} ({specimen}): {} and {}", a.name_en, b.name_en));
                }
            }
        }
    }
    assert!(clashes.is_empty(), "{clashes:#?}");
}

#[test]
fn names_as_printed_are_found() {
    for (name, unit, specimen, code) in [
        ("Hb", None, None, "718-7"),
        ("HGB", Some("g/dL"), None, "718-7"),
        ("Hämoglobin", Some("g/dl"), None, "718-7"),
        ("Haemoglobin", Some("g/L"), None, "718-7"),
        ("Haemoglobin", Some("mmol/l"), None, "718-7"),
        ("Hemoglobin", None, Some("Blood"), "718-7"),
        ("GPT (ALAT)", Some("U/l"), None, "1742-6"),
        ("SGPT", Some("IU/L"), None, "1742-6"),
        ("ALT", None, None, "1742-6"),
        ("ALT (SGPT)", Some("U/L"), None, "1742-6"),
        ("Leukozyten", Some("/nl"), None, "6690-2"),
        ("Leukozyten", Some("G/l"), None, "6690-2"),
        ("WBC", Some("K/uL"), None, "6690-2"),
        ("TSH basal", Some("mU/l"), None, "3016-3"),
        ("TSH, basal", Some("µIU/mL"), None, "3016-3"),
        ("Kreatinin", Some("mg/dl"), None, "2160-0"),
        ("Kreatinin i.S.", Some("mg/dl"), None, "2160-0"),
        ("Kreatinin im Serum", Some("µmol/l"), None, "2160-0"),
        ("Creatinine, Serum", Some("mg/dL"), None, "2160-0"),
        ("Kreatinin", Some("mg/dl"), Some("Urin"), "2161-8"),
        ("Kreatinin im Urin", Some("g/l"), None, "2161-8"),
        ("Neutrophils", Some("%"), None, "770-8"),
        ("Neutrophils", Some("10^3/uL"), None, "751-8"),
        ("Neutrophile abs.", Some("/nl"), None, "751-8"),
        ("Neutrophils %", None, None, "770-8"),
        ("NEUT#", None, None, "751-8"),
        ("Lymphocytes, Absolute", Some("x10E3/uL"), None, "731-0"),
        ("Bilirubin, Total", Some("mg/dL"), None, "1975-2"),
        ("Bilirubin gesamt", Some("µmol/l"), None, "1975-2"),
        ("Cholesterin", Some("mg/dl"), None, "2093-3"),
        ("LDL-Cholesterin", Some("mmol/l"), None, "2089-1"),
        ("Cholesterol, LDL, Calculated", Some("mg/dL"), None, "2089-1"),
        ("Quick", Some("%"), None, "5894-1"),
        ("Thromboplastinzeit", Some("sec"), None, "5902-2"),
        ("Thromboplastinzeit", Some("%"), None, "5894-1"),
        ("HbA1c", Some("%"), None, "4548-4"),
        ("HbA1c (IFCC)", Some("mmol/mol"), None, "4548-4"),
        ("D-Dimer", Some("mg/L FEU"), None, "48065-7"),
        ("Lp(a)", Some("nmol/L"), None, "43583-4"),
        ("Lp(a)", Some("mg/dl"), None, "10835-7"),
        ("Prolaktin", Some("µg/l"), None, "2842-3"),
        ("Prolactin", Some("mIU/L"), None, "15081-3"),
        ("γ-GT", Some("U/l"), None, "2324-2"),
        ("25-OH-Vitamin D", Some("ng/ml"), None, "1989-3"),
        ("Vitamin D 25-Hydroxy", Some("nmol/L"), None, "1989-3"),
        ("Harnstoff", Some("mg/dl"), None, "3091-6"),
        ("BUN", Some("mg/dL"), None, "3094-0"),
        ("ANTI-TPO", Some("U/ml"), None, "8099-4"),
        ("CA 125", Some("U/ml"), None, "10334-1"),
        ("Troponin T", Some("ng/mL"), None, "6598-7"),
        ("Troponin I", Some("ng/mL"), None, "10839-9"),
        ("eGFR", Some("mL/min/1.73m2"), None, "98979-8"),
        ("Puls", Some("/min"), None, "8867-4"),
        ("Gewicht", Some("kg"), None, "29463-7"),
        ("Glucose", Some("mg/dL"), Some("Urine"), "2350-7"),
        ("Glukose", Some("mmol/l"), Some("Kapillarblut"), "32016-8"),
        ("Natrium", Some("mmol/l"), None, "2951-2"),
        ("Sodium (Na)", Some("mmol/L"), None, "2951-2"),
        ("Glucose (mg/dL)", Some("mg/dL"), None, "2345-7"),
        ("Body weight (kg)", Some("kg"), None, "29463-7"),
        ("Potassium (Serum)", Some("mmol/L"), None, "2823-3"),
        ("K", Some("mmol/l"), None, "2823-3"),
        ("Calprotectin im Stuhl", Some("µg/g Stuhl"), None, "38445-3"),
    ] {
        let found = find_by_name(name, unit, specimen);
        assert_eq!(found.map(|m| m.analyte.loinc), Some(code), "{name} {unit:?} {specimen:?}");
        assert_ne!(found.unwrap().confidence, Confidence::Fuzzy, "{name}");
    }
    assert_eq!(find_by_name("Hemoglobin", None, None).unwrap().confidence, Confidence::Exact);
    assert_eq!(find_by_name("Kreatinine", Some("mg/dL"), None).unwrap().confidence, Confidence::Fuzzy);
}

#[test]
fn doubtful_names_are_not_guessed_at() {
    for (name, unit, specimen) in [
        ("Neutrophils", None, None),
        ("Lp(a)", None, None),
        ("Prolactin", None, None),
        ("D-Dimer", Some("ng/mL"), None),
        ("Hemoglobin", Some("%"), None),
        ("Hemoglobin", Some("g/dL"), Some("Pleural fluid")),
        ("Vitamin K9", Some("ng/mL"), None),
        ("Troponin", Some("ng/mL"), None),
        ("Troponin X", Some("ng/mL"), None),
        ("", None, None),
        ("Comment", None, None),
        ("Leukocytes", Some("mg/dL"), None),
        ("Glucose", Some("mg/dL"), Some("Ascites")),
        ("Glukose (postprandial)", Some("mg/dl"), None),
        ("Glucose (nach 60 min)", Some("mg/dl"), None),
        ("Cortisol (Speichel)", Some("µg/dl"), None),
        ("Cortisol (Serum) nach Dexamethason", Some("µg/dl"), None),
        ("Protein S (frei)", Some("%"), None),
        ("Blutsenkung (2 h)", Some("mm/h"), None),
        ("Glucose\nmg/dL", None, None),
    ] {
        let found = find_by_name(name, unit, specimen);
        assert!(found.is_none(), "{name} {unit:?}: {}", found.unwrap().analyte.name_en);
    }
}

#[test]
fn canonical_values_are_right() {
    for (code, number, unit, wanted) in [
        ("14749-6", "5.5", "mmol/L", 99.0858),
        ("2345-7", "99", "mg/dL", 99.0),
        ("59260-0", "8.7", "mmol/L", 14.01962),
        ("718-7", "140", "g/L", 14.0),
        ("14647-2", "5.0", "mmol/L", 193.325),
        ("14927-8", "1.5", "mmol/L", 132.8145),
        ("14682-9", "88.4", "umol/L", 0.99998),
        ("22664-7", "5.0", "mmol/L", 30.028),
        ("14937-7", "5.0", "mmol/L", 14.0067),
        ("2823-3", "4.1", "mEq/L", 4.1),
        ("2000-8", "5.0", "mEq/L", 2.5),
        ("2601-3", "1.6", "meq/L", 0.8),
        ("17861-6", "9.6", "mg/dL", 2.395_329),
        ("59261-8", "48", "mmol/mol", 6.543_04),
        ("4548-4", "6.5", "%", 6.5),
        ("1742-6", "35", "IU/L", 35.0),
        ("1742-6", "0.5", "ukat/L", 30.0),
        ("3016-3", "2.1", "mU/L", 2.1),
        ("3016-3", "2.1", "uIU/mL", 2.1),
        ("20448-7", "10", "µIU/mL", 10.0),
        ("14796-7", "60", "pmol/L", 10.0),
        ("1988-5", "0.5", "mg/dL", 5.0),
        ("14631-6", "17.1", "umol/L", 0.999_77),
        ("14933-6", "357", "umol/L", 6.0015),
        ("38476-8", "2", "ng/mL", 2.0),
        ("14685-2", "221", "pmol/L", 299.537),
        ("6690-2", "7.2", "G/l", 7.2),
        ("6690-2", "7200", "/uL", 7.2),
        ("777-3", "250", "10*9/L", 250.0),
        ("789-8", "4.8", "T/l", 4.8),
        ("8310-5", "98.6", "[degF]", 37.0),
        ("29463-7", "150", "[lb_av]", 68.038_856),
        ("8302-2", "70", "[in_i]", 177.8),
        ("4544-3", "0.45", "L/L", 45.0),
        ("33914-3", "88", "mL/min/{1.73_m2}", 88.0),
        ("33914-3", "88", "mL/min/1.73m2", 88.0),
        ("33914-3", "88", "mL/min/(173.10*-2.m2)", 88.0),
        ("30000-4", "3.0", "mg/mmol", 26.5205),
        ("48065-7", "500", "ng/mL", 0.5),
        ("2692-2", "290", "mOsm/kg", 290.0),
        ("8480-6", "120", "mmHg", 120.0),
        ("10334-1", "20", "U/mL", 20.0),
        ("8099-4", "20", "kU/L", 20.0),
    ] {
        let a = of(code);
        for q in [quantity(number, Some(unit), None), quantity(number, Some(unit), Some(unit))] {
            let c = canonical(a, Some(code), &q).unwrap_or_else(|| panic!("{code} {number} {unit}"));
            assert!(
                (c.number - wanted).abs() <= wanted * 1e-4,
                "{code}: {number} {unit} = {} {}",
                c.number,
                c.unit
            );
            assert_eq!(c.unit, a.unit);
        }
    }
    let ph = canonical(of("2744-1"), Some("2744-1"), &quantity("7.41", None, None)).unwrap();
    assert!((ph.number - 7.41).abs() < 1e-12);
}

#[test]
fn uncertain_values_have_no_canonical_value() {
    for (code, unit, ucum) in [
        ("718-7", Some("mmol/L"), None),
        ("2345-7", None, None),
        ("2345-7", Some("mmol/L"), None),
        ("2345-7", Some("mg/dL"), Some("mmol/L")),
        ("2345-7", Some("U/L"), None),
        ("4548-4", Some("mmol/mol"), None),
        ("59261-8", Some("%"), None),
        ("2842-3", Some("mIU/L"), None),
        ("10835-7", Some("nmol/L"), None),
        ("43583-4", Some("mg/dL"), None),
        ("6299-2", Some("md/dL"), Some("md/dL")),
        ("48065-7", Some("ng/mL DDU"), None),
        ("1742-6", Some("ng/mL"), None),
        ("770-8", Some("10*3/uL"), None),
        ("751-8", Some("%"), None),
        ("9830-1", Some("%"), None),
        ("6301-6", Some("s"), None),
        ("2823-3", Some("mg/dL"), None),
        ("4544-3", Some("mmol/mol"), None),
    ] {
        let c = canonical(of(code), Some(code), &quantity("5.5", unit, ucum));
        assert!(c.is_none(), "{code} {unit:?} {ucum:?}: {c:?}");
    }
    assert!(canonical(of("2345-7"), Some("718-7"), &quantity("5", Some("mg/dL"), None)).is_none());
}

#[test]
fn unit_switch_shows_its_factor() {
    let glucose = of("2345-7");
    let shown = convert_for_display(glucose, 99.0, "mmol/L").unwrap();
    assert_eq!(format_value(shown.number, shown.decimals), "5.5");
    let notes: Vec<String> = glucose.units().into_iter().map(|u| u.note).collect();
    assert_eq!(notes, ["", "÷ 18.0156 mg/dL per mmol/L (molar mass 180.156 g/mol)"]);
    let creatinine = convert_for_display(of("2160-0"), 1.0, "umol/L").unwrap();
    assert_eq!(format_value(creatinine.number, creatinine.decimals), "88");
    let hba1c = convert_for_display(of("4548-4"), 6.5, "mmol/mol").unwrap();
    assert_eq!(format_value(hba1c.number, hba1c.decimals), "48");
    let warm = convert_for_display(of("8310-5"), 37.0, "[degF]").unwrap();
    assert_eq!(format_value(warm.number, warm.decimals), "98.6");
    assert!(convert_for_display(glucose, 99.0, "U/L").is_none());
}

#[test]
fn display_and_canonical_are_inverse() {
    for a in analyte::all() {
        for u in a.units() {
            let shown = convert_for_display(a, 12.5, u.unit).unwrap();
            let q = quantity(&format!("{:e}", shown.number), None, Some(u.unit));
            let back = canonical(a, None, &q).unwrap_or_else(|| panic!("{} {}", a.name_en, u.unit));
            assert!((back.number - 12.5).abs() < 1e-9, "{} {}: {}", a.name_en, u.unit, back.number);
        }
    }
}

#[test]
fn values_are_printed_with_meaning() {
    for (number, decimals, text) in [
        (5.4, 1, "5.4"),
        (5.444, 2, "5.44"),
        (0.004, 2, "0.0040"),
        (100.0, 0, "100"),
        (-0.001, 0, "0"),
        (12.0, 2, "12.00"),
    ] {
        assert_eq!(format_value(number, decimals), text);
    }
    for (code, label) in [
        ("10*3/uL", "10³/µL"),
        ("ug/dL", "µg/dL"),
        ("u[IU]/mL", "µIU/mL"),
        ("mm[Hg]", "mmHg"),
        ("Cel", "°C"),
        ("[arb'U]/mL", "U/mL"),
        ("k[arb'U]/L", "kU/L"),
        ("{INR}", ""),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("umol/L", "µmol/L"),
        ("kg/m2", "kg/m²"),
        ("mmol/L", "mmol/L"),
        ("/[HPF]", "/HPF"),
    ] {
        assert_eq!(unit_label(code), label);
    }
}

#[test]
fn search_puts_the_best_first() {
    assert_eq!(search("Hb")[0].loinc, "718-7");
    assert_eq!(search("glu")[0].loinc, "2345-7");
    assert_eq!(search("Kreat")[0].loinc, "2160-0");
    assert!(search("ferri").iter().any(|a| a.loinc == "2276-4"));
    assert!(search("").is_empty() && search("qqqq").is_empty());
}

#[test]
fn healthkit_types_are_found() {
    for (metric, code) in [
        ("HKQuantityTypeIdentifierHeartRate", "8867-4"),
        ("HKQuantityTypeIdentifierBodyMass", "29463-7"),
        ("HKQuantityTypeIdentifierOxygenSaturation", "59408-5"),
        ("HKQuantityTypeIdentifierStepCount", "55423-8"),
        ("HKQuantityTypeIdentifierActiveEnergyBurned", "kw-active-energy"),
        ("HKQuantityTypeIdentifierVO2Max", "kw-vo2max"),
    ] {
        assert_eq!(find_metric(metric).map(|a| a.loinc), Some(code), "{metric}");
    }
    let effort = find_metric("HKQuantityTypeIdentifierPhysicalEffort").unwrap();
    assert!(canonical(effort, None, &quantity("3", Some("kcal/hr·kg"), None)).is_some());
    let vo2 = find_metric("HKQuantityTypeIdentifierVO2Max").unwrap();
    assert!(canonical(vo2, None, &quantity("42", Some("mL/min·kg"), None)).is_some());
    let energy = find_metric("HKQuantityTypeIdentifierActiveEnergyBurned").unwrap();
    let eaten = canonical(energy, None, &quantity("100", Some("Cal"), None)).unwrap();
    assert!((eaten.number - 100.0).abs() < 1e-9);
}

#[test]
fn lookups_and_conversions_are_fast() {
    let q = quantity("5.5", Some("mmol/l"), None);
    let run = || {
        for i in 0..10_000 {
            let name = if i % 2 == 0 { "Glukose" } else { "Kreatinin i.S." };
            let a = find_by_name(name, None, None).unwrap().analyte;
            std::hint::black_box(find_by_loinc("14749-6"));
            std::hint::black_box(canonical(a, None, &q));
        }
    };
    run();
    let start = std::time::Instant::now();
    run();
    let took = start.elapsed();
    eprintln!("10,000 look-ups and conversions: {took:?}");
    let limit = if cfg!(debug_assertions) { 1_000 } else { 20 };
    assert!(took.as_millis() < limit, "{took:?}");
}
