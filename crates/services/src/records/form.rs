//! From what a person typed to a record. What cannot be read is refused with its field and a
//! plain reason; nothing is guessed.

use crate::{
    Lang,
    error::{Result, ServiceError},
    picture::record::form_of,
};
use keepwell_domain::{
    analyte,
    measure::{Comparator, Number, Quantity, RefRange, Value},
    record::{
        Allergy, Body, Category, Coding, Concept, Condition, Immunization, Kind, LOINC, Medication, Note,
        Observation, Procedure, Record,
    },
    time::{SECOND, When},
    view::RecordForm,
};

const MAX_TEXT: usize = 20_000;
const MAX_LINE: usize = 300;

/// Reads a form. `before` is the record that an edit starts from: what the form does not show is
/// kept from it.
///
/// # Errors
/// [`ServiceError::Invalid`] with the field and a sentence.
pub fn read(f: &RecordForm, before: Option<&Record>, lang: Lang) -> Result<Record> {
    let kind = Kind::parse(&f.kind).ok_or_else(|| {
        ServiceError::invalid("kind", lang.pick("Please choose what it is.", "Bitte wählen, was es ist."))
    })?;
    if before.is_some_and(|b| b.body.kind() != kind) {
        let why = lang.pick(
            "A record cannot become one of another kind.",
            "Ein Eintrag kann nicht zu einem anderer Art werden.",
        );
        return Err(ServiceError::invalid("kind", why));
    }
    check_lengths(f, lang)?;
    let effective = when(f, before, lang)?;
    let body = before.map(|b| b.body.clone());
    let body = match kind {
        Kind::Observation => Body::Observation(observation(f, body, lang)?),
        Kind::Condition => Body::Condition(condition(f, body, effective, lang)?),
        Kind::Medication => Body::Medication(medication(f, body, effective, lang)?),
        Kind::Allergy => Body::Allergy(allergy(f, body, lang)?),
        Kind::Immunization => Body::Immunization(immunization(f, body, lang)?),
        Kind::Procedure => Body::Procedure(procedure(f, body, lang)?),
        Kind::Note => Body::Note(note(f, lang)?),
        Kind::Encounter => Body::Encounter(encounter(f, body, lang)?),
        Kind::DiagnosticReport => Body::DiagnosticReport(report(f, body, lang)?),
    };
    Ok(Record { effective, body })
}

fn check_lengths(f: &RecordForm, lang: Lang) -> Result<()> {
    let lines = [
        ("name", &f.name),
        ("value", &f.value),
        ("unit", &f.unit),
        ("low", &f.low),
        ("high", &f.high),
        ("date", &f.date),
        ("time", &f.time),
        ("end", &f.end),
        ("status", &f.status),
        ("detail", &f.detail),
    ];
    let long = |max: usize| move |(_, t): &(&'static str, &String)| t.len() > max;
    let too_long =
        lines.into_iter().find(long(MAX_LINE)).or_else(|| Some(("note", &f.note)).filter(long(MAX_TEXT)));
    match too_long {
        Some((field, _)) => {
            Err(ServiceError::invalid(field, lang.pick("This is too long.", "Das ist zu lang.")))
        }
        None => Ok(()),
    }
}

fn opt(s: &str) -> Option<String> {
    Some(s.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}

fn name(f: &RecordForm, lang: Lang) -> Result<String> {
    opt(&f.name).ok_or_else(|| {
        ServiceError::invalid("name", lang.pick("Please give a name.", "Bitte einen Namen angeben."))
    })
}

/// The concept: the one before when its name is unchanged, else a new one of the typed name.
fn concept(f: &RecordForm, before: Option<&Concept>, lang: Lang) -> Result<Concept> {
    let typed = name(f, lang)?;
    Ok(before.filter(|b| b.name() == typed).cloned().unwrap_or_else(|| Concept::text(typed)))
}

fn date_reason(lang: Lang) -> &'static str {
    lang.pick(
        "Please give the date as year-month-day; year-month or a year alone will do.",
        "Bitte das Datum als Jahr-Monat-Tag angeben; Jahr-Monat oder nur das Jahr genügt.",
    )
}

/// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`.
fn date(text: &str, field: &'static str, lang: Lang) -> Result<Option<When>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = When::parse(text).ok().filter(|_| text.len() <= 10);
    parsed.map(Some).ok_or_else(|| ServiceError::invalid(field, date_reason(lang)))
}

fn when(f: &RecordForm, before: Option<&Record>, lang: Lang) -> Result<Option<When>> {
    let day = date(&f.date, "date", lang)?;
    let needs = matches!(Kind::parse(&f.kind), Some(Kind::Observation | Kind::Procedure));
    let Some(day) = day else {
        return if needs { Err(ServiceError::invalid("date", date_reason(lang))) } else { Ok(None) };
    };
    let time = f.time.trim();
    // An edit that leaves date and time alone keeps the offset that was stated.
    if let Some(w) = before.and_then(|b| b.effective) {
        let same_day = w.date() == day.date()
            && matches!(day, When::Day(_)) == matches!(w, When::Day(_) | When::Local(..) | When::Instant(..));
        let shown = w
            .clock()
            .map_or(String::new(), |c| format!("{:02}:{:02}", c / (3600 * SECOND), c / (60 * SECOND) % 60));
        if same_day && shown == time {
            return Ok(Some(w));
        }
    }
    if time.is_empty() {
        return Ok(Some(day));
    }
    let bad = || {
        ServiceError::invalid(
            "time",
            lang.pick(
                "Please give the time as hours:minutes.",
                "Bitte die Zeit als Stunden:Minuten angeben.",
            ),
        )
    };
    let When::Day(d) = day else { return Err(bad()) };
    let (h, m) = time.split_once(':').ok_or_else(bad)?;
    let (h, m): (i64, i64) = (h.parse().map_err(|_| bad())?, m.parse().map_err(|_| bad())?);
    if !(0..24).contains(&h) || !(0..60).contains(&m) {
        return Err(bad());
    }
    Ok(Some(When::Local(d, (h * 60 + m) * 60 * SECOND)))
}

/// Reads a typed number: `5.4`, `5,4`, `1 234`, never a comma that could be either.
///
/// # Errors
/// The reason, when the text is no number or an ambiguous one such as `1,234`.
pub fn number(text: &str, lang: Lang) -> std::result::Result<Number, &'static str> {
    let not = lang.pick("This is not a number.", "Das ist keine Zahl.");
    let t: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let commas = t.matches(',').count();
    let t = match (commas, t.contains('.')) {
        (0, _) => t,
        (1, false) => {
            let (int, frac) = t.split_once(',').unwrap_or((&t, ""));
            let looks_grouped =
                frac.len() == 3 && !int.trim_start_matches(['+', '-', '0']).is_empty() && int.len() <= 3;
            if looks_grouped && lang == Lang::En {
                return Err("Is the comma a decimal comma? Please write a point, or leave it out.");
            }
            t.replace(',', ".")
        }
        _ => return Err(not),
    };
    Number::parse(&t).map_err(|_| not)
}

fn quantity(f: &RecordForm, lang: Lang) -> Result<Value> {
    let text = f.value.trim();
    if text.is_empty() {
        return Err(ServiceError::invalid(
            "value",
            lang.pick("Please give a value.", "Bitte einen Wert angeben."),
        ));
    }
    let sign: String = text.chars().take_while(|c| matches!(c, '<' | '>' | '=' | '≤' | '≥')).collect();
    let rest = text[sign.len()..].trim();
    let comparator = Comparator::parse(&sign);
    if !sign.is_empty() && comparator.is_none() {
        return Err(ServiceError::invalid(
            "value",
            lang.pick("This sign is not understood.", "Dieses Zeichen ist unverständlich."),
        ));
    }
    let has_digit = rest.bytes().any(|c| c.is_ascii_digit());
    if !has_digit && sign.is_empty() {
        return Ok(Value::Text(text.to_owned()));
    }
    let number = number(rest, lang).map_err(|reason| ServiceError::invalid("value", reason))?;
    Ok(Value::Quantity(Quantity { number, comparator, unit: opt(&f.unit), ucum: None }))
}

fn limit(text: &str, field: &'static str, lang: Lang) -> Result<Option<Number>> {
    match text.trim() {
        "" => Ok(None),
        t => number(t, lang).map(Some).map_err(|reason| ServiceError::invalid(field, reason)),
    }
}

fn observation(f: &RecordForm, before: Option<Body>, lang: Lang) -> Result<Observation> {
    let before = match before {
        Some(Body::Observation(o)) => Some(o),
        _ => None,
    };
    let mut o = before.clone().unwrap_or_else(|| Observation::new(Concept::default(), Category::Other));
    o.code = concept(f, before.as_ref().map(|b| &b.code), lang)?;
    if let Some(a) = analyte::find_by_loinc(f.key.trim()).filter(|_| before.is_none()) {
        let coding = Coding { system: LOINC.to_owned(), code: a.loinc.to_owned(), display: None };
        o.code.codings = vec![coding];
    }
    // A panel such as blood pressure is edited part by part at its source; here only its note is.
    if !(o.components.is_empty() || f.value.trim().is_empty()) || o.components.is_empty() {
        let typed = quantity(f, lang)?;
        if !same_value(o.value.as_ref(), &typed) {
            o.value = Some(typed);
            o.flag = None;
        }
    }
    let (low, high) = (limit(&f.low, "low", lang)?, limit(&f.high, "high", lang)?);
    if let (Some(l), Some(h)) = (&low, &high)
        && l.value() > h.value()
    {
        return Err(ServiceError::invalid(
            "high",
            lang.pick("The upper limit is below the lower.", "Die obere Grenze liegt unter der unteren."),
        ));
    }
    let kept = o.range.as_ref().is_some_and(|r| r.low == low && r.high == high);
    if !kept {
        o.range = (low.is_some() || high.is_some()).then(|| RefRange { low, high, ..RefRange::default() });
    }
    o.note = opt(&f.note);
    Ok(o)
}

/// Whether a typed value says the same as the one before, which then stays untouched with the
/// unit code that its file stated.
fn same_value(before: Option<&Value>, typed: &Value) -> bool {
    match (before, typed) {
        (Some(b @ Value::Quantity(_)), t @ Value::Quantity(_)) => {
            crate::picture::shown::value(b) == crate::picture::shown::value(t)
        }
        (Some(b), Value::Text(t)) => crate::picture::shown::line(&crate::picture::shown::value(b)) == *t,
        _ => false,
    }
}

macro_rules! start_from {
    ($before:expr, $variant:ident) => {
        match $before {
            Some(Body::$variant(x)) => x,
            _ => Default::default(),
        }
    };
}

fn condition(f: &RecordForm, before: Option<Body>, onset: Option<When>, lang: Lang) -> Result<Condition> {
    let b: Condition = start_from!(before, Condition);
    Ok(Condition {
        code: concept(f, Some(&b.code), lang)?,
        clinical_status: opt(&f.status),
        abatement: end(f, b.abatement, lang)?,
        note: opt(&f.note),
        onset,
        verification: b.verification,
    })
}

/// The typed end; the one before, with its time of day, when it names the same day.
fn end(f: &RecordForm, before: Option<When>, lang: Lang) -> Result<Option<When>> {
    let typed = date(&f.end, "end", lang)?;
    let start = date(&f.date, "date", lang)?;
    if let (Some(s), Some(e)) = (start, typed)
        && e.date() < s.date()
    {
        return Err(ServiceError::invalid(
            "end",
            lang.pick("The end is before the start.", "Das Ende liegt vor dem Beginn."),
        ));
    }
    Ok(match (typed, before) {
        (Some(t), Some(b)) if t.date() == b.date() => Some(b),
        (t, _) => t,
    })
}

fn medication(f: &RecordForm, before: Option<Body>, start: Option<When>, lang: Lang) -> Result<Medication> {
    let b: Medication = start_from!(before, Medication);
    Ok(Medication {
        code: concept(f, Some(&b.code), lang)?,
        status: opt(&f.status),
        start,
        end: end(f, b.end, lang)?,
        dosage: opt(&f.detail),
        note: opt(&f.note),
        ..b
    })
}

fn allergy(f: &RecordForm, before: Option<Body>, lang: Lang) -> Result<Allergy> {
    let b: Allergy = start_from!(before, Allergy);
    let reactions = f.detail.split(',').filter_map(opt).collect();
    Ok(Allergy {
        code: concept(f, Some(&b.code), lang)?,
        clinical_status: opt(&f.status),
        reactions,
        note: opt(&f.note),
        ..b
    })
}

fn immunization(f: &RecordForm, before: Option<Body>, lang: Lang) -> Result<Immunization> {
    let b: Immunization = start_from!(before, Immunization);
    Ok(Immunization {
        code: concept(f, Some(&b.code), lang)?,
        status: opt(&f.status),
        dose: opt(&f.detail),
        note: opt(&f.note),
        ..b
    })
}

fn procedure(f: &RecordForm, before: Option<Body>, lang: Lang) -> Result<Procedure> {
    let b: Procedure = start_from!(before, Procedure);
    Ok(Procedure {
        code: concept(f, Some(&b.code), lang)?,
        status: opt(&f.status),
        end: end(f, b.end, lang)?,
        note: opt(&f.note),
        ..b
    })
}

fn encounter(f: &RecordForm, before: Option<Body>, lang: Lang) -> Result<keepwell_domain::record::Encounter> {
    let b: keepwell_domain::record::Encounter = start_from!(before, Encounter);
    Ok(keepwell_domain::record::Encounter {
        code: concept(f, Some(&b.code), lang)?,
        status: opt(&f.status),
        place: opt(&f.detail),
        end: end(f, b.end, lang)?,
        ..b
    })
}

fn report(
    f: &RecordForm,
    before: Option<Body>,
    lang: Lang,
) -> Result<keepwell_domain::record::DiagnosticReport> {
    let b: keepwell_domain::record::DiagnosticReport = start_from!(before, DiagnosticReport);
    Ok(keepwell_domain::record::DiagnosticReport {
        code: concept(f, Some(&b.code), lang)?,
        status: opt(&f.status),
        conclusion: opt(&f.note),
        ..b
    })
}

fn note(f: &RecordForm, lang: Lang) -> Result<Note> {
    let text = opt(&f.note).ok_or_else(|| {
        ServiceError::invalid("note", lang.pick("The note is empty.", "Die Notiz ist leer."))
    })?;
    Ok(Note { title: opt(&f.name), text })
}

/// What changed between two versions, in words: the names of the fields.
#[must_use]
pub fn changes(before: &Record, after: &Record, lang: Lang) -> String {
    let (a, b) = (form_of(before), form_of(after));
    let pairs: [(&str, &str, &String, &String); 10] = [
        ("name", "Name", &a.name, &b.name),
        ("value", "Wert", &a.value, &b.value),
        ("unit", "Einheit", &a.unit, &b.unit),
        ("lower limit", "untere Grenze", &a.low, &b.low),
        ("upper limit", "obere Grenze", &a.high, &b.high),
        ("date", "Datum", &a.date, &b.date),
        ("end", "Ende", &a.end, &b.end),
        ("status", "Status", &a.status, &b.status),
        ("detail", "Angabe", &a.detail, &b.detail),
        ("note", "Notiz", &a.note, &b.note),
    ];
    let arrow = |en: &str, de: &str, x: &str, y: &str| {
        format!("{}: {} → {}", lang.pick(en, de), shorten(x), shorten(y))
    };
    let changed: Vec<String> =
        pairs.iter().filter(|(_, _, x, y)| x != y).map(|(en, de, x, y)| arrow(en, de, x, y)).collect();
    changed.join(" · ")
}

fn shorten(s: &str) -> String {
    match s.chars().count() {
        0 => "–".to_owned(),
        n if n > 40 => format!("{}…", s.chars().take(39).collect::<String>()),
        _ => s.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(value: &str) -> RecordForm {
        RecordForm {
            kind: "observation".into(),
            name: "Ferritin".into(),
            value: value.into(),
            unit: "ng/mL".into(),
            date: "2024-05-31".into(),
            ..RecordForm::default()
        }
    }
    fn field(e: ServiceError) -> &'static str {
        match e {
            ServiceError::Invalid { field, .. } => field,
            _ => "",
        }
    }

    #[test]
    fn a_comma_is_a_decimal_comma_only_when_it_cannot_be_anything_else() {
        assert_eq!(number("5,4", Lang::En).unwrap().as_str(), "5.4");
        assert_eq!(number("0,123", Lang::En).unwrap().as_str(), "0.123");
        assert!(number("1,234", Lang::En).is_err());
        assert_eq!(number("1,234", Lang::De).unwrap().as_str(), "1.234");
        assert!(number("1,234.5", Lang::En).is_err());
        assert!(number("12 mg", Lang::En).is_err());
    }

    #[test]
    fn comparators_and_texts_are_kept() {
        let value = |t: &str| match read(&form(t), None, Lang::En).unwrap().body {
            Body::Observation(o) => o.value.unwrap(),
            _ => panic!("not an observation"),
        };
        assert!(
            matches!(value("<0.1"), Value::Quantity(q) if q.comparator == Some(Comparator::Lt) && q.number.as_str() == "0.1")
        );
        assert_eq!(value("negative"), Value::Text("negative".into()));
    }

    #[test]
    fn each_bad_field_is_named() {
        assert_eq!(field(read(&form(""), None, Lang::En).unwrap_err()), "value");
        assert_eq!(field(read(&form("<<3"), None, Lang::En).unwrap_err()), "value");
        let bad_date = RecordForm { date: "31.05.2024".into(), ..form("5") };
        assert_eq!(field(read(&bad_date, None, Lang::En).unwrap_err()), "date");
        let crossed = RecordForm { low: "5".into(), high: "4".into(), ..form("5") };
        assert_eq!(field(read(&crossed, None, Lang::En).unwrap_err()), "high");
    }

    #[test]
    fn an_edit_that_changes_nothing_keeps_the_record_as_it_was() {
        let before = read(&form("5.40"), None, Lang::En).unwrap();
        let again = read(&form_of(&before), Some(&before), Lang::En).unwrap();
        assert_eq!(before, again);
    }
}
