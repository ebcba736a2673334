//! Certificate files that somebody renews while we serve.

use super::{CertFault, Keeper, certified, leaf, read_files};
use keepwell_domain::time::Ts;
use keepwell_services::clock::Clock;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::watch::Receiver;
use zeroize::Zeroizing;

/// Looks at the files now and then and shows what they hold, as soon as it can be used. Until then,
/// what was shown before stays. Ends with the server.
pub async fn watch(
    files: (PathBuf, PathBuf),
    keeper: Arc<Keeper>,
    clock: Arc<dyn Clock>,
    every: Duration,
    mut stopped: Receiver<bool>,
) {
    let mut known = read_files(&files.0, &files.1).ok();
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        let (cert, key) = files.clone();
        let Ok(read) = tokio::task::spawn_blocking(move || read_files(&cert, &key)).await else { continue };
        match read {
            Ok(found) if known.as_ref() == Some(&found) => {}
            Ok(found) => {
                take(&found, &keeper, clock.now());
                known = Some(found);
            }
            Err(fault) => {
                if known.take().is_some() {
                    warn(&fault);
                }
            }
        }
    }
}

fn take((chain, key): &(Vec<u8>, Zeroizing<Vec<u8>>), keeper: &Keeper, now: Ts) {
    let fresh = match certified(chain, key) {
        Ok(fresh) => fresh,
        // Also while only one of the two files has been replaced: the other follows in a moment.
        Err(fault) => return warn(&fault),
    };
    match fresh.cert.first().map(leaf) {
        Some(Ok(leaf)) if leaf.holds(now) => {
            tracing::info!(until = %leaf.until.rfc3339(), "the certificate was replaced");
            keeper.set(fresh);
        }
        _ => tracing::warn!("the new certificate does not hold now: the old one stays in use"),
    }
}

fn warn(fault: &CertFault) {
    tracing::warn!(%fault, "the new certificate cannot be used: the old one stays in use");
}
