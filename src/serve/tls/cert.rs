//! Certificates and keys as they lie in files.

use keepwell_domain::time::Ts;
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use std::{
    io,
    path::{Path, PathBuf},
};
use x509_parser::{extensions::GeneralName, prelude::FromDer};
use zeroize::Zeroizing;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertFault {
    /// A file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, io::ErrorKind),
    /// No certificate.
    #[error("there is no certificate in it (PEM is expected, the server's own first)")]
    NoCertificate,
    /// No key.
    #[error("there is no private key in it (PEM without a passphrase is expected)")]
    NoKey,
    /// The key is of a kind that TLS 1.3 has no use for.
    #[error(
        "the private key is of a kind that cannot be used; make an ECDSA P-256 or RSA key of at least 2048 bits"
    )]
    UnusableKey,
    /// The two belong to different pairs.
    #[error("the private key does not belong to the certificate")]
    Mismatch,
    /// Not a certificate.
    #[error("the certificate cannot be understood")]
    Malformed,
}

/// What matters of a server's own certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// DNS names and addresses that it is for, in lower case.
    pub names: Vec<String>,
    /// Valid from.
    pub from: Ts,
    /// Valid until.
    pub until: Ts,
    /// Whether nobody but itself vouches for it.
    pub self_signed: bool,
    /// Who issued it, as text.
    pub issuer: String,
}

impl Leaf {
    /// Whether it is for this host: exactly, or by a wildcard of one label.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let wild = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        self.names.iter().any(|n| *n == host || Some(n) == wild.as_ref())
    }
    /// Whether it holds at this time.
    #[must_use]
    pub fn holds(&self, now: Ts) -> bool {
        self.from <= now && now < self.until
    }
}

/// The bytes of both files.
///
/// # Errors
/// [`CertFault::Unreadable`].
pub fn read_files(cert: &Path, key: &Path) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), CertFault> {
    let read =
        |path: &Path| std::fs::read(path).map_err(|e| CertFault::Unreadable(path.to_owned(), e.kind()));
    Ok((read(cert)?, Zeroizing::new(read(key)?)))
}

/// Chain and key, checked to belong together.
///
/// # Errors
/// What is wrong with them.
pub fn certified(chain: &[u8], key: &[u8]) -> Result<CertifiedKey, CertFault> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(|_| CertFault::NoCertificate)?;
    let first = chain.first().ok_or(CertFault::NoCertificate)?;
    leaf(first)?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| CertFault::NoKey)?;
    let signer =
        rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).map_err(|_| CertFault::UnusableKey)?;
    let certified = CertifiedKey::new(chain, signer);
    match certified.keys_match() {
        Ok(()) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err(CertFault::Mismatch),
        Err(_) => Err(CertFault::Malformed),
    }
}

/// Reads a certificate.
///
/// # Errors
/// [`CertFault::Malformed`].
pub fn leaf(der: &CertificateDer<'_>) -> Result<Leaf, CertFault> {
    let (_, cert) =
        x509_parser::certificate::X509Certificate::from_der(der).map_err(|_| CertFault::Malformed)?;
    let extension = cert.subject_alternative_name().map_err(|_| CertFault::Malformed)?;
    let names = extension.iter().flat_map(|e| &e.value.general_names).filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    });
    let ts = |t: x509_parser::time::ASN1Time| Ts(t.timestamp().saturating_mul(1_000_000));
    let validity = cert.validity();
    Ok(Leaf {
        names: names.collect(),
        from: ts(validity.not_before),
        until: ts(validity.not_after),
        self_signed: cert.subject() == cert.issuer(),
        issuer: cert.issuer().to_string(),
    })
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|b| std::net::Ipv4Addr::from(b).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|b| std::net::Ipv6Addr::from(b).to_string())).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn wildcard_covers_one_label_only() {
        let leaf = Leaf {
            names: vec!["*.example.org".to_owned(), "127.0.0.1".to_owned()],
            from: Ts(0),
            until: Ts(10),
            self_signed: false,
            issuer: String::new(),
        };
        assert!(leaf.covers("A.example.org") && leaf.covers("127.0.0.1"));
        assert!(!leaf.covers("example.org") && !leaf.covers("a.b.example.org") && !leaf.covers("org"));
        assert!(leaf.holds(Ts(0)) && !leaf.holds(Ts(10)));
    }

    #[test]
    fn key_must_belong_to_the_certificate() {
        let [a, b] = [(), ()].map(|()| rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap());
        let chain = a.cert.pem();
        assert!(certified(chain.as_bytes(), a.signing_key.serialize_pem().as_bytes()).is_ok());
        let other = b.signing_key.serialize_pem();
        assert!(matches!(certified(chain.as_bytes(), other.as_bytes()), Err(CertFault::Mismatch)));
        assert!(matches!(certified(b"", other.as_bytes()), Err(CertFault::NoCertificate)));
        assert!(matches!(certified(chain.as_bytes(), b"nothing"), Err(CertFault::NoKey)));
        let read = leaf(a.cert.der()).unwrap();
        assert_eq!(read.names, ["a.example"]);
    }
}
