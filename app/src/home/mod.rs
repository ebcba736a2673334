//! The first page: what Keepwell is.

use crate::{
    boot::{use_boot, use_texts},
    ui::icon::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let t = use_texts();
    let act = if use_boot().signed_in {
        view! { <A href="/overview" attr:class="Button">{t.to_overview}</A> }.into_any()
    } else {
        view! {
            <A href="/signup" attr:class="Button">{t.sign_up}</A>
            <A href="/login" attr:class="Button is-quiet">{t.sign_in}</A>
        }
        .into_any()
    };
    let point = |icon: Icon, title: &'static str, text: &'static str| {
        view! { <li>{icon.view()}<div><h2>{title}</h2><p>{text}</p></div></li> }
    };
    view! {
        <Title text="Keepwell"/>
        <section class="Hero">
            <h1>{t.home_title}</h1>
            <p class="Hero-text">{t.home_text}</p>
            <div class="Actions">{act}</div>
        </section>
        <ul class="Points">
            {point(Icon::Upload, t.home_bring, t.home_bring_text)}
            {point(Icon::Markers, t.home_see, t.home_see_text)}
            {point(Icon::File, t.home_leave, t.home_leave_text)}
        </ul>
        <section class="Promise">
            <h2>{t.home_safe}</h2>
            <p>{t.home_safe_text}</p>
        </section>
    }
}
