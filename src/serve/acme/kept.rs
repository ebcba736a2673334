//! What is kept in the database, each under a name of its own, sealed.

use super::{Pace, SECOND, authority::challenge_certificate};
use crate::serve::tls::{Keeper, Tokens};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use keepwell_domain::time::Ts;
use keepwell_services::{ServiceError, Services};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::HashMap, sync::Arc};
use zeroize::Zeroizing;

type Result<T> = std::result::Result<T, ServiceError>;

async fn load<T: DeserializeOwned>(services: &Services, name: &str) -> Result<(u32, Option<T>)> {
    let Some(secret) = services.find_secret(name).await? else { return Ok((0, None)) };
    // What an older version wrote and this one does not understand is replaced.
    Ok((secret.version, serde_json::from_slice(&secret.plain).ok()))
}

async fn keep<T: Serialize>(services: &Services, name: &str, seen: u32, value: &T) -> Result<()> {
    let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| ServiceError::Internal)?);
    services.keep_secret(name, seen, &plain).await
}

/// The certificate and its key, PEM.
#[derive(Serialize, Deserialize)]
pub struct Certificate {
    pub chain: String,
    pub key: Zeroizing<String>,
}

impl Certificate {
    const NAME: &str = "acme/certificate";

    /// With its version; 0 when there is none.
    pub async fn load(services: &Services) -> Result<(u32, Option<Self>)> {
        load(services, Self::NAME).await
    }
    pub async fn keep(&self, services: &Services) -> Result<()> {
        let (seen, _) = Self::load(services).await?;
        keep(services, Self::NAME, seen, self).await
    }
}

/// The account with an authority.
#[derive(Serialize, Deserialize)]
pub struct Account {
    /// Accounts of other authorities are not used.
    pub directory: String,
    pub email: Option<String>,
    /// As the ACME library writes it.
    pub credentials: Zeroizing<String>,
}

impl Account {
    const NAME: &str = "acme/account";

    pub async fn load(services: &Services) -> Result<Option<Self>> {
        Ok(load(services, Self::NAME).await?.1)
    }
    pub async fn keep(&self, services: &Services) -> Result<()> {
        let (seen, _): (_, Option<Self>) = load(services, Self::NAME).await?;
        keep(services, Self::NAME, seen, self).await
    }
}

/// What the authority is answered while an order runs.
#[derive(Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Challenges {
    /// HTTP-01: key authorisations by token.
    pub tokens: HashMap<String, String>,
    /// TLS-ALPN-01: SHA-256 of the key authorisation by domain, base64url.
    pub digests: HashMap<String, String>,
}

impl Challenges {
    const NAME: &str = "acme/challenges";

    pub async fn load(services: &Services) -> Result<Self> {
        Ok(load(services, Self::NAME).await?.1.unwrap_or_default())
    }
    pub async fn keep(&self, services: &Services) -> Result<()> {
        let (seen, held) = load::<Self>(services, Self::NAME).await?;
        if held.unwrap_or_default() == *self { Ok(()) } else { keep(services, Self::NAME, seen, self).await }
    }

    /// Answers these from now on.
    pub fn show(&self, keeper: &Keeper, tokens: &Tokens) {
        tokens.set(self.tokens.clone());
        let made = self.digests.iter().filter_map(|(domain, digest)| {
            let digest = BASE64_URL_SAFE_NO_PAD.decode(digest).ok()?;
            let certificate = challenge_certificate(domain, digest.as_slice().try_into().ok()?)?;
            Some((domain.clone(), Arc::new(certificate)))
        });
        keeper.set_challenges(made.collect());
    }
}

/// Failed orders in a row.
#[derive(Default, Serialize, Deserialize)]
pub struct Tries {
    failed: u32,
    not_before: i64,
}

impl Tries {
    const NAME: &str = "acme/tries";

    pub async fn load(services: &Services) -> Result<(u32, Self)> {
        let (seen, held) = load(services, Self::NAME).await?;
        Ok((seen, held.unwrap_or_default()))
    }
    pub async fn keep(&self, services: &Services, seen: u32) -> Result<()> {
        keep(services, Self::NAME, seen, self).await
    }
    pub const fn failed(&self) -> u32 {
        self.failed
    }
    pub const fn not_before(&self) -> Ts {
        Ts(self.not_before)
    }
    /// After one more failure: twice as late, plus up to a tenth.
    pub fn next(&self, now: Ts, pace: &Pace, jitter: u8) -> Self {
        let wait = pace.retry.saturating_mul(1 << self.failed.min(20)).min(pace.retry_at_most);
        let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX / 4).max(SECOND / 1000);
        let wait = wait + wait / 10 / 256 * i64::from(jitter);
        Self { failed: self.failed.saturating_add(1), not_before: now.0.saturating_add(wait) }
    }
}
