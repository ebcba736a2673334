//! From what a reader gave to rows: what is there already is met by the rules of identity, what is
//! new is sealed, what is in doubt waits.

use super::{
    Counts, Outcome,
    again::{Before, Decided},
    collect::{Collected, Draft},
    conclude,
    identity::{Identity, identity},
    known::{Known, fingerprint, seal_locator, seal_record},
    marks::{Crowd, Home},
    person::{Acquaintance, Meeting, PersonAnswer, words},
    restore::{RestoredRows, There, prepare as restore},
    waiting,
};
use crate::{core::fresh, documents::meta::Meta, error::Result, keyring::ProfileKeys};
use keepwell_crypto::NonceSource;
use keepwell_domain::{
    ids::{DocumentId, RecordId},
    locator::Locator,
    record::{ParsedRecord, Subject},
    sealed::Fingerprint,
};
use keepwell_parsers::{
    reason::Fate,
    sink::Question,
    table::doubt::{Doubt, Printed, Unsure},
};
use keepwell_store::{document as rows, record, review, series};
use std::collections::{HashMap, HashSet};

/// Rows ready to be written.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) records: Vec<record::NewRecord>,
    pub(super) sources: Vec<record::RecordSource>,
    pub(super) series: Vec<series::NewSeries>,
    pub(super) series_sources: Vec<(Fingerprint, DocumentId)>,
    pub(super) restored: Option<RestoredRows>,
    pub(super) documents: Vec<Brought>,
    pub(super) review: Vec<review::NewReviewRow>,
    /// What an earlier reading left, where this one replaces it.
    pub(super) before: Option<Before>,
    /// Whom the profile's files name, where that has changed.
    pub(super) subjects: Option<Vec<Subject>>,
}

/// A document, or a part of one, as it is after its reading.
pub(super) struct Brought {
    pub(super) id: DocumentId,
    /// Its row version, where an earlier reading made it.
    pub(super) row_version: Option<i64>,
    pub(super) meta: Meta,
    pub(super) state: rows::DocumentState,
    pub(super) counts: Counts,
    /// The file in which its records stand.
    home: Home,
    /// Whether a row waits because of the order of day and month.
    pub(super) asks_dates: bool,
}

impl Brought {
    fn new(
        (id, row_version): (DocumentId, Option<i64>),
        home: Home,
        meta: Meta,
        state: rows::DocumentState,
    ) -> Self {
        Self { id, row_version, meta, state, counts: Counts::default(), home, asks_dates: false }
    }
}

/// What a reader gave, and what the document was before.
pub(super) struct Reading {
    pub(super) id: DocumentId,
    pub(super) home: Home,
    pub(super) meta: Meta,
    pub(super) records: i64,
    pub(super) collected: Collected,
    pub(super) outcome: Outcome,
}

/// Turns what was read into rows.
pub(super) struct Preparing<'k> {
    keys: &'k ProfileKeys,
    nonces: NonceSource,
    known: Known,
    acquaintance: Acquaintance,
    before: Before,
    rows: Rows,
    /// Whom the drafts name that must wait.
    strangers: Vec<String>,
}

impl<'k> Preparing<'k> {
    pub fn new(keys: &'k ProfileKeys, known: Known, acquaintance: Acquaintance, before: Before) -> Self {
        let (rows, nonces) = (Rows::default(), NonceSource::new());
        Self { keys, nonces, known, acquaintance, before, rows, strangers: Vec::new() }
    }

    pub fn prepare(mut self, read: Reading, there: &There) -> Result<Rows> {
        let Reading { id, home, meta, records, collected, outcome } = read;
        let mut drafts = collected.drafts.into_iter();
        let root = drafts.next().unwrap_or_default();
        // A reader that failed half-way left items that nobody vouches for.
        if !matches!(outcome, Outcome::Read(_)) {
            let is_again = self.before.is_any();
            let (state, meta) = if is_again {
                conclude::unchanged(meta, &outcome)
            } else {
                conclude::document(meta, &root, &outcome)
            };
            let records = if is_again { u64::try_from(records).unwrap_or(0) } else { 0 };
            let counts = Counts { records, ..Counts::default() };
            self.rows.documents.push(Brought { counts, ..Brought::new((id, None), home, meta, state) });
            return Ok(self.rows);
        }
        let (state, meta) = conclude::document(meta, &root, &outcome);
        self.draft(Brought::new((id, None), home.clone(), meta, state), root)?;
        let mut names: HashMap<String, u32> = HashMap::new();
        for draft in drafts {
            let (state, meta) = conclude::part(&draft);
            let known = self.before.take_part(&meta.name);
            let (id, row_version) = known.map_or_else(|| (fresh(), None), |d| (d.id, Some(d.row_version)));
            let nth = names.entry(meta.name.clone()).or_default();
            let home = home.part(&meta.name, *nth);
            *nth += 1;
            self.draft(Brought::new((id, row_version), home, meta, state), draft)?;
        }
        if let Some(restored) = collected.restored {
            // An export only ever adds.
            self.before = Before::default();
            let into = (id, &mut self.rows);
            let (new, counts) = restore(self.keys, &mut self.known, &mut self.nonces, into, there, restored)?;
            self.rows.restored = Some(new);
            self.rows.documents[0].counts = counts;
            self.rows.documents[0].meta.reason = Some(Fate::Restored.into());
        }
        Ok(self.finish())
    }

    /// One draft: read in, or held back because it is about somebody else.
    fn draft(&mut self, mut to: Brought, draft: Draft) -> Result<()> {
        if self.acquaintance.meet(draft.subject.as_ref()) == Meeting::Stranger {
            let keep = self.acquaintance.answer() == Some(PersonAnswer::Keep);
            to.state = conclude::stranger(&mut to.meta, keep);
            if !keep {
                self.strangers.extend(draft.subject.as_ref().and_then(words));
            }
        } else {
            self.add_draft(&mut to, draft)?;
        }
        self.rows.documents.push(to);
        Ok(())
    }

    /// What the parts come to for the whole.
    fn finish(mut self) -> Rows {
        let samples = self.rows.documents.iter().map(|d| d.counts.samples).sum();
        let waiting = self.rows.documents.iter().skip(1).any(|d| d.meta.waiting > 0);
        if let Some(root) = self.rows.documents.first_mut() {
            root.meta.samples = samples;
            if !self.strangers.is_empty() {
                if root.state == rows::DocumentState::Review {
                    // The question says it.
                    root.meta.reason = None;
                }
                conclude::ask_person(&mut root.meta, &self.strangers, self.acquaintance.words());
            }
            if waiting || !self.strangers.is_empty() {
                root.state = rows::DocumentState::Review;
            }
        }
        for d in &mut self.rows.documents {
            if d.counts.joined > 0 {
                d.meta.read.insert("known_before".to_owned(), d.counts.joined);
            }
        }
        self.rows.subjects = self.acquaintance.into_changed();
        self.rows.before = self.before.is_any().then_some(self.before);
        self.rows
    }

    /// Turns one draft into rows: new records, further sources of known ones, rows that wait.
    fn add_draft(&mut self, to: &mut Brought, draft: Draft) -> Result<()> {
        let mut counts = Counts { samples: draft.samples, ..Counts::default() };
        let mut seen = Seen::default();
        let crowd = self.crowd(&draft);
        for (n, parsed) in draft.records.into_iter().enumerate() {
            match self.before.decided_at(to.id, &parsed.locator) {
                Some(Decided::LeftOut) => continue,
                Some(Decided::Accepted(id)) => {
                    self.stand(id, to.id, n as u64, &parsed.locator, &mut counts, &mut seen)?;
                    continue;
                }
                None => {}
            }
            let i = identity(&parsed.record);
            if let Some(source) = &parsed.source_id
                && !seen.listed.insert((source.clone(), i.clone()))
            {
                continue;
            }
            let nth = seen.nth(&i);
            let fp = fingerprint(self.keys, &i, nth);
            let edited = || self.before.edited_at(to.id, &parsed.locator);
            let lives = self.known.by_fp.contains_key(&fp) || edited().is_some();
            let stood = || {
                let alone = crowd.is_alone(&parsed.locator, &parsed.record);
                self.known.dead.stood(&to.home, &parsed.locator, &parsed.record, alone)
            };
            if !lives && (self.known.dead.said(&i, nth, fp) || stood()) {
                continue;
            }
            let found = self.known.found(&i, fp, &seen.taken).or_else(edited);
            if found.is_none() && self.known.is_nearly(&parsed) {
                seen.back(&i);
                self.wait(to, nearly(parsed))?;
                continue;
            }
            let id = match found {
                Some(id) => {
                    counts.joined += 1;
                    id
                }
                None => {
                    let id = fresh::<RecordId>();
                    self.rows.records.push(seal_record(self.keys, &mut self.nonces, id, fp, &parsed)?);
                    self.known.add(i, fp, id);
                    id
                }
            };
            self.source(id, to.id, n as u64, &parsed.locator, &mut counts, &mut seen)?;
        }
        for row in draft.unsure {
            self.unsure(to, row, &crowd, &mut counts, &mut seen)?;
        }
        self.rows.series_sources.extend(draft.series.iter().map(|s| (s.fingerprint, to.id)));
        self.rows.series.extend(draft.series);
        if !to.asks_dates {
            // Each date that was in doubt was settled by itself.
            to.meta.questions.retain(|q| !matches!(q, Question::DayFirst { .. }));
        }
        if to.state != rows::DocumentState::Failed {
            to.state = conclude::open_or_done(&to.meta);
        }
        to.counts = counts;
        Ok(())
    }

    /// A row in doubt waits, unless it was decided on, or a record says the very same already.
    fn unsure(
        &mut self,
        to: &mut Brought,
        row: Unsure,
        crowd: &Crowd,
        counts: &mut Counts,
        seen: &mut Seen,
    ) -> Result<()> {
        match self.before.decided(to.id, row.place) {
            Some(Decided::LeftOut) => return Ok(()),
            Some(Decided::Accepted(id)) => {
                return self.stand(id, to.id, row.place, &row.parsed.locator, counts, seen);
            }
            None => {}
        }
        let parsed = &row.parsed;
        let alone = crowd.is_alone(&parsed.locator, &parsed.record);
        let stood = self.known.dead.stood(&to.home, &parsed.locator, &parsed.record, alone);
        if !row.doubts.iter().any(Doubt::needs_an_edit) {
            let i = identity(&row.parsed.record);
            let nth = seen.nth(&i);
            let fp = fingerprint(self.keys, &i, nth);
            let lives = self.known.by_fp.contains_key(&fp);
            if !lives && (stood || self.known.dead.said(&i, nth, fp)) {
                return Ok(());
            }
            if let Some(id) = self.known.found(&i, fp, &seen.taken) {
                counts.joined += 1;
                return self.source(id, to.id, row.place, &row.parsed.locator, counts, seen);
            }
            seen.back(&i);
        } else if stood {
            return Ok(());
        }
        self.wait(to, row)
    }

    /// Who stands where in a draft, if that matters.
    fn crowd(&self, draft: &Draft) -> Crowd {
        if !self.known.dead.knows_places() {
            return Crowd::default();
        }
        let sure = draft.records.iter();
        let all = sure.chain(draft.unsure.iter().map(|u| &u.parsed));
        Crowd::of(all.map(|p| (&p.locator, &p.record)))
    }

    fn wait(&mut self, to: &mut Brought, row: Unsure) -> Result<()> {
        to.meta.waiting += 1;
        to.asks_dates |= row.doubts.iter().any(|d| matches!(d, Doubt::DateOrder { .. }));
        self.rows.review.push(waiting::seal(self.keys, &mut self.nonces, to.id, &row)?);
        Ok(())
    }

    /// A record that a row became; it may have been deleted since.
    fn stand(
        &mut self,
        id: Option<RecordId>,
        document: DocumentId,
        ordinal: u64,
        l: &Locator,
        counts: &mut Counts,
        seen: &mut Seen,
    ) -> Result<()> {
        match id.filter(|id| self.known.ids.contains(id)) {
            Some(id) => self.source(id, document, ordinal, l, counts, seen),
            None => Ok(()),
        }
    }

    fn source(
        &mut self,
        record_id: RecordId,
        document_id: DocumentId,
        ordinal: u64,
        l: &Locator,
        counts: &mut Counts,
        seen: &mut Seen,
    ) -> Result<()> {
        seen.taken.insert(record_id);
        counts.records += 1;
        self.rows.sources.push(record::RecordSource {
            record_id,
            document_id,
            ordinal: i64::try_from(ordinal).unwrap_or(i64::MAX),
            locator_sealed: seal_locator(self.keys, &mut self.nonces, record_id, l)?,
        });
        Ok(())
    }
}

/// What one draft said so far.
#[derive(Default)]
struct Seen {
    times: HashMap<(String, String), u32>,
    listed: HashSet<(String, Identity)>,
    taken: HashSet<RecordId>,
}

impl Seen {
    /// How often the same was said before.
    fn nth(&mut self, i: &Identity) -> u32 {
        let times = self.times.entry((i.what.clone(), i.when.clone())).or_default();
        *times += 1;
        *times - 1
    }
    /// Takes back the last count.
    fn back(&mut self, i: &Identity) {
        if let Some(times) = self.times.get_mut(&(i.what.clone(), i.when.clone())) {
            *times = times.saturating_sub(1);
        }
    }
}

/// A certain row that nearly says what a record says: it waits too.
fn nearly(parsed: ParsedRecord) -> Unsure {
    let form = crate::picture::record::form_of(&parsed.record);
    let printed = Printed {
        name: form.name,
        value: form.value,
        unit: form.unit,
        range: [form.low, form.high].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" – "),
        date: format!("{} {}", form.date, form.time).trim().to_owned(),
    };
    // A reader names each row of a table by its place.
    let place = parsed.source_id.as_deref().and_then(|s| s.parse().ok()).unwrap_or(u64::MAX >> 1);
    Unsure { place, cells: Vec::new(), printed, parsed, doubts: vec![Doubt::NearlyKnown] }
}
