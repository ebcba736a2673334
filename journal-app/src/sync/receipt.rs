//! What the server said when it deleted its copy, kept on this device until the next.

use crate::browser::{Result, db::Db};
use keepwell_domain::time::Ts;
use keepwell_journal::sync::wire::{Message, Receipt};

/// Under which name it is kept.
pub const NAME: &str = "receipt";

/// A receipt as it is kept.
pub fn keep(receipt: &Receipt) -> Vec<u8> {
    receipt.encode().unwrap_or_default()
}

/// The last receipt.
pub async fn find(db: &Db) -> Result<Option<Receipt>> {
    Ok(db.bytes(NAME).await?.and_then(|bytes| Receipt::decode(&bytes).ok()))
}

/// The hash of the line in the access log that says so, as it stands there.
pub fn leaf(receipt: &Receipt) -> String {
    receipt.audit_leaf.iter().map(|b| format!("{b:02x}")).collect()
}

/// When, by the server's clock.
pub const fn at(receipt: &Receipt) -> Ts {
    Ts(receipt.at)
}
