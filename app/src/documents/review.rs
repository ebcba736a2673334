//! The review of a table: the original beside the rows as read. Each row is a form of its own and
//! needs no script; with script the keyboard goes from row to row.

use super::{api::review, questions::questions, review_row::row_card};
use crate::{
    boot::{use_lang, use_texts},
    i18n::{fill, plural},
    ui::{
        form::{post_form, post_form_plain},
        page::{heading, show},
        state::empty,
    },
    wire,
};
use keepwell_domain::view::{ReviewRowView, ReviewView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One page of the rows that wait.
#[component]
pub fn ReviewPage(page: u32) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let view = wire::read(move || id.get(), move |id| review(id, page));
    #[cfg(feature = "hydrate")]
    keys::listen();
    show(view, draw)
}

fn draw(v: ReviewView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let document = v.row.id.to_string();
    let here = format!("/documents/{document}?review={}", v.page);
    let back = view! { <a class="Link" rel="external" href=format!("/documents/{document}")>{t.review_to_document}</a> };
    let person = v.person.as_ref().map(|p| view! { <p class="Notice">{fill(t.review_person, p)}</p> });
    let questions = questions(&here, &document, &v.questions);
    let context = plural(lang, v.waiting, t.review_rows_one, t.review_rows_many);
    let body = if v.rows.is_empty() {
        empty(t.review_empty, "", back.into_any())
    } else {
        let cards = v.rows.iter().enumerate().map(|(n, r)| row_card(r, n + 1, &here, &document, v.page));
        view! {
            {likely(&v, &here)}
            <p class="Fine Review-keys">{t.review_keys}</p>
            <div class="Review">
                {table(&v)}
                <ol class="Review-rows" aria-label=t.review_here>{cards.collect_view()}</ol>
            </div>
            {pages(&v, &document)}
            <p>{back}</p>
        }
        .into_any()
    };
    view! {
        {heading(v.row.name.clone(), context)}
        {person}
        {questions}
        {body}
        {left_out(&v, &here, &document)}
    }
    .into_any()
}

fn likely(v: &ReviewView, here: &str) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    if v.likely == 0 {
        return ().into_any();
    }
    let text = plural(lang, v.likely, t.review_all_one, t.review_all_many);
    let body = view! {
        <input type="hidden" name="document" value=v.row.id.to_string()/>
        <button class="Button is-quiet" type="submit">{text}</button>
        <span class="Fine">{t.review_all_text}</span>
    };
    post_form(here.to_owned(), "accept_likely", "Review-all", body.into_any())
}

/// The original's rows of this page. The one that is looked at is marked by the style sheet.
fn table(v: &ReviewView) -> AnyView {
    let t = use_texts();
    let width = v.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0).max(v.heading.len());
    let heads =
        (0..width).map(|n| view! { <th scope="col">{v.heading.get(n).cloned().unwrap_or_default()}</th> });
    let line = |(n, r): (usize, &ReviewRowView)| {
        let cells = r.cells.iter().enumerate().map(|(c, text)| {
            let used = u32::try_from(c + 1).is_ok_and(|c| r.used.contains(&c));
            view! { <td class:is-used=used>{text.clone()}</td> }
        });
        let cells: Vec<AnyView> = if r.cells.is_empty() {
            let all = printed(r);
            vec![view! { <td class="is-used" colspan=width.max(1).to_string()>{all}</td> }.into_any()]
        } else {
            cells.map(IntoAny::into_any).collect()
        };
        view! { <tr data-n=(n + 1).to_string()><th scope="row">{r.line.to_string()}</th>{cells}</tr> }
    };
    view! {
        <div class="Review-table">
            <h2>{t.review_printed}</h2>
            <div class="Review-scroll" tabindex="0" role="region" aria-label=t.review_printed>
                <table>
                    <thead><tr><th scope="col"><span class="Hidden">{fill(t.review_line, "")}</span></th>{heads.collect_view()}</tr></thead>
                    <tbody>{v.rows.iter().enumerate().map(line).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// A row's own cells in one line.
pub fn printed(r: &ReviewRowView) -> String {
    let [name, value, unit, range, date] = &r.printed;
    let result = [value.as_str(), unit].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
    [date.as_str(), name, &result, range]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn pages(v: &ReviewView, document: &str) -> AnyView {
    let t = use_texts();
    if v.pages < 2 {
        return ().into_any();
    }
    let to = |page: u32| format!("/documents/{document}?review={page}");
    let previous = (v.page > 1).then(
        || view! { <a class="Button is-quiet" rel="external" href=to(v.page - 1)>{t.review_previous}</a> },
    );
    let next = (v.page < v.pages)
        .then(|| view! { <a class="Button is-quiet" rel="external" href=to(v.page + 1)>{t.review_next}</a> });
    let now = fill(t.review_page, &format!("{} / {}", v.page, v.pages));
    view! { <nav class="Actions is-end" aria-label=t.review_here>{previous}<span class="Fine">{now}</span>{next}</nav> }
        .into_any()
}

fn left_out(v: &ReviewView, here: &str, document: &str) -> AnyView {
    let t = use_texts();
    if v.left_out.is_empty() {
        return ().into_any();
    }
    let one = |r: &ReviewRowView| {
        let body = view! {
            <input type="hidden" name="document" value=document.to_owned()/>
            <input type="hidden" name="row" value=r.id.to_string()/>
            <input type="hidden" name="page" value=v.page.to_string()/>
            <span>{fill(t.review_line, &r.line.to_string())} ": " {printed(r)}</span>
            <button class="Button is-quiet is-small" type="submit" name="word" value="put_back">{t.review_back}</button>
        };
        view! { <li>{post_form_plain(here.to_owned(), "decide_row", "Review-back", body.into_any())}</li> }
    };
    view! {
        <details class="Card">
            <summary><h2>{t.review_left_out}</h2></summary>
            <ul class="Plain">{v.left_out.iter().map(one).collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// From row to row by keyboard.
#[cfg(feature = "hydrate")]
mod keys {
    use leptos::{ev, prelude::*};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement, KeyboardEvent};

    pub fn listen() {
        Effect::new(move |_| {
            let handle = window_event_listener(ev::keydown, on_key);
            on_cleanup(move || handle.remove());
        });
    }

    fn on_key(e: KeyboardEvent) {
        // Autofill sends bare events of this name, which have no key.
        if !e.is_instance_of::<KeyboardEvent>() {
            return;
        }
        let typing = e.target().and_then(|t| t.dyn_into::<Element>().ok()).is_some_and(|t| {
            t.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, dialog")
                .ok()
                .flatten()
                .is_some()
        });
        if typing || e.ctrl_key() || e.meta_key() || e.alt_key() {
            return;
        }
        let done = match e.key().as_str() {
            "j" | "J" | "ArrowDown" => step(1),
            "k" | "K" | "ArrowUp" => step(-1),
            "a" | "A" => press("button[value=accept]"),
            "x" | "X" => press("button[value=leave_out]"),
            "e" | "E" => edit(),
            _ => None,
        };
        if done.is_some() {
            e.prevent_default();
        }
    }

    /// The row that has the focus, else the one that the address names, else the first.
    fn current() -> Option<Element> {
        let page = document();
        let focused = page.active_element().and_then(|a| a.closest(".ReviewRow").ok().flatten());
        focused
            .or_else(|| page.query_selector(".ReviewRow:target").ok().flatten())
            .or_else(|| page.query_selector(".ReviewRow").ok().flatten())
    }

    fn has_focus() -> bool {
        document().active_element().is_some_and(|a| a.closest(".ReviewRow").ok().flatten().is_some())
    }

    fn step(by: i32) -> Option<()> {
        let row = current()?;
        // The first key goes to the row that is marked already.
        if !has_focus() {
            return row.dyn_into::<HtmlElement>().ok()?.focus().ok();
        }
        let item = row.closest("li").ok()??;
        let other = if by > 0 { item.next_element_sibling() } else { item.previous_element_sibling() }?;
        let row: HtmlElement = other.query_selector(".ReviewRow").ok()??.dyn_into().ok()?;
        row.focus().ok()
    }

    fn press(button: &str) -> Option<()> {
        let button: HtmlElement = current()?.query_selector(button).ok()??.dyn_into().ok()?;
        button.click();
        Some(())
    }

    fn edit() -> Option<()> {
        let row = current()?;
        let details = row.query_selector("details").ok()??;
        details.set_attribute("open", "").ok()?;
        let field: HtmlElement = details.query_selector("input").ok()??.dyn_into().ok()?;
        field.focus().ok()
    }
}
