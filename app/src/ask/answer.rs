//! An answer as it is drawn: values that lead to their record, numbers that no record says marked by shape
//! and word, then what was looked at and every source with its place.

use super::{
    address, chart,
    live::{Again, Live},
    words::{Words, left_out, words},
};
use crate::{
    boot::{use_boot, use_lang, use_texts},
    i18n::{Lang, fill, fmt},
    ui::{esc::url_segment, form::post_form_plain, piece::badge},
};
use keepwell_domain::view::{
    Answer, AnsweredBy, AskReceipt, Block, Coverage, Exchange, LeftOutItem, Line, Span,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Where a receipt leads: its record, else its marker, else its line among the sources.
fn leads_to(r: &AskReceipt, exchange: &str, i: usize) -> String {
    match (&r.record, &r.marker) {
        _ if r.computed.is_some() => format!("#s-{exchange}-{i}"),
        (Some(record), _) => format!("/records/{record}"),
        (None, Some(marker)) => format!("/markers/{}", url_segment(marker)),
        (None, None) => format!("#s-{exchange}-{i}"),
    }
}

/// A line; `at` names the exchange whose receipts it means.
pub fn line(l: &Line, receipts: &[AskReceipt], at: &str) -> AnyView {
    l.iter().map(|s| span(s, receipts, at)).collect_view().into_any()
}

/// A line of an answer that is still under way: its receipts come with its end.
pub fn unlinked(l: &Line) -> AnyView {
    let w = words(use_lang());
    let one = |s: &Span| match s {
        Span::Text { text } => text.clone().into_any(),
        Span::Value { text, .. } => view! { <b>{text.clone()}</b> }.into_any(),
        Span::Unverified { text } => unverified(text, w),
    };
    l.iter().map(one).collect_view().into_any()
}

fn span(s: &Span, receipts: &[AskReceipt], at: &str) -> AnyView {
    let w = words(use_lang());
    match s {
        Span::Text { text } => text.clone().into_any(),
        Span::Value { text, receipt } => {
            let i = *receipt as usize;
            match receipts.get(i) {
                Some(r) => {
                    let href = leads_to(r, at, i);
                    // Anchors of the page itself are not the router's matter.
                    if href.starts_with('#') {
                        view! { <a class="Receipt is-computed" href=href rel="external">{text.clone()}</a> }
                            .into_any()
                    } else {
                        let text = text.clone();
                        view! { <A href=href attr:class="Receipt">{text}</A> }.into_any()
                    }
                }
                None => unverified(text, w),
            }
        }
        Span::Unverified { text } => unverified(text, w),
    }
}

fn unverified(text: &str, w: &Words) -> AnyView {
    view! { <span class="Unverified">{text.to_owned()}<small>{w.unverified}</small></span> }.into_any()
}

/// A question with its answer. `conversation` is empty while it has no id yet.
pub fn exchange(conversation: &str, e: &Exchange, live: Live) -> AnyView {
    let (w, id) = (words(use_lang()), e.id.to_string());
    let question = e.question.clone();
    let busy = {
        let id = id.clone();
        move || live.is_again(&id).then_some("true")
    };
    let inside = {
        let (conversation, e, id) = (conversation.to_owned(), e.clone(), id.clone());
        move || if live.is_again(&id) { live.inside() } else { told(&conversation, &e, &id, live) }
    };
    view! {
        <li class="Exchange" id=format!("m-{id}") aria-busy=busy>
            <h2 class="Exchange-question"><span class="Hidden">{w.asked} ": "</span>{question}</h2>
            <div class="Exchange-answer">{inside}</div>
        </li>
    }
    .into_any()
}

/// What came of a question, and what can be done with it.
fn told(conversation: &str, e: &Exchange, id: &str, live: Live) -> AnyView {
    let w = words(use_lang());
    let inside = match (&e.answer, &e.failed) {
        (Some(a), _) => answer(conversation, id, a),
        (None, Some(reason)) => view! { <p class="Alert">{reason.clone()}</p> }.into_any(),
        (None, None) if e.stopped => ().into_any(),
        (None, None) => {
            let here = address(conversation);
            view! {
                <p class="Fine">{w.under_way} " "<a class="Link" rel="external" href=here>{w.under_way_look}</a></p>
            }
            .into_any()
        }
    };
    let stopped = e.stopped.then(|| view! { <p class="Fine">{w.stopped}</p> });
    view! { {inside}{stopped}{acts(conversation, e, live)} }.into_any()
}

fn acts(conversation: &str, e: &Exchange, live: Live) -> Option<AnyView> {
    let w = words(use_lang());
    if e.answer.is_none() && e.failed.is_none() && !e.stopped {
        return None;
    }
    let label = fill(w.again_named, &e.question);
    let was_model = e.answer.as_ref().is_some_and(|a| matches!(a.by, AnsweredBy::Model { .. }));
    let leave = was_model.then(|| view! { <input type="hidden" name="leave" value="1"/> });
    let redo = Again {
        conversation: conversation.to_owned(),
        message: e.id.to_string(),
        question: e.question.clone(),
        leaves: was_model,
    };
    let profile = use_boot().profile.map(|p| p.to_string());
    let again = view! {
        <form method="post" action=address(conversation) class="Inline" on:submit=move |e| live.submitted_again(&e, &redo)>
            <input type="hidden" name="_form" value="ask_again"/>
            <input type="hidden" name="_profile" value=profile/>
            <input type="hidden" name="conversation" value=conversation.to_owned()/>
            <input type="hidden" name="message" value=e.id.to_string()/>
            {leave}
            <button class="Link" type="submit" aria-label=label>{w.again}</button>
        </form>
    };
    let copy = e.answer.as_ref().map(|a| super::live::copy_button(a.marked()));
    Some(view! { <div class="Exchange-acts">{again}{copy}</div> }.into_any())
}

/// An answer, from what comes before everything else to its sources.
fn answer(conversation: &str, id: &str, a: &Answer) -> AnyView {
    let lang = use_lang();
    let w = words(lang);
    let first = a.first.iter().map(|l| view! { <p>{line(l, &a.receipts, id)}</p> }).collect_view();
    let first = (!a.first.is_empty()).then(|| view! { <div class="Answer-first" role="note">{first}</div> });
    let blocks = a.blocks.iter().enumerate().map(|(n, b)| block(b, a, id, n)).collect_view();
    let by = match &a.by {
        AnsweredBy::Builtin => w.answered_here.to_owned(),
        AnsweredBy::Model { provider, model } => fill(w.answered_by, &format!("{provider}, {model}")),
    };
    view! {
        {first}
        {blocks}
        {choices(conversation, a)}
        {coverage(lang, &a.coverage)}
        <p class="Answer-by">{by}</p>
        {sources(a, id)}
    }
    .into_any()
}

fn block(b: &Block, a: &Answer, id: &str, n: usize) -> AnyView {
    let draw = |l: &Line| line(l, &a.receipts, id);
    match b {
        Block::Paragraph { line } => view! { <p class="Answer-text">{draw(line)}</p> }.into_any(),
        Block::List { items } => {
            let items = items.iter().map(|l| view! { <li>{draw(l)}</li> }).collect_view();
            view! { <ul class="Answer-list">{items}</ul> }.into_any()
        }
        Block::Table { caption, head, rows } => {
            let head = head.iter().map(|h| view! { <th scope="col">{h.clone()}</th> }).collect_view();
            let row = |r: &Vec<Line>| {
                let cells = r.iter().map(|l| view! { <td>{draw(l)}</td> }).collect_view();
                view! { <tr>{cells}</tr> }
            };
            let rows = rows.iter().map(row).collect_view();
            view! {
                <div class="Answer-table" tabindex="0" role="region" aria-label=caption.clone()>
                    <table><caption>{caption.clone()}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
                </div>
            }
            .into_any()
        }
        Block::Chart { marker, name, unit, points, summary } => {
            let drawn = chart::draw(use_lang(), &format!("c-{id}-{n}"), (name, unit), points, &a.receipts);
            let href = format!("/markers/{}", url_segment(marker));
            view! {
                <figure class="Chart Answer-chart">
                    <div class="Chart-drawing is-wide" inner_html=drawn.0></div>
                    <div class="Chart-drawing is-narrow" inner_html=drawn.1></div>
                    <figcaption>{summary.clone()} " "<A href=href>{use_texts().see_trend}</A></figcaption>
                </figure>
            }
            .into_any()
        }
    }
}

/// What can be asked next: each a button of a form, so that it works without script.
fn choices(conversation: &str, a: &Answer) -> Option<AnyView> {
    if a.choices.is_empty() {
        return None;
    }
    let w = words(use_lang());
    let buttons = a.choices.iter().map(|c| ask_button(conversation, c)).collect_view();
    Some(view! { <div class="Suggestions" role="group" aria-label=w.choices>{buttons}</div> }.into_any())
}

/// A question that is asked by one press.
pub fn ask_button(conversation: &str, question: &str) -> AnyView {
    let body = view! {
        <input type="hidden" name="conversation" value=conversation.to_owned()/>
        <button class="Suggestion" type="submit" name="question" value=question.to_owned()>{question.to_owned()}</button>
    };
    post_form_plain(address(conversation), "ask_question", "Inline", body.into_any())
}

/// `Looked at 14 entries, 2019 to 2026. Left out: 2 rows wait for review.`
fn coverage(lang: Lang, c: &Coverage) -> AnyView {
    let w = words(lang);
    let looked = match c.looked_at {
        0 => w.looked_at_none.to_owned(),
        1 => w.looked_at_one.to_owned(),
        n => fill(w.looked_at, &fmt::count(lang, n.into())),
    };
    let day = |iso: &str| fmt::date(lang, iso);
    let when = match (c.from.is_empty(), c.from == c.to) {
        (true, _) => String::new(),
        (false, true) => w.on_day.replace("{a}", &day(&c.from)),
        (false, false) => w.period.replace("{a}", &day(&c.from)).replace("{b}", &day(&c.to)),
    };
    let left = c.left_out.iter().map(|l| left_out_item(lang, l)).collect_view();
    let left = (!c.left_out.is_empty()).then(|| view! { <ul class="Answer-left">{left}</ul> });
    view! { <div class="Answer-coverage"><p>{looked}{when} "."</p>{left}</div> }.into_any()
}

fn left_out_item(lang: Lang, l: &LeftOutItem) -> AnyView {
    let w = words(lang);
    let (one, many) = left_out(w, l.why);
    let text = if l.count == 1 { one.to_owned() } else { fill(many, &fmt::count(lang, l.count.into())) };
    let text = fill(w.left_out, &text);
    match l.document {
        Some(d) => {
            let name = l.document_name.clone();
            view! { <li>{text} " "<A href=format!("/documents/{d}")>{name}</A></li> }.into_any()
        }
        None => view! { <li>{text}</li> }.into_any(),
    }
}

fn sources(a: &Answer, id: &str) -> Option<AnyView> {
    if a.receipts.is_empty() {
        return None;
    }
    let (lang, n) = (use_lang(), a.receipts.len());
    let w = words(lang);
    let list = a.receipts.iter().enumerate().map(|(i, r)| source(lang, r, id, i)).collect_view();
    // Open where few: whoever prints or copies wants them; many would bury the answer.
    let title = fill(w.sources, &fmt::count(lang, n as u64));
    Some(
        view! { <details class="Answer-sources" open=n <= 3><summary>{title}</summary><ol>{list}</ol></details> }
            .into_any(),
    )
}

fn source(lang: Lang, r: &AskReceipt, id: &str, i: usize) -> AnyView {
    let w = words(lang);
    let what = format!("{} {}", r.title, r.value);
    let what = match (&r.record, &r.marker) {
        (Some(record), _) => view! { <A href=format!("/records/{record}")>{what}</A> }.into_any(),
        (None, Some(m)) => view! { <A href=format!("/markers/{}", url_segment(m))>{what}</A> }.into_any(),
        (None, None) => what.into_any(),
    };
    let date = (!r.date.is_empty()).then(|| view! { <span>{fmt::date(lang, &r.date)}</span> });
    let origin = match (&r.document, &r.computed) {
        (_, Some(c)) => view! { <span>{w.computed} ": " {c.formula.clone()}</span> }.into_any(),
        (Some(d), None) => {
            let place = (!r.place.is_empty()).then(|| view! { <span class="Place">{r.place.clone()}</span> });
            let href = place_address(&d.to_string(), &r.place);
            let name = r.document_name.clone();
            view! { <A href=href>{name}</A>{place} }.into_any()
        }
        (None, None) if r.record.is_some() => view! { <span>{w.typed_in}</span> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <li id=format!("s-{id}-{i}")><span class="Source-what">{what}{badge(use_texts(), r.standing)}</span>{date}{origin}</li>
    }
    .into_any()
}

/// Where a place of a document is shown: a line by itself, else the document.
fn place_address(document: &str, place: &str) -> String {
    let line = place.strip_prefix("line ").filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    match line {
        Some(n) => format!("/documents/{document}?line={n}#place"),
        None => format!("/documents/{document}"),
    }
}

/// Questions to begin with.
pub fn suggestions(list: &[String]) -> AnyView {
    let w = words(use_lang());
    let buttons = list.iter().map(|q| ask_button("", q)).collect_view();
    view! {
        <section class="Ask-empty">
            <h2>{w.empty}</h2>
            <p>{w.empty_text}</p>
            <div class="Suggestions">{buttons}</div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::place_address;

    #[test]
    fn a_line_is_shown_by_itself() {
        assert_eq!(place_address("d", "line 12"), "/documents/d?line=12#place");
        for place in ["", "Bundle.entry[3].resource", "line x", "line "] {
            assert_eq!(place_address("d", place), "/documents/d");
        }
    }
}
