//! A table of days: how it is read, and what the person is asked about it.

use super::{Lang, texts::texts};

texts! {
    workbook: "This is a workbook of a spreadsheet program. Please save the sheet as CSV there, and choose that file.", "Das ist eine Arbeitsmappe eines Tabellenprogramms. Bitte speichern Sie das Blatt dort als CSV und wählen Sie diese Datei.";
    letters: "The letters of this file cannot be read. If it is a table, please save it as CSV in UTF-8, and choose that file. Nothing was changed.", "Die Buchstaben dieser Datei lassen sich nicht lesen. Wenn es eine Tabelle ist, speichern Sie sie bitte als CSV in UTF-8 und wählen Sie diese Datei. Es wurde nichts geändert.";
}

/// The texts in a language.
#[must_use]
pub const fn of(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}
