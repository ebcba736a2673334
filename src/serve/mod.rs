//! Listening, accepting, stopping.

mod accept;
mod caps;
mod listener;
mod stop;

pub use accept::serve;
pub use listener::Listener;
pub use stop::stop_signal;
