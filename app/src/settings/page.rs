//! The Settings page.

use super::api::settings;
use crate::{
    admin::Place,
    boot::{Theme, for_profile, use_boot, use_texts},
    factors::gate,
    ui::{
        form::{Field, post_form, refused, submit_danger},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::Me;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const PAGE: &str = "/settings";

/// Settings. `?delete=1` opens the form that deletes the account.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let delete = Memo::new(move |_| query.with(|q| q.get_str("delete").is_some()));
    let view = wire::read(|| (), |()| settings());
    view! {
        {heading(t.settings, t.settings_text)}
        {show(view, move |me| draw(me, delete))}
    }
}

fn button(form: &'static str, text: &'static str) -> AnyView {
    let body = view! { <button class="Button is-quiet" type="submit">{text}</button> }.into_any();
    post_form(PAGE, form, "Inline", body)
}

fn draw(me: Me, delete: Memo<bool>) -> AnyView {
    let t = use_texts();
    let ask = crate::ask::words::words(use_boot().lang);
    let (has_factor, is_proved) = (me.has_factor, me.is_proved);
    let demo = if me.demo {
        view! { <p>{t.demo_is_on}</p> {button("remove_demo", t.demo_remove)} }.into_any()
    } else {
        view! { <p>{t.demo_text}</p> {button("add_demo", t.demo_add)} }.into_any()
    };
    let export = if me.profiles.len() > 1 {
        view! {
            <div class="Actions">
                <a class="Button is-quiet" rel="external" href=for_profile("/api/v1/export")>{t.export_this}</a>
                <a class="Button is-quiet" rel="external" href="/api/v1/export?profiles=all">{t.export_every}</a>
            </div>
        }
        .into_any()
    } else {
        view! { <a class="Button is-quiet" rel="external" href=for_profile("/api/v1/export")>{t.export_do}</a> }.into_any()
    };
    view! {
        <section class="Card"><h2>{t.account}</h2>
            <dl class="Facts">
                <div><dt>{t.email}</dt><dd>{me.email}</dd></div>
                <div><dt>{t.profile}</dt><dd>{me.profile.name}</dd></div>
            </dl>
            <div class="Actions">
                <A href="/documents" attr:class="Button is-quiet">{t.documents}</A>
                <A href="/settings/account" attr:class="Button is-quiet">{t.account_page}</A>
                <A href="/settings/sessions" attr:class="Button is-quiet">{t.sessions}</A>
                <A href="/settings/profiles" attr:class="Button is-quiet">{t.profiles_manage}</A>
                <A href="/settings/tokens" attr:class="Button is-quiet">{t.tokens_manage}</A>
                <A href="/settings/notices" attr:class="Button is-quiet">{t.notices}</A>
                <A href="/settings/grants" attr:class="Button is-quiet">{t.sights}</A>
                {button("sign_out", t.sign_out)}
            </div>
        </section>
        <section class="Card"><h2>{t.look}</h2>{lang_form()}{theme_form()}</section>
        <section class="Card"><h2>{t.demo_person}</h2>{demo}</section>
        <section class="Card"><h2>{t.export}</h2>
            <p>{t.export_text}</p>
            {export}
        </section>
        <section class="Card"><h2>{ask.settings}</h2>
            <p>{ask.settings_text}</p>
            <A href="/settings/ask" attr:class="Button is-quiet">{ask.settings_open}</A>
        </section>
        <section class="Card"><h2>{t.access_log}</h2>
            <p>{t.access_log_text}</p>
            <A href="/settings/access-log" attr:class="Button is-quiet">{t.access_log_open}</A>
        </section>
        {run_card()}
        <section class="Card JournalLink"><h2>{t.journal}</h2><p><a rel="external" href="/journal">{t.journal_text}</a></p></section>
        <section class="Card"><h2>{t.about}</h2><p><A href="/about">{t.about_text}</A></p></section>
        {move || delete_card(delete.get(), has_factor, is_proved)}
    }
    .into_any()
}

/// The way to the admin area, for those who have a place in it.
fn run_card() -> Option<AnyView> {
    let place = Place::first_of(use_boot().role)?;
    let t = use_texts();
    let card = view! {
        <section class="Card"><h2>{t.run_instance}</h2>
            <p>{t.run_instance_text}</p>
            <A href=place.href() attr:class="Button is-quiet">{t.run_instance_do}</A>
        </section>
    };
    Some(card.into_any())
}

fn choice(
    form: &'static str,
    name: &'static str,
    legend: &'static str,
    options: Vec<(&'static str, &'static str, bool)>,
) -> AnyView {
    let t = use_texts();
    let list = options
        .into_iter()
        .map(|(value, text, on)| {
            view! { <label class="Pill"><input type="radio" name=name value=value checked=on/><span>{text}</span></label> }
        })
        .collect_view();
    let body = view! {
        <fieldset class="Pills"><legend>{legend}</legend>{list}</fieldset>
        <button class="Button is-quiet" type="submit">{t.save}</button>
    };
    post_form(PAGE, form, "Choice", body.into_any())
}

fn lang_form() -> Option<AnyView> {
    let (t, now) = (use_texts(), use_boot().lang);
    let choices: Vec<_> =
        use_boot().offered.choices().map(|l| (l.as_str(), l.own_name(), l == now)).collect();
    (!choices.is_empty()).then(|| choice("choose_lang", "lang", t.language, choices))
}

fn theme_form() -> AnyView {
    let (t, now) = (use_texts(), use_boot().theme);
    let text = |x| match x {
        Theme::Auto => t.theme_auto,
        Theme::Light => t.theme_light,
        Theme::Dark => t.theme_dark,
    };
    choice("choose_theme", "theme", t.theme, Theme::ALL.map(|x| (x.as_str(), text(x), x == now)).to_vec())
}

fn delete_card(open: bool, has_factor: bool, is_proved: bool) -> AnyView {
    let t = use_texts();
    let inner = if open && has_factor && !is_proved {
        gate("/settings?delete=1")
    } else if open {
        let password = (!has_factor).then(|| {
            let field = Field::new("delete_account", "password", t.password).kind("password");
            field.autocomplete("current-password").required().view()
        });
        let body = view! {
            {password}
            {refused("delete_account", "act")}
            {submit_danger(t.delete_account)}
        };
        view! {
            {post_form("/settings?delete=1", "delete_account", "Form", body.into_any())}
            <p><A href="/settings" attr:class="Link">{t.cancel}</A></p>
        }
        .into_any()
    } else {
        view! { <A href="/settings?delete=1" attr:class="Button is-quiet is-danger">{t.delete_account}</A> }
            .into_any()
    };
    view! { <section class="Card"><h2>{t.delete_account}</h2><p>{t.delete_account_text}</p>{inner}</section> }
        .into_any()
}
