//! One marker over time: the latest value, the chart, the table behind it.

#[cfg(feature = "hydrate")]
mod alive;
mod api;
mod chart;
mod page;
mod query;
mod table;

pub use page::MarkerPage;
