//! Questions about one's own records.

mod builtin;
pub(crate) mod facts;
