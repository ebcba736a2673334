//! The words of files on their way, per language, beside those of [`crate::i18n`].

use super::Reason;
use crate::i18n::Lang;

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// All words, by what they are for.
        #[allow(missing_docs)]
        pub struct Words { $(pub $name: &'static str,)+ }
        static EN: Words = Words { $($name: $en,)+ };
        static DE: Words = Words { $($name: $de,)+ };
        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $de)),+];
    };
}

words! {
    arrived: "{n} of {d} arrived", "{n} von {d} angekommen";
    cut_off: "A file was cut off after {n} of {d}. Choose it again, and it goes on from there.",
        "Eine Datei brach nach {n} von {d} ab. Wählen Sie sie noch einmal aus, dann geht es dort weiter.";
    discard: "Discard what arrived", "Angekommenes verwerfen";
    failed: "{n} did not arrive", "{n} nicht angekommen";
    faulty: "The server could not take this file. What arrived is kept: try again later.",
        "Der Server konnte diese Datei nicht annehmen. Was angekommen ist, bleibt: Versuchen Sie es später noch einmal.";
    full: "The disk of this Keepwell is full. Nothing that was here is lost. Please tell whoever runs it, then try again.",
        "Die Festplatte dieses Keepwell ist voll. Nichts, was hier war, ist verloren. Bitte sagen Sie es der Person, die es betreibt, und versuchen Sie es dann noch einmal.";
    list: "Files on their way", "Dateien auf dem Weg";
    now: "Try now", "Jetzt versuchen";
    signed_out: "You were signed out. Sign in and choose this file again: it goes on where it stopped.",
        "Sie wurden abgemeldet. Melden Sie sich an und wählen Sie die Datei noch einmal aus: Es geht weiter, wo es aufhörte.";
    too_large: "This file is larger than this Keepwell takes.", "Diese Datei ist größer, als dieses Keepwell annimmt.";
    unreadable: "This device does not give out the content of this file. It may have been moved, changed or deleted.",
        "Dieses Gerät gibt den Inhalt dieser Datei nicht her. Vielleicht wurde sie verschoben, geändert oder gelöscht.";
}

/// The words of a language.
#[must_use]
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}

/// The sentence for a reason.
#[must_use]
pub fn sentence(lang: Lang, reason: &Reason) -> String {
    let w = words(lang);
    let text = match reason {
        Reason::Said(text) => return text.clone(),
        Reason::Refused => lang.texts().upload_failed,
        Reason::Full => w.full,
        Reason::TooLarge => w.too_large,
        Reason::SignedOut => w.signed_out,
        Reason::Unreadable => w.unreadable,
        Reason::Faulty => w.faulty,
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_keep_the_places_to_fill_in() {
        for (name, en, de) in ALL {
            assert!(!en.is_empty() && !de.is_empty(), "{name}");
            for place in ["{n}", "{d}"] {
                assert_eq!(en.matches(place).count(), de.matches(place).count(), "{name}");
            }
        }
    }

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let all = [
            Reason::Refused,
            Reason::Full,
            Reason::TooLarge,
            Reason::SignedOut,
            Reason::Unreadable,
            Reason::Faulty,
        ];
        for lang in Lang::ALL {
            let mut texts: Vec<String> = all.iter().map(|r| sentence(lang, r)).collect();
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), all.len());
        }
    }
}
