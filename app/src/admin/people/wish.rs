//! The form that asks for sight of somebody's records.

use crate::{
    admin::texts,
    boot::{use_lang, use_texts},
    i18n::fill,
    ui::{
        form::{Field, post_form, refused, select, submit},
        piece::kind_name,
    },
};
use keepwell_domain::{people::PersonView, record::Kind};
use leptos::prelude::*;

const FORM: &str = "ask_for_sight";

/// The card with it.
pub(super) fn card(p: &PersonView) -> AnyView {
    let (t, words) = (texts::people::of(use_lang()), use_texts());
    let id = p.id.to_string();
    let kinds = Kind::ALL
        .into_iter()
        .map(|k| {
            let name = format!("kinds[{}]", k.as_str());
            view! { <label class="Pill"><input type="checkbox" name=name value="on"/><span>{kind_name(words, k)}</span></label> }
        })
        .collect_view();
    let mut profiles = vec![(String::new(), t.profile_all.to_owned(), true)];
    for (n, profile) in p.profiles.iter().enumerate() {
        profiles.push((profile.to_string(), fill(t.profile_n, &(n + 1).to_string()), false));
    }
    let body = view! {
        <input type="hidden" name="person" value=id.clone()/>
        <fieldset class="Pills"><legend>{t.kinds}</legend>{kinds}</fieldset>
        {refused(FORM, "kinds")}
        {refused(FORM, "person")}
        {select("sight-profile".to_owned(), "profile", t.profile, profiles)}
        {Field::new(FORM, "minutes", t.minutes).kind("number").value("15").hint(t.minutes_hint).mode("numeric").required().view()}
        {Field::new(FORM, "reason", t.reason).hint(t.reason_hint).autocomplete("off").required().min_length("10").view()}
        {submit(t.ask)}
    };
    view! {
        <section class="Card"><h2>{t.sight}</h2><p>{t.sight_text}</p>
            {post_form(format!("/admin/people/{id}"), FORM, "Form", body.into_any())}
        </section>
    }
    .into_any()
}
