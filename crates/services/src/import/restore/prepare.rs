//! From an export's lines to rows: what is there already is met by the usual rules of identity.

use super::{NewFile, Restored};
use crate::{
    core::fresh,
    documents::meta::{Meta, clean_name},
    error::{Result, ServiceError},
    import::{
        Counts,
        identity::identity,
        known::{Known, fingerprint, seal_locator},
        person::PersonAnswer,
        prepare::Rows,
        waiting,
    },
    keyring::{ProfileKeys, Table},
    vault::Vault,
};
use keepwell_crypto::NonceSource;
use keepwell_domain::{
    ids::{DocumentId, RecordId},
    locator::Locator,
    record::Record,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use keepwell_parsers::{
    reason::{Fate, Told},
    restore::{ConversationLine, DocumentLine, PastLine, RecordLine, ReviewLine, Settings},
    sink::Limits,
};
use keepwell_store::{document as rows, record, review};
use std::collections::{HashMap, HashSet};

const MAX_WARNINGS: usize = 1_000;
const MAX_LINE: usize = 2_000;
/// Earlier versions of one record that are restored; the newest ones.
const MAX_PAST: usize = 1_000;
/// Keys of marks, and instances in which one document was.
pub(super) const MAX_MARK_KEYS: usize = 20;
/// Columns whose names are kept.
const MAX_HEADING: usize = 200;

/// What the profile has already.
pub(in crate::import) struct There {
    /// Its documents.
    pub documents: Vec<rows::Document>,
    /// Which records stand in which documents.
    pub standing: HashSet<(RecordId, DocumentId)>,
}

impl There {
    pub fn of(vault: &Vault, documents: Vec<rows::Document>) -> Self {
        let pairs = |o: &crate::vault::Open| o.documents.iter().map(|d| (o.id, *d)).collect::<Vec<_>>();
        Self { documents, standing: vault.records.iter().flat_map(pairs).collect() }
    }
}

/// Rows of an export that no other import has.
#[derive(Default)]
pub(in crate::import) struct RestoredRows {
    pub documents: Vec<NewDocument>,
    pub records: Vec<NewRecord>,
    /// Known records that the person also put in by hand.
    pub by_hand: Vec<RecordId>,
    pub settings: Settings,
    /// Keys of marks, and the marks themselves.
    pub mark_keys: Vec<[u8; 32]>,
    pub marks: Vec<Fingerprint>,
    /// Rows of tables; they go in once the documents and records are there.
    pub review: Vec<review::NewReviewRow>,
    /// Conversations whose receipts name what is here.
    pub conversations: Vec<ConversationLine>,
}

/// A document to be made.
pub(in crate::import) struct NewDocument {
    pub id: DocumentId,
    pub parent: Option<DocumentId>,
    pub file: Option<NewFile>,
    pub meta: Meta,
    pub state: rows::DocumentState,
    pub records: i64,
    pub created: Ts,
}

/// A record to be made, its first version first.
pub(in crate::import) struct NewRecord {
    pub created: Ts,
    pub first: record::NewRecord,
    /// Later versions, each with the time at which it replaced the one before.
    pub later: Vec<(Ts, Sealed)>,
}

/// Compares an export with what is there and seals what is new.
pub(in crate::import) fn prepare(
    keys: &ProfileKeys,
    known: &mut Known,
    nonces: &mut NonceSource,
    (root, rows): (DocumentId, &mut Rows),
    there: &There,
    restored: Restored,
) -> Result<(RestoredRows, Counts)> {
    let mut out = RestoredRows {
        settings: restored.settings,
        mark_keys: restored.deleted.keys.iter().take(MAX_MARK_KEYS).filter_map(|k| bytes32(k)).collect(),
        marks: restored.deleted.marks.iter().filter_map(|m| bytes32(m).map(Fingerprint)).collect(),
        ..RestoredRows::default()
    };
    let ids = documents(keys, (root, &mut out), there, restored.documents, &restored.files)?;
    let mut p = Preparing {
        keys,
        known,
        nonces,
        ids: &ids,
        root,
        there,
        times: HashMap::new(),
        taken: HashSet::new(),
        records: HashMap::new(),
    };
    let mut counts = Counts::default();
    for line in restored.records {
        p.record(line, rows, &mut out, &mut counts)?;
    }
    for line in restored.rows {
        p.row(&line, &mut out)?;
    }
    let records = p.records;
    out.conversations = restored.conversations;
    out.conversations.iter_mut().for_each(|c| super::conversations::here(c, &records, &ids));
    for (series, listed) in restored.series {
        let mut into: Vec<DocumentId> = listed.iter().filter_map(|d| ids.get(d).copied()).collect();
        if into.is_empty() {
            into.push(root);
        }
        rows.series_sources.extend(into.into_iter().map(|d| (series.fingerprint, d)));
        counts.samples += u64::try_from(series.samples).unwrap_or(0);
        rows.series.push(series);
    }
    Ok((out, counts))
}

/// Maps the export's ids to documents here: the same file again is the one that is there.
fn documents(
    keys: &ProfileKeys,
    (root, out): (DocumentId, &mut RestoredRows),
    there: &There,
    lines: Vec<DocumentLine>,
    files: &HashMap<String, NewFile>,
) -> Result<HashMap<String, DocumentId>> {
    let mut ids = HashMap::new();
    let by_content: HashMap<Fingerprint, DocumentId> = there
        .documents
        .iter()
        .filter(|d| d.parent_id.is_none())
        .filter_map(|d| Some((d.content_fp?, d.id)))
        .collect();
    let mut parts: HashMap<(DocumentId, String), Vec<DocumentId>> = HashMap::new();
    for d in there.documents.iter().rev() {
        if let Some(parent) = d.parent_id {
            parts.entry((parent, Meta::open(keys, d)?.name)).or_default().push(d.id);
        }
    }
    let (whole, inner): (Vec<_>, Vec<_>) = lines.into_iter().partition(|d| d.parent.is_none());
    for line in whole.into_iter().chain(inner) {
        let export_id = line.id.clone();
        let file = files.get(&export_id).copied();
        let parent = line.parent.as_ref().map(|p| ids.get(p).copied());
        let same = match parent {
            None => file.and_then(|f| by_content.get(&f.content).copied()),
            // Its archive is not in the export.
            Some(None) => continue,
            Some(Some(p)) => parts.get_mut(&(p, clean_name(&line.name))).and_then(Vec::pop),
        };
        let id = same.or(file.map(|f| f.id)).unwrap_or_else(fresh);
        if ids.insert(export_id, id).is_none() && same.is_none() {
            out.documents.push(new_document((id, root), parent.flatten(), file, line));
        }
    }
    Ok(ids)
}

fn new_document(
    (id, came_with): (DocumentId, DocumentId),
    parent: Option<DocumentId>,
    file: Option<NewFile>,
    line: DocumentLine,
) -> NewDocument {
    let short = |t: String| t.chars().take(MAX_LINE).collect::<String>();
    let plain_type = line.media_type.len() <= 100 && line.media_type.bytes().all(|c| c.is_ascii_graphic());
    let answers = line.answers.map(|mut a| {
        a.limits = Limits::default();
        a
    });
    let mut meta = Meta {
        name: clean_name(&line.name),
        size: file.map_or(line.size, |f| f.size),
        media_type: if plain_type { line.media_type } else { String::new() },
        format: short(line.format),
        reason: line.reason.map(|r| short_told(r, &short)),
        warnings: line.warnings,
        questions: line.questions,
        answers,
        subject: line.subject.map(short),
        read: line.read,
        skipped: line.skipped,
        samples: line.samples,
        demo: line.demo,
        waiting: 0,
        heading: line.heading.into_iter().take(MAX_HEADING).map(short).collect(),
        who: line.who,
        person: line.person.as_deref().and_then(PersonAnswer::parse),
        contents: line.contents.iter().take(MAX_MARK_KEYS).filter_map(|c| bytes32(c)).collect(),
        came_with: Some(came_with),
    };
    meta.warnings.truncate(MAX_WARNINGS);
    let state = rows::DocumentState::parse(&line.state).unwrap_or(rows::DocumentState::Done);
    let unread = matches!(state, rows::DocumentState::Queued | rows::DocumentState::Reading);
    // Of an older export, what waits for a word is read once more, so that it waits here too.
    let rows_are_missing = line.waiting.is_none();
    let state = match (unread, file.is_some() && parent.is_none()) {
        (false, true) if state == rows::DocumentState::Review && rows_are_missing => {
            rows::DocumentState::Queued
        }
        (false, _) => state,
        (true, true) => rows::DocumentState::Queued,
        (true, false) => rows::DocumentState::Failed,
    };
    if parent.is_none() && file.is_none() {
        meta.reason.get_or_insert_with(|| Fate::OriginalMissing.into());
    }
    NewDocument { id, parent, file, meta, state, records: line.records.max(0), created: line.created }
}

/// 32 bytes in hexadecimal.
fn bytes32(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let is_hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    for (i, b) in out.iter_mut().enumerate() {
        *b = u8::from_str_radix(text.get(2 * i..2 * i + 2).filter(|_| is_hex)?, 16).ok()?;
    }
    Some(out)
}

/// A sentence of an earlier version, shortened; a code is short.
fn short_told(told: Told, short: &impl Fn(String) -> String) -> Told {
    match told {
        Told::Words(text) => Told::Words(short(text)),
        why => why,
    }
}

struct Preparing<'a> {
    keys: &'a ProfileKeys,
    known: &'a mut Known,
    nonces: &'a mut NonceSource,
    ids: &'a HashMap<String, DocumentId>,
    root: DocumentId,
    there: &'a There,
    /// How many records of the export said the same before.
    times: HashMap<(String, String), u32>,
    taken: HashSet<RecordId>,
    /// The export's ids of records.
    records: HashMap<String, RecordId>,
}

impl Preparing<'_> {
    /// A row of a table, where its document came with the export: in a document that was there, the
    /// review goes on as it stands.
    fn row(&mut self, line: &ReviewLine, out: &mut RestoredRows) -> Result<()> {
        let id = self.ids.get(&line.document).copied();
        let document = id.and_then(|id| out.documents.iter_mut().find(|d| d.id == id));
        let (Some(document), Some(state)) = (document, review::ReviewState::parse(&line.state)) else {
            return Ok(());
        };
        let mut row = waiting::seal(self.keys, self.nonces, document.id, &line.row)?;
        row.record_id = line.record.as_ref().and_then(|r| self.records.get(r).copied());
        row.state = state;
        document.meta.waiting += u64::from(state == review::ReviewState::Waiting);
        out.review.push(row);
        Ok(())
    }

    fn record(
        &mut self,
        mut line: RecordLine,
        rows: &mut Rows,
        out: &mut RestoredRows,
        counts: &mut Counts,
    ) -> Result<()> {
        line.history.sort_by_key(|p| p.version);
        let surplus = line.history.len().saturating_sub(MAX_PAST);
        // An imported record is known by what its file said, whatever it was changed to since.
        let oldest = if line.by_hand { None } else { line.history.first() };
        let i = identity(oldest.map_or(&line.record, |p| &p.record));
        line.history.drain(..surplus);
        let nth = self.times.entry((i.what.clone(), i.when.clone())).or_default();
        let fp = fingerprint(self.keys, &i, *nth);
        let is_dead = !self.known.by_fp.contains_key(&fp) && self.known.dead.said(&i, *nth, fp);
        *nth += 1;
        if is_dead {
            return Ok(());
        }
        let found = self.known.by_fp.get(&fp).copied().or_else(|| self.known.same_day(&i, &self.taken));
        let id = match found {
            Some(id) => {
                counts.joined += 1;
                if line.by_hand {
                    out.by_hand.push(id);
                }
                id
            }
            None => {
                let id = fresh::<RecordId>();
                out.records.push(self.seal(id, fp, &line)?);
                self.known.add(i, fp, id);
                id
            }
        };
        self.taken.insert(id);
        self.records.insert(std::mem::take(&mut line.id), id);
        counts.records += 1;
        self.sources(id, line, rows)
    }

    fn seal(&self, id: RecordId, fp: Fingerprint, line: &RecordLine) -> Result<NewRecord> {
        let seal = |version: usize, r: &Record| -> Result<Sealed> {
            let plain =
                postcard::to_allocvec(r).map_err(|_| ServiceError::internal("record", &"does not encode"))?;
            let version = u32::try_from(version).map_err(|_| ServiceError::Internal)?;
            self.keys.seal(Table::Record, "sealed", id.uuid(), version, &plain)
        };
        let past: &[PastLine] = &line.history;
        let versions: Vec<&Record> =
            past.iter().map(|p| &p.record).chain(std::iter::once(&line.record)).collect();
        let first = versions.first().copied().unwrap_or(&line.record);
        let later = past
            .iter()
            .zip(versions.iter().skip(1))
            .enumerate()
            .map(|(n, (before, r))| Ok((before.changed_at, seal(n + 2, r)?)))
            .collect::<Result<Vec<_>>>()?;
        let first = record::NewRecord { id, fingerprint: fp, sealed: seal(1, first)?, by_hand: line.by_hand };
        Ok(NewRecord { created: line.created, first, later })
    }

    fn sources(&mut self, id: RecordId, line: RecordLine, rows: &mut Rows) -> Result<()> {
        let mut places: Vec<(DocumentId, i64, Locator)> = Vec::with_capacity(line.sources.len());
        for s in line.sources {
            match self.ids.get(&s.document) {
                Some(d) => places.push((*d, s.ordinal, s.locator)),
                // Better a rough place than none.
                None => places.push((self.root, s.ordinal, Locator::Whole)),
            }
        }
        if places.is_empty() && !line.by_hand {
            places.push((self.root, 0, Locator::Whole));
        }
        for (document, ordinal, locator) in places {
            if self.there.standing.contains(&(id, document)) {
                continue;
            }
            rows.sources.push(record::RecordSource {
                record_id: id,
                document_id: document,
                ordinal,
                locator_sealed: seal_locator(self.keys, self.nonces, id, &locator)?,
            });
        }
        Ok(())
    }
}
