//! What only a browser has: clock and zones, randomness, its database, its keys, files.

pub mod clock;
pub mod db;
pub mod device_key;
pub mod fetch;
pub mod files;
pub mod js;
pub mod local;
pub mod passkey;
pub mod random;
pub mod records;
pub mod tab;
pub mod work;
pub mod worker;

use wasm_bindgen::JsValue;

/// Why the browser did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no database: a private window, or storage is switched off.
    NoStorage,
    /// There is no room left.
    Full,
    /// The key of this device is gone; the entries on it cannot be opened any more.
    NoDeviceKey,
    /// What lies in the database is not what was put there.
    Damaged,
    /// The passphrase or phrase is another.
    WrongSecret,
    /// The passphrase is too short.
    TooShort,
    /// The file is no backup of a journal.
    NotABackup,
    /// Somebody else's journal, which may be read only.
    ReadOnly,
    /// There is a journal on this device by now: another page made it.
    There,
    /// Another page opened the journal meanwhile.
    Taken,
    /// Another device wrote what this version cannot read.
    Newer,
    /// The server was needed and did not do it.
    NoServer,
    /// A part of the program could not be had.
    NoPart,
    /// Anything else.
    Failed,
}

impl Trouble {
    /// From an exception of the database.
    pub fn of(error: &JsValue) -> Self {
        let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|n| n.as_string());
        match name.as_deref() {
            Some("QuotaExceededError") => Self::Full,
            Some("InvalidStateError" | "SecurityError" | "UnknownError" | "NotFoundError") => Self::NoStorage,
            _ => Self::Failed,
        }
    }
}

/// Shorthand.
pub type Result<T> = std::result::Result<T, Trouble>;

pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}
