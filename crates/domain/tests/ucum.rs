//! UCUM against the official functional tests, and against hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::ucum::{self, Unit, UnitError, convert, display_name, factor, is_comparable, read_unit};
use proptest::prelude::*;
use quick_xml::events::Event;
use std::{collections::HashMap, path::PathBuf};

fn data(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        eprintln!("skipped: ../shared/data is not here");
    }
    text
}

fn unit(code: &str) -> Unit {
    if code.is_empty() { Unit::ONE } else { Unit::parse(code).unwrap_or_else(|e| panic!("{code}: {e}")) }
}

/// Equal to the digits that the expected text shows.
fn agrees(value: f64, expected: &str) -> bool {
    let wanted: f64 = expected.parse().unwrap();
    let mantissa = expected.split(['e', 'E']).next().unwrap();
    let decimals = mantissa.split_once('.').map_or(0, |m| m.1.len());
    let exponent: i32 = expected.split_once(['e', 'E']).map_or(0, |e| e.1.parse().unwrap());
    let half = 0.5 * 10f64.powi(exponent - i32::try_from(decimals).unwrap());
    (value - wanted).abs() <= half.max(wanted.abs() * 1e-12) * 1.000_001
}

#[test]
fn official_functional_tests_pass() {
    let Some(xml) = data("ucum/UcumFunctionalTests.xml") else { return };
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut section, mut count) = (String::new(), 0);
    let mut failures = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => section = e.name().as_ref().to_owned(),
            Event::Empty(e) if e.name().as_ref() == "case" => {
                let a: HashMap<String, String> = e
                    .attributes()
                    .map(|a| {
                        let a = a.unwrap();
                        let value = quick_xml::escape::unescape(&a.value).unwrap().into_owned();
                        (a.key.as_ref().to_owned(), value)
                    })
                    .collect();
                count += 1;
                if !official_case(&section, &a) {
                    failures.push(format!("{section}: {a:?}"));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(failures.is_empty(), "{} of {count}: {failures:#?}", failures.len());
    assert!(count >= 570, "only {count} cases were read");
}

fn official_case(section: &str, a: &HashMap<String, String>) -> bool {
    let number = |key: &str| a[key].parse::<f64>().unwrap();
    match section {
        "validation" => Unit::parse(&a["unit"]).is_ok() == (a["valid"] == "true"),
        "displayNameGeneration" => display_name(&a["unit"]).is_ok_and(|n| n == a["display"]),
        "conversion" => convert(number("value"), &unit(&a["srcUnit"]), &unit(&a["dstUnit"]))
            .is_ok_and(|v| agrees(v, &a["outcome"])),
        "multiplication" => {
            let product = unit(&a["u1"]).multiply(&unit(&a["u2"])).unwrap();
            convert(number("v1") * number("v2"), &product, &unit(&a["uRes"]))
                .is_ok_and(|v| agrees(v, &a["vRes"]))
        }
        "division" => {
            let quotient = unit(&a["u1"]).divide(&unit(&a["u2"])).unwrap();
            convert(number("v1") / number("v2"), &quotient, &unit(&a["uRes"]))
                .is_ok_and(|v| agrees(v, &a["vRes"]))
        }
        other => panic!("unknown section {other}"),
    }
}

#[test]
fn special_scales_convert_both_ways() {
    for (value, from, to, wanted) in [
        (37.0, "Cel", "[degF]", 98.6),
        (98.6, "[degF]", "Cel", 37.0),
        (100.0, "[degF]", "K", 310.927_777_8),
        (7.4, "[pH]", "mol/L", 3.981_071_7e-8),
        (20.0, "dB[V]", "V", 10.0),
        (100.0, "%[slope]", "deg", 45.0),
        (100.0, "[p'diop]", "deg", 45.0),
        (3.0, "[hp'_X]", "1", 0.001),
        (10.0, "dB", "1", 10.0),
        (1.0, "Np", "1", std::f64::consts::E),
        (8.0, "bit_s", "1", 256.0),
        (80.0, "[degRe]", "Cel", 100.0),
        (370.0, "Cel", "K", 643.15),
    ] {
        let (a, b) = (unit(from), unit(to));
        let there = convert(value, &a, &b).unwrap();
        assert!((there - wanted).abs() <= wanted.abs() * 1e-6, "{value} {from} = {there} {to}");
        let back = convert(there, &b, &a).unwrap();
        assert!((back - value).abs() <= value.abs() * 1e-9, "{there} {to} = {back} {from}");
        assert_eq!(factor(&a, &b), None, "{from} has no factor");
    }
}

#[test]
fn arbitrary_units_compare_only_with_themselves() {
    assert!(is_comparable(&unit("m[IU]/L"), &unit("[IU]/mL")));
    assert!(is_comparable(&unit("[IU]/L"), &unit("[iU]/L")));
    for other in ["U/L", "[arb'U]/L", "/L", "g/L", "[USP'U]/L"] {
        assert!(!is_comparable(&unit("[IU]/L"), &unit(other)), "{other}");
    }
    assert_eq!(convert(1.0, &unit("[IU]/L"), &unit("U/L")), Err(UnitError::NotComparable));
}

#[test]
fn special_unit_in_a_product_is_never_converted() {
    assert_eq!(convert(1.0, &unit("W/Cel"), &unit("W/K")), Err(UnitError::SpecialInProduct));
    assert_eq!(convert(1.0, &unit("Cel2"), &unit("Cel2")), Err(UnitError::SpecialInProduct));
}

#[test]
fn hostile_units_are_refused_without_harm() {
    assert_eq!(Unit::parse(""), Err(UnitError::Empty));
    assert_eq!(Unit::parse(&"(".repeat(200)), Err(UnitError::TooLarge));
    assert_eq!(Unit::parse(&"m.".repeat(5000)), Err(UnitError::TooLarge));
    assert_eq!(Unit::parse("m999999999999"), Err(UnitError::TooLarge));
    assert_eq!(Unit::parse("Ym99"), Err(UnitError::TooLarge));
    for bad in
        ["m//s", "m.", ".m", "(m", "m)", "{a", "{a{b}}", "m{ä}", "m s", "10*", "k[lb_av]", "m+", "[", "0"]
    {
        assert!(Unit::parse(bad).is_err() || bad == "10*", "{bad}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = Unit::parse(&text);
        let _ = display_name(&text);
        if let Some(code) = read_unit(&text) {
            prop_assert!(Unit::parse(&code).is_ok());
        }
    }

    #[test]
    fn no_unit_like_text_panics(text in "[0-9a-zA-Z./(){}\\[\\]*^%' +µ²⁻-]{0,40}") {
        let _ = display_name(&text);
        if let Ok(u) = Unit::parse(&text) {
            let _ = convert(1.5, &u, &Unit::ONE);
            prop_assert!(is_comparable(&u, &u));
        }
        if let Some(code) = read_unit(&text) {
            prop_assert!(ucum::Unit::parse(&code).is_ok());
        }
    }
}
