//! Checkpoints: the head of the log as a [C2SP signed note](https://c2sp.org/signed-note) with a
//! [C2SP checkpoint](https://c2sp.org/tlog-checkpoint) in it, signed with Ed25519.
//!
//! ```text
//! <origin>\n<size>\n<root, base64>\n\n— <origin> <base64(key id ‖ signature)>\n
//! ```

use crate::hash::{self, Hash};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// The algorithm's number in the registry of C2SP: Ed25519.
const ED25519: u8 = 1;
/// Longest note that is read, in bytes.
const LONGEST: usize = 1 << 16;

/// Why a note or a key is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It does not read as one.
    #[error("not a checkpoint of a log")]
    Malformed,
    /// It has no signature of the key, or a wrong one.
    #[error("the checkpoint is not signed by this log's key")]
    Signature,
}

/// A head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }

    fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n');
        let mut line = || lines.next().ok_or(NoteError::Malformed);
        let (origin, size, root) = (line()?, line()?, line()?);
        let number: u64 = size.parse().map_err(|_| NoteError::Malformed)?;
        let root = BASE64_STANDARD.decode(root).map_err(|_| NoteError::Malformed)?;
        // One way of writing a number only, and nothing after the root: extensions are none of ours.
        if origin.is_empty() || number.to_string() != size || lines.next().is_some() {
            return Err(NoteError::Malformed);
        }
        let root: [u8; hash::LEN] = root.try_into().map_err(|_| NoteError::Malformed)?;
        Ok(Self { origin: origin.to_owned(), size: number, root })
    }
}

/// The key by which a log's checkpoints are checked: `<name>+<key id, hex>+<base64(0x01 ‖ key)>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: [u8; 32],
}

fn key_id(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.chars().any(|c| c == '+' || c.is_whitespace() || c.is_control())
}

impl Verifier {
    /// A key of that name.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for a name that is none.
    pub fn new(name: &str, key: [u8; 32]) -> Result<Self, NoteError> {
        is_name(name).then(|| Self { name: name.to_owned(), key }).ok_or(NoteError::Malformed)
    }

    /// The key out of its text.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let mut part = || parts.next().ok_or(NoteError::Malformed);
        let (name, id, key) = (part()?, part()?, part()?);
        let key = BASE64_STANDARD.decode(key).map_err(|_| NoteError::Malformed)?;
        let (alg, key) = key.split_first().ok_or(NoteError::Malformed)?;
        let key: [u8; 32] = key.try_into().map_err(|_| NoteError::Malformed)?;
        let found = Self::new(name, key)?;
        if *alg != ED25519 || found.to_string() != text || id.len() != 8 {
            return Err(NoteError::Malformed);
        }
        Ok(found)
    }

    /// The name of the log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The checkpoint of a signed note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`], [`NoteError::Signature`].
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        if note.len() > LONGEST || note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let cut = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, signatures) = (&note[..=cut], &note[cut + 2..]);
        let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let mut signed = false;
        for line in signatures.split('\n') {
            let (name, sig) =
                line.strip_prefix("— ").and_then(|l| l.split_once(' ')).ok_or(NoteError::Malformed)?;
            let bytes = BASE64_STANDARD.decode(sig).map_err(|_| NoteError::Malformed)?;
            let (id, signature) = bytes.split_at_checked(4).ok_or(NoteError::Malformed)?;
            if name == self.name && id == key_id(&self.name, &self.key) {
                if !verify(&self.key, text.as_bytes(), signature) {
                    return Err(NoteError::Signature);
                }
                signed = true;
            }
        }
        let checkpoint = Checkpoint::parse(text)?;
        if signed && checkpoint.origin == self.name { Ok(checkpoint) } else { Err(NoteError::Signature) }
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = u32::from_be_bytes(key_id(&self.name, &self.key));
        let mut key = [ED25519; 33];
        key[1..].copy_from_slice(&self.key);
        write!(f, "{}+{id:08x}+{}", self.name, BASE64_STANDARD.encode(key))
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn verify(key: &[u8; 32], text: &[u8], signature: &[u8]) -> bool {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    UnparsedPublicKey::new(&ED25519, key).verify(text, signature).is_ok()
}

#[cfg(target_arch = "wasm32")]
fn verify(key: &[u8; 32], text: &[u8], signature: &[u8]) -> bool {
    use ed25519_dalek::{Signature, VerifyingKey};
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(text, &signature).is_ok()
}

/// What signs a log's checkpoints. On the server only.
#[cfg(not(target_arch = "wasm32"))]
pub struct Signer {
    pair: aws_lc_rs::signature::Ed25519KeyPair,
    verifier: Verifier,
}

#[cfg(not(target_arch = "wasm32"))]
impl Signer {
    /// The signer of a log of this name, from 32 secret bytes (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for a name that is none.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::Malformed)?;
        let key = pair.public_key().as_ref().try_into().map_err(|_| NoteError::Malformed)?;
        Ok(Self { pair, verifier: Verifier::new(name, key)? })
    }

    /// The key that checks what it signs.
    #[must_use]
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The signed note of a head.
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let name = self.verifier.name().to_owned();
        let text = Checkpoint { origin: name.clone(), size, root }.text();
        let mut signature = key_id(&name, &self.verifier.key).to_vec();
        signature.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n— {name} {}\n", BASE64_STANDARD.encode(signature))
    }
}
