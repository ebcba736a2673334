//! One record in full, and its form.

use super::{shown, timeline};
use crate::{
    Lang,
    vault::{Open, Part, ValueRef, analyte_of, part},
};
use keepwell_domain::{
    analyte,
    measure::{Number, Value},
    record::{Body, Concept, Record},
    time::{Ts, When},
    view::{Field, RecordForm, RecordView, SourceView, Standing},
};

/// One record. `sources` and `history` come from their own rows.
#[must_use]
pub fn record(open: &Open, sources: Vec<SourceView>, history: Vec<(Ts, String)>, lang: Lang) -> RecordView {
    let body = &open.record.body;
    let list = std::slice::from_ref(open);
    let whole = part(list, ValueRef::Record(0)).map(|(_, p)| p);
    let item = timeline::item(open, lang);
    RecordView {
        id: open.id,
        kind: body.kind(),
        title: item.title,
        date: item.date,
        value: whole.as_ref().map(|p| shown::value(p.value)),
        canonical: whole.as_ref().and_then(canonical),
        range: whole.as_ref().and_then(|p| shown::range(p.range, p.unit())),
        standing: whole.as_ref().map_or(Standing::Unknown, shown::standing),
        marker: item.marker,
        parts: parts(open),
        fields: fields(body),
        codes: body.code().map(codes).unwrap_or_default(),
        sources,
        history,
        version: open.version,
        form: form(open),
    }
}

/// The canonical value of a part: number and unit, where the conversion is certain.
#[must_use]
pub fn canonical(p: &Part<'_>) -> Option<(String, String)> {
    let Value::Quantity(q) = p.value else { return None };
    let (a, loinc) = analyte_of(p.code, p.unit(), p.of.specimen.as_deref())?;
    let c = analyte::canonical(a, loinc.as_deref(), q)?;
    Some((significant(c.number, q.number.as_str()), c.unit.to_owned()))
}

/// A computed number with no more significant digits than the printed one, and at least three.
fn significant(v: f64, printed: &str) -> String {
    let digits = printed.split(['e', 'E']).next().unwrap_or("").bytes().filter(u8::is_ascii_digit).count();
    let digits = digits.clamp(3, 12);
    if v == 0.0 || !v.is_finite() {
        return format!("{v}");
    }
    let magnitude = v.abs().log10().floor() as i64;
    let decimals = (digits as i64 - 1 - magnitude).clamp(0, 12) as usize;
    let text = format!("{v:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn parts(open: &Open) -> Vec<(String, String)> {
    let Body::Observation(o) = &open.record.body else { return Vec::new() };
    o.components
        .iter()
        .filter_map(|c| Some((c.code.name().to_owned(), shown::line(&shown::value(c.value.as_ref()?)))))
        .collect()
}

fn codes(c: &Concept) -> Vec<(String, String, String)> {
    c.codings
        .iter()
        .map(|c| (c.system.clone(), c.code.clone(), c.display.clone().unwrap_or_default()))
        .collect()
}

fn fields(body: &Body) -> Vec<Field> {
    let date = |w: &Option<When>| w.map(|w| w.to_string());
    let list: Vec<(&str, Option<String>)> = match body {
        Body::Observation(o) => vec![
            ("flag", o.flag.clone()),
            ("status", o.status.clone()),
            ("specimen", o.specimen.clone()),
            ("method", o.method.clone()),
            ("performer", o.performer.clone()),
            ("end", date(&o.end)),
            ("note", o.note.clone()),
        ],
        Body::Condition(c) => vec![
            ("status", c.clinical_status.clone()),
            ("verification", c.verification.clone()),
            ("onset", date(&c.onset)),
            ("end", date(&c.abatement)),
            ("note", c.note.clone()),
        ],
        Body::Medication(m) => vec![
            ("dosage", m.dosage.clone()),
            ("route", m.route.clone()),
            ("status", m.status.clone()),
            ("origin", m.source.clone()),
            ("start", date(&m.start)),
            ("end", date(&m.end)),
            ("reason", m.reason.clone()),
            ("note", m.note.clone()),
        ],
        Body::Allergy(a) => vec![
            ("reaction", (!a.reactions.is_empty()).then(|| a.reactions.join(", "))),
            ("status", a.clinical_status.clone()),
            ("criticality", a.criticality.clone()),
            ("category", a.category.clone()),
            ("note", a.note.clone()),
        ],
        Body::Immunization(i) => vec![
            ("dose", i.dose.clone()),
            ("status", i.status.clone()),
            ("lot", i.lot.clone()),
            ("site", i.site.clone()),
            ("note", i.note.clone()),
        ],
        Body::Procedure(p) => vec![
            ("status", p.status.clone()),
            ("end", date(&p.end)),
            ("reason", p.reason.clone()),
            ("note", p.note.clone()),
        ],
        Body::Encounter(e) => vec![
            ("class", e.class.clone()),
            ("status", e.status.clone()),
            ("end", date(&e.end)),
            ("reason", e.reason.clone()),
            ("place", e.place.clone()),
        ],
        Body::DiagnosticReport(d) => vec![
            ("status", d.status.clone()),
            ("results", (!d.results.is_empty()).then(|| d.results.join(", "))),
            ("conclusion", d.conclusion.clone()),
            ("performer", d.performer.clone()),
        ],
        Body::Note(n) => vec![("text", Some(n.text.clone()))],
    };
    list.into_iter()
        .filter_map(|(label, text)| {
            Some(Field { label: label.to_owned(), text: text.filter(|t| !t.is_empty())? })
        })
        .collect()
}

/// The form's contents for a record, so that an edit starts from what is there.
#[must_use]
pub fn form(open: &Open) -> RecordForm {
    form_of(&open.record)
}

/// The same, of a record that is not kept yet.
#[must_use]
pub fn form_of(record: &Record) -> RecordForm {
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let end = |w: &Option<When>| w.map_or(String::new(), |w| w.date().to_string());
    let body = &record.body;
    let (date, time) = record.effective.map_or((String::new(), String::new()), |w| {
        let day = match w {
            When::Year(_) | When::Month(..) => w.to_string(),
            _ => w.date().to_string(),
        };
        let minutes = |c: i64| format!("{:02}:{:02}", c / 3_600_000_000, c / 60_000_000 % 60);
        (day, w.clock().map_or(String::new(), minutes))
    });
    let mut f = RecordForm {
        kind: body.kind().as_str().to_owned(),
        name: body.code().map_or(String::new(), |c| c.name().to_owned()),
        date,
        time,
        ..RecordForm::default()
    };
    match body {
        Body::Observation(o) => {
            if let Some(v) = &o.value {
                let s = shown::value(v);
                f.value = format!("{}{}", s.comparator, s.text);
                f.unit = s.unit;
            }
            let limit = |n: Option<&Number>| n.map_or(String::new(), |n| n.as_str().to_owned());
            f.low = limit(o.range.as_ref().and_then(|r| r.low.as_ref()));
            f.high = limit(o.range.as_ref().and_then(|r| r.high.as_ref()));
            f.note = text(&o.note);
        }
        Body::Condition(c) => {
            (f.status, f.end, f.note) = (text(&c.clinical_status), end(&c.abatement), text(&c.note));
        }
        Body::Medication(m) => {
            (f.status, f.detail, f.end, f.note) =
                (text(&m.status), text(&m.dosage), end(&m.end), text(&m.note));
        }
        Body::Allergy(a) => {
            (f.status, f.detail, f.note) = (text(&a.clinical_status), a.reactions.join(", "), text(&a.note));
        }
        Body::Immunization(i) => {
            (f.status, f.detail, f.note) = (text(&i.status), text(&i.dose), text(&i.note))
        }
        Body::Procedure(p) => (f.status, f.end, f.note) = (text(&p.status), end(&p.end), text(&p.note)),
        Body::Encounter(e) => (f.status, f.detail, f.end) = (text(&e.status), text(&e.place), end(&e.end)),
        Body::DiagnosticReport(d) => (f.status, f.note) = (text(&d.status), text(&d.conclusion)),
        Body::Note(n) => (f.name, f.note) = (text(&n.title), n.text.clone()),
    }
    f
}

#[cfg(test)]
mod tests {
    use super::significant;

    #[test]
    fn computed_numbers_claim_no_digits_that_were_not_printed() {
        assert_eq!(significant(5.550_930_2, "100"), "5.55");
        assert_eq!(significant(99.906_4, "5.546"), "99.91");
        assert_eq!(significant(250_000.0, "250"), "250000");
        assert_eq!(significant(0.0, "0"), "0");
    }
}
