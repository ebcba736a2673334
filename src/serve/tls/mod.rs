//! TLS: version 1.3 only, post-quantum key exchange first.

mod cert;
mod keeper;
mod reload;

pub use cert::{CertFault, Leaf, certified, leaf, read_files};
pub use keeper::{Keeper, Tokens};
pub use reload::watch;

use rustls::{
    ServerConfig,
    crypto::{
        CryptoProvider,
        aws_lc_rs::{self, Ticketer, cipher_suite, kx_group},
    },
    version::TLS13,
};
use std::sync::Arc;

/// The protocol name of TLS-ALPN-01 (RFC 8737).
pub const ACME_PROTOCOL: &[u8] = b"acme-tls/1";

/// What rustls works with: AES and ChaCha20, and a hybrid key exchange, so that what is recorded
/// today is not read by a quantum computer later.
#[must_use]
pub fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
        ],
        kx_groups: vec![kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1],
        ..aws_lc_rs::default_provider()
    }
}

/// The settings of a server that shows what `keeper` holds.
///
/// # Errors
/// When the library refuses them, or there is no randomness for the tickets' keys.
pub fn server_config(keeper: Arc<Keeper>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(keeper);
    config.alpn_protocols = [&b"h2"[..], b"http/1.1", ACME_PROTOCOL].map(<[u8]>::to_vec).to_vec();
    // Sealed under keys that change every six hours and live in memory only. Each resumption still
    // exchanges fresh keys; early data stays off, for it can be replayed.
    config.ticketer = Ticketer::new()?;
    config.max_early_data_size = 0;
    Ok(config)
}
