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
    /// Whether only what lies above (`true`) or below (`false`) its range is meant.
    pub side: Option<bool>,
    /// Whether it asks for yes or no.
    pub is_whether: bool,
    /// Only values above (`true`) or below (`false`) a number are meant.
    pub limit: Option<(bool, f64)>,
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
pub fn rules() -> &'static [(Want, Folded)] {
    static RULES: OnceLock<Vec<(Want, Folded)>> = OnceLock::new();
    RULES.get_or_init(|| {
        let want = |name: &str| {
            serde_json::from_value(serde_json::Value::String(snake(name))).unwrap_or(Want::Unclear)
        };
        let fold = |list: Vec<&str>| Folded(list.into_iter().map(super::lexicon::padded).collect());
        sections(include_str!("words/wants.txt")).into_iter().map(|(n, l)| (want(n), fold(l))).collect()
    })
}

/// Phrases, folded.
pub struct Folded(pub Vec<String>);
impl Folded {
    fn any(&self, text: &str) -> bool {
        self.0.iter().any(|p| text.contains(p))
    }
}

/// Lists of phrases that say more than what is wanted: only what is active, out of range, of a hospital stay.
pub fn flags() -> &'static [(&'static str, Folded)] {
    static FLAGS: OnceLock<Vec<(&'static str, Folded)>> = OnceLock::new();
    FLAGS.get_or_init(|| {
        let fold = |list: Vec<&str>| Folded(list.into_iter().map(super::lexicon::padded).collect());
        sections(include_str!("words/flags.txt")).into_iter().map(|(n, l)| (n, fold(l))).collect()
    })
}

fn flag(name: &str, full: &str) -> bool {
    flags().iter().any(|(n, phrases)| *n == name && phrases.any(full))
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
        is_out_of_range: flag("OutOfRange", full),
        is_active: flag("Active", full),
        is_past: flag("Past", full),
        is_results: flag("Results", full),
        since_visit: flag("SinceVisit", full),
        is_mine: flag("Mine", full),
        is_stay: flag("Stay", full),
        is_emergency: flag("Emergency", full),
        is_last: flag("Last", full),
        begins: flag("Begins", full),
        side: match (flag("High", full), flag("Low", full)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        },
        ..Asked::default()
    };
    a.is_out_of_range |= a.side.is_some();
    a.is_whether = rules().iter().any(|(w, phrases)| *w == Want::Whether && phrases.any(text));
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
    let is_when = rules().iter().any(|(w, phrases)| *w == Want::When && phrases.any(text));
    // "When was it too high?" asks for all those days.
    if a.want == Want::InRange && a.is_out_of_range && is_when && has_subject {
        a.want = if a.is_last { Want::Latest } else { Want::List };
    }
    if a.want == Want::InRange && a.is_out_of_range && has(full, FIRST) && has_subject {
        a.want = Want::First;
    }
    // "Since when is it low?" speaks of its range, though not in so many words.
    if a.want == Want::SinceWhen && has_subject && !a.is_out_of_range {
        let (high, low) = (has(full, &["high", "hoch"]), has(full, &["low", "niedrig", "tief"]));
        if high != low {
            (a.is_out_of_range, a.side) = (true, Some(high));
        }
    }
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
    if matches!(a.want, Want::Latest | Want::Before | Want::Unclear) && a.n.is_some_and(|n| n > 1) {
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

/// `above 130`, `unter 7,5`: the comparison and the number behind it.
#[must_use]
pub fn limit(tokens: &[Token]) -> Option<(bool, f64)> {
    let at = tokens.iter().position(|t| t.number.is_some() && !t.used && t.date.is_none())?;
    if tokens.iter().skip(at + 1).any(|t| t.number.is_some() && !t.used && t.date.is_none()) {
        return None;
    }
    let open = tokens[at.saturating_sub(3)..at].iter().filter(|t| !t.used && !t.is_named);
    let before = format!(" {} ", open.map(|t| t.word.as_str()).collect::<Vec<_>>().join(" "));
    match (flag("Above", &before), flag("Below", &before)) {
        (true, false) => Some((true, tokens[at].number?)),
        (false, true) => Some((false, tokens[at].number?)),
        _ => None,
    }
}

/// Words beside which a number says how many.
pub const AROUND: &[&str] = &[
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
    "previous",
    "letzte",
    "neuesten",
    "neueste",
    "letzter",
];

/// `last five`, `the 3 latest`, `letzten drei`.
fn number(full: &str) -> Option<usize> {
    let words: Vec<&str> = full.split_whitespace().collect();
    words.iter().enumerate().find_map(|(i, w)| {
        let n = count(w)
            .filter(|n| (1..=100).contains(n) && !matches!(*w, "a" | "an" | "ein" | "eine" | "one"))?;
        let before = i > 0 && AROUND.contains(&words[i - 1]);
        let is_most = words.get(i + 1) == Some(&"most");
        let after = words.get(i + if is_most { 2 } else { 1 }).is_some_and(|x| AROUND.contains(x));
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
