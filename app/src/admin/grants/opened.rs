//! What a grant opens, as lists and single records.

use super::{
    api::{GrantScreen, Looked},
    page::PAGE,
};
use crate::{
    admin::texts,
    boot::{use_lang, use_texts},
    i18n::{fill, fmt},
    ui::piece::{badge, kind_name, value_text},
};
use keepwell_domain::sight::{SightItem, SightPage, SightRecord, SightView};
use leptos::prelude::*;
use leptos_router::components::A;

fn address(l: &Looked, rest: &str) -> String {
    format!("{PAGE}/{}?profile={}{rest}", l.id, l.profile)
}

/// The kinds that can be looked at, by profile.
pub(super) fn choices(s: &SightView, now: &Looked) -> AnyView {
    let (t, words) = (texts::grants::of(use_lang()), use_texts());
    let several = s.profiles.len() > 1;
    let groups = s
        .profiles
        .iter()
        .enumerate()
        .map(|(n, profile)| {
            let profile = profile.to_string();
            let name = several.then(|| view! { <h3>{fill(t.profile_n, &(n + 1).to_string())}</h3> });
            let links = s
                .kinds
                .iter()
                .map(|k| {
                    let here = (now.profile == profile && now.kind == k.as_str()).then_some("page");
                    let href = format!("{PAGE}/{}?profile={profile}&kind={}", s.id, k.as_str());
                    view! { <li><a class="Button is-quiet" href=href aria-current=here>{kind_name(words, *k)}</a></li> }
                })
                .collect_view();
            view! { {name} <ul class="Actions">{links}</ul> }
        })
        .collect_view();
    view! { <section class="Card"><h2>{t.kinds}</h2><p class="Fine">{t.choose}</p>{groups}</section> }
        .into_any()
}

/// What was asked for.
pub(super) fn shown(screen: &GrantScreen, looked: &Looked) -> AnyView {
    if let Some(record) = &screen.record {
        return one(record, looked);
    }
    screen.list.as_ref().map_or_else(|| ().into_any(), |page| list(page, looked))
}

fn list(page: &SightPage, looked: &Looked) -> AnyView {
    let (t, words) = (texts::grants::of(use_lang()), use_texts());
    let rows = page.items.iter().map(|i| line(i, looked)).collect_view();
    let none = (page.items.is_empty() && !page.is_cut).then(|| view! { <p class="Fine">{t.empty}</p> });
    let cut = page.is_cut.then(|| view! { <p class="Alert" role="alert">{t.cut}</p> });
    let more = page.next.map(|next| {
        let href = address(looked, &format!("&kind={}&after={next}", looked.kind));
        view! { <p class="Actions"><A href=href attr:class="Button is-quiet">{words.older}</A></p> }
    });
    view! { {none} <ul class="Items">{rows}</ul> {cut} {more} }.into_any()
}

fn line(i: &SightItem, looked: &Looked) -> AnyView {
    let lang = use_lang();
    let href = address(looked, &format!("&kind={}&record={}", looked.kind, i.id));
    let (title, detail, date) = (i.title.clone(), i.detail.clone(), fmt::date(lang, &i.date));
    let mark = badge(use_texts(), i.standing);
    view! {
        <li class="Item"><div class="Item-link">
            <A href=href attr:class="Item-title">{title}</A>
            <span class="Item-detail is-text">{detail} {mark}</span>
            <span class="Item-meta">{date}</span>
        </div></li>
    }
    .into_any()
}

fn one(r: &SightRecord, looked: &Looked) -> AnyView {
    let (lang, words) = (use_lang(), use_texts());
    let t = texts::grants::of(lang);
    let value = r.value.as_ref().map(|v| {
        view! { <p class="Value"><b>{value_text(v)}</b> {badge(words, r.standing)}</p> }
    });
    let parts = r.parts.iter().map(|(name, text)| fact(name.clone(), text.clone())).collect_view();
    let fields =
        r.fields.iter().map(|f| fact(crate::records::label(words, &f.label), f.text.clone())).collect_view();
    let back = address(looked, &format!("&kind={}", r.kind.as_str()));
    view! {
        <section class="Card"><h2>{r.title.clone()}</h2>
            <p class="Fine">{kind_name(words, r.kind)} " · " {fmt::date(lang, &r.date)}</p>
            {value}
            <dl class="Facts">{parts}{fields}</dl>
            <p><A href=back attr:class="Link">{t.back}</A></p>
        </section>
    }
    .into_any()
}

fn fact(name: String, text: String) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{text}</dd></div> }.into_any()
}
