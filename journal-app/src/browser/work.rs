//! What the worker does: everything that stretches a passphrase, which takes 64 MiB and up to some seconds.
//!
//! An open vault cannot leave the worker. So the worker adds a slot with a random key, and hands over the
//! locked vault with that key; the page opens it at once and takes the slot out again. The vault with the
//! extra slot is never stored.

use super::random::Os;
use js_sys::{Array, Uint8Array};
use keepwell_crypto::Key32;
use keepwell_journal::vault::{
    Backup, Cost, LockedVault, NewSlot, Passphrase, Phrase, SlotKind, SlotSecret, Vault, VaultError,
    fresh_secret,
};

/// Founds a vault. Answers: what to store, what to open, with which key.
pub const FOUND: &str = "found";
/// Opens a vault by passphrase. Answers: what to open, with which key.
pub const OPEN: &str = "open";
/// Opens a backup file. Answers: its content.
pub const RESTORE: &str = "restore";
/// Gives a vault another passphrase: `secret` is the new one, `data` is key ‖ vault. Answers as [`FOUND`].
pub const CHANGE: &str = "change";

/// Does a task. The error is a code that [`trouble`] reads.
pub fn run(task: &str, secret: &str, data: &[u8]) -> Result<Array, &'static str> {
    done(task, secret, data).map_err(code)
}

fn done(task: &str, secret: &str, data: &[u8]) -> Result<Array, VaultError> {
    let out = Array::new();
    match task {
        FOUND => {
            let passphrase = chosen(secret)?;
            let mut vault = Vault::found(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut Os)?;
            out.push(&bytes(&vault.lock(&mut Os)?.to_bytes()?));
            hand_over(&mut vault, &out)?;
        }
        OPEN => {
            let locked = LockedVault::from_bytes(data)?;
            let mut vault = with_secret(secret, |s| locked.open(s))?;
            hand_over(&mut vault, &out)?;
        }
        RESTORE => {
            let backup = Backup::read(data)?;
            let content = with_secret(secret, |s| backup.open(s))?;
            out.push(&bytes(&content));
        }
        CHANGE => {
            let (key, locked) = data.split_first_chunk::<32>().ok_or(VaultError::Malformed)?;
            let key = Key32::from_bytes(*key);
            let mut vault = LockedVault::from_bytes(locked)?.open(SlotSecret::Keeper(&key))?;
            let passphrase = chosen(secret)?;
            let is_open_with = |kind: &SlotKind| matches!(kind, SlotKind::Passphrase(_) | SlotKind::Keeper);
            let old: Vec<_> = vault.slots().filter(|s| is_open_with(s.kind())).map(|s| s.id()).collect();
            vault.add_slot(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut Os)?;
            old.into_iter().try_for_each(|id| vault.remove_slot(id))?;
            out.push(&bytes(&vault.lock(&mut Os)?.to_bytes()?));
            hand_over(&mut vault, &out)?;
        }
        _ => return Err(VaultError::Malformed),
    }
    Ok(out)
}

/// A new passphrase. Somebody may choose the words of a recovery phrase, as after restoring a file with them: in
/// their one spelling, so that they open however they are typed.
fn chosen(secret: &str) -> Result<Passphrase, VaultError> {
    match Phrase::parse(secret) {
        Ok(phrase) => Passphrase::choose(&phrase.text()),
        Err(_) => Passphrase::choose(secret),
    }
}

/// A recovery phrase opens as well as a passphrase, wherever one is asked for; and its words may be the passphrase.
fn with_secret<T>(
    secret: &str,
    open: impl Fn(SlotSecret<'_>) -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    let Ok(phrase) = Phrase::parse(secret) else {
        return open(SlotSecret::Passphrase(&Passphrase::new(secret)?));
    };
    match open(SlotSecret::Phrase(&phrase)) {
        Err(VaultError::WrongSecret) => open(SlotSecret::Passphrase(&Passphrase::new(&phrase.text())?)),
        other => other,
    }
}

fn hand_over(vault: &mut Vault, out: &Array) -> Result<(), VaultError> {
    let key = fresh_secret(&mut Os)?;
    vault.add_slot(&NewSlot::Keeper(&key), &mut Os)?;
    out.push(&bytes(&vault.lock(&mut Os)?.to_bytes()?));
    out.push(&bytes(key.expose()));
    Ok(())
}

fn bytes(of: &[u8]) -> Uint8Array {
    Uint8Array::from(of)
}

fn code(error: VaultError) -> &'static str {
    match error {
        VaultError::WrongSecret => "wrong-secret",
        VaultError::TooShort => "too-short",
        VaultError::Malformed | VaultError::UnknownVersion | VaultError::Cost => "not-a-backup",
        VaultError::Refused | VaultError::ForeignSlot | VaultError::OtherKey => "damaged",
        _ => "failed",
    }
}

/// What a code of [`run`] means.
pub fn trouble(code: &str) -> super::Trouble {
    use super::Trouble;
    match code {
        "wrong-secret" => Trouble::WrongSecret,
        "too-short" => Trouble::TooShort,
        "not-a-backup" => Trouble::NotABackup,
        "damaged" => Trouble::Damaged,
        "no-part" => Trouble::NoPart,
        _ => Trouble::Failed,
    }
}
