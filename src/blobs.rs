//! Sealed files on the local disk: `files/<first two hex digits>/<id>`, for the owner only.

use crate::keyfile::private_folder;
use keepwell_services::blobs::{BlobRead, BlobWrite, Blobs};
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// See the module.
#[derive(Debug, Clone)]
pub struct DiskBlobs {
    root: PathBuf,
}

impl DiskBlobs {
    /// Keeps files in the folder `files` of the data folder, which is made when missing.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let root = data_dir.join("files");
        private_folder(&root)?;
        sync_folder(data_dir)?;
        Ok(Self { root })
    }

    fn place(&self, id: Uuid) -> (PathBuf, PathBuf) {
        let name = id.simple().to_string();
        // The last digits: the first ones of a UUIDv7 are the time, the same for all of an evening.
        let folder = self.root.join(&name[name.len() - 2..]);
        let file = folder.join(name);
        (folder, file)
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// What files leave free for everything else: a fiftieth of the disk, 256 MiB at most.
const MOST_RESERVED: u64 = 256 << 20;

/// Fails when there is room for small things only: signing in, an edit, a note must go on.
fn room(file: &File) -> io::Result<()> {
    let disk = rustix::fs::fstatvfs(file)?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    let reserved = (bytes(disk.f_blocks) / 50).min(MOST_RESERVED);
    if bytes(disk.f_bavail) > reserved { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
}

struct Writing {
    file: File,
    /// The folder whose entry still has to reach the disk.
    folder: Option<PathBuf>,
}

impl Write for Writing {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        room(&self.file)?;
        self.file.write(buf)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BlobWrite for Writing {
    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(folder) = &self.folder {
            sync_folder(folder)?;
            self.folder = None;
        }
        Ok(())
    }
}

struct Reading {
    file: File,
    len: u64,
}

impl BlobRead for Reading {
    fn len(&self) -> u64 {
        self.len
    }
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(buf, offset)
    }
}

impl Blobs for DiskBlobs {
    fn create(&self, id: Uuid) -> io::Result<Box<dyn BlobWrite>> {
        let (folder, path) = self.place(id);
        if !folder.is_dir() {
            private_folder(&folder)?;
            sync_folder(&self.root)?;
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Box::new(Writing { file, folder: Some(folder) }))
    }

    fn append(&self, id: Uuid, len: u64) -> io::Result<Box<dyn BlobWrite>> {
        let (folder, path) = self.place(id);
        let file = OpenOptions::new().append(true).open(path)?;
        if file.metadata()?.len() < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.set_len(len)?;
        Ok(Box::new(Writing { file, folder: Some(folder) }))
    }

    fn open(&self, id: Uuid) -> io::Result<Box<dyn BlobRead>> {
        let file = File::open(self.place(id).1)?;
        let len = file.metadata()?.len();
        Ok(Box::new(Reading { file, len }))
    }

    fn delete(&self, id: Uuid) -> io::Result<()> {
        let (folder, path) = self.place(id);
        match std::fs::remove_file(path) {
            Ok(()) => sync_folder(&folder),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(e),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn file_is_private_grows_and_is_read_in_ranges() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = DiskBlobs::open(dir.path()).unwrap();
        let id = Uuid::from_u128(0x1234);
        let mut w = blobs.create(id).unwrap();
        w.write_all(b"hello world").unwrap();
        w.sync().unwrap();
        let mut w = blobs.append(id, 5).unwrap();
        w.write_all(b", again").unwrap();
        w.sync().unwrap();
        let r = blobs.open(id).unwrap();
        let mut buf = [0; 5];
        r.read_exact_at(7, &mut buf).unwrap();
        assert_eq!((r.len(), &buf), (12, b"again"));
        let mode = blobs.place(id).1.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn same_id_is_never_written_twice_and_deleting_twice_is_fine() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = DiskBlobs::open(dir.path()).unwrap();
        let id = Uuid::from_u128(7);
        drop(blobs.create(id).unwrap());
        assert_eq!(blobs.create(id).err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        blobs.delete(id).unwrap();
        blobs.delete(id).unwrap();
        assert_eq!(blobs.open(id).err().unwrap().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn file_shorter_than_what_was_acknowledged_is_not_appended_to() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = DiskBlobs::open(dir.path()).unwrap();
        let id = Uuid::from_u128(9);
        drop(blobs.create(id).unwrap());
        assert!(blobs.append(id, 1).is_err());
    }
}
