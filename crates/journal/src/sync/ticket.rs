//! Pairing: a new device shows a ticket, a member scans it and lets the device in.
//!
//! The ticket goes from screen to camera, not through the server. In it is a random secret besides the public
//! keys. The member seals the vault's key to the device in HPKE's PSK mode with that secret: so the member
//! knows that it has the device's own keys, and the device, when the seal opens, that the vault is the one of
//! whoever looked at its screen. A server in the middle has neither side of it.
//!
//! `0x01 ‖ verifying key (32) ‖ X25519 key (32) ‖ secret (32)`, as text `KWJ1.` and Base64url.

use crate::vault::{
    Anchor, DeviceCard, DeviceId, DeviceKeys, Random, VaultError,
    bytes::{Reader, Writer},
    draw_key,
    key::copy,
    label::{hash, label},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keepwell_crypto::Key32;
use std::fmt;

const VERSION: u8 = 1;
const PREFIX: &str = "KWJ1.";
const LEN: usize = 1 + 3 * 32;

/// What a new device keeps until it is let in: its keys and the ticket's secret.
pub struct Ticket {
    pub(crate) device: DeviceKeys,
    pub(crate) secret: Key32,
}

impl Ticket {
    /// New keys and a new secret, for one pairing.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, VaultError> {
        Ok(Self { device: DeviceKeys::generate(random)?, secret: draw_key(random)? })
    }

    /// What is shown.
    #[must_use]
    pub fn code(&self) -> TicketCode {
        TicketCode { card: self.device.card(), secret: copy(&self.secret) }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(***)")
    }
}

/// What a member scans. Its secret part is of use only together with the device's own keys.
pub struct TicketCode {
    pub(crate) card: DeviceCard,
    pub(crate) secret: Key32,
}

impl TicketCode {
    /// The text of the QR code.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.to_bytes()))
    }

    /// Reads the text of a QR code.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] for another text, [`VaultError::UnknownVersion`].
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let code = text.trim().strip_prefix(PREFIX).ok_or(VaultError::Malformed)?;
        if code.len() > 2 * LEN {
            return Err(VaultError::Malformed);
        }
        let bytes = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.decode(code).map_err(|_| VaultError::Malformed)?);
        let mut reader = Reader::new(&bytes);
        reader.version(VERSION)?;
        let code = Self { card: DeviceCard::read(&mut reader)?, secret: Key32::from_bytes(reader.array()?) };
        reader.end()?;
        Ok(code)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(LEN);
        writer.u8(VERSION);
        self.card.write(&mut writer);
        writer.put(self.secret.expose());
        writer.done()
    }

    /// The device that shows it.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.card.id()
    }

    /// Six digits of the ticket's hash, shown on both devices: that the code that was scanned is the one on
    /// the other screen, and not one that somebody stuck over it.
    #[must_use]
    pub fn check_digits(&self) -> String {
        let hash = hash(label!("ticket-digits"), &[&self.to_bytes()]);
        format!("{:06}", group(&hash, 0) % 1_000_000)
    }

    /// HPKE's `psk_id`: `label ‖ device id`.
    pub(crate) fn psk_id(device: DeviceId) -> Vec<u8> {
        [label!("ticket"), device.as_bytes()].concat()
    }
}

impl Clone for TicketCode {
    fn clone(&self) -> Self {
        Self { card: self.card, secret: copy(&self.secret) }
    }
}

impl PartialEq for TicketCode {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.card == other.card && bool::from(self.secret.expose().ct_eq(other.secret.expose()))
    }
}

impl Eq for TicketCode {}

impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketCode({:?}, ***)", self.card.id())
    }
}

/// Forty digits of the hash of the vault, its founder and a device, in groups of five. Where a ticket came by
/// a way that somebody else may have had in hand (a message, for a partner who is far away), both read them to
/// each other.
#[must_use]
pub fn safety_code(anchor: Anchor, card: &DeviceCard) -> String {
    let parts = [&anchor.vault.as_bytes()[..], &anchor.founder, &card.verifying, &card.kem];
    let hash = hash(label!("safety-code"), &parts);
    let groups: Vec<String> = (0..8).map(|at| format!("{:05}", group(&hash, at) % 100_000)).collect();
    groups.join(" ")
}

/// The number in four bytes of a hash.
fn group(hash: &[u8; 32], at: usize) -> u32 {
    hash.iter().skip(4 * at).take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}
