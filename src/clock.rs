//! The one clock. Everything else is told the time.

use keepwell_domain::time::Ts;
use std::time::UNIX_EPOCH;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Now, in UTC microseconds.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn read(self) -> Ts {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ts(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

impl keepwell_services::clock::Clock for SystemClock {
    fn now(&self) -> Ts {
        self.read()
    }
}
