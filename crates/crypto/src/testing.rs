//! What the unit tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;

/// A Wycheproof file, or `None` with a note where the shared data is not laid out.
pub(crate) fn wycheproof(name: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/data/vectors/wycheproof/{name}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/data is not here");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The bytes of a hexadecimal JSON string.
pub(crate) fn bytes(hex: &Value) -> Vec<u8> {
    unhex(hex.as_str().unwrap())
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    assert_eq!(hex.len() % 2, 0);
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
