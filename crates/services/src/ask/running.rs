//! Answers that are under way in this process: what was said of them so far, and how they are stopped.

use keepwell_domain::{
    ids::MessageId,
    view::{Line, Span},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;

#[derive(Default)]
struct State {
    stop: Notify,
    said: Mutex<Line>,
}

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<Mutex<HashMap<MessageId, Arc<State>>>>);

/// One of them; it is forgotten when this is dropped.
pub(crate) struct UnderWay {
    running: Running,
    id: MessageId,
    state: Arc<State>,
}

impl Running {
    /// Notes that an answer is under way.
    pub fn begin(&self, id: MessageId) -> UnderWay {
        let state = Arc::new(State::default());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&state));
        UnderWay { running: self.clone(), id, state }
    }

    fn find(&self, id: MessageId) -> Option<Arc<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Stops one, if it is under way here.
    pub fn stop(&self, id: MessageId) {
        if let Some(state) = self.find(id) {
            state.stop.notify_one();
        }
    }

    /// What was said so far, if it is under way here.
    pub fn said(&self, id: MessageId) -> Line {
        self.find(id).map_or_else(Vec::new, |s| s.said())
    }
}

impl State {
    fn said(&self) -> Line {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl UnderWay {
    /// Waits until it is to be stopped.
    pub async fn stopped(&self) {
        self.state.stop.notified().await;
    }

    /// Keeps some more of what is said.
    pub fn say(&self, more: &[Span]) {
        let mut said = self.state.said.lock().unwrap_or_else(PoisonError::into_inner);
        for span in more {
            match (said.last_mut(), span) {
                (Some(Span::Text { text }), Span::Text { text: more }) => text.push_str(more),
                _ => said.push(span.clone()),
            }
        }
    }

    /// What was said so far.
    pub fn said(&self) -> Line {
        self.state.said()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Another try may have taken the place.
        if all.get(&self.id).is_some_and(|s| Arc::ptr_eq(s, &self.state)) {
            all.remove(&self.id);
        }
    }
}
