//! Another recovery phrase in the place of one that was lost, or that somebody has seen.

use super::members;
use crate::{
    browser::{Result, Trouble, random::Os},
    keep,
};
use keepwell_journal::vault::{NewSlot, Phrase, VaultError};

/// Puts a confirmed phrase in the place of the one there is, under a new key. `false` when the server did not take
/// it, or did not answer: then nobody knows yet which of the two holds.
pub async fn replace(phrase: &Phrase, passphrase: &str) -> Result<bool> {
    let ready = keep::with(|open| {
        let own = open.channels.iter().find(|c| !c.is_space && c.halt.is_none())?;
        Some((open.db.clone(), own.id))
    });
    let (db, id) = ready.flatten().ok_or(Trouble::Failed)?;
    keep::check_passphrase(&db, passphrase).await?;
    // Only in memory: it is kept together with the statement that holds it, or not at all.
    let added = keep::with(|open| open.vault.add_slot(&NewSlot::Phrase(phrase), &mut Os));
    let slot = added.ok_or(Trouble::Failed)?.map_err(|_: VaultError| Trouble::Failed)?;
    let done = members::replace_phrase(id, slot).await;
    if !matches!(done, Ok(true)) {
        // Gone already where another device's statement came instead.
        let _ = keep::with(|open| open.vault.remove_slot(slot));
    }
    done
}
