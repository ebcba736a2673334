//! `keepwell serve`.

use super::say;
use crate::{
    claims,
    clock::SystemClock,
    config::Config,
    host, instance, reports, routes,
    serve::{self, Listener, Opened, acme},
    state::AppState,
};
use anyhow::Context;
use axum::Router;
use keepwell_domain::act::{ActBy, Action};
use keepwell_services::{Act, Services, clock::Clock};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// Time between rounds of tidying up.
const TIDY: Duration = Duration::from_secs(600);
/// How long a stop waits for the file being read; what is unfinished is read again later.
const LAST_READING: Duration = Duration::from_secs(5);

/// What is free again goes back to the system within seconds, after a start, an import or many hashed passwords.
/// By itself the allocator does that only as memory is asked for. Not in the readers of foreign files: their system
/// call filter holds one thread.
fn give_memory_back() {
    let thread = tikv_jemalloc_ctl::max_background_threads::write(1)
        .and_then(|()| tikv_jemalloc_ctl::background_thread::write(true));
    if let Err(error) = thread {
        tracing::warn!(%error, "freed memory stays with the server");
    }
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps it from starting.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    serve::raise_limit();
    let services = instance::open(&config).await?;
    let (stop, stopped) = watch::channel(false);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let opened = serve::open(&config, &clock, &stopped).await?;
    let redirect = redirect(&config, &opened).await?;
    let shown = config.public_url.as_ref().map_or(opened.address, ToString::to_string);
    let config = Arc::new(config);
    if let Some(keeper) = opened.keeper.clone().filter(|_| !config.acme.domains.is_empty()) {
        let (services, tokens) = (services.clone(), Arc::clone(&opened.tokens));
        let manager = acme::Manager::new(&config, services, clock, keeper, tokens, acme::Pace::default());
        tokio::spawn(manager.run(stopped.clone()));
    }
    let mut state = AppState::new(services.clone(), Arc::clone(&config), stopped.clone())?;
    state.address = opened.listener.address();
    let app = routes::router(state.clone());
    give_memory_back();
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
    let redirected = stopped.clone();
    services
        .log_now(Act::of_instance(ActBy::Server, Action::ServerStarted))
        .await
        .context("the audit log cannot be written")?;
    let sequencer = {
        let (services, stopped) = (services.clone(), stopped.clone());
        tokio::spawn(async move { services.run_sequencer(stopped).await })
    };
    services.note_host(host::facts(&config.data_dir, opened.keeper.as_deref()));
    tokio::spawn(host::watch(
        services.clone(),
        config.data_dir.clone(),
        opened.keeper.clone(),
        stopped.clone(),
    ));
    let (settings, ended) = (services.clone(), stopped.clone());
    tokio::spawn(async move { settings.run_settings(ended).await });
    let counting = {
        let (services, stopped) = (services.clone(), stopped.clone());
        tokio::spawn(async move { services.run_counters(stopped).await })
    };
    tokio::spawn(reports::write_down(state.clone(), stopped.clone()));
    tokio::spawn(claims::watch(app.clone(), state, stopped.clone()));
    let (mailer, ended) = (services.clone(), stopped.clone());
    tokio::spawn(async move { mailer.run_mailer(ended).await });
    tokio::spawn(tidy(services.clone(), stopped));
    say(&format!("Keepwell is at {shown} — open it and create your account."));
    say(&crate::mail::told(&config));
    let signal = async {
        if let Err(e) = serve::stop_signal().await {
            tracing::error!(kind = %e.kind(), "signals cannot be watched");
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping");
        let _ = stop.send(true);
    };
    let plain = redirect.map(|(listener, router)| {
        let (http, mut stopped) = (config.http.clone(), redirected);
        tokio::spawn(async move {
            serve::serve(listener, router, &http, async move { drop(stopped.wait_for(|s| *s).await) }).await;
        })
    });
    serve::serve(opened.listener, app, &config.http, signal).await;
    if let Some(plain) = plain {
        let _ = plain.await;
    }
    let ended = futures::future::join_all(readers);
    if tokio::time::timeout(LAST_READING, ended).await.is_err() {
        tracing::info!("a file was still being read; it will be read again at the next start");
    }
    if counting.await.is_err() {
        tracing::warn!("what was counted last is not written down");
    }
    // Last: whatever was done until now gets its place.
    if sequencer.await.is_err() {
        tracing::warn!("the audit log was not numbered to its end; the next start goes on");
    }
    services.store().close().await;
    Ok(())
}

/// Port 80, where it is set.
async fn redirect(config: &Config, opened: &Opened) -> anyhow::Result<Option<(Listener, Router)>> {
    let (Some(address), Some(to)) = (config.http.redirect_listen, config.public_url.clone()) else {
        return Ok(None);
    };
    let listener = Listener::bind_redirect(address)
        .await
        .with_context(|| format!("cannot listen on {address} (http.redirect_listen)"))?;
    Ok(Some((listener, serve::redirect_router(to, Arc::clone(&opened.tokens)))))
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
