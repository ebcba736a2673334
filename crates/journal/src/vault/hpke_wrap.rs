//! A vault's key sealed to a public key: HPKE ([RFC 9180](https://www.rfc-editor.org/rfc/rfc9180)) with
//! DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, single shot.
//!
//! `mode (1) ‖ enc (32) ‖ ciphertext ‖ tag (48)`; mode 0 is HPKE's base mode, 1 its PSK mode.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    random::{Random, Seeded},
};
use hpke::{
    Deserializable, Kem as _, OpModeR, OpModeS, PskBundle, Serializable, aead::AesGcm256, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use keepwell_crypto::Key32;
use std::fmt;
use zeroize::Zeroizing;

type Kem = X25519HkdfSha256;
type Public = <Kem as hpke::Kem>::PublicKey;
type Private = <Kem as hpke::Kem>::PrivateKey;

/// Length of a public key and of an encapsulated key, in bytes.
pub(crate) const POINT_LEN: usize = 32;
const SEALED_LEN: usize = 32 + 16;

/// The public key to which something is sealed.
pub(crate) type KemPublic = [u8; POINT_LEN];

/// A key pair for HPKE. Kept as the 32 bytes from which RFC 9180's `DeriveKeyPair` makes it.
pub(crate) struct KemKeys {
    private: Private,
    public: Public,
}

impl KemKeys {
    pub(crate) fn derive(ikm: &Key32) -> Self {
        let (private, public) = Kem::derive_keypair(ikm.expose());
        Self { private, public }
    }

    pub(crate) fn public(&self) -> KemPublic {
        self.public.to_bytes().into()
    }
}

/// How the sealing side shows that it knows more than the public key.
#[derive(Clone, Copy)]
pub(crate) enum Sender<'a> {
    /// It does not; something signed vouches for the wrap.
    Anyone,
    /// It knows a secret that was shown to it by the recipient: 32 bytes, and what they are.
    Knows(&'a Key32, &'a [u8]),
}

/// A vault's key, sealed to one public key.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrap {
    with_psk: bool,
    enc: [u8; POINT_LEN],
    sealed: [u8; SEALED_LEN],
}

impl Wrap {
    /// Seals `key` to `to`. `info` says for whom and what it is, `commitment` which key.
    pub(crate) fn seal(
        to: &KemPublic,
        sender: Sender<'_>,
        info: &[u8],
        commitment: &[u8; 32],
        key: &Key32,
        random: &mut dyn Random,
    ) -> Result<Self> {
        let to = Public::from_bytes(to).map_err(|_| VaultError::Malformed)?;
        let mode = match sender {
            Sender::Anyone => OpModeS::Base,
            Sender::Knows(psk, id) => OpModeS::Psk(bundle(psk, id)?),
        };
        let mut rng = Seeded::draw(random)?;
        let (enc, sealed) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, Kem>(
            &mode,
            &to,
            info,
            key.expose(),
            commitment,
            &mut rng,
        )
        .map_err(|_| VaultError::Backend)?;
        Ok(Self {
            with_psk: matches!(sender, Sender::Knows(..)),
            enc: enc.to_bytes().into(),
            sealed: sealed.try_into().map_err(|_| VaultError::Backend)?,
        })
    }

    /// The key, when the wrap was made for these keys, from that sender, with this `info` and commitment.
    pub(crate) fn open(
        &self,
        keys: &KemKeys,
        sender: Sender<'_>,
        info: &[u8],
        commitment: &[u8; 32],
    ) -> Result<Key32> {
        let mode = match (sender, self.with_psk) {
            (Sender::Anyone, false) => OpModeR::Base,
            (Sender::Knows(psk, id), true) => OpModeR::Psk(bundle(psk, id)?),
            _ => return Err(VaultError::Refused),
        };
        let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(&self.enc).map_err(|_| VaultError::Refused)?;
        let text = hpke::single_shot_open::<AesGcm256, HkdfSha256, Kem>(
            &mode,
            &keys.private,
            &enc,
            info,
            &self.sealed,
            commitment,
        )
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Refused)?;
        Ok(Key32::try_from_slice(&text)?)
    }

    /// Whether it was made with a secret that only the recipient of that one wrap knows.
    pub(crate) const fn is_for_ticket(&self) -> bool {
        self.with_psk
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { with_psk: reader.flag()?, enc: reader.array()?, sealed: reader.array()? })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.flag(self.with_psk);
        writer.put(&self.enc);
        writer.put(&self.sealed);
    }
}

fn bundle<'a>(psk: &'a Key32, id: &'a [u8]) -> Result<PskBundle<'a>> {
    PskBundle::new(psk.expose(), id).map_err(|_| VaultError::Backend)
}

impl fmt::Debug for Wrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wrap(…)")
    }
}
