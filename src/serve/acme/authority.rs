//! Certificates that are made here: requests to an authority, and the one that TLS-ALPN-01 shows.

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::{pki_types::PrivateKeyDer, sign::CertifiedKey};
use zeroize::Zeroizing;

/// A new key (ECDSA P-256), PEM, and the request for a certificate of it, DER.
///
/// # Errors
/// Those of the library.
pub fn request(domains: &[String]) -> Result<(Zeroizing<String>, Vec<u8>), rcgen::Error> {
    let mut params = CertificateParams::new(domains.to_vec())?;
    // The names are in the extension; a subject would only repeat one.
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate()?;
    let request = params.serialize_request(&key)?.der().to_vec();
    Ok((Zeroizing::new(key.serialize_pem()), request))
}

/// What is shown for a domain under TLS-ALPN-01: a certificate that vouches for itself and holds
/// the digest (RFC 8737, 3).
#[must_use]
pub fn challenge_certificate(domain: &str, digest: &[u8; 32]) -> Option<CertifiedKey> {
    let mut params = CertificateParams::new([domain.to_owned()]).ok()?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate().ok()?;
    let cert = params.self_signed(&key).ok()?;
    let der = PrivateKeyDer::try_from(key.serialize_der()).ok()?;
    let signer = rustls::crypto::aws_lc_rs::sign::any_ecdsa_type(&der).ok()?;
    Some(CertifiedKey::new(vec![cert.der().clone()], signer))
}
