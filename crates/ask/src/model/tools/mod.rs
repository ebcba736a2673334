//! The tools that a model may call: reading only, over the facts of the one profile, in small answers.
//!
//! Each value in a result has a tag by which the model cites it. What a document or a person wrote is quoted as
//! such, with stand-ins in the place of names.

mod compute;
mod lists;
mod markers;
mod seen;

use super::{
    ledger::{Ledger, Named},
    standin::StandIns,
    turn::{ToolCall, ToolResult, ToolSpec},
};
use crate::facts::{Days, Facts, MarkerFact, Sureness};
use keepwell_domain::{
    record::Kind,
    time::{Date, When, days_in_month},
    view::{AskReceipt, Coverage, LeftOut, Standing},
};
use seen::Seen;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Calls of tools for one question.
pub const CALLS: usize = 24;
/// Rows of one result.
pub const ROWS: usize = 60;
/// Bytes of one result.
pub const RESULT: usize = 24 << 10;
/// Characters of a text that is quoted.
const QUOTE: usize = 800;

/// Why a call was not done, for the model to read.
type Refused = String;

/// Looks things up for a model, and keeps book of what it was given.
pub struct Desk<'a> {
    facts: &'a Facts,
    /// What was given out.
    pub ledger: Ledger,
    /// What says who somebody is.
    pub standins: StandIns,
    seen: Seen,
    calls: usize,
    kinds: BTreeSet<Kind>,
}

impl<'a> Desk<'a> {
    /// A desk for one question.
    #[must_use]
    pub fn new(facts: &'a Facts, standins: StandIns) -> Self {
        Self {
            facts,
            ledger: Ledger::new(named(facts)),
            standins,
            seen: Seen::default(),
            calls: 0,
            kinds: BTreeSet::new(),
        }
    }

    /// Does a call. A wrong one has a result too: it says what is wrong with it.
    pub fn call(&mut self, call: &ToolCall) -> ToolResult {
        self.calls += 1;
        let done = if self.calls > CALLS {
            Err("No more calls for this question. Answer with what you have.".to_owned())
        } else {
            match &call.arguments {
                Some(Value::Object(arguments)) => self.run(&call.name, arguments),
                _ => Err("The arguments are not a JSON object.".to_owned()),
            }
        };
        let (value, failed) = match done {
            Ok(value) => (value, false),
            Err(reason) => (json!({"error": reason}), true),
        };
        let mut content = value.to_string();
        if content.len() > RESULT {
            content =
                json!({"error": "The result is too long. Ask for less: a shorter time or a smaller limit."})
                    .to_string();
        }
        ToolResult { id: call.id.clone(), content, failed }
    }

    fn run(&mut self, name: &str, arguments: &Map<String, Value>) -> Result<Value, Refused> {
        match name {
            "find_markers" => self.find_markers(&text(arguments, "query")?),
            "latest" => self.latest(&text(arguments, "marker")?, count(arguments, "count", 1, 10)?),
            "series" => {
                let days = days(arguments, "from", "to")?;
                self.series(&text(arguments, "marker")?, days, count(arguments, "limit", 30, ROWS)?)
            }
            "statistics" => self.statistics(&text(arguments, "marker")?, days(arguments, "from", "to")?),
            "compare" => {
                let first = days(arguments, "first_from", "first_to")?;
                let second = days(arguments, "second_from", "second_to")?;
                self.compare(&text(arguments, "marker")?, first, second)
            }
            "list_records" => {
                let kind = text(arguments, "kind")?;
                let kind = Kind::parse(&kind).filter(|k| *k != Kind::Observation);
                let kind = kind.ok_or("Unknown kind. Results are in latest, series and statistics.")?;
                let query = arguments.get("query").and_then(Value::as_str).unwrap_or("").to_owned();
                let active = arguments.get("active_only").and_then(Value::as_bool).unwrap_or(false);
                self.list(kind, &query, active, count(arguments, "limit", 20, ROWS)?)
            }
            "search_documents" => self.search(&text(arguments, "query")?, count(arguments, "limit", 8, 20)?),
            "what_is_missing" => Ok(self.missing()),
            _ => Err(format!("There is no such tool. There are: {}.", NAMES.join(", "))),
        }
    }

    /// What was looked at up to now.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.seen.coverage(self.facts)
    }

    /// The kinds of records that were given out, for the log.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// Markers that were looked at whose newest value may still wait for the person's word: (name, document).
    #[must_use]
    pub fn unreviewed(&self) -> Vec<(String, String)> {
        self.seen.unreviewed(self.facts)
    }

    /// The marker that is meant.
    fn marker(&mut self, name: &str) -> Result<&'a MarkerFact, Refused> {
        if let Some(m) = self.facts.marker(name) {
            return Ok(m);
        }
        let real = self.standins.restore(name);
        let found = self.facts.find_markers(&real);
        let Some(best) = found.first() else {
            return Err(
                "There is no such marker among the records. Try find_markers with another word.".to_owned()
            );
        };
        let alike: Vec<&MarkerFact> =
            found.iter().filter(|f| f.sureness == best.sureness).map(|f| f.marker).collect();
        if best.sureness == Sureness::Exact && alike.len() == 1 {
            return Ok(best.marker);
        }
        let lang = self.facts.lang;
        let list: Vec<String> =
            found.iter().take(8).map(|f| format!("{} ({})", f.marker.key, f.marker.name(lang))).collect();
        let list = self.standins.hide(&list.join("; "));
        Err(format!("Not certain which marker is meant. Call again with one of these keys: {list}."))
    }

    /// Adds a receipt: its tag.
    fn tag(&mut self, receipt: AskReceipt) -> Result<String, Refused> {
        self.kinds.insert(receipt.kind);
        let full = || "Too many rows for one conversation. Answer with what you have.".to_owned();
        self.ledger.add(receipt).map(Ledger::tag).ok_or_else(full)
    }

    fn said(&mut self, text: &str) -> String {
        self.standins.hide(text)
    }

    /// What somebody else wrote: cut, and without what says who they are.
    fn quoted(&mut self, text: &str) -> String {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let hidden = self.standins.hide(&flat);
        if hidden.chars().count() <= QUOTE {
            hidden
        } else {
            hidden.chars().take(QUOTE).chain(['…']).collect()
        }
    }

    fn left_out(&mut self, why: LeftOut, what: &str, count: usize) {
        self.seen.left_out(why, what, count);
    }
}

/// The person's markers under all their names.
fn named(facts: &Facts) -> Vec<Named> {
    facts
        .markers()
        .iter()
        .filter_map(|m| {
            let newest = facts.latest(&m.key).or(m.values.last())?;
            let mut names = vec![m.printed.clone()];
            names.extend(m.aliases.iter().cloned());
            if let Some(a) = m.analyte {
                names.extend([a.name_en.to_owned(), a.name_de.to_owned()]);
                names.extend(a.spellings().iter().map(|s| (*s).to_owned()));
            }
            names.retain(|n| n.chars().count() >= 2);
            Some(Named { marker: Some(m.key.clone()), names, receipt: facts.receipt_of_value(m, newest) })
        })
        .collect()
}

const fn standing(s: Standing) -> &'static str {
    match s {
        Standing::Unknown => "",
        Standing::Within => "within range",
        Standing::Low => "below range",
        Standing::High => "above range",
        Standing::Abnormal => "flagged abnormal",
    }
}

fn text(arguments: &Map<String, Value>, key: &str) -> Result<String, Refused> {
    match arguments.get(key).and_then(Value::as_str).map(str::trim) {
        Some(s) if !s.is_empty() && s.len() <= 200 => Ok(s.to_owned()),
        _ => Err(format!("{key} must be a short text.")),
    }
}

fn count(arguments: &Map<String, Value>, key: &str, usual: usize, most: usize) -> Result<usize, Refused> {
    match arguments.get(key) {
        None | Some(Value::Null) => Ok(usual),
        Some(v) => {
            let n = v.as_u64().or_else(|| v.as_str()?.parse().ok());
            let n = n.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
            n.map(|n| n.min(most)).ok_or_else(|| format!("{key} must be a number from 1 to {most}."))
        }
    }
}

/// A stretch of days; a month or a year means all of it.
fn days(arguments: &Map<String, Value>, from: &str, to: &str) -> Result<Days, Refused> {
    let read = |key: &str| -> Result<Option<When>, Refused> {
        match arguments.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) if s.trim().is_empty() => Ok(None),
            Some(v) => {
                let when = v.as_str().and_then(|s| When::parse(s.trim()).ok());
                when.map(Some).ok_or_else(|| format!("{key} must be a date: YYYY-MM-DD, YYYY-MM or YYYY."))
            }
        }
    };
    let last = |w: When| match w {
        When::Year(y) => Date::new(y, 12, 31).unwrap_or_else(|_| w.date()),
        When::Month(y, m) => Date::new(y, m, days_in_month(y, m)).unwrap_or_else(|_| w.date()),
        _ => w.date(),
    };
    Ok(Days { from: read(from)?.map(When::date), to: read(to)?.map(last) })
}

const NAMES: [&str; 8] = [
    "find_markers",
    "latest",
    "series",
    "statistics",
    "compare",
    "list_records",
    "search_documents",
    "what_is_missing",
];

/// The tools as they are told to a model.
#[must_use]
pub fn specs() -> Vec<ToolSpec> {
    let date =
        |what: &str| json!({"type": "string", "description": format!("{what}: YYYY-MM-DD, YYYY-MM or YYYY")});
    let marker =
        json!({"type": "string", "description": "A marker's key from find_markers, or its exact name"});
    let object = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let limit = |most: usize| json!({"type": "integer", "minimum": 1, "maximum": most});
    let descriptions = [
        "Finds measured markers (lab values, vital signs) by any of their names. Gives keys, units, how many values there are and from when to when.",
        "The newest value or values of one marker, newest first, with range and standing.",
        "The values of one marker over a time, oldest first.",
        "Count, lowest, highest, average, first, last and change of one marker over a time, computed by the program.",
        "The statistics of one marker in two stretches of time, and the difference of their averages, computed by the program.",
        "Records that are no values: conditions, medications, allergies, immunizations, procedures, encounters, diagnostic reports, notes.",
        "Searches the texts of notes, reports and other records, and names of markers, for words.",
        "What the records do not hold or what waits: rows to be reviewed, files that could not be read, values without a date.",
    ];
    let kinds: Vec<&str> =
        Kind::ALL.iter().filter(|k| **k != Kind::Observation).map(|k| k.as_str()).collect();
    let schemas = [
        object(json!({"query": {"type": "string"}}), &["query"]),
        object(json!({"marker": marker, "count": limit(10)}), &["marker"]),
        object(
            json!({"marker": marker, "from": date("First day"), "to": date("Last day"), "limit": limit(ROWS)}),
            &["marker"],
        ),
        object(json!({"marker": marker, "from": date("First day"), "to": date("Last day")}), &["marker"]),
        object(
            json!({"marker": marker, "first_from": date("First day of the first time"), "first_to": date("Its last day"),
                "second_from": date("First day of the second time"), "second_to": date("Its last day")}),
            &["marker"],
        ),
        object(
            json!({"kind": {"type": "string", "enum": kinds}, "query": {"type": "string"},
                "active_only": {"type": "boolean"}, "limit": limit(ROWS)}),
            &["kind"],
        ),
        object(json!({"query": {"type": "string"}, "limit": limit(20)}), &["query"]),
        object(json!({}), &[]),
    ];
    NAMES
        .into_iter()
        .zip(descriptions)
        .zip(schemas)
        .map(|((name, description), schema)| ToolSpec { name, description, schema })
        .collect()
}
