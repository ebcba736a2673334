//! The certificate in force, and what a certificate authority asks for.

use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

/// Holds the certificate that new connections are shown. Changing it touches no open one.
#[derive(Default)]
pub struct Keeper {
    now: RwLock<Option<Arc<CertifiedKey>>>,
    /// By domain: what TLS-ALPN-01 shows.
    challenges: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Keeper {
    /// Shows another one from now on.
    pub fn set(&self, key: CertifiedKey) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(key));
    }

    /// The one in force.
    #[must_use]
    pub fn current(&self) -> Option<Arc<CertifiedKey>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the authority is shown for these domains; nothing for all others.
    pub fn set_challenges(&self, all: HashMap<String, Arc<CertifiedKey>>) {
        *self.challenges.write().unwrap_or_else(PoisonError::into_inner) = all;
    }
}

impl ResolvesServerCert for Keeper {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut asked = hello.alpn().into_iter().flatten();
        // RFC 8737, 3: this protocol and no other.
        if asked.next() == Some(super::ACME_PROTOCOL) && asked.next().is_none() {
            let challenges = self.challenges.read().unwrap_or_else(PoisonError::into_inner);
            return challenges.get(&hello.server_name()?.to_ascii_lowercase()).cloned();
        }
        self.current()
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

/// What port 80 answers to the authority: key authorisations by token.
#[derive(Default)]
pub struct Tokens(RwLock<HashMap<String, String>>);

impl Tokens {
    /// Answers these tokens and no others.
    pub fn set(&self, all: HashMap<String, String>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// The answer to a token.
    #[must_use]
    pub fn find(&self, token: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }
}
