//! The list, and what stands above other pages.

use super::api::{NoticeLine, NoticeList, Words, notices, open_notices};
use crate::{
    boot::{use_lang, use_texts},
    i18n::fmt,
    ui::{
        form::post_form_plain,
        page::{answer, heading, show},
    },
    wire::{self, Answer},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use std::sync::Arc;

const PAGE: &str = "/settings/notices";

/// Above a page of somebody signed in, until it is put away; asked for again with every page.
pub fn above() -> AnyView {
    let here = use_location().pathname;
    let open = wire::read(move || here.get(), |_| open_notices());
    let draw = move |found: Answer| match found.and_then(|a| a.open::<NoticeList>()) {
        Ok(list) if !list.lines.is_empty() && !tells(&here.get_untracked()) => {
            banner(list, &here.get_untracked())
        }
        // Pages without news, and one that is just being left, show nothing here.
        _ => ().into_any(),
    };
    answer(open.answer(), Arc::new(draw), || ().into_any())
}

/// Pages that say it themselves.
fn tells(path: &str) -> bool {
    path == PAGE || path.starts_with("/settings/grants")
}

fn banner(list: NoticeList, next: &str) -> AnyView {
    let NoticeList { lines, words } = list;
    let title = words.title.clone();
    let rows = lines.into_iter().map(|l| row(l, &words, next)).collect_view();
    view! { <section class="News" aria-label=title><ul class="Plain">{rows}</ul></section> }.into_any()
}

/// All notices.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let all = wire::read(|| (), |()| notices());
    view! {
        {show(all, draw)}
        <p><A href="/settings" attr:class="Link">{use_texts().settings}</A></p>
    }
}

fn draw(list: NoticeList) -> AnyView {
    let NoticeList { lines, words } = list;
    let none = lines.is_empty().then(|| view! { <p class="Fine">{words.none.clone()}</p> });
    let rows = lines.into_iter().map(|l| row(l, &words, PAGE)).collect_view();
    view! {
        {heading(words.title.clone(), words.text.clone())}
        <section class="Card">{none}<ul class="Plain">{rows}</ul></section>
    }
    .into_any()
}

fn row(l: NoticeLine, words: &Words, next: &str) -> AnyView {
    let when = fmt::ts(use_lang(), l.at);
    let reason = (!l.reason.is_empty()).then(|| view! { <p class="News-reason">{l.reason.clone()}</p> });
    let more = (!l.href.is_empty())
        .then(|| view! { <A href=l.href.clone() attr:class="Button">{l.more.clone()}</A> });
    let keep = l.can_keep.then(|| {
        let body = view! { <button class="Button" type="submit">{words.keep.clone()}</button> };
        post_form_plain(PAGE, "keep_account", "Inline", body.into_any())
    });
    let dismiss = (!l.is_dismissed).then(|| {
        let label = format!("{}: {}", words.dismiss, l.text);
        let body = view! {
            <input type="hidden" name="notice" value=l.id.clone()/>
            <input type="hidden" name="next" value=next.to_owned()/>
            <button class="Button is-quiet" type="submit" aria-label=label>{words.dismiss.clone()}</button>
        };
        post_form_plain(PAGE, "dismiss_notice", "Inline", body.into_any())
    });
    view! {
        <li class="News-item">
            <p>{l.text.clone()}</p>
            {reason}
            <p class="Fine">{when}</p>
            <div class="Actions">{more}{keep}{dismiss}</div>
        </li>
    }
    .into_any()
}
