//! Units as people write them. What is kept, and what leaves the journal, stays as it was entered.

use super::{Lang, Row, find};
use keepwell_domain::{analyte::unit_label, ucum::Unit};

/// Powers of ten by which cells are counted.
const POWERS: &[Row] =
    &[("10*3", "thousand", "Tsd."), ("10*6", "million", "Mio."), ("10*9", "billion", "Mrd.")];

/// Units of doses that are words.
const WORDS: &[Row] =
    &[("drops", "drops", "Tropfen"), ("tablets", "tablets", "Tabletten"), ("puffs", "puffs", "Hübe")];

/// A unit in words: `10*6/mL` is `million/mL`, in German `Mio./ml`. One that is no code stays as it was typed.
#[must_use]
pub fn unit(lang: Lang, unit: &str) -> String {
    let code = unit.trim();
    let (count, per) = code.split_once('/').map_or((code, None), |(c, p)| (c, Some(p)));
    if let Some(row) = find(WORDS, code) {
        return lang.pick(row).to_owned();
    }
    let Some(row) = find(POWERS, count) else { return printed(code) };
    let per = per.map(printed).map(|p| match lang {
        Lang::En => p,
        // Beside a German word litres are small.
        Lang::De => p.replace('L', "l"),
    });
    per.map_or_else(|| lang.pick(row).to_owned(), |p| format!("{}/{p}", lang.pick(row)))
}

/// A code as it is printed. Only what is a code by its look: `U/mL` or a word may be the person's own.
fn printed(unit: &str) -> String {
    let looks_coded = unit.contains(['[', '*']) || unit == "Cel" || unit.starts_with('u');
    let label = (looks_coded && Unit::parse(unit).is_ok()).then(|| unit_label(unit));
    label.filter(|l| !l.is_empty()).unwrap_or_else(|| unit.to_owned())
}

/// The unit that stands behind its words, where it is one of those; else as it was typed.
#[must_use]
pub fn unit_code<'a>(lang: Lang, shown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let wanted = shown.trim();
    let found = known.into_iter().find(|code| unit(lang, code) == wanted);
    found.unwrap_or(wanted).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_people_do_and_other_units_stay() {
        for (code, en, de) in [
            ("10*6/mL", "million/mL", "Mio./ml"),
            ("10*6", "million", "Mio."),
            ("10*3/uL", "thousand/µL", "Tsd./µl"),
            ("10*9/L", "billion/L", "Mrd./l"),
            ("m[IU]/mL", "mIU/mL", "mIU/mL"),
            ("ug", "µg", "µg"),
            ("[degF]", "°F", "°F"),
            ("tablets", "tablets", "Tabletten"),
            ("Cells/mL", "Cells/mL", "Cells/mL"),
            ("units", "units", "units"),
            ("pg/mL", "pg/mL", "pg/mL"),
            ("", "", ""),
        ] {
            assert_eq!((unit(Lang::En, code).as_str(), unit(Lang::De, code).as_str()), (en, de));
        }
    }

    #[test]
    fn words_lead_back_to_the_unit_that_is_kept() {
        let code = |lang, shown| unit_code(lang, shown, ["mL", "10*6/mL", "drops"]);
        assert_eq!(code(Lang::De, "Mio./ml "), "10*6/mL");
        assert_eq!(code(Lang::En, "million/mL"), "10*6/mL");
        assert_eq!(code(Lang::De, "Tropfen"), "drops");
        assert_eq!(code(Lang::En, "M/ml"), "M/ml");
    }
}
