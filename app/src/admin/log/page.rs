//! The page of the log.

use super::api::{Filters, Line, Page, admin_log};
use crate::{
    access_log::proof::{self, Shown, ToCheck},
    admin::{Place, framed, texts},
    boot::use_lang,
    i18n::{fill, fmt},
    ui::{
        esc::url_segment,
        form::{Field, post_form, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::{time::Ts, view::running::Cursor};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map, params::ParamsMap};

const PAGE: &str = "/admin/log";

fn read(q: &ParamsMap) -> Filters {
    let text = |name: &str| q.get(name).unwrap_or_default();
    Filters {
        kind: text("kind"),
        action: text("action"),
        outcome: text("outcome"),
        by: text("by"),
        from: text("from"),
        to: text("to"),
        person: text("person"),
        cursor: text("cursor"),
        check: text("check"),
        upto: text("upto"),
    }
}

/// The filters as the query of an address, from the page at `cursor` on.
fn query(f: &Filters, cursor: &str) -> String {
    let pairs = [
        ("kind", &*f.kind),
        ("action", &*f.action),
        ("outcome", &*f.outcome),
        ("by", &*f.by),
        ("from", &*f.from),
        ("to", &*f.to),
        ("person", &*f.person),
        ("cursor", cursor),
    ];
    let set = pairs.iter().filter(|(_, value)| !value.is_empty());
    set.map(|(name, value)| format!("{name}={}", url_segment(value))).collect::<Vec<_>>().join("&")
}

/// The whole log.
#[component]
pub fn AdminLogPage() -> impl IntoView {
    framed(Place::Log, || {
        let (frame, t) = (texts::frame(use_lang()), texts::running(use_lang()));
        let params = use_query_map();
        let filters = Memo::new(move |_| params.with(read));
        let page = wire::read(move || filters.get(), |f| async move { admin_log(f).await });
        view! { {heading(frame.log, t.log_text)} {show(page, move |p| draw(p, &filters.get_untracked()))} }
            .into_any()
    })
}

fn select(name: &'static str, label: &'static str, choices: Vec<(String, String)>, now: &str) -> AnyView {
    let t = texts::running(use_lang());
    let options = choices
        .into_iter()
        .map(|(code, text)| {
            let selected = code == now;
            view! { <option value=code selected=selected>{text}</option> }
        })
        .collect_view();
    view! { <label><span>{label}</span><select name=name><option value="">{t.all}</option>{options}</select></label> }
        .into_any()
}

fn draw(p: Page, f: &Filters) -> AnyView {
    let t = texts::running(use_lang());
    let asked = query(f, "");
    let clear = (!asked.is_empty() || !f.cursor.is_empty())
        .then(|| view! { <A href=PAGE attr:class="Link">{t.clear}</A> });
    let proof = proof::card(to_check(&p, f));
    let [kinds, actions, outcomes, who] = p.choices;
    let person = (!f.person.is_empty()).then(|| {
        let short = f.person.get(..12).unwrap_or(&f.person);
        view! {
            <input type="hidden" name="person" value=f.person.clone()/>
            <p class="Fine is-wide">{fill(t.only_person, short)}</p>
        }
    });
    let older = (!p.next.is_empty()).then(|| {
        let href = format!("{PAGE}?{}", query(f, &p.next));
        view! { <p class="Actions"><A href=href attr:class="Button is-quiet">{t.older}</A></p> }
    });
    let none = p.lines.is_empty().then(|| view! { <p class="Fine">{t.none}</p> });
    let lines = p.lines.into_iter().map(line).collect_view();
    view! {
        {proof}
        <form class="Filter" method="get" action=PAGE role="search">
            {select("kind", t.kind, kinds, &f.kind)}
            {select("action", t.action, actions, &f.action)}
            {select("outcome", t.outcome, outcomes, &f.outcome)}
            {select("by", t.by, who, &f.by)}
            <label><span>{t.from}</span><input type="date" name="from" value=f.from.clone()/></label>
            <label><span>{t.until}</span><input type="date" name="to" value=f.to.clone()/></label>
            {person}
            <div class="Actions"><button class="Button" type="submit">{t.show}</button>{clear}</div>
        </form>
        <p class="Fine" role="status">{p.total}</p>
        {none}
        <ul class="Items LogLines">{lines}</ul>
        {older}
        {find()}
        {check(f, p.size, p.verdict)}
        <section class="Card">
            <h2>{t.export}</h2>
            <p class="Fine">{t.export_text}</p>
            <p class="Actions"><a class="Button is-quiet" rel="external" href=format!("/api/v1/admin/log/export?{asked}")>{t.export_do}</a></p>
        </section>
    }
    .into_any()
}

/// What the browser checks: the same page again, with its proofs, whatever was logged since.
fn to_check(p: &Page, f: &Filters) -> ToCheck {
    let first = p.lines.first().map(|l| &l.shown);
    let cursor = match first {
        _ if !f.cursor.is_empty() => f.cursor.clone(),
        Some(Shown { at, position: Some(place), .. }) => Cursor { at: Ts(*at), position: place + 1 }.text(),
        _ => String::new(),
    };
    ToCheck {
        address: format!("/api/v1/admin/log?{}", query(f, &cursor)),
        rows: p.lines.iter().map(|l| l.shown.clone()).collect(),
        words: p.words.clone(),
    }
}

fn line(l: Line) -> AnyView {
    let t = texts::running(use_lang());
    let mark = (!l.mark.is_empty()).then(|| view! { " " <span class="Badge is-plain">{l.mark}</span> });
    let when = fmt::ts(use_lang(), Ts(l.shown.at));
    let place = l.shown.position.map_or(String::new(), |p| p.to_string());
    let n = l.shown.names.unwrap_or_default();
    let named = [(t.whose, n.person), (t.actor, n.actor), (t.object, n.object), (t.hash, n.hash)];
    let names = named
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd><code>{value}</code></dd></div> })
        .collect_view();
    view! {
        <li class="Item">
            <details class="LogLine">
                <summary>
                    <span class="LogLine-text">{l.text}{mark}</span>
                    <span class="LogLine-meta">{l.meta}</span>
                    <span class="LogLine-meta">"#" {place} " · " {when}</span>
                </summary>
                <dl class="Facts">{names}</dl>
            </details>
        </li>
    }
    .into_any()
}

fn find() -> AnyView {
    let t = texts::running(use_lang());
    let body = view! {
        {Field::new("find_in_log", "person", t.find_field).autocomplete("off").required().view()}
        {submit(t.find_do)}
    };
    view! {
        <section class="Card">
            <h2>{t.find}</h2>
            <p class="Fine">{t.find_text}</p>
            {post_form(PAGE, "find_in_log", "Form", body.into_any())}
        </section>
    }
    .into_any()
}

fn check(f: &Filters, size: u64, verdict: Option<(bool, String)>) -> AnyView {
    let t = texts::running(use_lang());
    let said = verdict.map(|(holds, text)| {
        let (class, role) = if holds { ("Notice", "status") } else { ("Alert", "alert") };
        view! { <p class=class role=role>{text}</p> }
    });
    let last = size.saturating_sub(1);
    let or = |text: &str, other: u64| if text.is_empty() { other.to_string() } else { text.to_owned() };
    let kept: Vec<(&str, String)> = vec![
        ("kind", f.kind.clone()),
        ("action", f.action.clone()),
        ("outcome", f.outcome.clone()),
        ("by", f.by.clone()),
        ("from", f.from.clone()),
        ("to", f.to.clone()),
        ("person", f.person.clone()),
    ];
    let kept = kept
        .into_iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <section class="Card" id="check">
            <h2>{t.check}</h2>
            <p class="Fine">{t.check_text}</p>
            {said}
            <form class="Filter" method="get" action="/admin/log#check">
                {kept}
                <label><span>{t.check_from}</span>
                    <input type="number" name="check" min="0" required value=or(&f.check, last.saturating_sub(999))/></label>
                <label><span>{t.check_to}</span>
                    <input type="number" name="upto" min="0" required value=or(&f.upto, last)/></label>
                <div class="Actions"><button class="Button is-quiet" type="submit">{t.check_do}</button></div>
            </form>
        </section>
    }
    .into_any()
}
