//! An entity in one line: what it is, and what it says.

use crate::{
    forms::{Input, form},
    words::{self, Lang},
};
use keepwell_journal::model::{
    Absence, Amount, EntityId, Fields, Kind, Moment, Source, TextType, Value, Zone, monitor::SizeBand,
};

/// A line of a list.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub title: String,
    /// What it says.
    pub detail: String,
    /// When.
    pub when: String,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line(***)")
    }
}

/// Who reads: in which language, and where.
#[derive(Clone)]
pub struct Reader {
    /// The language.
    pub lang: Lang,
    /// The zone, where it is known: times of another one are told with theirs.
    pub here: Option<Zone>,
}

impl Reader {
    fn moment(&self, at: &Moment) -> String {
        words::moment(self.lang, at, self.here.as_ref().map(|z| z.as_str()))
    }
}

/// Fields that title an entity, the first that is known.
const TITLES: &[&str] = &["title", "name", "drug", "text", "label", "words", "contract"];
/// Fields that say when.
const WHENS: &[&str] = &[
    "at",
    "on",
    "date",
    "when",
    "said_at",
    "due_on",
    "started_on",
    "signed_on",
    "cycle_start",
    "stimulation_start",
    "fertilised_on",
];
/// Never part of a line.
const QUIET: &[&str] = &[
    "note",
    "source",
    "cycle",
    "person",
    "held",
    "show_sex",
    "sex",
    "pgt_detail",
    "quiet",
    "zone",
    "planned_for",
    "discreet_title",
];

/// A value in words.
#[must_use]
pub fn value(
    reader: &Reader,
    input: Input,
    value: &Value,
    name_of: &dyn Fn(EntityId) -> Option<String>,
) -> String {
    let (lang, t) = (reader.lang, reader.lang.texts());
    let entity = |text: &str| EntityId::parse(text).ok().and_then(name_of);
    match (input, value) {
        (_, Value::Absent(why)) => match why {
            Absence::Unknown => words::code(lang, "absence", "unknown"),
            Absence::NotTold => words::code(lang, "absence", "not_told"),
            Absence::NotDone => words::code(lang, "absence", "not_done"),
        },
        (_, Value::Flag(b)) => if *b { t.yes } else { t.no }.to_owned(),
        (_, Value::Int(n)) => n.to_string(),
        (Input::Date, Value::Text(text)) => {
            Moment::from_text(text).map_or_else(|| text.clone(), |m| words::date(lang, m.date))
        }
        (Input::Moment, Value::Text(text)) => {
            Moment::from_text(text).map_or_else(|| text.clone(), |m| reader.moment(&m))
        }
        (Input::Amount(_) | Input::Dose(_), Value::Text(text)) => {
            Amount::from_text(text).map_or_else(|| text.clone(), |a| words::amount(lang, &a))
        }
        (Input::Code(codes), Value::Text(text)) => words::code(lang, codes.set, text),
        (Input::Source(codes), Value::Text(text)) => Source::from_text(text).map_or_else(
            || text.clone(),
            |s| {
                let kind = words::code(lang, codes.set, s.kind.as_str());
                [Some(kind), s.detail].into_iter().flatten().collect::<Vec<_>>().join(", ")
            },
        ),
        (Input::When, Value::Text(text)) => plan_when(reader, text),
        (Input::Ref(_), Value::Text(text)) => entity(text).unwrap_or_default(),
        (_, Value::Text(text)) => text.clone(),
        (Input::Sizes, Value::List(list)) if list.is_empty() => t.none.to_owned(),
        (Input::Sizes, Value::List(list)) => format!("{} mm", list.join(" · ")),
        (Input::Bands, Value::List(list)) if list.is_empty() => t.none.to_owned(),
        (Input::Bands, Value::List(list)) => {
            let one =
                |text: &String| SizeBand::from_text(text).map_or_else(|| text.clone(), |b| words::band(&b));
            list.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        (Input::CodeList(codes), Value::List(list)) => {
            list.iter().map(|c| words::code(lang, codes.set, c)).collect::<Vec<_>>().join(", ")
        }
        (Input::Symptoms, Value::List(list)) => {
            list.iter().map(|c| words::code(lang, "symptom", c)).collect::<Vec<_>>().join(", ")
        }
        (Input::Coded(set), Value::List(list)) => {
            list.iter().map(|w| words::coded::shown(lang, set, w)).collect::<Vec<_>>().join(", ")
        }
        (Input::RefList(_), Value::List(list)) => {
            list.iter().filter_map(|id| entity(id)).collect::<Vec<_>>().join(", ")
        }
        (_, Value::List(list)) => list.join(", "),
    }
}

fn plan_when(reader: &Reader, text: &str) -> String {
    use keepwell_journal::model::PlanWhen;
    let (lang, t) = (reader.lang, reader.lang.texts());
    match PlanWhen::from_text(text) {
        Some(PlanWhen::Absolute(m)) => reader.moment(&m),
        Some(PlanWhen::Days { from, days, clock }) => {
            let key = words::code(lang, "key_date", from.as_str());
            let days = match days {
                0 => t.on_the_day.to_owned(),
                n if n > 0 => words::plural(i64::from(n), t.day_after, t.days_after),
                n => words::plural(-i64::from(n), t.day_before, t.days_before),
            };
            let clock = clock.map_or(String::new(), |c| format!(", {c}"));
            format!("{key}, {days}{clock}")
        }
        Some(PlanWhen::Minutes { from, minutes }) => {
            let key = words::code(lang, "key_date", from.as_str());
            let sign = if minutes < 0 { '\u{2212}' } else { '+' };
            format!("{key} {sign} {} h", words::number(lang, f64::from(minutes).abs() / 60.0, 2))
        }
        None => text.to_owned(),
    }
}

/// A journey as it is shown to others: by its discreet title and its dates alone, where it has such a title.
pub struct Discreet<'a> {
    of: &'a dyn Fields,
    title: Option<&'a Value>,
}

/// What is shown of an entity; `is_wanted` where the person wants the journal to say nothing to others.
#[must_use]
pub fn discreet(kind: Kind, of: &dyn Fields, is_wanted: bool) -> Discreet<'_> {
    let title = of.field("discreet_title").filter(|v| matches!(v, Value::Text(_)));
    Discreet { of, title: title.filter(|_| is_wanted && kind == Kind::Journey) }
}

impl Fields for Discreet<'_> {
    fn field(&self, name: &str) -> Option<&Value> {
        match (self.title, name) {
            (Some(title), "title") => Some(title),
            (Some(_), "started_on" | "ended_on") | (None, _) => self.of.field(name),
            (Some(_), _) => None,
        }
    }
}

/// The line of an entity. A result that is held says only that.
#[must_use]
pub fn line(
    reader: &Reader,
    kind: Kind,
    of: &dyn Fields,
    name_of: &dyn Fn(EntityId) -> Option<String>,
) -> Line {
    let (lang, t) = (reader.lang, reader.lang.texts());
    let fields = form(kind).map_or(&[][..], |f| f.fields);
    let words_of = |name: &str| {
        let field = fields.iter().find(|f| f.name == name)?;
        let v = of.field(name)?;
        Some(value(reader, field.input, v, name_of)).filter(|w| !w.is_empty())
    };
    let mut out = Line { title: words::kind(lang, kind).to_owned(), ..Line::default() };
    let titled = TITLES.iter().find_map(|n| words_of(n).map(|w| (*n, w)));
    let typed = ["hormone", "what", "cycle_type", "purpose", "kind", "event", "bleeding", "result"]
        .iter()
        .find_map(|n| words_of(n).map(|w| (*n, w)));
    let mut used = Vec::new();
    let by_type = matches!(
        kind,
        Kind::Hormone
            | Kind::Visit
            | Kind::HomeTest
            | Kind::EmbryoEvent
            | Kind::Outcome
            | Kind::Cost
            | Kind::Stock
            | Kind::Consent
            | Kind::Storage
            | Kind::PlanItem
    );
    if let Some((name, word)) = typed.filter(|_| by_type && !(kind == Kind::PlanItem && titled.is_some())) {
        used.push(name);
        out.title = word;
    } else if let Some((name, word)) = titled {
        used.push(name);
        out.title = word;
    }
    if let Some((name, word)) = WHENS.iter().find_map(|n| words_of(n).map(|w| (*n, w))) {
        used.push(name);
        out.when = word;
    }
    if of.field("held") == Some(&Value::Flag(true)) {
        out.detail = t.held.to_owned();
        return out;
    }
    let rest = fields.iter().filter(|f| !used.contains(&f.name) && !QUIET.contains(&f.name));
    let parts = rest.filter_map(|f| match (f.input, of.field(f.name)?) {
        (_, Value::Absent(_)) => None,
        (Input::Ref(_) | Input::RefList(_), _) => words_of(f.name),
        (Input::Int | Input::Flag | Input::Date | Input::Moment, _) => {
            Some(format!("{}: {}", words::field(lang, kind, f.name), words_of(f.name)?))
        }
        (Input::Sizes | Input::Bands | Input::Amount(_) | Input::Dose(_), _)
            if matches!(
                kind,
                Kind::Scan | Kind::EarlyScan | Kind::Semen | Kind::Storage | Kind::Transfer
            ) =>
        {
            Some(format!("{}: {}", words::field(lang, kind, f.name), words_of(f.name)?))
        }
        _ => words_of(f.name),
    });
    out.detail = parts.take(6).collect::<Vec<_>>().join(" · ");
    out
}

/// Short name of an entity, for references and choices.
#[must_use]
pub fn name(reader: &Reader, kind: Kind, of: &dyn Fields) -> String {
    let line = line(reader, kind, of, &|_| None);
    if line.when.is_empty() || matches!(kind, Kind::Person | Kind::Clinic | Kind::Contact | Kind::Medication)
    {
        return line.title;
    }
    format!("{} · {}", line.title, line.when)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeMap;

    fn reader(lang: Lang) -> Reader {
        Reader { lang, here: Zone::parse("Europe/Berlin").ok() }
    }
    fn of(fields: &[(&'static str, &str)]) -> BTreeMap<&'static str, Value> {
        fields.iter().map(|(n, v)| (*n, Value::text(*v))).collect()
    }

    #[test]
    fn dose_says_drug_amount_and_time() {
        let dose = of(&[
            ("drug", "Follitropin"),
            ("amount", "150 IU"),
            ("at", "2026-03-02T21:30+01:00[Europe/Berlin]"),
            ("site", "abdomen_left"),
        ]);
        let line = line(&reader(Lang::En), Kind::Dose, &dose, &|_| None);
        assert_eq!((line.title.as_str(), line.when.as_str()), ("Follitropin", "2 March 2026, 21:30"));
        assert_eq!(line.detail, "150\u{a0}IU · Abdomen, left");
    }

    #[test]
    fn time_of_another_zone_is_told_with_it() {
        let told = |at: &str| {
            let dose = of(&[("drug", "hCG"), ("at", at)]);
            line(&reader(Lang::En), Kind::Dose, &dose, &|_| None).when
        };
        assert_eq!(
            told("2026-03-02T21:30-05:00[America/New_York]"),
            "2 March 2026, 21:30 (America/New York)"
        );
        assert_eq!(told("2026-03-02T21:30+01:00[Europe/Berlin]"), "2 March 2026, 21:30");
        assert_eq!(told("2026-03-02[America/New_York]"), "2 March 2026");
        let plan = plan_when(&reader(Lang::De), "2026-03-02T21:30-05:00[America/New_York]");
        assert!(plan.ends_with("21:30 (America/New York)"), "{plan}");
    }

    #[test]
    fn follicles_by_size_are_said_in_words() {
        let mut scan = of(&[("at", "2026-03-02")]);
        scan.insert("bands_right", Value::List(vec!["10..14:4".into(), "18..:2".into(), "..10:6".into()]));
        let line = line(&reader(Lang::En), Kind::Scan, &scan, &|_| None);
        assert!(
            line.detail.contains("4 × 10–14\u{a0}mm, 2 × ≥\u{a0}18\u{a0}mm, 6 × <\u{a0}10\u{a0}mm"),
            "{}",
            line.detail
        );
    }

    #[test]
    fn feelings_of_another_app_are_said_in_the_language() {
        let mut mood = of(&[("at", "2026-03-20")]);
        mood.insert("feelings", Value::List(vec!["mood_swings".into(), "eigenes_Wort".into()]));
        let line = line(&reader(Lang::De), Kind::Mood, &mood, &|_| None);
        assert_eq!(line.detail, "Stimmungsschwankungen, eigenes_Wort");
    }

    #[test]
    fn journey_shows_its_discreet_title_and_nothing_else_where_that_is_wanted() {
        let journey = of(&[
            ("title", "IVF at last"),
            ("discreet_title", "Garden"),
            ("goal", "pregnancy"),
            ("started_on", "2026-03-02"),
        ]);
        let said = |is_wanted| {
            let line = line(
                &reader(Lang::En),
                Kind::Journey,
                &discreet(Kind::Journey, &journey, is_wanted),
                &|_| None,
            );
            [line.title, line.when, line.detail].join("; ")
        };
        assert_eq!(said(true), "Garden; 2 March 2026; ");
        assert_eq!(said(false), "IVF at last; 2 March 2026; Pregnancy");
        let untitled = of(&[("title", "IVF at last")]);
        assert_eq!(
            name(&reader(Lang::En), Kind::Journey, &discreet(Kind::Journey, &untitled, true)),
            "IVF at last"
        );
    }

    #[test]
    fn held_result_tells_nothing() {
        let mut beta = of(&[("at", "2026-03-20"), ("value", "212 IU/L")]);
        beta.insert("held", Value::Flag(true));
        let line = line(&reader(Lang::De), Kind::Beta, &beta, &|_| None);
        assert!(!format!("{}{}", line.title, line.detail).contains("212"));
    }

    #[test]
    fn plan_is_said_from_its_key_date() {
        assert_eq!(plan_when(&reader(Lang::En), "trigger+2d@09:00"), "Trigger, 2 days after, 09:00");
        assert_eq!(plan_when(&reader(Lang::De), "trigger+2160m"), "Auslösespritze + 36 h");
        assert_eq!(plan_when(&reader(Lang::En), "retrieval-90m"), "Retrieval − 1.5 h");
    }

    #[test]
    fn source_says_who_and_their_name() {
        let field = form(Kind::Hormone).unwrap().fields.iter().find(|f| f.name == "source").unwrap();
        let said = |lang, text: &str| value(&reader(lang), field.input, &Value::text(text), &|_| None);
        assert_eq!(said(Lang::En, "laboratory:Labor Süd"), "Laboratory, Labor Süd");
        assert_eq!(said(Lang::De, "import"), "Aus einer anderen App");
    }
}
