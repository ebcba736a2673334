//! The Ask page: a conversation with one's own records, and those that were had before.

use super::{
    address,
    answer::{exchange, suggestions},
    api::{ask_page, consent_preview},
    compose::{compose, toggle},
    consent::{sheet, waiting},
    list::{list, manage},
    live::Live,
    words::words,
};
use crate::{
    boot::use_lang,
    ui::page::{answer, heading, show},
    wire::{self, Answer, AsJson, Read},
};
use keepwell_domain::view::AskView;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use std::sync::Arc;

/// Ask. `?q=` finds conversations, `?delete=all` opens the form that deletes them.
#[component]
pub fn AskPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let open = Memo::new(move |_| params.with(|p| p.get("id")).unwrap_or_default());
    let q = Memo::new(move |_| query.with(|q| q.get("q")).unwrap_or_default());
    let delete = Memo::new(move |_| query.with(|q| q.get_str("delete").is_some()));
    let view = wire::read(
        move || (open.get(), q.get()),
        |(open, q)| ask_page(open, Some(q).filter(|q| !q.is_empty())),
    );
    let go = use_navigate();
    let ended = Callback::new(move |conversation: String| {
        if conversation.is_empty() || conversation == open.get_untracked() {
            view.refetch();
        } else {
            let options =
                leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() };
            #[cfg(feature = "hydrate")]
            super::live::leave_field();
            go(&address(&conversation), options);
        }
    });
    let live = Live::new(ended);
    let consent = waiting().map(|(question, conversation)| {
        let asked = question.clone();
        let preview = wire::read(move || asked.clone(), consent_preview);
        show(preview, move |p| sheet(&p, &question, &conversation))
    });
    // What is typed stays while the rest is drawn anew: the form stands outside of what an answer changes.
    view! {
        <div class="Ask">
            {part(view, |v| head(&v))}
            {consent}
            <div class="Ask-columns">
                <div class="Ask-talk">
                    {show(view, move |AsJson(v): AsJson<AskView>| talk(&v, &open.get_untracked(), live))}
                    {compose(open, live, part(view, |v| toggle(v.provider.as_ref())))}
                </div>
                {part(view, move |v| {
                    view! { {move || list(&v.conversations, &open.get(), &q.get_untracked(), delete.get())} }.into_any()
                })}
            </div>
        </div>
    }
}

/// A part of the page beside the conversation; faults are told there, once.
fn part(view: Read<AsJson<AskView>>, draw: impl Fn(AskView) -> AnyView + Send + Sync + 'static) -> AnyView {
    let draw = move |found: Answer| match found.and_then(|a| a.open::<AsJson<AskView>>()) {
        Ok(AsJson(v)) => draw(v),
        Err(_) => ().into_any(),
    };
    answer(view.answer(), Arc::new(draw), || ().into_any())
}

fn head(v: &AskView) -> AnyView {
    let w = words(use_lang());
    heading(v.open.as_ref().map_or_else(|| w.title.to_owned(), |c| c.title.clone()), w.doctor)
}

fn talk(v: &AskView, open: &str, live: Live) -> AnyView {
    let w = words(use_lang());
    live.clear();
    let said = v.open.iter().flat_map(|c| &c.exchanges).map(|e| exchange(open, e, live)).collect_view();
    let empty = v.open.is_none().then(|| {
        let list = v.suggestions.clone();
        view! { <Show when=move || !live.is_asking()>{suggestions(&list)}</Show> }
    });
    let manage = v.open.as_ref().map(manage);
    view! {
        {manage}
        {empty}
        <div role="log" aria-live="polite" aria-label=w.conversations>
            <ol class="Ask-log">{said}{live.view()}</ol>
        </div>
    }
    .into_any()
}
