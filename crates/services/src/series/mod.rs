//! Dense samples at rest: columns, their day summaries, and thinning for a chart.

pub mod codec;
pub mod days;
pub mod thin;
