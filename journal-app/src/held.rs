//! A mark that something is under way, for as long as it is held: one thread, no waiting.

use std::{cell::Cell, thread::LocalKey};

/// It is under way for as long as this is held.
pub struct Held(&'static LocalKey<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Begins it, if it is not under way.
pub fn begin(act: &'static LocalKey<Cell<bool>>) -> Option<Held> {
    // Made only where it is begun: one that is made and let go of would end what another holds.
    (!act.replace(true)).then(|| Held(act))
}

#[cfg(test)]
mod tests {
    use super::begin;
    use std::cell::Cell;

    thread_local!(static ACT: Cell<bool> = const { Cell::new(false) });

    #[test]
    fn what_is_under_way_is_not_begun_again_however_often_it_is_tried() {
        let held = begin(&ACT);
        assert!(held.is_some());
        for _ in 0..3 {
            assert!(begin(&ACT).is_none());
        }
        drop(held);
        assert!(begin(&ACT).is_some());
    }
}
