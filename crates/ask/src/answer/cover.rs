//! Whether a question was understood as a whole. Each word has to be a part of what was read out of it, or be
//! one that changes nothing; what is left over may be a negation, a second subject, a condition, and an answer
//! to the rest would be an answer to another question.

use super::{
    Turn,
    ask::{Want, flags, rules},
    course::Axis,
    lexicon,
    period::{Period, count},
    phrase::{Draft, words},
    subject::{Named, Subjects, TAKING, everyday},
    token::Token,
};
use crate::{facts::Facts, text::fold};
use keepwell_domain::view::Outcome;
use std::{collections::HashSet, sync::OnceLock};

fn harmless() -> &'static HashSet<String> {
    static SET: OnceLock<HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| {
        let lines = lexicon::lines(include_str!("words/harmless.txt"));
        lines.flat_map(str::split_whitespace).map(fold).filter(|w| !w.is_empty()).collect()
    })
}

/// What an answer is about, as far as it decides what it heeds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// One marker.
    Marker,
    /// Several, or a group.
    Markers,
    /// Records with that name, or of a kind, or documents.
    Records,
    /// All results, what waits, what is due.
    All,
}

struct Words<'a> {
    /// Each word with the tokens that it stands for; `_` for what is named.
    list: Vec<(&'a str, std::ops::Range<usize>)>,
    known: Vec<bool>,
}

impl<'a> Words<'a> {
    fn of(tokens: &'a [Token]) -> Self {
        let mut list: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
        for (i, t) in tokens.iter().enumerate() {
            if t.is_named {
                match list.last_mut() {
                    Some((w, r)) if *w == "_" => r.end = i + 1,
                    _ => list.push(("_", i..i + 1)),
                }
            } else if !t.used && t.date.is_none() && t.unit.is_none() && !t.word.is_empty() {
                list.push((&t.word, i..i + 1));
            }
        }
        let known = list.iter().map(|(w, _)| *w == "_").collect();
        Self { list, known }
    }

    /// Marks every place where a phrase stands.
    fn knows(&mut self, phrase: &str) {
        let parts: Vec<&str> = phrase.split_whitespace().collect();
        let n = parts.len();
        if n == 0 || n > self.list.len() {
            return;
        }
        for i in 0..=self.list.len() - n {
            if parts.iter().zip(&self.list[i..]).all(|(p, (w, _))| p == w) {
                self.known[i..i + n].fill(true);
            }
        }
    }

    fn knows_want(&mut self, w: Want) {
        rules().iter().filter(|r| r.0 == w).flat_map(|r| &r.1.0).for_each(|p| self.knows(p));
    }

    fn knows_flag(&mut self, name: &str) {
        flags().iter().filter(|f| f.0 == name).flat_map(|f| &f.1.0).for_each(|p| self.knows(p));
    }

    fn knows_all(&mut self, list: &[&str]) {
        list.iter().for_each(|w| self.knows(w));
    }
}

/// Wants whose words say nothing against this one.
fn companions(w: Want, turn: &Turn, about: About) -> &'static [Want] {
    let is_around = turn.periods.len() > 1;
    match (w, about) {
        (Want::InRange, _) => &[Want::Latest, Want::SinceWhen, Want::New],
        (Want::SinceWhen, About::Records) => &[Want::Latest, Want::Past, Want::Dose, Want::First],
        (Want::SinceWhen, _) => &[Want::InRange, Want::First],
        (Want::Count, About::Records) => &[Want::List, Want::Past],
        (Want::Count, _) if turn.asked.is_out_of_range => &[Want::InRange, Want::List],
        (Want::Count, _) => &[Want::List],
        (Want::First, _) if turn.asked.is_out_of_range => &[Want::InRange, Want::First],
        (Want::Trend, _) => &[Want::Change, Want::Compare, Want::New],
        (Want::Change, _) => &[Want::Trend, Want::Compare, Want::New],
        (Want::Compare, About::Marker) if is_around => {
            &[Want::Trend, Want::Change, Want::Average, Want::Highest, Want::Lowest]
        }
        (Want::Compare, About::Marker) => &[Want::Trend, Want::Change],
        (Want::Compare, _) => &[Want::Latest, Want::Highest, Want::Lowest],
        (Want::Latest | Want::List | Want::When, About::Records) => {
            &[Want::Latest, Want::List, Want::New, Want::When, Want::Dose]
        }
        (Want::Latest | Want::List, _) if turn.asked.is_out_of_range => {
            &[Want::InRange, Want::Latest, Want::New, Want::List]
        }
        (Want::Latest | Want::When | Want::Unclear | Want::Convert | Want::Before, _) => {
            &[Want::Latest, Want::New, Want::Convert]
        }
        (Want::New | Want::Missing, _) => &[Want::New, Want::Latest, Want::Missing],
        (Want::Due, _) => &[Want::Latest],
        (Want::Explain, _) => &[Want::Why],
        (Want::Source | Want::Place | Want::Content | Want::List, _) => {
            &[Want::Latest, Want::List, Want::New]
        }
        (Want::Past | Want::Why | Want::Dose | Want::Whether, About::Records) => {
            &[Want::Latest, Want::Past, Want::Dose, Want::Why, Want::Change, Want::Trend]
        }
        (Want::Whether, _) => &[Want::Latest, Want::List],
        _ => &[],
    }
}

/// Wants that an answer about records heeds; others would be passed over in silence.
const fn heeds(w: Want) -> bool {
    !matches!(
        w,
        Want::Highest
            | Want::Lowest
            | Want::Average
            | Want::Compare
            | Want::InRange
            | Want::Convert
            | Want::Before
            | Want::Due
    )
}

/// The words of a question that no part of its answer heeds, as they were typed.
#[must_use]
pub fn left_over(turn: &Turn, s: &Subjects, facts: &Facts, keys: &[String], has_group: bool) -> Vec<String> {
    let (a, tokens) = (&turn.asked, &turn.tokens);
    let has_records = s.named.iter().any(|n| matches!(n, Named::Records(_) | Named::Document(_)));
    let is_all = s.named.is_empty() && s.kinds.is_empty() && !s.says_document;
    let about = match keys.len() {
        1 if !has_group => About::Marker,
        0 if has_records || (!is_all && !has_group) => About::Records,
        0 if is_all => About::All,
        _ => About::Markers,
    };
    let is_values = matches!(about, About::Marker | About::Markers);
    let mut w = Words::of(tokens);
    if about != About::Records || heeds(a.want) {
        w.knows_want(a.want);
    }
    for c in companions(a.want, turn, about) {
        w.knows_want(*c);
    }
    [Want::When, Want::Whether, Want::Content].into_iter().for_each(|c| w.knows_want(c));
    ["Results", "Mine", "Active"].into_iter().for_each(|f| w.knows_flag(f));
    if turn.is_anchored || !is_values {
        let kinds = lexicon::kinds();
        let here = kinds.iter().filter(|k| s.kinds.contains(&k.0) && a.want != Want::Due);
        here.flat_map(|k| &k.1).for_each(|p| w.knows(lexicon::padded(p).trim()));
        ["Begins", "Stay", "Emergency", "Last"].into_iter().for_each(|f| w.knows_flag(f));
        w.knows_all(TAKING);
    }
    if turn.is_anchored {
        w.knows_all(&[
            "since",
            "after",
            "before",
            "seit",
            "seitdem",
            "nach",
            "vor",
            "bevor",
            "prior",
            "following",
        ]);
        w.knows_want(Want::SinceWhen);
    }
    if about == About::Records {
        w.knows_flag("Past");
        w.knows_all(&[
            "against",
            "gegen",
            "documents",
            "uploaded",
            "upload",
            "uploads",
            "unterlagen",
            "hochgeladen",
        ]);
        w.knows_flag("RecordWords");
    }
    if a.since_visit && (turn.is_anchored || keys.is_empty()) {
        w.knows_flag("SinceVisit");
    }
    if a.is_out_of_range
        && (!is_values
            || matches!(
                a.want,
                Want::InRange
                    | Want::SinceWhen
                    | Want::Count
                    | Want::First
                    | Want::Latest
                    | Want::List
                    | Want::When
            ))
    {
        ["OutOfRange", "High", "Low"].into_iter().for_each(|f| w.knows_flag(f));
        w.knows_want(Want::InRange);
    }
    numbers(turn, about, &mut w);
    let mut left: Vec<String> = Vec::new();
    let mut add = |tokens: &[Token]| {
        let text = tokens.iter().map(|t| t.raw.as_str()).fold(Vec::new(), |mut all: Vec<&str>, r| {
            if all.last() != Some(&r) {
                all.push(r);
            }
            all
        });
        let text = text.join(" ");
        if !text.is_empty() && !left.contains(&text) {
            left.push(text);
        }
    };
    for ((word, at), known) in w.list.iter().zip(&w.known) {
        if !known && !is_harmless(word) {
            add(&tokens[at.clone()]);
        }
    }
    unheeded(turn, s, facts, keys, about, &mut left);
    left
}

fn is_harmless(word: &str) -> bool {
    harmless().contains(word)
}

/// "The last three", "above 7": numbers that the answer heeds.
fn numbers(turn: &Turn, about: About, w: &mut Words<'_>) {
    let a = &turn.asked;
    let heeded = match about {
        About::Marker => !matches!(a.want, Want::Count | Want::InRange | Want::SinceWhen | Want::Compare),
        About::Records => !matches!(a.want, Want::Count),
        _ => false,
    };
    if let Some(n) = a.n.filter(|_| heeded) {
        for i in 0..w.list.len() {
            if count(w.list[i].0) == Some(n) {
                w.known[i] = true;
                w.knows_all(super::ask::AROUND);
            }
        }
    }
    if let Some((_, n)) = a.limit
        && about == About::Marker
    {
        for (i, (_, at)) in w.list.iter().enumerate() {
            if turn.tokens[at.clone()].iter().any(|t| t.number == Some(n)) {
                w.known[i] = true;
            }
        }
        w.knows_flag("Above");
        w.knows_flag("Below");
        w.knows_flag("Limit");
    }
}

/// Times, units and subjects that the answer would pass over.
fn unheeded(turn: &Turn, s: &Subjects, facts: &Facts, keys: &[String], about: About, left: &mut Vec<String>) {
    let a = &turn.asked;
    let mut add = |t: String| {
        if !t.is_empty() && !left.contains(&t) {
            left.push(t);
        }
    };
    let unit = || turn.tokens.iter().find(|t| t.unit.is_some()).map_or_else(String::new, |t| t.raw.clone());
    if let Some(u) = turn.unit {
        let is_heeded = about == About::Marker
            && turn.periods.len() <= 1
            && match (a.limit, keys.first().and_then(|k| facts.marker(k))) {
                (Some(_), Some(m)) => Axis::of(m).is_in(u),
                _ => !matches!(
                    a.want,
                    Want::Count
                        | Want::Average
                        | Want::Trend
                        | Want::Change
                        | Want::InRange
                        | Want::SinceWhen
                ),
            };
        if !is_heeded && !s.named.is_empty() {
            add(unit());
        }
    }
    let time = || {
        let mut typed: Vec<&str> = Vec::new();
        for t in turn.tokens.iter().filter(|t| t.used && !t.is_named && !t.raw.is_empty()) {
            if typed.last() != Some(&t.raw.as_str()) {
                typed.push(&t.raw);
            }
        }
        typed.join(" ")
    };
    let is_two = turn.periods.len() > 1 && !(about == About::Marker && a.limit.is_none());
    let is_vague = matches!(turn.period, Period::Around(_))
        && !matches!(
            (about, a.want),
            (
                About::Marker,
                Want::Latest
                    | Want::Unclear
                    | Want::When
                    | Want::Convert
                    | Want::Before
                    | Want::Content
                    | Want::Whether
            )
        );
    let is_timeless = matches!(a.want, Want::Explain | Want::Due | Want::Missing) && !turn.period.is_all();
    if is_two || is_vague || is_timeless {
        add(time());
    }
    // A record, or a test without values, beside a marker: it would go unmentioned.
    if !keys.is_empty() && a.want != Want::Explain {
        for (n, phrase) in s.named.iter().zip(&s.phrases) {
            let is_passed_over = match n {
                Named::Records(_) => !turn.is_anchored,
                Named::Unmeasured(_) | Named::Document(_) => true,
                _ => false,
            };
            if is_passed_over {
                add(turn.typed(phrase));
            }
        }
    }
    if a.want == Want::Explain && s.named.len() > 1 {
        add(s.phrases.get(1).map_or_else(String::new, |p| turn.typed(p)));
    }
    // Kinds that no path of this answer narrows by.
    if a.want == Want::Due && !s.kinds.is_empty() && keys.is_empty() {
        let known = &everyday().kinds;
        turn.tokens.iter().filter(|t| known.contains_key(&t.word)).for_each(|t| add(t.raw.clone()));
    }
}

/// Says which words were not understood, and what can be asked instead.
pub fn say(d: &mut Draft<'_>, left: &[String], keys: &[String]) -> Outcome {
    // A number that somebody wants said is not said.
    let has_digit = |w: &&String| w.bytes().any(|b| b.is_ascii_digit());
    let (numbers, plain): (Vec<&String>, Vec<&String>) = left.iter().partition(has_digit);
    let quoted = if plain.is_empty() { numbers } else { plain };
    let quoted: Vec<String> =
        quoted.iter().take(4).map(|w| d.lang.pick(format!("“{w}”"), format!("„{w}“"))).collect();
    d.say(
        "I do not understand this part of your question: {0}. I would rather not answer only the rest.",
        "Diesen Teil Ihrer Frage verstehe ich nicht: {0}. Nur den Rest zu beantworten, wäre eine andere Frage.",
        &[words(quoted.join(", "))],
    );
    let facts = d.facts;
    for m in keys.iter().take(2).filter_map(|k| facts.marker(k)) {
        let name = m.name(d.lang);
        let (now, all) = d.lang.pick(
            (format!("What is my latest {name}?"), format!("How did {name} develop?")),
            (format!("Was ist mein neuester Wert von {name}?"), format!("Wie hat sich {name} entwickelt?")),
        );
        d.choice(now);
        d.choice(all);
    }
    Outcome::NotUnderstood
}
