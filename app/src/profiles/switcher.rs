//! Whose data is shown, on every page, and the way to another profile. Works without script: the
//! list unfolds by itself, and each name is a button of a form.

use super::{PAGE, shown_name};
use crate::{
    boot::use_texts,
    i18n::fill,
    ui::{form::post_form, icon::Icon, page::answer},
    wire::{Answer, Read},
};
use keepwell_domain::view::{Me, ProfileRef};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use std::sync::Arc;

/// The profile in use and, unfolded, the others.
#[component]
pub fn Switcher(
    /// Who is signed in.
    me: Read<Me>,
) -> impl IntoView {
    let draw =
        |found: Answer| found.and_then(|a| a.open::<Me>()).map_or_else(|_| nobody(), |me| switcher(&me));
    answer(me.answer(), Arc::new(draw), nobody)
}

fn nobody() -> AnyView {
    view! { <span class="Chip"></span> }.into_any()
}

fn switcher(me: &Me) -> AnyView {
    let t = use_texts();
    let class = if me.demo { "Chip is-demo" } else { "Chip" };
    let name = shown_name(t, &me.profile);
    let inside = view! {
        {Icon::Person.view()}
        <span class="Hidden">{t.profile} ": "</span>
        <span class="Chip-name">{name}</span>
    };
    if me.profiles.len() < 2 {
        return view! { <A href=PAGE attr:class=class>{inside}</A> }.into_any();
    }
    let buttons = me.profiles.iter().map(|p| button(p, p.id == me.profile.id)).collect_view();
    let form = post_form(PAGE, "switch_profile", "Switcher-form", view! { <ul>{buttons}</ul> }.into_any());
    view! {
        <details class="Switcher">
            <summary class=class>{inside}</summary>
            <div class="Switcher-menu">
                <p class="Fine">{t.profile_choose}</p>
                {form}
                <A href=PAGE attr:class="Link">{t.profiles_manage}</A>
            </div>
        </details>
    }
    .into_any()
}

fn button(p: &ProfileRef, is_current: bool) -> impl IntoView + use<> {
    let t = use_texts();
    let current = is_current.then_some("true");
    let mark = is_current.then(|| view! { <span class="Badge is-plain">{t.profile_in_use}</span> });
    view! {
        <li>
            <button type="submit" name="profile" value=p.id.to_string() aria-current=current>
                <span class="Chip-name">{shown_name(t, p)}</span>{mark}
            </button>
        </li>
    }
}

/// Says, right after switching, whose data is shown from now on.
#[component]
pub fn NowShowing(
    /// Who is signed in.
    me: Read<Me>,
) -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let just = Memo::new(move |_| query.with(|q| q.get_str("switched").is_some()));
    let draw: Arc<dyn Fn(Answer) -> AnyView + Send + Sync> = Arc::new(move |found: Answer| {
        let Ok(me) = found.and_then(|a| a.open::<Me>()) else { return ().into_any() };
        let name = shown_name(t, &me.profile);
        view! {
            <div class="Notice" role="status">
                <p><strong>{fill(t.now_showing, &name)}</strong></p>
                <p>{t.now_showing_text}</p>
            </div>
        }
        .into_any()
    });
    // Nearly no page comes right after a switch: the others need not wait for who is signed in.
    move || just.get().then(|| answer(me.answer(), draw.clone(), || ().into_any()))
}
