//! The timeline: every record, newest first, filtered and searched.

use super::{names, shown};
use crate::{
    Lang,
    error::{Result, ServiceError},
    vault::{Open, Part, ValueRef, Vault, marker_key, part},
};
use keepwell_domain::{
    measure::Value,
    record::{Body, Kind},
    time::{Date, When},
    view::{Standing, TimelineItem, TimelineQuery, TimelineView},
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;

/// A checked query.
struct Filter {
    kinds: Vec<Kind>,
    from: Option<Date>,
    to: Option<Date>,
    words: Vec<String>,
}

fn day(text: Option<&str>, field: &'static str, lang: Lang) -> Result<Option<Date>> {
    match text.filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(t) => Date::parse(t).map(Some).map_err(|_| {
            let why = lang.pick(
                "Please give the date as year-month-day, such as 2024-05-31.",
                "Bitte das Datum als Jahr-Monat-Tag angeben, etwa 2024-05-31.",
            );
            ServiceError::invalid(field, why)
        }),
    }
}

impl Filter {
    fn new(q: &TimelineQuery, lang: Lang) -> Result<Self> {
        let words = q.q.as_deref().unwrap_or("").split_whitespace().take(12).map(fold).collect();
        Ok(Self {
            kinds: q.kinds.clone(),
            from: day(q.from.as_deref(), "from", lang)?,
            to: day(q.to.as_deref(), "to", lang)?,
            words,
        })
    }
    fn in_time(&self, w: Option<When>) -> bool {
        let day = w.map(When::date);
        self.from.is_none_or(|f| day.is_some_and(|d| d >= f))
            && self.to.is_none_or(|t| day.is_some_and(|d| d <= t))
    }
    fn has_words(&self, open: &Open, lang: Lang) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = fold(&haystack(open, lang));
        self.words.iter().all(|w| text.contains(w.as_str()))
    }
}

/// Lower case without accents, so that `hämoglobin` is found by `hamoglobin`.
fn fold(s: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    s.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

fn haystack(open: &Open, lang: Lang) -> String {
    let item = item(open, lang);
    let mut text = format!("{} {} {}", item.title, item.detail, item.date);
    if let Some(c) = open.record.body.code() {
        for s in c.text.iter().chain(c.codings.iter().flat_map(|c| c.display.iter().chain([&c.code]))) {
            text.push(' ');
            text.push_str(s);
        }
    }
    match &open.record.body {
        Body::Note(n) => text.push_str(&n.text),
        Body::DiagnosticReport(d) => {
            d.results.iter().chain(&d.conclusion).for_each(|t| {
                text.push(' ');
                text.push_str(t);
            });
        }
        Body::Observation(o) => o.note.iter().chain(&o.performer).for_each(|t| {
            text.push(' ');
            text.push_str(t);
        }),
        _ => {}
    }
    text
}

/// One page of the timeline.
///
/// # Errors
/// [`ServiceError::Invalid`] for a date or cursor that cannot be read.
pub fn timeline(v: &Vault, q: &TimelineQuery, lang: Lang) -> Result<TimelineView> {
    let (hits, kinds) = matching(v, q, lang)?;
    let limit = q.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
    let start = start_of(v, &hits, q.cursor.as_deref(), lang)?;
    let page = hits.get(start..).unwrap_or_default();
    let next = page.get(limit).map(|o| o.id.to_string());
    Ok(TimelineView {
        items: page.iter().take(limit).map(|o| item(o, lang)).collect(),
        next,
        total: u32::try_from(hits.len()).unwrap_or(u32::MAX),
        kinds,
    })
}

/// Records that match, newest first, and how many of each kind do.
pub type Matches<'a> = (Vec<&'a Open>, Vec<(Kind, u32)>);

/// All records that a query matches, newest first, and their number by kind (of all kinds, so
/// that a filter shows what the others would give).
///
/// # Errors
/// [`ServiceError::Invalid`] for a date that cannot be read.
pub fn matching<'a>(v: &'a Vault, q: &TimelineQuery, lang: Lang) -> Result<Matches<'a>> {
    let f = Filter::new(q, lang)?;
    let mut kinds: Vec<(Kind, u32)> = Vec::new();
    let mut hits = Vec::new();
    for open in v.records.iter().filter(|o| f.in_time(o.record.effective) && f.has_words(o, lang)) {
        let kind = open.record.body.kind();
        match kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, n)) => *n += 1,
            None => kinds.push((kind, 1)),
        }
        if f.kinds.is_empty() || f.kinds.contains(&kind) {
            hits.push(open);
        }
    }
    kinds.sort();
    Ok((hits, kinds))
}

/// Where a page begins: at the record that the cursor names, or, when it has gone meanwhile, an
/// error that asks to start again.
///
/// # Errors
/// [`ServiceError::Invalid`] for a cursor that names nothing in the list.
pub fn start_of(v: &Vault, hits: &[&Open], cursor: Option<&str>, lang: Lang) -> Result<usize> {
    let Some(c) = cursor.filter(|c| !c.is_empty()) else { return Ok(0) };
    let stale = || {
        let why = lang.pick(
            "The list has changed. Please start from the top.",
            "Die Liste hat sich geändert. Bitte von oben beginnen.",
        );
        ServiceError::invalid("cursor", why)
    };
    let id = c.parse().map_err(|_| stale())?;
    v.get(id).ok_or_else(stale)?;
    hits.iter().position(|o| o.id == id).ok_or_else(stale)
}

/// One line.
#[must_use]
pub fn item(open: &Open, lang: Lang) -> TimelineItem {
    let body = &open.record.body;
    let (detail, standing, marker) = match body {
        Body::Observation(_) => observation(open),
        _ => (detail(body), Standing::Unknown, None),
    };
    TimelineItem {
        id: open.id,
        kind: body.kind(),
        date: open.record.effective.map_or(String::new(), |w| w.to_string()),
        title: title(body, lang),
        detail,
        standing,
        marker,
        sources: u32::try_from(open.documents.len()).unwrap_or(u32::MAX),
    }
}

/// A record's name as printed; a note without a title takes its first words.
#[must_use]
pub fn title(body: &Body, lang: Lang) -> String {
    let printed = match body {
        Body::Note(n) => n.title.clone().filter(|t| !t.is_empty()).unwrap_or_else(|| first_words(&n.text)),
        Body::Observation(o) => match o.code.codings.iter().find(|c| c.system == "urn:apple:healthkit") {
            Some(c) => names::metric_name(&c.code),
            None => o.code.name().to_owned(),
        },
        other => other.code().map_or(String::new(), |c| c.name().to_owned()),
    };
    if printed.is_empty() { lang.pick("(no name given)", "(ohne Namen)").to_owned() } else { printed }
}

fn first_words(text: &str) -> String {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("").trim();
    if line.chars().count() <= 60 {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(59).collect::<String>())
    }
}

fn observation(open: &Open) -> (String, Standing, Option<String>) {
    let Body::Observation(o) = &open.record.body else { return Default::default() };
    let list = std::slice::from_ref(open);
    let whole = part(list, ValueRef::Record(0)).map(|(_, p)| p);
    let parts: Vec<Part<'_>> = (0..o.components.len())
        .filter_map(|i| part(list, ValueRef::Component(0, u16::try_from(i).ok()?)).map(|(_, p)| p))
        .collect();
    let key = |p: &Part<'_>| marker_key(p.code, p.unit(), o.specimen.as_deref()).map(|(k, _)| k);
    if let Some(p) = &whole {
        let marker = if matches!(p.value, Value::Absent(_)) { None } else { key(p) };
        return (shown::line(&shown::value(p.value)), shown::standing(p), marker);
    }
    let values: Vec<_> = parts.iter().map(|p| shown::value(p.value)).collect();
    let same_unit = values.windows(2).all(|w| w[0].unit == w[1].unit) && values.iter().all(|s| s.numeric);
    let detail = if same_unit && values.len() == 2 {
        let unit = values.first().map_or("", |s| s.unit.as_str());
        format!(
            "{}{}/{}{} {unit}",
            values[0].comparator, values[0].text, values[1].comparator, values[1].text
        )
    } else {
        let named = parts.iter().zip(&values).map(|(p, s)| format!("{} {}", p.code.name(), shown::line(s)));
        named.collect::<Vec<_>>().join(" · ")
    };
    let worst = parts.iter().map(shown::standing).max_by_key(|s| match s {
        Standing::Unknown => 0,
        Standing::Within => 1,
        Standing::Abnormal => 2,
        Standing::Low | Standing::High => 3,
    });
    (detail, worst.unwrap_or_default(), parts.first().and_then(key))
}

fn detail(body: &Body) -> String {
    let parts: Vec<&str> = match body {
        Body::Observation(_) => vec![],
        Body::Condition(c) => {
            [&c.clinical_status, &c.note].into_iter().flatten().map(String::as_str).collect()
        }
        Body::Medication(m) => [&m.dosage, &m.status].into_iter().flatten().map(String::as_str).collect(),
        Body::Allergy(a) => a.reactions.iter().chain(&a.criticality).map(String::as_str).collect(),
        Body::Immunization(i) => [&i.dose, &i.status].into_iter().flatten().map(String::as_str).collect(),
        Body::Procedure(p) => [&p.reason, &p.status].into_iter().flatten().map(String::as_str).collect(),
        Body::Encounter(e) => {
            [&e.place, &e.reason, &e.class].into_iter().flatten().map(String::as_str).collect()
        }
        Body::DiagnosticReport(d) => {
            let first = d.conclusion.as_deref().or(d.results.first().map(String::as_str));
            first.into_iter().chain(d.performer.as_deref()).collect()
        }
        Body::Note(n) => vec![n.text.lines().next().unwrap_or("")],
    };
    parts
        .into_iter()
        .filter(|s| !s.is_empty())
        .map(|s| s.chars().take(160).collect::<String>())
        .collect::<Vec<_>>()
        .join(" · ")
}
