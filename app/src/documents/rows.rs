//! The list of documents.

use super::live::use_live;
use crate::{
    boot::{use_lang, use_texts},
    i18n::{fill, fmt, plural},
    ui::{icon::Icon, piece::state_name},
};
use keepwell_domain::{
    ids::DocumentId,
    view::{DocumentRow, DocumentState},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Documents with the files inside an archive folded below it.
pub fn document_list(all: Vec<DocumentRow>) -> AnyView {
    let known: Vec<DocumentId> = all.iter().map(|d| d.id).collect();
    let (inner, outer): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|d| d.parent.is_some_and(|p| known.contains(&p)));
    let list = outer
        .into_iter()
        .map(|d| {
            let own: Vec<_> = inner.iter().filter(|c| c.parent == Some(d.id)).cloned().collect();
            with_inner(d, own)
        })
        .collect::<Vec<_>>();
    view! { <ul class="Docs">{list}</ul> }.into_any()
}

fn with_inner(d: DocumentRow, inner: Vec<DocumentRow>) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let below = (!inner.is_empty()).then(|| {
        let title = plural(lang, inner.len() as u64, t.file_inside_one, t.file_inside_many);
        let list = inner
            .into_iter()
            .map(|c| view! { <li class="Doc">{line(c)}</li> }.into_any())
            .collect::<Vec<_>>();
        view! { <details><summary>{title}</summary><ul class="Docs">{list}</ul></details> }
    });
    view! { <li class="Doc">{line(d)}{below}</li> }.into_any()
}

fn line(d: DocumentRow) -> AnyView {
    let lang = use_lang();
    let href = format!("/documents/{}", d.id);
    let about = meta(&d, fmt::day(lang, d.created.date()));
    let live = use_live();
    let name = d.name.clone();
    view! {
        <A href=href attr:class="Doc-link">
            {Icon::File.view()}
            <span class="Doc-name">{name}</span>
            <span class="Doc-meta">{about}</span>
            <span class="Doc-state">{move || state(&live.now(&d))}</span>
        </A>
    }
    .into_any()
}

/// Format (once it is known), size and when it came.
pub fn meta(d: &DocumentRow, came: String) -> String {
    let parts = [d.format.clone(), fmt::size(use_lang(), d.size), came];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The state in words, with progress, result or reason.
pub fn state(d: &DocumentRow) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let class = format!("State is-{}", d.state.as_str());
    let more = match d.state {
        DocumentState::Reading => {
            let p = d.progress.unwrap_or(0).to_string();
            let label = fill(t.percent, &p);
            view! { <progress max="100" value=p aria-label=label.clone()></progress> " " {label} }.into_any()
        }
        DocumentState::Done => {
            let mut s = plural(lang, d.records, t.record_one, t.record_many);
            if d.samples > 0 {
                s.push_str(" · ");
                s.push_str(&plural(lang, d.samples, t.sample_one, t.sample_many));
            }
            view! { <span class="State-more">{s}</span> }.into_any()
        }
        _ => ().into_any(),
    };
    let reason = d.reason.clone().map(|r| view! { <span class="State-reason">{r}</span> });
    view! { <span class=class>{state_name(t, d.state)}</span> " " {more} {reason} }.into_any()
}
