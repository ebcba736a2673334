//! What a file brings, before it is written: the person sees it first.

use crate::{
    merge::{Author, Book, Change},
    model::{
        Absence, EntityId, Fields, Kind, Moment, Name, Note, Source, SourceKind, Value, diary::NoteKind,
        open_codes,
    },
    order::sort_by_key,
};
use keepwell_domain::time::{Date, Ts};
use std::fmt;

open_codes! {
    /// Why something of a file was not taken as it stands.
    Reason {
        /// No date, or none that exists.
        BadDate = "bad_date",
        /// The same day stands there twice with different values; the first one counts.
        Repeated = "repeated",
        /// A number that is none.
        BadNumber = "bad_number",
        /// A number out of all range.
        Implausible = "implausible",
        /// A number that is no temperature in the unit that stands beside it.
        UnitDiffers = "unit_differs",
        /// A time of day in UTC: of the person's own day it says nothing.
        OtherZone = "other_zone",
        /// A word or code that is not known; it is kept as it is in the day.
        UnknownValue = "unknown_value",
        /// The row is not of the form that it should have.
        BadShape = "bad_shape",
        /// The end lies before the start, or far away.
        BadSpan = "bad_span",
        /// Entered for a pregnancy; not taken as a period.
        Pregnancy = "pregnancy",
        /// The other app had deleted it.
        DeletedThere = "deleted_there",
        /// The journal holds another value, which stays.
        Differs = "differs",
        /// The person has deleted this entry; it stays deleted.
        DeletedHere = "deleted_here",
        /// It has no words or number in it.
        Nothing = "nothing",
    }
}

/// Something of a file that was not taken as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row of the file, or the place in its list, from 1.
    pub row: usize,
    /// The column or key.
    pub field: String,
    /// Why.
    pub reason: Reason,
    /// What stands there, so that it is not lost.
    pub raw: String,
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({} {} ***)", self.row, self.reason.as_str())
    }
}

/// Fields that a file brings for one entity.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The row it came from.
    pub row: usize,
    /// The kind.
    pub kind: Kind,
    /// The entity: the same at every reading of the same file.
    pub id: EntityId,
    /// Its fields.
    pub fields: Vec<(&'static str, Value)>,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} ***)", self.kind.as_str())
    }
}

/// What a file brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// Rows of the file that were looked at.
    pub rows: usize,
    /// Entities to write.
    pub drafts: Vec<Draft>,
    /// What was not taken as it stands.
    pub problems: Vec<Problem>,
}

/// What writing it did.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The changes, for sealing and sync; none when the file had been read before.
    pub changes: Vec<Change>,
    /// Where the journal held something else.
    pub problems: Vec<Problem>,
}

/// Lists that are added to, instead of being compared.
const ADDED_TO: [&str; 5] = ["symptoms", "feelings", "intercourse", "contraception", "imported"];

impl Import {
    /// The days of which the file says something, in their order: whether they are read rightly shows in the first and
    /// the last.
    #[must_use]
    pub fn days(&self) -> Vec<Date> {
        let day = |(name, value): &(&'static str, Value)| match value {
            Value::Text(text) if matches!(*name, "date" | "at") => Date::parse(text.get(..10)?).ok(),
            _ => None,
        };
        let days = self.drafts.iter().filter_map(|draft| draft.fields.iter().find_map(day));
        let mut days: Vec<Date> = days.collect();
        sort_by_key(&mut days, |day| *day);
        days.dedup();
        days
    }

    /// Writes what is new. What the person entered stays; lists are added to; a second reading of the
    /// same file writes nothing.
    pub fn write(&self, author: &mut Author, book: &mut Book, now: Ts) -> Written {
        let mut out = Written::default();
        for d in &self.drafts {
            let entity = book.entity(d.kind, d.id);
            if entity.is_some_and(|e| !e.is_live() && e.withdrawn().is_some()) {
                out.problems.push(problem(d, "", Reason::DeletedHere, String::new()));
                continue;
            }
            let mut fields = Vec::new();
            for (name, value) in &d.fields {
                match entity.and_then(|e| e.field(name)) {
                    None | Some(Value::Absent(Absence::Unknown)) => {
                        fields.push((Name::of(name), value.clone()))
                    }
                    Some(held) if held == value => {}
                    Some(Value::List(held)) if ADDED_TO.contains(name) => {
                        if let Some(more) = with_more(held, value) {
                            fields.push((Name::of(name), more));
                        }
                    }
                    // The source and the like tell where the first value came from.
                    Some(_) if *name == "source" => {}
                    Some(_) => out.problems.push(problem(d, name, Reason::Differs, shown(value))),
                }
            }
            out.changes.extend(author.write(book, now, (d.kind, d.id), fields));
        }
        out
    }
}

impl Import {
    /// [`Import::write`], and a note with what has no other place in the journal: what could not be read, and values
    /// where the journal holds others. A word that is not known stands in its day already. The same left over makes the
    /// same note, which is not written again where it is, or was deleted.
    pub fn write_whole(&self, author: &mut Author, book: &mut Book, now: Ts, read_at: &Moment) -> Written {
        let mut out = self.write(author, book, now);
        let left = self.problems.iter().chain(&out.problems).filter(|p| p.reason != Reason::UnknownValue);
        let left = Self { problems: left.cloned().collect(), ..Self::default() };
        if let Some((id, note)) = left.rest(read_at)
            && book.entity(Kind::Note, id).is_none()
        {
            out.changes.extend(author.save(book, now, id, &note));
        }
        out
    }

    /// A note with the rows that could not be read, so that not even they are lost; `None` when there
    /// are none. The same file makes the same note.
    #[must_use]
    pub fn rest(&self, read_at: &Moment) -> Option<(EntityId, Note)> {
        let rest = self.problems.iter().filter(|p| !p.raw.is_empty());
        let lines: Vec<String> =
            rest.map(|p| format!("{} {} ({}): {}", p.row, p.field, p.reason.as_str(), p.raw)).collect();
        let text = lines.join("\n");
        let note = Note {
            at: read_at.clone().into(),
            kind: NoteKind::Note.into(),
            text: text.clone().into(),
            source: Source::from(SourceKind::Import).into(),
            ..Note::default()
        };
        (!lines.is_empty()).then(|| (EntityId::derived(&[b"import-rest", text.as_bytes()]), note))
    }
}

fn problem(d: &Draft, field: &str, reason: Reason, raw: String) -> Problem {
    Problem { row: d.row, field: format!("{}.{field}", d.kind.as_str()), reason, raw }
}

/// The list with what it lacks; `None` when it lacks nothing.
fn with_more(held: &[String], value: &Value) -> Option<Value> {
    let Value::List(new) = value else { return None };
    let missing: Vec<&String> = new.iter().filter(|n| !held.contains(n)).collect();
    let all = held.iter().chain(missing.iter().copied()).cloned().collect();
    (!missing.is_empty()).then_some(Value::List(all))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Absent(why) => why.as_str().to_owned(),
        Value::Flag(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Text(t) => t.clone(),
        Value::List(l) => l.join(", "),
    }
}
