//! Uploads: sealed as they arrive, resumed after a break, made a document when they are whole.
//!
//! The file on disk is the only state: its whole chunks are what was received. A document exists,
//! and its sender is told so, only after its last byte is on disk and its row is committed.

use super::meta::{Meta, clean_name};
use crate::{
    Lang,
    actor::Actor,
    audit::Act,
    blobs::BlobWrite,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::{FileSealer, file::HEADER_LEN, mac::MacStream};
use keepwell_domain::{
    act::Action,
    ids::{DocumentId, JobId, UploadId},
};
use keepwell_store::{document, garbage, job, profile, upload as rows};
use serde::{Deserialize, Serialize};
use std::{io::Write as _, sync::Arc};

/// An upload that is not touched for so long is forgotten.
const EXPIRES_S: i64 = 7 * 86_400;
/// Bytes gathered before they are sealed off the async threads.
const BATCH: usize = 1 << 20;

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadTicket {
    /// Its id.
    pub id: UploadId,
    /// Bytes that are kept; the next one to send is at this offset.
    pub received: u64,
}

/// The end of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    /// The document.
    pub id: DocumentId,
    /// Whether the person had this very file already.
    pub already_there: bool,
}

#[derive(Serialize, Deserialize)]
struct UploadMeta {
    name: String,
    size: Option<u64>,
}

/// What is sealed and hashed off the async threads.
struct Work {
    sealer: FileSealer,
    hash: MacStream,
    file: Box<dyn BlobWrite>,
    out: Vec<u8>,
}

impl Work {
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.out.clear();
        self.sealer.push(bytes, &mut self.out)?;
        Ok(self.file.write_all(&self.out)?)
    }
}

/// An upload being received.
pub struct UploadWriter {
    services: Services,
    actor: Actor,
    keys: Arc<ProfileKeys>,
    id: UploadId,
    meta: UploadMeta,
    work: Option<Work>,
    buffer: Vec<u8>,
    received: u64,
    _alone: Alone,
}

/// Holds an upload for one writer.
struct Alone {
    services: Services,
    id: UploadId,
}

impl Alone {
    fn take(services: &Services, id: UploadId) -> Result<Self> {
        let mut writing = services.0.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let free = writing.insert(id);
        drop(writing);
        if free { Ok(Self { services: services.clone(), id }) } else { Err(ServiceError::Conflict) }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.services.0.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.id);
    }
}

impl Services {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `size` when it is declared larger than the limit.
    pub async fn begin_upload(&self, actor: &Actor, name: &str, size: Option<u64>) -> Result<UploadTicket> {
        self.check_size(size.unwrap_or(0), actor.lang)?;
        let keys = self.profile_keys(actor).await?;
        let id = fresh::<UploadId>();
        let meta = UploadMeta { name: clean_name(name), size };
        let plain = serde_json::to_vec(&meta).map_err(|_| ServiceError::Internal)?;
        let meta_sealed = keys.seal(Table::Upload, "meta", id.uuid(), 1, &plain)?;
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        let new = rows::NewUpload {
            id,
            profile_id: actor.profile,
            meta_sealed: &meta_sealed,
            declared_size: None,
            state_sealed: &meta_sealed,
            expires_at: now.plus_seconds(EXPIRES_S),
        };
        self.still_live(&mut tx, actor).await?;
        rows::insert_upload(&mut tx, &new, now).await?;
        self.log(&mut tx, Act::of(actor, Action::UploadBegun).on(id.uuid())).await?;
        tx.commit().await?;
        // After the row, so that a crash in between leaves no file that nothing knows of; the upload is
        // not acknowledged before both are there.
        let document = DocumentId::new(id.uuid());
        let (blobs, k) = (self.0.blobs.clone(), keys.clone());
        let create = move || -> Result<()> {
            let (_, header) = FileSealer::new(&k.data.file(document)?, &k.file_aad(document.uuid()))?;
            let mut file = blobs.create(document.uuid())?;
            file.write_all(&header)?;
            Ok(file.sync()?)
        };
        if let Err(e) = tokio::task::spawn_blocking(create).await? {
            // What cannot be removed now expires.
            let _ = self.cancel_upload(actor, id).await;
            return Err(e);
        }
        Ok(UploadTicket { id, received: 0 })
    }

    /// Gives back the room of an upload that is given up, before any row changes: on a full disk
    /// there is no room to write that down.
    async fn empty_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        rows::get_upload(&self.0.store, actor.profile, id).await?;
        // Nothing is cut off under a writer.
        let Ok(_alone) = Alone::take(self, id) else { return Ok(()) };
        let blobs = self.0.blobs.clone();
        let cut = move || blobs.append(id.uuid(), HEADER_LEN as u64).map(drop);
        // A file that is not there, or has no header yet, takes no room.
        let _ = tokio::task::spawn_blocking(cut).await?;
        Ok(())
    }

    fn check_size(&self, size: u64, lang: Lang) -> Result<()> {
        let max = self.0.max_upload;
        if size <= max {
            return Ok(());
        }
        let (unit, name) = if max < 1 << 30 { (1 << 20, "MiB") } else { (1 << 30, "GiB") };
        let most = format!("{:.1}", max as f64 / f64::from(unit));
        Err(ServiceError::invalid(
            "size",
            match lang {
                Lang::En => format!("This file is larger than the {most} {name} that this Keepwell takes."),
                Lang::De => {
                    let most = most.replace('.', ",");
                    format!("Diese Datei ist größer als die {most} {name}, die dieses Keepwell annimmt.")
                }
            },
        ))
    }

    /// Where an upload stands.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn upload_state(&self, actor: &Actor, id: UploadId) -> Result<UploadTicket> {
        rows::get_upload(&self.0.store, actor.profile, id).await?;
        let blobs = self.0.blobs.clone();
        let whole = move || whole_chunks(&*blobs, id);
        let (_, _, received) = tokio::task::spawn_blocking(whole).await??;
        Ok(UploadTicket { id, received })
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn cancel_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        self.empty_upload(actor, id).await?;
        let mut tx = self.0.store.begin().await?;
        rows::cancel_upload(&mut tx, actor.profile, id, self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::UploadCancelled).on(id.uuid())).await?;
        tx.commit().await?;
        self.sweep_garbage().await
    }

    /// Goes on with an upload. `offset` must be what [`Self::upload_state`] said.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Conflict`] for another offset.
    pub async fn upload_writer(&self, actor: &Actor, id: UploadId, offset: u64) -> Result<UploadWriter> {
        let row = rows::get_upload(&self.0.store, actor.profile, id).await?;
        let alone = Alone::take(self, id)?;
        let keys = self.profile_keys(actor).await?;
        let plain = keys.open(Table::Upload, "meta", id.uuid(), 1, &row.meta_sealed)?;
        let meta: UploadMeta = serde_json::from_slice(&plain).map_err(|_| ServiceError::Internal)?;
        let (blobs, k) = (self.0.blobs.clone(), keys.clone());
        let resume = move || -> Result<Work> {
            let (next, sealed_len, received) = whole_chunks(&*blobs, id)?;
            if received != offset {
                return Err(ServiceError::Conflict);
            }
            let document = DocumentId::new(id.uuid());
            let hash = rehash(&*blobs, &k, document, next)?;
            let mut header = [0u8; HEADER_LEN];
            blobs.open(id.uuid())?.read_exact_at(0, &mut header)?;
            let sealer = FileSealer::resume(&k.data.file(document)?, &k.file_aad(id.uuid()), &header, next)?;
            Ok(Work { sealer, hash, file: blobs.append(id.uuid(), sealed_len)?, out: Vec::new() })
        };
        let work = tokio::task::spawn_blocking(resume).await??;
        Ok(UploadWriter {
            services: self.clone(),
            actor: actor.clone(),
            keys,
            id,
            meta,
            work: Some(work),
            buffer: Vec::with_capacity(BATCH),
            received: offset,
            _alone: alone,
        })
    }

    /// Takes a whole small file at once.
    ///
    /// # Errors
    /// As [`Self::begin_upload`].
    pub async fn upload_bytes(&self, actor: &Actor, name: &str, bytes: &[u8]) -> Result<Uploaded> {
        let ticket = self.begin_upload(actor, name, Some(bytes.len() as u64)).await?;
        let mut writer = self.upload_writer(actor, ticket.id, 0).await?;
        writer.write(bytes).await?;
        writer.finish().await
    }
}

/// (next chunk, sealed length to cut to, plaintext received) of an upload's file.
fn whole_chunks(blobs: &dyn crate::blobs::Blobs, id: UploadId) -> Result<(u32, u64, u64)> {
    let blob = blobs.open(id.uuid())?;
    let mut header = [0u8; HEADER_LEN];
    blob.read_exact_at(0, &mut header)?;
    Ok(FileSealer::whole_chunks(&header, blob.len())?)
}

/// The content hash of the chunks that are there already, each of which must open.
fn rehash(
    blobs: &dyn crate::blobs::Blobs,
    keys: &ProfileKeys,
    id: DocumentId,
    chunks: u32,
) -> Result<MacStream> {
    let mut hash = keys.files.stream();
    if chunks == 0 {
        return Ok(hash);
    }
    let blob = blobs.open(id.uuid())?;
    let mut header = [0u8; HEADER_LEN];
    blob.read_exact_at(0, &mut header)?;
    let (_, sealed_len, _) = FileSealer::whole_chunks(&header, blob.len())?;
    // None of them is the last: to the opener the file goes on behind them.
    let going_on = sealed_len + keepwell_crypto::file::CHUNK_OVERHEAD as u64 + 1;
    let opener =
        keepwell_crypto::FileOpener::new(&keys.data.file(id)?, &keys.file_aad(id.uuid()), &header, going_on)?;
    let mut buffer = Vec::new();
    for index in 0..chunks {
        let span = opener.chunk(index).ok_or(ServiceError::Internal)?;
        buffer.resize(span.sealed_len, 0);
        blob.read_exact_at(span.sealed_offset, &mut buffer)?;
        hash.update(opener.open_chunk(index, false, &mut buffer)?);
    }
    Ok(hash)
}

impl UploadWriter {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `size` beyond the limit; those of the disk.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.received += bytes.len() as u64;
        self.services.check_size(self.received, self.actor.lang)?;
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(BATCH - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            bytes = rest;
            if self.buffer.len() == BATCH {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let mut work = self.work.take().ok_or(ServiceError::Internal)?;
        let mut buffer = std::mem::take(&mut self.buffer);
        let run = move || {
            let done = work.take(&buffer);
            buffer.clear();
            done.map(|()| (work, buffer))
        };
        let (work, buffer) = tokio::task::spawn_blocking(run).await??;
        self.work = Some(work);
        self.buffer = buffer;
        Ok(())
    }

    /// Keeps what has arrived in whole chunks, for a later [`Services::upload_writer`]. Answers how
    /// much that is.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn pause(mut self) -> Result<UploadTicket> {
        self.flush().await?;
        let mut work = self.work.take().ok_or(ServiceError::Internal)?;
        tokio::task::spawn_blocking(move || work.file.sync()).await??;
        self.services.upload_state(&self.actor, self.id).await
    }

    /// Makes it a document: last chunk, disk, then the rows and the job that reads it, in one
    /// transaction.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `size` when it is not as long as declared; those of
    /// disk and store. The upload then still stands and can be finished again.
    pub async fn finish(mut self) -> Result<Uploaded> {
        if let Some(size) = self.meta.size.filter(|s| *s != self.received) {
            let reason =
                format!("Only {} of {size} bytes have arrived. The upload can go on.", self.received);
            self.pause().await?;
            return Err(ServiceError::invalid("size", reason));
        }
        self.flush().await?;
        let work = self.work.take().ok_or(ServiceError::Internal)?;
        let last = move || -> Result<_> {
            let Work { sealer, hash, mut file, mut out } = work;
            out.clear();
            sealer.finish(&mut out)?;
            file.write_all(&out)?;
            file.sync()?;
            Ok(hash.finish())
        };
        let content = tokio::task::spawn_blocking(last).await??;
        let Self { services, actor, keys, id, meta, received, _alone, .. } = self;
        let whole = Whole { services, actor, keys, id, name: meta.name, size: received, content };
        match whole.commit().await {
            // The same file came in by another way at this very moment: now it is found.
            Err(ServiceError::Conflict) => whole.commit().await,
            other => other,
        }
    }
}

/// An upload that is on disk to its end, and is to become a document.
struct Whole {
    services: Services,
    actor: Actor,
    keys: Arc<ProfileKeys>,
    id: UploadId,
    name: String,
    size: u64,
    content: keepwell_domain::sealed::Fingerprint,
}

impl Whole {
    async fn commit(&self) -> Result<Uploaded> {
        let content = self.content;
        let services = &self.services;
        let (profile, now) = (self.actor.profile, services.now());
        let id = DocumentId::new(self.id.uuid());
        let mut tx = services.begin_by(&self.actor).await?;
        rows::finish_upload(&mut tx, profile, self.id).await?;
        if let Some(same) = document::find_document_by_content(&mut tx, profile, None, content).await? {
            garbage::insert_garbage(&mut tx, profile, id.uuid(), now).await?;
            let act = Act::of(&self.actor, Action::DocumentUploaded).on(same.id.uuid()).with("known");
            services.log(&mut tx, act).await?;
            tx.commit().await?;
            services.sweep_garbage().await?;
            return Ok(Uploaded { id: same.id, already_there: true });
        }
        let meta = Meta { name: self.name.clone(), size: self.size, ..Meta::default() };
        let meta_sealed = meta.seal(&self.keys, id)?;
        let change = profile::begin_change(&mut tx, profile).await?;
        let new = document::NewDocument {
            id,
            parent_id: None,
            meta_sealed: &meta_sealed,
            content_fp: Some(content),
            size_class: size_class(self.size),
            sealed_bytes: size_class(self.size),
        };
        document::insert_document(&mut tx, &change, &new, now).await?;
        services.enqueue_read(&mut tx, profile, id).await?;
        let act = Act::of(&self.actor, Action::DocumentUploaded).on(id.uuid());
        services.log(&mut tx, act).await?;
        tx.commit().await?;
        services.0.queued.notify_one();
        services.0.moved.notify_waiters();
        Ok(Uploaded { id, already_there: false })
    }
}

impl Services {
    /// Queues the reading of a document, in the transaction that made it.
    pub(crate) async fn enqueue_read(
        &self,
        tx: &mut keepwell_store::Tx,
        profile: keepwell_domain::ids::ProfileId,
        id: DocumentId,
    ) -> Result<()> {
        let new = job::NewJob {
            id: fresh::<JobId>(),
            kind: "read",
            profile_id: Some(profile),
            subject_id: Some(id.uuid()),
            max_attempts: 3,
            run_at: self.now(),
        };
        Ok(job::enqueue_job(tx, &new, self.now()).await?)
    }

    /// Unlinks files whose rows are gone.
    pub(crate) async fn sweep_garbage(&self) -> Result<()> {
        for g in garbage::list_garbage(&self.0.store, 1000).await? {
            if !garbage::is_orphan(&self.0.store, g.profile_id, g.blob_id).await? {
                continue;
            }
            let blobs = self.0.blobs.clone();
            tokio::task::spawn_blocking(move || blobs.delete(g.blob_id)).await??;
            let mut tx = self.0.store.begin().await?;
            garbage::delete_garbage(&mut tx, &g).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// A size rounded up to the next of eight steps per power of two, so that the row tells little.
pub(crate) fn size_class(bytes: u64) -> i64 {
    let step = (bytes.max(64).next_power_of_two() / 16).max(8);
    i64::try_from(bytes.div_ceil(step) * step).unwrap_or(i64::MAX)
}
