//! Lab tables in text: any delimiter, any order of columns, English, German, French, Italian and
//! Spanish headings, or none.
//!
//! Nothing is guessed. A row that cannot be read for certain is handed over [with its
//! doubts](doubt), and what only the person knows of the whole table becomes a question: whose
//! rows, day or month first, which column.

pub mod cells;
pub mod date;
pub mod doubt;
pub mod layout;
pub mod number;
pub mod result;
pub mod roles;

use crate::{
    error::{ParseError, Reason},
    reason::Remark,
    report::Report,
    sink::{Item, Options, Question, Sink, Summary},
    sniff::Format,
    text::decode,
};
use cells::{Row, Text};
use date::DateCell;
use doubt::{Doubt, Unsure};
use keepwell_domain::{
    record::{Body, ParsedRecord, Record, Subject},
    time::{Date, When},
};
use layout::{Layout, NoPlan, Plan, plan};
use number::{Evidence, Sign};
use result::{Fields, observation};
use std::collections::{BTreeSet, HashSet};

/// Whether the beginning of a text looks like a table: rows with the same number of cells.
#[must_use]
pub fn looks_like_table(head: &str) -> bool {
    Text::detect(head).is_some()
}

const MAX_CHOICES: usize = 500;
const MAX_SUBJECTS: usize = 100_000;
/// Cells of a row that are shown.
const MAX_SHOWN: usize = 64;

/// Reads a table. What cannot be decided is asked in the summary, and read once `options` answers.
///
/// # Errors
/// `Refused` where it is no table of results, or what the sink answers.
pub fn read(bytes: &[u8], options: &Options, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    let decoded = decode(bytes);
    let text = Text::detect(&decoded).ok_or(ParseError::Refused(Reason::OtherTable))?;
    let mut report = Report::new(Summary::new(Format::Csv), options.limits.warnings);
    let plan = match plan(text, options.columns.as_ref()) {
        Ok(plan) => plan,
        Err(NoPlan::Other) => return Err(ParseError::Refused(Reason::OtherTable)),
        Err(NoPlan::Ask { headers, missing, found }) => {
            report.summary.questions.push(Question::Columns { headers, missing, found });
            return Ok(report.summary);
        }
    };
    let survey = Survey::of(text, &plan);
    if let Some(question) = survey.which_subject(options.subject.as_deref()) {
        report.summary.skip("waiting_for_answer", survey.rows);
        report.summary.questions.push(question);
        return Ok(report.summary);
    }
    survey.introduce(options.subject.as_deref(), sink)?;
    report.summary.heading.clone_from(&survey.heading);
    let mut reader = Reader {
        sign: survey.numbers.sign(),
        day_first: options.day_first.or(survey.day_first()),
        today: options.today,
        with_units: survey.with_units,
        subject: options.subject.as_deref().filter(|_| survey.subjects.len() > 1),
        report,
        open: Vec::new(),
    };
    for row in text.rows().filter(|r| r.line > plan.heading) {
        reader.row(&plan, &row, sink)?;
    }
    reader.finish()
}

/// What the whole table says before any of it is read.
#[derive(Default)]
struct Survey {
    numbers: Evidence,
    day_first: u64,
    month_first: u64,
    subjects: BTreeSet<String>,
    subject_is_name: bool,
    rows: u64,
    heading: Vec<String>,
    with_units: bool,
}

impl Survey {
    fn of(text: Text<'_>, plan: &Plan) -> Self {
        let mut survey = Self::default();
        let (dates, values, subject): (Vec<usize>, Vec<usize>, Option<usize>) = match &plan.layout {
            Layout::Long(m) => {
                let values = [m.value, m.range, m.low, m.high].into_iter().flatten().collect();
                (m.date.into_iter().collect(), values, m.subject)
            }
            Layout::Wide { date, tests, subject, .. } => {
                (vec![*date], tests.iter().map(|t| t.0).collect(), *subject)
            }
            Layout::Pivot { map, dates } => {
                dates.iter().for_each(|(_, d)| survey.date(d));
                (Vec::new(), dates.iter().map(|d| d.0).chain(map.range).collect(), None)
            }
        };
        let unit =
            if let Layout::Long(m) | Layout::Pivot { map: m, .. } = &plan.layout { m.unit } else { None };
        for row in text.rows() {
            if row.line == plan.heading {
                survey.heading = short_cells(&row);
                let named = subject.map(|s| roles::normal(row.cell(s)));
                survey.subject_is_name = named.is_some_and(|n| n.contains("name") || n == "patient");
            }
            if row.line <= plan.heading {
                continue;
            }
            survey.rows += 1;
            survey.with_units |= unit.is_some_and(|u| !row.cell(u).is_empty());
            dates.iter().for_each(|d| survey.date(row.cell(*d)));
            values.iter().for_each(|v| survey.numbers.look(row.cell(*v)));
            if let Some(who) = subject.map(|s| row.cell(s)).filter(|s| !s.is_empty())
                && survey.subjects.len() < MAX_SUBJECTS
                && !survey.subjects.contains(who)
            {
                survey.subjects.insert(who.to_owned());
            }
        }
        survey
    }

    fn date(&mut self, cell: &str) {
        match DateCell::read(cell).and_then(DateCell::proves_day_first) {
            Some(true) => self.day_first += 1,
            Some(false) => self.month_first += 1,
            None => {}
        }
    }

    /// The order of day and month, where cells prove one and none proves the other.
    const fn day_first(&self) -> Option<bool> {
        match (self.day_first > 0, self.month_first > 0) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    fn which_subject(&self, answer: Option<&str>) -> Option<Question> {
        if self.subjects.len() < 2 || answer.is_some_and(|a| self.subjects.contains(a)) {
            return None;
        }
        let choices = self.subjects.iter().take(MAX_CHOICES).cloned().collect();
        Some(Question::WhichSubject { choices, total: self.subjects.len() as u64 })
    }

    fn introduce(&self, chosen: Option<&str>, sink: &mut dyn Sink) -> Result<(), ParseError> {
        let name = match self.subjects.len() {
            1 => self.subjects.first().map(String::as_str),
            _ => chosen,
        };
        match name.filter(|_| self.subject_is_name) {
            Some(name) => {
                let name = Some(name.to_owned());
                sink.item(Item::Subject(Subject { name, ..Subject::default() }))
            }
            None => Ok(()),
        }
    }
}

/// A row's cells for a person to look at.
fn short_cells(row: &Row<'_>) -> Vec<String> {
    row.cells.iter().take(MAX_SHOWN).map(|c| c.chars().take(200).collect()).collect()
}

struct Reader<'o> {
    sign: Sign,
    day_first: Option<bool>,
    today: Option<Date>,
    with_units: bool,
    subject: Option<&'o str>,
    report: Report,
    open: Vec<(String, u64)>,
}

/// When a result was: the cell, and what was read of it.
struct Dated<'r> {
    printed: &'r str,
    when: Option<When>,
    doubt: Option<Doubt>,
}

impl Reader<'_> {
    fn row(&mut self, plan: &Plan, row: &Row<'_>, sink: &mut dyn Sink) -> Result<(), ParseError> {
        let extra = row.cells.iter().skip(plan.width).any(|c| !c.is_empty());
        match &plan.layout {
            Layout::Long(map) => {
                if !self.is_mine(map.subject, row) {
                    return Ok(());
                }
                let dated = self.date(row, map.date.map(|d| row.cell(d)), map.time);
                let column = map.value.or(map.name).unwrap_or(0);
                self.emit((column, Fields::of(row, map)), &dated, row, extra, sink)
            }
            Layout::Wide { date, time, subject, tests } => {
                if !self.is_mine(*subject, row) {
                    return Ok(());
                }
                let dated = self.date(row, Some(row.cell(*date)), *time);
                for (column, name, unit) in tests.iter().filter(|(c, ..)| !row.cell(*c).is_empty()) {
                    let mut fields = Fields::new(name, row.cell(*column), unit);
                    fields.columns = [Some(*date), *time, Some(*column)].into_iter().flatten().collect();
                    self.emit((*column, fields), &dated, row, extra, sink)?;
                }
                Ok(())
            }
            Layout::Pivot { map, dates } => {
                for (column, date) in dates.iter().filter(|(c, _)| !row.cell(*c).is_empty()) {
                    let dated = self.date(row, Some(date), None);
                    let mut fields = Fields::of(row, map);
                    fields.value = row.cell(*column);
                    fields.columns.push(*column);
                    self.emit((*column, fields), &dated, row, extra, sink)?;
                }
                Ok(())
            }
        }
    }

    fn is_mine(&mut self, column: Option<usize>, row: &Row<'_>) -> bool {
        let (Some(wanted), Some(column)) = (self.subject, column) else { return true };
        let mine = row.cell(column) == wanted;
        if !mine {
            self.report.summary.skip("other_people", 1);
        }
        mine
    }

    /// `cell` is `None` where the table has no dates at all.
    fn date<'r>(&self, row: &Row<'_>, cell: Option<&'r str>, time: Option<usize>) -> Dated<'r> {
        let Some(printed) = cell else { return Dated { printed: "", when: None, doubt: None } };
        if printed.is_empty() {
            return Dated { printed, when: None, doubt: Some(Doubt::DateMissing) };
        }
        let read = DateCell::read(printed);
        let read = read.and_then(|d| time.map_or(Some(d), |t| d.with_time(row.cell(t)).or(Some(d))));
        let (when, doubt) = doubt::date(read, self.day_first, self.today);
        Dated { printed, when, doubt }
    }

    fn emit(
        &mut self,
        (column, fields): (usize, Fields<'_>),
        dated: &Dated<'_>,
        row: &Row<'_>,
        extra: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), ParseError> {
        let (body, mut doubts) = match observation(&fields, self.sign) {
            Ok(read) => read,
            Err(why) => {
                let what = if why == Remark::NoResult { "without_result" } else { "bad_rows" };
                return self.report.warn(sink, what, fields.locator(row.line), why);
            }
        };
        if extra {
            // A decimal comma may have split a number: what the cells seem to say is worth nothing.
            doubts = vec![Doubt::ExtraCells];
        }
        doubts.extend(dated.doubt.clone());
        if !extra && let Body::Observation(o) = &body {
            doubts.extend(doubt::value(o, self.with_units));
        }
        let place = row.line << 12 | (column as u64 & 0xfff);
        let parsed = ParsedRecord {
            record: Record { effective: dated.when, body },
            locator: fields.locator(row.line),
            source_id: Some(place.to_string()),
        };
        if doubts.is_empty() {
            self.report.summary.count("observation", 1);
            return sink.item(Item::Record(Box::new(parsed)));
        }
        self.report.summary.skip("waiting_for_answer", 1);
        if matches!(dated.doubt, Some(Doubt::DateOrder { .. })) {
            self.open.push((dated.printed.chars().take(40).collect(), row.line));
        }
        sink.item(Item::Unsure(Box::new(Unsure {
            place,
            cells: short_cells(row),
            printed: fields.printed(dated.printed),
            parsed,
            doubts,
        })))
    }

    fn finish(mut self) -> Result<Summary, ParseError> {
        if !self.open.is_empty() {
            let mut seen = HashSet::new();
            self.open.retain(|(printed, _)| seen.insert(printed.clone()));
            self.open.truncate(5);
            let (examples, lines) = self.open.into_iter().unzip();
            self.report.summary.questions.push(Question::DayFirst { examples, lines });
        }
        Ok(self.report.summary)
    }
}
