//! The first page of an administrator.

use super::{Place, framed, texts};
use crate::{boot::use_lang, ui::page::heading};
use leptos::prelude::*;
use leptos_router::components::A;

/// Where an administrator arrives.
#[component]
pub fn AdminHomePage() -> impl IntoView {
    framed(Place::Dashboard, || {
        let t = texts::frame(use_lang());
        let places = Place::ALL
            .into_iter()
            .filter(|p| *p != Place::Dashboard)
            .map(|p| view! { <li><A href=p.href() attr:class="Link">{t.name(p)}</A></li> })
            .collect_view();
        view! {
            {heading(t.dashboard, t.dashboard_text)}
            <section class="Card"><ul class="Plain">{places}</ul></section>
        }
        .into_any()
    })
}
