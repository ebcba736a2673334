//! What was read and what was left out of a file, in words. A reader counts by keys of its own;
//! types of FHIR resources and HL7 segments have no other name.

use crate::i18n::Lang;

/// (key, English, German).
const WORDS: [(&str, &str, &str); 37] = [
    ("attachments", "Attachments", "Anhänge"),
    ("bad_rows", "Entries that cannot be read", "Einträge, die nicht lesbar sind"),
    ("cda_summaries", "Summaries of Apple Health (CDA)", "Zusammenfassungen von Apple Health (CDA)"),
    ("children", "Files inside", "Dateien darin"),
    ("cut_off", "Places where the file is broken", "Stellen, an denen die Datei beschädigt ist"),
    ("documents", "Documents", "Dokumente"),
    ("electrocardiograms", "Electrocardiograms", "EKG-Aufzeichnungen"),
    ("entries of other sections", "Entries of other sections", "Einträge anderer Abschnitte"),
    ("family history", "Family history", "Familiengeschichte"),
    ("health cards", "Further health cards", "Weitere Gesundheitskarten"),
    ("health_exports", "Broken exports of Apple Health", "Beschädigte Exporte von Apple Health"),
    ("insurance", "Insurance", "Versicherung"),
    ("known_before", "Known before", "Vorher schon bekannt"),
    ("linked documents", "Documents elsewhere", "Dokumente anderswo"),
    ("not done", "Not found or not done", "Nicht gefunden oder nicht getan"),
    ("planned", "Planned", "Geplant"),
    ("problem", "Diagnoses without a name", "Diagnosen ohne Namen"),
    ("allergy", "Allergies", "Allergien"),
    ("results", "Results", "Ergebnisse"),
    ("samples", "Samples", "Messwerte"),
    (
        "sealed journals",
        "Sealed journals, which your devices send anew",
        "Versiegelte Tagebücher, die Ihre Geräte neu senden",
    ),
    ("segments", "Segments without a header", "Segmente ohne Kopf"),
    ("segments of another person", "Segments about another person", "Segmente über eine andere Person"),
    ("unknown", "Entries of no known kind", "Einträge unbekannter Art"),
    ("waiting_for_answer", "Rows that wait for you", "Zeilen, die auf Sie warten"),
    ("warnings", "Further remarks", "Weitere Hinweise"),
    ("withdrawn", "Withdrawn by the source", "Von der Quelle zurückgezogen"),
    ("without_result", "Rows without a result", "Zeilen ohne Ergebnis"),
    ("workout_routes", "Routes of workouts", "Strecken von Trainings"),
    ("activity_summaries", "Daily activity rings", "Tägliche Aktivitätsringe"),
    ("audiograms", "Hearing tests", "Hörtests"),
    ("clinical_records", "Clinical records inside", "Klinische Einträge darin"),
    ("duplicates", "Doubled measurements", "Doppelte Messungen"),
    ("empty results", "Results without a value", "Ergebnisse ohne Wert"),
    ("other_people", "Rows about other people", "Zeilen über andere Personen"),
    ("states_of_mind", "States of mind", "Gemütszustände"),
    ("vision_prescriptions", "Vision prescriptions", "Sehhilfenverordnungen"),
];

/// The words for a key; a key that is a name already stays.
pub fn words(lang: Lang, key: &str) -> String {
    match WORDS.iter().find(|(k, ..)| *k == key) {
        Some((_, en, de)) => if lang == Lang::De { *de } else { *en }.to_owned(),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_words_and_names_stay() {
        assert_eq!(words(Lang::De, "without_result"), "Zeilen ohne Ergebnis");
        assert_eq!(words(Lang::En, "without_result"), "Rows without a result");
        assert_eq!(words(Lang::De, "CarePlan"), "CarePlan");
        for (n, (key, en, de)) in WORDS.iter().enumerate() {
            assert!(!en.is_empty() && !de.is_empty() && !en.contains('_') && !de.contains('_'), "{key}");
            assert!(WORDS.iter().skip(n + 1).all(|(other, ..)| other != key), "{key} twice");
        }
    }
}
