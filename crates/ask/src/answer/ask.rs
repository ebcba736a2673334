//! What a question wants to know, whatever its language.

use super::{lexicon::sections, period::count, token::Token};
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// Nothing that was recognised.
    #[default]
    Unclear,
    /// The newest.
    Latest,
    /// The oldest.
    First,
    /// The highest.
    Highest,
    /// The lowest.
    Lowest,
    /// The mean.
    Average,
    /// So many of the newest, or all in a time.
    List,
    /// How it went over time.
    Trend,
    /// The difference between two values.
    Change,
    /// Whether it lies in its range.
    InRange,
    /// Since when it lies out of its range, or since when something is there.
    SinceWhen,
    /// How many.
    Count,
    /// When.
    When,
    /// Two things side by side.
    Compare,
    /// What a name means.
    Explain,
    /// A value in another unit.
    Convert,
    /// The value before the last one told.
    Before,
    /// What is new.
    New,
    /// What is missing or waits.
    Missing,
    /// What is due.
    Due,
    /// Yes or no: whether something is there.
    Whether,
    /// How much of a medicine.
    Dose,
    /// The reason that a record states.
    Why,
    /// Where something took place.
    Place,
    /// What a text says.
    Content,
    /// What ended or was stopped.
    Past,
    /// Where a value comes from.
    Source,
    /// A greeting.
    Hello,
    /// Thanks.
    Thanks,
    /// What can be asked.
    Help,
}

/// An event that a time is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// From it on.
    Since,
    /// Up to it.
    Before,
    /// Both sides.
    Both,
}

/// What was recognised.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What is wanted.
    pub want: Want,
    /// How many, where a number was said.
    pub n: Option<usize>,
    /// Since, before or after a thing that the question names.
    pub anchor: Option<Anchor>,
    /// Whether it goes on from the question before.
    pub is_follow_up: bool,
    /// Whether only what is out of range, active, current is meant.
    pub is_out_of_range: bool,
    /// Whether only what goes on is meant.
    pub is_active: bool,
    /// Whether only what is over is meant.
    pub is_past: bool,
    /// Whether all results are meant.
    pub is_results: bool,
    /// Whether a visit is what time is counted from.
    pub since_visit: bool,
    /// Whether the question speaks of the person's own things.
    pub is_mine: bool,
    /// Whether "how many" asks for the amount itself.
    pub is_amount: bool,
    /// Whether only stays in a hospital are meant.
    pub is_stay: bool,
    /// Whether only visits in an emergency are meant.
    pub is_emergency: bool,
    /// Whether it asks for the last time of something.
    pub is_last: bool,
    /// Whether it asks for what began, was diagnosed or prescribed in a time.
    pub begins: bool,
}

const FIRST: &[&str] =
    &["first", "earliest", "erste", "erster", "ersten", "erstes", "erstmals", "zum ersten mal"];
const OFTEN: &[&str] = &[
    "often",
    "times",
    "oft",
    "mal",
    "measured",
    "gemessen",
    "anzahl",
    "number",
    "messungen",
    "tested",
    "measurements",
    "did i get",
    "bekommen",
    "vaccinations",
    "impfungen",
    "impfung",
];

/// The words of a question joined, with `_` for what it names and without times.
#[must_use]
pub fn joined(tokens: &[Token]) -> String {
    let mut out = String::from(" ");
    for t in tokens {
        if t.is_named {
            if !out.ends_with(" _ ") {
                out.push_str("_ ");
            }
        } else if !t.used && t.date.is_none() && !t.word.is_empty() {
            out.push_str(&t.word);
            out.push(' ');
        }
    }
    out
}

/// Whether a folded phrase stands in the joined words.
#[must_use]
pub fn has(joined: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| joined.contains(&super::lexicon::padded(p)))
}

/// What is wanted, by phrases in the order in which they count.
fn rules() -> &'static [(Want, Folded)] {
    static RULES: OnceLock<Vec<(Want, Folded)>> = OnceLock::new();
    RULES.get_or_init(|| {
        let want = |name: &str| {
            serde_json::from_value(serde_json::Value::String(snake(name))).unwrap_or(Want::Unclear)
        };
        let fold = |list: Vec<&str>| Folded(list.into_iter().map(super::lexicon::padded).collect());
        sections(include_str!("words/wants.txt")).into_iter().map(|(n, l)| (want(n), fold(l))).collect()
    })
}

struct Folded(Vec<String>);
impl Folded {
    fn any(&self, text: &str) -> bool {
        self.0.iter().any(|p| text.contains(p))
    }
}

/// `InRange` as serde names it.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Recognises what a question wants. `text` are its words with `_` for what it names; `full` are all.
#[must_use]
pub fn read(text: &str, full: &str, has_subject: bool) -> Asked {
    let mut a = Asked {
        is_out_of_range: has(
            full,
            &[
                "out of range",
                "outside",
                "abnormal",
                "too high",
                "too low",
                "elevated",
                "ausserhalb",
                "auffallig",
                "auffallige",
                "auffalligen",
                "zu hoch",
                "zu niedrig",
                "zu tief",
                "erhoht",
                "erhohte",
                "erniedrigt",
                "out of the range",
                "flagged",
                "out of normal",
                "not normal",
                "nicht normal",
                "not in range",
                "nicht im",
                "above range",
                "below range",
            ],
        ),
        is_active: has(
            full,
            &[
                "active",
                "current",
                "currently",
                "now",
                "at the moment",
                "ongoing",
                "still",
                "right now",
                "present",
                "do i have",
                "habe ich",
                "aktiv",
                "aktive",
                "aktiven",
                "aktull",
                "aktulle",
                "aktullen",
                "derzeit",
                "momentan",
                "gerade",
                "noch",
                "bestehende",
                "zurzeit",
                "zur zeit",
                "am i taking",
                "do i take",
                "am i on",
                "nehme ich",
                "einnehme",
                "laufende",
                "bestehen",
                "i take",
                "ich nehme",
            ],
        ),
        is_past: has(
            full,
            &[
                "past",
                "former",
                "previous",
                "resolved",
                "old",
                "ended",
                "over",
                "did i have",
                "had i",
                "used to",
                "stopped",
                "earlier",
                "inactive",
                "discontinued",
                "formerly",
                "have i had",
                "no longer",
                "fruhere",
                "fruheren",
                "vergangene",
                "vergangenen",
                "ehemalige",
                "hatte ich",
                "abgesetzt",
                "beendet",
                "uberstanden",
                "ausgeheilt",
                "fruher",
                "abgeschlossen",
                "abgesetzte",
                "abgesetzten",
                "nicht mehr",
            ],
        ),
        is_results: has(
            full,
            &[
                "results",
                "result",
                "values",
                "value",
                "lab",
                "labs",
                "labor",
                "tests",
                "werte",
                "ergebnisse",
                "blut",
                "blood",
                "befunde",
                "markers",
                "readings",
                "messwerte",
                "marker",
                "laborwerte",
                "everything",
                "alles",
                "wert",
                "test",
                "blutwerte",
            ],
        ),
        since_visit: has(
            full,
            &[
                "since my last visit",
                "since the last visit",
                "since last visit",
                "since my last appointment",
                "since my last doctor",
                "since my last check up",
                "since the last check up",
                "since my last checkup",
                "since i last saw",
                "since i was last at",
                "since my last doctor s visit",
                "since the last appointment",
                "since my last consultation",
                "after my last visit",
                "since my last doctor s appointment",
                "seit meinem letzten besuch",
                "seit dem letzten besuch",
                "seit meinem letzten arztbesuch",
                "seit dem letzten arztbesuch",
                "seit dem letzten termin",
                "seit meinem letzten termin",
                "seit dem letzten arzttermin",
                "seit meinem letzten arzttermin",
                "seit der letzten untersuchung",
                "seit der letzten konsultation",
                "seit meiner letzten untersuchung",
                "seit letztem besuch",
            ],
        ),
        is_mine: has(
            full,
            &["my", "mine", "i", "me", "mein", "meine", "meinen", "meiner", "meines", "meinem", "ich", "mir"],
        ),
        is_stay: has(
            full,
            &[
                "hospital",
                "stay",
                "stays",
                "admitted",
                "admission",
                "admissions",
                "inpatient",
                "krankenhaus",
                "klinik",
                "aufenthalt",
                "aufenthalte",
                "stationar",
                "krankenhausaufenthalt",
                "krankenhausaufenthalte",
                "hospitalised",
                "hospitalized",
                "spital",
            ],
        ),
        is_emergency: has(full, &["emergency room", "emergency", "notaufnahme", "notfall"]),
        is_last: has(
            full,
            &["last", "latest", "most recently", "letzte", "letzten", "letztes", "zuletzt", "letztmals"],
        ),
        begins: has(
            full,
            &[
                "diagnosed",
                "prescribed",
                "started",
                "start",
                "began",
                "begin",
                "new",
                "diagnostiziert",
                "verschrieben",
                "begonnen",
                "angefangen",
                "neu",
                "neue",
                "neuen",
                "festgestellt",
            ],
        ),
        ..Asked::default()
    };
    a.is_follow_up = [
        "and ",
        "und ",
        "what about ",
        "how about ",
        "was ist mit ",
        "wie ist es mit ",
        "or ",
        "oder ",
        "then ",
        "same ",
        "also ",
        "dasselbe ",
        "das gleiche ",
        "und was ist mit ",
        "in ",
        "wie sieht es mit ",
        "auch ",
        "the same ",
    ]
    .iter()
    .any(|p| full.trim_start().starts_with(&fold_keep(p)));
    a.anchor = anchor(text);
    a.n = number(full);
    a.want = rules()
        .iter()
        .find(|(want, phrases)| phrases.any(text) && fits(*want, text, &a, has_subject))
        .map_or(Want::Unclear, |r| r.0);
    if a.want == Want::When && has(full, FIRST) {
        a.want = Want::First;
    }
    // "How many platelets do I have?" asks for the value.
    if a.want == Want::Count
        && has(text, &["how many _", "wie viele _", "wieviele _"])
        && !a.is_results
        && !has(full, OFTEN)
    {
        a.is_amount = true;
    }
    if a.want == Want::Latest && a.n.is_some_and(|n| n > 1) {
        a.want = Want::List;
    }
    if matches!(a.want, Want::Unclear | Want::Latest) && has_subject && is_bare_explain(text) {
        a.want = Want::Explain;
    }
    a
}

fn fold_keep(p: &str) -> String {
    format!("{} ", fold(p))
}

/// `what is ferritin` asks for the meaning, `what is my ferritin` for the value.
fn is_bare_explain(text: &str) -> bool {
    let t = text.trim();
    matches!(
        t,
        "what is _"
            | "what s _"
            | "whats _"
            | "was ist _"
            | "what is the _"
            | "wat is _"
            | "_ what is that"
            | "_ was ist das"
            | "what is _ anyway"
            | "was ist der _"
            | "was ist das _"
            | "was ist die _"
    )
}

fn fits(want: Want, text: &str, a: &Asked, has_subject: bool) -> bool {
    match want {
        // `what does my letter say` asks for a text, `what are my allergies` for a list.
        Want::Explain => {
            has_subject && !(a.is_mine && has(text, &["what are _", "was sind _", "what is a _"]))
        }
        Want::Before => true,
        // A word such as `fine` alone asks nothing.
        Want::InRange => has_subject || a.is_results || a.is_out_of_range,
        Want::When => !has(text, &["since when", "seit wann"]),
        Want::First => !has(text, &["first time in"]),
        Want::Due => {
            has_subject
                || has(
                    text,
                    &[
                        "due",
                        "overdue",
                        "fallig",
                        "uberfallig",
                        "steht an",
                        "stehen an",
                        "next",
                        "retest",
                        "wieder dran",
                        "anstehend",
                        "nachste",
                    ],
                )
        }
        _ => true,
    }
}

fn anchor(text: &str) -> Option<Anchor> {
    if has(text, &["before and after _", "vor und nach _", "before and after", "vor und nach"]) {
        return Some(Anchor::Both);
    }
    let near = |heads: &[&str]| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words
            .iter()
            .enumerate()
            .any(|(i, w)| heads.contains(w) && words[i + 1..].iter().take(6).any(|x| *x == "_"))
    };
    if near(&["since", "after", "seit", "nach", "seitdem", "following"]) {
        Some(Anchor::Since)
    } else if near(&["before", "vor", "bevor", "prior"]) {
        Some(Anchor::Before)
    } else {
        None
    }
}

/// `last five`, `the 3 latest`, `letzten drei`.
fn number(full: &str) -> Option<usize> {
    const AROUND: &[&str] = &[
        "last",
        "latest",
        "newest",
        "recent",
        "letzten",
        "letzte",
        "neusten",
        "aktullsten",
        "first",
        "ersten",
        "vergangenen",
        "top",
    ];
    let words: Vec<&str> = full.split_whitespace().collect();
    words.iter().enumerate().find_map(|(i, w)| {
        let n = count(w)
            .filter(|n| (1..=100).contains(n) && !matches!(*w, "a" | "an" | "ein" | "eine" | "one"))?;
        let before = i > 0 && AROUND.contains(&words[i - 1]);
        let after = words.get(i + 1).is_some_and(|x| AROUND.contains(x));
        let unit = words.get(i + 1).is_some_and(|x| {
            matches!(
                *x,
                "days"
                    | "weeks"
                    | "months"
                    | "years"
                    | "tage"
                    | "tagen"
                    | "wochen"
                    | "monate"
                    | "monaten"
                    | "jahre"
                    | "jahren"
            )
        });
        ((before || after) && !unit).then_some(n)
    })
}
