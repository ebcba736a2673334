//! AES-256-GCM ([SP 800-38D](https://csrc.nist.gov/pubs/sp/800/38/d/final)): aws-lc on servers,
//! RustCrypto in the browser. Tests run both against the same vectors.

#[cfg(not(target_arch = "wasm32"))]
mod aws;
#[cfg(any(target_arch = "wasm32", test))]
mod portable;
#[cfg(test)]
mod tests;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use aws::Gcm;
#[cfg(target_arch = "wasm32")]
pub(crate) use portable::Gcm;

/// Length of the authentication tag, in bytes.
pub(crate) const TAG_LEN: usize = 16;
/// Length of the GCM nonce, in bytes.
pub(crate) const GCM_NONCE_LEN: usize = 12;
