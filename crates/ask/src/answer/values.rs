//! Answers about one marker.

use super::{
    Turn,
    ask::Want,
    convert::{convert, source},
    course::{self, Axis},
    period::Period,
    phrase::{Draft, day_words, words},
    range::{in_range, is_out, never_out, since_when, stands},
    token::same_unit,
};
use crate::facts::{Days, MarkerFact, ValueFact};
use keepwell_domain::{
    analyte,
    time::{DAY, Ts},
    view::{Block, LeftOut, Line, Outcome, Span},
};

/// Rows of a table in an answer.
pub const MOST_ROWS: usize = 50;
/// Points of a chart in an answer.
pub const MOST_POINTS: usize = 200;

/// Values of a marker in the question's time that are not in the future, oldest first.
pub fn within<'a>(d: &Draft<'a>, m: &MarkerFact, days: Days) -> Vec<&'a ValueFact> {
    let end = Ts((d.facts.today.days() + 1) * DAY);
    d.facts.values(&m.key, days).filter(|v| v.t < end || v.day() <= d.facts.today).collect()
}

/// Numbers that can be compared, and what was left out: censored, contradicted, not convertible.
pub struct Usable<'a> {
    /// Uncensored, uncontradicted, in one unit.
    pub values: Vec<&'a ValueFact>,
    /// How many with `<` or `>`.
    pub censored: usize,
    contradicted: usize,
    other: usize,
}

/// Sorts values by whether they can be compared.
#[must_use]
pub fn usable<'a>(all: &[&'a ValueFact]) -> Usable<'a> {
    let mut u = Usable { values: Vec::new(), censored: 0, contradicted: 0, other: 0 };
    for v in all {
        if v.is_contradicted() {
            u.contradicted += 1;
        } else if v.number.is_none() {
            u.other += 1;
        } else if v.is_censored() {
            u.censored += 1;
        } else {
            u.values.push(v);
        }
    }
    u
}

impl Usable<'_> {
    /// Says and notes what was left out.
    pub fn note(&self, d: &mut Draft<'_>) {
        d.left_out(LeftOut::Conflicting, self.contradicted, None);
        d.left_out(LeftOut::NotComparable, self.other, None);
        if self.censored > 0 {
            d.say(
                "Values that were printed with < or > are not among the numbers compared.",
                "Werte, die mit < oder > gedruckt waren, sind nicht unter den verglichenen Zahlen.",
                &[],
            );
        }
    }
}

/// Answers a question about one marker.
pub fn answer(d: &mut Draft<'_>, turn: &mut Turn, m: &MarkerFact) -> Outcome {
    let days = turn.period.days();
    let mut all = within(d, m, days);
    if let (Some(n), Want::Average | Want::Highest | Want::Lowest | Want::Trend | Want::Change) =
        (turn.asked.n, turn.asked.want)
    {
        // "The average of the last three".
        all.drain(..all.len().saturating_sub(n));
    }
    d.left_out_of(m);
    newest_waits(d, m, turn);
    d.looked_at(m, all.iter().copied());
    let chosen: Vec<&ValueFact> = if turn.asked.is_out_of_range && picks_out_of_range(turn.asked.want) {
        all.iter().copied().filter(|v| is_out(v.standing(), turn.asked.side)).collect()
    } else {
        all.clone()
    };
    if m.values.is_empty() || (all.is_empty() && !matches!(turn.period, Period::On(_) | Period::Around(_))) {
        return nothing(d, m, turn);
    }
    match turn.asked.want {
        Want::Count if turn.asked.is_amount => one(d, m, &all, turn, false),
        Want::Count => count(d, m, &chosen, turn),
        Want::Average => average(d, m, &all, turn),
        Want::Highest => extreme(d, m, &all, turn, true),
        Want::Lowest => extreme(d, m, &all, turn, false),
        Want::Trend | Want::Change if turn.baseline.is_some() || !turn.is_point() => {
            course::trend(d, m, &all, turn)
        }
        Want::InRange => in_range(d, m, &all),
        Want::SinceWhen if turn.asked.is_out_of_range => since_when(d, m, &all, turn.asked.side),
        Want::First if chosen.is_empty() => never_out(d, m),
        Want::First if turn.asked.n.is_some_and(|n| n > 1) => list(d, m, &chosen, turn),
        Want::List if chosen.is_empty() => never_out(d, m),
        Want::SinceWhen | Want::First => one(d, m, &chosen, turn, true),
        Want::List => list(d, m, &chosen, turn),
        Want::Before => before(d, m, &all, turn),
        Want::Latest | Want::Unclear | Want::When if turn.is_point() => at(d, m, &all, turn),
        Want::Latest | Want::When if chosen.is_empty() => never_out(d, m),
        Want::Latest | Want::Convert | Want::When | Want::Source => one(d, m, &chosen, turn, false),
        _ if !turn.period.is_all() && chosen.len() != 1 => list(d, m, &chosen, turn),
        _ if turn.is_point() => at(d, m, &all, turn),
        _ => one(d, m, &chosen, turn, false),
    }
}

const fn picks_out_of_range(w: Want) -> bool {
    matches!(w, Want::Count | Want::First | Want::Latest | Want::List | Want::When)
}

/// A marker's name.
pub fn name(m: &MarkerFact, d: &Draft<'_>) -> Span {
    words(m.name(d.lang))
}

/// Says first that a newer value waits for the person's word.
fn newest_waits(d: &mut Draft<'_>, m: &MarkerFact, turn: &Turn) {
    let facts = d.facts;
    let latest = facts.latest(&m.key).map(ValueFact::day);
    let newer = facts.waiting_for(&m.key).find(|w| {
        w.when.is_none_or(|w| turn.period.days().holds(w.date()) && latest.is_none_or(|l| w.date() >= l))
    });
    let Some(w) = newer else { return };
    let Some(doc) = facts.document(w.document) else { return };
    let parts = [name(m, d), d.document(doc)];
    d.say_first(
        "A result for {0} that may be newer still waits for your review in {1}. It is not part of this answer.",
        "Ein Ergebnis zu {0}, das neuer sein kann, wartet in {1} noch auf Ihre Prüfung. Es ist nicht Teil dieser Antwort.",
        &parts,
    );
}

/// Nothing in the time that was asked about: says what there is.
fn nothing(d: &mut Draft<'_>, m: &MarkerFact, turn: &Turn) -> Outcome {
    let Some(v) = d.facts.latest(&m.key).or(m.values.last()) else {
        let parts = [name(m, d)];
        d.say("Your records hold no value of {0}.", "Ihre Einträge enthalten keinen Wert zu {0}.", &parts);
        return Outcome::Nothing;
    };
    let parts = [name(m, d), d.value(m, v), d.value_date(m, v), words(turn.period_words(d))];
    d.say(
        "Your records hold no value of {0} {3}. The newest is {1}, from {2}.",
        "Ihre Einträge enthalten {3} keinen Wert zu {0}. Der neueste ist {1} vom {2}.",
        &parts,
    );
    Outcome::Nothing
}

/// The values of the newest (or oldest) time.
fn same_time<'a>(all: &[&'a ValueFact], first: bool) -> Vec<&'a ValueFact> {
    let end = if first { all.first() } else { all.last() };
    let Some(end) = end else { return Vec::new() };
    let mut out: Vec<&ValueFact> = Vec::new();
    for v in all.iter().filter(|v| v.t == end.t) {
        let same = |x: &&ValueFact| match (&x.detail, &v.detail) {
            (Some(a), Some(b)) => a.shown == b.shown,
            _ => x.number == v.number,
        };
        if !out.iter().any(same) {
            out.push(v);
        }
    }
    out
}

/// The newest or oldest of values.
pub fn one(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &mut Turn, first: bool) -> Outcome {
    let at = same_time(all, first);
    let Some(v) = at.last().copied() else { return nothing(d, m, turn) };
    turn.at = Some(v.t.0);
    if at.iter().any(|v| v.is_contradicted()) && at.len() > 1 {
        return contradicted(d, m, &at);
    }
    let date = d.value_date(m, v);
    let line = sentence(d, m, &at, date, first, turn);
    d.answer.blocks.push(Block::Paragraph { line });
    if let Some(u) = turn.unit {
        convert(d, m, v, u, true);
        return Outcome::Answered;
    }
    if turn.asked.want == Want::Source {
        source(d, m, v);
        return Outcome::Answered;
    }
    stands(d, m, v);
    if !first && all.len() > at.len() && turn.asked.want != Want::When {
        if let Some(b) = all.iter().rev().find(|x| x.t < v.t) {
            let parts = [d.value(m, b), d.value_date(m, b)];
            d.say("Before that: {0}, from {1}.", "Davor: {0} vom {1}.", &parts);
        }
        d.choice(match d.lang {
            crate::Lang::En => format!("How did {} develop?", m.name(d.lang)),
            crate::Lang::De => format!("Wie hat sich {} entwickelt?", m.name(d.lang)),
        });
    }
    Outcome::Answered
}

fn sentence(
    d: &mut Draft<'_>,
    m: &MarkerFact,
    at: &[&ValueFact],
    date: Span,
    first: bool,
    turn: &Turn,
) -> Line {
    let n = name(m, d);
    let mut values: Line = Vec::new();
    for (i, v) in at.iter().enumerate() {
        if i > 0 {
            values.push(words(d.t(" and ", " und ")));
        }
        values.push(d.value(m, v));
    }
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let (head, tail) = match (first, d.lang) {
        (false, crate::Lang::En) => (format!("The latest value of {{0}}{scope} is "), ", from {1}."),
        (true, crate::Lang::En) => (format!("The first value of {{0}}{scope} is "), ", from {1}."),
        (false, crate::Lang::De) => (format!("Der neueste Wert von {{0}}{scope} ist "), " vom {1}."),
        (true, crate::Lang::De) => (format!("Der erste Wert von {{0}}{scope} ist "), " vom {1}."),
    };
    let mut out = super::phrase::line(&head, &[n, date.clone()]);
    out.extend(values);
    out.extend(super::phrase::line(tail, &[words(""), date]));
    out
}

fn contradicted(d: &mut Draft<'_>, m: &MarkerFact, at: &[&ValueFact]) -> Outcome {
    d.left_out(LeftOut::Conflicting, at.len(), None);
    let parts = [name(m, d), at.last().map_or_else(|| words(""), |v| d.value_date(m, v))];
    d.say(
        "Your sources contradict each other on {0} of {1}. They say:",
        "Ihre Quellen widersprechen sich bei {0} vom {1}. Sie sagen:",
        &parts,
    );
    let items = at.iter().map(|v| vec![d.value(m, v)]).collect();
    d.answer.blocks.push(Block::List { items });
    Outcome::Answered
}

fn count(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &Turn) -> Outcome {
    let from = d.receipts_of(m, &all[all.len().saturating_sub(MOST_ROWS)..]);
    let title = d.t("Number of values", "Anzahl der Werte").to_owned();
    let n = d.computed(Some(m), &title, all.len().to_string(), title.clone(), from);
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [n, name(m, d), words(scope)];
    if turn.asked.is_out_of_range {
        let (en, de) = match turn.asked.side {
            None => (
                "Outside of the range printed with them: {0} values of {1}{2}.",
                "Außerhalb des Bereichs, der dabei gedruckt war: {0} Werte von {1}{2}.",
            ),
            Some(true) => (
                "Above the range printed with them: {0} values of {1}{2}.",
                "Über dem Bereich, der dabei gedruckt war: {0} Werte von {1}{2}.",
            ),
            Some(false) => (
                "Below the range printed with them: {0} values of {1}{2}.",
                "Unter dem Bereich, der dabei gedruckt war: {0} Werte von {1}{2}.",
            ),
        };
        d.say(en, de, &parts);
    } else {
        d.say(
            "Your records hold {0} values of {1}{2}.",
            "Ihre Einträge enthalten {0} Werte von {1}{2}.",
            &parts,
        );
    }
    if let (Some(a), Some(b)) = (all.first(), all.last())
        && all.len() > 1
    {
        let parts = [d.value_date(m, a), d.value_date(m, b)];
        d.say(
            "The first is from {0}, the latest from {1}.",
            "Der erste ist vom {0}, der neueste vom {1}.",
            &parts,
        );
    }
    Outcome::Answered
}

/// The mean of values as a computed span.
pub fn mean(d: &mut Draft<'_>, m: &MarkerFact, values: &[&ValueFact]) -> Option<Span> {
    let axis = Axis::of(m);
    let numbers: Vec<f64> = values.iter().filter_map(|v| axis.number(v.number?)).collect();
    if numbers.is_empty() {
        return None;
    }
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let text = axis.words(mean, axis.decimals + 1, d.lang);
    let formula = d.lang.pick(
        format!("the sum of {} values, divided by {}", numbers.len(), numbers.len()),
        format!("die Summe von {} Werten, geteilt durch {}", numbers.len(), numbers.len()),
    );
    let from = d.receipts_of(m, &values[values.len().saturating_sub(MOST_ROWS)..]);
    let title = m.name(d.lang).to_owned();
    Some(d.computed(Some(m), &title, text, formula, from))
}

fn average(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &Turn) -> Outcome {
    let u = usable(all);
    let Some(mean) = mean(d, m, &u.values) else { return no_numbers(d, m, &u) };
    let title = d.t("Number of values", "Anzahl der Werte").to_owned();
    let n = d.computed(Some(m), &title, u.values.len().to_string(), title.clone(), Vec::new());
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [name(m, d), mean, n, words(scope)];
    d.say(
        "The average of {0}{3} is {1}: the sum of {2} values, divided by their number.",
        "Der Durchschnitt von {0}{3} ist {1}: die Summe von {2} Werten, geteilt durch ihre Anzahl.",
        &parts,
    );
    u.note(d);
    Outcome::Answered
}

/// What is said when nothing can be compared.
pub fn no_numbers(d: &mut Draft<'_>, m: &MarkerFact, u: &Usable<'_>) -> Outcome {
    let parts = [name(m, d)];
    d.say(
        "None of the values of {0} can be compared as a number.",
        "Keiner der Werte von {0} lässt sich als Zahl vergleichen.",
        &parts,
    );
    u.note(d);
    Outcome::Nothing
}

/// The unit in which most of the values were printed, where some were printed in another one: values are compared by what they
/// are, and whoever reads them compares in one unit. Among equals that of the newest.
fn most_used(m: &MarkerFact, values: &[&ValueFact]) -> Option<&'static str> {
    let mut printed: Vec<(&str, usize)> = Vec::new();
    for v in values.iter().rev() {
        let Some(unit) = v.detail.as_ref().map(|d| d.shown.unit.as_str()) else { continue };
        match printed.iter_mut().find(|(u, _)| same_unit(u, unit)) {
            Some((_, n)) => *n += 1,
            None => printed.push((unit, 1)),
        }
    }
    if printed.len() < 2 {
        return None;
    }
    let units = m.analyte?.units();
    let known = printed.iter().filter_map(|(unit, n)| {
        let known = units.iter().find(|u| same_unit(u.unit, unit))?;
        Some((known.unit, *n))
    });
    known.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(unit, _)| unit)
}

/// The highest or lowest of values; the earliest where several are equal.
#[must_use]
pub fn edge<'a>(values: &[&'a ValueFact], high: bool) -> Option<&'a ValueFact> {
    values.iter().copied().reduce(|best, v| {
        let (a, b) = (best.number.unwrap_or(f64::NAN), v.number.unwrap_or(f64::NAN));
        if (high && b > a) || (!high && b < a) { v } else { best }
    })
}

fn extreme(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &mut Turn, high: bool) -> Outcome {
    let u = usable(all);
    let Some(v) = edge(&u.values, high) else { return no_numbers(d, m, &u) };
    turn.at = Some(v.t.0);
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [name(m, d), d.value(m, v), d.value_date(m, v), words(scope)];
    if high {
        d.say(
            "The highest value of {0}{3} is {1}, from {2}.",
            "Der höchste Wert von {0}{3} ist {1} vom {2}.",
            &parts,
        );
    } else {
        d.say(
            "The lowest value of {0}{3} is {1}, from {2}.",
            "Der niedrigste Wert von {0}{3} ist {1} vom {2}.",
            &parts,
        );
    }
    if let Some(unit) = turn.unit {
        convert(d, m, v, unit, true);
    } else {
        let printed = v.detail.as_ref().map_or("", |x| x.shown.unit.as_str());
        if let Some(unit) = most_used(m, &u.values).filter(|unit| !same_unit(unit, printed)) {
            convert(d, m, v, unit, true);
        }
        stands(d, m, v);
    }
    let again: Vec<&ValueFact> =
        u.values.iter().copied().filter(|x| x.number == v.number && x.t > v.t).take(3).collect();
    for x in again {
        let parts = [d.value_date(m, x)];
        d.say("The same value came again on {0}.", "Derselbe Wert kam wieder am {0}.", &parts);
    }
    u.note(d);
    Outcome::Answered
}

fn before(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &mut Turn) -> Outcome {
    let until = turn.at.or_else(|| all.last().map(|v| v.t.0));
    let earlier: Vec<&ValueFact> = all.iter().copied().filter(|v| until.is_some_and(|t| v.t.0 < t)).collect();
    let Some(v) = same_time(&earlier, false).last().copied() else {
        let parts = [name(m, d)];
        d.say(
            "There is no earlier value of {0} in your records.",
            "Einen früheren Wert von {0} gibt es in Ihren Einträgen nicht.",
            &parts,
        );
        return Outcome::Nothing;
    };
    turn.at = Some(v.t.0);
    let parts = [name(m, d), d.value(m, v), d.value_date(m, v)];
    d.say(
        "The value of {0} before that is {1}, from {2}.",
        "Der Wert von {0} davor ist {1} vom {2}.",
        &parts,
    );
    if let Some(u) = turn.unit {
        convert(d, m, v, u, true);
    } else {
        stands(d, m, v);
    }
    Outcome::Answered
}

/// At a day, or near it.
fn at(d: &mut Draft<'_>, m: &MarkerFact, on: &[&ValueFact], turn: &mut Turn) -> Outcome {
    let all = within(d, m, Days::ALL);
    let day = match turn.period {
        Period::On(day) => {
            if let Some(v) = on.last() {
                turn.at = Some(v.t.0);
                return if on.len() == 1 { one(d, m, on, turn, false) } else { list(d, m, on, turn) };
            }
            day
        }
        Period::Around(day) => day,
        _ => return one(d, m, on, turn, false),
    };
    d.looked_at(m, all.iter().copied());
    let before = all.iter().rev().find(|v| v.day() <= day).copied();
    let after = all.iter().find(|v| v.day() > day).copied();
    let is_exact = matches!(turn.period, Period::On(_));
    let near = |v: &&ValueFact| (v.day().days() - day.days()).abs();
    let Some(v) = [before, after].into_iter().flatten().min_by_key(near) else { return nothing(d, m, turn) };
    turn.at = Some(v.t.0);
    if is_exact {
        let parts = [name(m, d), words(day_words(day, d.lang))];
        d.say("There is no value of {0} on {1}.", "Am {1} gibt es keinen Wert von {0}.", &parts);
    }
    let parts = [name(m, d), d.value(m, v), d.value_date(m, v)];
    d.say(
        "The value of {0} nearest to it is {1}, from {2}.",
        "Der Wert von {0}, der dem am nächsten liegt, ist {1} vom {2}.",
        &parts,
    );
    if let Some(u) = turn.unit {
        convert(d, m, v, u, true);
    }
    let other = [before, after].into_iter().flatten().find(|x| x.t != v.t);
    if let Some(x) = other {
        let parts = [d.value(m, x), d.value_date(m, x)];
        if x.t < v.t {
            d.say("The one before is {0}, from {1}.", "Der davor ist {0} vom {1}.", &parts);
        } else {
            d.say("The one after is {0}, from {1}.", "Der danach ist {0} vom {1}.", &parts);
        }
    }
    if is_exact { Outcome::Nothing } else { Outcome::Answered }
}

/// The values themselves, newest first.
pub fn list(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &mut Turn) -> Outcome {
    let most = turn.asked.n.unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let shown: Vec<&ValueFact> = if turn.asked.want == Want::First {
        all.iter().copied().take(most).collect()
    } else {
        all.iter().rev().copied().take(most).collect()
    };
    if let Some(v) = shown.first() {
        turn.at = Some(v.t.0);
    }
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [name(m, d), words(scope)];
    if shown.len() < all.len() {
        d.say("The newest values of {0}{1}:", "Die neuesten Werte von {0}{1}:", &parts);
    } else {
        d.say("The values of {0}{1}, newest first:", "Die Werte von {0}{1}, die neuesten zuerst:", &parts);
    }
    table(d, m, &shown, turn.unit.or_else(|| most_used(m, &shown)));
    Outcome::Answered
}

/// A table of values: date, value, range, and where `unit` is given what was printed in another one in it.
fn table(d: &mut Draft<'_>, m: &MarkerFact, shown: &[&ValueFact], unit: Option<&'static str>) {
    let mut rows = Vec::new();
    for v in shown {
        let range = d.value_range(m, v).unwrap_or_else(|| words(""));
        let mut row: Vec<Line> = vec![vec![d.value_date(m, v)], vec![d.value(m, v)], vec![range]];
        if let Some(u) = unit {
            row.push(vec![convert(d, m, v, u, false).unwrap_or_else(|| words("–"))]);
        }
        rows.push(row);
    }
    let label = unit.map(analyte::unit_label).unwrap_or_default();
    let mut head = vec![
        d.t("Date", "Datum").to_owned(),
        d.t("Value", "Wert").to_owned(),
        d.t("Range", "Bereich").to_owned(),
    ];
    if unit.is_some() {
        head.push(label);
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    d.table(m.name(d.lang), &head, rows);
}
