//! Listening, accepting, stopping.

mod accept;
pub mod acme;
mod body;
mod caps;
mod connection;
mod files;
mod io;
mod listener;
mod open;
mod pulse;
mod redirect;
mod refuse;
mod stop;
pub mod tls;

pub use accept::serve;
pub use body::{Late, keeping};
pub use connection::Secure;
pub use files::{affordable, raise_limit};
pub use listener::Listener;
pub use open::{Opened, open};
pub use redirect::router as redirect_router;
pub use stop::stop_signal;
