//! A question under way in the browser: its answer as it comes, and stopping it.

use super::{answer, words::words};
use crate::{
    boot::{Failure, use_boot, use_lang},
    i18n::Lang,
};
use keepwell_domain::view::{AskEvent, Line, Span};
#[cfg(not(feature = "hydrate"))]
use leptos::ev;
use leptos::prelude::*;

/// What is known of the answer under way.
#[derive(Clone, Default, PartialEq)]
pub struct UnderWay {
    /// The question.
    pub question: String,
    /// The message whose answer it takes the place of; empty for a new one.
    pub again: String,
    /// The conversation, once the server has said it.
    pub conversation: String,
    /// What is being looked at, in words.
    pub looking: Vec<String>,
    /// What was said so far.
    pub said: Line,
    /// Why there is no answer.
    pub failed: Option<String>,
    /// Whether nothing more will come.
    pub is_over: bool,
}

/// A question that can be asked again.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
pub struct Again {
    /// Its conversation.
    pub conversation: String,
    /// The message of its answer.
    pub message: String,
    /// Its words.
    pub question: String,
    /// Whether it may go to a model, as it did.
    pub leaves: bool,
}

/// The question under way on a page, if there is one.
#[derive(Clone, Copy)]
pub struct Live {
    now: RwSignal<Option<UnderWay>>,
    /// Called with the conversation when an answer has ended.
    ended: Callback<String>,
    /// The form that was just refused: asking again forgets it.
    failure: RwSignal<Option<Failure>>,
    lang: Lang,
}

impl Live {
    /// Nothing is under way at first.
    pub fn new(ended: Callback<String>) -> Self {
        Self { now: RwSignal::new(None), ended, failure: use_boot().failure, lang: use_lang() }
    }

    /// Whether an answer is under way.
    pub fn is_asking(self) -> bool {
        self.now.try_with(|n| n.as_ref().is_some_and(|n| !n.is_over)).unwrap_or(false)
    }

    /// Forgets what has ended: the page shows it by itself from now on.
    pub fn clear(self) {
        if self.now.with_untracked(|n| n.as_ref().is_some_and(|n| n.is_over && n.failed.is_none())) {
            self.now.set(None);
        }
    }

    /// Takes what the server says.
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
    fn take(self, event: AskEvent) {
        let mut ended = None;
        self.now.try_update(|now| {
            let Some(n) = now else { return };
            match event {
                AskEvent::Begun { conversation, .. } => n.conversation = conversation.to_string(),
                AskEvent::Looking { what } => n.looking.push(what),
                AskEvent::Delta { line } => join(&mut n.said, line),
                AskEvent::Done { .. } | AskEvent::Failed { .. } => {
                    n.is_over = true;
                    ended = Some(n.conversation.clone());
                }
            }
        });
        if let Some(id) = ended {
            self.ended.try_run(id);
        }
    }

    /// The question and what was said of its answer so far, unless it takes the place of another one.
    pub fn view(self) -> AnyView {
        let draw = move || {
            let new = |n: &UnderWay| n.again.is_empty().then(|| under_way(self.lang, n));
            self.now.try_with(|n| n.as_ref().and_then(new)).flatten()
        };
        view! { {draw} }.into_any()
    }

    /// Whether a message is being answered again.
    pub fn is_again(self, message: &str) -> bool {
        self.now.try_with(|n| n.as_ref().is_some_and(|n| n.again == message)).unwrap_or(false)
    }

    /// What was said so far of the answer under way.
    pub fn inside(self) -> AnyView {
        let draw = move || self.now.try_with(|n| n.as_ref().map(|n| said(self.lang, n))).flatten();
        view! { {draw} }.into_any()
    }
}

/// Appends pieces; text that goes on is one piece.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
fn join(said: &mut Line, more: Line) {
    for span in more {
        match (said.last_mut(), span) {
            (Some(Span::Text { text }), Span::Text { text: more }) => text.push_str(&more),
            (_, span) => said.push(span),
        }
    }
}

fn under_way(lang: Lang, n: &UnderWay) -> AnyView {
    let w = words(lang);
    view! {
        <li class="Exchange is-live" aria-busy="true">
            <h2 class="Exchange-question"><span class="Hidden">{w.asked} ": "</span>{n.question.clone()}</h2>
            <div class="Exchange-answer">{said(lang, n)}</div>
        </li>
    }
    .into_any()
}

fn said(lang: Lang, n: &UnderWay) -> AnyView {
    let w = words(lang);
    let looking = (n.said.is_empty() && n.failed.is_none() && !n.is_over).then(|| {
        let what = n.looking.last().cloned().unwrap_or_else(|| w.looking.to_owned());
        view! { <p class="Exchange-looking" role="status">{what}</p> }
    });
    let failed = n.failed.clone().map(|f| view! { <p class="Alert" role="alert">{f}</p> });
    let said = (!n.said.is_empty()).then(|| view! { <p class="Answer-text">{answer::unlinked(&n.said)}</p> });
    view! { {looking}{said}{failed} }.into_any()
}

/// A button that copies an answer's text; without script it is not shown.
pub fn copy_button(text: String) -> AnyView {
    let w = words(use_lang());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        {
            let _ = window().navigator().clipboard().write_text(&text);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &text;
        copied.set(true);
    };
    view! {
        <button class="Link NeedsScript" type="button" on:click=copy>
            <span aria-live="polite">{move || if copied.get() { w.copied } else { w.copy }}</span>
        </button>
    }
    .into_any()
}

#[cfg(not(feature = "hydrate"))]
impl Live {
    /// A form is sent to the server by the browser.
    pub fn submitted(self, _: &ev::SubmitEvent, _: &str) {}
    /// So is this one.
    pub fn submitted_again(self, _: &ev::SubmitEvent, _: &Again) {}
    /// Enter sends.
    pub fn key(self, _: &ev::KeyboardEvent) {}
    /// Stops the answer.
    pub fn stop(self) {
        let _ = (self.ended, self.failure);
    }
}

#[cfg(feature = "hydrate")]
pub use browser::{enter_field, leave_field};

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Again, Live, UnderWay};
    use crate::{ask::sse::Events, ask::words::words, wire};
    use keepwell_domain::view::AskEvent;
    use leptos::{ev, prelude::*, task::spawn_local};
    use std::cell::RefCell;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        AbortController, Headers, HtmlFormElement, HtmlTextAreaElement, ReadableStreamDefaultReader, Request,
        RequestInit, Response,
    };

    thread_local! {
        static ABORT: RefCell<Option<AbortController>> = const { RefCell::new(None) };
    }

    /// Why nothing came.
    enum Trouble {
        /// The server answered something else: the form itself is to be sent, and the page shown that follows.
        Refused,
        /// The line broke.
        Broken,
        /// It was stopped here.
        Stopped,
    }

    impl Live {
        /// Enter sends, unless it ends the spelling of a character.
        pub fn key(self, e: &ev::KeyboardEvent) {
            if e.key() != "Enter" || e.shift_key() || e.is_composing() {
                return;
            }
            e.prevent_default();
            let area = e.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok());
            if let Some(form) = area.and_then(|a| a.form()).filter(|_| !untrack(|| self.is_asking())) {
                let _ = form.request_submit();
            }
        }

        /// Asks beside the page.
        pub fn submitted(self, e: &ev::SubmitEvent, conversation: &str) {
            let Some(form) = e.target().and_then(|t| t.dyn_into::<HtmlFormElement>().ok()) else { return };
            let found = form.query_selector("textarea").ok().flatten();
            let Some(area) = found.and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
            let leaves = form.query_selector("input[name=leave]:checked").ok().flatten().is_some();
            // Before the person agreed, the server shows what would be sent: the form goes as it is.
            if form.query_selector("input[data-unagreed]:checked").ok().flatten().is_some() {
                return;
            }
            let question = area.value().trim().to_owned();
            if question.is_empty() || untrack(|| self.is_asking()) {
                e.prevent_default();
                return;
            }
            e.prevent_default();
            self.failure.set(None);
            self.now.set(Some(UnderWay { question: question.clone(), ..UnderWay::default() }));
            area.set_value("");
            let _ = area.focus();
            let conversation = conversation.to_owned();
            spawn_local(async move {
                let mut body = serde_json::json!({ "question": question, "builtin": !leaves });
                if !conversation.is_empty() {
                    body["conversation"] = conversation.into();
                }
                match ask(self, "/api/v1/ask", &body).await {
                    Ok(()) => {}
                    Err(Trouble::Refused) => {
                        area.set_value(&question);
                        let _ = form.submit();
                    }
                    Err(Trouble::Broken) => self.broke(words(self.lang).failed_network),
                    Err(Trouble::Stopped) => self.over(),
                }
                ABORT.with_borrow_mut(|a| *a = None);
            });
            show_last();
        }

        /// Asks again beside the page: the new answer comes where the old one stands.
        pub fn submitted_again(self, e: &ev::SubmitEvent, a: &Again) {
            let Some(form) = e.target().and_then(|t| t.dyn_into::<HtmlFormElement>().ok()) else { return };
            e.prevent_default();
            if untrack(|| self.is_asking()) {
                return;
            }
            let path = format!("/api/v1/ask/conversations/{}/again", a.conversation);
            let body = serde_json::json!({ "message": a.message, "builtin": !a.leaves });
            self.failure.set(None);
            // Its button goes away with the old answer.
            if let Some(field) = field() {
                let _ = field.focus();
            }
            self.now.set(Some(UnderWay {
                question: a.question.clone(),
                again: a.message.clone(),
                conversation: a.conversation.clone(),
                ..UnderWay::default()
            }));
            spawn_local(async move {
                match ask(self, &path, &body).await {
                    Ok(()) => {}
                    Err(Trouble::Refused) => drop(form.submit()),
                    Err(Trouble::Broken) => self.broke(words(self.lang).failed_network),
                    Err(Trouble::Stopped) => self.over(),
                }
                ABORT.with_borrow_mut(|a| *a = None);
            });
        }

        /// Stops the answer: says so to the server, so that it is written down, and then hangs up.
        pub fn stop(self) {
            let id =
                self.now.with_untracked(|n| n.as_ref().map(|n| n.conversation.clone()).unwrap_or_default());
            spawn_local(async move {
                if !id.is_empty() {
                    let path = format!("/api/v1/ask/conversations/{id}/stop");
                    if let Some(request) = post(&path, None) {
                        let _ = JsFuture::from(window().fetch_with_request(&request)).await;
                    }
                }
                ABORT.with_borrow(|a| {
                    if let Some(a) = a {
                        a.abort();
                    }
                });
            });
        }

        fn broke(self, why: &str) {
            let why = why.to_owned();
            self.now.try_update(|n| {
                if let Some(n) = n {
                    n.failed = Some(why);
                    n.is_over = true;
                }
            });
        }

        fn over(self) {
            let id = self.now.try_update(|n| {
                n.as_mut().map(|n| {
                    n.is_over = true;
                    n.conversation.clone()
                })
            });
            if let Some(id) = id.flatten() {
                self.ended.try_run(id);
            }
        }
    }

    fn post(path: &str, body: Option<&str>) -> Option<Request> {
        let headers = Headers::new().ok()?;
        headers.set("accept", "text/event-stream").ok()?;
        if let Some(profile) = wire::drawn::profile() {
            headers.set(wire::PROFILE_HEADER, &profile).ok()?;
        }
        let init = RequestInit::new();
        init.set_method("POST");
        if let Some(body) = body {
            headers.set("content-type", "application/json").ok()?;
            init.set_body(&JsValue::from_str(body));
        }
        init.set_headers(&headers);
        let controller = AbortController::new().ok()?;
        if body.is_some() {
            init.set_signal(Some(&controller.signal()));
            ABORT.with_borrow_mut(|a| *a = Some(controller));
        }
        Request::new_with_str_and_init(path, &init).ok()
    }

    async fn ask(live: Live, path: &str, body: &serde_json::Value) -> Result<(), Trouble> {
        let request = post(path, Some(&body.to_string())).ok_or(Trouble::Refused)?;
        let broken = |_| if was_stopped() { Trouble::Stopped } else { Trouble::Broken };
        let response = JsFuture::from(window().fetch_with_request(&request)).await.map_err(broken)?;
        let response: Response = response.dyn_into().map_err(|_| Trouble::Broken)?;
        let stream = response.body().filter(|_| response.ok()).ok_or(Trouble::Refused)?;
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let mut events = Events::default();
        loop {
            let chunk = JsFuture::from(reader.read()).await.map_err(broken)?;
            let part = |name: &str| js_sys::Reflect::get(&chunk, &JsValue::from_str(name)).ok();
            if part("done").is_none_or(|d| d.is_truthy()) {
                // It ended without an end: stopped from here or from elsewhere.
                return Err(Trouble::Stopped);
            }
            let Some(bytes) = part("value").and_then(|v| v.dyn_into::<js_sys::Uint8Array>().ok()) else {
                continue;
            };
            for data in events.push(&bytes.to_vec()) {
                let Ok(event) = serde_json::from_str::<AskEvent>(&data) else { continue };
                let is_last = matches!(event, AskEvent::Done { .. } | AskEvent::Failed { .. });
                live.take(event);
                if is_last {
                    return Ok(());
                }
            }
        }
    }

    fn was_stopped() -> bool {
        ABORT.with_borrow(|a| a.as_ref().is_some_and(|a| a.signal().aborted()))
    }

    thread_local! {
        /// What stood in the question's field, and that somebody was in it, when the page moved on.
        static TYPED: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    /// Frames after which a field that was never put into the page is given up.
    const FRAMES: u32 = 60;

    fn field() -> Option<HtmlTextAreaElement> {
        document().get_element_by_id("question")?.dyn_into().ok()
    }

    /// The page is about to move on to the same form at another address: whoever is in its field stays there.
    pub fn leave_field() {
        let Some(field) = field() else { return };
        let is_in = document().active_element().is_some_and(|e| e.id() == "question");
        TYPED.with_borrow_mut(|t| *t = is_in.then(|| field.value()));
    }

    /// Takes up again where [`leave_field`] left.
    pub fn enter_field(area: HtmlTextAreaElement) {
        let Some(typed) = TYPED.with_borrow_mut(Option::take) else { return };
        area.set_value(&typed);
        once_there(area, FRAMES);
    }

    fn once_there(area: HtmlTextAreaElement, frames: u32) {
        request_animation_frame(move || {
            if area.is_connected() {
                let _ = area.focus();
            } else if frames > 0 {
                once_there(area, frames - 1);
            }
        });
    }

    /// Brings the end of the conversation into sight, once it is drawn.
    fn show_last() {
        request_animation_frame(|| {
            if let Ok(Some(last)) = document().query_selector(".Exchange.is-live") {
                last.scroll_into_view();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_goes_on_is_one_piece() {
        let text = |t: &str| Span::Text { text: t.to_owned() };
        let mut said = vec![text("It ")];
        join(&mut said, vec![text("was "), Span::Unverified { text: "5".to_owned() }, text(".")]);
        assert!(said == [text("It was "), Span::Unverified { text: "5".to_owned() }, text(".")]);
    }
}
