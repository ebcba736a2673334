//! Takes a reader's items as they come: records are gathered, columns are packed and sealed at
//! once so that memory stays flat.

use super::restore::{Intake, Restored};
use crate::{
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    series::{codec, days},
};
use keepwell_domain::{
    ids::SeriesId,
    record::{ParsedRecord, Subject},
    series::Column,
};
use keepwell_parsers::{
    sink::{Child, ChildOutcome, Item, Warning},
    table::doubt::Unsure,
};
use keepwell_store::series::NewSeries;
use std::sync::Arc;
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

/// One document's records at most; more must come in several files.
const MAX_RECORDS: usize = 1_000_000;
/// Warnings kept of one document.
const MAX_WARNINGS: usize = 1_000;

/// What was read from one document or from one file inside it.
#[derive(Default)]
pub(super) struct Draft {
    pub child: Option<Child>,
    pub outcome: Option<ChildOutcome>,
    pub subject: Option<Subject>,
    pub records: Vec<ParsedRecord>,
    pub unsure: Vec<Unsure>,
    pub series: Vec<NewSeries>,
    pub samples: u64,
    pub warnings: Vec<Warning>,
}

/// The document itself first, then the files inside it.
pub(super) struct Collected {
    pub drafts: Vec<Draft>,
    pub restored: Option<Restored>,
    /// Whether it holds more records than are taken; those that were taken are not all.
    pub too_many: bool,
}

pub(super) struct Collector {
    keys: Arc<ProfileKeys>,
    intake: Intake,
    drafts: Vec<Draft>,
    open: Vec<usize>,
    records: usize,
}

impl Collector {
    pub fn new(keys: Arc<ProfileKeys>, intake: Intake) -> Self {
        Self { keys, intake, drafts: vec![Draft::default()], open: vec![0], records: 0 }
    }

    pub async fn run(mut self, mut items: Receiver<Vec<Item>>) -> Result<Collected> {
        while let Some(batch) = items.recv().await {
            self.intake.reserve(&batch).await?;
            self = tokio::task::spawn_blocking(move || {
                let taken = batch.into_iter().try_for_each(|item| self.take(item));
                taken.map(|()| self)
            })
            .await??;
        }
        let too_many = self.records > MAX_RECORDS;
        Ok(Collected { drafts: self.drafts, restored: self.intake.finish(), too_many })
    }

    fn draft(&mut self) -> &mut Draft {
        let at = self.open.last().copied().unwrap_or(0);
        &mut self.drafts[at]
    }

    fn take(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Subject(s) => {
                let draft = self.draft();
                if draft.subject.is_none() {
                    draft.subject = Some(s);
                }
            }
            Item::Record(r) => {
                if self.has_room() {
                    self.draft().records.push(*r);
                }
            }
            Item::Unsure(u) => {
                if self.has_room() {
                    self.draft().unsure.push(*u);
                }
            }
            Item::Column(c) => self.column(&c)?,
            Item::Warning(w) => {
                let draft = self.draft();
                if draft.warnings.len() < MAX_WARNINGS {
                    draft.warnings.push(w);
                }
            }
            Item::ChildStart(c) => {
                self.open.push(self.drafts.len());
                self.drafts.push(Draft { child: Some(c), ..Draft::default() });
            }
            Item::ChildEnd(outcome) => {
                self.draft().outcome = Some(outcome);
                if self.open.len() > 1 {
                    self.open.pop();
                }
            }
            Item::RestoredDocument(d) => self.intake.restored().documents.push(*d),
            Item::FileStart { document, .. } => self.intake.start(document)?,
            Item::FileBytes(bytes) => self.intake.bytes(&bytes)?,
            Item::FileEnd => self.intake.end()?,
            Item::RestoredRecord(r) => {
                if self.has_room() {
                    self.intake.restored().records.push(*r);
                }
            }
            Item::RestoredColumn(c, documents) => {
                if let Some((series, _)) = self.seal_column(&c)? {
                    self.intake.restored().series.push((series, documents));
                }
            }
            Item::RestoredRow(r) => {
                if self.has_room() {
                    self.intake.restored().rows.push(*r);
                }
            }
            Item::RestoredDeleted(d) => self.intake.restored().deleted = d,
            Item::RestoredSettings(s) => self.intake.restored().settings = s,
            Item::RestoredConversation(line) => {
                if self.has_room() {
                    let line = serde_json::from_str(&line)
                        .map_err(|_| ServiceError::internal("restore", &"a conversation does not read"))?;
                    self.intake.restored().conversations.push(line);
                }
            }
        }
        Ok(())
    }

    /// Counts a record; there is no room for more than [`MAX_RECORDS`].
    fn has_room(&mut self) -> bool {
        self.records += 1;
        self.records <= MAX_RECORDS
    }

    fn column(&mut self, c: &Column) -> Result<()> {
        if let Some((series, count)) = self.seal_column(c)? {
            let draft = self.draft();
            draft.samples += count;
            draft.series.push(series);
        }
        Ok(())
    }

    /// A column ready to be stored, and how many samples it holds.
    fn seal_column(&self, c: &Column) -> Result<Option<(NewSeries, u64)>> {
        let Some(head) = days::head(c) else { return Ok(None) };
        let bytes = codec::encode(c);
        let fingerprint = self.keys.series.fingerprint(&[&bytes]);
        let packed = codec::compress(&bytes).map_err(|e| ServiceError::internal("column", &e))?;
        let head_bytes =
            postcard::to_allocvec(&head).map_err(|_| ServiceError::internal("column head", &"too large"))?;
        let id = SeriesId::new(Uuid::now_v7());
        let series = NewSeries {
            id,
            fingerprint,
            head_sealed: self.keys.seal(Table::Series, "head", id.uuid(), 1, &head_bytes)?,
            sealed: self.keys.seal(Table::Series, "sealed", id.uuid(), 1, &packed)?,
            samples: i64::try_from(head.count).unwrap_or(i64::MAX),
        };
        Ok(Some((series, head.count)))
    }
}
