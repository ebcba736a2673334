//! Numbers in the units that the person wishes to see. The entry itself keeps what was typed.

use keepwell_journal::{
    derive::{self, hormone},
    merge::Book,
    model::{
        Amount, Day, Fields, HormoneKind, Kind, TextType, Value,
        settings::{TemperatureUnit, UnitSystem},
    },
};

/// What a person wishes numbers to be shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Hormones.
    pub hormones: UnitSystem,
    /// Temperatures; `None` as entered.
    pub temperature: Option<TemperatureUnit>,
}

/// `°C`, `°F`.
#[must_use]
pub const fn sign(unit: TemperatureUnit) -> &'static str {
    match unit {
        TemperatureUnit::Celsius => "°C",
        TemperatureUnit::Fahrenheit => "°F",
    }
}

/// °C in a unit.
#[must_use]
pub fn from_celsius(celsius: f64, unit: TemperatureUnit) -> f64 {
    match unit {
        TemperatureUnit::Celsius => celsius,
        TemperatureUnit::Fahrenheit => celsius * 1.8 + 32.0,
    }
}

/// The unit of a temperature, by its sign.
fn own(unit: &str) -> Option<TemperatureUnit> {
    match unit.trim() {
        "°C" | "C" | "Cel" => Some(TemperatureUnit::Celsius),
        "°F" | "F" | "[degF]" => Some(TemperatureUnit::Fahrenheit),
        _ => None,
    }
}

/// Between these, in °C, lies what a thermometer may show of a body; in °F it would lie far outside.
const BODY: std::ops::RangeInclusive<f64> = 25.0..=45.0;

/// Whether a temperature is hardly that of a body in the unit that it names: 97.7 °C, 36.5 °F.
#[must_use]
pub fn is_odd_warmth(amount: &Amount) -> bool {
    let celsius = own(&amount.unit).map(|unit| match unit {
        TemperatureUnit::Celsius => amount.value(),
        TemperatureUnit::Fahrenheit => (amount.value() - 32.0) / 1.8,
    });
    celsius.is_some_and(|c| !BODY.contains(&c))
}

/// The unit that a waking temperature begins with: the wished one, else that of the latest day which has one.
#[must_use]
pub fn usual_warmth(book: &Book, wish: Option<TemperatureUnit>) -> Option<&'static str> {
    let days = || book.all::<Day>().filter_map(|(_, d)| Some((d.date.get()?, d.temperature.into_known()?)));
    let last = || own(&days().max_by_key(|(date, _)| *date)?.1.unit);
    wish.or_else(last).map(sign)
}

/// A temperature in a unit; `None` where its own cannot be told. What was entered in that unit is not rounded.
#[must_use]
pub fn temperature(amount: &Amount, unit: TemperatureUnit) -> Option<f64> {
    let own = own(&amount.unit);
    if own == Some(unit) {
        return Some(amount.value());
    }
    let by_own = || match own? {
        TemperatureUnit::Celsius => Some(amount.value()),
        TemperatureUnit::Fahrenheit => Some((amount.value() - 32.0) / 1.8),
    };
    derive::celsius(amount).or_else(by_own).map(|c| from_celsius(c, unit))
}

/// An entity whose number is said in the unit that is wished for.
pub struct InUnits<'a> {
    of: &'a dyn Fields,
    name: &'static str,
    value: Option<Value>,
}

impl Fields for InUnits<'_> {
    fn field(&self, name: &str) -> Option<&Value> {
        let own = self.value.as_ref().filter(|_| name == self.name);
        own.or_else(|| self.of.field(name))
    }
}

/// The entity with its number in the unit that is wished for. What cannot be converted with certainty stays as it is.
#[must_use]
pub fn in_units(kind: Kind, of: &dyn Fields, shown: Shown) -> InUnits<'_> {
    let text = |name: &str| match of.field(name) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let amount = |name: &str| Amount::from_text(&text(name)?);
    let (name, value) = match kind {
        Kind::Hormone => ("value", amount("value").and_then(|a| hormone_in(&text("hormone")?, &a, shown))),
        Kind::Day => ("temperature", amount("temperature").and_then(|a| temperature_in(&a, shown))),
        _ => ("", None),
    };
    InUnits { of, name, value: value.map(|a| Value::text(a.to_text())) }
}

fn hormone_in(code: &str, amount: &Amount, shown: Shown) -> Option<Amount> {
    let kind = HormoneKind::parse(code)?;
    let to = hormone::in_system(kind, amount, shown.hormones)?;
    if to.unit == amount.unit {
        return None;
    }
    let decimals = usize::from(to.decimals);
    let new = Amount::new(&format!("{:.decimals$}", to.number), to.unit).ok()?;
    Some(Amount { comparator: amount.comparator, ..new })
}

fn temperature_in(amount: &Amount, shown: Shown) -> Option<Amount> {
    let unit = shown.temperature?;
    let value = temperature(amount, unit)?;
    (amount.unit.trim() != sign(unit)).then(|| Amount::new(&format!("{value:.2}"), sign(unit)).ok())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeMap;

    fn said(kind: Kind, fields: &[(&'static str, &str)], name: &str, shown: Shown) -> String {
        let of: BTreeMap<&'static str, Value> = fields.iter().map(|(n, v)| (*n, Value::text(*v))).collect();
        match in_units(kind, &of, shown).field(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    const MOLAR: Shown =
        Shown { hormones: UnitSystem::Molar, temperature: Some(TemperatureUnit::Fahrenheit) };
    const ENTERED: Shown = Shown { hormones: UnitSystem::Entered, temperature: None };

    #[test]
    fn lists_follow_the_units_that_are_wished_for() {
        let amh = [("hormone", "amh"), ("value", "<2.1 ng/mL")];
        assert_eq!(said(Kind::Hormone, &amh, "value", MOLAR), "<15.0 pmol/L");
        assert_eq!(said(Kind::Hormone, &amh, "value", ENTERED), "<2.1 ng/mL");
        // Activity has no mass.
        let hcg = [("hormone", "hcg"), ("value", "112 IU/L")];
        assert_eq!(said(Kind::Hormone, &hcg, "value", MOLAR), "112 IU/L");
        assert_eq!(said(Kind::Day, &[("temperature", "36.5 °C")], "temperature", MOLAR), "97.70 °F");
        assert_eq!(said(Kind::Day, &[("temperature", "97.7 °F")], "temperature", MOLAR), "97.7 °F");
    }

    fn amount(number: &str, unit: &str) -> Amount {
        Amount::new(number, unit).unwrap()
    }

    #[test]
    fn a_temperature_that_no_body_has_is_odd() {
        for (number, unit, is_odd) in [
            ("97.7", "°C", true),
            ("36.5", "°F", true),
            ("36.5", "°C", false),
            ("97.7", "°F", false),
            ("97.7", "", false),
        ] {
            assert_eq!(is_odd_warmth(&amount(number, unit)), is_odd, "{number} {unit}");
        }
    }

    #[test]
    fn a_temperature_begins_in_the_wished_unit_or_that_of_the_latest_day() {
        use keepwell_domain::time::{Date, Ts};
        use keepwell_journal::{derive::own_person, merge::Author, model::DeviceId};
        let mut book = Book::new();
        assert_eq!(usual_warmth(&book, None), None);
        assert_eq!(usual_warmth(&book, Some(TemperatureUnit::Fahrenheit)), Some("°F"));
        let mut author = Author::new(DeviceId::from_bytes([1; 16]), &book);
        for (date, unit) in [("2026-05-02", "°F"), ("2026-05-01", "°C")] {
            let date = Date::parse(date).unwrap();
            let day = Day { date: date.into(), temperature: amount("97", unit).into(), ..Day::default() };
            author.save(&mut book, Ts(1_800_000_000_000_000), Day::id(own_person(), date), &day);
        }
        assert_eq!(usual_warmth(&book, None), Some("°F"));
        assert_eq!(usual_warmth(&book, Some(TemperatureUnit::Celsius)), Some("°C"));
    }

    #[test]
    fn temperature_of_an_unknown_unit_is_not_guessed() {
        assert_eq!(temperature(&amount("36.5", "degrees"), TemperatureUnit::Celsius), None);
        assert_eq!(temperature(&amount("60", ""), TemperatureUnit::Celsius), None);
        assert_eq!(temperature(&amount("97.84", "°F"), TemperatureUnit::Fahrenheit), Some(97.84));
        assert_eq!(temperature(&amount("97.7", "°F"), TemperatureUnit::Celsius), Some(36.5));
    }
}
