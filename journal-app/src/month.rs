//! The marks of a day in the month for what was tested and how it felt: signs that need no colour, and their words.

use crate::{
    charts::cycle::test_mark,
    words::{self, Lang, lists},
};
use keepwell_journal::{
    derive::MonthDay,
    model::diary::{TestKind, TestResult},
};

/// A sign with its words.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark {
    /// What is shown: `LH+`.
    pub sign: String,
    /// What is said: `LH test: Positive`.
    pub said: String,
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark(***)")
    }
}

const fn short(kind: TestKind) -> &'static str {
    match kind {
        TestKind::Lh => "LH",
        TestKind::Hcg => "hCG",
        TestKind::Progesterone => "PdG",
        TestKind::Oestrogen => "E3G",
    }
}

fn name(lang: Lang, kind: TestKind) -> String {
    let t = lists::of(lang);
    match kind {
        TestKind::Lh => t.lh_test.to_owned(),
        TestKind::Hcg => t.pregnancy_test.to_owned(),
        _ => words::code(lang, "test_kind", kind.as_str()),
    }
}

const fn mood_sign(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "M",
        Lang::De => "St",
    }
}

/// `+1`, `0`, `−2`.
fn score(lang: Lang, score: i64) -> String {
    let sign = if score > 0 { "+" } else { "" };
    #[allow(clippy::cast_precision_loss)]
    let number = words::number(lang, score as f64, 0);
    format!("{sign}{number}")
}

/// The marks of a day: each kind of test with its last result, and the last mood.
#[must_use]
pub fn marks(lang: Lang, d: &MonthDay) -> Vec<Mark> {
    let result = |r: TestResult| words::code(lang, "test_result", r.as_str());
    let of = |kind: &TestKind| {
        let all: Vec<TestResult> = d.tests.iter().filter(|t| t.0 == *kind).map(|t| t.1).collect();
        let last = *all.last()?;
        let said = all.into_iter().map(result).collect::<Vec<_>>().join(", ");
        let sign = [short(*kind), test_mark(last)].concat();
        Some(Mark { sign, said: format!("{}: {said}", name(lang, *kind)) })
    };
    let t = lists::of(lang);
    let mood = d.moods.last().map(|last| {
        let told: Vec<String> = d.moods.iter().flatten().map(|n| score(lang, *n)).collect();
        let said = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
        let last = last.map(|n| score(lang, n)).unwrap_or_default();
        Mark { sign: [mood_sign(lang), &last].concat(), said: [t.mark_mood, &said].concat() }
    });
    TestKind::ALL.iter().filter_map(of).chain(mood).collect()
}

/// What the marks of a month stand for, as far as they are in it.
#[must_use]
pub fn legend(lang: Lang, days: &[MonthDay]) -> Vec<Mark> {
    let tests = || days.iter().flat_map(|d| &d.tests);
    let kinds = TestKind::ALL.iter().filter(|k| tests().any(|t| t.0 == **k));
    let kinds = kinds.map(|k| Mark { sign: short(*k).to_owned(), said: name(lang, *k) });
    let results = TestResult::ALL.iter().filter(|r| tests().any(|t| t.1 == **r));
    let results = results
        .map(|r| Mark { sign: test_mark(*r).to_owned(), said: words::code(lang, "test_result", r.as_str()) });
    let has_mood = days.iter().any(|d| !d.moods.is_empty());
    let mood = has_mood.then(|| Mark {
        sign: mood_sign(lang).to_owned(),
        said: words::field(lang, keepwell_journal::model::Kind::Mood, "score"),
    });
    kinds.chain(results).chain(mood).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use keepwell_domain::time::Date;

    fn day() -> MonthDay {
        MonthDay {
            date: Date::new(2026, 5, 3).unwrap(),
            in_month: true,
            labels: Vec::new(),
            rows: Vec::new(),
            day: None,
            bleeding: None,
            temperature: None,
            temperature_excluded: false,
            symptoms: 0,
            tests: vec![
                (TestKind::Lh, TestResult::Negative),
                (TestKind::Hcg, TestResult::Faint),
                (TestKind::Lh, TestResult::Peak),
            ],
            moods: vec![Some(2), Some(-1)],
            notes: Vec::new(),
        }
    }

    fn pairs(marks: Vec<Mark>) -> Vec<(String, String)> {
        marks.into_iter().map(|m| (m.sign, m.said)).collect()
    }

    fn is(found: Vec<Mark>, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(pairs(found), expected);
    }

    #[test]
    fn tests_and_mood_of_a_day_are_signs_and_words() {
        is(
            marks(Lang::En, &day()),
            &[
                ("LH▲", "LH test: Negative, Peak"),
                ("hCG±", "Pregnancy test: Faint"),
                ("M\u{2212}1", "Mood: +2, \u{2212}1"),
            ],
        );
        let mood = MonthDay { tests: Vec::new(), moods: vec![None], ..day() };
        is(marks(Lang::De, &mood), &[("St", "Stimmung")]);
    }

    #[test]
    fn legend_has_what_the_month_has() {
        let days = [day(), MonthDay { tests: Vec::new(), moods: Vec::new(), ..day() }];
        is(
            legend(Lang::De, &days),
            &[
                ("LH", "LH-Test"),
                ("hCG", "Schwangerschaftstest"),
                ("−", "Negativ"),
                ("±", "Schwach"),
                ("▲", "Höchstwert"),
                ("St", "Stimmung von −2 bis 2"),
            ],
        );
        assert!(legend(Lang::En, &days[1..]).is_empty());
    }
}
