//! The page of the dashboard.

use super::api::{Board, admin_dashboard};
use crate::{
    admin::{Place, framed, sheet, texts},
    boot::use_lang,
    ui::{
        form::{post_form_plain, submit},
        page::{heading, show},
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const PAGE: &str = "/admin";

/// How the instance does.
#[component]
pub fn AdminHomePage() -> impl IntoView {
    framed(Place::Dashboard, || {
        let t = texts::frame(use_lang());
        let query = use_query_map();
        let days = Memo::new(move |_| query.with(|q| q.get("days")).unwrap_or_default());
        let board = wire::read(move || days.get(), |days| async move { admin_dashboard(days).await });
        view! { {heading(t.dashboard, t.dashboard_text)} {show(board, draw)} }.into_any()
    })
}

fn draw(b: Board) -> AnyView {
    let t = texts::running(use_lang());
    let spans = b
        .spans
        .into_iter()
        .map(|(days, text)| {
            let here = (days == b.days).then_some("true");
            view! { <a href=format!("{PAGE}?days={days}") class="Tab" aria-current=here>{text}</a> }
        })
        .collect_view();
    let dead = if b.dead.is_empty() {
        view! { <p class="Fine">{t.failed_work_none}</p> }.into_any()
    } else {
        let rows = b.dead.into_iter().map(|(id, title, more)| job(id, title, more)).collect_view();
        view! { <ul class="Plain">{rows}</ul> }.into_any()
    };
    let imports = if b.imports.rows.is_empty() {
        view! { <p class="Fine">{t.nothing_counted}</p> }.into_any()
    } else {
        sheet::table(b.imports)
    };
    let uses = (!b.uses.rows.is_empty()).then(|| sheet::table(b.uses));
    view! {
        <section class="Card"><h2>{t.now}</h2>{sheet::facts(b.now)}</section>
        <section class="Card">
            <h2>{t.failed_work}</h2>
            <p class="Fine">{t.failed_work_text}</p>
            {dead}
        </section>
        <nav class="Tabs" aria-label=t.spans>{spans}</nav>
        <div class="Cards">
            {b.charts.into_iter().map(sheet::chart).collect_view()}
            <section class="Card"><h2>{t.imports}</h2>{imports}</section>
            <section class="Card"><h2>{t.letters}</h2>{sheet::facts(b.letters)}</section>
            <section class="Card"><h2>{t.uses}</h2><p class="Fine">{b.uses_say}</p>{uses}</section>
        </div>
        <p><A href="/admin/reports" attr:class="Link">{t.reports_link}</A></p>
    }
    .into_any()
}

fn job(id: String, title: String, more: String) -> AnyView {
    let t = texts::running(use_lang());
    let retry = view! { <input type="hidden" name="id" value=id.clone()/> {submit(t.retry)} };
    let discard = view! {
        <input type="hidden" name="id" value=id/>
        <button class="Button is-quiet" type="submit">{t.discard}</button>
    };
    view! {
        <li class="Session">
            <div><b>{title}</b><p class="Fine">{more}</p></div>
            <div class="Actions">
                {post_form_plain(PAGE, "retry_job", "Inline", retry.into_any())}
                {post_form_plain(PAGE, "discard_job", "Inline", discard.into_any())}
            </div>
        </li>
    }
    .into_any()
}
