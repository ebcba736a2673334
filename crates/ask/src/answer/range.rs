//! How the values of one marker stand to the ranges that were printed with them.

use super::{
    phrase::{Draft, words},
    values::{MOST_ROWS, name},
};
use crate::facts::{MarkerFact, ValueFact};
use keepwell_domain::view::{Outcome, Standing};

/// Says that no value lies out of its range.
pub fn never_out(d: &mut Draft<'_>, m: &MarkerFact) -> Outcome {
    let parts = [name(m, d)];
    d.say(
        "None of the values of {0} lies outside of the range that was printed with it.",
        "Keiner der Werte von {0} liegt außerhalb des Bereichs, der dabei gedruckt war.",
        &parts,
    );
    Outcome::Nothing
}

/// How a value stands to the range that came with it.
pub fn stands(d: &mut Draft<'_>, m: &MarkerFact, v: &ValueFact) {
    let range = d.value_range(m, v);
    let (en, de) = match (v.standing(), range.is_some()) {
        (Standing::Within, true) => (
            "It lies within the range printed with it, {0}.",
            "Er liegt im Bereich, der dabei gedruckt ist: {0}.",
        ),
        (Standing::Low, true) => (
            "It lies below the range printed with it, {0}.",
            "Er liegt unter dem Bereich, der dabei gedruckt ist: {0}.",
        ),
        (Standing::High, true) => (
            "It lies above the range printed with it, {0}.",
            "Er liegt über dem Bereich, der dabei gedruckt ist: {0}.",
        ),
        (Standing::Abnormal, _) => {
            ("Its source marked it as abnormal.", "Die Quelle hat ihn als auffällig markiert.")
        }
        (Standing::Low, false) => {
            ("Its source marked it as low.", "Die Quelle hat ihn als niedrig markiert.")
        }
        (Standing::High, false) => ("Its source marked it as high.", "Die Quelle hat ihn als hoch markiert."),
        (Standing::Within, false) => {
            ("Its source marked it as within range.", "Die Quelle hat ihn als im Bereich markiert.")
        }
        (Standing::Unknown, true) => (
            "The range printed with it is {0}; whether the value lies within cannot be told with certainty.",
            "Dabei gedruckt ist der Bereich {0}; ob der Wert darin liegt, lässt sich nicht sicher sagen.",
        ),
        (Standing::Unknown, false) => return,
    };
    d.say(en, de, &[range.unwrap_or_else(|| words(""))]);
}

/// Whether the newest value lies in its range, and how many did not.
pub fn in_range(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact]) -> Outcome {
    let Some(v) = all.last() else { return Outcome::Nothing };
    let parts = [name(m, d), d.value(m, v), d.value_date(m, v)];
    d.say("The latest value of {0} is {1}, from {2}.", "Der neueste Wert von {0} ist {1} vom {2}.", &parts);
    if v.standing() == Standing::Unknown && v.detail.as_ref().is_none_or(|x| x.range.is_none()) {
        d.say(
            "No range was printed with it, so I cannot say how it stands.",
            "Dabei war kein Bereich gedruckt; deshalb kann ich nicht sagen, wie er dazu steht.",
            &[],
        );
    } else {
        stands(d, m, v);
    }
    let known: Vec<&ValueFact> = all.iter().copied().filter(|v| v.standing() != Standing::Unknown).collect();
    let out: Vec<&ValueFact> = known.iter().copied().filter(|v| is_out(v.standing(), None)).collect();
    if known.len() > 1 {
        let title = d.t("Number of values", "Anzahl der Werte").to_owned();
        let all_receipts = d.receipts_of(m, &known[known.len().saturating_sub(MOST_ROWS)..]);
        let parts = [
            d.computed(Some(m), &title, out.len().to_string(), title.clone(), Vec::new()),
            d.computed(Some(m), &title, known.len().to_string(), title.clone(), all_receipts),
        ];
        d.say(
            "Of {1} values with a range, {0} lay outside of it.",
            "Von {1} Werten mit einem Bereich lagen {0} außerhalb.",
            &parts,
        );
    }
    Outcome::Answered
}

/// Since when values lie out of their ranges.
pub fn since_when(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], side: Option<bool>) -> Outcome {
    let Some(last) = all.last() else { return Outcome::Nothing };
    if !is_out(last.standing(), side) {
        let parts = [name(m, d), d.value(m, last), d.value_date(m, last)];
        d.say(
            match side {
                None => "The latest value of {0}, {1} from {2}, does not lie outside of its range.",
                Some(true) => "The latest value of {0}, {1} from {2}, does not lie above its range.",
                Some(false) => "The latest value of {0}, {1} from {2}, does not lie below its range.",
            },
            match side {
                None => "Der neueste Wert von {0}, {1} vom {2}, liegt nicht außerhalb seines Bereichs.",
                Some(true) => "Der neueste Wert von {0}, {1} vom {2}, liegt nicht über seinem Bereich.",
                Some(false) => "Der neueste Wert von {0}, {1} vom {2}, liegt nicht unter seinem Bereich.",
            },
            &parts,
        );
        if let Some(v) = all.iter().rev().find(|v| is_out(v.standing(), side)) {
            let parts = [d.value(m, v), d.value_date(m, v)];
            d.say(
                "The last such value was {0}, from {1}.",
                "Der letzte solche Wert war {0} vom {1}.",
                &parts,
            );
        }
        return Outcome::Answered;
    }
    let run = all.iter().rev().take_while(|v| v.standing() == last.standing());
    let Some(start) = run.last() else { return Outcome::Nothing };
    let parts =
        [name(m, d), d.value_date(m, start), d.value(m, start), d.value(m, last), d.value_date(m, last)];
    d.say(
        "{0} has been outside of the range printed with it since {1} ({2}); the latest value is {3}, from {4}.",
        "{0} liegt seit dem {1} ({2}) außerhalb des jeweils gedruckten Bereichs; der neueste Wert ist {3} vom {4}.",
        &parts,
    );
    stands(d, m, last);
    Outcome::Answered
}

/// Whether a value lies out of its range, on the side that is asked about.
#[must_use]
pub const fn is_out(s: Standing, side: Option<bool>) -> bool {
    match side {
        None => matches!(s, Standing::Low | Standing::High | Standing::Abnormal),
        Some(true) => matches!(s, Standing::High),
        Some(false) => matches!(s, Standing::Low),
    }
}
