//! What is meant in a sentence: which marker, which day, which number.

use super::{
    dates::{self, Said},
    merged,
    numbers::{self, Number},
    scan::{Field, Lexicon, Token, What, here, scan},
};
use crate::model::ledger::{Ledger, Used};
use keepwell_domain::view::{AskReceipt, Line, Span};
use std::{collections::BTreeSet, ops::Range};

/// A number that a tool gave.
struct Given {
    receipt: u32,
    number: Number,
    unit: String,
    shown: String,
}

/// Checks lines one after the other; names that were said once are known from then on.
pub struct Checker<'a> {
    ledger: &'a Ledger,
    lexicon: Lexicon,
    given: Vec<Given>,
    german: bool,
    /// (name in lower case, whose), the longest first.
    names: Vec<(String, Whose)>,
    /// Whom the text spoke of up to now, the question included.
    spoken: BTreeSet<Whose>,
}

/// Whose a name is: a marker's, or a single record's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Marker(String),
    Title(String),
}

fn whose(r: &AskReceipt) -> Whose {
    r.marker.as_ref().map_or_else(|| Whose::Title(r.title.to_lowercase()), |m| Whose::Marker(m.clone()))
}

impl<'a> Checker<'a> {
    pub fn new(ledger: &'a Ledger, question: &str, german: bool) -> Self {
        let given = |receipt: u32, text: &str| {
            let (number, unit) = numbers::printed(text)?;
            Some(Given { receipt, number, unit: unit.to_owned(), shown: text.to_owned() })
        };
        let mut all: Vec<Given> =
            (0u32..).zip(ledger.receipts()).filter_map(|(i, r)| given(i, &r.value)).collect();
        all.extend(ledger.beside().iter().filter_map(|(i, text)| given(*i, text)));
        let mut names: Vec<(String, Whose)> = Vec::new();
        for r in ledger.receipts() {
            names.push((r.title.to_lowercase(), whose(r)));
        }
        for named in ledger.named() {
            let whose = named.marker.clone().map_or_else(|| whose(&named.receipt), Whose::Marker);
            names.extend(named.names.iter().map(|n| (n.to_lowercase(), whose.clone())));
        }
        names.retain(|(n, _)| n.chars().count() >= 2);
        names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        names.dedup();
        let lexicon = Lexicon::new(ledger);
        let mut checker = Self { ledger, lexicon, given: all, german, names, spoken: BTreeSet::new() };
        checker.spoken = checker.named_in(question);
        checker
    }

    /// A line with the receipts counted as the answer counts them.
    pub fn line(&mut self, text: &str, used: &mut Used) -> Line {
        let spans = self.spans(text);
        self.counted(spans, used)
    }

    /// The cells of a row; what stands in one is said of the others.
    pub fn row(&mut self, cells: &[String], columns: usize, used: &mut Used) -> Vec<Line> {
        let whole = cells.join(" | ");
        let tokens: Vec<Vec<Token>> = cells.iter().map(|c| scan(c, self.ledger, &self.lexicon)).collect();
        let all: Vec<Token> = tokens.iter().flatten().cloned().collect();
        let said = self.context(&whole, &all);
        let mut out: Vec<Line> = Vec::with_capacity(columns);
        for (cell, tokens) in cells.iter().zip(tokens).take(columns) {
            out.push(merged(self.resolve(cell, &tokens, |_| &said)));
        }
        self.settle(&mut out);
        let mut out: Vec<Line> = out.into_iter().map(|spans| self.counted(spans, used)).collect();
        out.resize(columns, Line::new());
        out
    }

    /// A line with the receipts counted as the ledger counts them.
    pub fn spans(&mut self, text: &str) -> Line {
        let tokens = scan(text, self.ledger, &self.lexicon);
        let mut said: Vec<(Range<usize>, Context)> = Vec::new();
        for range in sentences(text) {
            let inside: Vec<Token> =
                tokens.iter().filter(|t| range.contains(&t.range.start)).cloned().collect();
            let context = self.context(&text[range.clone()], &inside);
            said.push((range, context));
        }
        let none = Context::default();
        let context = |at: usize| said.iter().find(|(r, _)| r.contains(&at)).map_or(&none, |(_, c)| c);
        let mut lines = [merged(self.resolve(text, &tokens, context))];
        self.settle(&mut lines);
        let [line] = lines;
        line
    }

    /// A day links to the value that is said to be of it, where one stands beside it, and not just to any of
    /// that day.
    fn settle(&self, lines: &mut [Line]) {
        let date =
            |receipt: u32| self.ledger.receipts().get(receipt as usize).map_or("", |r| r.date.as_str());
        let is_date =
            |receipt: u32, text: &str| dates::all_shown(date(receipt), self.german).iter().any(|d| d == text);
        let values: Vec<u32> = lines
            .iter()
            .flatten()
            .filter_map(|s| match s {
                Span::Value { text, receipt } if !is_date(*receipt, text) => Some(*receipt),
                _ => None,
            })
            .collect();
        for span in lines.iter_mut().flatten() {
            if let Span::Value { text, receipt } = span
                && is_date(*receipt, text)
                && let Some(of) = values.iter().find(|v| is_date(**v, text))
            {
                *receipt = *of;
            }
        }
    }

    fn counted(&self, spans: Line, used: &mut Used) -> Line {
        let mut out = Line::new();
        for span in spans {
            out.push(match span {
                Span::Value { text, receipt } => Span::Value { text, receipt: self.place(receipt, used) },
                other => other,
            });
        }
        out
    }

    /// Above the ledger's own receipts stand those of named markers.
    fn place(&self, receipt: u32, used: &mut Used) -> u32 {
        let own = self.ledger.receipts().len();
        match (receipt as usize).checked_sub(own) {
            None => used.place(self.ledger, receipt),
            Some(at) => self.ledger.named().get(at).map_or(0, |n| used.place_of(&n.receipt)),
        }
    }

    /// Whose names stand in a text: the longest at each place.
    fn named_in(&self, text: &str) -> BTreeSet<Whose> {
        let mut found = BTreeSet::new();
        let mut at = 0;
        let mut before: Option<char> = None;
        while let Some(c) = text[at..].chars().next() {
            let mut step = c.len_utf8();
            if c.is_alphanumeric() && before.is_none_or(|b| !b.is_alphanumeric()) {
                let rest = &text[at..];
                if let Some(len) = self.names.iter().find_map(|(n, _)| here(rest, n)) {
                    // One name may be several markers': all of them are meant then.
                    let all = self.names.iter().filter(|(n, _)| here(rest, n) == Some(len));
                    found.extend(all.map(|(_, w)| w.clone()));
                    step = len;
                }
            }
            at += step;
            before = text[..at].chars().next_back();
        }
        found
    }

    fn context(&mut self, text: &str, tokens: &[Token]) -> Context {
        let mut said = Context { named: self.named_in(text), ..Context::default() };
        for token in tokens {
            match &token.what {
                What::Tag(Some(r), field) => {
                    said.tagged.push(*r);
                    if *field == Field::Date
                        && let Some(receipt) = self.ledger.receipts().get(*r as usize)
                    {
                        said.days.push(receipt.date.clone());
                    }
                }
                What::Date(readings) => said.dates.push(readings.clone()),
                _ => {}
            }
        }
        said.earlier = self.spoken.clone();
        self.spoken.extend(said.named.iter().cloned());
        let tagged = said.tagged.iter().filter_map(|r| self.ledger.receipts().get(*r as usize));
        self.spoken.extend(tagged.map(whose));
        said
    }

    fn resolve<'c>(&self, text: &str, tokens: &[Token], said: impl Fn(usize) -> &'c Context) -> Line {
        let mut out = Line::new();
        let mut at = 0;
        let mut last: Option<u32> = None;
        for (i, token) in tokens.iter().enumerate() {
            if token.range.start < at {
                // A unit that was taken whole reaches into it.
                if token.range.end > at {
                    out.push(Span::Unverified { text: text[at..token.range.end].to_owned() });
                    (at, last) = (token.range.end, None);
                }
                continue;
            }
            let Range { start, mut end } = token.range.clone();
            let between = &text[at..start];
            let context = said(start);
            let span = match &token.what {
                What::Tag(Some(r), Field::Value) if last == Some(*r) && between.trim().is_empty() => None,
                What::Tag(r, field) => Some(self.tagged(*r, *field, &text[token.range.clone()])),
                What::Date(readings) => Some(self.dated(readings, context, &text[start..end])),
                What::Name(receipts, named) => Some(self.name(receipts, *named, &text[start..end])),
                What::Verbatim(receipts) => {
                    let fit: Vec<u32> =
                        receipts.iter().copied().filter(|r| self.fits(*r, context, true)).collect();
                    Some(self.value(best(&fit, context), &text[start..end]))
                }
                What::Number(n) => {
                    let (span, len) = self.number(n, text, start, &tokens[i + 1..], context);
                    end = end.max(start + len);
                    Some(span)
                }
                What::Word | What::Odd => Some(Span::Unverified { text: text[start..end].to_owned() }),
            };
            if let Some(span) = span {
                // Where two values would run together a space keeps them apart.
                let joined = between.is_empty() && matches!(out.last(), Some(Span::Value { .. }));
                let between = if joined && at == start && i > 0 { " " } else { between };
                out.push(Span::Text { text: between.to_owned() });
                last = match &span {
                    Span::Value { receipt, .. } => Some(*receipt),
                    _ => None,
                };
                out.push(span);
            }
            at = end;
        }
        out.push(Span::Text { text: text[at..].to_owned() });
        out
    }

    fn tagged(&self, receipt: Option<u32>, field: Field, written: &str) -> Span {
        let found = receipt.and_then(|r| Some((r, self.ledger.receipts().get(r as usize)?)));
        let Some((at, r)) = found else { return Span::Unverified { text: written.to_owned() } };
        let text = match field {
            Field::Value if r.value.is_empty() => r.title.clone(),
            Field::Value => r.value.clone(),
            Field::Date => dates::shown_whole(&r.date, self.german),
            Field::Name => r.title.clone(),
        };
        if text.is_empty() {
            return Span::Unverified { text: written.to_owned() };
        }
        Span::Value { text, receipt: at }
    }

    fn name(&self, receipts: &[u32], named: Option<usize>, written: &str) -> Span {
        let own = u32::try_from(self.ledger.receipts().len()).unwrap_or(u32::MAX);
        let receipt = receipts.last().copied().or_else(|| {
            let marker = self.ledger.named().get(named?)?;
            // A value that was looked at says more than the marker's newest one.
            let looked =
                self.ledger.receipts().iter().position(|r| r.marker.is_some() && r.marker == marker.marker);
            looked.and_then(|l| u32::try_from(l).ok()).or_else(|| Some(own + u32::try_from(named?).ok()?))
        });
        match receipt {
            Some(receipt) => Span::Value { text: written.to_owned(), receipt },
            None => Span::Unverified { text: written.to_owned() },
        }
    }

    /// A date is a record's when one that was looked at has it; of several, one that the sentence speaks of.
    fn dated(&self, readings: &[Said], context: &Context, written: &str) -> Span {
        let all = || (0u32..).zip(self.ledger.receipts()).filter(|(_, r)| !r.date.is_empty());
        let mut found: Vec<(u32, String)> = Vec::new();
        for said in readings {
            for (at, r) in all().filter(|(_, r)| said.holds(&r.date)) {
                found.push((at, dates::shown(&r.date, *said, self.german)));
            }
        }
        found.retain(|(_, shown)| !shown.is_empty());
        if found.iter().any(|(at, _)| !self.is_computed(*at)) {
            found.retain(|(at, _)| !self.is_computed(*at));
        }
        let named: Vec<&(u32, String)> = found.iter().filter(|(at, _)| self.is_meant(*at, context)).collect();
        let best = if named.is_empty() { found.iter().collect() } else { named };
        // Two readings, or two years for a day without one: nobody can tell which.
        let Some((at, shown)) = best.last().copied() else {
            return Span::Unverified { text: written.to_owned() };
        };
        if best.iter().any(|(_, other)| other != shown) {
            return Span::Unverified { text: written.to_owned() };
        }
        Span::Value { text: shown.clone(), receipt: *at }
    }

    fn number(
        &self,
        n: &Number,
        text: &str,
        start: usize,
        next: &[Token],
        context: &Context,
    ) -> (Span, usize) {
        let after = &text[start + n.len..];
        let same: Vec<&Given> = self.given.iter().filter(|g| is_same(n, &g.number)).collect();
        let unit = same.iter().filter_map(|g| numbers::unit_here(after, &g.unit)).max();
        let other = numbers::any_unit(after).max(attached(after));
        let whole = |len: usize| Span::Unverified { text: text[start..start + len].to_owned() };
        let (fits, len): (Vec<&Given>, usize) = match (unit, other) {
            (Some(len), _) => {
                (same.into_iter().filter(|g| numbers::unit_here(after, &g.unit) == Some(len)).collect(), len)
            }
            (None, Some(len)) => return (whole(n.len + len), n.len + len),
            (None, None) => match inherited(text, start + n.len, next) {
                Some(unit) => {
                    let has = |g: &&Given| numbers::unit_here(unit, &g.unit).is_some();
                    (same.into_iter().filter(has).collect(), 0)
                }
                None => {
                    let near = |g: &&Given| {
                        numbers::may_end(after) && (g.unit.is_empty() || self.is_near(g.receipt, context))
                    };
                    (same.into_iter().filter(near).collect(), 0)
                }
            },
        };
        let is_change = says_change(&text[..start], &after[len..]);
        let fits: Vec<&Given> = fits
            .into_iter()
            .filter(|g| self.fits(g.receipt, context, len > 0))
            .filter(|g| !is_change || self.is_computed(g.receipt))
            // A count has no unit that would tell it from a value: it counts by its tag alone.
            .filter(|g| {
                !(g.unit.is_empty() && self.is_computed(g.receipt)) || context.tagged.contains(&g.receipt)
            })
            .collect();
        let places: Vec<u32> = fits.iter().map(|g| g.receipt).collect();
        match best(&places, context).and_then(|at| fits.iter().find(|g| g.receipt == at)) {
            Some(g) => (Span::Value { text: g.shown.clone(), receipt: g.receipt }, n.len + len),
            None => (whole(n.len + len), n.len + len),
        }
    }

    fn value(&self, receipt: Option<u32>, written: &str) -> Span {
        match receipt.and_then(|at| Some((at, self.ledger.receipts().get(at as usize)?))) {
            Some((at, r)) => Span::Value { text: r.value.clone(), receipt: at },
            None => Span::Unverified { text: written.to_owned() },
        }
    }

    fn is_computed(&self, receipt: u32) -> bool {
        self.ledger.receipts().get(receipt as usize).is_some_and(|r| r.computed.is_some())
    }

    /// Whether the sentence names just what this receipt is of.
    fn is_meant(&self, receipt: u32, context: &Context) -> bool {
        let Some(r) = self.ledger.receipts().get(receipt as usize) else { return false };
        context.tagged.contains(&receipt) || context.named.contains(&whose(r))
    }

    fn is_near(&self, receipt: u32, context: &Context) -> bool {
        let Some(r) = self.ledger.receipts().get(receipt as usize) else { return false };
        self.is_meant(receipt, context) || (context.has_dates() && context.is_day(&r.date))
    }

    /// Whether nothing in the sentence says that another record is meant, and something says that this one is.
    fn fits(&self, receipt: u32, context: &Context, has_unit: bool) -> bool {
        let Some(r) = self.ledger.receipts().get(receipt as usize) else { return false };
        if context.tagged.contains(&receipt) {
            return true;
        }
        if context.has_dates() && !r.date.is_empty() && !context.is_day(&r.date) {
            return false;
        }
        if !context.named.is_empty() {
            return context.named.contains(&whose(r));
        }
        has_unit && (context.earlier.contains(&whose(r)) || context.has_dates())
            || !has_unit && self.is_near(receipt, context)
    }
}

/// What a sentence says beside its numbers.
#[derive(Default)]
struct Context {
    named: BTreeSet<Whose>,
    earlier: BTreeSet<Whose>,
    tagged: Vec<u32>,
    dates: Vec<Vec<Said>>,
    days: Vec<String>,
}

impl Context {
    fn has_dates(&self) -> bool {
        !self.dates.is_empty() || !self.days.is_empty()
    }
    fn is_day(&self, iso: &str) -> bool {
        self.dates.iter().flatten().any(|s| s.holds(iso)) || self.days.iter().any(|d| d == iso)
    }
}

/// Of several that fit, one that is tagged, else the newest that was given.
fn best(places: &[u32], context: &Context) -> Option<u32> {
    places.iter().find(|p| context.tagged.contains(p)).or(places.last()).copied()
}

fn is_same(said: &Number, given: &Number) -> bool {
    let comparator = said.comparator.is_empty() || said.comparator == given.comparator;
    comparator && said.readings.iter().any(|r| given.readings.iter().any(|g| numbers::same(*r, *g)))
}

/// Letters right behind a number belong to it: `5x`, `3rd`.
fn attached(after: &str) -> Option<usize> {
    let is_odd = after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '°' | '^' | '×'));
    let end = after.find(|c: char| c.is_whitespace() || ",;()[]".contains(c)).unwrap_or(after.len());
    is_odd.then(|| after[..end].trim_end_matches(['.', ':', '!', '?']).len())
}

/// In `5.4–6.2 mmol/L`, `5.4, 5.6 and 6.1 mmol/L` the unit is said once: the text behind the last number.
fn inherited<'t>(text: &'t str, mut end: usize, next: &[Token]) -> Option<&'t str> {
    const JOINERS: &[&str] = &[
        "-", "–", "—", "/", "to", "bis", "and", "und", "or", "oder", ",", ", and", "→", "auf", "through", ";",
    ];
    for token in next {
        let What::Number(n) = &token.what else { return None };
        let between = text.get(end..token.range.start)?.trim();
        if !JOINERS.contains(&between) {
            return None;
        }
        end = token.range.start + n.len;
        let after = &text[end..];
        if numbers::any_unit(after).max(attached(after)).is_some() {
            return Some(after);
        }
    }
    None
}

/// Whether a number is said to be a difference.
fn says_change(before: &str, after: &str) -> bool {
    const BEFORE: &[&str] = &["by", "um", "difference", "differenz", "änderung", "change", "plus", "minus"];
    const OF: &[&str] = &[
        "change",
        "increase",
        "decrease",
        "drop",
        "rise",
        "fall",
        "gain",
        "loss",
        "difference",
        "anstieg",
        "rückgang",
        "abfall",
        "zunahme",
        "abnahme",
        "unterschied",
        "veränderung",
    ];
    const AFTER: &[&str] = &[
        "lower",
        "higher",
        "more",
        "less",
        "above",
        "below",
        "höher",
        "niedriger",
        "mehr",
        "weniger",
        "tiefer",
        "unter",
        "über",
        "increase",
        "decrease",
        "drop",
        "rise",
        "change",
        "difference",
        "anstieg",
        "rückgang",
        "points",
        "punkte",
    ];
    let words: Vec<String> =
        before.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let mut last = words.iter().rev().map(String::as_str);
    let (one, two) = (last.next().unwrap_or(""), last.next().unwrap_or(""));
    let next: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
    let signed = before.ends_with(['+', '±', 'Δ']);
    signed
        || BEFORE.contains(&one)
        || (matches!(one, "of" | "von" | "about" | "around" | "rund" | "etwa")
            && (OF.contains(&two) || BEFORE.contains(&two)))
        || OF.contains(&one)
        || AFTER.contains(&next.to_lowercase().as_str())
}

/// Digits of a year: a full stop behind so many ends a sentence, one behind fewer may be an ordinal.
const YEAR: usize = 4;

/// Sentences: up to a full stop that no ordinal stands before, and a space.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut digits = 0;
    while let Some((i, c)) = chars.next() {
        let ends = matches!(c, '!' | '?') || (c == '.' && (digits == 0 || digits >= YEAR));
        if ends && chars.peek().is_none_or(|(_, n)| n.is_whitespace()) {
            let end = i + c.len_utf8();
            out.push(start..end);
            start = end;
        }
        digits = if c.is_numeric() { digits + 1 } else { 0 };
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}
