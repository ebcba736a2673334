//! Reports of weaknesses, and of what browsers refused to load.

use super::{
    Place,
    dashboard::api::{Reports, admin_reports},
    framed, sheet, texts,
};
use crate::{
    boot::use_lang,
    ui::page::{heading, show},
    wire,
};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn AdminReportsPage() -> impl IntoView {
    framed(Place::Reports, || {
        let (frame, t) = (texts::frame(use_lang()), texts::running(use_lang()));
        let reports = wire::read(|| (), |()| async { admin_reports().await });
        view! { {heading(frame.reports, t.reports_text)} {show(reports, draw)} }.into_any()
    })
}

fn draw(r: Reports) -> AnyView {
    let t = texts::running(use_lang());
    let weaknesses = if r.weaknesses.is_empty() {
        view! { <p class="Fine">{t.weaknesses_none}</p> }.into_any()
    } else {
        let one = |(head, contact, text): (String, String, String)| {
            let contact =
                (!contact.is_empty()).then(|| view! { <p class="Fine">{t.contact} ": " {contact}</p> });
            view! { <li class="Report"><h3>{head}</h3>{contact}<p class="Report-text">{text}</p></li> }
        };
        view! { <ul class="Plain">{r.weaknesses.into_iter().map(one).collect_view()}</ul> }.into_any()
    };
    let refused = if r.refused.rows.is_empty() {
        view! { <p class="Fine">{t.browsers_none}</p> }.into_any()
    } else {
        sheet::table(r.refused)
    };
    view! {
        <section class="Card"><h2>{t.weaknesses}</h2>{weaknesses}</section>
        <section class="Card"><h2>{t.browsers}</h2>{refused}</section>
    }
    .into_any()
}
