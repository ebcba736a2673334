//! A device's own keys: Ed25519 to sign with, X25519 to be sealed to.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    hpke_wrap::{KemKeys, KemPublic},
    ids::DeviceId,
    label::{hash, label},
    random::{Random, draw_key},
};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use keepwell_crypto::Key32;
use std::fmt;

/// Length of a signature, in bytes.
pub(crate) const SIGNATURE_LEN: usize = 64;

/// The public keys of a device.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceCard {
    pub(crate) verifying: [u8; 32],
    pub(crate) kem: KemPublic,
}

impl DeviceCard {
    /// `SHA-256(label ‖ verifying key ‖ X25519 key)`, the first 16 bytes: no other keys go by this id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        let hash = hash(label!("device-id"), &[&self.verifying, &self.kem]);
        DeviceId::from_bytes(std::array::from_fn(|i| hash.get(i).copied().unwrap_or_default()))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { verifying: reader.array()?, kem: reader.array()? })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.put(&self.verifying);
        writer.put(&self.kem);
    }
}

impl fmt::Debug for DeviceCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceCard({:?})", self.id())
    }
}

/// The secret keys of a device in one vault. Every vault gets others, so that two vaults cannot be linked.
pub struct DeviceKeys {
    pub(crate) seed: Key32,
    pub(crate) kem_seed: Key32,
    signing: SigningKey,
    kem: KemKeys,
}

impl DeviceKeys {
    /// New random keys.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self> {
        Ok(Self::new(draw_key(random)?, draw_key(random)?))
    }

    pub(crate) fn new(seed: Key32, kem_seed: Key32) -> Self {
        let signing = SigningKey::from_bytes(seed.expose());
        let kem = KemKeys::derive(&kem_seed);
        Self { seed, kem_seed, signing, kem }
    }

    /// The public keys.
    #[must_use]
    pub fn card(&self) -> DeviceCard {
        DeviceCard { verifying: self.signing.verifying_key().to_bytes(), kem: self.kem.public() }
    }

    pub(crate) const fn kem(&self) -> &KemKeys {
        &self.kem
    }

    pub(crate) const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.put(self.seed.expose());
        writer.put(self.kem_seed.expose());
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self::new(Key32::from_bytes(reader.array()?), Key32::from_bytes(reader.array()?)))
    }
}

impl fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKeys(***)")
    }
}

/// Signs `label ‖ message` (Ed25519, [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032)).
pub(crate) fn sign(key: &SigningKey, label: &[u8], message: &[u8]) -> [u8; SIGNATURE_LEN] {
    key.sign(&[label, message].concat()).to_bytes()
}

/// Whether the signature is right, by the strict rules: no weak keys, one encoding only.
pub(crate) fn verify(
    key: &[u8; 32],
    label: &[u8],
    message: &[u8],
    signature: &[u8; SIGNATURE_LEN],
) -> Result<()> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| VaultError::Refused)?;
    key.verify_strict(&[label, message].concat(), &Signature::from_bytes(signature))
        .map_err(|_| VaultError::Refused)
}
