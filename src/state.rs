//! What every handler can reach.

use crate::{clock::SystemClock, config::Config};
use axum::extract::FromRef;
use keepwell_services::{ServiceError, Services, clock::Clock, limit::Limiter};
use leptos::config::LeptosOptions;
use std::sync::Arc;
use tokio::sync::watch;

/// See the module.
#[derive(Clone)]
pub struct AppState {
    /// Use cases.
    pub services: Services,
    /// Settings.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What the pages' framework wants to know.
    pub leptos: LeptosOptions,
    /// Counts calls.
    pub limiter: Limiter,
    /// Uploads between two pieces.
    pub parking: crate::api::Parking,
    /// Where this instance listens, once it does and when that is TCP.
    pub address: Option<std::net::SocketAddr>,
    /// How readers of foreign files are locked in.
    pub readers: crate::sandbox::Sandbox,
    /// What was found when the promises of the security page were last tried.
    pub claims: crate::claims::Board,
    /// What browsers refused and is not written down yet.
    pub violations: crate::reports::Violations,
    /// Becomes true when the server stops: event streams then end.
    pub stop: watch::Receiver<bool>,
}

impl AppState {
    /// The state of a server with these services.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the limits' key cannot be derived.
    pub fn new(
        services: Services,
        config: Arc<Config>,
        stop: watch::Receiver<bool>,
    ) -> Result<Self, ServiceError> {
        let limiter = services.limiter()?;
        let leptos = LeptosOptions::builder()
            .output_name("keepwell")
            .site_root(config.site_dir.to_string_lossy().into_owned())
            .build();
        Ok(Self {
            services,
            readers: crate::instance::sandbox(&config),
            config,
            address: None,
            clock: Arc::new(SystemClock),
            leptos,
            limiter,
            parking: crate::api::Parking::default(),
            claims: crate::claims::Board::default(),
            violations: crate::reports::Violations::default(),
            stop,
        })
    }
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
