//! The outbox folder: sealed letters that only the user of the server can read at all.

use crate::keyfile::private_folder;
use keepwell_services::mail::Outbox;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};
use uuid::Uuid;

const ENDING: &str = "sealed";

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        private_folder(&path)?;
        Ok(Self(path))
    }
    fn path(&self, id: Uuid) -> PathBuf {
        self.0.join(format!("{id}.{ENDING}"))
    }
}

impl Outbox for Folder {
    fn put(&self, id: Uuid, sealed: &[u8]) -> io::Result<()> {
        let path = self.path(id);
        let half = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        fs::rename(half, path)
    }
    fn list(&self) -> io::Result<Vec<Uuid>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let stem = path.file_stem().and_then(|s| s.to_str()).and_then(|s| Uuid::parse_str(s).ok());
            if let (Some(id), Some(ENDING)) = (stem, path.extension().and_then(|e| e.to_str())) {
                ids.push(id);
            }
        }
        Ok(ids)
    }
    fn get(&self, id: Uuid) -> io::Result<Vec<u8>> {
        fs::read(self.path(id))
    }
    fn delete(&self, id: Uuid) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}
