//! Tries the promises of the security page on this running instance: at the start, and every hour.

mod handshake;
mod perimeter;
mod rest;
mod scan;

pub use handshake::{Version, agrees};

use crate::state::AppState;
use axum::Router;
use keepwell_app::trust::{Checked, Claim, Findings, Status};
use keepwell_services::audit::Head;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::sync::watch;

/// Between the start and the first round: the first visitors come first.
const FIRST: Duration = Duration::from_secs(2);
/// Between two rounds.
const ROUND: Duration = Duration::from_secs(3600);

/// What was found last; shared between who tries and who shows.
#[derive(Clone, Default)]
pub struct Board {
    findings: Arc<RwLock<Findings>>,
    /// The last head of the log that was found to hold.
    head: Arc<RwLock<Option<Head>>>,
}

impl Board {
    /// What was found last.
    #[must_use]
    pub fn latest(&self) -> Findings {
        self.findings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn head(&self) -> Option<Head> {
        self.head.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn keep_head(&self, head: Head) {
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = Some(head);
    }
    fn put(&self, found: Checked) {
        let mut board = self.findings.write().unwrap_or_else(PoisonError::into_inner);
        board.0.retain(|c| c.claim != found.claim);
        board.0.push(found);
    }
}

/// Tries all claims now and again until the server stops.
pub async fn watch(app: Router, state: AppState, mut stopped: watch::Receiver<bool>) {
    let mut pause = FIRST;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        round(&app, &state).await;
        pause = ROUND;
    }
}

/// Tries all claims once.
pub async fn round(app: &Router, state: &AppState) {
    for claim in Claim::ALL {
        let status = attempt(*claim, app, state).await;
        if status == Status::Broken {
            tracing::error!(claim = claim.code(), "a promise of the security page does not hold");
        }
        state.claims.put(Checked { claim: *claim, status, at: Some(state.clock.now()) });
    }
}

async fn attempt(claim: Claim, app: &Router, state: &AppState) -> Status {
    match claim {
        Claim::Tls => perimeter::tls(state).await,
        Claim::Headers => perimeter::headers(app).await,
        Claim::OwnCodeOnly => perimeter::own_code_only(app).await,
        Claim::CrossSite => perimeter::cross_site(app).await,
        Claim::NoStore => perimeter::no_store(app).await,
        Claim::Limits => perimeter::limits(app, state).await,
        Claim::Passwords => rest::passwords(state).await,
        Claim::SecondFactor => held(state.services.prove_step_up().await),
        Claim::AdminSight => held(state.services.prove_sights().await),
        Claim::Addresses => rest::addresses(state),
        Claim::Sealing => held(state.services.prove_sealing().await),
        Claim::RootKey => rest::root_key(state),
        Claim::Erasure => held(state.services.prove_erasure().await),
        Claim::Sandbox => rest::sandbox(state).await,
        Claim::AuditLog => rest::audit_log(state).await,
    }
}

/// Found to be so or not; what could not be tried is unknown.
fn held<E>(found: Result<bool, E>) -> Status {
    match found {
        Ok(true) => Status::Holds,
        Ok(false) => Status::Broken,
        Err(_) => Status::Unknown,
    }
}
