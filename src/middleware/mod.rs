//! What happens to every request on its way in and out.
//!
//! From the outside in: [`count`] (errors, uses of features), [`frame`] (id, headers, panics, log), [`client`] (from where), [`origin`]
//! (cross-site writes), [`limit`] (calls a minute), [`load`] (shedding, time;
//! [`waiting`] for bodies), [`session`] (who asks), [`fields`] (what no form sends), [`aside`] (a page
//! and its long pieces).

pub mod aside;
pub mod client;
pub mod count;
pub mod fields;
pub mod frame;
pub mod headers;
pub mod limit;
pub mod live;
pub mod load;
pub mod origin;
pub mod rights;
pub mod session;
pub mod waiting;

pub use client::ClientAddress;
pub use frame::RequestId;
pub use session::Seen;
