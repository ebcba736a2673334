//! Acts of which only one may be under way at a time: each waits for answers of the server.

use crate::browser::worker;
pub use crate::held::{Held, begin};
use std::{cell::Cell, thread::LocalKey};

thread_local! {
    /// Changes of members: a second wish would take the place of the first.
    pub static CHANGE: Cell<bool> = const { Cell::new(false) };
    /// Coming into a space: twice would make two devices of one.
    pub static ENTRY: Cell<bool> = const { Cell::new(false) };
    /// Taking a device out of everything, and doing what an interrupted one left.
    pub static REMOVAL: Cell<bool> = const { Cell::new(false) };
}

/// Begins it as soon as none is under way.
pub async fn wait(act: &'static LocalKey<Cell<bool>>) -> Held {
    loop {
        if let Some(held) = begin(act) {
            return held;
        }
        worker::paint().await;
    }
}
