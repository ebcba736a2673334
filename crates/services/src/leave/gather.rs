//! Everything of a profile at one moment, but for the content of its files and columns.

use crate::{
    actor::Actor,
    ask::kept::{Kept, open_question, open_title},
    core::Services,
    documents::meta::{Meta, format_words},
    error::{Result, ServiceError},
    import::waiting,
    keyring::{ProfileKeys, Table},
    records::open::{Settings, open_record},
    series::days::Head,
    vault::Open,
};
use keepwell_domain::{
    access::LogItem,
    ids::{DocumentId, RecordId, SeriesId},
    locator::Locator,
    record::{Kind, Record},
    sealed::Fingerprint,
    time::Ts,
};
use keepwell_parsers::{
    restore::{ConversationLine, MessageLine},
    sniff::Format,
    table::doubt::Unsure,
};
use keepwell_store::{conversation, document, journal, mark, profile, record, review, series};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Everything that is exported.
pub struct Person {
    /// The profile's keys.
    pub keys: Arc<ProfileKeys>,
    /// The profile.
    pub profile: keepwell_domain::ids::ProfileId,
    /// Its name.
    pub name: String,
    /// Records by the time to which they belong, oldest first.
    pub records: Vec<Held>,
    /// Documents, oldest first; an archive stands before its parts.
    pub documents: Vec<Document>,
    /// Columns by metric and month.
    pub series: Vec<Columns>,
    /// Documents' names.
    names: HashMap<DocumentId, String>,
    /// Keys of favourite markers.
    pub favourites: Vec<String>,
    /// Whom the files named.
    pub subjects: Vec<keepwell_domain::record::Subject>,
    /// Rows of tables that wait or were decided on.
    pub review: Vec<Row>,
    /// Keys of the marks of what was deleted, the profile's own first.
    pub mark_keys: Vec<[u8; 32]>,
    /// The marks.
    pub marks: Vec<Fingerprint>,
    /// What was asked, oldest first.
    pub conversations: Vec<ConversationLine>,
    /// Sealed vaults of the journal that the account founded; with the profile that is its own person's.
    pub journals: Vec<Uuid>,
    /// The person's own log.
    pub audit: Vec<LogItem>,
    /// Now.
    pub now: Ts,
}

/// A record with all that belongs to it.
pub struct Held {
    /// The record.
    pub open: Open,
    /// Whether the person put it in.
    pub by_hand: bool,
    /// Where it stands.
    pub sources: Vec<Source>,
    /// What it was before, oldest first.
    pub past: Vec<Past>,
}

/// A place where a record stands.
pub struct Source {
    /// The document.
    pub document: DocumentId,
    /// Its place among the document's records.
    pub ordinal: i64,
    /// The place in the document.
    pub locator: Locator,
}

/// An earlier version of a record.
pub struct Past {
    /// Its version.
    pub version: i64,
    /// When it was replaced.
    pub replaced: Ts,
    /// What it said.
    pub record: Record,
}

/// One column, without its samples.
pub struct Columns {
    /// Its id.
    pub id: SeriesId,
    /// Its metric.
    pub metric: String,
    /// Its month.
    pub month: (i16, u8),
    /// The documents in which it stands.
    pub documents: Vec<DocumentId>,
}

/// A row of a table.
pub struct Row {
    /// The document.
    pub document: DocumentId,
    /// What became of it.
    pub state: review::ReviewState,
    /// The record that it became.
    pub record: Option<RecordId>,
    /// The row as read.
    pub unsure: Unsure,
}

/// A document.
pub struct Document {
    /// Its row.
    pub row: document::Document,
    /// What is known of it.
    pub meta: Meta,
}

impl Person {
    /// How many records there are of each kind.
    pub fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for h in &self.records {
            *counts.entry(h.open.record.body.kind()).or_default() += 1;
        }
        counts
    }
    /// A document's name.
    pub fn document_name(&self, id: DocumentId) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }
}

impl Services {
    /// Reads a profile from one state of the data.
    pub(super) async fn gather(&self, actor: &Actor) -> Result<Person> {
        let audit = self.whole_log(actor).await?;
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.0.store.snapshot().await?;
        let row = profile::get_profile(&mut tx, actor.account, actor.profile).await?;
        let sealed = record::list_records(&mut tx, actor.profile).await?;
        let sources = record::list_sources(&mut tx, actor.profile).await?;
        let mut past = HashMap::new();
        for r in sealed.iter().filter(|r| r.row_version > 1) {
            past.insert(r.id, record::list_history(&mut tx, actor.profile, r.id).await?);
        }
        let documents = document::list_documents(&mut tx, actor.profile).await?;
        let heads = series::list_series_heads(&mut tx, actor.profile).await?;
        let standing = series::list_series_sources(&mut tx, actor.profile).await?;
        let rows = review::list_all_review_rows(&mut tx, actor.profile).await?;
        let marks = mark::list_marks(&mut tx, actor.profile).await?;
        let asked = conversation::list_conversations(&mut tx, actor.profile).await?;
        let said = conversation::list_all_messages(&mut tx, actor.profile).await?;
        let vaults = match row.relation {
            profile::Relation::SelfPerson => journal::list_vaults(&mut tx, actor.account).await?,
            _ => Vec::new(),
        };
        drop(tx);
        let name = keys.open(Table::Profile, "name", row.id.uuid(), 1, &row.name_sealed)?;
        let settings = Settings::open(&keys, &row)?;
        let (k, now, profile) = (keys.clone(), self.now(), actor.profile);
        let open = move || -> Result<Person> {
            let documents = open_documents(&k, documents)?;
            Ok(Person {
                records: records(&k, sealed, sources, past)?,
                names: documents.iter().map(|d| (d.row.id, d.meta.name.clone())).collect(),
                documents: documents.into_iter().filter(|d| !is_restored_export(d)).collect(),
                series: columns(&k, &heads, &standing)?,
                review: review_rows(&k, &rows)?,
                mark_keys: mark_keys(&k, &settings)?,
                marks,
                conversations: conversations(&k, asked, said)?,
                favourites: settings.favourites,
                subjects: settings.subjects,
                name: String::from_utf8_lossy(&name).into_owned(),
                profile,
                journals: own_vaults(&vaults),
                audit,
                now,
                keys: k,
            })
        };
        tokio::task::spawn_blocking(open).await?
    }
}

fn own_vaults(all: &[journal::Vault]) -> Vec<Uuid> {
    all.iter().filter(|v| v.part == journal::Part::Founder).map(|v| v.id).collect()
}

fn records(
    keys: &ProfileKeys,
    sealed: Vec<record::SealedRecord>,
    sources: Vec<record::RecordSource>,
    mut past: HashMap<RecordId, Vec<record::PastRecord>>,
) -> Result<Vec<Held>> {
    let mut places: HashMap<RecordId, Vec<Source>> = HashMap::with_capacity(sealed.len());
    for s in sources {
        let plain = keys.open(Table::Source, "locator", s.record_id.uuid(), 1, &s.locator_sealed)?;
        let locator = postcard::from_bytes(&plain)
            .map_err(|_| ServiceError::internal("locator", &"does not decode"))?;
        let place = Source { document: s.document_id, ordinal: s.ordinal, locator };
        places.entry(s.record_id).or_default().push(place);
    }
    let mut out = Vec::with_capacity(sealed.len());
    for r in sealed {
        let sources = places.remove(&r.id).unwrap_or_default();
        let mut documents: Vec<DocumentId> = sources.iter().map(|s| s.document).collect();
        documents.dedup();
        let mut before = past.remove(&r.id).unwrap_or_default();
        before.sort_by_key(|p| p.row_version);
        let open = |p: record::PastRecord| {
            Ok(Past {
                version: p.row_version,
                replaced: p.changed_at,
                record: open_record(keys, r.id.uuid(), p.row_version, &p.sealed)?,
            })
        };
        out.push(Held {
            past: before.into_iter().map(open).collect::<Result<_>>()?,
            by_hand: r.by_hand,
            sources,
            open: Open {
                record: open_record(keys, r.id.uuid(), r.row_version, &r.sealed)?,
                version: u32::try_from(r.row_version).map_err(|_| ServiceError::Internal)?,
                created: r.created_at,
                documents,
                id: r.id,
            },
        });
    }
    out.sort_by_cached_key(|h| (h.open.record.effective.map_or(i64::MAX, |w| w.sort_key().0), h.open.id));
    Ok(out)
}

fn review_rows(keys: &ProfileKeys, rows: &[review::ReviewRow]) -> Result<Vec<Row>> {
    let open = |r: &review::ReviewRow| {
        let unsure = waiting::open(keys, r)?;
        Ok(Row { document: r.document_id, state: r.state, record: r.record_id, unsure })
    };
    rows.iter().map(open).collect()
}

fn mark_keys(keys: &ProfileKeys, settings: &Settings) -> Result<Vec<[u8; 32]>> {
    let own = *keys.data.marks()?.expose();
    Ok(std::iter::once(own).chain(settings.mark_keys.iter().copied()).collect())
}

/// An export that was restored here stays out of the next one: all that it holds is in it anyway,
/// and exports of exports would grow without end.
fn is_restored_export(d: &Document) -> bool {
    d.meta.format == format_words(Format::KeepwellExport) && d.row.state == document::DocumentState::Done
}

fn open_documents(keys: &ProfileKeys, rows: Vec<document::Document>) -> Result<Vec<Document>> {
    let open = |row: document::Document| Ok(Document { meta: Meta::open(keys, &row)?, row });
    let mut all = rows.into_iter().map(open).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|d| (d.row.parent_id.is_some(), d.row.created_at, d.row.id));
    Ok(all)
}

fn conversations(
    keys: &ProfileKeys,
    mut asked: Vec<conversation::Conversation>,
    said: Vec<conversation::Message>,
) -> Result<Vec<ConversationLine>> {
    let mut by_id: HashMap<_, Vec<MessageLine>> = HashMap::new();
    for m in said {
        let kept = Kept::open(keys, &m)?;
        let line = MessageLine {
            asked: m.asked_at,
            question: open_question(keys, &m)?,
            state: m.state.as_str().to_owned(),
            answer: kept.answer,
            reason: kept.reason,
            again: kept.again,
            context: kept.context,
        };
        by_id.entry(m.conversation_id).or_default().push(line);
    }
    asked.sort_by_key(|c| (c.created_at, c.id));
    let line = |c: conversation::Conversation| {
        Ok(ConversationLine {
            title: open_title(keys, &c)?,
            created: c.created_at,
            changed: c.changed_at,
            messages: by_id.remove(&c.id).unwrap_or_default(),
        })
    };
    asked.into_iter().map(line).collect()
}

fn columns(
    keys: &ProfileKeys,
    heads: &[series::SealedHead],
    standing: &[series::SeriesSource],
) -> Result<Vec<Columns>> {
    let mut documents: HashMap<SeriesId, Vec<DocumentId>> = HashMap::new();
    for s in standing {
        documents.entry(s.series_id).or_default().push(s.document_id);
    }
    let mut all = Vec::with_capacity(heads.len());
    for h in heads {
        let plain = keys.open(Table::Series, "head", h.id.uuid(), 1, &h.head_sealed)?;
        let head: Head =
            postcard::from_bytes(&plain).map_err(|_| ServiceError::internal("head", &"does not decode"))?;
        let documents = documents.remove(&h.id).unwrap_or_default();
        all.push(Columns { id: h.id, metric: head.metric, month: head.month, documents });
    }
    all.sort_by(|a, b| (&a.metric, a.month, a.id).cmp(&(&b.metric, b.month, b.id)));
    Ok(all)
}
