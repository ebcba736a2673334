//! The one clock. Tests set it.

use keepwell_domain::time::Ts;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now, UTC.
    fn now(&self) -> Ts;
}
