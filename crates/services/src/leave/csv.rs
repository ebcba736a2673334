//! Tables for spreadsheets: RFC 4180, UTF-8, a header row each.

use super::gather::{Held, Person};
use crate::{
    picture::{record::canonical, shown},
    vault::{Part, ValueRef, part},
};
use keepwell_domain::{
    measure::{Comparator, Number, Value},
    record::{Body, Concept, Kind, LOINC},
    series::Column,
    time::{SECOND, Ts, When},
};
use std::io::{self, Write};

/// A cell: text that is made harmless, or a number that must stay one.
enum Cell {
    Text(String),
    Number(String),
}

fn t(s: &str) -> Cell {
    Cell::Text(s.to_owned())
}
fn o(s: Option<&str>) -> Cell {
    t(s.unwrap_or(""))
}
fn w(w: Option<When>) -> Cell {
    Cell::Text(w.map(|w| w.to_string()).unwrap_or_default())
}

/// A spreadsheet would run a text that begins like a formula; an apostrophe keeps it a text
/// (<https://owasp.org/www-community/attacks/CSV_Injection>). Numbers such as `-1.5` are none.
fn harmless(s: &str) -> String {
    let risky = s.starts_with(['=', '+', '-', '@', '\t', '\r']) && Number::parse(s).is_err();
    if risky { format!("'{s}") } else { s.to_owned() }
}

fn row(out: &mut impl Write, cells: &[Cell]) -> io::Result<()> {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        let text = match cell {
            Cell::Text(s) => harmless(s),
            Cell::Number(n) => n.clone(),
        };
        if text.contains(['"', ',', '\n', '\r']) {
            write!(out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

fn header(out: &mut impl Write, names: &[&str]) -> io::Result<()> {
    writeln_crlf(out, &names.join(","))
}

fn writeln_crlf(out: &mut impl Write, line: &str) -> io::Result<()> {
    out.write_all(line.as_bytes())?;
    out.write_all(b"\r\n")
}

/// The name of a kind's table.
pub const fn file(kind: Kind) -> &'static str {
    match kind {
        Kind::Observation => "csv/observations.csv",
        Kind::Condition => "csv/conditions.csv",
        Kind::Medication => "csv/medications.csv",
        Kind::Allergy => "csv/allergies.csv",
        Kind::Immunization => "csv/immunizations.csv",
        Kind::Procedure => "csv/procedures.csv",
        Kind::Encounter => "csv/encounters.csv",
        Kind::DiagnosticReport => "csv/diagnostic_reports.csv",
        Kind::Note => "csv/notes.csv",
    }
}

/// The columns between date, name and code in front and source and id at the end.
const fn columns(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Observation => &[
            "part_of",
            "category",
            "comparator",
            "value",
            "unit",
            "canonical_value",
            "canonical_unit",
            "range_low",
            "range_high",
            "range_unit",
            "range_text",
            "flag",
            "specimen",
            "method",
            "performer",
            "status",
            "end",
            "note",
        ],
        Kind::Condition => &["clinical_status", "verification", "onset", "end", "note"],
        Kind::Medication => &["status", "source_kind", "start", "end", "dosage", "route", "reason", "note"],
        Kind::Allergy => &["clinical_status", "criticality", "category", "reactions", "note"],
        Kind::Immunization => &["status", "dose", "lot", "site", "note"],
        Kind::Procedure => &["status", "end", "reason", "note"],
        Kind::Encounter => &["class", "status", "end", "reason", "place"],
        Kind::DiagnosticReport => &["status", "results", "conclusion", "performer"],
        Kind::Note => &["text"],
    }
}

/// Writes all records of one kind, oldest first.
///
/// # Errors
/// Those of the writer.
pub fn write(person: &Person, kind: Kind, out: &mut impl Write) -> io::Result<()> {
    let names: Vec<&str> = ["date", "name", "code_system", "code"]
        .iter()
        .chain(columns(kind))
        .chain(&["source_documents", "typed_in", "record_id"])
        .copied()
        .collect();
    header(out, &names)?;
    for held in person.records.iter().filter(|h| h.open.record.body.kind() == kind) {
        if kind == Kind::Observation { observation(person, held, out)? } else { other(person, held, out)? }
    }
    Ok(())
}

fn front(held: &Held, code: Option<&Concept>, name: &str) -> Vec<Cell> {
    let coding = code.and_then(|c| c.codings.iter().find(|x| x.system == LOINC).or(c.codings.first()));
    vec![
        w(held.open.record.effective),
        t(name),
        o(coding.map(|c| c.system.as_str())),
        o(coding.map(|c| c.code.as_str())),
    ]
}

fn back(person: &Person, held: &Held) -> [Cell; 3] {
    let names: Vec<&str> = held.open.documents.iter().map(|d| person.document_name(*d)).collect();
    [t(&names.join("; ")), t(if held.by_hand { "yes" } else { "no" }), t(&held.open.id.to_string())]
}

fn observation(person: &Person, held: &Held, out: &mut impl Write) -> io::Result<()> {
    let Body::Observation(obs) = &held.open.record.body else { return Ok(()) };
    let list = std::slice::from_ref(&held.open);
    let whole = obs.value.is_some() || obs.components.is_empty();
    let parts = (0..obs.components.len()).filter_map(|i| u16::try_from(i).ok());
    let places = whole.then_some(ValueRef::Record(0)).into_iter();
    for at in places.chain(parts.map(|i| ValueRef::Component(0, i))) {
        let found = part(list, at).map(|(_, p)| p);
        let of = if matches!(at, ValueRef::Record(_)) { "" } else { obs.code.name() };
        let code = found.as_ref().map_or(&obs.code, |p| p.code);
        let mut cells = front(held, Some(code), code.name());
        cells.extend([t(of), t(category(obs.category))]);
        cells.extend(value(found.as_ref()));
        let flag = found.as_ref().and_then(|p| p.flag);
        cells.extend([
            o(flag),
            o(obs.specimen.as_deref()),
            o(obs.method.as_deref()),
            o(obs.performer.as_deref()),
            o(obs.status.as_deref()),
            w(obs.end),
            o(obs.note.as_deref()),
        ]);
        cells.extend(back(person, held));
        row(out, &cells)?;
    }
    Ok(())
}

const fn category(c: keepwell_domain::record::Category) -> &'static str {
    use keepwell_domain::record::Category as C;
    match c {
        C::Laboratory => "laboratory",
        C::VitalSigns => "vital-signs",
        C::Survey => "survey",
        C::SocialHistory => "social-history",
        C::Activity => "activity",
        C::Imaging => "imaging",
        C::Other => "",
    }
}

/// Comparator, value, unit, canonical value and unit, range low, high, unit and text.
fn value(p: Option<&Part<'_>>) -> Vec<Cell> {
    let Some(p) = p else { return (0..9).map(|_| t("")).collect() };
    let mut cells = match p.value {
        Value::Quantity(q) => vec![
            // A comparator alone is no formula in any spreadsheet; `=` is not among them.
            o(q.comparator.map(Comparator::as_str)),
            Cell::Number(q.number.as_str().to_owned()),
            o(q.unit.as_deref().or(q.ucum.as_deref())),
        ],
        other => vec![t(""), t(&shown::line(&shown::value(other))), t("")],
    };
    let (number, unit) = canonical(p).unwrap_or_default();
    cells.extend([Cell::Number(number), t(&unit)]);
    let limit = |n: Option<&Number>| Cell::Number(n.map_or(String::new(), |n| n.as_str().to_owned()));
    let range = p.range;
    cells.extend([
        limit(range.and_then(|r| r.low.as_ref())),
        limit(range.and_then(|r| r.high.as_ref())),
        o(range.and_then(|r| r.unit.as_deref())),
        o(range.and_then(|r| r.text.as_deref())),
    ]);
    cells
}

fn other(person: &Person, held: &Held, out: &mut impl Write) -> io::Result<()> {
    let body = &held.open.record.body;
    let name = match body {
        Body::Note(n) => n.title.as_deref().unwrap_or(""),
        b => b.code().map_or("", Concept::name),
    };
    let mut cells = front(held, body.code(), name);
    let d = |s: &Option<String>| o(s.as_deref());
    cells.extend(match body {
        Body::Observation(_) => Vec::new(),
        Body::Condition(c) => {
            vec![d(&c.clinical_status), d(&c.verification), w(c.onset), w(c.abatement), d(&c.note)]
        }
        Body::Medication(m) => vec![
            d(&m.status),
            d(&m.source),
            w(m.start),
            w(m.end),
            d(&m.dosage),
            d(&m.route),
            d(&m.reason),
            d(&m.note),
        ],
        Body::Allergy(a) => {
            vec![
                d(&a.clinical_status),
                d(&a.criticality),
                d(&a.category),
                t(&a.reactions.join("; ")),
                d(&a.note),
            ]
        }
        Body::Immunization(i) => vec![d(&i.status), d(&i.dose), d(&i.lot), d(&i.site), d(&i.note)],
        Body::Procedure(p) => vec![d(&p.status), w(p.end), d(&p.reason), d(&p.note)],
        Body::Encounter(e) => vec![d(&e.class), d(&e.status), w(e.end), d(&e.reason), d(&e.place)],
        Body::DiagnosticReport(r) => {
            vec![d(&r.status), t(&r.results.join("; ")), d(&r.conclusion), d(&r.performer)]
        }
        Body::Note(n) => vec![t(&n.text)],
    });
    cells.extend(back(person, held));
    row(out, &cells)
}

/// The header of a metric's table.
///
/// # Errors
/// Those of the writer.
pub fn series_header(out: &mut impl Write) -> io::Result<()> {
    header(out, &["start", "end", "value", "unit", "device"])
}

/// Writes the samples of one column; times are in UTC.
///
/// # Errors
/// Those of the writer.
pub fn samples(column: &Column, out: &mut impl Write) -> io::Result<()> {
    for s in &column.samples {
        let label = column.labels.get(s.value as usize).filter(|_| s.value >= 0.0);
        let value = match label {
            Some(l) => t(l),
            None => Cell::Number(format!("{}", s.value)),
        };
        let time = |seconds: i64| Cell::Number(Ts(seconds.saturating_mul(SECOND)).rfc3339());
        let device = column.sources.get(usize::from(s.source)).map_or("", String::as_str);
        row(out, &[time(s.start), time(s.end), value, t(&column.unit), t(device)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        for bad in ["=1+1", "+49 30 1234", "-x", "@SUM(A1)", "\tx", "\r=1", "-1.5-2"] {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["-1.5", "+3", "-.5e3", "<5", "5 mg", "a=b", ""] {
            assert_eq!(harmless(good), good);
        }
        let mut out = Vec::new();
        row(&mut out, &[t("=cmd|' /C calc'!A0"), Cell::Number("-1.50".into()), t("a \"b\", c"), t("x\ny")])
            .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "'=cmd|' /C calc'!A0,-1.50,\"a \"\"b\"\", c\",\"x\ny\"\r\n"
        );
    }
}
