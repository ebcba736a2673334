//! What those may do who run the instance, and nothing else.
//!
//! Every use case in here demands an [`AdminActor`], a [`SupportActor`] or an [`AuditActor`]. Each of them is made by one checked
//! promotion of an [`Actor`](crate::Actor) and is less than it: it knows no profile, is no `Actor` and gives none back, so nothing that
//! reads health data can be called with it.

mod acts;
mod break_glass;
mod dashboard;
mod explore;
mod granted;
mod jobs;
mod people;
mod prove;
mod staff;

pub use break_glass::SightWish;
pub use dashboard::MailShown;
pub use granted::Granted;
pub use prove::{MOST_PROVED, RangeVerdict};
pub(crate) use staff::Staff;
pub use staff::{AdminActor, AuditActor, SupportActor};
