//! Acts of which only one may be under way at a time: each waits for answers of the server.

use crate::browser::worker;
use std::{cell::Cell, thread::LocalKey};

thread_local! {
    /// Changes of members: a second wish would take the place of the first.
    pub static CHANGE: Cell<bool> = const { Cell::new(false) };
    /// Coming into a space: twice would make two devices of one.
    pub static ENTRY: Cell<bool> = const { Cell::new(false) };
    /// Taking a device out of everything, and doing what an interrupted one left.
    pub static REMOVAL: Cell<bool> = const { Cell::new(false) };
}

/// It is under way for as long as this is held.
pub struct Held(&'static LocalKey<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Begins it, if none is under way.
pub fn begin(act: &'static LocalKey<Cell<bool>>) -> Option<Held> {
    // Made only where it is: one that is made and let go of would end what another holds.
    (!act.replace(true)).then(|| Held(act))
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

#[cfg(test)]
mod tests {
    use super::{REMOVAL, begin};

    #[test]
    fn what_is_under_way_is_not_begun_again_however_often_it_is_tried() {
        let held = begin(&REMOVAL);
        assert!(held.is_some());
        for _ in 0..3 {
            assert!(begin(&REMOVAL).is_none());
        }
        drop(held);
        assert!(begin(&REMOVAL).is_some());
    }
}
