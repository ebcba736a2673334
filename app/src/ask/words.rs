//! The words of the Ask page, per language.

use crate::i18n::Lang;
use keepwell_domain::view::LeftOut;

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// All words, by what they are for.
        #[allow(missing_docs)]
        #[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
        pub struct Words { $(pub $name: &'static str,)+ }
        static EN: Words = Words { $($name: $en,)+ };
        static DE: Words = Words { $($name: $de,)+ };
        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $de)),+];
    };
}

words! {
    again: "Ask again", "Noch einmal fragen";
    again_named: "Ask again: {n}", "Noch einmal fragen: {n}";
    answered_here: "Answered on this Keepwell; nothing left it.", "Auf diesem Keepwell beantwortet; nichts hat ihn verlassen.";
    answered_by: "Answered by {n}.", "Beantwortet von {n}.";
    agree: "Agree and ask", "Zustimmen und fragen";
    asked: "You asked", "Sie fragten";
    choices: "Ask next", "Weiter fragen";
    computed: "computed", "berechnet";
    consent: "Before this question leaves", "Bevor diese Frage hinausgeht";
    consent_text: "This question would leave this Keepwell. Nothing has been sent. If you agree, questions that you mark go to this provider until you take it back under Settings.",
        "Diese Frage würde diesen Keepwell verlassen. Es wurde nichts gesendet. Wenn Sie zustimmen, gehen Fragen, die Sie dafür markieren, an diesen Anbieter, bis Sie es unter Einstellungen zurücknehmen.";
    consent_given: "You agreed that marked questions go to this provider.", "Sie haben zugestimmt, dass markierte Fragen an diesen Anbieter gehen.";
    consent_none: "You have not agreed: no question leaves this Keepwell.", "Sie haben nicht zugestimmt: Keine Frage verlässt diesen Keepwell.";
    consent_stand_ins: "Replaced before sending, and put back in the answer", "Vor dem Senden ersetzt und in der Antwort zurückgesetzt";
    consent_exactly: "Exactly what is sent first", "Genau das wird zuerst gesendet";
    consent_more: "The model may then ask for single values of your records to answer this question; those are sent too, with the same replacements.",
        "Das Modell kann danach einzelne Werte Ihrer Einträge erfragen, um diese Frage zu beantworten; auch die werden gesendet, mit denselben Ersetzungen.";
    consent_revoke: "Take agreement back", "Zustimmung zurücknehmen";
    conversations: "Conversations", "Gespräche";
    copied: "Copied", "Kopiert";
    copy: "Copy answer", "Antwort kopieren";
    delete: "Delete this conversation", "Dieses Gespräch löschen";
    delete_all: "Delete all conversations", "Alle Gespräche löschen";
    delete_all_text: "All {n} conversations go for good. Your records stay.", "Alle {n} Gespräche werden endgültig gelöscht. Ihre Einträge bleiben.";
    delete_text: "The questions and answers in it go for good. Your records stay.", "Die Fragen und Antworten darin werden endgültig gelöscht. Ihre Einträge bleiben.";
    doctor: "Answers come from your own records and say where from. Keepwell is not a doctor.",
        "Antworten kommen aus Ihren eigenen Einträgen und sagen, woher. Keepwell ist kein Arzt.";
    empty: "What would you like to know?", "Was möchten Sie wissen?";
    empty_text: "Ask in your own words about values, changes, dates, medications and documents.",
        "Fragen Sie mit eigenen Worten nach Werten, Veränderungen, Daten, Medikamenten und Dokumenten.";
    failed_network: "The connection broke before the answer was whole.", "Die Verbindung brach ab, bevor die Antwort vollständig war.";
    find: "Find in conversations", "In Gesprächen suchen";
    found_none: "No conversation holds these words.", "Kein Gespräch enthält diese Wörter.";
    here_only: "Answer here only", "Nur hier beantworten";
    hint: "Enter sends, Shift and Enter begin a new line.", "Enter sendet, Umschalt und Enter beginnen eine neue Zeile.";
    leave: "Ask {n}; names, dates of birth and addresses are replaced first", "{n} fragen; Namen, Geburtsdaten und Adressen werden vorher ersetzt";
    left_out: "Left out: {n}.", "Nicht berücksichtigt: {n}.";
    looked_at_one: "Looked at 1 entry", "1 Eintrag angesehen";
    looked_at: "Looked at {n} entries", "{n} Einträge angesehen";
    looked_at_none: "No entry was looked at", "Kein Eintrag angesehen";
    looking: "Looking at your records …", "Ihre Einträge werden angesehen …";
    manage: "Rename or delete", "Umbenennen oder löschen";
    name: "Name of the conversation", "Name des Gesprächs";
    new: "New question", "Neue Frage";
    none: "No conversations yet", "Noch keine Gespräche";
    period: ", {a} to {b}", ", {a} bis {b}";
    on_day: ", of {a}", ", vom {a}";
    provider: "Provider", "Anbieter";
    provider_address: "Address", "Adresse";
    provider_host: "Goes to", "Geht an";
    provider_key: "Key", "Schlüssel";
    provider_key_kept: "Leave empty to keep the key that is stored.", "Leer lassen, um den gespeicherten Schlüssel zu behalten.";
    provider_kind: "Kind", "Art";
    provider_model: "Model", "Modell";
    provider_name: "What you call it", "Wie Sie ihn nennen";
    provider_none: "No provider is set up. Questions are answered on this Keepwell, and nothing leaves it.",
        "Es ist kein Anbieter eingerichtet. Fragen werden auf diesem Keepwell beantwortet, und nichts verlässt ihn.";
    provider_own: "Your own provider", "Ihr eigener Anbieter";
    provider_own_text: "A service or a model server of your own. Its key is sealed and never shown again.",
        "Ein Dienst oder ein eigener Modellserver. Sein Schlüssel wird versiegelt und nie wieder angezeigt.";
    provider_place: "Where it stands", "Wo er steht";
    provider_remove: "Remove your provider", "Ihren Anbieter entfernen";
    provider_save: "Save provider", "Anbieter speichern";
    provider_terms: "Terms", "Bedingungen";
    provider_openai: "OpenAI-compatible", "OpenAI-kompatibel";
    question: "Your question", "Ihre Frage";
    questions_one: "1 question", "1 Frage";
    questions: "{n} questions", "{n} Fragen";
    rename: "Rename", "Umbenennen";
    send: "Ask", "Fragen";
    settings: "Asking", "Fragen";
    settings_text: "Who may answer your questions.", "Wer Ihre Fragen beantworten darf.";
    settings_open: "Who answers questions", "Wer Fragen beantwortet";
    sources: "Sources ({n})", "Quellen ({n})";
    stop: "Stop", "Anhalten";
    stopped: "Stopped.", "Angehalten.";
    title: "Ask", "Fragen";
    typed_in: "typed in", "eingetippt";
    under_way: "The answer is under way.", "Die Antwort ist unterwegs.";
    under_way_look: "Look again", "Noch einmal nachsehen";
    unverified: "not verified", "nicht geprüft";
    unreviewed_one: "1 row waits for review", "1 Zeile wartet auf Durchsicht";
    unreviewed: "{n} rows wait for review", "{n} Zeilen warten auf Durchsicht";
    unread_one: "1 file is not read yet or could not be", "1 Datei ist noch nicht gelesen oder unlesbar";
    unread: "{n} files are not read yet or could not be", "{n} Dateien sind noch nicht gelesen oder unlesbar";
    conflicting_one: "1 entry contradicts another", "1 Eintrag widerspricht einem anderen";
    conflicting: "{n} entries contradict others", "{n} Einträge widersprechen anderen";
    not_comparable_one: "1 value in a unit that does not convert", "1 Wert in einer Einheit, die sich nicht umrechnen lässt";
    not_comparable: "{n} values in units that do not convert", "{n} Werte in Einheiten, die sich nicht umrechnen lassen";
    undated_one: "1 entry without a date", "1 Eintrag ohne Datum";
    undated: "{n} entries without a date", "{n} Einträge ohne Datum";
    not_permitted_one: "1 entry that this program may not see", "1 Eintrag, den dieses Programm nicht sehen darf";
    not_permitted: "{n} entries that this program may not see", "{n} Einträge, die dieses Programm nicht sehen darf";
    not_sent_one: "1 entry that you did not want to be sent", "1 Eintrag, der nicht gesendet werden sollte";
    not_sent: "{n} entries that you did not want to be sent", "{n} Einträge, die nicht gesendet werden sollten";
}

/// The words of a language.
#[must_use]
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}

/// Why something was left out, for one and for several.
#[must_use]
pub const fn left_out(w: &Words, why: LeftOut) -> (&'static str, &'static str) {
    match why {
        LeftOut::Unreviewed => (w.unreviewed_one, w.unreviewed),
        LeftOut::Unread => (w.unread_one, w.unread),
        LeftOut::Conflicting => (w.conflicting_one, w.conflicting),
        LeftOut::NotComparable => (w.not_comparable_one, w.not_comparable),
        LeftOut::Undated => (w.undated_one, w.undated),
        LeftOut::NotPermitted => (w.not_permitted_one, w.not_permitted),
        LeftOut::NotSent => (w.not_sent_one, w.not_sent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_keep_the_places_to_fill_in() {
        for (name, en, de) in ALL {
            assert!(!en.is_empty() && !de.is_empty(), "{name}");
            for place in ["{n}", "{a}", "{b}"] {
                assert_eq!(en.matches(place).count(), de.matches(place).count(), "{name}");
            }
        }
    }
}
