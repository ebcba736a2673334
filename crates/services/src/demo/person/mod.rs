//! The synthetic person.

use keepwell_domain::time::Date;

/// The demo person's files, as (name, bytes), ending today.
#[must_use]
pub fn files(_today: Date) -> Vec<(String, Vec<u8>)> {
    Vec::new()
}
