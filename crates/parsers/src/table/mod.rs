//! Lab tables in text: any delimiter, any order of columns, English, German, French, Italian and
//! Spanish headings, or none.
//!
//! Nothing is guessed. A row that cannot be read for certain becomes a warning with its line, and
//! what only the person knows becomes a question: whose rows, day or month first, which column.

pub mod cells;
pub mod date;
pub mod layout;
pub mod number;
pub mod result;
pub mod roles;

use crate::{
    error::ParseError,
    report::{Report, line},
    sink::{Item, Options, Question, Sink, Summary},
    sniff::Format,
    text::decode,
};
use cells::{Row, Text};
use date::{DateCell, NoDate};
use keepwell_domain::{
    record::{ParsedRecord, Subject},
    time::When,
};
use layout::{Layout, NoPlan, Plan, plan};
use number::{Evidence, Sign};
use result::{Fields, NO_RESULT, observation};
use std::collections::{BTreeSet, HashSet};

/// Whether the beginning of a text looks like a table: rows with the same number of cells.
#[must_use]
pub fn looks_like_table(head: &str) -> bool {
    Text::detect(head).is_some()
}

const NOT_LAB: &str = "Keepwell keeps this table as a document; it found no columns with names of tests and their results in it.";
const MAX_CHOICES: usize = 500;
const MAX_SUBJECTS: usize = 100_000;

/// Reads a table. What cannot be decided is asked in the summary, and read once `options` answers.
///
/// # Errors
/// `Refused` where it is no table of results, or what the sink answers.
pub fn read(bytes: &[u8], options: &Options, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    let decoded = decode(bytes);
    let text = Text::detect(&decoded).ok_or_else(|| ParseError::refused(NOT_LAB))?;
    let mut report = Report::new(Summary::new(Format::Csv), options.limits.warnings);
    let plan = match plan(text, options.columns.as_ref()) {
        Ok(plan) => plan,
        Err(NoPlan::Other) => return Err(ParseError::refused(NOT_LAB)),
        Err(NoPlan::Ask { headers, missing }) => {
            report.summary.questions.push(Question::Columns { headers, missing });
            return Ok(report.summary);
        }
    };
    let survey = Survey::of(text, &plan);
    if let Some(question) = survey.which_subject(options.subject.as_deref()) {
        report.summary.skip("waiting_for_answer", survey.rows);
        report.summary.questions.push(question);
        return Ok(report.summary);
    }
    survey.introduce(sink)?;
    let mut reader = Reader {
        sign: survey.numbers.sign(),
        day_first: options.day_first.or(survey.day_first()),
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
        for row in text.rows() {
            if row.line == plan.heading {
                let named = subject.map(|s| roles::normal(row.cell(s)));
                survey.subject_is_name = named.is_some_and(|n| n.contains("name") || n == "patient");
            }
            if row.line <= plan.heading {
                continue;
            }
            survey.rows += 1;
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

    fn introduce(&self, sink: &mut dyn Sink) -> Result<(), ParseError> {
        match self.subjects.first() {
            Some(name) if self.subject_is_name && self.subjects.len() == 1 => {
                sink.item(Item::Subject(Subject { name: Some(name.clone()), ..Subject::default() }))
            }
            _ => Ok(()),
        }
    }
}

struct Reader<'o> {
    sign: Sign,
    day_first: Option<bool>,
    subject: Option<&'o str>,
    report: Report,
    open: Vec<(String, u64)>,
}

impl Reader<'_> {
    fn row(&mut self, plan: &Plan, row: &Row<'_>, sink: &mut dyn Sink) -> Result<(), ParseError> {
        if row.cells.iter().skip(plan.width).any(|c| !c.is_empty()) {
            let reason = "This row was left out because it has more cells than the heading, so that they cannot be told apart.";
            return self.report.warn(sink, "bad_rows", line(row.line), reason);
        }
        match &plan.layout {
            Layout::Long(map) => {
                if !self.is_mine(map.subject, row) {
                    return Ok(());
                }
                let Some(effective) = self.date(row, map.date.map(|d| (d, row.cell(d))), map.time, sink)?
                else {
                    return Ok(());
                };
                self.emit(&Fields::of(row, map), effective, row, sink)
            }
            Layout::Wide { date, time, subject, tests } => {
                if !self.is_mine(*subject, row) || tests.iter().all(|(c, ..)| row.cell(*c).is_empty()) {
                    return Ok(());
                }
                let Some(effective) = self.date(row, Some((*date, row.cell(*date))), *time, sink)? else {
                    return Ok(());
                };
                for (column, name, unit) in tests.iter().filter(|(c, ..)| !row.cell(*c).is_empty()) {
                    let mut fields = Fields::new(name, row.cell(*column), unit);
                    fields.columns = [Some(*date), *time, Some(*column)].into_iter().flatten().collect();
                    self.emit(&fields, effective, row, sink)?;
                }
                Ok(())
            }
            Layout::Pivot { map, dates } => {
                for (column, date) in dates.iter().filter(|(c, _)| !row.cell(*c).is_empty()) {
                    let Some(effective) = self.date(row, Some((*column, date)), None, sink)? else {
                        continue;
                    };
                    let mut fields = Fields::of(row, map);
                    fields.value = row.cell(*column);
                    fields.columns.push(*column);
                    self.emit(&fields, effective, row, sink)?;
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

    /// The row's date: `None` where the row cannot be read (warned or waiting), `Some(None)` where
    /// it states none.
    fn date(
        &mut self,
        row: &Row<'_>,
        cell: Option<(usize, &str)>,
        time: Option<usize>,
        sink: &mut dyn Sink,
    ) -> Result<Option<Option<When>>, ParseError> {
        let Some((_, printed)) = cell.filter(|(_, c)| !c.is_empty()) else { return Ok(Some(None)) };
        let read = DateCell::read(printed);
        let read = read.and_then(|d| time.map_or(Some(d), |t| d.with_time(row.cell(t)).or(Some(d))));
        let reason = match read.map(|d| d.settle(self.day_first)) {
            Some(Ok(when)) => return Ok(Some(Some(when))),
            Some(Err(NoDate::Order)) => {
                self.open.push((printed.chars().take(40).collect(), row.line));
                return Ok(None);
            }
            Some(Err(NoDate::Impossible)) => {
                "This row was left out because its date does not exist in the order of day and month that the rest of the table has."
            }
            None => "This row was left out because its date cannot be read.",
        };
        self.report.warn(sink, "bad_rows", line(row.line), reason)?;
        Ok(None)
    }

    fn emit(
        &mut self,
        fields: &Fields<'_>,
        effective: Option<When>,
        row: &Row<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), ParseError> {
        match observation(fields, self.sign) {
            Ok(body) => {
                self.report.summary.count("observation", 1);
                sink.item(Item::Record(Box::new(ParsedRecord {
                    record: keepwell_domain::record::Record { effective, body },
                    locator: fields.locator(row.line),
                    source_id: None,
                })))
            }
            Err(reason) => {
                let what = if reason == NO_RESULT { "without_result" } else { "bad_rows" };
                self.report.warn(sink, what, fields.locator(row.line), reason)
            }
        }
    }

    fn finish(mut self) -> Result<Summary, ParseError> {
        if !self.open.is_empty() {
            self.report.summary.skip("waiting_for_answer", self.open.len() as u64);
            let mut seen = HashSet::new();
            self.open.retain(|(printed, _)| seen.insert(printed.clone()));
            self.open.truncate(5);
            let (examples, lines) = self.open.into_iter().unzip();
            self.report.summary.questions.push(Question::DayFirst { examples, lines });
        }
        Ok(self.report.summary)
    }
}
