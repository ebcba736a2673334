//! What is wrong with the settings, all of it at once, in plain sentences.

use std::fmt;

/// One fault: where it was set and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `listen in keepwell.toml`, `KEEPWELL_LISTEN`, `--listen`.
    pub place: String,
    /// What is wrong and what is allowed, without the value where it may be secret.
    pub reason: String,
}

/// All faults found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        for fault in &self.0 {
            write!(f, "\n  - {}: {}", fault.place, fault.reason)?;
        }
        Ok(())
    }
}
