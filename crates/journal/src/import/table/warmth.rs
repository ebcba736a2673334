//! The temperatures of a table. A unit stands in the cell, in the head of the column, or is told by the size of the
//! number: no living body is as warm as 97 °C or as cold as 36 °F. Where the column holds both sizes, the person is asked.

use super::Scale;
use crate::{
    import::days::{CELSIUS, FAHRENHEIT, unit_by_size},
    model::Amount,
};

/// The unit of one temperature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Celsius,
    Fahrenheit,
}

impl Unit {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Celsius => CELSIUS,
            Self::Fahrenheit => FAHRENHEIT,
        }
    }
}

const DEGREE: [char; 3] = ['°', 'º', '˚'];

/// The number of a cell and its unit; `None` where something else stands behind the number.
pub(super) fn parts(cell: &str) -> Option<(&str, Option<Unit>)> {
    let end = cell.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, sign) = cell.split_at(end);
    let sign = sign.trim_start_matches(|c: char| c.is_whitespace() || DEGREE.contains(&c)).to_lowercase();
    let letter = ["grad", "degrees", "deg"].iter().find_map(|word| sign.strip_prefix(word)).unwrap_or(&sign);
    let unit = match letter.trim() {
        "" => None,
        "c" | "cel" | "celsius" | "℃" => Some(Unit::Celsius),
        "f" | "fahrenheit" | "℉" => Some(Unit::Fahrenheit),
        _ => return None,
    };
    Some((number, unit))
}

/// The unit that a head names: `BBT (°F)`, `temp_c`. None where it names two.
pub(super) fn in_head(head: &str) -> Option<Unit> {
    let head = head.to_lowercase();
    let names = |word: &str, letter: char| {
        let degree = head.split(DEGREE).skip(1).any(|rest| {
            let mut rest = rest.trim_start().chars();
            rest.next() == Some(letter) && !rest.next().is_some_and(char::is_alphanumeric)
        });
        let marks = [format!("({letter})"), format!("[{letter}]"), format!("deg{letter}")];
        let is_marked = marks.iter().any(|mark| head.contains(mark)) || head.ends_with(&format!("_{letter}"));
        degree || is_marked || head.contains(word)
    };
    let celsius = names("celsius", 'c') || head.contains('℃');
    let fahrenheit = names("fahrenheit", 'f') || head.contains('℉');
    match (celsius, fahrenheit) {
        (true, false) => Some(Unit::Celsius),
        (false, true) => Some(Unit::Fahrenheit),
        _ => None,
    }
}

/// What a column's numbers without a unit say of it.
#[derive(Default, Clone, Copy)]
pub(super) struct Bare {
    celsius: bool,
    fahrenheit: bool,
}

impl Bare {
    pub(super) fn look(&mut self, cell: &str) {
        let Some((number, None)) = parts(cell) else { return };
        match Amount::new(number, "").ok().and_then(|amount| unit_by_size(amount.value())) {
            Some(CELSIUS) => self.celsius = true,
            Some(_) => self.fahrenheit = true,
            None => {}
        }
    }

    /// Whether there are any that can be a temperature.
    pub(super) const fn is_any(self) -> bool {
        self.celsius || self.fahrenheit
    }

    /// How to read them, with what the person says; an error where they look like both.
    pub(super) const fn with(self, said: Option<Scale>) -> Result<Option<Scale>, ()> {
        match (said, self.celsius, self.fahrenheit) {
            (Some(scale), ..) => Ok(Some(scale)),
            (None, true, true) => Err(()),
            (None, true, false) => Ok(Some(Scale::Celsius)),
            (None, false, true) => Ok(Some(Scale::Fahrenheit)),
            (None, false, false) => Ok(None),
        }
    }
}
