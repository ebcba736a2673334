//! Finding an account, and the page of one.

use super::{api::person_facts, wish};
use crate::{
    admin::{Place, framed, texts},
    boot::use_lang,
    factors::gate,
    i18n::{fill, fmt},
    ui::{
        form::{Field, post_form, post_form_plain, select, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::{
    people::{PersonAct, PersonView},
    role::Role,
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// Where accounts are found.
const PAGE: &str = "/admin/people";
const FIND: &str = "find_person";
const ACT: &str = "act_on_person";

/// Asks for an address or an id.
#[component]
pub fn PeoplePage() -> impl IntoView {
    framed(Place::People, || {
        let t = texts::people::of(use_lang());
        let body = view! {
            {Field::new(FIND, "wanted", t.wanted).hint(t.wanted_hint).autocomplete("off").required().view()}
            {submit(t.find)}
        };
        view! {
            {heading(t.people, t.people_text)}
            <section class="Card">{post_form(PAGE, FIND, "Form", body.into_any())}</section>
        }
        .into_any()
    })
}

/// One account.
#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    framed(Place::People, move || {
        let t = texts::people::of(use_lang());
        let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
        let facts = wire::read(move || id.get(), person_facts);
        let done = query.with_untracked(|q| q.get("done")).and_then(|act| PersonAct::parse(&act));
        let said = done.map(|_| view! { <p class="Note" role="status">{t.done}</p> });
        view! {
            {heading(t.person, t.person_text)}
            {said}
            {show(facts, draw)}
            <p><A href=PAGE attr:class="Link">{t.people}</A></p>
        }
        .into_any()
    })
}

fn draw(p: PersonView) -> AnyView {
    let is_admin = !p.profiles.is_empty();
    let acts = acts_card(&p);
    let sight = (is_admin && !p.acts.is_empty() && !p.is_suspended && p.is_proved).then(|| wish::card(&p));
    view! { {facts_card(&p)} {acts} {sight} }.into_any()
}

fn facts_card(p: &PersonView) -> AnyView {
    let lang = use_lang();
    let t = texts::people::of(lang);
    let word = |is: bool| if is { t.yes } else { t.no };
    let most = |n: u64| if n == 0 { t.none.to_owned() } else { fill(t.at_most, &fmt::count(lang, n)) };
    let state = match p.due {
        Some(due) => format!("{} {}", t.leaving, fmt::ts(lang, due)),
        None if p.is_suspended => t.suspended.to_owned(),
        None => t.active.to_owned(),
    };
    let files =
        if p.megabytes == 0 { t.none.to_owned() } else { fill(t.megabytes, &fmt::count(lang, p.megabytes)) };
    let signed_in = p.signed_in.map_or_else(|| t.not_lately.to_owned(), |d| fmt::day(lang, d));
    let confirmed = p.is_confirmed.map(|is| view! { <div><dt>{t.confirmed}</dt><dd>{word(is)}</dd></div> });
    view! {
        <section class="Card"><h2>{t.facts}</h2>
            <dl class="Facts">
                <div><dt>{t.id}</dt><dd><code class="Code">{p.id.to_string()}</code></dd></div>
                <div><dt>{t.address}</dt><dd>{p.email.clone()}</dd></div>
                <div><dt>{t.role}</dt><dd>{t.role_name(p.role)}</dd></div>
                <div><dt>{t.state}</dt><dd>{state}</dd></div>
                <div><dt>{t.created}</dt><dd>{fmt::day(lang, p.created)}</dd></div>
                <div><dt>{t.signed_in}</dt><dd>{signed_in}</dd></div>
                {confirmed}
                <div><dt>{t.second_step}</dt><dd>{word(p.has_factor)}</dd></div>
                <div><dt>{t.sessions}</dt><dd>{fmt::count(lang, p.sessions.into())}</dd></div>
                <div><dt>{t.files}</dt><dd>{files}</dd></div>
                <div><dt>{t.documents}</dt><dd>{most(p.documents)}</dd></div>
                <div><dt>{t.records}</dt><dd>{most(p.records)}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

fn acts_card(p: &PersonView) -> AnyView {
    let t = texts::people::of(use_lang());
    let id = p.id.to_string();
    let page = format!("{PAGE}/{id}");
    let inner = if p.acts.is_empty() {
        view! { <p>{t.acts_none}</p> }.into_any()
    } else if p.is_proved {
        let list = p.acts.iter().map(|act| act_form(*act, p, &page)).collect_view();
        view! { <div class="Acts">{list}</div> }.into_any()
    } else {
        gate(&page)
    };
    view! { <section class="Card"><h2>{t.acts}</h2>{inner}</section> }.into_any()
}

/// One act, folded until it is wanted; unfolded when it was just refused.
fn act_form(act: PersonAct, p: &PersonView, page: &str) -> AnyView {
    let t = texts::people::of(use_lang());
    let code = act.as_str();
    let (name, text) = t.act(act);
    let failure = crate::boot::use_boot().failure.get_untracked();
    let was_sent = failure.as_ref().is_some_and(|f| f.form == ACT && f.value("act") == Some(code));
    let alert = failure.filter(|f| was_sent && f.error.field.as_deref() != Some("reason")).map(|f| {
        view! { <p class="Alert" role="alert">{crate::ui::state::sentence(&f.error)}</p> }
    });
    let role = (act == PersonAct::ChangeRole).then(|| {
        let others = Role::ALL.into_iter().filter(|r| *r != p.role);
        let options = others.map(|r| (r.as_str().to_owned(), t.role_name(r).to_owned(), false)).collect();
        select("act-role".to_owned(), "role", t.new_role, options)
    });
    let class = match act {
        PersonAct::Suspend | PersonAct::Delete => "Button is-danger",
        _ => "Button",
    };
    let body = view! {
        <input type="hidden" name="act" value=code/>
        <input type="hidden" name="person" value=p.id.to_string()/>
        {alert}
        {role}
        {Field::new(ACT, "reason", t.reason).of(code).hint(t.reason_hint).autocomplete("off").required().min_length("10").view()}
        <button class=class type="submit">{name}</button>
    };
    view! {
        <details class="Act" open=was_sent>
            <summary>{name}</summary>
            <p>{text}</p>
            {post_form_plain(page.to_owned(), ACT, "Form", body.into_any())}
        </details>
    }
    .into_any()
}
