//! The page of one document.

use super::{
    api::document,
    excerpt::{by_bytes, by_line},
    left_out::words,
    live::{listen, use_live},
    questions::questions,
    review::ReviewPage,
    rows::{document_list, meta, state},
};
use crate::{
    boot::{for_profile, use_lang, use_texts},
    factors::proved_or_gate,
    i18n::{fill, fmt, plural},
    timeline::list::items,
    ui::{
        form::{post_form, submit_danger},
        page::{heading, show},
        piece::kind_name,
    },
    wire,
};
use keepwell_domain::{
    record::Kind,
    view::{DocumentState, DocumentView},
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// A place in the original, from the address: `?bytes=10-20` or `?line=3`.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    bytes: Option<(u64, u64)>,
    line: Option<u64>,
}

fn place(bytes: Option<String>, line: Option<String>) -> Place {
    let bytes = bytes
        .as_deref()
        .and_then(|b| b.split_once('-'))
        .and_then(|(a, b)| a.parse().ok().zip(b.parse().ok()));
    Place { bytes, line: line.and_then(|l| l.parse().ok()) }
}

/// One document, or the review of its rows: links between the two load the page anew.
#[component]
pub fn DocumentPage() -> impl IntoView {
    let page = use_query_map().with_untracked(|q| q.get("review").map(|p| p.parse().unwrap_or(1)));
    match page {
        Some(page) => view! { <ReviewPage page/> }.into_any(),
        None => view! { <SinglePage/> }.into_any(),
    }
}

#[component]
fn SinglePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let at = Memo::new(move |_| query.with(|q| place(q.get("bytes"), q.get("line"))));
    let undo = Memo::new(move |_| query.with(|q| q.get_str("undo").is_some()));
    let page = Memo::new(move |_| query.with(|q| q.get("page").and_then(|p| p.parse().ok()).unwrap_or(1)));
    let view = wire::read(
        move || (id.get(), at.get().bytes, page.get()),
        |(id, bytes, page)| document(id, bytes.map(|b| b.0), bytes.map(|b| b.1), page),
    );
    // The question whether to undo stands still: nothing may change under the finger, nor be asked
    // about a document that is just being deleted.
    if !undo.get_untracked() {
        listen(move || view.refetch());
    }
    show(view, move |d| if undo.get_untracked() { undo_form(&d) } else { draw(d, at.get_untracked()) })
}

fn undo_form(d: &DocumentView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let here = format!("/documents/{}", d.row.id);
    let page = format!("{here}?undo=1");
    let body = view! {
        <input type="hidden" name="document" value=d.row.id.to_string()/>
        <p>{fill(t.undo_text, &plural(lang, d.row.records, t.record_one, t.record_many))}</p>
        {submit_danger(t.undo)}
    };
    let form = post_form(page.clone(), "undo_import", "Form", body.into_any());
    view! {
        {heading(d.row.name.clone(), t.undo)}
        <section class="Card is-form">
            {proved_or_gate(&page, form)}
            <p><a class="Link" rel="external" href=here>{t.cancel}</a></p>
        </section>
    }
    .into_any()
}

fn draw(d: DocumentView, at: Place) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let row = d.row.clone();
    let live = use_live();
    let here = format!("/documents/{}", row.id);
    let context = meta(&row, fmt::ts(lang, row.created));
    let inside = row
        .parent
        .map(|p| view! { <p class="Fine"><A href=format!("/documents/{p}")>{t.part_of_archive}</A></p> });
    let subject = d.subject.clone().map(|s| view! { <p class="Fine">{fill(t.about_person, &s)}</p> });
    let questions = questions(&format!("/documents/{}", row.id), &row.id.to_string(), &d.questions);
    let again = again(&d);
    let now = row.clone();
    view! {
        {heading(row.name.clone(), context)}
        {inside}
        <p class="Doc-now" aria-live="polite">{move || state(&live.now(&now))}</p>
        {subject}
        {to_review(&d)}
        {questions}
        {counts(&d)}
        {warnings(&d)}
        {excerpt(&d, at)}
        {(!d.children.is_empty()).then(|| view! { <section class="Card"><h2>{t.inside}</h2>{document_list(d.children.clone())}</section> })}
        {records(&d)}
        <div class="Actions is-end">
            {row.has_file.then(|| view! { <a class="Button is-quiet" rel="external" href=for_profile(&format!("/api/v1/documents/{}/file", row.id))>{t.download}</a> })}
            {again}
            <a class="Button is-quiet is-danger" rel="external" href=format!("{here}?undo=1")>{t.undo}</a>
        </div>
    }
    .into_any()
}

/// A page of what was read from it, and the way to the other pages.
fn records(d: &DocumentView) -> AnyView {
    let t = use_texts();
    if d.items.is_empty() {
        return ().into_any();
    }
    let to = |page: u32, text: &'static str| {
        let href = format!("/documents/{}?page={page}#records", d.row.id);
        view! { <A href=href attr:class="Button is-quiet">{text}</A> }
    };
    let pages = (d.pages > 1).then(|| {
        let now = fill(t.review_page, &format!("{} / {}", d.page, d.pages));
        view! {
            <nav class="Actions is-end" aria-label=t.read_from_it>
                {(d.page > 1).then(|| to(d.page - 1, t.records_previous))}
                <span class="Fine">{now}</span>
                {(d.page < d.pages).then(|| to(d.page + 1, t.records_next))}
            </nav>
        }
    });
    view! {
        <section class="Card" id="records">
            <h2>{t.read_from_it}</h2>
            {items(d.items.clone())}
            {pages}
        </section>
    }
    .into_any()
}

/// The way to the rows that wait.
fn to_review(d: &DocumentView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    if d.waiting == 0 {
        return ().into_any();
    }
    let text = plural(lang, d.waiting, t.review_rows_one, t.review_rows_many);
    let href = format!("/documents/{}?review=1", d.row.id);
    view! {
        <section class="Card is-attention">
            <h2>{t.review_here}</h2>
            <p>{text}</p>
            <p class="Actions"><a class="Button" rel="external" href=href>{t.review_do}</a></p>
        </section>
    }
    .into_any()
}

/// A document that came by itself can be read once more.
fn again(d: &DocumentView) -> AnyView {
    let t = use_texts();
    let is_busy = matches!(d.row.state, DocumentState::Queued | DocumentState::Reading);
    if d.row.parent.is_some() || is_busy || !d.row.has_file {
        return ().into_any();
    }
    let id = d.row.id.to_string();
    let body = view! {
        <input type="hidden" name="document" value=id.clone()/>
        <button class="Button is-quiet" type="submit">{t.read_again}</button>
    };
    post_form(format!("/documents/{id}"), "read_again", "Inline", body.into_any())
}

fn counts(d: &DocumentView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    if d.read.is_empty() && d.skipped.is_empty() {
        return ().into_any();
    }
    let line = |name: String, n: u64| view! { <div><dt>{name}</dt><dd class="is-number">{fmt::count(lang, n)}</dd></div> };
    let name = |k: &str| Kind::parse(k).map_or_else(|| words(lang, k), |k| kind_name(t, k).to_owned());
    let read = d.read.iter().map(|(k, n)| line(name(k), *n)).collect_view();
    let skipped = (!d.skipped.is_empty()).then(|| {
        let list = d.skipped.iter().map(|(k, n)| line(name(k), *n)).collect_view();
        view! { <details><summary>{t.not_read}</summary><dl class="Facts">{list}</dl></details> }
    });
    view! { <section class="Card"><h2>{t.what_was_read}</h2><dl class="Facts">{read}</dl>{skipped}</section> }
        .into_any()
}

fn warnings(d: &DocumentView) -> AnyView {
    let t = use_texts();
    if d.warnings.is_empty() {
        return ().into_any();
    }
    let list = d
        .warnings
        .iter()
        .map(|(place, text)| view! { <li>{text.clone()} " " <span class="Fine">{place.clone()}</span></li> })
        .collect_view();
    view! { <section class="Card"><h2>{t.warnings}</h2><ul class="Plain">{list}</ul></section> }.into_any()
}

fn excerpt(d: &DocumentView, at: Place) -> AnyView {
    let t = use_texts();
    let Some((first, text)) = &d.excerpt else { return ().into_any() };
    let parts = match at {
        Place { bytes: Some((a, b)), .. } => by_bytes(text, *first, a, b),
        Place { line: Some(line), .. } if *first == 0 => by_line(text, line),
        _ => by_line(text, 0),
    };
    let mark = (!parts.place.is_empty()).then(|| view! { <mark id="place">{parts.place.to_owned()}</mark> });
    let open = !parts.place.is_empty();
    view! {
        <details class="Card" open=open>
            <summary><h2>{t.original}</h2></summary>
            <pre class="Excerpt" tabindex="0" aria-label=t.original>{parts.before.to_owned()}{mark}{parts.after.to_owned()}</pre>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_no_place_is_ignored() {
        assert!(place(Some("10-20".into()), None).bytes == Some((10, 20)));
        assert!(place(Some("x-20".into()), Some("-3".into())) == Place::default());
        assert!(place(None, Some("7".into())).line == Some(7));
    }
}
