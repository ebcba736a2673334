//! `keepwell serve`.

use super::say;
use crate::{
    config::{Config, Listen},
    instance, routes,
    serve::{self, Listener},
    state::AppState,
};
use anyhow::Context;
use keepwell_services::Services;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// Time between rounds of tidying up.
const TIDY: Duration = Duration::from_secs(600);
/// How long a stop waits for the file being read; what is unfinished is read again later.
const LAST_READING: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps it from starting.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let services = instance::open(&config).await?;
    let listener = Listener::bind(&config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = match (&config.listen, listener.address()) {
        (_, Some(address)) => format!("http://{address}"),
        (Listen::Unix(path), None) => format!("unix:{}", path.display()),
        (Listen::Tcp(address), None) => format!("http://{address}"),
    };
    let shown = config.public_url.as_ref().map_or(address, ToString::to_string);
    let config = Arc::new(config);
    let (stop, stopped) = watch::channel(false);
    let app = routes::router(AppState::new(services.clone(), Arc::clone(&config), stopped.clone()));
    if config.database.url.is_none() {
        // Nobody else reads from a SQLite file; on PostgreSQL another instance may hold the leases.
        services.resume_reading().await.context("what was being read cannot be taken up again")?;
    }
    let parsers = instance::parsers(&config);
    let readers: Vec<_> = (0..config.parser.workers)
        .map(|_| {
            let (services, parsers, stopped) = (services.clone(), Arc::clone(&parsers), stopped.clone());
            tokio::spawn(async move { services.run_worker(parsers, stopped).await })
        })
        .collect();
    tokio::spawn(tidy(services.clone(), stopped));
    say(&format!("Keepwell is at {shown} — open it and create your account."));
    let signal = async {
        if let Err(e) = serve::stop_signal().await {
            tracing::error!(kind = %e.kind(), "signals cannot be watched");
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping");
        let _ = stop.send(true);
    };
    serve::serve(listener, app, &config.http, signal).await;
    let ended = futures::future::join_all(readers);
    if tokio::time::timeout(LAST_READING, ended).await.is_err() {
        tracing::info!("a file was still being read; it will be read again at the next start");
    }
    services.store().close().await;
    Ok(())
}

async fn tidy(services: Services, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(e) = services.housekeeping().await {
            tracing::warn!(error = %e, "tidying up failed");
        }
        tokio::select! {
            () = tokio::time::sleep(TIDY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}
