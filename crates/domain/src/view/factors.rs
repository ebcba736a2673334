//! What is shown of second factors.

use crate::{ids::PasskeyId, time::Ts};
use serde::{Deserialize, Serialize};

/// The ways in which something can be proved beside the password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// With a code of an authenticator app.
    pub app: bool,
    /// With a passkey.
    pub passkey: bool,
    /// With a recovery code.
    pub recovery: bool,
}

/// A passkey as its person sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Id.
    pub id: PasskeyId,
    /// Name.
    pub name: String,
    /// When it was added.
    pub created: Ts,
    /// When it last signed in or proved something.
    pub last_used: Option<Ts>,
}

/// A secret that an authenticator app is to take in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApp {
    /// In base32, for typing.
    pub secret: String,
    /// The whole as an `otpauth:` address.
    pub uri: String,
    /// The same as a QR code: an SVG path in squares of one unit, with a quiet zone of four.
    pub qr_path: String,
    /// Width and height of the QR code in units, the quiet zone included.
    pub qr_size: u32,
}

/// The second factors of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorsView {
    /// Since when an authenticator app is in force.
    pub app: Option<Ts>,
    /// An app that is being added.
    pub new_app: Option<NewApp>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that were not used.
    pub codes_left: u32,
    /// The one web address under which passkeys work; `None` where they cannot.
    pub passkey_origin: Option<String>,
    /// Whether a proof of who asks is fresh enough to change anything here.
    pub is_proved: bool,
    /// Whether the account has to have a factor.
    pub is_needed: bool,
}
