//! Reminders, worked out on the device. What is due follows from the plan each time; what was done with
//! a reminder is a mark or a dose in the book, so that all devices fall silent together.

mod act;
mod hours;
pub mod ics;
mod list;

pub use act::{done, left_out, skipped, snoozed, taken, triggered};
pub use hours::QuietHours;
pub use list::{Reminder, Stage, Wishes, reminders};
