//! What happens to every request on its way in and out.
//!
//! From the outside in: [`frame`] (id, headers, panics, log), [`load`] (shedding, time), [`origin`]
//! (cross-site writes), [`session`] (who asks).

pub mod client;
pub mod frame;
pub mod headers;
pub mod load;
pub mod origin;
pub mod session;

pub use client::ClientAddress;
pub use frame::RequestId;
pub use session::Seen;
