//! A watched grant as it is used: the server's events say when something was seen, and the page then reads it. Where no stream
//! gets through, the page asks every few seconds.

use crate::wire::Read;
use keepwell_domain::sight::SightWatch;
use leptos::prelude::*;

/// What the page shows now.
#[derive(Clone, Copy, Default)]
pub(super) struct Drawn {
    /// Whether the grant is open.
    open: RwSignal<bool>,
    /// How many items were seen.
    seen: RwSignal<u64>,
}

impl Drawn {
    pub fn set(self, is_open: bool, seen: u64) {
        // Only what changed: an effect listens.
        if self.open.try_get_untracked() != Some(is_open) {
            let _ = self.open.try_set(is_open);
        }
        let _ = self.seen.try_set(seen);
    }
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow(_: Memo<String>, _: Read<SightWatch>, _: Drawn) {}

#[cfg(feature = "hydrate")]
pub(super) use browser::follow;

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Drawn, Read, SightWatch};
    use leptos::prelude::*;
    use serde::Deserialize;
    use std::time::Duration;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    /// Time between two questions where there is no stream.
    const POLL: Duration = Duration::from_secs(3);

    #[derive(Deserialize)]
    struct Said {
        state: String,
        seen: u64,
    }

    type Held = (EventSource, Closure<dyn FnMut(MessageEvent)>);

    /// Follows the grant of the page while it is open and the page alive.
    pub fn follow(id: Memo<String>, watch: Read<SightWatch>, drawn: Drawn) {
        let source = StoredValue::new_local(None::<Held>);
        let close = move || {
            source.try_update_value(|held| {
                if let Some((source, _)) = held.take() {
                    source.close();
                }
            });
        };
        Effect::new(move |_| {
            close();
            if drawn.open.get() {
                let held = listen(&id.get(), watch, drawn);
                source.try_update_value(|s| *s = held);
            }
        });
        let ask = move || {
            let streams = source
                .try_with_value(|s| s.as_ref().is_some_and(|(s, _)| s.ready_state() == EventSource::OPEN))
                .unwrap_or(true);
            if drawn.open.try_get_untracked() == Some(true) && !streams {
                watch.refetch();
            }
        };
        Effect::new(move |_| {
            if let Ok(handle) = set_interval_with_handle(ask, POLL) {
                on_cleanup(move || handle.clear());
            }
        });
        on_cleanup(close);
    }

    fn listen(id: &str, watch: Read<SightWatch>, drawn: Drawn) -> Option<Held> {
        let source = EventSource::new(&format!("/api/v1/me/grants/{id}/events")).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |e: MessageEvent| {
            let Some(text) = e.data().as_string() else { return };
            let Ok(said) = serde_json::from_str::<Said>(&text) else { return };
            let is_open = said.state == "open";
            let shown = (drawn.open.try_get_untracked(), drawn.seen.try_get_untracked());
            if shown != (Some(is_open), Some(said.seen)) {
                watch.refetch();
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some((source, on_message))
    }
}
