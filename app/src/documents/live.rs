//! Reading progress as it happens: the server's events change the rows that are shown.

use keepwell_domain::view::DocumentRow;
use leptos::prelude::*;
use std::collections::HashMap;

/// The newest known row of each document that changed since the page came, by id.
#[derive(Clone, Copy)]
pub struct Live(RwSignal<HashMap<String, DocumentRow>>);

impl Live {
    /// The row as it is now.
    #[must_use]
    pub fn now(self, row: &DocumentRow) -> DocumentRow {
        self.0.with(|m| m.get(&row.id.to_string()).cloned()).unwrap_or_else(|| row.clone())
    }
}

/// Starts listening (in the browser) until the page is left; `changed` is called when a document
/// appears or ends, because then more than its row has changed.
pub fn listen(changed: impl Fn() + 'static) -> Live {
    let live = Live(RwSignal::new(HashMap::new()));
    provide_context(live);
    #[cfg(feature = "hydrate")]
    browser::listen(live.0, changed);
    #[cfg(not(feature = "hydrate"))]
    drop(changed);
    live
}

/// What is listened to, or a still picture where nothing listens.
#[must_use]
pub fn use_live() -> Live {
    use_context().unwrap_or_else(|| Live(RwSignal::new(HashMap::new())))
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::boot::for_profile;
    use keepwell_domain::view::{DocumentRow, DocumentState};
    use leptos::prelude::*;
    use std::collections::HashMap;
    use wasm_bindgen::{JsCast, closure::Closure};

    pub fn listen(live: RwSignal<HashMap<String, DocumentRow>>, changed: impl Fn() + 'static) {
        let address = for_profile("/api/v1/documents/events");
        let changed = StoredValue::new_local(changed);
        Effect::new(move |_| {
            let Ok(source) = web_sys::EventSource::new(&address) else { return };
            let on_message =
                Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |e: web_sys::MessageEvent| {
                    let Some(text) = e.data().as_string() else { return };
                    let Ok(row) = serde_json::from_str::<DocumentRow>(&text) else { return };
                    let ended = !matches!(row.state, DocumentState::Reading);
                    live.try_update(|m| m.insert(row.id.to_string(), row));
                    if ended {
                        changed.try_with_value(|f| f());
                    }
                });
            // What ended between the page's rows and the stream's first look would be shown as being
            // read for ever. Later, a page that waits for nothing is left as it is: somebody may be
            // filling in a form on it.
            let mut is_first = true;
            let on_open = Closure::<dyn FnMut()>::new(move || {
                let is_waiting = document().query_selector(".State.is-reading, .State.is-queued");
                if std::mem::take(&mut is_first) || is_waiting.ok().flatten().is_some() {
                    live.try_update(HashMap::clear);
                    changed.try_with_value(|f| f());
                }
            });
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
            let held = StoredValue::new_local((source, on_message, on_open));
            on_cleanup(move || {
                held.try_with_value(|(s, _, _)| s.close());
            });
        });
    }
}
