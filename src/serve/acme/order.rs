//! One order: prove the names, fetch the certificate, keep it.

use super::{
    authority,
    client::Client,
    kept::{Account, Certificate, Challenges},
};
use crate::{
    config::Acme,
    serve::tls::{CertFault, Keeper, Tokens, certified, leaf},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use instant_acme::{
    Account as AcmeAccount, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder,
    OrderStatus, RetryPolicy,
};
use keepwell_services::{ServiceError, Services};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long the authority may take to check, and to issue.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(120));

/// Orders placed at once, one after the other, where nothing but a stale nonce was the matter.
const TRIES: u32 = 5;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The authority, or the way to it.
    #[error("{0}")]
    Authority(#[from] instant_acme::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] ServiceError),
    /// The setting of the authority's roots.
    #[error("{0}")]
    Roots(String),
    /// The request could not be made.
    #[error("the request could not be made: {0}")]
    Request(#[from] rcgen::Error),
    /// The authority asks for another kind of proof.
    #[error("the authority does not offer {0}; set acme.challenge to another")]
    NotOffered(&'static str),
    /// It did not believe us.
    #[error("the authority could not check {0}: is the name's address this server, and {1} open to it?")]
    NotProved(String, &'static str),
    /// What came cannot be used.
    #[error("what was issued cannot be used: {0}")]
    Unusable(#[from] CertFault),
    /// It is for other names.
    #[error("what was issued is not for all names")]
    OtherNames,
}

impl Fault {
    /// Whether the authority took our requests for old ones, more often than the library tries again
    /// (RFC 8555, 6.5). It says nothing of our names and counts against no limit.
    fn is_stale_nonce(&self) -> bool {
        let Self::Authority(instant_acme::Error::Api(problem)) = self else { return false };
        problem.r#type.as_deref() == Some("urn:ietf:params:acme:error:badNonce")
    }
}

/// See the module.
pub struct Order<'a> {
    pub services: &'a Services,
    pub settings: &'a Acme,
    pub over_http: bool,
    pub spread: Duration,
    pub keeper: &'a Keeper,
    pub tokens: &'a Tokens,
}

impl Order<'_> {
    /// Gets a certificate and keeps it.
    pub async fn place(&self) -> Result<(), Fault> {
        let mut left = TRIES;
        loop {
            left -= 1;
            match self.place_once().await {
                Err(fault) if left > 0 && fault.is_stale_nonce() => {}
                outcome => return outcome,
            }
        }
    }

    async fn place_once(&self) -> Result<(), Fault> {
        let account = self.account().await?;
        let names: Vec<_> = self.settings.domains.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        let challenges = self.gather(&mut order).await?;
        challenges.keep(self.services).await?;
        challenges.show(self.keeper, self.tokens);
        tokio::time::sleep(self.spread).await;
        self.announce(&mut order).await?;
        if order.poll_ready(&PATIENCE).await? != OrderStatus::Ready {
            return Err(self.refused(&mut order).await);
        }
        let (key, request) = authority::request(&self.settings.domains)?;
        order.finalize_csr(&request).await?;
        let chain = order.poll_certificate(&PATIENCE).await?;
        self.check(&chain, &key)?;
        Ok(Certificate { chain, key }.keep(self.services).await?)
    }

    /// Ours with this authority, made at the first order.
    async fn account(&self) -> Result<AcmeAccount, Fault> {
        let client = Client::new(self.settings.ca_file.as_deref()).map_err(Fault::Roots)?;
        let builder = AcmeAccount::builder_with_http(Box::new(client));
        let known = Account::load(self.services).await?;
        let known =
            known.filter(|a| a.directory == self.settings.directory && a.email == self.settings.email);
        if let Some(known) = known
            && let Ok(credentials) = serde_json::from_str(&known.credentials)
        {
            return Ok(builder.from_credentials(credentials).await?);
        }
        let contact = self.settings.email.as_ref().map(|e| format!("mailto:{e}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new =
            NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let directory = self.settings.directory.clone();
        let (account, credentials) = builder.create(&new, directory.clone(), None).await?;
        let credentials = serde_json::to_string(&credentials).map_err(instant_acme::Error::from)?;
        let kept = Account {
            directory,
            email: self.settings.email.clone(),
            credentials: Zeroizing::new(credentials),
        };
        kept.keep(self.services).await?;
        Ok(account)
    }

    fn kind(&self) -> (ChallengeType, &'static str, &'static str) {
        if self.over_http {
            (ChallengeType::Http01, "http-01", "port 80")
        } else {
            (ChallengeType::TlsAlpn01, "tls-alpn-01", "port 443")
        }
    }

    /// What is to be shown for each name that is not proved yet.
    async fn gather(&self, order: &mut instant_acme::Order) -> Result<Challenges, Fault> {
        let (kind, name, _) = self.kind();
        let mut challenges = Challenges::default();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status != AuthorizationStatus::Pending {
                continue;
            }
            let domain = authorization.identifier().to_string();
            let challenge = authorization.challenge(kind.clone()).ok_or(Fault::NotOffered(name))?;
            let proof = challenge.key_authorization();
            if self.over_http {
                challenges.tokens.insert(challenge.token.clone(), proof.as_str().to_owned());
            } else {
                let digest = BASE64_URL_SAFE_NO_PAD.encode(proof.digest());
                challenges.digests.insert(domain.to_ascii_lowercase(), digest);
            }
        }
        Ok(challenges)
    }

    /// Tells the authority that it may look.
    async fn announce(&self, order: &mut instant_acme::Order) -> Result<(), Fault> {
        let (kind, name, _) = self.kind();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Pending {
                authorization.challenge(kind.clone()).ok_or(Fault::NotOffered(name))?.set_ready().await?;
            }
        }
        Ok(())
    }

    /// Which name was not believed.
    async fn refused(&self, order: &mut instant_acme::Order) -> Fault {
        let mut authorizations = order.authorizations();
        while let Some(Ok(mut authorization)) = authorizations.next().await {
            let _ = authorization.refresh().await;
            if authorization.status == AuthorizationStatus::Invalid {
                return Fault::NotProved(authorization.identifier().to_string(), self.kind().2);
            }
        }
        Fault::NotProved(self.settings.domains.join(", "), self.kind().2)
    }

    fn check(&self, chain: &str, key: &str) -> Result<(), Fault> {
        let certified = certified(chain.as_bytes(), key.as_bytes())?;
        let leaf = certified.cert.first().map(leaf).transpose()?.ok_or(CertFault::NoCertificate)?;
        if self.settings.domains.iter().all(|d| leaf.covers(d)) { Ok(()) } else { Err(Fault::OtherNames) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn fault(kind: &str) -> Fault {
        let problem =
            serde_json::json!({"type": format!("urn:ietf:params:acme:error:{kind}"), "status": 400});
        Fault::Authority(instant_acme::Error::Api(serde_json::from_value(problem).unwrap()))
    }

    #[test]
    fn only_a_stale_nonce_is_tried_again_at_once() {
        assert!(fault("badNonce").is_stale_nonce());
        // These count against the authority's limits.
        for kind in ["rateLimited", "unauthorized", "connection", "malformed"] {
            assert!(!fault(kind).is_stale_nonce(), "{kind}");
        }
        assert!(!Fault::OtherNames.is_stale_nonce());
    }
}
