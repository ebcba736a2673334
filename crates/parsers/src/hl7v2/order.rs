//! One OBR with the results under it.

use super::{
    syntax::{Delimiters, Segment, time},
    value::{self, Found, name, title, unit},
};
use crate::reason::Remark;
use crate::{
    clinical::{Out, number, text},
    error::ParseError,
};
use keepwell_domain::{
    locator::Locator,
    measure::Value,
    record::{Body, Category, Concept, DiagnosticReport, LOINC, Note, Observation},
    time::When,
};

/// A result under way; its comments and specimen follow it.
struct Line {
    body: Observation,
    place: Locator,
    time: Option<When>,
    bad_time: bool,
    /// OBX-4.
    sub: Option<String>,
    id: String,
    /// TX and FT: lines of a text.
    is_line: bool,
    text: Option<String>,
    left_out: Option<Remark>,
}

/// A record with its time, place and id.
type Ready = (Option<When>, Body, Locator, Option<String>);

/// An order and its results.
pub(crate) struct Order {
    code: Concept,
    status: Option<String>,
    place: Option<Locator>,
    observed: Option<When>,
    issued: Option<When>,
    number: Option<String>,
    set: Option<String>,
    section: Option<String>,
    specimen: Option<String>,
    collected: Option<When>,
    comments: Vec<String>,
    is_document: bool,
    title: Option<String>,
    lines: Vec<Line>,
}

impl Order {
    pub(crate) fn without_header(is_document: bool) -> Self {
        Self {
            code: Concept::default(),
            status: None,
            place: None,
            observed: None,
            issued: None,
            number: None,
            set: None,
            section: None,
            specimen: None,
            collected: None,
            comments: Vec::new(),
            is_document,
            title: None,
            lines: Vec::new(),
        }
    }

    pub(crate) fn begin(s: &Segment<'_>, d: Delimiters, place: Locator, is_document: bool) -> Self {
        let at = |n: usize| s.field(n, d).part(1).and_then(|t| time(&t));
        Self {
            code: title(s.field(4, d)),
            status: s.field(25, d).part(1),
            place: Some(place),
            observed: at(7),
            issued: at(22),
            number: s.field(3, d).part(1).or_else(|| s.field(2, d).part(1)),
            set: s.field(1, d).text(),
            section: s.field(24, d).text(),
            specimen: s
                .field(15, d)
                .component(1)
                .sub(2)
                .text()
                .or_else(|| s.field(15, d).component(1).sub(1).text()),
            ..Self::without_header(is_document)
        }
    }

    pub(crate) fn specimen(&mut self, s: &Segment<'_>, d: Delimiters) {
        self.specimen = name(s.field(4, d)).or_else(|| self.specimen.take());
        self.collected = self.collected.or_else(|| s.field(17, d).part(1).and_then(|t| time(&t)));
    }

    pub(crate) fn document(&mut self, s: &Segment<'_>, d: Delimiters) {
        self.title = self.title.take().or_else(|| s.field(2, d).part(2));
        self.observed = s.field(4, d).part(1).and_then(|t| time(&t)).or(self.observed);
    }

    pub(crate) fn comment(&mut self, s: &Segment<'_>, d: Delimiters) {
        let all: Vec<_> = s.field(3, d).repeats().take(value::MAX_REPEATS).filter_map(|r| r.text()).collect();
        if all.is_empty() {
            return;
        }
        let comment = all.join("\n");
        match self.lines.last_mut() {
            Some(line) => {
                let note = line.body.note.get_or_insert_default();
                if !note.is_empty() {
                    note.push('\n');
                }
                note.push_str(&comment);
            }
            None => self.comments.push(comment),
        }
    }

    pub(crate) fn result(&mut self, s: &Segment<'_>, d: Delimiters, place: Locator) {
        let kind = s.field(2, d).text().unwrap_or_default();
        let units = unit(s.field(6, d));
        let range = s.field(7, d).text().and_then(|t| number::range(&t, units.0.as_deref()));
        let code = title(s.field(3, d));
        let mut left_out = status_out(s.field(11, d).raw.trim());
        let (mut value, mut text) = (None, None);
        match value::read(&kind, s.field(5, d), &units, range.is_some()) {
            Found::Value(v) => value = Some(v),
            Found::Text(t) => text = Some(t),
            Found::Nothing => {}
            Found::Attached => left_out = Some(Remark::Attached),
            Found::Linked => left_out = Some(Remark::Elsewhere),
            Found::TooMany => left_out = Some(Remark::Repeats),
        }
        let stated = s.field(14, d).part(1);
        let observed = stated.as_deref().and_then(time);
        let id = [self.number.clone(), self.set.clone(), code.codings.first().map(|c| c.code.clone())];
        let flags = s.field(8, d).repeats().take(10).filter_map(|f| f.part(1)).collect::<Vec<_>>();
        let body = Observation {
            category: category(self.section.as_deref(), &code),
            code,
            value,
            range,
            flag: (!flags.is_empty()).then(|| flags.join(", ")),
            components: Vec::new(),
            end: None,
            specimen: None,
            method: name(s.field(17, d)),
            performer: s.field(23, d).part(1).or_else(|| name(s.field(15, d))),
            status: status(s.field(11, d).raw.trim()),
            note: None,
        };
        let sub = s.field(4, d).text();
        let set = s.field(1, d).text();
        let id = id.into_iter().chain([set, sub.clone()]).map(Option::unwrap_or_default).collect::<Vec<_>>();
        self.lines.push(Line {
            body,
            place,
            time: observed,
            bad_time: stated.is_some() && observed.is_none(),
            sub,
            id: id.join("#"),
            is_line: matches!(kind.as_str(), "TX" | "FT" | "ED") || (self.is_document && kind == "ST"),
            text,
            left_out,
        });
    }

    /// Hands over the report and its results.
    pub(crate) fn end(mut self, out: &mut Out<'_>) -> Result<(), ParseError> {
        let lines = std::mem::take(&mut self.lines);
        let mut names = Vec::new();
        let mut records: Vec<Ready> = Vec::new();
        let mut waiting = lines.into_iter().peekable();
        while let Some(line) = waiting.next() {
            if let Some(reason) = line.left_out {
                out.summary.skip("results", 1);
                out.warn(line.place, reason)?;
                continue;
            }
            let mut group = vec![line];
            while let Some(next) = waiting.next_if(|n| joins(&group[0], n)) {
                group.push(next);
            }
            if let Some(record) = self.one(group, out)? {
                names.extend(record.1.code().map(|c| c.name().to_owned()).filter(|n| !n.is_empty()));
                records.push(record);
            }
        }
        self.report(names, out)?;
        records
            .into_iter()
            .try_for_each(|(effective, body, place, id)| out.record(effective, body, place, id))
    }

    /// One result, or the lines of one text.
    fn one(&self, mut group: Vec<Line>, out: &mut Out<'_>) -> Result<Option<Ready>, ParseError> {
        let is_note = group[0].is_line && (group.len() > 1 || self.is_document);
        if is_note {
            in_order(&mut group);
        }
        let bad_time = group.iter().any(|l| l.bad_time);
        let stated = group.iter().find_map(|l| l.time);
        let texts: Vec<_> = group.iter_mut().filter_map(|l| l.text.take()).collect();
        let Some(line) = group.into_iter().next() else { return Ok(None) };
        let (place, mut body) = (line.place, line.body);
        if bad_time {
            out.warn(place.clone(), Remark::OrderTime)?;
        }
        let before = stated.or(self.observed).or(self.collected);
        if before.is_none() && self.issued.is_some() {
            out.warn(place.clone(), Remark::ReportTime)?;
        }
        let effective = before.or(self.issued);
        if is_note {
            let named =
                [&body.code, &self.code].into_iter().find(|c| !c.is_empty()).map(|c| c.name().to_owned());
            let title = if self.is_document { self.title.clone().or(named) } else { named };
            let mut text = texts.join("\n");
            if let Some(comment) = body.note {
                text = format!("{text}\n{comment}");
            }
            let text = text::cut(text.trim().to_owned());
            let note = Body::Note(Note { title, text });
            return Ok(has_text(&note).then_some((effective, note, place, Some(line.id))));
        }
        if body.code.is_empty() {
            if texts.is_empty() && body.value.is_none() {
                out.summary.skip("empty results", 1);
                return Ok(None);
            }
            body.code = self.code.clone();
        }
        if let Some(text) = texts.into_iter().next() {
            body.value = Some(Value::Text(text));
        }
        if body.value.is_none() {
            let pending = matches!(body.status.as_deref(), Some("registered" | "preliminary"));
            body.value = Some(Value::Absent(if pending { "pending" } else { "unknown" }.to_owned()));
        }
        body.specimen = self.specimen.clone();
        Ok(Some((effective, Body::Observation(body), place, Some(line.id))))
    }

    fn report(&self, results: Vec<String>, out: &mut Out<'_>) -> Result<(), ParseError> {
        let Some(place) = self.place.clone() else { return Ok(()) };
        if self.code.is_empty() || self.is_document {
            return Ok(());
        }
        let status = self.status.as_deref().map(|s| match s {
            "F" => "final",
            "C" => "corrected",
            "X" => "cancelled",
            "P" | "R" => "preliminary",
            "A" => "partial",
            _ => "registered",
        });
        let body = DiagnosticReport {
            code: self.code.clone(),
            status: status.map(str::to_owned),
            results,
            conclusion: (!self.comments.is_empty()).then(|| self.comments.join("\n")),
            performer: None,
        };
        let id = [self.number.clone(), self.set.clone()].map(Option::unwrap_or_default).join("#");
        let effective = self.observed.or(self.collected).or(self.issued);
        out.record(effective, Body::DiagnosticReport(body), place, Some(id))
    }
}

fn has_text(note: &Body) -> bool {
    matches!(note, Body::Note(n) if !n.text.is_empty())
}

/// Whether `next` is a further line of the same text.
fn joins(first: &Line, next: &Line) -> bool {
    first.is_line
        && next.is_line
        && next.left_out.is_none()
        && first.body.code == next.body.code
        && first.body.value.is_none()
        && next.body.value.is_none()
}

/// By sub-id where every line has its own number, else as they stand.
fn in_order(lines: &mut [Line]) {
    let numbers: Option<Vec<u32>> = lines.iter().map(|l| l.sub.as_deref()?.parse().ok()).collect();
    let Some(mut numbers) = numbers else { return };
    numbers.sort_unstable();
    if numbers.windows(2).all(|w| w[0] < w[1]) {
        lines.sort_by_key(|l| l.sub.as_deref().and_then(|s| s.parse::<u32>().ok()));
    }
}

fn status_out(code: &str) -> Option<Remark> {
    match code {
        "X" => Some(Remark::LabNotObtained),
        "D" => Some(Remark::LabDeleted),
        "W" => Some(Remark::LabWithdrew),
        _ => None,
    }
}

/// HL7 table 0085 in FHIR's words.
fn status(code: &str) -> Option<String> {
    let word = match code {
        "F" | "U" | "V" | "B" => "final",
        "C" => "corrected",
        "A" => "amended",
        "P" | "R" | "S" => "preliminary",
        "I" | "O" | "N" => "registered",
        _ => return None,
    };
    Some(word.to_owned())
}

/// By the section of the laboratory in OBR-24, else by the code, else laboratory.
fn category(section: Option<&str>, code: &Concept) -> Category {
    const VITALS: [&str; 12] = [
        "8867-4", "8480-6", "8462-4", "8310-5", "9279-1", "2708-6", "59408-5", "29463-7", "3141-9", "8302-2",
        "39156-5", "85354-9",
    ];
    if code.code_in(LOINC).is_some_and(|c| VITALS.contains(&c)) {
        return Category::VitalSigns;
    }
    match section {
        Some(
            "RAD" | "RX" | "CT" | "CTH" | "NMR" | "NMS" | "RUS" | "OUS" | "VUS" | "CUS" | "XRC" | "MRI"
            | "US",
        ) => Category::Imaging,
        Some("EC" | "EN" | "PF" | "PHR" | "PHY" | "PT" | "RC" | "NRS" | "OT" | "SP" | "ICU") => {
            Category::Other
        }
        _ => Category::Laboratory,
    }
}
