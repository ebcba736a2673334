//! Certificates by ACME (RFC 8555): ordered, kept sealed in the database, renewed in time.
//!
//! All instances of an installation show one certificate. One orders at a time, under a lease; what
//! the authority asks for lies in the database, so that whichever instance it reaches can answer.
//! Nothing here is waited for by a request.

mod authority;
mod client;
mod kept;
mod order;

pub use order::Fault;

use super::tls::{Keeper, Leaf, Tokens, certified, leaf};
use crate::config::{Acme, Challenge, Config};
use keepwell_domain::time::Ts;
use keepwell_services::{ServiceError, Services, clock::Clock};
use kept::{Certificate, Challenges, Tries};
use order::Order;
use rustls::sign::CertifiedKey;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch::Receiver;
use uuid::Uuid;

/// The lease under which one instance orders.
const LEASE: &str = "acme";
/// Seconds of that lease: longer than an order takes.
const LEASE_SECONDS: i64 = 600;
const SECOND: i64 = 1_000_000;

/// How often things are done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two looks at what the database holds.
    pub look: Duration,
    /// After the first failure; twice as long after each further one.
    pub retry: Duration,
    /// At most between two tries.
    pub retry_at_most: Duration,
}

impl Default for Pace {
    /// Stays within the limits of Let's Encrypt: five failed orders an hour.
    fn default() -> Self {
        Self {
            look: Duration::from_secs(10),
            retry: Duration::from_secs(15 * 60),
            retry_at_most: Duration::from_secs(12 * 3600),
        }
    }
}

/// Keeps a certificate at hand.
pub struct Manager {
    services: Services,
    clock: Arc<dyn Clock>,
    settings: Acme,
    /// By port 80, not by TLS.
    over_http: bool,
    /// Whether other instances may be asked by the authority.
    shared: bool,
    keeper: Arc<Keeper>,
    tokens: Arc<Tokens>,
    pace: Pace,
    me: Uuid,
    /// Part of a second, drawn once: instances and installations do not all renew at one time.
    jitter: u8,
    /// The certificate that is shown, by its version in the database.
    shown: Option<(u32, Leaf)>,
}

impl Manager {
    /// The certificate that the settings ask for.
    #[must_use]
    pub fn new(
        config: &Config,
        services: Services,
        clock: Arc<dyn Clock>,
        keeper: Arc<Keeper>,
        tokens: Arc<Tokens>,
        pace: Pace,
    ) -> Self {
        let over_http = match config.acme.challenge {
            Challenge::Auto => config.http.redirect_listen.is_some(),
            Challenge::Http01 => true,
            Challenge::TlsAlpn01 => false,
        };
        let mut random = [0u8; 17];
        // Without randomness all renew at once: no harm worth a failure.
        let _ = getrandom::fill(&mut random);
        let [jitter, id @ ..] = random;
        Self {
            services,
            clock,
            settings: config.acme.clone(),
            over_http,
            shared: config.database.url.is_some(),
            keeper,
            tokens,
            pace,
            me: Uuid::from_bytes(id),
            jitter,
            shown: None,
        }
    }

    /// Runs until the server stops.
    pub async fn run(mut self, mut stopped: Receiver<bool>) {
        loop {
            if let Err(e) = self.step().await {
                tracing::warn!(error = %e, "the state of the certificate cannot be read or kept");
            }
            tokio::select! {
                () = tokio::time::sleep(self.pace.look) => {}
                _ = stopped.wait_for(|s| *s) => return,
            }
        }
    }

    async fn step(&mut self) -> Result<(), ServiceError> {
        self.follow().await?;
        let (_, tries) = Tries::load(&self.services).await?;
        let now = self.clock.now();
        if !self.is_due(now) || now < tries.not_before() {
            return Ok(());
        }
        if !self.services.take_lease(LEASE, self.me, LEASE_SECONDS).await? {
            return Ok(());
        }
        // Another may have been quicker, between the look and the lease.
        self.follow().await?;
        if self.is_due(now) {
            self.order().await?;
        }
        self.services.end_lease(LEASE, self.me).await
    }

    /// Shows what the database holds.
    async fn follow(&mut self) -> Result<(), ServiceError> {
        Challenges::load(&self.services).await?.show(&self.keeper, &self.tokens);
        let (version, Some(held)) = Certificate::load(&self.services).await? else { return Ok(()) };
        if self.shown.as_ref().is_some_and(|(shown, _)| *shown == version) {
            return Ok(());
        }
        let Ok(certified) = certified(held.chain.as_bytes(), held.key.as_bytes()) else {
            tracing::warn!("the kept certificate cannot be used");
            return Ok(());
        };
        if let Some(Ok(leaf)) = certified.cert.first().map(leaf) {
            tracing::info!(until = %leaf.until.rfc3339(), "a certificate is in use");
            self.shown = Some((version, leaf));
            self.keeper.set(certified);
        }
        Ok(())
    }

    /// Without a certificate, with one for other names, or in its last third.
    fn is_due(&self, now: Ts) -> bool {
        let Some((_, leaf)) = &self.shown else { return true };
        let covers_all = self.settings.domains.iter().all(|d| leaf.covers(d));
        !covers_all || now >= renewal(leaf, self.jitter)
    }

    async fn order(&mut self) -> Result<(), ServiceError> {
        let order = Order {
            services: &self.services,
            settings: &self.settings,
            over_http: self.over_http,
            // Time for the others to read what they shall answer.
            spread: if self.shared { 2 * self.pace.look } else { Duration::ZERO },
            keeper: &self.keeper,
            tokens: &self.tokens,
        };
        let outcome = order.place().await;
        Challenges::default().keep(&self.services).await?;
        let (version, tries) = Tries::load(&self.services).await?;
        match outcome {
            Ok(()) => {
                Tries::default().keep(&self.services, version).await?;
                self.follow().await
            }
            Err(fault) => {
                let next = tries.next(self.clock.now(), &self.pace, self.jitter);
                let wait = (next.not_before().0 - self.clock.now().0) / SECOND;
                tracing::warn!(%fault, retry_in_seconds = wait, "no certificate was issued");
                next.keep(&self.services, version).await
            }
        }
    }
}

/// What is kept, for the operator.
pub struct State {
    /// The certificate.
    pub held: Option<CertifiedKey>,
    /// Orders that failed since the last one that went well.
    pub failed: u32,
    /// The next try.
    pub not_before: Ts,
}

/// Reads what is kept.
///
/// # Errors
/// Those of the services.
pub async fn state(services: &Services) -> Result<State, ServiceError> {
    let (_, held) = Certificate::load(services).await?;
    let held = held.and_then(|c| certified(c.chain.as_bytes(), c.key.as_bytes()).ok());
    let (_, tries) = Tries::load(services).await?;
    Ok(State { held, failed: tries.failed(), not_before: tries.not_before() })
}

/// Two thirds of its life, plus up to a twentieth.
fn renewal(leaf: &Leaf, jitter: u8) -> Ts {
    let life = leaf.until.0.saturating_sub(leaf.from.0).max(0);
    Ts(leaf.from.0 + life / 3 * 2 + life / 20 / 256 * i64::from(jitter))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn renewal_is_in_the_last_third_and_well_before_the_end() {
        let day = 86_400 * SECOND;
        for life in [6, 45, 90, 365] {
            let leaf = Leaf {
                names: Vec::new(),
                from: Ts(1_000 * day),
                until: Ts((1_000 + life) * day),
                self_signed: false,
                issuer: String::new(),
            };
            for jitter in [0, 128, 255] {
                let at = renewal(&leaf, jitter).0 - leaf.from.0;
                assert!(at >= life * day / 3 * 2 && at < life * day * 3 / 4, "{life} days, {jitter}");
            }
        }
    }

    #[test]
    fn failures_are_tried_again_ever_later_up_to_a_limit() {
        let (pace, mut tries, now) = (Pace::default(), Tries::default(), Ts(0));
        assert!(now >= tries.not_before());
        let mut waits = Vec::new();
        for _ in 0..20 {
            tries = tries.next(now, &pace, 0);
            waits.push(tries.not_before().0 / SECOND);
        }
        assert_eq!(&waits[..4], &[900, 1800, 3600, 7200]);
        assert_eq!(waits.last(), Some(&43_200));
    }
}
