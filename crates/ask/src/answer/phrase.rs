//! Putting answers into words: templates, dates and numbers as people write them, and the receipts.

use crate::{
    Lang,
    facts::{DocumentFact, Facts, ItemFact, MarkerFact, ValueFact},
};
use keepwell_domain::{
    lang::{MONTHS_DE, MONTHS_EN},
    time::{Date, When},
    view::{
        Answer, AskReceipt, Block, Computed, Coverage, LeftOut, LeftOutItem, Line, Outcome, Span, Standing,
    },
};

/// A date as people write it: `31 May 2024`, `31. Mai 2024`; a month or a year stays one.
#[must_use]
pub fn date_words(w: When, lang: Lang) -> String {
    let month = |m: u8| lang.pick(MONTHS_EN, MONTHS_DE)[usize::from(m.clamp(1, 12)) - 1];
    match w {
        When::Year(y) => y.to_string(),
        When::Month(y, m) => format!("{} {y}", month(m)),
        _ => {
            let d = w.date();
            let dot = lang.pick("", ".");
            format!("{}{dot} {} {}", d.day(), month(d.month()), d.year())
        }
    }
}

/// The same of a date in ISO form; a text that is none stays itself.
#[must_use]
pub fn iso_words(iso: &str, lang: Lang) -> String {
    When::parse(iso).map_or_else(|_| iso.to_owned(), |w| date_words(w, lang))
}

/// A computed number: no more digits than `decimals`, with the language's decimal sign.
#[must_use]
pub fn number_words(n: f64, decimals: usize, lang: Lang) -> String {
    let text = format!("{n:.decimals$}");
    let text = match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|c| matches!(c, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    };
    lang.pick(text.clone(), text.replace('.', ","))
}

/// Words as a span.
#[must_use]
pub fn words(text: impl Into<String>) -> Span {
    Span::Text { text: text.into() }
}

/// A line made of a template, in which `{0}`, `{1}`… stand for the parts.
#[must_use]
pub fn line(template: &str, parts: &[Span]) -> Line {
    let mut out: Line = Vec::new();
    let mut add = |s: Span| match (out.last_mut(), s) {
        (_, Span::Text { text }) if text.is_empty() => {}
        (Some(Span::Text { text: before }), Span::Text { text }) => before.push_str(&text),
        (_, s) => out.push(s),
    };
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        add(words(before));
        let close = from.find('}').unwrap_or(from.len().saturating_sub(1));
        let index: usize = from.get(1..close).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
        if let Some(p) = parts.get(index) {
            add(p.clone());
        }
        rest = from.get(close + 1..).unwrap_or("");
    }
    add(words(rest));
    out
}

/// An answer being made.
pub struct Draft<'a> {
    /// What it is made from.
    pub facts: &'a Facts,
    /// The language.
    pub lang: Lang,
    /// What was made so far.
    pub answer: Answer,
    looked: Vec<(usize, String)>,
    seen: std::collections::HashSet<(String, String)>,
}

impl<'a> Draft<'a> {
    /// An empty one.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            lang: facts.lang,
            answer: Answer::default(),
            looked: Vec::new(),
            seen: std::collections::HashSet::new(),
        }
    }

    /// The text in the answer's language.
    #[must_use]
    pub fn t<'b>(&self, en: &'b str, de: &'b str) -> &'b str {
        self.lang.pick(en, de)
    }

    /// A paragraph.
    pub fn say(&mut self, en: &str, de: &str, parts: &[Span]) {
        let line = line(self.t(en, de), parts);
        self.answer.blocks.push(Block::Paragraph { line });
    }

    /// Something that has to be said before all else.
    pub fn say_first(&mut self, en: &str, de: &str, parts: &[Span]) {
        let line = line(self.t(en, de), parts);
        self.answer.first.push(line);
    }

    /// Adds a receipt, or finds the same one again.
    pub fn receipt(&mut self, r: AskReceipt) -> u32 {
        let at = self.answer.receipts.iter().position(|x| *x == r).unwrap_or_else(|| {
            self.answer.receipts.push(r);
            self.answer.receipts.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn span(&mut self, text: String, r: AskReceipt) -> Span {
        Span::Value { text, receipt: self.receipt(r) }
    }

    /// A value as printed.
    pub fn value(&mut self, m: &MarkerFact, v: &ValueFact) -> Span {
        let r = self.facts.receipt_of_value(m, v);
        let span = self.span(r.value.clone(), r);
        // A result that two records state has two receipts.
        for twin in m.twins(v) {
            self.receipt(self.facts.receipt_of_value(m, twin));
        }
        span
    }

    /// The date of a value.
    pub fn value_date(&mut self, m: &MarkerFact, v: &ValueFact) -> Span {
        let r = self.facts.receipt_of_value(m, v);
        self.span(iso_words(&r.date, self.lang), r)
    }

    /// The range that came with a value, where there is one.
    pub fn value_range(&mut self, m: &MarkerFact, v: &ValueFact) -> Option<Span> {
        let text = v.detail.as_ref()?.range.as_ref()?.text.clone();
        let r = AskReceipt { value: text.clone(), ..self.facts.receipt_of_value(m, v) };
        (!text.is_empty()).then(|| self.span(text, r))
    }

    /// The laboratory of a value.
    pub fn value_lab(&mut self, m: &MarkerFact, v: &ValueFact) -> Option<Span> {
        let text = v.detail.as_ref()?.lab.clone()?;
        let r = AskReceipt { value: text.clone(), ..self.facts.receipt_of_value(m, v) };
        Some(self.span(text, r))
    }

    /// A record's name.
    pub fn title(&mut self, i: &ItemFact) -> Span {
        let r = self.facts.receipt_of_item(i);
        self.span(r.title.clone(), r)
    }

    /// A text that a record states, such as a dosage.
    pub fn stated(&mut self, i: &ItemFact, text: &str) -> Span {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let r = AskReceipt { value: text.clone(), ..self.facts.receipt_of_item(i) };
        self.span(text, r)
    }

    /// A date that a record states.
    pub fn stated_date(&mut self, i: &ItemFact, w: When) -> Span {
        let r = AskReceipt { date: w.to_string(), ..self.facts.receipt_of_item(i) };
        self.span(date_words(w, self.lang), r)
    }

    /// A document's name.
    pub fn document(&mut self, d: &DocumentFact) -> Span {
        let r = self.facts.receipt_of_document(d);
        self.span(r.title.clone(), r)
    }

    /// The day on which a document was brought.
    pub fn document_date(&mut self, d: &DocumentFact) -> Span {
        let r = self.facts.receipt_of_document(d);
        self.span(iso_words(&r.date, self.lang), r)
    }

    /// A computed value: `text` with the formula and the values that went in.
    pub fn computed(
        &mut self,
        m: Option<&MarkerFact>,
        title: &str,
        text: String,
        formula: String,
        from: Vec<u32>,
    ) -> Span {
        let r = AskReceipt {
            kind: keepwell_domain::record::Kind::Observation,
            record: None,
            marker: m.map(|m| m.key.clone()),
            title: title.to_owned(),
            value: text.clone(),
            standing: Standing::Unknown,
            date: String::new(),
            document: None,
            document_name: String::new(),
            place: String::new(),
            computed: Some(Computed { formula, from }),
        };
        self.span(text, r)
    }

    /// The receipts of values, made where they are not there yet.
    pub fn receipts_of(&mut self, m: &MarkerFact, values: &[&ValueFact]) -> Vec<u32> {
        values.iter().map(|v| self.receipt(self.facts.receipt_of_value(m, v))).collect()
    }

    /// Notes values that were looked at.
    pub fn looked_at<'v>(&mut self, m: &MarkerFact, values: impl IntoIterator<Item = &'v ValueFact>) {
        for v in values {
            let who =
                v.detail.as_ref().map_or_else(|| format!("{}@{}", m.key, v.t.0), |d| d.record.to_string());
            if self.seen.insert((m.key.clone(), who)) {
                self.looked.push((1, v.date()));
            }
        }
    }

    /// Notes records that were looked at.
    pub fn looked_at_items<'v>(&mut self, items: impl IntoIterator<Item = &'v ItemFact>) {
        for i in items {
            if self.seen.insert((String::new(), i.record.to_string())) {
                self.looked.push((1, i.date()));
            }
        }
    }

    /// Notes that something was left out; several for one reason are put together.
    pub fn left_out(&mut self, why: LeftOut, count: usize, document: Option<&DocumentFact>) {
        if count == 0 {
            return;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let list = &mut self.answer.coverage.left_out;
        match list.iter_mut().find(|l| l.why == why) {
            Some(l) => {
                l.count = l.count.saturating_add(count);
                if l.document != document.map(|d| d.id) {
                    (l.document, l.document_name) = (None, String::new());
                }
            }
            None => list.push(LeftOutItem {
                why,
                count,
                document: document.map(|d| d.id),
                document_name: document.map_or(String::new(), |d| d.name.clone()),
            }),
        }
    }

    /// What waits for the person's word on a marker, and values without a date, are left out of any answer
    /// about it.
    pub fn left_out_of(&mut self, m: &MarkerFact) {
        let facts = self.facts;
        for w in facts.waiting_for(&m.key) {
            self.left_out(LeftOut::Unreviewed, 1, facts.document(w.document));
        }
        self.left_out(LeftOut::Undated, facts.undated(&m.key), None);
    }

    /// Adds a question to ask next.
    pub fn choice(&mut self, text: String) {
        if !self.answer.choices.contains(&text) && self.answer.choices.len() < 6 {
            self.answer.choices.push(text);
        }
    }

    /// A table, unless it has no rows.
    pub fn table(&mut self, caption: &str, head: &[&str], rows: Vec<Vec<Line>>) {
        if !rows.is_empty() {
            self.answer.blocks.push(Block::Table {
                caption: caption.to_owned(),
                head: head.iter().map(|h| (*h).to_owned()).collect(),
                rows,
            });
        }
    }

    /// The answer, with what was looked at counted.
    #[must_use]
    pub fn done(mut self, outcome: Outcome) -> Answer {
        self.answer.outcome = outcome;
        let unread: Vec<&DocumentFact> = self.facts.unread().collect();
        if outcome == Outcome::Answered || outcome == Outcome::Nothing {
            for d in unread {
                self.left_out(LeftOut::Unread, 1, Some(d));
            }
        }
        let left_out = std::mem::take(&mut self.answer.coverage.left_out);
        let dates = || self.looked.iter().map(|l| l.1.as_str()).filter(|d| !d.is_empty()).map(day_of);
        self.answer.coverage = Coverage {
            looked_at: u32::try_from(self.looked.iter().map(|l| l.0).sum::<usize>()).unwrap_or(u32::MAX),
            from: dates().min().unwrap_or_default().to_owned(),
            to: dates().max().unwrap_or_default().to_owned(),
            left_out,
        };
        self.answer
    }
}

fn day_of(iso: &str) -> &str {
    iso.get(..10).unwrap_or(iso)
}

/// A day in words.
#[must_use]
pub fn day_words(d: Date, lang: Lang) -> String {
    date_words(When::Day(d), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_keep_the_order_of_each_language() {
        let parts = [words("A"), words("B")];
        let plain = |l: &Line| keepwell_domain::view::plain_line(l);
        assert_eq!(plain(&line("{1} before {0}.", &parts)), "B before A.");
        assert_eq!(plain(&line("no part", &parts)), "no part");
        assert_eq!(plain(&line("{7}{", &parts)), "");
    }

    #[test]
    fn dates_and_numbers_are_written_as_people_do() {
        let w = When::parse("2024-05-03").unwrap();
        assert_eq!(date_words(w, Lang::En), "3 May 2024");
        assert_eq!(date_words(w, Lang::De), "3. Mai 2024");
        assert_eq!(iso_words("2024-05", Lang::De), "Mai 2024");
        assert_eq!(number_words(-0.001, 1, Lang::De), "0,0");
        assert_eq!(number_words(-1.25, 1, Lang::En), "−1.2");
    }
}
