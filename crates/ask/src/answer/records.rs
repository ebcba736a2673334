//! Answers about conditions, medications, allergies, vaccinations, procedures, visits, reports and notes.

use super::{
    Turn,
    ask::Want,
    phrase::{Draft, line, words},
    values::MOST_ROWS,
};
use crate::{Lang, facts::ItemFact};
use keepwell_domain::{
    record::{Body, Kind},
    view::{Block, LeftOut, Line, Outcome},
};

/// One record of a kind, in a word.
#[must_use]
pub fn kind_word(k: Kind, lang: Lang) -> &'static str {
    let (en, de) = match k {
        Kind::Observation => ("Result", "Ergebnis"),
        Kind::Condition => ("Condition", "Diagnose"),
        Kind::Medication => ("Medication", "Medikament"),
        Kind::Allergy => ("Allergy", "Allergie"),
        Kind::Immunization => ("Vaccination", "Impfung"),
        Kind::Procedure => ("Procedure", "Eingriff"),
        Kind::Encounter => ("Visit", "Besuch"),
        Kind::DiagnosticReport => ("Report", "Befundbericht"),
        Kind::Note => ("Note", "Notiz"),
    };
    lang.pick(en, de)
}

/// Several.
#[must_use]
pub fn kind_words(k: Kind, lang: Lang) -> &'static str {
    let (en, de) = match k {
        Kind::Observation => ("results", "Ergebnisse"),
        Kind::Condition => ("conditions", "Diagnosen"),
        Kind::Medication => ("medications", "Medikamente"),
        Kind::Allergy => ("allergies", "Allergien"),
        Kind::Immunization => ("vaccinations", "Impfungen"),
        Kind::Procedure => ("procedures", "Eingriffe"),
        Kind::Encounter => ("visits", "Besuche"),
        Kind::DiagnosticReport => ("reports", "Befundberichte"),
        Kind::Note => ("notes", "Notizen"),
    };
    lang.pick(en, de)
}

/// What a record says beside its name and dates.
fn details(i: &ItemFact) -> Vec<&str> {
    match &i.body {
        Body::Medication(m) => [&m.dosage, &m.route].into_iter().flatten().map(String::as_str).collect(),
        Body::Allergy(a) => a.reactions.iter().map(String::as_str).collect(),
        Body::Immunization(x) => x.dose.iter().map(String::as_str).collect(),
        Body::Encounter(e) => [&e.reason, &e.place].into_iter().flatten().map(String::as_str).collect(),
        Body::Procedure(p) => p.reason.iter().map(String::as_str).collect(),
        Body::DiagnosticReport(r) => r.conclusion.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether an allergy record says that none are known.
fn says_none(i: &ItemFact) -> bool {
    let t = crate::text::fold(&i.title);
    [
        "no known allerg",
        "no allerg",
        "keine bekannten allerg",
        "keine allerg",
        "no known drug allerg",
        "nka",
        "nkda",
        "no known",
    ]
    .iter()
    .any(|p| t.starts_with(p))
}

/// A record in one line: name, dates, details.
fn one(d: &mut Draft<'_>, i: &ItemFact) -> Line {
    let mut out: Line = vec![d.title(i)];
    let (start, end) = (i.start(), i.end());
    let is_stretch = matches!(i.kind(), Kind::Condition | Kind::Medication);
    match (start, end) {
        (Some(s), Some(e)) if s.date() != e.date() && i.kind() != Kind::Procedure => {
            let parts = [d.stated_date(i, s), d.stated_date(i, e)];
            out.extend(line(d.t(", from {0} to {1}", ", vom {0} bis zum {1}"), &parts));
        }
        (Some(s), _) if is_stretch && i.is_active(d.facts.today) => {
            let parts = [d.stated_date(i, s)];
            out.extend(line(d.t(", since {0}", ", seit dem {0}"), &parts));
        }
        (Some(s), _) => {
            let parts = [d.stated_date(i, s)];
            out.extend(line(", {0}", &parts));
        }
        (None, Some(e)) => {
            let parts = [d.stated_date(i, e)];
            out.extend(line(d.t(", until {0}", ", bis {0}"), &parts));
        }
        (None, None) => {}
    }
    for text in details(i).into_iter().filter(|t| !t.is_empty()) {
        out.push(words("; "));
        let span = d.stated(i, text);
        out.push(span);
    }
    out
}

fn in_time<'a>(turn: &Turn, items: Vec<&'a ItemFact>, d: &mut Draft<'_>) -> Vec<&'a ItemFact> {
    let days = turn.period.days();
    if turn.period.is_all() {
        return items;
    }
    let undated = items.iter().filter(|i| i.start().is_none() && i.end().is_none()).count();
    d.left_out(LeftOut::Undated, undated, None);
    let is_stretch = |i: &ItemFact| matches!(i.kind(), Kind::Condition | Kind::Medication | Kind::Allergy);
    items
        .into_iter()
        .filter(|i| {
            let Some(start) = i.start().or(i.end()) else { return false };
            if is_stretch(i) && !begins(turn) {
                // It was there in that time, whenever it began.
                let until = i.end().map(keepwell_domain::time::When::date);
                return days.to.is_none_or(|t| start.date() <= t)
                    && days.from.is_none_or(|f| until.is_none_or(|u| u >= f));
            }
            days.holds_when(start)
        })
        .collect()
}

/// Whether the question asks what began in a time, not what was there.
fn begins(turn: &Turn) -> bool {
    matches!(turn.asked.want, Want::New | Want::When | Want::First) || turn.asked.begins
}

/// Records that a question named.
pub fn named(d: &mut Draft<'_>, turn: &mut Turn, ids: &[keepwell_domain::ids::RecordId]) -> Outcome {
    let facts = d.facts;
    let all: Vec<&ItemFact> =
        ids.iter().filter_map(|i| facts.item(*i)).filter(|i| !i.is_withdrawn()).collect();
    let all = unique(all);
    let mut items = in_time(turn, all.clone(), d);
    if let (Some(n), Want::List | Want::Latest | Want::Unclear | Want::When) = (turn.asked.n, turn.asked.want)
    {
        items.truncate(n);
    }
    d.looked_at_items(items.iter().copied());
    if items.is_empty() {
        let Some(first) = all.first() else {
            d.say("Your records say nothing about that.", "Dazu steht nichts in Ihren Einträgen.", &[]);
            return Outcome::Nothing;
        };
        let parts = [words(turn.period_words(d)), d.title(first)];
        d.say(
            "There is nothing of it {0}. The newest in your records:",
            "Dazu gibt es {0} nichts. Das Neueste in Ihren Einträgen:",
            &parts[..1],
        );
        let l = one(d, first);
        d.answer.blocks.push(Block::List { items: vec![l] });
        return Outcome::Nothing;
    }
    let today = facts.today;
    turn.at = None;
    let is_state = matches!(items[0].kind(), Kind::Medication | Kind::Condition | Kind::Allergy);
    if turn.asked.want == Want::Latest && (turn.asked.is_whether || turn.asked.is_active) && is_state {
        // "Am I on it at the moment?"
        turn.asked.want = Want::Whether;
    }
    match turn.asked.want {
        Want::Whether => whether(d, &items, turn),
        Want::Count => count(d, &items, turn),
        Want::SinceWhen | Want::First => {
            // Since when: the earliest of what goes on, else the earliest of all.
            let active: Vec<&ItemFact> = items.iter().copied().filter(|i| i.is_active(today)).collect();
            let Some(i) =
                items.iter().min_by_key(|i| i.start().map_or(i64::MAX, |w| w.sort_key().0)).copied()
            else {
                return Outcome::Nothing;
            };
            dated(d, i);
            if active.is_empty()
                && matches!(i.kind(), Kind::Condition | Kind::Medication)
                && turn.asked.want == Want::SinceWhen
            {
                d.say(
                    "It is not marked as current in your records.",
                    "In Ihren Einträgen ist es nicht als aktuell vermerkt.",
                    &[],
                );
            }
            history(d, &items);
            Outcome::Answered
        }
        Want::When => when(d, &items, turn),
        Want::Past => {
            let Some(i) = items.iter().find(|i| i.end().is_some()).copied() else {
                d.say("Your records state no end of it.", "Ein Ende steht nicht in Ihren Einträgen.", &[]);
                history(d, &items);
                return Outcome::Nothing;
            };
            let active = items.iter().any(|x| x.is_active(today));
            let parts = [d.title(i), i.end().map_or_else(|| words(""), |w| d.stated_date(i, w))];
            d.say("{0} ended on {1}.", "{0} endete am {1}.", &parts);
            if active {
                d.say("There is also one that goes on:", "Es gibt auch einen Eintrag, der weiterläuft:", &[]);
            }
            history(d, &items);
            Outcome::Answered
        }
        Want::Latest if !items[0].kind().eq(&Kind::Medication) && !items[0].kind().eq(&Kind::Condition) => {
            dated(d, items[0]);
            content(d, items[0]);
            Outcome::Answered
        }
        Want::Why | Want::Explain => {
            let stated = |i: &ItemFact| match &i.body {
                Body::Medication(m) => m.reason.clone(),
                Body::Procedure(p) => p.reason.clone(),
                Body::Encounter(e) => e.reason.clone(),
                _ => None,
            };
            let mut lines = Vec::new();
            for i in items.iter().take(10) {
                if let Some(r) = stated(i) {
                    let parts = [d.title(i), d.stated(i, &r)];
                    lines.push(line("{0}: {1}", &parts));
                }
            }
            if lines.is_empty() {
                d.say(
                    "Your records state no reason for it.",
                    "Ein Grund dafür steht nicht in Ihren Einträgen.",
                    &[],
                );
                history(d, &items);
                return Outcome::Nothing;
            }
            d.say("The reason that your records state:", "Der Grund, der in Ihren Einträgen steht:", &[]);
            d.answer.blocks.push(Block::List { items: lines });
            Outcome::Answered
        }
        Want::Dose => {
            let active: Vec<&ItemFact> = items.iter().copied().filter(|i| i.is_active(today)).collect();
            if let Some(i) = active.first() {
                d.say("Current in your records:", "Aktuell in Ihren Einträgen:", &[]);
                let l = one(d, i);
                d.answer.blocks.push(Block::List { items: vec![l] });
                let rest: Vec<&ItemFact> = items.iter().copied().filter(|x| x.record != i.record).collect();
                if !rest.is_empty() {
                    d.say("Before:", "Davor:", &[]);
                    listed(d, &rest);
                }
            } else {
                d.say(
                    "It is not marked as current in your records. They say:",
                    "Es ist nicht als aktuell vermerkt. In Ihren Einträgen steht:",
                    &[],
                );
                listed(d, &items);
            }
            Outcome::Answered
        }
        _ if items.len() == 1 => {
            dated(d, items[0]);
            content(d, items[0]);
            Outcome::Answered
        }
        _ => {
            d.say(
                "Your records say about it, newest first:",
                "Dazu steht in Ihren Einträgen, das Neueste zuerst:",
                &[],
            );
            listed(d, &items);
            if matches!(turn.asked.want, Want::Content) || items.len() == 1 {
                content(d, items[0]);
            }
            Outcome::Answered
        }
    }
}

/// One record of each name and time: several files may say the same.
fn unique(items: Vec<&ItemFact>) -> Vec<&ItemFact> {
    let mut seen = std::collections::HashSet::new();
    items
        .into_iter()
        .filter(|i| {
            seen.insert((crate::text::fold(&i.title), i.start().map(|w| w.date()), i.end().map(|w| w.date())))
        })
        .collect()
}

fn listed(d: &mut Draft<'_>, items: &[&ItemFact]) {
    let lines = items.iter().take(MOST_ROWS).map(|i| one(d, i)).collect();
    d.answer.blocks.push(Block::List { items: lines });
}

fn history(d: &mut Draft<'_>, items: &[&ItemFact]) {
    if items.len() > 1 {
        d.say("All entries, newest first:", "Alle Einträge, die neuesten zuerst:", &[]);
        listed(d, items);
    }
}

fn dated(d: &mut Draft<'_>, i: &ItemFact) {
    let l = one(d, i);
    d.answer.blocks.push(Block::Paragraph { line: l });
}

/// What a report or note says, as data: it is quoted, never followed.
fn content(d: &mut Draft<'_>, i: &ItemFact) {
    let text = match &i.body {
        Body::Note(n) => n.text.clone(),
        Body::Condition(c) => c.note.clone().unwrap_or_default(),
        Body::DiagnosticReport(r) => r.results.join(", "),
        Body::Procedure(p) => p.note.clone().unwrap_or_default(),
        Body::Allergy(a) => a.note.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let short: String = text.chars().take(1_500).collect();
    if short.trim().is_empty() {
        return;
    }
    let parts = [d.stated(i, &short)];
    d.say("It says: “{0}”", "Dort steht: „{0}“", &parts);
}

fn whether(d: &mut Draft<'_>, items: &[&ItemFact], turn: &Turn) -> Outcome {
    let today = d.facts.today;
    let active: Vec<&ItemFact> = items.iter().copied().filter(|i| i.is_active(today)).collect();
    let kind = items[0].kind();
    let is_now = matches!(kind, Kind::Condition | Kind::Medication | Kind::Allergy)
        && !turn.asked.is_past
        && turn.period.is_all();
    if is_now && active.is_empty() {
        d.say(
            "Not at present, as far as your records say. They hold this from earlier:",
            "Zurzeit nicht, soweit Ihre Einträge es sagen. Von früher steht darin:",
            &[],
        );
        listed(d, items);
    } else if is_now {
        d.say("Yes, your records say so:", "Ja, so steht es in Ihren Einträgen:", &[]);
        listed(d, &active);
        let rest: Vec<&ItemFact> = items.iter().copied().filter(|i| !i.is_active(today)).collect();
        if !rest.is_empty() {
            d.say("And from earlier:", "Und von früher:", &[]);
            listed(d, &rest);
        }
    } else {
        d.say("Yes, your records say so:", "Ja, so steht es in Ihren Einträgen:", &[]);
        listed(d, items);
    }
    Outcome::Answered
}

fn when(d: &mut Draft<'_>, items: &[&ItemFact], turn: &Turn) -> Outcome {
    let kind = items[0].kind();
    let by_start = |i: &&&ItemFact| i.start().map_or(i64::MAX, |w| w.sort_key().0);
    let i = match kind {
        // When did I start: the first of all doses; of what comes again, the newest.
        Kind::Medication | Kind::Condition if !turn.asked.is_last => items.iter().min_by_key(by_start),
        _ => items.first(),
    };
    let Some(i) = i.copied() else { return Outcome::Nothing };
    if i.start().is_none() && i.end().is_none() {
        d.left_out(LeftOut::Undated, 1, None);
        let parts = [d.title(i)];
        d.say("Your records state no date for {0}.", "Für {0} steht kein Datum in Ihren Einträgen.", &parts);
        return Outcome::Nothing;
    }
    dated(d, i);
    history(d, items);
    Outcome::Answered
}

fn count(d: &mut Draft<'_>, items: &[&ItemFact], turn: &Turn) -> Outcome {
    let title = d.t("Number of entries", "Anzahl der Einträge").to_owned();
    let from: Vec<u32> =
        items.iter().take(MOST_ROWS).map(|i| d.receipt(d.facts.receipt_of_item(i))).collect();
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let parts = [d.computed(None, &title, items.len().to_string(), title.clone(), from), words(scope)];
    d.say("Your records hold {0} of them{1}:", "Ihre Einträge enthalten davon {0}{1}:", &parts);
    listed(d, items);
    Outcome::Answered
}

/// Whether a visit is of the sort that was asked for: v3 ActCode classes.
#[must_use]
pub fn is_such_a_visit(i: &ItemFact, asked: &super::ask::Asked) -> bool {
    let Body::Encounter(e) = &i.body else { return true };
    let class = |list: &[&str]| e.class.as_deref().is_some_and(|c| list.contains(&c));
    match (asked.is_emergency, asked.is_stay) {
        (true, _) => class(&["EMER"]),
        (_, true) => class(&["IMP", "ACUTE", "NONAC", "OBSENC", "SS"]),
        _ => true,
    }
}

/// Records of a kind.
pub fn of_kind(d: &mut Draft<'_>, turn: &Turn, kind: Kind) -> Outcome {
    let facts = d.facts;
    let today = facts.today;
    let everything: Vec<&ItemFact> = facts.items(kind).filter(|i| !i.is_withdrawn()).collect();
    let everything = unique(everything.into_iter().filter(|i| is_such_a_visit(i, &turn.asked)).collect());
    d.looked_at_items(everything.iter().copied());
    let kinds = kind_words(kind, d.lang);
    if kind == Kind::Allergy
        && let Some(i) = everything.iter().find(|i| says_none(i)).copied()
        && everything.iter().all(|i| says_none(i) || !i.is_active(today))
    {
        let parts = [d.title(i)];
        d.say("Your records state: {0}.", "In Ihren Einträgen steht: {0}.", &parts);
        return Outcome::Answered;
    }
    let past_only = |i: &&ItemFact| i.when.is_none_or(|w| w.date() <= today) || kind == Kind::Medication;
    let mut items = in_time(turn, everything.iter().copied().filter(past_only).collect(), d);
    let has_state = matches!(kind, Kind::Condition | Kind::Medication | Kind::Allergy);
    let (mut active_only, mut over_only) = (false, false);
    if has_state && turn.period.is_all() {
        // What somebody has or takes is what goes on, unless the question asks for all or for what is over.
        active_only = turn.asked.is_active && !turn.asked.is_past
            || (!turn.asked.is_past
                && kind != Kind::Condition
                && !matches!(
                    turn.asked.want,
                    Want::Count | Want::List | Want::When | Want::First | Want::New | Want::Past
                ));
        over_only = turn.asked.is_past || turn.asked.want == Want::Past;
    }
    if active_only {
        items.retain(|i| i.is_active(today));
    } else if over_only {
        items.retain(|i| !i.is_active(today));
    }
    let scope = if turn.period.is_all() { String::new() } else { format!(" {}", turn.period_words(d)) };
    let state = match (active_only, over_only) {
        (true, _) => d.t("current ", "aktuelle "),
        (_, true) => d.t("past ", "frühere "),
        _ => "",
    };
    let parts = [words(kinds), words(scope.clone()), words(state)];
    if items.is_empty() {
        if everything.is_empty() {
            if kind == Kind::Allergy {
                d.say(
                    "Your records state nothing about allergies. That does not mean that there are none.",
                    "In Ihren Einträgen steht nichts zu Allergien. Das heißt nicht, dass es keine gibt.",
                    &[],
                );
            } else {
                d.say("Your records hold no {0}.", "Ihre Einträge enthalten keine {0}.", &parts);
            }
        } else {
            let state = match (active_only, over_only) {
                (true, _) => d.t("current ", "aktuellen "),
                (_, true) => d.t("past ", "früheren "),
                _ => "",
            };
            let parts = [words(kinds), words(scope), words(state)];
            d.say("Your records hold no {2}{0}{1}.", "Ihre Einträge enthalten{1} keine {2}{0}.", &parts);
            let newest = one(d, everything[0]);
            d.say("The newest of all:", "Der neueste Eintrag überhaupt:", &[]);
            d.answer.blocks.push(Block::List { items: vec![newest] });
        }
        return Outcome::Nothing;
    }
    match turn.asked.want {
        Want::Count => {
            let title = d.t("Number of entries", "Anzahl der Einträge").to_owned();
            let parts = [
                d.computed(None, &title, items.len().to_string(), title.clone(), Vec::new()),
                words(kinds),
                words(scope),
                words(state),
            ];
            d.say("Your records hold {0} {3}{1}{2}.", "Ihre Einträge enthalten {0} {3}{1}{2}.", &parts);
            listed(d, &items);
        }
        Want::Latest | Want::When | Want::Place | Want::Why | Want::Content if !has_state => {
            match turn.asked.n {
                Some(n) => items.truncate(n.max(1)),
                None => items.truncate(1),
            }
            d.say("The newest in your records:", "Der neueste Eintrag:", &[]);
            listed(d, &items);
            content(d, items[0]);
        }
        Want::First => {
            items.sort_by_key(|i| i.start().map_or(i64::MAX, |w| w.sort_key().0));
            items.truncate(turn.asked.n.unwrap_or(1));
            d.say("The first in your records:", "Der erste Eintrag:", &[]);
            listed(d, &items);
        }
        _ => {
            if let Some(n) = turn.asked.n {
                items.truncate(n);
            }
            let parts = [words(capital(&format!("{state}{kinds}"))), words(scope)];
            d.say(
                "{0} in your records{1}, newest first:",
                "{0} in Ihren Einträgen{1}, die neuesten zuerst:",
                &parts,
            );
            if has_state && !active_only && !over_only && turn.period.is_all() {
                let (now, over): (Vec<&ItemFact>, Vec<&ItemFact>) =
                    items.iter().copied().partition(|i| i.is_active(today));
                if !now.is_empty() && !over.is_empty() {
                    d.answer.blocks.pop();
                    let parts = [words(capital(kinds))];
                    d.say("{0}, current:", "{0}, aktuell:", &parts);
                    listed(d, &now);
                    d.say("{0}, past:", "{0}, früher:", &parts);
                    listed(d, &over);
                    return Outcome::Answered;
                }
            }
            listed(d, &items);
        }
    }
    Outcome::Answered
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
