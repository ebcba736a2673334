//! The pages of those who run the instance. Each stands in a frame of its own, with a hairline in another hue, so that
//! nobody takes it for their own data; and for everybody else it looks like a page that does not exist.

#[cfg(feature = "ssr")]
mod chart;
pub mod conf;
pub mod dashboard;
mod frame;
#[cfg(feature = "ssr")]
pub mod gate;
pub mod grants;
pub mod log;
pub mod people;
mod reports;
mod sheet;
pub mod texts;

pub use conf::AdminSettingsPage;
pub use dashboard::AdminHomePage;
pub use frame::{Place, framed};
pub use log::AdminLogPage;
pub use reports::AdminReportsPage;
