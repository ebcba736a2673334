//! What questions are answered from: a person's records as an index, beside it documents and what waits.
//!
//! [`Index`] is the same for every language and is made once for each version of the records; [`Facts`] puts
//! beside it what is asked for anew each time. The built-in answerer and the tools of a model read the same
//! methods, so that both say the same.

mod find;
mod index;
mod receipt;

pub use find::{Found, Hit, Sureness};
pub use index::{NewItem, NewMarker, NewValue};

use crate::Lang;
use keepwell_domain::{
    analyte::{self, Analyte},
    ids::{DocumentId, RecordId},
    measure::Quantity,
    record::{Body, Kind},
    time::{DAY, Date, Ts, When},
    view::{DocumentState, RangeView, Shown, Standing},
};
use std::{collections::HashMap, sync::Arc};

/// What a value of a record says beside its number.
pub struct Detail {
    /// The record.
    pub record: RecordId,
    /// When, as stated.
    pub when: When,
    /// As printed.
    pub shown: Shown,
    /// The quantity as given; `None` for a text, a coded answer, a ratio.
    pub quantity: Option<Quantity>,
    /// The LOINC code that was stated.
    pub loinc: Option<String>,
    /// How it stands to the range that came with it.
    pub standing: Standing,
    /// That range.
    pub range: Option<RangeView>,
    /// Laboratory or device.
    pub lab: Option<String>,
    /// Documents that say it; empty when typed in.
    pub documents: Vec<DocumentId>,
    /// When it was first stored.
    pub created: Ts,
    /// Whether another source says something else of the same marker and time.
    pub is_contradicted: bool,
}

/// One value of a marker.
pub struct ValueFact {
    /// When, for sorting.
    pub t: Ts,
    /// In the marker's unit; `None` for texts and where the conversion is not certain.
    pub number: Option<f64>,
    /// The record behind it; `None` for a day of samples.
    pub detail: Option<Box<Detail>>,
}

impl ValueFact {
    /// The day on which it was taken, where it was taken.
    #[must_use]
    pub fn day(&self) -> Date {
        self.detail.as_ref().map_or_else(|| self.t.date(), |d| d.when.date())
    }
    /// The date as stated, ISO, as precise as it is.
    #[must_use]
    pub fn date(&self) -> String {
        self.detail.as_ref().map_or_else(|| self.t.date().to_string(), |d| d.when.to_string())
    }
    /// Whether it is `<` or `>` something.
    #[must_use]
    pub fn is_censored(&self) -> bool {
        self.detail.as_ref().is_some_and(|d| !d.shown.comparator.is_empty())
    }
    /// How it stands to its laboratory's range.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.detail.as_ref().map_or(Standing::Unknown, |d| d.standing)
    }
    /// Whether sources contradict each other on it.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.detail.as_ref().is_some_and(|d| d.is_contradicted)
    }
}

/// A marker with its values.
pub struct MarkerFact {
    /// What stands in `/markers/{key}`.
    pub key: String,
    /// The catalogue's analyte.
    pub analyte: Option<&'static Analyte>,
    /// The name as printed in the newest result.
    pub printed: String,
    /// All names under which results of it were printed.
    pub aliases: Vec<String>,
    /// The unit of every [`ValueFact::number`], a UCUM code or as printed.
    pub unit: String,
    /// Values, oldest first.
    pub values: Vec<ValueFact>,
    /// Whether days of dense samples are among them.
    pub is_dense: bool,
    /// Records that state the same result as a value's record, by the latter.
    twins: HashMap<RecordId, Vec<ValueFact>>,
}

impl MarkerFact {
    /// Other records that state this very result: it counts once and has all of them as its receipts.
    #[must_use]
    pub fn twins(&self, v: &ValueFact) -> &[ValueFact] {
        v.detail.as_ref().and_then(|d| self.twins.get(&d.record)).map_or(&[], Vec::as_slice)
    }
    /// The name in a language.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        self.analyte.map_or(self.printed.as_str(), |a| a.name(lang.as_str()))
    }
    /// Usual decimals.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        self.analyte.map_or(1, |a| a.decimals)
    }
    /// The unit as written.
    #[must_use]
    pub fn unit_label(&self) -> String {
        if self.analyte.is_some() { analyte::unit_label(&self.unit) } else { self.unit.clone() }
    }
    /// A value as printed, comparator and unit included; a day of samples in the marker's unit.
    #[must_use]
    pub fn shown(&self, v: &ValueFact) -> String {
        match (&v.detail, v.number) {
            (Some(d), _) => {
                let gap = if d.shown.unit.is_empty() { "" } else { " " };
                format!("{}{}{gap}{}", d.shown.comparator, d.shown.text, d.shown.unit)
            }
            (None, Some(n)) => self.written(n),
            (None, None) => String::new(),
        }
    }
    /// A number in the marker's unit, with its usual decimals.
    #[must_use]
    pub fn written(&self, n: f64) -> String {
        let unit = self.unit_label();
        let gap = if unit.is_empty() { "" } else { " " };
        format!("{}{gap}{unit}", analyte::format_value(n, self.decimals()))
    }
}

/// A record that is no value: a condition, a medication, a visit….
pub struct ItemFact {
    /// The record.
    pub record: RecordId,
    /// Its name as printed; for a note its title or first words.
    pub title: String,
    /// When, as stated.
    pub when: Option<When>,
    /// What it says.
    pub body: Body,
    /// Documents that say it; empty when typed in.
    pub documents: Vec<DocumentId>,
    /// When it was first stored.
    pub created: Ts,
    /// Everything in it that can be searched for, folded.
    folded: String,
}

impl ItemFact {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }
    /// The date as stated, or empty.
    #[must_use]
    pub fn date(&self) -> String {
        self.when.map_or(String::new(), |w| w.to_string())
    }
    /// When it ended, where that is stated.
    #[must_use]
    pub fn end(&self) -> Option<When> {
        match &self.body {
            Body::Condition(c) => c.abatement,
            Body::Medication(m) => m.end,
            Body::Procedure(p) => p.end,
            Body::Encounter(e) => e.end,
            _ => None,
        }
    }
    /// When it began: a medication's stated start before the record's own time.
    #[must_use]
    pub fn start(&self) -> Option<When> {
        match &self.body {
            Body::Medication(m) => m.start.or(self.when),
            Body::Condition(c) => c.onset.or(self.when),
            _ => self.when,
        }
    }
    /// Whether it goes on as far as the records say: an active condition, a current medication, an allergy
    /// that was not resolved.
    #[must_use]
    pub fn is_active(&self, today: Date) -> bool {
        let is_over = |w: Option<When>| w.is_some_and(|w| w.date() <= today);
        match &self.body {
            Body::Condition(c) => {
                !is_over(c.abatement)
                    && c.clinical_status
                        .as_deref()
                        .is_none_or(|s| matches!(s, "active" | "recurrence" | "relapse"))
                    && c.verification.as_deref().is_none_or(|s| !matches!(s, "refuted" | "entered-in-error"))
            }
            Body::Medication(m) => {
                !is_over(m.end)
                    && m.status.as_deref().is_none_or(|s| matches!(s, "active" | "intended" | "on-hold"))
                    && self.start().is_none_or(|w| w.date() <= today)
            }
            Body::Allergy(a) => a.clinical_status.as_deref().is_none_or(|s| s == "active"),
            _ => false,
        }
    }
    /// Whether the source itself took it back: refuted, entered in error, not done.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        let s = match &self.body {
            Body::Condition(c) => {
                return matches!(c.verification.as_deref(), Some("refuted" | "entered-in-error"));
            }
            Body::Medication(m) => &m.status,
            Body::Immunization(i) => &i.status,
            Body::Procedure(p) => &p.status,
            Body::Encounter(e) => &e.status,
            _ => return false,
        };
        matches!(s.as_deref(), Some("entered-in-error" | "not-done" | "cancelled" | "not-taken"))
    }
    /// Whether all folded words stand in it.
    #[must_use]
    pub fn has_words(&self, words: &[String]) -> bool {
        words.iter().all(|w| self.folded.contains(w.as_str()))
    }
}

/// A document.
pub struct DocumentFact {
    /// Id.
    pub id: DocumentId,
    /// File name.
    pub name: String,
    /// What it is in words.
    pub format: String,
    /// When it was brought.
    pub created: Ts,
    /// State.
    pub state: DocumentState,
    /// Records that it is a source of.
    pub records: u64,
    /// Samples in series.
    pub samples: u64,
    /// Rows that wait for the person's word.
    pub waiting: u64,
    /// Whom it says it is about.
    pub subject: Option<String>,
    /// Why it could not be read, or only in part.
    pub reason: Option<String>,
}

/// A row of a table that waits for the person's word. Its value is nobody's fact yet and is not here.
pub struct WaitingFact {
    /// The document in which it stands.
    pub document: DocumentId,
    /// The marker that it would belong to, where that can be told.
    pub key: Option<String>,
    /// The test's name as printed.
    pub name: String,
    /// Its date, where that can be told.
    pub when: Option<When>,
}

/// All records of one profile, indexed for questions.
#[derive(Default)]
pub struct Index {
    markers: Vec<MarkerFact>,
    by_key: HashMap<String, usize>,
    names: find::Names,
    items: Vec<ItemFact>,
    /// Values without any date: they are in no marker's course.
    undated: Vec<(String, RecordId)>,
}

/// What a question is answered from.
#[derive(Clone)]
pub struct Facts {
    /// The records.
    pub index: Arc<Index>,
    /// Documents, newest first.
    pub documents: Arc<Vec<DocumentFact>>,
    /// Rows that wait.
    pub waiting: Arc<Vec<WaitingFact>>,
    /// Today, where the person is.
    pub today: Date,
    /// The language of the answer.
    pub lang: Lang,
}

/// A stretch of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Days {
    /// First day; open when `None`.
    pub from: Option<Date>,
    /// Last day; open when `None`.
    pub to: Option<Date>,
}

impl Days {
    /// All time.
    pub const ALL: Self = Self { from: None, to: None };
    /// Whether a day lies in it.
    #[must_use]
    pub fn holds(self, d: Date) -> bool {
        self.from.is_none_or(|f| d >= f) && self.to.is_none_or(|t| d <= t)
    }
    /// Whether all that a stated time may mean lies in it; a year lies in it only as a whole.
    #[must_use]
    pub fn holds_when(self, w: When) -> bool {
        let last = match w {
            When::Year(y) => Date::new(y, 12, 31).unwrap_or_else(|_| w.date()),
            When::Month(y, m) => {
                Date::new(y, m, keepwell_domain::time::days_in_month(y, m)).unwrap_or_else(|_| w.date())
            }
            _ => w.date(),
        };
        self.holds(w.date()) && self.holds(last)
    }
    /// Whether it is all time.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }
}

impl Facts {
    /// All markers, by key.
    #[must_use]
    pub fn markers(&self) -> &[MarkerFact] {
        &self.index.markers
    }

    /// A marker by its key, or by any LOINC code of its analyte.
    #[must_use]
    pub fn marker(&self, key: &str) -> Option<&MarkerFact> {
        let found = self
            .index
            .by_key
            .get(key)
            .or_else(|| analyte::find_by_loinc(key).and_then(|a| self.index.by_key.get(a.loinc)))?;
        self.index.markers.get(*found)
    }

    /// A marker's values in a stretch of days, oldest first.
    pub fn values<'a>(&'a self, key: &str, days: Days) -> impl Iterator<Item = &'a ValueFact> + use<'a> {
        let all = self.marker(key).map_or(&[][..], |m| m.values.as_slice());
        all.iter().filter(move |v| {
            v.detail
                .as_ref()
                .map_or_else(|| days.holds(v.day()), |d| days.is_all() || days.holds_when(d.when))
        })
    }

    /// A marker's newest value that is not in the future.
    #[must_use]
    pub fn latest(&self, key: &str) -> Option<&ValueFact> {
        let m = self.marker(key)?;
        let tomorrow = Ts((self.today.days() + 1) * DAY);
        m.values.iter().rev().find(|v| v.t < tomorrow || v.day() <= self.today)
    }

    /// Records of one kind, newest first, those without a time last.
    pub fn items(&self, kind: Kind) -> impl Iterator<Item = &ItemFact> {
        self.index.items.iter().filter(move |i| i.kind() == kind)
    }

    /// All records that are no values, newest first, those without a time last.
    #[must_use]
    pub fn all_items(&self) -> &[ItemFact] {
        &self.index.items
    }

    /// A record that is no value.
    #[must_use]
    pub fn item(&self, id: RecordId) -> Option<&ItemFact> {
        self.index.items.iter().find(|i| i.record == id)
    }

    /// A document.
    #[must_use]
    pub fn document(&self, id: DocumentId) -> Option<&DocumentFact> {
        self.documents.iter().find(|d| d.id == id)
    }

    /// Rows that wait for the person's word and would belong to a marker.
    pub fn waiting_for<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a WaitingFact> {
        self.waiting.iter().filter(move |w| w.key.as_deref() == Some(key))
    }

    /// Documents that were not read to the end: they wait, are being read, need an answer or failed.
    pub fn unread(&self) -> impl Iterator<Item = &DocumentFact> {
        self.documents.iter().filter(|d| {
            matches!(d.state, DocumentState::Queued | DocumentState::Reading | DocumentState::Failed)
                || (d.state == DocumentState::Review && d.waiting == 0)
        })
    }

    /// How many values of a marker state no date.
    #[must_use]
    pub fn undated(&self, key: &str) -> usize {
        self.index.undated.iter().filter(|(k, _)| k == key).count()
    }
}
