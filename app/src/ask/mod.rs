//! Asking one's own records: conversations, answers with their sources, and who answers.

mod answer;
pub mod api;
mod chart;
mod compose;
mod consent;
mod list;
mod live;
mod page;
mod settings;
#[cfg(any(test, feature = "hydrate"))]
mod sse;
pub(crate) mod words;

pub use page::AskPage;
pub use settings::AskSettingsPage;

/// Where questions are asked.
pub const PAGE: &str = "/ask";

/// The address of a conversation; of the page itself for an empty id.
#[must_use]
pub fn address(conversation: &str) -> String {
    if conversation.is_empty() { PAGE.to_owned() } else { format!("{PAGE}/{conversation}") }
}
