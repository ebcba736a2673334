//! The conversations beside the open one: found, opened, renamed, deleted.

use super::{PAGE, address, words::words};
use crate::{
    boot::{use_lang, use_texts},
    i18n::{fill, fmt, plural},
    ui::form::{Field, post_form, submit_danger},
};
use keepwell_domain::view::{ConversationRow, ConversationView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The list. `q` is what is looked for; `delete` opens the form that deletes all.
pub fn list(rows: &[ConversationRow], open: &str, q: &str, delete: bool) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let w = words(lang);
    let inside = if rows.is_empty() {
        let text = if q.is_empty() { w.none } else { w.found_none };
        view! { <p class="Fine">{text}</p> }.into_any()
    } else {
        let items = rows.iter().map(|r| row(r, r.id.to_string() == open)).collect_view();
        view! { <ul class="Talks">{items}</ul> }.into_any()
    };
    // Nothing to look for where there is nothing.
    let find = (!rows.is_empty() || !q.is_empty()).then(|| {
        view! {
            <form class="Talks-find" method="get" action=PAGE role="search">
                <label class="Hidden" for="talks-find">{w.find}</label>
                <input id="talks-find" type="search" name="q" value=q.to_owned() placeholder=w.find maxlength="200"/>
                <button class="Button is-quiet" type="submit">{t.find}</button>
            </form>
        }
    });
    let all = (rows.len() > 1 && q.is_empty()).then(|| delete_all(rows.len(), delete));
    view! {
        <section class="Talks-list" aria-labelledby="talks">
            <div class="Talks-head">
                <h2 id="talks">{w.conversations}</h2>
                <A href=PAGE attr:class="Link">{w.new}</A>
            </div>
            {find}
            {inside}
            {all}
        </section>
    }
    .into_any()
}

fn row(r: &ConversationRow, is_open: bool) -> AnyView {
    let lang = use_lang();
    let w = words(lang);
    let current = is_open.then_some("page");
    let n = plural(lang, r.questions.into(), w.questions_one, w.questions);
    let when = fmt::day(lang, r.changed.date());
    view! {
        <li>
            <a class="Talk" href=address(&r.id.to_string()) aria-current=current>
                <span class="Talk-title">{r.title.clone()}</span>
                <span class="Talk-meta">{when} " · " {n}</span>
            </a>
        </li>
    }
    .into_any()
}

fn delete_all(n: usize, open: bool) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let w = words(lang);
    if !open {
        return view! { <p><A href=format!("{PAGE}?delete=all") attr:class="Link is-danger">{w.delete_all}</A></p> }
            .into_any();
    }
    let body =
        view! { <p>{fill(w.delete_all_text, &fmt::count(lang, n as u64))}</p> {submit_danger(w.delete_all)} };
    view! {
        <div class="Card">
            {post_form(PAGE, "delete_conversations", "Form", body.into_any())}
            <p><A href=PAGE attr:class="Link">{t.cancel}</A></p>
        </div>
    }
    .into_any()
}

/// What can be done with the open conversation besides asking on.
pub fn manage(c: &ConversationView) -> AnyView {
    let w = words(use_lang());
    let id = c.id.to_string();
    let here = address(&id);
    let refused = crate::boot::use_boot()
        .failure
        .with_untracked(|f| f.as_ref().is_some_and(|f| f.form == "rename_conversation"));
    let rename = view! {
        <input type="hidden" name="conversation" value=id.clone()/>
        {Field::new("rename_conversation", "title", w.name).value(c.title.clone()).required().view()}
        <button class="Button is-quiet" type="submit">{w.rename}</button>
    };
    let delete = view! {
        <input type="hidden" name="conversation" value=id/>
        <p>{w.delete_text}</p>
        {submit_danger(w.delete)}
    };
    view! {
        <details class="Ask-manage" open=refused>
            <summary>{w.manage}</summary>
            <div class="Card">
                {post_form(here.clone(), "rename_conversation", "Form", rename.into_any())}
                {post_form(here, "delete_conversation", "Form", delete.into_any())}
            </div>
        </details>
    }
    .into_any()
}
