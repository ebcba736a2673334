//! Values above or below a number that the question states.

use super::{
    Turn,
    course::Axis,
    phrase::{Draft, number_words, words},
    values::{MOST_ROWS, list, name, one, usable, within},
};
use crate::facts::{MarkerFact, ValueFact};
use keepwell_domain::view::Outcome;

/// Counts and lists them. The number is meant in the unit in which the marker's newest value was printed.
pub fn answer(d: &mut Draft<'_>, turn: &mut Turn, m: &MarkerFact, above: bool, number: f64) -> Outcome {
    let all = within(d, m, turn.period.days());
    d.left_out_of(m);
    d.looked_at(m, all.iter().copied());
    if turn.tokens.first().is_some_and(|t| matches!(t.word.as_str(), "is" | "are" | "ist" | "sind" | "liegt"))
    {
        // "Is it above 130" is about the newest.
        one(d, m, &all, turn, false);
    }
    let u = usable(&all);
    let axis = Axis::of(m);
    let is_there = |v: &&ValueFact| {
        let n = v.number.and_then(|n| axis.number(n));
        n.is_some_and(|n| if above { n > number } else { n < number })
    };
    let found: Vec<&ValueFact> = u.values.iter().copied().filter(is_there).collect();
    let title = d.t("Number of values", "Anzahl der Werte").to_owned();
    let from = d.receipts_of(m, &found[found.len().saturating_sub(MOST_ROWS)..]);
    let typed =
        turn.tokens.iter().find(|t| t.number == Some(number)).map_or_else(String::new, |t| t.raw.clone());
    let decimals = typed.split_once(['.', ',']).map_or(0, |(_, d)| d.len());
    let count =
        |d: &mut Draft<'_>, n: usize, from| d.computed(Some(m), &title, n.to_string(), title.clone(), from);
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let unit = axis.label();
    let limit =
        format!("{}{}{unit}", number_words(number, decimals, d.lang), if unit.is_empty() { "" } else { " " });
    let parts = [
        count(d, found.len(), from),
        count(d, u.values.len(), Vec::new()),
        name(m, d),
        words(scope),
        words(limit),
    ];
    if above {
        d.say(
            "Of {1} values of {2}{3}, {0} lie above {4}.",
            "Von {1} Werten von {2}{3} liegen {0} über {4}.",
            &parts,
        );
    } else {
        d.say(
            "Of {1} values of {2}{3}, {0} lie below {4}.",
            "Von {1} Werten von {2}{3} liegen {0} unter {4}.",
            &parts,
        );
    }
    if !found.is_empty() {
        list(d, m, &found, turn);
    }
    u.note(d);
    Outcome::Answered
}
