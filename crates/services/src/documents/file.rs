//! Reading a sealed file: any range, chunk by chunk, each chunk checked before a byte of it is used.

use crate::{
    actor::Actor,
    audit::Act,
    blobs::BlobRead,
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::ProfileKeys,
};
use keepwell_crypto::{FileOpener, file::HEADER_LEN};
use keepwell_domain::{act::Action, ids::DocumentId};
use keepwell_parsers::source::ReadAt;
use keepwell_store::document as rows;
use std::{io, sync::Arc};

/// An open sealed file.
pub struct SealedFile {
    blob: Box<dyn BlobRead>,
    opener: FileOpener,
    chunk: Vec<u8>,
    /// Which chunk's plaintext lies in `plain`.
    held: Option<u32>,
    plain: Vec<u8>,
}

fn damaged(_: keepwell_crypto::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a sealed file does not open")
}

impl SealedFile {
    /// Opens the file of a document.
    ///
    /// # Errors
    /// Those of the disk; `InvalidData` when it is not this document's file, or was cut off.
    pub fn open(blob: Box<dyn BlobRead>, keys: &ProfileKeys, id: DocumentId) -> io::Result<Self> {
        let mut header = [0u8; HEADER_LEN];
        blob.read_exact_at(0, &mut header)?;
        let key = keys.data.file(id).map_err(damaged)?;
        let opener =
            FileOpener::new(&key, &keys.file_aad(id.uuid()), &header, blob.len()).map_err(damaged)?;
        let mut file = Self { blob, opener, chunk: Vec::new(), held: None, plain: Vec::new() };
        // The length is only believed once the last chunk has proved to be the last.
        if let Some(last) = file.opener.last_chunk() {
            file.load(last.index)?;
        }
        Ok(file)
    }

    fn load(&mut self, index: u32) -> io::Result<()> {
        if self.held == Some(index) {
            return Ok(());
        }
        self.held = None;
        let span = self.opener.chunk(index).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.chunk.resize(span.sealed_len, 0);
        self.blob.read_exact_at(span.sealed_offset, &mut self.chunk)?;
        let plain = self.opener.open_chunk(index, span.is_last, &mut self.chunk).map_err(damaged)?;
        self.plain.clear();
        self.plain.extend_from_slice(plain);
        self.held = Some(index);
        Ok(())
    }
}

impl ReadAt for SealedFile {
    fn len(&self) -> u64 {
        self.opener.plaintext_len()
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() || offset >= self.opener.plaintext_len() {
            return Ok(0);
        }
        let span = self.opener.chunk_for(offset).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.load(span.index)?;
        let within = usize::try_from(offset - span.plain_offset).map_err(|_| io::ErrorKind::InvalidData)?;
        let from = self.plain.get(within..).unwrap_or_default();
        let n = from.len().min(buf.len());
        buf[..n].copy_from_slice(&from[..n]);
        Ok(n)
    }
}

/// A document's original, opened for its owner.
pub struct FileReader {
    file: Arc<std::sync::Mutex<SealedFile>>,
    len: u64,
    name: String,
    media_type: String,
}

impl FileReader {
    /// Length in bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }
    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// File name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Media type found by content.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }
    /// The bytes from `offset` on, `len` of them or up to the end.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the disk or the seal fails.
    pub async fn read_range(&self, offset: u64, len: usize) -> Result<Vec<u8>> {
        let file = self.file.clone();
        let read = move || -> io::Result<Vec<u8>> {
            let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let left = usize::try_from(file.len().saturating_sub(offset)).unwrap_or(usize::MAX);
            let mut out = vec![0; len.min(left)];
            let mut have = 0;
            while have < out.len() {
                match file.read_at(offset + have as u64, &mut out[have..])? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    n => have += n,
                }
            }
            Ok(out)
        };
        Ok(tokio::task::spawn_blocking(read).await??)
    }
}

impl Services {
    /// Opens a document's original. A part of an archive opens the archive.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn open_file(&self, actor: &Actor, id: DocumentId) -> Result<FileReader> {
        let found = self.open_original(actor, id).await;
        self.unless_gone(actor, id, found).await
    }

    async fn open_original(&self, actor: &Actor, id: DocumentId) -> Result<FileReader> {
        let keys = self.profile_keys(actor).await?;
        let mut row = rows::get_document(&self.0.store, actor.profile, id).await?;
        while let Some(parent) = row.parent_id {
            row = rows::get_document(&self.0.store, actor.profile, parent).await?;
        }
        // Let go: it may lie there until the next sweep, but it is no document's any more.
        if row.content_fp.is_none() {
            return Err(ServiceError::NotFound);
        }
        let meta = Meta::open(&keys, &row)?;
        let file = self.sealed_file(&keys, row.id).await?;
        // A viewer asks for one range after the other: one entry stands for a minute of them.
        self.log_view(Act::of(actor, Action::DocumentDownloaded).on(id.uuid())).await?;
        Ok(FileReader {
            len: file.len(),
            file: Arc::new(std::sync::Mutex::new(file)),
            name: meta.name,
            media_type: meta.media_type,
        })
    }

    pub(crate) async fn sealed_file(&self, keys: &Arc<ProfileKeys>, id: DocumentId) -> Result<SealedFile> {
        let (blobs, keys) = (self.0.blobs.clone(), keys.clone());
        let open = move || SealedFile::open(blobs.open(id.uuid())?, &keys, id);
        tokio::task::spawn_blocking(open).await?.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => ServiceError::NotFound,
            _ => e.into(),
        })
    }
}
