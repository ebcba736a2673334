//! The built-in answerer: a question is normalised, recognised, answered from the facts and put into words.
//!
//! What it does not understand it says; where a name can mean several things it asks. Texts of records and
//! documents are only ever quoted: nothing in them decides what happens.

mod ask;
mod calendar;
mod care;
mod convert;
mod course;
mod cover;
mod dispatch;
mod lexicon;
mod limit;
mod other;
mod period;
pub(crate) mod phrase;
mod range;
mod records;
mod slip;
mod subject;
mod tables;
mod token;
mod values;

pub use other::suggestions;
pub use phrase::{date_words, iso_words, number_words};

use crate::{Lang, facts::Facts};
use ask::{Asked, Want};
use dispatch::dispatch;
use keepwell_domain::{
    record::Kind,
    time::Date,
    view::{Answer, Outcome},
};
use period::Period;
use phrase::{Draft, day_words, words};
use serde::{Deserialize, Serialize};
use subject::{Named, Subjects};

/// What a question that goes on from the one before takes from it. Holds keys, ids and times, no text of the
/// person's.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// What was asked about.
    named: Vec<Named>,
    /// Kinds of records that were asked about.
    kinds: Vec<Kind>,
    /// What was wanted.
    want: Want,
    /// The time that was asked about.
    period: Period,
    /// The time of the last value told, UTC microseconds.
    at: Option<i64>,
}

impl Context {
    /// The days that the question before was about: (first, last), open when `None`.
    #[must_use]
    pub fn days(&self) -> (Option<Date>, Option<Date>) {
        let d = self.period.days();
        (d.from, d.to)
    }
}

/// A question, read.
pub struct Turn {
    asked: Asked,
    period: Period,
    periods: Vec<Period>,
    /// The day before which the value to compare with lies.
    baseline: Option<Date>,
    unit: Option<&'static str>,
    at: Option<i64>,
    /// Whether the two periods are those before and since an event.
    is_around: bool,
    /// Whether an event that the question names sets the time.
    is_anchored: bool,
    /// The question's words, with what was read out of them.
    tokens: Vec<token::Token>,
}

impl Turn {
    const fn is_point(&self) -> bool {
        matches!(self.period, Period::On(_) | Period::Around(_))
    }
    fn period_words(&self, d: &Draft<'_>) -> String {
        period_words(self.period, d.lang)
    }
    /// A phrase of folded words as it was typed.
    fn typed(&self, phrase: &str) -> String {
        let words: Vec<&str> = phrase.split(' ').collect();
        let at = self.tokens.windows(words.len()).find(|w| w.iter().zip(&words).all(|(t, p)| t.word == *p));
        let mut typed: Vec<&str> = at.unwrap_or(&[]).iter().map(|t| t.raw.as_str()).collect();
        typed.dedup();
        typed.join(" ")
    }
}

/// A time in words: `in 2024`, `since 3 May 2024`.
fn period_words(p: Period, lang: Lang) -> String {
    let day = |d: Date| day_words(d, lang);
    match p {
        Period::All => String::new(),
        Period::On(d) => lang.pick(format!("on {}", day(d)), format!("am {}", day(d))),
        Period::Around(d) => lang.pick(format!("around {}", day(d)), format!("um den {}", day(d))),
        Period::Within(w) => match (w.from, w.to) {
            (Some(a), Some(b))
                if a.month() == 1
                    && a.day() == 1
                    && b.month() == 12
                    && b.day() == 31
                    && a.year() == b.year() =>
            {
                lang.pick(format!("in {}", a.year()), format!("im Jahr {}", a.year()))
            }
            (Some(a), Some(b)) => lang.pick(
                format!("between {} and {}", day(a), day(b)),
                format!("zwischen dem {} und dem {}", day(a), day(b)),
            ),
            (Some(a), None) => lang.pick(format!("since {}", day(a)), format!("seit dem {}", day(a))),
            (None, Some(b)) => lang.pick(format!("up to {}", day(b)), format!("bis zum {}", day(b))),
            (None, None) => String::new(),
        },
    }
}

/// Answers a question from the facts, and says what the next one can go on from.
#[must_use]
pub fn answer(facts: &Facts, question: &str, context: &Context) -> (Answer, Context) {
    let mut tokens = token::tokens(question);
    let full = format!(
        " {} ",
        tokens.iter().map(|t| t.word.as_str()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
    );
    let whole: String = question.chars().take(token::LONGEST).collect();
    let flat = format!(" {} ", crate::text::fold(&whole));
    let mut d = Draft::new(facts);
    let needs = match care::care(&flat) {
        care::Care::None => care::care(&full),
        c => c,
    };
    let times = period::read(&mut tokens, facts.today);
    let mut subjects = subject::read(&mut tokens, facts);
    let text = ask::joined(&tokens);
    let has_subject = !subjects.named.is_empty();
    let mut asked = ask::read(&text, &full, has_subject);
    asked.limit = ask::limit(&tokens);
    let mut turn = Turn {
        asked,
        period: times.periods.first().copied().unwrap_or_default(),
        periods: times.periods.clone(),
        baseline: None,
        unit: tokens.iter().find_map(|t| t.unit),
        at: None,
        is_around: false,
        is_anchored: false,
        tokens,
    };
    if needs != care::Care::None {
        care::help(&mut d, needs);
        // A question of the records is answered below the numbers; words of distress are not searched for.
        if needs == care::Care::Emergency
            && !subjects.markers().is_empty()
            && turn.asked.want != Want::Unclear
        {
            dispatch(&mut d, &mut turn, &subjects);
        }
        return (d.done(Outcome::Help), context.clone());
    }
    if let Some((a, b)) = times.two_ways {
        return (which_day(d, a, b), context.clone());
    }
    let is_advice = care::is_advice(&flat) || care::is_advice(&full);
    if !is_advice && let Some(outcome) = small_talk(&mut d, &full, &subjects, &turn) {
        return (d.done(outcome), context.clone());
    }
    go_on(&mut turn, &mut subjects, context, &full);
    if is_advice {
        declined(&mut d, &mut turn, &subjects);
        return (d.done(Outcome::Declined), next(&turn, &subjects, context, Outcome::Declined));
    }
    let outcome = dispatch(&mut d, &mut turn, &subjects);
    let context = next(&turn, &subjects, context, outcome);
    (d.done(outcome), context)
}

fn which_day(mut d: Draft<'_>, a: Date, b: Date) -> Answer {
    let parts = [words(day_words(a, d.lang)), words(day_words(b, d.lang))];
    d.say(
        "That date can be read as {0} or as {1}. Please write the month as a word.",
        "Dieses Datum kann {0} oder {1} heißen. Bitte schreiben Sie den Monat als Wort.",
        &parts,
    );
    d.done(Outcome::Ambiguous)
}

/// Greetings, thanks, and the question what can be asked.
fn small_talk(d: &mut Draft<'_>, full: &str, s: &Subjects, turn: &Turn) -> Option<Outcome> {
    let n = full.split_whitespace().count();
    if !s.named.is_empty() || !s.kinds.is_empty() || !turn.period.is_all() {
        return None;
    }
    let is = |list: &[&str]| ask::has(full, list);
    if is(&[
        "what can i ask",
        "what can you do",
        "how does this work",
        "what do you know",
        "help",
        "what questions",
        "how do i use this",
        "who are you",
        "what are you",
        "was kann ich fragen",
        "was kannst du",
        "was konnen sie",
        "wie funktioniert das",
        "hilfe",
        "was weisst du",
        "wer bist du",
        "was kann ich dich fragen",
        "welche fragen",
        "was kannst du alles",
    ]) {
        return Some(other::help(d, Outcome::Answered));
    }
    if n <= 6
        && is(&[
            "thanks",
            "thank you",
            "thank you very much",
            "thx",
            "cheers",
            "danke",
            "vielen dank",
            "danke schon",
            "dankeschon",
            "merci",
            "great thanks",
        ])
    {
        d.say("You are welcome.", "Gern geschehen.", &[]);
        return Some(Outcome::Answered);
    }
    if n <= 4
        && is(&[
            "hello",
            "hi",
            "hey",
            "good morning",
            "good evening",
            "good afternoon",
            "hallo",
            "guten tag",
            "guten morgen",
            "guten abend",
            "moin",
            "servus",
            "gruss gott",
            "hallo zusammen",
        ])
    {
        d.say("Hello.", "Guten Tag.", &[]);
        return Some(other::help(d, Outcome::Answered));
    }
    None
}

/// Takes from the question before what this one leaves out.
fn go_on(turn: &mut Turn, s: &mut Subjects, c: &Context, full: &str) {
    let is_short = full.split_whitespace().count() <= 8;
    let names_nothing = s.named.is_empty() && s.kinds.is_empty() && s.unknown.is_empty();
    let has_before = !c.named.is_empty() || !c.kinds.is_empty();
    let of_them = ask::has(full, &["there", "davon", "of them", "of those", "of it", "es davon", "es"]);
    let of_all = turn.asked.is_results
        && !of_them
        && !turn.asked.is_follow_up
        && !matches!(turn.asked.want, Want::Before | Want::Convert)
        && turn.unit.is_none();
    let asks_all = matches!(turn.asked.want, Want::Missing | Want::Due | Want::New | Want::Help)
        && !turn.asked.is_follow_up;
    let can = turn.asked.is_follow_up
        || turn.unit.is_some()
        || !turn.period.is_all()
        || turn.asked.want != Want::Unclear
        || ask::has(full, &["it", "that", "this", "them", "es", "das", "sie", "er", "davon", "they"]);
    if names_nothing && has_before && is_short && can && !of_all && !asks_all && !turn.asked.since_visit {
        s.named.clone_from(&c.named);
        s.kinds.clone_from(&c.kinds);
        turn.at = c.at;
        if turn.asked.want == Want::Unclear {
            turn.asked.want = match (c.want, turn.unit) {
                (Want::Explain | Want::Hello | Want::Thanks | Want::Help, _) => Want::Latest,
                (Want::Before, Some(_)) => Want::Latest,
                // "And since 2023?" asks for all of that time, not for its newest.
                (Want::Latest, _) if !turn.period.is_all() => Want::Unclear,
                (w, _) => w,
            };
            if turn.period.is_all() {
                turn.period = c.period;
            }
        }
        if turn.unit.is_some() && c.at.is_some() && turn.period.is_all() && turn.asked.want != Want::List {
            // "In mmol/L?" is about the value just told.
            turn.asked.want = Want::Convert;
        }
    } else if has_before
        && !s.named.is_empty()
        && turn.asked.want == Want::Unclear
        && turn.asked.is_follow_up
        && !matches!(c.want, Want::Before | Want::Convert)
    {
        // "And LDL?" asks the same of another.
        turn.asked.want = c.want;
        if turn.period.is_all() {
            turn.period = c.period;
        }
    } else if turn.asked.want == Want::Before && !s.named.is_empty() {
        turn.at = if c.named == s.named { c.at } else { None };
    }
}

fn next(turn: &Turn, s: &Subjects, before: &Context, outcome: Outcome) -> Context {
    if outcome == Outcome::NotUnderstood {
        return before.clone();
    }
    if s.named.is_empty() && s.kinds.is_empty() {
        return Context::default();
    }
    Context {
        named: s.named.clone(),
        kinds: s.kinds.clone(),
        want: if turn.asked.want == Want::Before { Want::Latest } else { turn.asked.want },
        period: turn.period,
        at: turn.at.or(if turn.asked.want == Want::Convert { before.at } else { None }),
    }
}

/// Declines, and shows what the records say about what was asked.
fn declined(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) {
    let facts = d.facts;
    let mut keys: Vec<String> = s.markers().into_iter().map(str::to_owned).collect();
    for n in &s.named {
        if let Named::Group(id) = n {
            keys.extend(subject::group_keys(facts, id));
        }
    }
    let ids = s.records();
    let has = !keys.is_empty() || !ids.is_empty();
    care::decline(d, has);
    turn.asked = Asked { want: Want::Latest, ..Asked::default() };
    if let [one] = &keys[..] {
        if let Some(m) = facts.marker(one) {
            values::answer(d, turn, m);
        }
    } else if !keys.is_empty() {
        let title = d.t("Your values", "Ihre Werte").to_owned();
        tables::group(d, turn, &title, &keys);
    }
    if !ids.is_empty() {
        turn.asked.want = Want::Dose;
        records::named(d, turn, &ids);
    }
}
