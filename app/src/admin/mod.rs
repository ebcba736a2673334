//! The pages of those who run the instance. Each stands in a frame of its own, with a hairline in another hue, so that
//! nobody takes it for their own data; and for everybody else it looks like a page that does not exist.

mod frame;
#[cfg(feature = "ssr")]
pub mod gate;
pub mod grants;
mod home;
pub mod people;
pub mod texts;

pub use frame::{Place, framed};
pub use home::AdminHomePage;
