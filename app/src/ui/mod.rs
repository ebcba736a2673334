//! The shared kit: icons, forms, states, small pieces. Plain functions that return erased views
//! where they can: one copy of the code in the browser's program instead of one per use.

pub mod esc;
pub mod form;
pub mod icon;
pub mod page;
pub mod piece;
pub mod state;
