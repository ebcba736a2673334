//! Answers about several markers: groups, comparisons, what is out of range, what is new, what is due.

use super::{
    Turn,
    ask::Want,
    period::Period,
    phrase::{Draft, day_words, words},
    range::is_out,
    values::{MOST_ROWS, edge, mean, usable, within},
};
use crate::facts::{Days, MarkerFact, ValueFact};
use keepwell_domain::{
    time::{DAY, Date},
    view::{DocumentState, LeftOut, Line, Outcome, Standing},
};

fn standing_words(d: &Draft<'_>, s: Standing) -> &'static str {
    let (en, de) = match s {
        Standing::Within => ("within", "im Bereich"),
        Standing::Low => ("below", "darunter"),
        Standing::High => ("above", "darüber"),
        Standing::Abnormal => ("abnormal", "auffällig"),
        Standing::Unknown => ("", ""),
    };
    d.lang.pick(en, de)
}

/// One row: name, value, date, how it stands.
fn row(d: &mut Draft<'_>, m: &MarkerFact, v: &ValueFact) -> Vec<Line> {
    vec![
        vec![words(m.name(d.lang))],
        vec![d.value(m, v)],
        vec![d.value_date(m, v)],
        vec![words(standing_words(d, v.standing()))],
    ]
}

fn head(d: &Draft<'_>) -> [&'static str; 4] {
    d.lang.pick(["Test", "Value", "Date", "Range"], ["Test", "Wert", "Datum", "Bereich"])
}

/// The newest value of each of several markers, or all those in a time.
pub fn group(d: &mut Draft<'_>, turn: &Turn, title: &str, keys: &[String]) -> Outcome {
    let facts = d.facts;
    let mut rows = Vec::new();
    for m in keys.iter().filter_map(|k| facts.marker(k)) {
        d.left_out_of(m);
        let all = within(d, m, turn.period.days());
        d.looked_at(m, all.iter().copied());
        let chosen = match turn.asked.want {
            Want::First => all.first().copied(),
            Want::Highest => edge(&usable(&all).values, true),
            Want::Lowest => edge(&usable(&all).values, false),
            _ => all.last().copied(),
        };
        if let Some(v) =
            chosen.filter(|v| !turn.asked.is_out_of_range || is_out(v.standing(), turn.asked.side))
            && rows.len() < MOST_ROWS
        {
            rows.push(row(d, m, v));
        }
    }
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [words(title), words(scope)];
    if rows.is_empty() {
        if turn.asked.is_out_of_range && !keys.is_empty() {
            d.say(
                "{0}: none of the newest values{1} lies outside of the range printed with it.",
                "{0}: Keiner der neuesten Werte{1} liegt außerhalb des Bereichs, der dabei gedruckt war.",
                &parts,
            );
            return Outcome::Answered;
        }
        d.say("Your records hold nothing of {0}{1}.", "Ihre Einträge enthalten{1} nichts zu {0}.", &parts);
        return Outcome::Nothing;
    }
    match turn.asked.want {
        Want::First => d.say("{0}, the first values{1}:", "{0}, die ersten Werte{1}:", &parts),
        Want::Highest => d.say("{0}, the highest values{1}:", "{0}, die höchsten Werte{1}:", &parts),
        Want::Lowest => d.say("{0}, the lowest values{1}:", "{0}, die niedrigsten Werte{1}:", &parts),
        _ => d.say("{0}, the newest values{1}:", "{0}, die neuesten Werte{1}:", &parts),
    }
    let head = head(d);
    d.table(title, &head, rows);
    Outcome::Answered
}

/// The newest values that lie outside of their ranges.
pub fn out_of_range(d: &mut Draft<'_>, turn: &Turn) -> Outcome {
    let facts = d.facts;
    let mut found: Vec<(&MarkerFact, &ValueFact)> = Vec::new();
    for m in facts.markers() {
        d.left_out_of(m);
        let all = within(d, m, turn.period.days());
        d.looked_at(m, all.last().copied());
        if let Some(v) = all.last().copied()
            && is_out(v.standing(), turn.asked.side)
        {
            found.push((m, v));
        }
    }
    found.sort_by_key(|(m, v)| (std::cmp::Reverse(v.t), m.name(d.lang).to_lowercase()));
    if found.is_empty() {
        let (en, de) = match turn.asked.side {
            None => (
                "None of your newest values lies outside of the range printed with it.",
                "Keiner Ihrer neuesten Werte liegt außerhalb des Bereichs, der dabei gedruckt war.",
            ),
            Some(true) => (
                "None of your newest values lies above the range printed with it.",
                "Keiner Ihrer neuesten Werte liegt über dem Bereich, der dabei gedruckt war.",
            ),
            Some(false) => (
                "None of your newest values lies below the range printed with it.",
                "Keiner Ihrer neuesten Werte liegt unter dem Bereich, der dabei gedruckt war.",
            ),
        };
        d.say(en, de, &[]);
        return Outcome::Answered;
    }
    let title = match turn.asked.side {
        None => d.t("Newest values outside of their range", "Neueste Werte außerhalb ihres Bereichs"),
        Some(true) => d.t("Newest values above their range", "Neueste Werte über ihrem Bereich"),
        Some(false) => d.t("Newest values below their range", "Neueste Werte unter ihrem Bereich"),
    }
    .to_owned();
    let n = d.computed(None, &title, found.len().to_string(), title.clone(), Vec::new());
    let (en, de) = match turn.asked.side {
        None => (
            "Of the newest value of each test, {0} lie outside of the range printed with it:",
            "Vom jeweils neuesten Wert jedes Tests liegen {0} außerhalb des Bereichs, der dabei gedruckt war:",
        ),
        Some(true) => (
            "Of the newest value of each test, {0} lie above the range printed with it:",
            "Vom jeweils neuesten Wert jedes Tests liegen {0} über dem Bereich, der dabei gedruckt war:",
        ),
        Some(false) => (
            "Of the newest value of each test, {0} lie below the range printed with it:",
            "Vom jeweils neuesten Wert jedes Tests liegen {0} unter dem Bereich, der dabei gedruckt war:",
        ),
    };
    d.say(en, de, &[n]);
    let rows = found.into_iter().take(MOST_ROWS).map(|(m, v)| row(d, m, v)).collect();
    let head = head(d);
    d.table(&title, &head, rows);
    Outcome::Answered
}

/// Results of the newest day, or of a time.
pub fn results(d: &mut Draft<'_>, turn: &Turn) -> Outcome {
    let facts = d.facts;
    let mut found: Vec<(&MarkerFact, &ValueFact)> = Vec::new();
    for m in facts.markers().iter().filter(|m| !m.is_dense) {
        d.left_out_of(m);
        for v in within(d, m, turn.period.days()) {
            found.push((m, v));
        }
    }
    for w in facts.waiting.iter().filter(|w| w.key.as_deref().and_then(|k| facts.marker(k)).is_none()) {
        d.left_out(LeftOut::Unreviewed, 1, facts.document(w.document));
    }
    if turn.asked.want == Want::Count {
        for (m, v) in &found {
            d.looked_at(m, [*v]);
        }
        let title = d.t("Number of values", "Anzahl der Werte").to_owned();
        let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
        let parts =
            [d.computed(None, &title, found.len().to_string(), title.clone(), Vec::new()), words(scope)];
        d.say("Your records hold {0} results{1}.", "Ihre Einträge enthalten {0} Ergebnisse{1}.", &parts);
        return Outcome::Answered;
    }
    let first = turn.asked.want == Want::First;
    let days = found.iter().map(|f| f.1.day());
    let Some(end) = (if first { days.min() } else { days.max() }) else {
        let parts = [words(turn.period_words(d))];
        d.say("Your records hold no results {0}.", "Ihre Einträge enthalten {0} keine Ergebnisse.", &parts);
        return Outcome::Nothing;
    };
    let is_one_day =
        turn.period.is_all() || matches!(turn.asked.want, Want::Latest | Want::New | Want::First);
    found.retain(|f| !is_one_day || f.1.day() == end);
    found.sort_by_key(|(m, v)| (std::cmp::Reverse(v.day()), m.name(d.lang).to_lowercase()));
    for (m, v) in &found {
        d.looked_at(m, [*v]);
    }
    let title = d.t("Number of values", "Anzahl der Werte").to_owned();
    let n = d.computed(None, &title, found.len().to_string(), title.clone(), Vec::new());
    if is_one_day {
        let date = found.first().map_or_else(|| words(""), |(m, v)| d.value_date(m, v));
        if first {
            d.say(
                "The first results are from {0}, {1} values:",
                "Die ersten Ergebnisse sind vom {0}, {1} Werte:",
                &[date, n],
            );
        } else {
            d.say(
                "The newest results are from {0}, {1} values:",
                "Die neuesten Ergebnisse sind vom {0}, {1} Werte:",
                &[date, n],
            );
        }
    } else {
        let parts = [n, words(turn.period_words(d))];
        d.say(
            "Your records hold {0} results {1}, newest first:",
            "Ihre Einträge enthalten {1} {0} Ergebnisse, die neuesten zuerst:",
            &parts,
        );
    }
    let caption = d.t("Results", "Ergebnisse").to_owned();
    let rows = found.into_iter().take(MOST_ROWS).map(|(m, v)| row(d, m, v)).collect();
    let head = head(d);
    d.table(&caption, &head, rows);
    Outcome::Answered
}

/// Markers side by side.
pub fn compare(d: &mut Draft<'_>, turn: &Turn, keys: &[String]) -> Outcome {
    let facts = d.facts;
    let mut rows = Vec::new();
    for m in keys.iter().filter_map(|k| facts.marker(k)) {
        d.left_out_of(m);
        let all = within(d, m, turn.period.days());
        d.looked_at(m, all.iter().copied());
        rows.push(summary(d, m, &all, words(m.name(d.lang)), false));
    }
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    d.say("Side by side{0}:", "Nebeneinander{0}:", &[words(scope)]);
    side_by_side(d, rows, d.t("Test", "Test").to_owned(), false);
    Outcome::Answered
}

/// One marker in several times.
pub fn compare_periods(d: &mut Draft<'_>, m: &MarkerFact, periods: &[Period], is_around: bool) -> Outcome {
    d.left_out_of(m);
    let mut rows = Vec::new();
    for (i, p) in periods.iter().enumerate() {
        let all = within(d, m, p.days());
        d.looked_at(m, all.iter().copied());
        let label = match (is_around, i) {
            (true, 0) => words(d.t("before", "davor")),
            (true, _) => words(d.t("since then", "seither")),
            _ => words(super::period_words(*p, d.lang)),
        };
        rows.push(summary(d, m, &all, label, true));
    }
    let parts = [words(m.name(d.lang))];
    d.say(
        "{0} in the times that you asked about:",
        "{0} in den Zeiten, nach denen Sie gefragt haben:",
        &parts,
    );
    side_by_side(d, rows, d.t("Time", "Zeit").to_owned(), true);
    Outcome::Answered
}

fn summary(
    d: &mut Draft<'_>,
    m: &MarkerFact,
    all: &[&ValueFact],
    label: keepwell_domain::view::Span,
    with_mean: bool,
) -> Vec<Line> {
    let none = || vec![words("–")];
    let u = usable(all);
    let cell = |d: &mut Draft<'_>, v: Option<&ValueFact>| {
        v.map_or_else(none, |v| vec![d.value(m, v), words(d.t(", ", ", ")), d.value_date(m, v)])
    };
    let title = d.t("Number of values", "Anzahl der Werte").to_owned();
    let mut row = vec![
        vec![label],
        vec![d.computed(Some(m), &title, all.len().to_string(), title.clone(), Vec::new())],
        cell(d, all.last().copied()),
        cell(d, edge(&u.values, false)),
        cell(d, edge(&u.values, true)),
    ];
    if with_mean {
        row.push(mean(d, m, &u.values).map_or_else(none, |s| vec![s]));
    }
    row
}

fn side_by_side(d: &mut Draft<'_>, rows: Vec<Vec<Line>>, first: String, with_mean: bool) {
    let mut head = vec![
        first,
        d.t("Values", "Werte").to_owned(),
        d.t("Newest", "Neuester").to_owned(),
        d.t("Lowest", "Niedrigster").to_owned(),
        d.t("Highest", "Höchster").to_owned(),
    ];
    if with_mean {
        head.push(d.t("Average", "Durchschnitt").to_owned());
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let caption = d.t("Comparison", "Vergleich").to_owned();
    d.table(&caption, &head, rows);
}

/// What changed since a day: values that moved, and records that began or ended.
pub fn changed_since(d: &mut Draft<'_>, day: Date, visit: Option<&crate::facts::ItemFact>) -> Outcome {
    let facts = d.facts;
    let after = Days { from: Some(day), to: None };
    let mut rows = Vec::new();
    let mut markers: Vec<&MarkerFact> = facts.markers().iter().filter(|m| !m.is_dense).collect();
    markers.sort_by_key(|m| m.name(d.lang).to_lowercase());
    for m in markers {
        d.left_out_of(m);
        let new = within(d, m, after);
        let Some(v) = new.last().copied() else { continue };
        let earlier = within(d, m, Days { from: None, to: Some(Date::from_days(day.days() - 1)) });
        d.looked_at(m, new.iter().copied().chain(earlier.last().copied()));
        let before = earlier
            .last()
            .map_or_else(|| vec![words("–")], |b| vec![d.value(m, b), words(", "), d.value_date(m, b)]);
        rows.push(vec![
            vec![words(m.name(d.lang))],
            before,
            vec![d.value(m, v), words(", "), d.value_date(m, v)],
        ]);
    }
    let mut items = Vec::new();
    for i in facts.all_items() {
        let began = i.start().is_some_and(|w| w.date() >= day && w.date() <= facts.today);
        let ended = i.end().is_some_and(|w| w.date() >= day && w.date() <= facts.today);
        if i.is_withdrawn() || !(began || ended) || items.len() >= MOST_ROWS {
            continue;
        }
        d.looked_at_items([i]);
        let kind = super::records::kind_word(i.kind(), d.lang);
        if began && let Some(w) = i.start() {
            items.push(super::phrase::line(
                d.t("{0}: {1}, from {2}", "{0}: {1}, vom {2}"),
                &[words(kind), d.title(i), d.stated_date(i, w)],
            ));
        } else if let Some(w) = i.end() {
            items.push(super::phrase::line(
                d.t("{0}: {1}, ended {2}", "{0}: {1}, beendet am {2}"),
                &[words(kind), d.title(i), d.stated_date(i, w)],
            ));
        }
    }
    let since = match visit.and_then(|v| Some((v, v.start()?))) {
        Some((v, w)) => d.stated_date(v, w),
        None => words(day_words(day, d.lang)),
    };
    let parts = [since];
    if rows.is_empty() && items.is_empty() {
        d.say(
            "Nothing in your records is newer than {0}.",
            "Nichts in Ihren Einträgen ist neuer als der {0}.",
            &parts,
        );
        return Outcome::Nothing;
    }
    d.say("Since {0}, your records show:", "Seit dem {0} zeigen Ihre Einträge:", &parts);
    let caption = d.t("Values before and since", "Werte davor und seither").to_owned();
    let head = d.lang.pick(["Test", "Before", "Newest"], ["Test", "Davor", "Neuester"]);
    rows.truncate(MOST_ROWS);
    d.table(&caption, &head, rows);
    if !items.is_empty() {
        d.answer.blocks.push(keepwell_domain::view::Block::List { items });
    }
    Outcome::Answered
}

/// What waits for the person or could not be read.
pub fn missing(d: &mut Draft<'_>) -> Outcome {
    let facts = d.facts;
    let mut items = Vec::new();
    for doc in facts.documents.iter() {
        let rows = usize::try_from(doc.waiting).unwrap_or(usize::MAX);
        if rows > 0 {
            let title = d.t("Rows that wait", "Zeilen, die warten").to_owned();
            let parts =
                [d.document(doc), d.computed(None, &title, rows.to_string(), title.clone(), Vec::new())];
            items.push(super::phrase::line(
                d.t("{0}: {1} rows wait for your review", "{0}: {1} Zeilen warten auf Ihre Prüfung"),
                &parts,
            ));
            d.left_out(LeftOut::Unreviewed, rows, Some(doc));
            continue;
        }
        let text = match doc.state {
            DocumentState::Queued | DocumentState::Reading => {
                d.t("{0}: is still being read", "{0}: wird noch gelesen")
            }
            DocumentState::Review => d.t("{0}: has a question for you", "{0}: hat eine Frage an Sie"),
            DocumentState::Failed => d.t("{0}: could not be read", "{0}: konnte nicht gelesen werden"),
            DocumentState::Done => continue,
        };
        let parts = [d.document(doc)];
        items.push(super::phrase::line(text, &parts));
    }
    if items.is_empty() {
        d.say(
            "Nothing waits for you: all your files were read, and no row waits for your review.",
            "Nichts wartet auf Sie: Alle Ihre Dateien sind gelesen, und keine Zeile wartet auf Ihre Prüfung.",
            &[],
        );
    } else {
        d.say("This waits:", "Das wartet:", &[]);
        d.answer.blocks.push(keepwell_domain::view::Block::List { items });
    }
    Outcome::Answered
}

/// A value older than this says little about today; such tests are not listed as due.
const STALE_DAYS: i64 = 3 * 365;

/// Tests whose usual interval has passed by half again. What the records show, not what anyone should do.
pub fn due(d: &mut Draft<'_>, only: &[String]) -> Outcome {
    let facts = d.facts;
    let mut found: Vec<(i64, i64, &MarkerFact, &ValueFact)> = Vec::new();
    for m in facts.markers().iter().filter(|m| !m.is_dense && (only.is_empty() || only.contains(&m.key))) {
        let mut days: Vec<i64> = m.values.iter().map(|v| v.t.0.div_euclid(DAY)).collect();
        days.dedup();
        d.looked_at(m, m.values.iter());
        let (Some(last), true) = (m.values.last(), days.len() >= 3) else { continue };
        let mut gaps: Vec<i64> = days.windows(2).map(|w| w[1] - w[0]).collect();
        gaps.sort_unstable();
        let usual = gaps[gaps.len() / 2];
        let since = facts.today.days() - last.t.date().days();
        let is_due = usual >= 20 && since * 2 > usual * 3 && since < STALE_DAYS;
        if is_due || (!only.is_empty() && usual >= 1) {
            found.push((since * 100 / usual.max(1), usual, m, last));
        }
    }
    found.sort_by_key(|f| (std::cmp::Reverse(f.0), f.2.name(d.lang).to_lowercase()));
    if found.is_empty() {
        d.say(
            "No test in your records is overdue by its own usual interval. What you need is for your doctor to say.",
            "Kein Test in Ihren Einträgen ist nach seinem eigenen üblichen Abstand überfällig. Was nötig ist, sagt Ihnen Ihre Praxis.",
            &[],
        );
        return Outcome::Answered;
    }
    d.say(
        "By the intervals in your own records, not by any recommendation, these were measured longer ago than usual, or are the ones that you asked about:",
        "Nach den Abständen in Ihren eigenen Einträgen, nicht nach einer Empfehlung, liegen diese länger zurück als üblich, oder es sind die, nach denen Sie gefragt haben:",
        &[],
    );
    let mut rows = Vec::new();
    for (_, usual, m, v) in found.into_iter().take(12) {
        let title = d.t("Usual days between values", "Übliche Tage zwischen Werten").to_owned();
        let formula =
            d.t("median of the days between values", "Median der Tage zwischen den Werten").to_owned();
        rows.push(vec![
            vec![words(m.name(d.lang))],
            vec![d.value_date(m, v)],
            vec![d.computed(Some(m), &title, usual.to_string(), formula, Vec::new())],
        ]);
    }
    let caption = d.t("Longer ago than usual", "Länger her als üblich").to_owned();
    let head = d.lang.pick(
        ["Test", "Newest value", "Usual days between"],
        ["Test", "Neuester Wert", "Übliche Tage dazwischen"],
    );
    d.table(&caption, &head, rows);
    Outcome::Answered
}
