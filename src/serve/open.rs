//! Opens what the settings say: the listener of the application, with TLS where it is set.

use super::{
    Listener,
    tls::{self, Keeper, Tokens, certified, leaf, read_files},
};
use crate::config::{Config, Listen};
use anyhow::Context;
use keepwell_services::clock::Clock;
use std::{path::PathBuf, sync::Arc};
use tokio::sync::watch;

/// The application's listener and what its certificate is kept in.
pub struct Opened {
    /// Where connections come from.
    pub listener: Listener,
    /// Its address as people type it, when no public one is set.
    pub address: String,
    /// The certificate, when TLS is spoken.
    pub keeper: Option<Arc<Keeper>>,
    /// What port 80 tells a certificate authority.
    pub tokens: Arc<Tokens>,
}

/// Opens the listener, and keeps the certificate's files in view until the server stops.
///
/// # Errors
/// A sentence that says what keeps it from starting.
pub async fn open(
    config: &Config,
    clock: &Arc<dyn Clock>,
    stopped: &watch::Receiver<bool>,
) -> anyhow::Result<Opened> {
    let cannot = || format!("cannot listen on {}", config.listen);
    let keeper = config.speaks_tls().then(|| Arc::new(Keeper::default()));
    let listener = match &keeper {
        Some(keeper) => {
            if let Some(files) = files(config) {
                first(&files, keeper, &**clock)?;
                let (keeper, clock) = (Arc::clone(keeper), Arc::clone(clock));
                tokio::spawn(tls::watch(files, keeper, clock, config.tls.reload, stopped.clone()));
            }
            let tls = tls::server_config(Arc::clone(keeper)).context("TLS cannot be set up")?;
            Listener::bind_tls(&config.listen, Arc::new(tls)).await.with_context(cannot)?
        }
        None if config.listen.is_local() => Listener::bind(&config.listen).await.with_context(cannot)?,
        None => {
            let proxies = &config.http.trusted_proxies;
            Listener::bind_for_proxies(&config.listen, proxies).await.with_context(cannot)?
        }
    };
    let scheme = if keeper.is_some() { "https" } else { "http" };
    let address = match (&config.listen, listener.address()) {
        (_, Some(address)) => format!("{scheme}://{address}"),
        (Listen::Unix(path), None) => format!("unix:{}", path.display()),
        (Listen::Tcp(address), None) => format!("{scheme}://{address}"),
    };
    Ok(Opened { listener, address, keeper, tokens: Arc::default() })
}

fn files(config: &Config) -> Option<(PathBuf, PathBuf)> {
    Some((config.tls.cert.clone()?, config.tls.key.clone()?))
}

/// At the start there is no older certificate to go on with.
fn first((cert, key): &(PathBuf, PathBuf), keeper: &Keeper, clock: &dyn Clock) -> anyhow::Result<()> {
    let place = || format!("the certificate {} and its key {} cannot be used", cert.display(), key.display());
    let (chain, secret) = read_files(cert, key).with_context(place)?;
    let certified = certified(&chain, &secret).with_context(place)?;
    if let Some(Ok(leaf)) = certified.cert.first().map(leaf)
        && !leaf.holds(clock.now())
    {
        // Refusing to start would help nobody: browsers refuse it, and the page to see why is ours.
        tracing::warn!(until = %leaf.until.rfc3339(), "the certificate does not hold now: renew it");
    }
    keeper.set(certified);
    Ok(())
}
