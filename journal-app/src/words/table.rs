//! A table of days: how it is read, and what the person is asked about it.

use super::{Lang, Row, find, texts::texts};
use keepwell_journal::import::{BleedingScale, Column, DateOrder, Scale, TableError};

texts! {
    workbook: "This is a workbook of a spreadsheet program. Please save the sheet as CSV there, and choose that file.", "Das ist eine Arbeitsmappe eines Tabellenprogramms. Bitte speichern Sie das Blatt dort als CSV und wählen Sie diese Datei.";
    letters: "The letters of this file cannot be read. If it is a table, please save it as CSV in UTF-8, and choose that file. Nothing was changed.", "Die Buchstaben dieser Datei lassen sich nicht lesen. Wenn es eine Tabelle ist, speichern Sie sie bitte als CSV in UTF-8 und wählen Sie diese Datei. Es wurde nichts geändert.";
    title: "How the table is read", "So wird die Tabelle gelesen";
    about: "Please look whether each column is meant so, and choose anew where it is not. Nothing is kept until you take it in.", "Bitte sehen Sie nach, ob jede Spalte so gemeint ist, und wählen Sie anders, wo nicht. Es wird nichts behalten, bis Sie es aufnehmen.";
    western: "The file does not say how its letters are written; they are read as Windows-1252. If words below look wrong, please save it as UTF-8 and choose it again.", "Die Datei sagt nicht, wie ihre Buchstaben geschrieben sind; sie werden als Windows-1252 gelesen. Wenn Wörter unten falsch aussehen, speichern Sie sie bitte als UTF-8 und wählen Sie sie erneut.";
    holds: "“{n}” holds", "„{n}“ enthält";
    unnamed_holds: "Column {n} holds", "Spalte {n} enthält";
    for_example: "For example: {n}", "Zum Beispiel: {n}";
    no_example: "Empty", "Leer";
    parted_by: "Cells are parted by", "Zellen sind getrennt durch";
    has_head: "The first row names the columns", "Die erste Zeile nennt die Spalten";
    choose: "Please choose", "Bitte wählen";
    year_first: "The year", "Das Jahr";
    unit: "Temperatures that stand there without a unit are in", "Temperaturen, die ohne Einheit dastehen, sind in";
    bleeding: "Numbers of bleeding mean", "Zahlen zur Blutung bedeuten";
    results: "Numbers of tests mean", "Zahlen zu Tests bedeuten";
    as_it_stands: "Not known: keep them as they stand", "Nicht bekannt: behalten, wie sie dastehen";
    no_yes_results: "0 negative, 1 positive", "0 negativ, 1 positiv";
    no_date: "No column holds the date yet. Please choose above which one it is.", "Noch enthält keine Spalte das Datum. Bitte wählen Sie oben, welche es ist.";
    several_dates: "More than one column holds the date. Please leave it at one above.", "Mehr als eine Spalte enthält das Datum. Bitte lassen Sie es oben bei einer.";
    dates_in_doubt: "The dates can be read in more than one way. Please choose above what comes first in them.", "Die Daten lassen sich auf mehr als eine Weise lesen. Bitte wählen Sie oben, was darin zuerst kommt.";
    unit_in_doubt: "Some temperatures look like °C and some like °F. Please choose above in which unit they are.", "Manche Temperaturen sehen nach °C aus, manche nach °F. Bitte wählen Sie oben, in welcher Einheit sie sind.";
    days: "Days: {n}.", "Tage: {n}.";
    span: "From {n} to {m}.", "Vom {n} bis {m}.";
}

/// Columns, orders, units and meanings of numbers, as they are offered.
const CHOICES: &[Row] = &[
    ("date", "Date", "Datum"),
    ("temperature", "Waking temperature", "Aufwachtemperatur"),
    ("time", "Time of the temperature", "Uhrzeit der Temperatur"),
    ("bleeding", "Bleeding", "Blutung"),
    ("mucus", "Mucus, look", "Schleim, Aussehen"),
    ("lh_test", "LH test", "LH-Test"),
    ("pregnancy_test", "Pregnancy test", "Schwangerschaftstest"),
    ("symptoms", "Symptoms", "Beschwerden"),
    ("feelings", "Feelings", "Gefühle"),
    ("note", "Note", "Notiz"),
    ("other", "Something else: keep it as it stands", "Etwas anderes: behalten, wie es dasteht"),
    ("skip", "Nothing I want: leave it out", "Nichts, was ich möchte: weglassen"),
    ("celsius", "°C", "°C"),
    ("fahrenheit", "°F", "°F"),
    ("by_size", "°C or °F, each as its size tells", "°C oder °F, jede nach ihrer Größe"),
    (
        "none_to_very_heavy",
        "0 none, 1 light, 2 medium, 3 heavy, 4 very heavy",
        "0 keine, 1 leicht, 2 mittel, 3 stark, 4 sehr stark",
    ),
    (
        "none_spotting_to_heavy",
        "0 none, 1 spotting, 2 light, 3 medium, 4 heavy",
        "0 keine, 1 Schmierblutung, 2 leicht, 3 mittel, 4 stark",
    ),
    (
        "spotting_to_heavy",
        "0 spotting, 1 light, 2 medium, 3 heavy",
        "0 Schmierblutung, 1 leicht, 2 mittel, 3 stark",
    ),
    ("no_yes", "0 no, 1 yes", "0 nein, 1 ja"),
    ("9", "Tabs", "Tabulatoren"),
    ("44", "Commas", "Kommas"),
    ("59", "Semicolons", "Semikolons"),
    ("124", "Vertical bars", "Senkrechte Striche"),
];

fn choice(lang: Lang, code: &str) -> Option<&'static str> {
    find(CHOICES, code).map(|row| lang.pick(row))
}

/// What a column may hold.
#[must_use]
pub fn column(lang: Lang, column: Column) -> &'static str {
    choice(lang, column.as_str()).unwrap_or("")
}

/// A unit.
#[must_use]
pub fn scale(lang: Lang, scale: Scale) -> &'static str {
    choice(lang, scale.as_str()).unwrap_or("")
}

/// What numbers of bleeding may mean.
#[must_use]
pub fn bleeding(lang: Lang, scale: BleedingScale) -> &'static str {
    choice(lang, scale.as_str()).unwrap_or("")
}

/// What comes first in a date.
#[must_use]
pub const fn order(lang: Lang, order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => lang.texts().day_first,
        DateOrder::MonthFirst => lang.texts().month_first,
        DateOrder::YearFirst => of(lang).year_first,
    }
}

/// What stands between cells: its name, or the sign itself.
#[must_use]
pub fn separator(lang: Lang, sign: u8) -> String {
    choice(lang, &sign.to_string()).map_or_else(|| char::from(sign).to_string(), str::to_owned)
}

/// Why a table is not read yet.
#[must_use]
pub const fn why(lang: Lang, error: TableError) -> &'static str {
    let w = of(lang);
    match error {
        TableError::NoDate => w.no_date,
        TableError::SeveralDates => w.several_dates,
        TableError::DatesInDoubt => w.dates_in_doubt,
        TableError::UnitInDoubt => w.unit_in_doubt,
        TableError::File(_) => lang.texts().import_unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_offered_has_words() {
        for lang in Lang::ALL {
            assert!(Column::ALL.iter().all(|c| !column(lang, *c).is_empty()));
            assert!(Scale::ALL.iter().all(|s| !scale(lang, *s).is_empty()));
            assert!(BleedingScale::ALL.iter().all(|s| !bleeding(lang, *s).is_empty()));
            assert!(DateOrder::ALL.iter().all(|o| !order(lang, *o).is_empty()));
            assert!([b'\t', b';', b'|', b','].iter().all(|s| separator(lang, *s).len() > 1));
            assert_eq!(separator(lang, b'#'), "#");
        }
    }
}
