//! The ways into a vault that its members know of, and what they may read to each other.

use super::{alarm::Result, client::Client, statement::Role, ticket::safety_code};
use crate::vault::{DeviceId, Random, SlotId, SlotKind, Vault};

impl Client {
    /// Takes over the recovery phrases of the newest statement: those that came open the vault on this device
    /// too, those that were taken away no more. Says whether anything changed, and then the vault is to be kept.
    ///
    /// # Errors
    /// [`crate::vault::VaultError`], as for any slot.
    pub fn adopt_phrases(&self, vault: &mut Vault, random: &mut dyn Random) -> Result<bool> {
        let is_phrase = |kind: &SlotKind| matches!(kind, SlotKind::Phrase);
        let known: Vec<_> = self.slots().filter(|head| is_phrase(head.kind())).cloned().collect();
        let own: Vec<SlotId> = vault.slots().filter(|head| is_phrase(head.kind())).map(|h| h.id()).collect();
        let mut has_changed = false;
        for head in &known {
            if !own.contains(&head.id()) {
                vault.adopt_slot(head.clone(), random)?;
                has_changed = true;
            }
        }
        for id in own {
            if !known.iter().any(|head| head.id() == id) {
                vault.remove_slot(id)?;
                has_changed = true;
            }
        }
        Ok(has_changed)
    }

    /// The forty digits of a member's device ([`safety_code`]).
    #[must_use]
    pub fn safety_code(&self, device: DeviceId) -> Option<String> {
        let member = self.members().iter().find(|member| member.id() == device)?;
        Some(safety_code(self.anchor(), &member.card))
    }

    /// Whether this device may write.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.role() == Some(Role::Writer)
    }
}
