//! Originals on their way from an export to sealed files of their own.
//!
//! Each file is announced as an upload before it is made, so that a sweep leaves it alone while it
//! is written, and a crash leaves nothing behind once that upload has expired.

use super::{NewFile, Restored};
use crate::{
    blobs::BlobWrite,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::{FileSealer, mac::MacStream};
use keepwell_domain::ids::{DocumentId, ProfileId, UploadId};
use keepwell_parsers::sink::Item;
use keepwell_store::{StoreError, upload};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// A restore that takes longer than this lost its worker.
const EXPIRES_S: i64 = 86_400;

/// Files that were announced; those without a document in the end are given up.
#[derive(Clone, Default)]
pub(in crate::import) struct Reserved(Arc<Mutex<Vec<DocumentId>>>);

/// Takes the items of an export.
pub(in crate::import) struct Intake {
    services: Services,
    profile: ProfileId,
    keys: Arc<ProfileKeys>,
    reserved: Reserved,
    ready: VecDeque<DocumentId>,
    writing: Option<Writing>,
    restored: Option<Restored>,
}

struct Writing {
    document: String,
    id: DocumentId,
    sealer: FileSealer,
    hash: MacStream,
    file: Box<dyn BlobWrite>,
    out: Vec<u8>,
    size: u64,
}

fn out_of_order() -> ServiceError {
    ServiceError::internal("restore", &"the reader's items are out of order")
}

impl Intake {
    pub fn new(services: Services, profile: ProfileId, keys: Arc<ProfileKeys>, reserved: Reserved) -> Self {
        Self { services, profile, keys, reserved, ready: VecDeque::new(), writing: None, restored: None }
    }

    /// What was taken, if the document was an export.
    pub fn finish(self) -> Option<Restored> {
        self.restored
    }

    pub fn restored(&mut self) -> &mut Restored {
        self.restored.get_or_insert_default()
    }

    /// Announces the files that begin in a batch.
    pub async fn reserve(&mut self, batch: &[Item]) -> Result<()> {
        let starts = batch.iter().filter(|i| matches!(i, Item::FileStart { .. })).count();
        if starts == 0 {
            return Ok(());
        }
        let now = self.services.now();
        let mut tx = self.services.0.store.begin().await?;
        for _ in 0..starts {
            let id = fresh::<UploadId>();
            let meta_sealed =
                self.keys.seal(Table::Upload, "meta", id.uuid(), 1, b"{\"name\":\"restored\"}")?;
            let new = upload::NewUpload {
                id,
                profile_id: self.profile,
                meta_sealed: &meta_sealed,
                declared_size: None,
                state_sealed: &meta_sealed,
                expires_at: now.plus_seconds(EXPIRES_S),
            };
            upload::insert_upload(&mut tx, &new, now).await?;
            let document = DocumentId::new(id.uuid());
            self.reserved.0.lock().unwrap_or_else(PoisonError::into_inner).push(document);
            self.ready.push_back(document);
        }
        Ok(tx.commit().await?)
    }

    /// Begins a file. Blocks.
    pub fn start(&mut self, document: String) -> Result<()> {
        let id = self.ready.pop_front().filter(|_| self.writing.is_none()).ok_or_else(out_of_order)?;
        let key = self.keys.data.file(id)?;
        let (sealer, header) = FileSealer::new(&key, &self.keys.file_aad(id.uuid()))?;
        let mut file = self.services.0.blobs.create(id.uuid())?;
        file.write_all(&header)?;
        let hash = self.keys.files.stream();
        self.writing = Some(Writing { document, id, sealer, hash, file, out: Vec::new(), size: 0 });
        Ok(())
    }

    /// Seals the next bytes. Blocks.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let w = self.writing.as_mut().ok_or_else(out_of_order)?;
        w.hash.update(bytes);
        w.out.clear();
        w.sealer.push(bytes, &mut w.out)?;
        w.size += bytes.len() as u64;
        Ok(w.file.write_all(&w.out)?)
    }

    /// Ends a file: it is on disk when this returns. Blocks.
    pub fn end(&mut self) -> Result<()> {
        let Writing { document, id, sealer, hash, mut file, mut out, size } =
            self.writing.take().ok_or_else(out_of_order)?;
        out.clear();
        sealer.finish(&mut out)?;
        file.write_all(&out)?;
        file.sync()?;
        self.restored().files.insert(document, NewFile { id, content: hash.finish(), size });
        Ok(())
    }
}

impl Services {
    /// Gives up the announced files that did not become documents.
    pub(in crate::import) async fn release(&self, profile: ProfileId, reserved: &Reserved) -> Result<()> {
        let ids = std::mem::take(&mut *reserved.0.lock().unwrap_or_else(PoisonError::into_inner));
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            let mut tx = self.0.store.begin().await?;
            match upload::cancel_upload(&mut tx, profile, UploadId::new(id.uuid()), self.now()).await {
                // It is a document now.
                Err(StoreError::NotFound) => {}
                other => {
                    other?;
                    tx.commit().await?;
                }
            }
        }
        self.sweep_garbage().await
    }
}
