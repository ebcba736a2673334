//! Whether a file is about the person whose profile it is brought into.
//!
//! Names are compared without case, accents, order, titles and middle names; initials and one
//! letter's difference in a long name are forgiven. Two full dates of birth decide: equal ones
//! forgive another surname, different ones forgive nothing. What a file does not state never
//! speaks against it.

use keepwell_domain::{
    record::Subject,
    time::{Date, When},
};
use serde::{Deserialize, Serialize};

/// Spellings and persons whom a profile accepted; more are not kept.
const MAX_KNOWN: usize = 20;
const TITLES: [&str; 13] =
    ["mr", "mrs", "ms", "miss", "herr", "frau", "dr", "med", "prof", "mme", "dipl", "ing", "phd"];

/// What the person answered about a file that names somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAnswer {
    /// It belongs here.
    Import,
    /// It is kept, and nothing is read from it.
    Keep,
}

impl PersonAnswer {
    /// Name in an export.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Keep => "keep",
        }
    }
    /// The answer of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Import, Self::Keep].into_iter().find(|a| a.as_str() == name)
    }
}

/// The outcome of a meeting.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// Nothing speaks against it.
    Fine,
    /// Somebody else.
    Stranger,
}

/// Whom a profile's files named so far, and what was answered about the present one.
pub(super) struct Acquaintance {
    /// Those accepted; `None` where nobody is asked (the demo person).
    known: Option<Vec<Subject>>,
    answer: Option<PersonAnswer>,
    changed: bool,
}

impl Acquaintance {
    pub fn new(known: Option<Vec<Subject>>, answer: Option<PersonAnswer>) -> Self {
        Self { known, answer, changed: false }
    }
    /// Whether a file with this subject may be read in, and remembers it if so.
    pub fn meet(&mut self, subject: Option<&Subject>) -> Meeting {
        let (Some(known), Some(subject)) = (self.known.as_mut(), subject) else { return Meeting::Fine };
        if *subject == Subject::default() {
            return Meeting::Fine;
        }
        if let Some(same) = known.iter_mut().find(|k| !contradicts(k, subject)) {
            self.changed |= complete(same, subject);
            return Meeting::Fine;
        }
        if !known.is_empty() && self.answer != Some(PersonAnswer::Import) {
            return Meeting::Stranger;
        }
        if known.len() < MAX_KNOWN {
            known.push(subject.clone());
            self.changed = true;
        }
        Meeting::Fine
    }
    pub fn answer(&self) -> Option<PersonAnswer> {
        self.answer
    }
    /// Whom the files before named, in words.
    pub fn words(&self) -> String {
        self.known.iter().flatten().filter_map(words).collect::<Vec<_>>().join("; ")
    }
    /// The new list, if it changed.
    pub fn into_changed(self) -> Option<Vec<Subject>> {
        self.known.filter(|_| self.changed)
    }
}

/// A person in words: name and date of birth, else the sex.
pub(super) fn words(s: &Subject) -> Option<String> {
    let birth = s.birth_date.map(|b| b.to_string());
    let parts: Vec<String> =
        [s.name.clone(), birth].into_iter().flatten().filter(|t| !t.is_empty()).collect();
    if parts.is_empty() { s.sex.clone() } else { Some(parts.join(", ")) }
}

/// Fills in what was not known before.
fn complete(known: &mut Subject, new: &Subject) -> bool {
    let before = known.clone();
    let stated = |t: &Option<String>| t.as_ref().is_some_and(|t| !t.trim().is_empty());
    if !stated(&known.name) {
        known.name.clone_from(&new.name);
    }
    if full(known.birth_date).is_none() && new.birth_date.is_some() {
        known.birth_date = new.birth_date;
    }
    if sex(known).is_none() {
        known.sex.clone_from(&new.sex);
    }
    *known != before
}

/// Whether two statements cannot be about one person.
pub(crate) fn contradicts(a: &Subject, b: &Subject) -> bool {
    let birth = born(a.birth_date, b.birth_date);
    let names = match (&a.name, &b.name) {
        (Some(x), Some(y)) => compare(&tokens(x), &tokens(y)),
        _ => Names::Unknown,
    };
    let same_sex = sex(a).zip(sex(b)).map(|(x, y)| x == y);
    match (birth, names) {
        (Some(false), _) => true,
        // The same day of birth and one name in common: a marriage, a second surname.
        (Some(true), Names::Same | Names::Related) => false,
        (_, Names::Different) => true,
        (None, Names::Related) => true,
        (_, Names::Same | Names::Unknown) => same_sex == Some(false),
    }
}

fn sex(s: &Subject) -> Option<&str> {
    s.sex.as_deref().filter(|x| ["male", "female"].contains(x))
}

fn full(birth: Option<When>) -> Option<Date> {
    birth.filter(|w| !matches!(w, When::Year(_) | When::Month(..))).map(When::date)
}

/// Whether two dates of birth agree, as far as both go; `None` where that tells too little.
fn born(a: Option<When>, b: Option<When>) -> Option<bool> {
    let (a, b) = (a?, b?);
    if let (Some(x), Some(y)) = (full(Some(a)), full(Some(b))) {
        return Some(x == y);
    }
    let month = |w: When| (!matches!(w, When::Year(_))).then(|| w.date().month());
    let months_differ = month(a).zip(month(b)).is_some_and(|(x, y)| x != y);
    // A year or a month in common is shared by many.
    (a.date().year() != b.date().year() || months_differ).then_some(false)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// One is the other, or a part of it.
    Same,
    /// They share a name, but each has another that the other has not.
    Related,
    Different,
    Unknown,
}

fn compare(a: &[String], b: &[String]) -> Names {
    if a.is_empty() || b.is_empty() {
        return Names::Unknown;
    }
    let mut left: Vec<&String> = b.iter().collect();
    let (mut whole, mut initials, mut rest) = (0, 0, 0);
    // Whole names first, so that an initial does not take one away.
    let (short, long): (Vec<&String>, Vec<&String>) = a.iter().partition(|t| t.chars().count() == 1);
    for t in long.into_iter().chain(short) {
        match left.iter().position(|o| alike(t, o)).or_else(|| left.iter().position(|o| initial(t, o))) {
            Some(at) => {
                let other = left.remove(at);
                if t.chars().count() > 1 && other.chars().count() > 1 { whole += 1 } else { initials += 1 }
            }
            None => rest += 1,
        }
    }
    match (whole, rest == 0 || left.is_empty()) {
        (0, true) if initials > 0 => Names::Unknown,
        (0, _) => Names::Different,
        (_, true) => Names::Same,
        (_, false) => Names::Related,
    }
}

fn initial(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    short.chars().count() == 1 && long.starts_with(short)
}

/// Equal, or one letter apart where both are long enough for a slip or another spelling.
fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if x.len().min(y.len()) < 5 {
        return false;
    }
    let front = x.iter().zip(&y).take_while(|(p, q)| p == q).count();
    let back = x[front..].iter().rev().zip(y[front..].iter().rev()).take_while(|(p, q)| p == q).count();
    x.len() - front - back <= 1 && y.len() - front - back <= 1
}

/// A name's words in one spelling: lower case, without accents, `ä` as `ae`, without titles.
fn tokens(name: &str) -> Vec<String> {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match fold(c) {
            Some(plain) => folded.push_str(plain),
            None if c.is_alphanumeric() => folded.push(c),
            // `O'Brien` is one name, `Anna-Lena` two.
            None if matches!(c, '\'' | '’' | '\u{301}' | '\u{308}') => {}
            None => folded.push(' '),
        }
    }
    // `Muller`, `Müller` and `Mueller` are one name.
    let plain = |t: &str| t.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    folded.split(' ').filter(|t| !t.is_empty() && !TITLES.contains(t)).map(plain).collect()
}

const fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ä' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' | 'ø' | 'ö' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ß' => "ss",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn who(name: &str, birth: &str, sex: &str) -> Subject {
        let given = |s: &str| Some(s).filter(|s| !s.is_empty()).map(str::to_owned);
        Subject { name: given(name), birth_date: When::parse(birth).ok(), sex: given(sex) }
    }
    fn differ(a: (&str, &str, &str), b: (&str, &str, &str)) -> bool {
        let (a, b) = (who(a.0, a.1, a.2), who(b.0, b.1, b.2));
        assert_eq!(contradicts(&a, &b), contradicts(&b, &a), "the order does not matter");
        contradicts(&a, &b)
    }

    #[test]
    fn spellings_of_one_name_are_one_person() {
        for (a, b) in [
            ("Eva Kanari", "KANARI, EVA"),
            ("Eva Kanari", "Frau Dr. Éva Maria Kanari"),
            ("Eva M. Kanari", "Eva Maria Kanari"),
            ("E. Kanari", "Eva Kanari"),
            ("Jürgen Müller", "Juergen Mueller"),
            ("Jürgen Müller", "JURGEN MULLER"),
            ("Anna-Lena Groß", "Anna Lena Gross"),
            ("Sinéad O'Brien", "OBRIEN SINEAD"),
            ("Stephan Meier", "Stefan Meier-Schulz"),
            ("Kanari", "Eva Kanari"),
            ("", "Eva Kanari"),
        ] {
            let apart = differ((a, "", ""), (b, "", ""));
            assert_eq!(apart, a.starts_with("Stephan"), "{a} / {b}");
        }
    }

    #[test]
    fn members_of_a_family_are_several_people() {
        assert!(differ(("Jane Doe", "", ""), ("John Doe", "", "")));
        assert!(differ(("Anna Maria Schmidt", "", ""), ("Lena Maria Schmidt", "", "")));
        assert!(differ(("Eva Kanari", "1980-01-02", ""), ("Eva Kanari", "2010-01-02", "")));
        assert!(differ(("Eva Kanari", "1980", ""), ("Eva Kanari", "2010-01-02", "")));
        assert!(differ(("Alex Doe", "", "male"), ("Alex Doe", "", "female")));
        assert!(differ(("", "1980-01-02", ""), ("", "1981-01-02", "")));
        assert!(differ(("Eva Kanari", "1980-01-02", ""), ("Tom Berg", "1980-01-02", "")));
    }

    #[test]
    fn the_day_of_birth_forgives_another_surname_and_silence_contradicts_nothing() {
        assert!(!differ(("Eva Kanari", "1980-01-02", "female"), ("Eva Berg", "1980-01-02", "male")));
        assert!(!differ(("Eva Kanari", "1980-01-02", ""), ("", "1980-01-02", "female")));
        assert!(!differ(("Eva Kanari", "1980-01-02", "female"), ("Eva Kanari", "", "unknown")));
        assert!(!differ(("Eva Kanari", "1980-01", ""), ("Eva Kanari", "1980-01-02", "")));
        assert!(!differ(("", "", ""), ("Eva Kanari", "1980-01-02", "female")));
    }

    #[test]
    fn a_profile_learns_and_asks_once() {
        let mut a = Acquaintance::new(Some(Vec::new()), None);
        assert_eq!(a.meet(Some(&who("", "1980-01-02", "female"))), Meeting::Fine);
        assert_eq!(a.meet(Some(&who("Eva Kanari", "1980-01-02", ""))), Meeting::Fine);
        assert_eq!(a.meet(Some(&who("Tom Berg", "", ""))), Meeting::Stranger);
        assert_eq!(a.meet(None), Meeting::Fine);
        let known = a.into_changed().unwrap();
        assert_eq!(known, [who("Eva Kanari", "1980-01-02", "female")]);
        let mut a = Acquaintance::new(Some(known.clone()), Some(PersonAnswer::Import));
        assert_eq!(a.meet(Some(&who("Tom Berg", "", ""))), Meeting::Fine);
        let known = a.into_changed().unwrap();
        let mut a = Acquaintance::new(Some(known), None);
        assert_eq!(a.meet(Some(&who("BERG, TOM", "", ""))), Meeting::Fine);
        let mut demo = Acquaintance::new(None, None);
        assert_eq!(demo.meet(Some(&who("Anybody", "", ""))), Meeting::Fine);
    }
}
