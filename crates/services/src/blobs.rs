//! Where sealed files lie. The server gives a folder on its disk; tests give a temporary one.

use std::io;
use uuid::Uuid;

/// A store of sealed files under random ids. All calls block; they run off the async threads.
pub trait Blobs: Send + Sync + 'static {
    /// Makes a new file for appending.
    ///
    /// # Errors
    /// `AlreadyExists`, or those of the disk.
    fn create(&self, id: Uuid) -> io::Result<Box<dyn BlobWrite>>;
    /// Cuts a file to `len` bytes and opens it for appending.
    ///
    /// # Errors
    /// `NotFound`, or those of the disk.
    fn append(&self, id: Uuid, len: u64) -> io::Result<Box<dyn BlobWrite>>;
    /// Opens a file for reading.
    ///
    /// # Errors
    /// `NotFound`, or those of the disk.
    fn open(&self, id: Uuid) -> io::Result<Box<dyn BlobRead>>;
    /// Removes a file; one that is not there is fine.
    ///
    /// # Errors
    /// Those of the disk.
    fn delete(&self, id: Uuid) -> io::Result<()>;
}

/// A file being written.
pub trait BlobWrite: io::Write + Send {
    /// Returns when all bytes and the file's name are on disk.
    ///
    /// # Errors
    /// Those of the disk; the file must then be given up.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file being read.
pub trait BlobRead: Send + Sync {
    /// Its length in bytes.
    fn len(&self) -> u64;
    /// Whether it has none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Fills `buf` from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof`, or those of the disk.
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
}
