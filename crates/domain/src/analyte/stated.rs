//! Units as they were read, with all that conversions ask of them worked out once.

use crate::ucum::{Unit, read_unit};
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, OnceLock, RwLock},
};

/// What a dimensionless unit counts.
#[derive(Debug, Clone)]
enum Share {
    /// A bare number.
    Plain,
    /// One unit per another, as `mmol/mol`.
    Ratio(Unit, Unit),
    Other,
}

/// A unit with the text that was read: two dimensionless units are told apart by their text.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub text: Cow<'static, str>,
    pub unit: Unit,
    /// The unit with `U`, arbitrary units and `kat` on one scale.
    pub international: Unit,
    /// The text without annotations.
    pub bare: Cow<'static, str>,
    is_percent: bool,
    share: Share,
}

impl Stated {
    pub(super) fn new(text: Cow<'static, str>, unit: Unit) -> Self {
        const PERCENT: [&str; 6] = ["%", "L/L", "l/l", "[ppth]", "10*-2", "/100"];
        let bare = if text.contains('{') { Cow::Owned(without_notes(&text)) } else { text.clone() };
        let share = match bare.split_once('/') {
            Some((over, under)) => match (Unit::parse(over), Unit::parse(under)) {
                (Ok(over), Ok(under)) => Share::Ratio(over, under),
                _ => Share::Other,
            },
            None if matches!(&*bare, "" | "1" | "[pH]") => Share::Plain,
            None => Share::Other,
        };
        let is_percent = PERCENT.contains(&&*bare);
        Self { text, unit, international: unit.as_international(), bare, is_percent, share }
    }

    /// Whether two dimensionless units mean the same kind of share. UCUM would turn `mmol/mol` into
    /// `%`, or a count per hundred cells into a ratio; the numbers in laboratories do not mean that.
    pub(super) fn is_same_share(&self, target: &Self) -> bool {
        if self.bare == target.bare {
            return true;
        }
        if target.is_percent {
            return self.is_percent;
        }
        match (&self.share, &target.share) {
            (Share::Ratio(a, b), Share::Ratio(x, y)) => x.same_kind(a) && y.same_kind(b),
            (Share::Plain, Share::Plain) => true,
            _ => false,
        }
    }
}

fn without_notes(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|c| {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// The readings of a unit's text.
pub(super) struct Readings {
    /// As a UCUM code.
    pub code: Option<Stated>,
    /// As printed.
    pub printed: Option<Stated>,
}

impl Readings {
    /// The readings of a text that stands where a UCUM code belongs: as that, else as a printed unit
    /// in the wrong field.
    pub(super) fn of_code(&self) -> impl Iterator<Item = &Stated> {
        let other = self.printed.as_ref().filter(|p| self.code.as_ref().is_none_or(|c| c.text != p.text));
        self.code.iter().chain(other)
    }

    fn read(text: &str) -> Self {
        let code = Unit::parse(text).ok().map(|unit| Stated::new(text.to_owned().into(), unit));
        let printed =
            read_unit(text).and_then(|text| Some(Stated::new(text.clone().into(), Unit::parse(&text).ok()?)));
        Self { code, printed }
    }
}

/// The readings of a unit's text, `None` for a blank one. Every text is read once: a file has
/// thousands of results and a handful of spellings.
pub(super) fn readings(text: Option<&str>) -> Option<Arc<Readings>> {
    const CEILING: usize = 1024;
    const LONGEST: usize = 64;
    static READ: OnceLock<RwLock<HashMap<String, Arc<Readings>>>> = OnceLock::new();
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let cache = READ.get_or_init(RwLock::default);
    if let Some(known) = cache.read().ok().and_then(|c| c.get(text).cloned()) {
        return Some(known);
    }
    let found = Arc::new(Readings::read(text));
    if text.len() <= LONGEST
        && let Ok(mut c) = cache.write()
        && c.len() < CEILING
    {
        c.insert(text.to_owned(), Arc::clone(&found));
    }
    Some(found)
}
