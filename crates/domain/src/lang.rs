//! The languages that Keepwell speaks.

/// UI languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

/// The months in English, January first.
pub const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The months in German, January first.
pub const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// How months are shortened or spelt otherwise in either language, also with the dots of their vowels gone.
const MONTHS_SHORT: [&[&str]; 12] = [
    &["jan", "jän", "jänner", "janner"],
    &["feb", "feber"],
    &["mar", "mär", "mrz", "marz", "maerz"],
    &["apr"],
    &[],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep", "sept"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez"],
];

/// The month (1 to 12) of that name, in English or German, in full or shortened without its point. No other language, and
/// no part of a name.
#[must_use]
pub fn month_named(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let is_it = |i: &usize| {
        let long = [MONTHS_EN[*i], MONTHS_DE[*i]].iter().any(|name| name.to_lowercase() == word);
        long || MONTHS_SHORT[*i].contains(&word.as_str())
    };
    u8::try_from((0..12).find(is_it)? + 1).ok()
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// `en` or `de`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }
    /// The language of a tag such as `de`, `de-AT` or `en-GB`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "de" => Some(Self::De),
            _ => None,
        }
    }
    /// One of two texts.
    #[must_use]
    pub const fn pick<'a>(self, en: &'a str, de: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::De => de,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_by_their_names_in_both_languages() {
        for (i, (en, de)) in MONTHS_EN.iter().zip(MONTHS_DE).enumerate() {
            let month = u8::try_from(i + 1).ok();
            assert!(month_named(en) == month && month_named(&de.to_uppercase()) == month, "{en} {de}");
            assert_eq!(month_named(&en[..3]), month, "{en}");
        }
        for (word, month) in [
            ("Jänner", 1),
            ("MRZ", 3),
            ("Mär", 3),
            ("maerz", 3),
            ("marz", 3),
            ("Sept", 9),
            ("Okt", 10),
            ("dez", 12),
        ] {
            assert_eq!(month_named(word), Some(month), "{word}");
        }
        for word in ["", "ma", "janu", "avril", "maj", "märzen", "3"] {
            assert_eq!(month_named(word), None, "{word}");
        }
    }
}
