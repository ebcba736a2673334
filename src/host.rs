//! What only this process knows of its machine, told to the services every minute: room on the disk, and until when the
//! certificate holds.

use crate::serve::tls::{Keeper, leaf};
use keepwell_domain::time::Ts;
use keepwell_services::{Services, counters::HostFacts};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(60);

/// Looks until the server stops.
pub async fn watch(
    services: Services,
    data_dir: PathBuf,
    keeper: Option<Arc<Keeper>>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        services.note_host(facts(&data_dir, keeper.as_deref()));
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

/// What there is to say now.
#[must_use]
pub fn facts(data_dir: &Path, keeper: Option<&Keeper>) -> HostFacts {
    HostFacts {
        version: env!("CARGO_PKG_VERSION"),
        disk_free: rustix::fs::statvfs(data_dir).ok().map(|s| s.f_bavail.saturating_mul(s.f_frsize)),
        certificate_ends: keeper.and_then(certificate_ends),
    }
}

fn certificate_ends(keeper: &Keeper) -> Option<Ts> {
    let certified = keeper.current()?;
    leaf(certified.cert.first()?).ok().map(|l| l.until)
}
