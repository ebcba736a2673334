//! Adding: files, pasted text, or a value typed in.

use crate::{
    boot::use_texts,
    documents::upload::UploadZone,
    records::form::{KINDS, fields, one_name},
    ui::{
        form::{Field, post_form, submit},
        page::heading,
    },
};
use keepwell_domain::view::RecordForm;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The three ways to add something. `?kind=` chooses what is typed in.
#[component]
pub fn AddPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let kind = Memo::new(move |_| {
        query
            .with(|q| q.get("kind"))
            .filter(|k| KINDS.contains(&k.as_str()))
            .unwrap_or_else(|| KINDS[0].to_owned())
    });
    let navigate = use_navigate();
    // Called once all chosen files have arrived: leaving earlier would end the uploads behind it.
    let done = Callback::new(move |()| navigate("/documents", leptos_router::NavigateOptions::default()));
    let paste = view! {
        {Field::new("paste_text", "name", t.paste_name).view()}
        {Field::new("paste_text", "text", t.paste_text).kind("textarea").required().view()}
        {submit(t.paste_keep)}
    };
    view! {
        {heading(t.add, t.add_text)}
        <UploadZone done=done/>
        <section class="Card is-form" id="type">
            <h2>{t.type_in}</h2>
            <ul class="Tabs">{KINDS.into_iter().map(|k| tab(k, kind)).collect_view()}</ul>
            {move || typed(&kind.get())}
        </section>
        <section class="Card is-form">
            <h2>{t.paste}</h2>
            {post_form("/add", "paste_text", "Form", paste.into_any())}
        </section>
    }
}

fn tab(k: &'static str, chosen: Memo<String>) -> AnyView {
    let t = use_texts();
    let current = move || (chosen.get() == k).then_some("true");
    // A plain link: the router's own would call every kind the current page, their path being one.
    view! { <li><a href=format!("/add?kind={k}#type") class="Tab" aria-current=current>{one_name(t, k)}</a></li> }
        .into_any()
}

fn typed(kind: &str) -> AnyView {
    let form = RecordForm { kind: kind.to_owned(), ..RecordForm::default() };
    post_form(format!("/add?kind={kind}"), "add_record", "Form", fields("add_record", form))
}
