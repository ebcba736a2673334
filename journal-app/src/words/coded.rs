//! Words of one's own, some of which are codes that an import brought: drip, Clue and Flo keep feelings and
//! contraception by English names. They are kept so and shown in the person's language.

use super::{Lang, Row, find};

/// Which words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// How somebody felt.
    Feelings,
    /// What was used against a pregnancy.
    Contraception,
}

/// Feelings of drip, Clue and Flo.
const FEELINGS: &[Row] = &[
    ("angry", "angry", "wütend"),
    ("anxious", "anxious", "ängstlich"),
    ("apathetic", "apathetic", "teilnahmslos"),
    ("balanced", "balanced", "ausgeglichen"),
    ("brain_fog", "foggy in the head", "benebelt"),
    ("calm", "calm", "ruhig"),
    ("confident", "confident", "selbstsicher"),
    ("confused", "confused", "verwirrt"),
    ("depressed", "depressed", "niedergeschlagen"),
    ("distracted", "distracted", "abgelenkt"),
    ("energetic", "energetic", "voller Energie"),
    ("energized", "energised", "voller Energie"),
    ("excited", "excited", "aufgeregt"),
    ("fatigue", "tired", "müde"),
    ("feel_good", "feeling good", "fühle mich gut"),
    ("feeling_guilty", "feeling guilty", "schuldig"),
    ("fine", "fine", "ganz gut"),
    ("focused", "focused", "konzentriert"),
    ("forgetful", "forgetful", "vergesslich"),
    ("frisky", "frisky", "unternehmungslustig"),
    ("fully_energized", "full of energy", "voller Energie"),
    ("grateful", "grateful", "dankbar"),
    ("happy", "happy", "glücklich"),
    ("high_energy", "high energy", "viel Energie"),
    ("hopeful", "hopeful", "hoffnungsvoll"),
    ("indifferent", "indifferent", "gleichgültig"),
    ("insecure", "insecure", "unsicher"),
    ("irritable", "irritable", "reizbar"),
    ("irritated", "irritated", "gereizt"),
    ("low_energy", "low energy", "wenig Energie"),
    ("mood_swings", "mood swings", "Stimmungsschwankungen"),
    ("motivated", "motivated", "motiviert"),
    ("neutral", "neutral", "neutral"),
    ("not_in_control", "not in control", "nicht Herr der Lage"),
    ("obsessive_thoughts", "obsessive thoughts", "Zwangsgedanken"),
    ("ok", "ok", "in Ordnung"),
    ("pms", "PMS", "PMS"),
    ("productive", "productive", "produktiv"),
    ("sad", "sad", "traurig"),
    ("self_critical", "self-critical", "selbstkritisch"),
    ("sensitive", "sensitive", "empfindlich"),
    ("stressed", "stressed", "gestresst"),
    ("unmotivated", "unmotivated", "unmotiviert"),
    ("unproductive", "unproductive", "unproduktiv"),
    ("very_self_critical", "very self-critical", "sehr selbstkritisch"),
];

/// Contraception of drip.
const CONTRACEPTION: &[Row] = &[
    ("condom", "condom", "Kondom"),
    ("diaphragm", "diaphragm", "Diaphragma"),
    ("implant", "implant", "Implantat"),
    ("iud", "coil (IUD)", "Spirale"),
    ("none", "none", "keine"),
    ("other", "other", "andere"),
    ("patch", "patch", "Pflaster"),
    ("pill", "pill", "Pille"),
    ("ring", "ring", "Ring"),
];

/// A word as it is shown: a code in the language, any other as it was typed.
#[must_use]
pub fn shown(lang: Lang, set: Set, word: &str) -> String {
    let rows = match set {
        Set::Feelings => FEELINGS,
        Set::Contraception => CONTRACEPTION,
    };
    find(rows, word).map_or(word, |row| lang.pick(row)).to_owned()
}

/// The lines of a field as they are kept: what stands there as it was shown is what it was before.
#[must_use]
pub fn kept(lang: Lang, set: Set, lines: &str, before: &[String]) -> String {
    let mut left: Vec<&String> = before.iter().collect();
    let mut one = |line: &str| {
        let line = line.trim();
        let place = left.iter().position(|word| shown(lang, set, word) == line);
        place.map_or_else(|| line.to_owned(), |at| left.remove(at).clone())
    };
    lines.lines().map(&mut one).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_shown_in_the_language_and_kept_as_they_were() {
        let before =
            ["low_energy", "sad", "wie auf Wolken", "energetic", "fully_energized"].map(str::to_owned);
        let lines = before.clone().map(|w| shown(Lang::De, Set::Feelings, &w)).join("\n");
        assert_eq!(lines, "wenig Energie\ntraurig\nwie auf Wolken\nvoller Energie\nvoller Energie");
        assert_eq!(kept(Lang::De, Set::Feelings, &lines, &before), before.join("\n"));
        // What is typed anew stays as it was typed.
        assert_eq!(kept(Lang::De, Set::Feelings, "glücklich\ntraurig", &before), "glücklich\nsad");
        assert_eq!(shown(Lang::En, Set::Contraception, "iud"), "coil (IUD)");
    }

    #[test]
    fn no_code_stands_twice() {
        for rows in [FEELINGS, CONTRACEPTION] {
            assert!(rows.windows(2).all(|w| w[0].0 < w[1].0));
        }
    }
}
