//! A slot: one way into a vault.
//!
//! From the slot's secret come, by `HKDF-SHA256(salt = label ‖ vault ‖ slot, ikm = secret)`, five things: a
//! commitment to the secret, a MAC key, a mask, an X25519 and an Ed25519 key pair. The vault's key is sealed to the
//! X25519 key, so that a new epoch's key can be put into every slot without asking for any secret. The MAC
//! (*anchor*) ties the slot to the vault and to the device that founded it: whoever does not know the secret,
//! a server least of all, cannot make a vault of its own that the secret would open. Under the mask lies the
//! vault's authority key, with which everything that is not signed shows that it comes from within the vault.
//! With the Ed25519 key somebody who has only the secret signs a new device into the vault.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    hpke_wrap::{KemKeys, KemPublic, Sender, Wrap},
    ids::{Epoch, SlotId, VaultId},
    key::{Commitment, EpochKey, Keyring, copy, derive},
    label::label,
    passphrase::{Cost, Passphrase, Stretch},
    phrase::Phrase,
    random::{Random, draw},
};
use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit, Mac};
use keepwell_crypto::Key32;
use sha2::Sha256;
use subtle::ConstantTimeEq;

const VERSION: u8 = 1;
/// Longest credential id of a passkey, in bytes (WebAuthn's own limit).
pub const MAX_CREDENTIAL: usize = 1023;

/// What opens a slot, with what is needed to ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    /// A passphrase. Never leaves the device (but in a backup file): a server could try passphrases.
    Passphrase(Stretch),
    /// The recovery phrase.
    Phrase,
    /// A passkey's PRF output for this input and credential.
    Passkey {
        /// The input of the PRF extension.
        input: [u8; 32],
        /// Which credential to ask for.
        credential: Vec<u8>,
    },
    /// 32 random bytes that are kept in another vault: how a person's own vault opens a shared space.
    Keeper,
}

impl SlotKind {
    /// Whether this slot may be the only one.
    #[must_use]
    pub const fn can_stand_alone(&self) -> bool {
        !matches!(self, Self::Passkey { .. })
    }
    /// Whether its secret cannot be guessed, so that the server may keep the slot.
    #[must_use]
    pub const fn may_be_synced(&self) -> bool {
        !matches!(self, Self::Passphrase(_))
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.u8()? {
            1 => Stretch::read(reader).map(Self::Passphrase),
            2 => Ok(Self::Phrase),
            3 => Ok(Self::Passkey {
                input: reader.array()?,
                credential: reader.part(MAX_CREDENTIAL)?.to_vec(),
            }),
            4 => Ok(Self::Keeper),
            _ => Err(VaultError::UnknownVersion),
        }
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        match self {
            Self::Passphrase(stretch) => {
                writer.u8(1);
                stretch.write(writer);
            }
            Self::Phrase => writer.u8(2),
            Self::Passkey { input, credential } => {
                writer.u8(3);
                writer.put(input);
                writer.part(credential)?;
            }
            Self::Keeper => writer.u8(4),
        }
        Ok(())
    }
}

/// The secret of a slot that is to be opened or made.
#[derive(Debug, Clone, Copy)]
pub enum SlotSecret<'a> {
    /// A passphrase as typed.
    Passphrase(&'a Passphrase),
    /// A recovery phrase as typed.
    Phrase(&'a Phrase),
    /// The output of the passkey's PRF.
    Passkey(&'a Key32),
    /// What the other vault keeps.
    Keeper(&'a Key32),
}

/// A slot that is to be made.
#[derive(Debug)]
pub enum NewSlot<'a> {
    /// Of a passphrase that was [`Passphrase::choose`]n.
    Passphrase(&'a Passphrase, Cost),
    /// Of a recovery phrase, which is only to be had confirmed.
    Phrase(&'a Phrase),
    /// Of a passkey.
    Passkey {
        /// The output of its PRF.
        output: &'a Key32,
        /// For this input.
        input: [u8; 32],
        /// From this credential.
        credential: &'a [u8],
    },
    /// Of a secret kept in another vault.
    Keeper(&'a Key32),
}

impl NewSlot<'_> {
    fn kind(&self, random: &mut dyn Random) -> Result<SlotKind> {
        Ok(match self {
            Self::Passphrase(_, cost) => SlotKind::Passphrase(Stretch::fresh(*cost, random)?),
            Self::Phrase(_) => SlotKind::Phrase,
            Self::Passkey { credential, .. } if credential.len() > MAX_CREDENTIAL => {
                return Err(VaultError::TooLong);
            }
            Self::Passkey { input, credential, .. } => {
                SlotKind::Passkey { input: *input, credential: credential.to_vec() }
            }
            Self::Keeper(_) => SlotKind::Keeper,
        })
    }

    const fn secret(&self) -> SlotSecret<'_> {
        match self {
            Self::Passphrase(passphrase, _) => SlotSecret::Passphrase(passphrase),
            Self::Phrase(phrase) => SlotSecret::Phrase(phrase),
            Self::Passkey { output, .. } => SlotSecret::Passkey(output),
            Self::Keeper(key) => SlotSecret::Keeper(key),
        }
    }
}

/// The vault and the verifying key of the device that founded it: what a slot is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The vault.
    pub vault: VaultId,
    /// The founder's verifying key.
    pub founder: [u8; 32],
}

/// What never changes about a slot. Public: it tells nothing about the secret that cannot be had by trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotHead {
    vault: VaultId,
    id: SlotId,
    kind: SlotKind,
    kem: KemPublic,
    verifying: [u8; 32],
    commitment: [u8; 32],
    /// The vault's authority key, XORed with a mask that is derived for this slot alone.
    masked: [u8; 32],
    anchor: [u8; 32],
}

/// What comes out of a slot's secret.
pub(crate) struct SlotKeys {
    commitment: [u8; 32],
    anchor: Key32,
    mask: Key32,
    kem: KemKeys,
    pub(crate) signing: SigningKey,
}

impl SlotKeys {
    fn derive(vault: VaultId, slot: SlotId, kind: &SlotKind, secret: SlotSecret<'_>) -> Result<Self> {
        let stretched;
        let secret = match (kind, secret) {
            (SlotKind::Passphrase(stretch), SlotSecret::Passphrase(passphrase)) => {
                stretched = stretch.run(passphrase)?;
                &stretched
            }
            (SlotKind::Phrase, SlotSecret::Phrase(phrase)) => phrase.secret(),
            (SlotKind::Passkey { .. }, SlotSecret::Passkey(output)) => output,
            (SlotKind::Keeper, SlotSecret::Keeper(key)) => key,
            _ => return Err(VaultError::WrongSecret),
        };
        let salt = [label!("slot"), vault.as_bytes(), slot.as_bytes()].concat();
        let of = |label: &[u8]| derive(secret, &salt, &[label]);
        Ok(Self {
            commitment: *of(label!("slot/commitment"))?.expose(),
            anchor: of(label!("slot/anchor"))?,
            mask: of(label!("slot/mask"))?,
            kem: KemKeys::derive(&of(label!("slot/kem"))?),
            signing: SigningKey::from_bytes(of(label!("slot/signing"))?.expose()),
        })
    }
}

impl SlotHead {
    /// Which slot.
    #[must_use]
    pub const fn id(&self) -> SlotId {
        self.id
    }
    /// What opens it.
    #[must_use]
    pub const fn kind(&self) -> &SlotKind {
        &self.kind
    }

    pub(crate) const fn vault(&self) -> VaultId {
        self.vault
    }

    pub(crate) const fn verifying(&self) -> &[u8; 32] {
        &self.verifying
    }

    fn make(anchor: Anchor, new: &NewSlot<'_>, authority: &Key32, random: &mut dyn Random) -> Result<Self> {
        let (id, kind) = (SlotId::generate(random)?, new.kind(random)?);
        let keys = SlotKeys::derive(anchor.vault, id, &kind, new.secret())?;
        let mut head = Self {
            vault: anchor.vault,
            id,
            kind,
            kem: keys.kem.public(),
            verifying: keys.signing.verifying_key().to_bytes(),
            commitment: keys.commitment,
            masked: masked(authority.expose(), &keys.mask),
            anchor: [0; 32],
        };
        head.anchor = head.mac(&keys.anchor, anchor.founder)?.finalize().into_bytes().into();
        Ok(head)
    }

    /// The keys that come out of the secret, once the slot showed that it was made with it, for this vault and
    /// founder.
    pub(crate) fn unlock(&self, anchor: Anchor, secret: SlotSecret<'_>) -> Result<SlotKeys> {
        let keys = SlotKeys::derive(self.vault, self.id, &self.kind, secret)?;
        if !bool::from(keys.commitment.ct_eq(&self.commitment)) {
            return Err(VaultError::WrongSecret);
        }
        let is_ours = self.vault == anchor.vault
            && keys.kem.public() == self.kem
            && keys.signing.verifying_key().to_bytes() == self.verifying;
        let mac = self.mac(&keys.anchor, anchor.founder)?;
        if is_ours && mac.verify_slice(&self.anchor).is_ok() {
            Ok(keys)
        } else {
            Err(VaultError::ForeignSlot)
        }
    }

    /// The vault's authority key; `keys` are those of [`Self::unlock`].
    pub(crate) fn authority(&self, keys: &SlotKeys) -> Key32 {
        Key32::from_bytes(masked(&self.masked, &keys.mask))
    }

    /// `HMAC-SHA256(anchor key, label ‖ founder ‖ all of the head before the MAC)`.
    fn mac(&self, key: &Key32, founder: [u8; 32]) -> Result<Hmac<Sha256>> {
        let mut mac = Hmac::new_from_slice(key.expose()).map_err(|_| VaultError::Backend)?;
        mac.update(label!("anchor"));
        mac.update(&founder);
        let mut writer = Writer::new();
        self.write_before_anchor(&mut writer)?;
        mac.update(&writer.done());
        Ok(mac)
    }

    fn write_before_anchor(&self, writer: &mut Writer) -> Result<()> {
        writer.u8(VERSION);
        self.vault.write(writer);
        self.id.write(writer);
        self.kind.write(writer)?;
        writer.put(&self.kem);
        writer.put(&self.verifying);
        writer.put(&self.commitment);
        writer.put(&self.masked);
        Ok(())
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<()> {
        self.write_before_anchor(writer)?;
        writer.put(&self.anchor);
        Ok(())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        reader.version(VERSION)?;
        Ok(Self {
            vault: VaultId::read(reader)?,
            id: SlotId::read(reader)?,
            kind: SlotKind::read(reader)?,
            kem: reader.array()?,
            verifying: reader.array()?,
            commitment: reader.array()?,
            masked: reader.array()?,
            anchor: reader.array()?,
        })
    }
}

fn masked(text: &[u8; 32], mask: &Key32) -> [u8; 32] {
    let mut out = *text;
    out.iter_mut().zip(mask.expose()).for_each(|(byte, mask)| *byte ^= mask);
    out
}

/// Which key, of which vault, is sealed.
#[derive(Clone, Copy)]
pub(crate) struct Wrapped<'a> {
    pub(crate) anchor: Anchor,
    pub(crate) epoch: Epoch,
    pub(crate) commitment: &'a Commitment,
}

impl Wrapped<'_> {
    /// HPKE's `info`: `label ‖ vault ‖ founder ‖ recipient's id ‖ epoch`. The label says whether the recipient
    /// is a slot or a device.
    pub(crate) fn info(&self, label: &[u8], recipient: &[u8; 16]) -> Vec<u8> {
        let epoch = self.epoch.get().to_be_bytes();
        [label, self.anchor.vault.as_bytes(), &self.anchor.founder, recipient, &epoch].concat()
    }
}

/// A slot with the vault's key in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub(crate) head: SlotHead,
    pub(crate) wrap: Wrap,
}

impl Slot {
    pub(crate) fn make(
        new: &NewSlot<'_>,
        of: Wrapped<'_>,
        ring: &Keyring,
        random: &mut dyn Random,
    ) -> Result<Self> {
        let head = SlotHead::make(of.anchor, new, &ring.authority()?, random)?;
        Self::fill(head, of, &ring.current()?.key, random)
    }

    /// Puts the key of an epoch into the slot.
    pub(crate) fn fill(
        head: SlotHead,
        of: Wrapped<'_>,
        key: &Key32,
        random: &mut dyn Random,
    ) -> Result<Self> {
        let info = of.info(label!("wrap/slot"), head.id.as_bytes());
        let wrap = Wrap::seal(&head.kem, Sender::Anyone, &info, of.commitment, key, random)?;
        Ok(Self { head, wrap })
    }

    /// The vault's key, with the keys of [`SlotHead::unlock`].
    pub(crate) fn open(&self, of: Wrapped<'_>, keys: &SlotKeys) -> Result<Key32> {
        let info = of.info(label!("wrap/slot"), self.head.id.as_bytes());
        let key = self.wrap.open(&keys.kem, Sender::Anyone, &info, of.commitment)?;
        checked(of, key)
    }

    /// What never changes about it.
    #[must_use]
    pub const fn head(&self) -> &SlotHead {
        &self.head
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<()> {
        self.head.write(writer)?;
        self.wrap.write(writer);
        Ok(())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { head: SlotHead::read(reader)?, wrap: Wrap::read(reader)? })
    }
}

/// The key, if it is the one that the vault is committed to. HPKE authenticates the commitment, but not that
/// the key fits it.
pub(crate) fn checked(of: Wrapped<'_>, key: Key32) -> Result<Key32> {
    let commitment = EpochKey::new(of.anchor.vault, of.epoch, copy(&key))?.commitment;
    if commitment.ct_eq(of.commitment).into() { Ok(key) } else { Err(VaultError::OtherKey) }
}

/// A new random secret for [`NewSlot::Keeper`], or the input of a passkey's PRF.
///
/// # Errors
/// [`VaultError::Randomness`].
pub fn fresh_secret(random: &mut dyn Random) -> Result<Key32> {
    draw(random).map(Key32::from_bytes)
}
