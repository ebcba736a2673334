//! Who answers: by what a question names and wants.

use super::{
    Turn,
    ask::{Anchor, Asked, Want},
    cover, limit, other,
    period::Period,
    phrase::{Draft, words},
    records,
    subject::{self, Named, Subjects},
    tables, values,
};
use crate::facts::Facts;
use keepwell_domain::{analyte, ids::RecordId, record::Kind, time::Date, view::Outcome};

/// The newest visit that already was, and its day.
fn last_visit(facts: &Facts) -> Option<(&crate::facts::ItemFact, Date)> {
    let visits = facts.items(Kind::Encounter).filter(|i| !i.is_withdrawn());
    let dated = visits.filter_map(|i| Some((i, i.start()?.date())));
    dated.into_iter().find(|(_, day)| *day <= facts.today)
}

/// The newest day of something that already began: what "since" and "before" count from.
fn anchor_day(facts: &Facts, ids: &[RecordId], kinds: &[Kind], asked: &Asked) -> Option<Date> {
    let started =
        |i: &&crate::facts::ItemFact| i.start().is_some_and(|w| w.date() <= facts.today) && !i.is_withdrawn();
    if asked.since_visit {
        return last_visit(facts).map(|v| v.1);
    }
    let days = |k: Option<Kind>| {
        let mut all: Vec<Date> = ids
            .iter()
            .filter_map(|i| facts.item(*i))
            .filter(|i| k.is_none_or(|k| i.kind() == k))
            .filter(started)
            .filter_map(|i| i.start().map(|w| w.date()))
            .collect();
        all.sort();
        all
    };
    if !ids.is_empty() {
        let is_stretch = ids
            .iter()
            .filter_map(|i| facts.item(*i))
            .any(|i| matches!(i.kind(), Kind::Medication | Kind::Condition));
        // A medicine or an illness began once, whatever doses followed; a visit or an operation is the last.
        return if is_stretch { days(None).first().copied() } else { days(None).last().copied() };
    }
    let kind = kinds.iter().find(|k| matches!(k, Kind::Procedure | Kind::Encounter | Kind::Immunization))?;
    facts
        .items(*kind)
        .filter(|i| records::is_such_a_visit(i, asked))
        .find(started)
        .and_then(|i| i.start())
        .map(|w| w.date())
}

/// Answers a question that was read.
pub fn dispatch(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) -> Outcome {
    let facts = d.facts;
    for n in &s.named {
        if let Named::OneOf(keys) = n {
            return other::which(d, keys);
        }
    }
    let mut keys: Vec<String> = s.markers().into_iter().map(str::to_owned).collect();
    let groups: Vec<&String> =
        s.named.iter().filter_map(|n| if let Named::Group(g) = n { Some(g) } else { None }).collect();
    let ids = s.records();
    let documents: Vec<_> = s
        .named
        .iter()
        .filter_map(|n| if let Named::Document(x) = n { facts.document(*x) } else { None })
        .collect();
    let unmeasured = s
        .named
        .iter()
        .find_map(|n| if let Named::Unmeasured(l) = n { analyte::find_by_loinc(l) } else { None });
    anchored(turn, facts, s, &ids, !keys.is_empty() || !groups.is_empty());
    // "The ultrasound of the thyroid" is a report, though "thyroid" is a group of tests too.
    let narrowed: Vec<RecordId> = if keys.is_empty() && !groups.is_empty() {
        let about = |i: &RecordId| {
            facts.item(*i).is_some_and(|x| {
                s.phrases.iter().all(|p| subject::synonyms_of(p).into_iter().any(|w| x.has_words(&[w])))
            })
        };
        ids.iter().copied().filter(about).collect()
    } else {
        Vec::new()
    };
    let is_strange = s.named.is_empty() && !s.unknown.is_empty();
    let is_nothing = unmeasured.is_some() && keys.is_empty() && groups.is_empty() && ids.is_empty();
    if !(is_strange || is_nothing && turn.asked.want != Want::Explain)
        || matches!(turn.asked.want, Want::Missing | Want::Due)
    {
        let mut about = keys.clone();
        let has_group = !groups.is_empty() && narrowed.is_empty();
        if has_group {
            groups.iter().for_each(|g| about.extend(subject::group_keys(facts, g)));
        }
        let left = cover::left_over(turn, s, facts, &about, has_group);
        if !left.is_empty() {
            return cover::say(d, &left, &keys);
        }
    }
    if turn.asked.since_visit && keys.is_empty() && groups.is_empty() {
        return match last_visit(facts) {
            Some((visit, day)) => tables::changed_since(d, day, Some(visit)),
            None => {
                d.say(
                    "Your records hold no visit to count from.",
                    "Ihre Einträge enthalten keinen Besuch, von dem aus gezählt werden kann.",
                    &[],
                );
                Outcome::Nothing
            }
        };
    }
    if turn.asked.want == Want::Explain {
        if let Some(a) = keys.first().and_then(|k| facts.marker(k)).and_then(|m| m.analyte).or(unmeasured) {
            return other::explain(d, a);
        }
        if keys.is_empty() && groups.is_empty() && ids.is_empty() {
            return not_understood(d);
        }
    }
    if let Some(doc) = documents.first() {
        if documents.len() > 1 {
            let title: Vec<String> = documents.iter().map(|x| x.name.clone()).collect();
            d.say(
                "Several documents have such a name: {0}.",
                "Mehrere Dokumente heißen so: {0}.",
                &[words(title.join(", "))],
            );
            return Outcome::Ambiguous;
        }
        return other::document(d, turn, doc);
    }
    if !narrowed.is_empty() {
        return records::named(d, turn, &narrowed);
    }
    for g in &groups {
        keys.extend(subject::group_keys(facts, g));
    }
    keys.dedup();
    if turn.asked.want == Want::Due {
        return tables::due(d, &keys);
    }
    // "Do I take iron?" asks for a medicine, though iron is a test too.
    if groups.is_empty() && !keys.is_empty() && ids.is_empty() && asks_for_medicine(turn, s) {
        return medicine_by_words(d, turn, s);
    }
    if !keys.is_empty() || !groups.is_empty() {
        return about_markers(d, turn, &keys, &groups);
    }
    // "Do I take anything for gout?" asks for medicines that name it as their reason.
    if asks_for_medicine(turn, s)
        && ids.iter().filter_map(|i| facts.item(*i)).any(|i| i.kind() == Kind::Condition)
        && !ids.iter().filter_map(|i| facts.item(*i)).any(|i| i.kind() == Kind::Medication)
    {
        return medicine_by_words(d, turn, s);
    }
    if !ids.is_empty() {
        turn.asked.is_last |= turn.asked.want == Want::Latest && !turn.asked.is_whether;
        return records::named(d, turn, &ids);
    }
    if let Some(a) = unmeasured {
        return if s.kinds.is_empty() { other::unmeasured(d, a) } else { no_record(d, s) };
    }
    if !s.unknown.is_empty() && !s.kinds.is_empty() {
        return no_record(d, s);
    }
    without_names(d, turn, s)
}

fn asks_for_medicine(turn: &Turn, s: &Subjects) -> bool {
    s.kinds.contains(&Kind::Medication)
        && turn.asked.anchor.is_none()
        && matches!(
            turn.asked.want,
            Want::Whether | Want::Dose | Want::When | Want::SinceWhen | Want::Unclear | Want::Past
        )
}

fn medicine_by_words(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) -> Outcome {
    let facts = d.facts;
    let found: Vec<RecordId> =
        s.phrases.iter().flat_map(|p| facts.items_with(Kind::Medication, p)).map(|i| i.record).collect();
    if found.is_empty() { no_record(d, s) } else { records::named(d, turn, &found) }
}

/// Since, before and after a thing: sets the time that the question is about.
fn anchored(turn: &mut Turn, facts: &Facts, s: &Subjects, ids: &[RecordId], has_markers: bool) {
    // "How has it changed since two years ago" counts from the value of that time.
    if let (true, Period::Around(day), Want::Trend | Want::Change | Want::Compare) =
        (has_markers, turn.period, turn.asked.want)
    {
        turn.period = Period::Within(crate::facts::Days { from: Some(day), to: None });
        turn.periods = vec![turn.period];
        turn.baseline = Some(day);
        turn.asked.want = Want::Trend;
    }
    if !has_markers || !turn.period.is_all() {
        return;
    }
    let Some(anchor) = turn.asked.anchor.or(turn.asked.since_visit.then_some(Anchor::Since)) else { return };
    let Some(day) = anchor_day(facts, ids, &s.kinds, &turn.asked) else { return };
    turn.is_anchored = true;
    let before = Period::Within(crate::facts::Days { from: None, to: Some(Date::from_days(day.days() - 1)) });
    let since = Period::Within(crate::facts::Days { from: Some(day), to: None });
    match anchor {
        Anchor::Both => {
            turn.is_around = true;
            turn.periods = vec![before, since];
            turn.asked.want = Want::Compare;
        }
        Anchor::Before => {
            turn.period = before;
            if turn.asked.want == Want::Before {
                turn.asked.want = Want::Latest;
            }
        }
        Anchor::Since => {
            turn.period = since;
            turn.baseline = Some(Date::from_days(day.days() - 1));
        }
    }
}

fn about_markers(d: &mut Draft<'_>, turn: &mut Turn, keys: &[String], groups: &[&String]) -> Outcome {
    let facts = d.facts;
    let title = groups.first().map(|g| subject::group_name(facts, g));
    if let ([one], None) = (keys, &title) {
        let Some(m) = facts.marker(one) else { return not_understood(d) };
        if turn.periods.len() > 1 {
            let periods = turn.periods.clone();
            return tables::compare_periods(d, m, &periods, turn.is_around);
        }
        if turn.asked.want == Want::Compare {
            turn.asked.want = Want::Trend;
        }
        if let Some((above, n)) = turn.asked.limit {
            return limit::answer(d, turn, m, above, n);
        }
        return values::answer(d, turn, m);
    }
    let is_bp = groups.first().is_some_and(|g| g.as_str() == "bp");
    let one_by_one = if is_bp || title.is_none() {
        !matches!(turn.asked.want, Want::Compare | Want::Unclear | Want::Latest | Want::InRange)
    } else {
        matches!(
            turn.asked.want,
            Want::Trend
                | Want::Change
                | Want::Average
                | Want::Count
                | Want::List
                | Want::SinceWhen
                | Want::Before
        )
    };
    if one_by_one && turn.periods.len() <= 1 {
        let mut last = Outcome::Nothing;
        for m in keys.iter().filter_map(|k| facts.marker(k)) {
            let outcome = values::answer(d, turn, m);
            if outcome == Outcome::Answered || last != Outcome::Answered {
                last = outcome;
            }
        }
        return last;
    }
    if title.is_none() && turn.asked.want == Want::Compare {
        return tables::compare(d, turn, keys);
    }
    let title = title.unwrap_or_else(|| d.t("Your values", "Ihre Werte").to_owned());
    tables::group(d, turn, &title, keys)
}

fn no_record(d: &mut Draft<'_>, s: &Subjects) -> Outcome {
    let kind = s.kinds.first().copied().unwrap_or(Kind::Condition);
    let parts = [words(records::kind_words(kind, d.lang))];
    d.say(
        "Among the {0} in your records I find nothing of that name. That does not mean that there is none.",
        "Unter den Einträgen der Art „{0}“ finde ich nichts mit diesem Namen. Das heißt nicht, dass es nichts gibt.",
        &parts,
    );
    let facts = d.facts;
    d.looked_at_items(facts.items(kind));
    Outcome::Nothing
}

fn without_names(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) -> Outcome {
    let facts = d.facts;
    let a = &turn.asked;
    if !s.unknown.is_empty() && !matches!(a.want, Want::Missing | Want::Due) {
        return if a.want == Want::Whether && !a.is_results { no_record(d, s) } else { not_understood(d) };
    }
    let says_document = s.kinds.is_empty() && s.says_document;
    match a.want {
        Want::Missing if s.kinds.is_empty() => return tables::missing(d),
        Want::Due => return tables::due(d, &[]),
        _ => {}
    }
    if a.is_out_of_range && (a.is_results || s.kinds.is_empty()) {
        return tables::out_of_range(d, turn);
    }
    if says_document {
        return other::documents(d, turn);
    }
    let kind = s.kinds.first().copied();
    match kind {
        Some(k) if !(k == Kind::DiagnosticReport && a.is_results && a.want == Want::InRange) => {
            return records::of_kind(d, turn, k);
        }
        _ => {}
    }
    if a.is_results || a.want == Want::New || (!turn.period.is_all() && a.want != Want::Unclear) {
        if matches!(a.want, Want::InRange) {
            return tables::out_of_range(d, turn);
        }
        if a.want == Want::Change && !turn.period.is_all() {
            let day = turn.period.days().from.unwrap_or(facts.today);
            return tables::changed_since(d, day, None);
        }
        return tables::results(d, turn);
    }
    if a.want == Want::Change && !turn.period.is_all() {
        let day = turn.period.days().from.unwrap_or(facts.today);
        return tables::changed_since(d, day, None);
    }
    not_understood(d)
}

fn not_understood(d: &mut Draft<'_>) -> Outcome {
    d.say(
        "I did not understand that well enough to answer without guessing.",
        "Das habe ich nicht gut genug verstanden, um ohne Raten zu antworten.",
        &[],
    );
    other::help(d, Outcome::NotUnderstood)
}
