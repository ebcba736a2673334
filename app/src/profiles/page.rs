//! The page of profiles.

use super::{PAGE, api::profiles, relation_name, shown_name};
use crate::{
    boot::{use_boot, use_lang, use_texts},
    factors::gate,
    i18n::{fill, fmt},
    ui::{
        form::{Field, post_form, select, submit, submit_danger},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::{
    ids::ProfileId,
    profile::Relation,
    view::{Me, ProfileCounts, ProfileRef},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// Profiles. `?delete=<id>` opens the form that deletes one.
#[component]
pub fn ProfilesPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let delete = Memo::new(move |_| query.with(|q| q.get_str("delete").and_then(|id| id.parse().ok())));
    let view = wire::read(|| (), |()| profiles());
    view! {
        {heading(t.profiles, t.profiles_text)}
        {show(view, move |(me, counts)| {
            view! { {move || draw(&me, &counts, delete.get())} }.into_any()
        })}
    }
}

fn draw(me: &Me, counts: &[ProfileCounts], delete: Option<ProfileId>) -> AnyView {
    let t = use_texts();
    let own = me.profiles.iter().filter(|p| !p.is_demo).count();
    let cards = me
        .profiles
        .iter()
        .map(|p| {
            let held = counts.iter().find(|c| c.id == p.id);
            let is_last = own < 2 && !p.is_demo;
            card(me, p, held, delete == Some(p.id), is_last)
        })
        .collect_view();
    view! {
        {cards}
        <section class="Card"><h2>{t.profile_new}</h2>{new_form()}</section>
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
    .into_any()
}

fn card(me: &Me, p: &ProfileRef, held: Option<&ProfileCounts>, delete: bool, is_last: bool) -> AnyView {
    let (t, name) = (use_texts(), shown_name(use_texts(), p));
    let is_current = p.id == me.profile.id;
    let state = if is_current {
        view! { <span class="Badge is-plain">{t.profile_in_use}</span> }.into_any()
    } else {
        let label = fill(t.profile_use_named, &name);
        let body = view! {
            <button class="Button is-quiet" type="submit" name="profile" value=p.id.to_string() aria-label=label>{t.profile_use}</button>
        };
        post_form(PAGE, "switch_profile", "Inline", body.into_any())
    };
    let edit = (!p.is_demo).then(|| {
        let label = fill(t.profile_edit_named, &name);
        let open = is_refused(p);
        view! { <details open=open><summary aria-label=label>{t.profile_edit}</summary>{edit_form(p)}</details> }
    });
    let relation = (!p.is_demo).then(|| view! { <p class="Fine">{relation_name(t, p.relation)}</p> });
    view! {
        <section class="Card ProfileCard" aria-current=is_current.then_some("true")>
            <div class="ProfileCard-head"><div><h2>{name.clone()}</h2>{relation}{counts_line(held)}</div>{state}</div>
            {edit}
            {delete_part(me, p, &name, held, (delete, is_last))}
        </section>
    }
    .into_any()
}

fn counts_line(held: Option<&ProfileCounts>) -> Option<impl IntoView + use<>> {
    let (t, lang) = (use_texts(), use_lang());
    held.map(|c| {
        let records = crate::i18n::plural(lang, c.records, t.record_one, t.record_many);
        view! { <p class="Fine">{records} " · " {t.documents} " " {fmt::count(lang, c.documents)}</p> }
    })
}

/// Whether the form that renames this profile was just refused.
fn is_refused(p: &ProfileRef) -> bool {
    let of_this = |f: &crate::boot::Failure| {
        f.form == "change_profile" && f.value("profile") == Some(p.id.to_string().as_str())
    };
    use_boot().failure.with_untracked(|f| f.as_ref().is_some_and(of_this))
}

fn relations(current: Relation) -> Vec<(String, String, bool)> {
    let t = use_texts();
    let one = |r: Relation| (r.as_str().to_owned(), relation_name(t, r).to_owned(), r == current);
    Relation::ALL.into_iter().map(one).collect()
}

fn edit_form(p: &ProfileRef) -> AnyView {
    let t = use_texts();
    let id = p.id.to_string();
    let body = view! {
        <input type="hidden" name="profile" value=id.clone()/>
        {Field::new("change_profile", "name", t.name).value(p.name.clone()).of(&id).required().view()}
        {select(format!("relation-{id}"), "relation", t.relation, relations(p.relation))}
        {submit(t.save)}
    };
    post_form(PAGE, "change_profile", "Form", body.into_any())
}

fn new_form() -> AnyView {
    let t = use_texts();
    let body = view! {
        {Field::new("create_profile", "name", t.name).required().view()}
        {select("relation-new".to_owned(), "relation", t.relation, relations(Relation::Child))}
        {submit(t.profile_create)}
    };
    post_form(PAGE, "create_profile", "Form", body.into_any())
}

fn delete_part(
    me: &Me,
    p: &ProfileRef,
    name: &str,
    held: Option<&ProfileCounts>,
    (open, is_last): (bool, bool),
) -> AnyView {
    let t = use_texts();
    if p.is_demo {
        let body = view! { <button class="Button is-quiet" type="submit">{t.demo_remove}</button> };
        return post_form("/settings", "remove_demo", "Inline", body.into_any());
    }
    if is_last {
        return view! { <p class="Fine">{t.profile_last}</p> }.into_any();
    }
    let id = p.id.to_string();
    let title = fill(t.profile_delete_named, name);
    if !open {
        return view! { <p><A href=format!("{PAGE}?delete={id}") attr:class="Link is-danger" attr:aria-label=title>{t.profile_delete}</A></p> }
            .into_any();
    }
    if me.has_factor && !me.is_proved {
        return gate(&format!("{PAGE}?delete={id}"));
    }
    let password = (!me.has_factor).then(|| {
        let field = Field::new("delete_profile", "password", t.password).kind("password");
        field.autocomplete("current-password").required().view()
    });
    let body = view! {
        <p>{t.profile_delete_text}</p>
        <p>{t.profile_delete_counts}</p>
        {counts_line(held)}
        <input type="hidden" name="profile" value=id.clone()/>
        {password}
        {submit_danger(title.clone())}
    };
    view! {
        <div class="ProfileCard-delete">
            <h3>{title.clone()}</h3>
            {post_form(format!("{PAGE}?delete={id}"), "delete_profile", "Form", body.into_any())}
            <p><A href=PAGE attr:class="Link">{t.cancel}</A></p>
        </div>
    }
    .into_any()
}
