//! The page of the dashboard.

use super::api::{Board, DeadRow, admin_dashboard};
use crate::{
    admin::{Place, framed, sheet, texts},
    boot::{use_boot, use_lang},
    ui::{
        form::{Field, post_form_plain, submit},
        page::{heading, show},
        state::sentence,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const PAGE: &str = "/admin";
const RETRY: &str = "retry_job";
const DISCARD: &str = "discard_job";

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
        let rows = b.dead.into_iter().map(job).collect_view();
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

fn job(row: DeadRow) -> AnyView {
    let t = texts::running(use_lang());
    // What is about nobody's file is tried again without a word.
    let retry = if row.has_person {
        folded(RETRY, &row.id, t.retry, t.retry_text, "Button")
    } else {
        let body = view! { <input type="hidden" name="id" value=row.id.clone()/> {submit(t.retry)} };
        post_form_plain(PAGE, RETRY, "Inline", body.into_any())
    };
    let discard = folded(DISCARD, &row.id, t.discard, t.discard_text, "Button is-danger");
    view! {
        <li class="Session">
            <div><b>{row.title}</b><p class="Fine">{row.more}</p></div>
            <div class="Acts">{retry}{discard}</div>
        </li>
    }
    .into_any()
}

/// An act that wants a reason, folded until it is wanted; unfolded when it was just refused.
fn folded(
    form: &'static str,
    id: &str,
    name: &'static str,
    text: &'static str,
    class: &'static str,
) -> AnyView {
    let t = texts::running(use_lang());
    let failure = use_boot().failure.get_untracked();
    let failed = failure.filter(|f| f.form == form && f.value("id") == Some(id));
    let was_sent = failed.is_some();
    let alert = failed.filter(|f| f.error.field.as_deref() != Some("reason")).map(|f| {
        view! { <p class="Alert" role="alert">{sentence(&f.error)}</p> }
    });
    let body = view! {
        <input type="hidden" name="id" value=id.to_owned()/>
        {alert}
        {Field::new(form, "reason", t.reason)
            .of(id)
            .hint(t.job_reason_hint)
            .autocomplete("off")
            .required()
            .min_length("10")
            .view()}
        <button class=class type="submit">{name}</button>
    };
    view! {
        <details class="Act" open=was_sent>
            <summary>{name}</summary>
            <p>{text}</p>
            {post_form_plain(PAGE, form, "Form", body.into_any())}
        </details>
    }
    .into_any()
}
