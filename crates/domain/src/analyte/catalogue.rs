//! The catalogue: read once from the tables in `data/`, indexed by code and by name.
//!
//! The analytes of fertility treatment have a table of their own, which can be read alone; a line `= id`
//! in another table says that one of them belongs there.
//!
//! A line is `English|German|units and codes|options|spellings`; a line `# id` starts a group.
//! `units and codes` lists units with the LOINC codes whose results come in that property
//! (`mg/dL 2345-7; mmol/L 14749-6`); the first unit is the canonical one. Options: `mm` molar mass
//! in g/mol, `z` charge, `d` decimals, `lo`/`hi` limits of the plausible, `k` class, `eq` another
//! unit and how much of it is one canonical unit, `f` formula, `sp` specimen, `hk` HealthKit type,
//! `id` an own id where there is no LOINC code, `note` the annotation that a unit must carry.

use super::{
    Analyte, Class, Form,
    group::{Group, Specimen},
    hash::Table,
    names,
    stated::Stated,
};
use crate::ucum::Unit;
use std::{collections::hash_map::Entry, sync::OnceLock};

const FERTILITY: &str = include_str!("data/fertility.txt");
const TABLES: [&str; 5] = [
    include_str!("data/blood.txt"),
    include_str!("data/chemistry.txt"),
    include_str!("data/hormones.txt"),
    include_str!("data/urine.txt"),
    include_str!("data/body.txt"),
];

/// Analytes and where to find them by code.
#[derive(Default)]
pub(super) struct Codes {
    pub analytes: Vec<Analyte>,
    /// LOINC code or own id: analyte and form.
    pub by_code: Table<&'static str, (usize, usize)>,
    /// Faults in the tables; a test demands that there are none.
    pub faults: Vec<String>,
}

/// The catalogue and its indexes.
pub(super) struct Catalogue {
    pub codes: Codes,
    /// For every specimen the key of a spelling: analytes, and whether it is their name.
    pub by_name: [Table<String, Vec<(usize, bool)>>; Specimen::COUNT],
    pub by_metric: Table<&'static str, usize>,
}

/// The analytes of fertility treatment alone.
pub(super) fn fertility() -> &'static Codes {
    static CODES: OnceLock<Codes> = OnceLock::new();
    CODES.get_or_init(|| {
        let mut all = Codes::default();
        all.read(FERTILITY, |_| None);
        all
    })
}

/// The catalogue.
pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut codes = Codes::default();
        for table in TABLES {
            codes.read(table, |id| fertility().analytes.iter().find(|a| a.loinc == id).cloned());
        }
        codes.faults.extend(fertility().faults.iter().cloned());
        let unplaced = fertility().analytes.iter().filter(|a| !codes.by_code.contains_key(a.loinc));
        let unplaced: Vec<String> = unplaced.map(|a| format!("no place: {}", a.name_en)).collect();
        codes.faults.extend(unplaced);
        Catalogue::index(codes)
    })
}

impl Codes {
    /// Reads a table; `elsewhere` knows the analytes that a line only names.
    fn read(&mut self, table: &'static str, elsewhere: impl Fn(&str) -> Option<Analyte>) {
        let mut group = None;
        for line in table.lines().filter(|l| !l.is_empty()) {
            if let Some(id) = line.strip_prefix("# ") {
                group = Group::parse(id);
                continue;
            }
            let read = match (line.strip_prefix("= "), group) {
                (_, None) => Err("no group"),
                (Some(id), Some(group)) => {
                    elsewhere(id).filter(|a| a.group == group).ok_or("not in that group's table")
                }
                (None, Some(group)) => analyte(line, group),
            };
            match read {
                Ok(a) => self.add(a),
                Err(fault) => self.faults.push(format!("{fault}: {line}")),
            }
        }
    }

    fn add(&mut self, a: Analyte) {
        let index = self.analytes.len();
        for (form, f) in a.forms.iter().enumerate() {
            for code in &f.codes {
                if self.by_code.insert(code, (index, form)).is_some() {
                    self.faults.push(format!("code {code} stands twice"));
                }
            }
        }
        if let Entry::Vacant(slot) = self.by_code.entry(a.loinc) {
            slot.insert((index, 0));
        }
        self.analytes.push(a);
    }

    /// The analyte of a code.
    pub(super) fn find(&self, code: &str) -> Option<&Analyte> {
        self.by_code.get(code).and_then(|(i, _)| self.analytes.get(*i))
    }
}

impl Catalogue {
    /// The analytes that a key names in a specimen.
    pub(super) fn named(&self, place: Specimen, key: &str) -> &[(usize, bool)] {
        self.by_name[place as usize].get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether a key names anything in any specimen.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.by_name.iter().any(|keys| keys.contains_key(key))
    }

    fn index(codes: Codes) -> Self {
        let mut all = Self { codes, by_name: Default::default(), by_metric: Table::default() };
        for (index, a) in all.codes.analytes.iter().enumerate() {
            if let Some(metric) = a.metric {
                all.by_metric.insert(metric, index);
            }
            let names = [(a.name_en, true), (a.name_de, true)];
            for (spelling, is_name) in names.into_iter().chain(a.spellings.iter().map(|s| (*s, false))) {
                for key in [Some(names::key(spelling)), names::unordered_key(spelling)].into_iter().flatten()
                {
                    let list = all.by_name[a.specimen as usize].entry(key).or_default();
                    match list.iter_mut().find(|x| x.0 == index) {
                        Some(x) => x.1 |= is_name,
                        None => list.push((index, is_name)),
                    }
                }
            }
        }
        all
    }
}

fn analyte(line: &'static str, group: Group) -> Result<Analyte, &'static str> {
    let [name_en, name_de, units, options, spellings] =
        <[&str; 5]>::try_from(line.split('|').collect::<Vec<_>>()).map_err(|_| "five fields are needed")?;
    let mut forms = Vec::new();
    for part in units.split(';') {
        let mut words = part.split_whitespace();
        let unit = words.next().ok_or("a unit is missing")?;
        let parsed = Unit::parse(unit).map_err(|_| "a unit does not parse")?;
        forms.push(Form { unit, stated: Stated::new(unit.into(), parsed), codes: words.collect() });
    }
    let first_code = forms.iter().find_map(|f| f.codes.first().copied());
    let mut a = Analyte {
        loinc: first_code.unwrap_or(""),
        name_en,
        name_de,
        group,
        unit: forms.first().ok_or("a unit is missing")?.unit,
        decimals: 0,
        limits: (None, None),
        molar_mass: None,
        charge: None,
        class: Class::Plain,
        equivalence: None,
        specimen: if group == Group::Urine { Specimen::Urine } else { Specimen::Usual },
        metric: None,
        note: None,
        spellings: spellings.split(',').filter(|s| !s.is_empty()).collect(),
        forms,
    };
    for option in options.split_whitespace() {
        let (key, value) = option.split_once('=').ok_or("an option needs a value")?;
        set_option(&mut a, key, value)?;
    }
    if a.loinc.is_empty() { Err("neither code nor id") } else { Ok(a) }
}

fn set_option(a: &mut Analyte, key: &str, value: &'static str) -> Result<(), &'static str> {
    let number = || value.parse::<f64>().map_err(|_| "an option is no number");
    match key {
        "mm" => a.molar_mass = Some(number()?),
        "z" => a.charge = Some(number()?),
        "d" => a.decimals = value.parse().map_err(|_| "decimals are no number")?,
        "lo" => a.limits.0 = Some(number()?),
        "hi" => a.limits.1 = Some(number()?),
        "hk" => a.metric = Some(value),
        "note" => a.note = Some(value),
        "id" => {
            if a.loinc.is_empty() {
                a.loinc = value;
            }
        }
        "sp" => a.specimen = Specimen::from_option(value).ok_or("unknown specimen")?,
        "k" => {
            a.class = match value {
                "enz" => Class::Enzyme,
                "arb" => Class::Arbitrary,
                "gfr" => Class::Filtration,
                _ => return Err("unknown class"),
            }
        }
        "f" if value == "hba1c" => a.class = Class::HbA1c,
        "eq" => {
            let (unit, amount) = value.split_once('*').ok_or("an equivalence needs unit and amount")?;
            let parsed = Unit::parse(unit).map_err(|_| "the equivalence's unit does not parse")?;
            let amount = amount.parse().map_err(|_| "the equivalence's amount is no number")?;
            a.equivalence =
                Some((Form { unit, stated: Stated::new(unit.into(), parsed), codes: Vec::new() }, amount));
        }
        _ => return Err("unknown option"),
    }
    Ok(())
}
