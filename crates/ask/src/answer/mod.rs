//! The built-in answerer: a question is normalised, recognised, answered from the facts and put into words.
//!
//! What it does not understand it says; where a name can mean several things it asks. Texts of records and
//! documents are only ever quoted: nothing in them decides what happens.

mod ask;
mod care;
mod lexicon;
mod other;
mod period;
mod phrase;
mod records;
mod subject;
mod tables;
mod token;
mod values;

pub use other::suggestions;
pub use phrase::{date_words, iso_words, number_words};

use crate::{Lang, facts::Facts};
use ask::{Anchor, Asked, Want};
use keepwell_domain::{
    analyte,
    ids::RecordId,
    record::Kind,
    time::Date,
    view::{Answer, Outcome},
};
use period::Period;
use phrase::{Draft, day_words, words};
use serde::{Deserialize, Serialize};
use subject::{Named, Subjects};

/// What a question that goes on from the one before takes from it. Holds keys, ids and times, no text of the
/// person's.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// What was asked about.
    named: Vec<Named>,
    /// Kinds of records that were asked about.
    kinds: Vec<Kind>,
    /// What was wanted.
    want: Want,
    /// The time that was asked about.
    period: Period,
    /// The time of the last value told, UTC microseconds.
    at: Option<i64>,
}

impl Context {
    /// The days that the question before was about: (first, last), open when `None`.
    #[must_use]
    pub fn days(&self) -> (Option<Date>, Option<Date>) {
        let d = self.period.days();
        (d.from, d.to)
    }
}

/// A question, read.
pub struct Turn {
    asked: Asked,
    period: Period,
    periods: Vec<Period>,
    /// The day before which the value to compare with lies.
    baseline: Option<Date>,
    unit: Option<&'static str>,
    at: Option<i64>,
    /// Whether the two periods are those before and since an event.
    is_around: bool,
}

impl Turn {
    const fn is_point(&self) -> bool {
        matches!(self.period, Period::On(_) | Period::Around(_))
    }
    fn period_words(&self, d: &Draft<'_>) -> String {
        period_words(self.period, d.lang)
    }
}

/// A time in words: `in 2024`, `since 3 May 2024`.
fn period_words(p: Period, lang: Lang) -> String {
    let day = |d: Date| day_words(d, lang);
    match p {
        Period::All => String::new(),
        Period::On(d) => lang.pick(format!("on {}", day(d)), format!("am {}", day(d))),
        Period::Around(d) => lang.pick(format!("around {}", day(d)), format!("um den {}", day(d))),
        Period::Within(w) => match (w.from, w.to) {
            (Some(a), Some(b))
                if a.month() == 1
                    && a.day() == 1
                    && b.month() == 12
                    && b.day() == 31
                    && a.year() == b.year() =>
            {
                lang.pick(format!("in {}", a.year()), format!("im Jahr {}", a.year()))
            }
            (Some(a), Some(b)) => lang.pick(
                format!("between {} and {}", day(a), day(b)),
                format!("zwischen dem {} und dem {}", day(a), day(b)),
            ),
            (Some(a), None) => lang.pick(format!("since {}", day(a)), format!("seit dem {}", day(a))),
            (None, Some(b)) => lang.pick(format!("up to {}", day(b)), format!("bis zum {}", day(b))),
            (None, None) => String::new(),
        },
    }
}

/// Answers a question from the facts, and says what the next one can go on from.
#[must_use]
pub fn answer(facts: &Facts, question: &str, context: &Context) -> (Answer, Context) {
    let mut tokens = token::tokens(question);
    let full = format!(
        " {} ",
        tokens.iter().map(|t| t.word.as_str()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
    );
    let whole: String = question.chars().take(token::LONGEST).collect();
    let flat = format!(" {} ", crate::text::fold(&whole));
    let mut d = Draft::new(facts);
    let needs = match care::care(&flat) {
        care::Care::None => care::care(&full),
        c => c,
    };
    let times = period::read(&mut tokens, facts.today);
    let mut subjects = subject::read(&mut tokens, facts);
    let text = ask::joined(&tokens);
    let has_subject = !subjects.named.is_empty();
    let asked = ask::read(&text, &full, has_subject);
    let mut turn = Turn {
        asked,
        period: times.periods.first().copied().unwrap_or_default(),
        periods: times.periods.clone(),
        baseline: None,
        unit: tokens.iter().find_map(|t| t.unit),
        at: None,
        is_around: false,
    };
    if needs != care::Care::None {
        care::help(&mut d, needs);
        // A question of the records is answered below the numbers; words of distress are not searched for.
        if needs == care::Care::Emergency
            && !subjects.markers().is_empty()
            && turn.asked.want != Want::Unclear
        {
            dispatch(&mut d, &mut turn, &subjects);
        }
        return (d.done(Outcome::Help), context.clone());
    }
    if let Some((a, b)) = times.two_ways {
        return (which_day(d, a, b), context.clone());
    }
    let is_advice = care::is_advice(&flat) || care::is_advice(&full);
    if !is_advice && let Some(outcome) = small_talk(&mut d, &full, &subjects, &turn) {
        return (d.done(outcome), context.clone());
    }
    go_on(&mut turn, &mut subjects, context, &text, &full);
    if is_advice {
        let has_values = declined(&mut d, &mut turn, &subjects);
        let _ = has_values;
        return (d.done(Outcome::Declined), next(&turn, &subjects, context, Outcome::Declined));
    }
    let outcome = dispatch(&mut d, &mut turn, &subjects);
    let context = next(&turn, &subjects, context, outcome);
    (d.done(outcome), context)
}

fn which_day(mut d: Draft<'_>, a: Date, b: Date) -> Answer {
    let parts = [words(day_words(a, d.lang)), words(day_words(b, d.lang))];
    d.say(
        "That date can be read as {0} or as {1}. Please write the month as a word.",
        "Dieses Datum kann {0} oder {1} heißen. Bitte schreiben Sie den Monat als Wort.",
        &parts,
    );
    d.done(Outcome::Ambiguous)
}

/// Greetings, thanks, and the question what can be asked.
fn small_talk(d: &mut Draft<'_>, full: &str, s: &Subjects, turn: &Turn) -> Option<Outcome> {
    let n = full.split_whitespace().count();
    if !s.named.is_empty() || !s.kinds.is_empty() || !turn.period.is_all() {
        return None;
    }
    let is = |list: &[&str]| ask::has(full, list);
    if is(&[
        "what can i ask",
        "what can you do",
        "how does this work",
        "what do you know",
        "help",
        "what questions",
        "how do i use this",
        "who are you",
        "what are you",
        "was kann ich fragen",
        "was kannst du",
        "was konnen sie",
        "wie funktioniert das",
        "hilfe",
        "was weisst du",
        "wer bist du",
        "was kann ich dich fragen",
        "welche fragen",
        "was kannst du alles",
    ]) {
        return Some(other::help(d, Outcome::Answered));
    }
    if n <= 6
        && is(&[
            "thanks",
            "thank you",
            "thank you very much",
            "thx",
            "cheers",
            "danke",
            "vielen dank",
            "danke schon",
            "dankeschon",
            "merci",
            "great thanks",
        ])
    {
        d.say("You are welcome.", "Gern geschehen.", &[]);
        return Some(Outcome::Answered);
    }
    if n <= 4
        && is(&[
            "hello",
            "hi",
            "hey",
            "good morning",
            "good evening",
            "good afternoon",
            "hallo",
            "guten tag",
            "guten morgen",
            "guten abend",
            "moin",
            "servus",
            "gruss gott",
            "hallo zusammen",
        ])
    {
        d.say("Hello.", "Guten Tag.", &[]);
        return Some(other::help(d, Outcome::Answered));
    }
    None
}

/// Takes from the question before what this one leaves out.
fn go_on(turn: &mut Turn, s: &mut Subjects, c: &Context, text: &str, full: &str) {
    let is_short = full.split_whitespace().count() <= 8;
    let names_nothing = s.named.is_empty() && s.kinds.is_empty() && s.unknown.is_empty();
    let has_before = !c.named.is_empty() || !c.kinds.is_empty();
    let of_them = ask::has(full, &["there", "davon", "of them", "of those", "of it", "es davon", "es"]);
    let of_all = turn.asked.is_results
        && !of_them
        && !turn.asked.is_follow_up
        && !matches!(turn.asked.want, Want::Before | Want::Convert)
        && turn.unit.is_none();
    let asks_all = matches!(turn.asked.want, Want::Missing | Want::Due | Want::New | Want::Help)
        && !turn.asked.is_follow_up;
    let can = turn.asked.is_follow_up
        || turn.unit.is_some()
        || !turn.period.is_all()
        || turn.asked.want != Want::Unclear
        || ask::has(full, &["it", "that", "this", "them", "es", "das", "sie", "er", "davon", "they"]);
    if names_nothing && has_before && is_short && can && !of_all && !asks_all && !turn.asked.since_visit {
        s.named.clone_from(&c.named);
        s.kinds.clone_from(&c.kinds);
        turn.at = c.at;
        if turn.asked.want == Want::Unclear {
            turn.asked.want = match (c.want, turn.unit) {
                (Want::Explain | Want::Hello | Want::Thanks | Want::Help, _) => Want::Latest,
                (Want::Before, Some(_)) => Want::Latest,
                (w, _) => w,
            };
            if turn.period.is_all() {
                turn.period = c.period;
            }
        }
        if turn.unit.is_some() && c.at.is_some() && turn.period.is_all() && turn.asked.want != Want::List {
            // "In mmol/L?" is about the value just told.
            turn.asked.want = Want::Convert;
        }
    } else if has_before
        && !s.named.is_empty()
        && turn.asked.want == Want::Unclear
        && turn.asked.is_follow_up
        && !matches!(c.want, Want::Before | Want::Convert)
    {
        // "And LDL?" asks the same of another.
        turn.asked.want = c.want;
        if turn.period.is_all() {
            turn.period = c.period;
        }
        let _ = text;
    } else if turn.asked.want == Want::Before && !s.named.is_empty() {
        turn.at = if c.named == s.named { c.at } else { None };
    }
}

fn next(turn: &Turn, s: &Subjects, before: &Context, outcome: Outcome) -> Context {
    if outcome == Outcome::NotUnderstood {
        return before.clone();
    }
    if s.named.is_empty() && s.kinds.is_empty() {
        return Context::default();
    }
    Context {
        named: s.named.clone(),
        kinds: s.kinds.clone(),
        want: if turn.asked.want == Want::Before { Want::Latest } else { turn.asked.want },
        period: turn.period,
        at: turn.at.or(if turn.asked.want == Want::Convert { before.at } else { None }),
    }
}

/// Declines, and shows what the records say about what was asked.
fn declined(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) -> bool {
    let facts = d.facts;
    let mut keys: Vec<String> = s.markers().into_iter().map(str::to_owned).collect();
    for n in &s.named {
        if let Named::Group(id) = n {
            keys.extend(subject::group_keys(facts, id));
        }
    }
    let ids = s.records();
    let has = !keys.is_empty() || !ids.is_empty();
    care::decline(d, has);
    turn.asked = Asked { want: Want::Latest, ..Asked::default() };
    if let [one] = &keys[..] {
        if let Some(m) = facts.marker(one) {
            values::answer(d, turn, m);
        }
    } else if !keys.is_empty() {
        let title = d.t("Your values", "Ihre Werte").to_owned();
        tables::group(d, turn, &title, &keys);
    }
    if !ids.is_empty() {
        turn.asked.want = Want::Dose;
        records::named(d, turn, &ids);
    }
    has
}

/// The newest visit that already was, and its day.
fn last_visit(facts: &Facts) -> Option<(&crate::facts::ItemFact, Date)> {
    let visits = facts.items(Kind::Encounter).filter(|i| !i.is_withdrawn());
    let dated = visits.filter_map(|i| Some((i, i.start()?.date())));
    dated.into_iter().find(|(_, day)| *day <= facts.today)
}

/// The newest day of something that already began: what "since" and "before" count from.
fn anchor_day(facts: &Facts, ids: &[RecordId], kinds: &[Kind], visit: bool) -> Option<Date> {
    let started =
        |i: &&crate::facts::ItemFact| i.start().is_some_and(|w| w.date() <= facts.today) && !i.is_withdrawn();
    if visit {
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
    facts.items(*kind).find(started).and_then(|i| i.start()).map(|w| w.date())
}

fn dispatch(d: &mut Draft<'_>, turn: &mut Turn, s: &Subjects) -> Outcome {
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
            return not_understood(d, s);
        }
    }
    if let Some(doc) = documents.first() {
        if documents.len() > 1 {
            let title: Vec<String> = documents.iter().map(|x| x.name.clone()).collect();
            d.say(
                "Several documents have such a name: {0}.",
                "Mehrere Dokumente heißen so: {0}.",
                &[other::plain(&title.join(", "))],
            );
            return Outcome::Ambiguous;
        }
        return other::document(d, turn, doc);
    }
    if keys.is_empty() && !groups.is_empty() && !ids.is_empty() {
        // "The ultrasound of the thyroid" is a report, though "thyroid" is a group of tests too.
        let about = |i: &RecordId| {
            facts.item(*i).is_some_and(|x| {
                s.phrases.iter().all(|p| subject::synonyms_of(p).into_iter().any(|w| x.has_words(&[w])))
            })
        };
        let narrowed: Vec<RecordId> = ids.iter().copied().filter(about).collect();
        if !narrowed.is_empty() {
            return records::named(d, turn, &narrowed);
        }
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
        return about_markers(d, turn, s, &keys, &groups);
    }
    if !ids.is_empty() {
        turn.asked.is_last |= turn.asked.want == Want::Latest;
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
    if !has_markers || !turn.period.is_all() {
        return;
    }
    let Some(anchor) = turn.asked.anchor.or(turn.asked.since_visit.then_some(Anchor::Since)) else { return };
    let Some(day) = anchor_day(facts, ids, &s.kinds, turn.asked.since_visit) else { return };
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

fn about_markers(
    d: &mut Draft<'_>,
    turn: &mut Turn,
    s: &Subjects,
    keys: &[String],
    groups: &[&String],
) -> Outcome {
    let facts = d.facts;
    let title = groups.first().map(|g| subject::group_name(facts, g));
    if let ([one], None) = (keys, &title) {
        let Some(m) = facts.marker(one) else { return not_understood(d, s) };
        if turn.periods.len() > 1 {
            let periods = turn.periods.clone();
            return tables::compare_periods(d, m, &periods, turn.is_around);
        }
        if turn.asked.want == Want::Compare {
            turn.asked.want = Want::Trend;
        }
        return values::answer(d, turn, m);
    }
    let is_bp = groups.first().is_some_and(|g| g.as_str() == "bp");
    if (is_bp || title.is_none())
        && !matches!(turn.asked.want, Want::Compare | Want::Unclear | Want::Latest | Want::InRange)
        && turn.periods.len() <= 1
    {
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
        return if a.want == Want::Whether && !a.is_results { no_record(d, s) } else { not_understood(d, s) };
    }
    let says_document = s.kinds.is_empty() && turn_says_document(s);
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
    not_understood(d, s)
}

fn turn_says_document(s: &Subjects) -> bool {
    s.says_document
}

fn not_understood(d: &mut Draft<'_>, s: &Subjects) -> Outcome {
    let _ = s;
    d.say(
        "I did not understand that well enough to answer without guessing.",
        "Das habe ich nicht gut genug verstanden, um ohne Raten zu antworten.",
        &[],
    );
    other::help(d, Outcome::NotUnderstood)
}
