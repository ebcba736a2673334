//! The few things that are remembered outside of the seal, on this device only: how the journal looks from
//! outside, when it locks, when a backup was made. Nothing that was entered.

use super::window;

const PREFIX: &str = "keepwell-journal-";

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// What is remembered under a name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{name}")).ok()?
}

/// Remembers; an empty text forgets.
pub fn set(name: &str, value: &str) {
    let Some(storage) = storage() else { return };
    let key = format!("{PREFIX}{name}");
    // Without storage the default holds.
    let _ = if value.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, value) };
}

/// Minutes without a touch after which the journal locks itself; 0 for never.
pub fn lock_after() -> u32 {
    get("lock-after").and_then(|v| v.parse().ok()).unwrap_or(5)
}

/// Whether the journal calls itself something else.
pub fn is_discreet() -> bool {
    get("look").as_deref() == Some("notes")
}

/// Days since 1970 on which a backup file was last made.
pub fn backup_day() -> Option<i64> {
    get("backup-day")?.parse().ok()
}
