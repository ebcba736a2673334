//! Uploads between two pieces. Only whole chunks of an upload outlive its writer, so the writer
//! waits here for the next piece; what it holds is given back to the disk when nobody comes.
//! After a restart the client asks for the state and sends the last few bytes again.

use keepwell_domain::ids::{ProfileId, UploadId};
use keepwell_services::UploadWriter;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a writer waits.
const WAIT: Duration = Duration::from_secs(120);
/// Writers that wait at once; each holds up to two mebibytes.
const MOST: usize = 64;

/// A writer that waits, and how much it has taken.
pub struct Parked {
    /// The writer.
    pub writer: UploadWriter,
    /// Bytes taken.
    pub received: u64,
    since: Instant,
}

type Key = (ProfileId, UploadId);

/// All that wait.
#[derive(Clone, Default)]
pub struct Parking(Arc<Mutex<HashMap<Key, Parked>>>);

impl Parking {
    /// Takes a writer out.
    #[must_use]
    pub fn take(&self, profile: ProfileId, id: UploadId) -> Option<Parked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(profile, id))
    }
    /// How much a waiting writer has taken.
    #[must_use]
    pub fn received(&self, profile: ProfileId, id: UploadId) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(profile, id)).map(|p| p.received)
    }
    /// Lets a writer wait, and sends away those that waited too long.
    pub fn put(&self, profile: ProfileId, id: UploadId, writer: UploadWriter, received: u64) {
        let mut gone = Vec::new();
        {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let late: Vec<Key> =
                all.iter().filter(|(_, p)| p.since.elapsed() > WAIT).map(|(k, _)| *k).collect();
            gone.extend(late.iter().filter_map(|k| all.remove(k)));
            if all.len() >= MOST
                && let Some(oldest) = all.iter().min_by_key(|(_, p)| p.since).map(|(k, _)| *k)
            {
                gone.extend(all.remove(&oldest));
            }
            all.insert((profile, id), Parked { writer, received, since: Instant::now() });
        }
        for parked in gone {
            tokio::spawn(async move {
                if parked.writer.pause().await.is_err() {
                    tracing::warn!("an upload that nobody continued could not be kept");
                }
            });
        }
    }
}
