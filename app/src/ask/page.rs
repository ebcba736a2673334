//! The Ask page: a conversation with one's own records, and those that were had before.

use super::{
    address,
    answer::{exchange, suggestions},
    api::ask_page,
    compose::compose,
    list::{list, manage},
    live::Live,
    words::words,
};
use crate::{
    boot::use_lang,
    ui::page::{heading, show},
    wire::{self, AsJson},
};
use keepwell_domain::view::AskView;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

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
            let options = leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() };
            go(&address(&conversation), options);
        }
    });
    let live = Live::new(ended);
    show(view, move |AsJson(v): AsJson<AskView>| {
        live.clear();
        view! { {move || draw(&v, (&open.get_untracked(), &q.get_untracked()), delete.get(), live)} }.into_any()
    })
}

fn draw(v: &AskView, (open, q): (&str, &str), delete: bool, live: Live) -> AnyView {
    let w = words(use_lang());
    let title = v.open.as_ref().map_or_else(|| w.title.to_owned(), |c| c.title.clone());
    let said = v
        .open
        .iter()
        .flat_map(|c| &c.exchanges)
        .map(|e| exchange(open, e))
        .collect_view();
    let empty = v.open.is_none().then(|| {
        let list = v.suggestions.clone();
        view! { <Show when=move || !live.is_asking()>{suggestions(&list)}</Show> }
    });
    let manage = v.open.as_ref().map(manage);
    view! {
        <div class="Ask">
            {heading(title, w.doctor)}
            <div class="Ask-columns">
                <div class="Ask-talk">
                    {manage}
                    {empty}
                    <ol class="Ask-log" role="log" aria-live="polite" aria-label=w.conversations>{said}{live.view()}</ol>
                    {compose(open, v.provider.as_ref(), live)}
                </div>
                {list(&v.conversations, open, q, delete)}
            </div>
        </div>
    }
    .into_any()
}
