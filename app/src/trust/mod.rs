//! What Keepwell promises, and on whose terms: pages without any script, so that they can be read
//! and kept in every browser, and cost nothing.

mod claim;
mod document;
mod papers;
mod report;
mod security;
mod texts;

pub use claim::{Checked, Claim, Findings, Status};
pub use document::{PageInfo, page};
pub use papers::Paper;
pub use report::{Refused, ReportForm};
pub use security::SecurityPage;
