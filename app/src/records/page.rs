//! The page of one record.

use super::{api::record, form::fields};
use crate::{
    boot::{use_lang, use_texts},
    factors::proved_or_gate,
    i18n::{Texts, fmt},
    ui::{
        esc::url_segment,
        form::{post_form, submit_danger},
        page::{heading, show},
        piece::{badge, kind_name},
    },
    wire,
};
use keepwell_domain::view::{RecordView, SourceView};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// One record. `?edit=1` opens the form, `?delete=1` asks before deleting: both work without script.
#[component]
pub fn RecordPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let query = use_query_map();
    let mode =
        Memo::new(move |_| query.with(|q| (q.get_str("edit").is_some(), q.get_str("delete").is_some())));
    let view = wire::read(move || id.get(), record);
    show(view, move |r| view! { {head(&r)} {move || act(&r, mode.get())} }.into_any())
}

fn head(r: &RecordView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let when = if r.date.is_empty() { t.no_date.to_owned() } else { fmt::date_time(lang, &r.date) };
    let context = format!("{} · {when}", kind_name(t, r.kind));
    heading(r.title.clone(), context)
}

fn act(r: &RecordView, (edit, delete): (bool, bool)) -> AnyView {
    let t = use_texts();
    let here = format!("/records/{}", r.id);
    if edit {
        let body = view! {
            <input type="hidden" name="record" value=r.id.to_string()/>
            <input type="hidden" name="version" value=r.version.to_string()/>
            {fields("edit_record", r.form.clone())}
        };
        let page = format!("{here}?edit=1");
        return view! {
            <section class="Card is-form"><h2>{t.edit}</h2>
                {post_form(page, "edit_record", "Form", body.into_any())}
                <p><A href=here attr:class="Link">{t.cancel}</A></p>
            </section>
        }
        .into_any();
    }
    if delete {
        let body = view! {
            <input type="hidden" name="record" value=r.id.to_string()/>
            <p>{t.delete_record_text}</p>
            {submit_danger(t.delete_record)}
        };
        let page = format!("{here}?delete=1");
        let form = post_form(page.clone(), "delete_record", "Form", body.into_any());
        return view! {
            <section class="Card is-form"><h2>{t.delete_record}</h2>
                {proved_or_gate(&page, form)}
                <p><A href=here attr:class="Link">{t.cancel}</A></p>
            </section>
        }
        .into_any();
    }
    let marker = r.marker.as_ref().map(|k| {
        let href = format!("/markers/{}", url_segment(k));
        view! { <A href=href attr:class="Button">{t.see_trend}</A> }
    });
    view! {
        {value(r)}
        {stated(r)}
        {sources(r)}
        {codes(r)}
        {history(r)}
        <div class="Actions is-end">
            {marker}
            <A href=format!("{here}?edit=1") attr:class="Button is-quiet">{t.edit}</A>
            <A href=format!("{here}?delete=1") attr:class="Button is-quiet is-danger">{t.delete}</A>
        </div>
    }
    .into_any()
}

fn value(r: &RecordView) -> AnyView {
    let t = use_texts();
    let Some(v) = &r.value else { return ().into_any() };
    let range = r
        .range
        .as_ref()
        .filter(|x| !x.text.is_empty())
        .map(|x| view! { <p class="Big-range">{t.range} " " {x.text.clone()}</p> });
    let canonical = r
        .canonical
        .as_ref()
        .map(|(n, u)| view! { <p class="Fine">{t.converted} " " {n.clone()} "\u{a0}" {u.clone()}</p> });
    let class = if v.numeric { "Big-number" } else { "Big-number is-text" };
    view! {
        <section class="Card Big">
            <p class="Big-value"><span class=class>{v.comparator.clone()}{v.text.clone()}</span> " " <span class="Big-unit">{v.unit.clone()}</span> {badge(t, r.standing)}</p>
            {range}
            {canonical}
        </section>
    }
    .into_any()
}

/// The label of a stated field; an unknown one is shown as it is.
pub(crate) fn label(t: &Texts, key: &str) -> String {
    match key {
        "status" => t.status,
        "category" => t.field_category,
        "dosage" => t.dosage,
        "route" => t.field_route,
        "reason" => t.field_reason,
        "note" | "comment" => t.note,
        "text" => t.field_text,
        "end" => t.until,
        "onset" | "start" => t.since,
        "abatement" => t.until,
        "verification" => t.field_verification,
        "specimen" => t.field_specimen,
        "method" => t.field_method,
        "performer" => t.field_performer,
        "flag" => t.field_flag,
        "criticality" => t.field_criticality,
        "reactions" | "reaction" => t.reaction,
        "dose" => t.dose_number,
        "lot" => t.field_lot,
        "site" => t.field_site,
        "class" => t.field_class,
        "place" => t.field_place,
        "results" => t.field_results,
        "conclusion" => t.field_conclusion,
        "source" => t.field_source,
        other => return other.replace('_', " "),
    }
    .to_owned()
}

fn stated(r: &RecordView) -> AnyView {
    let t = use_texts();
    if r.parts.is_empty() && r.fields.is_empty() {
        return ().into_any();
    }
    let pair = |k: String, v: String| view! { <div><dt>{k}</dt><dd>{v}</dd></div> };
    let parts = r.parts.iter().map(|(k, v)| pair(k.clone(), v.clone())).collect_view();
    let stated = r.fields.iter().map(|f| pair(label(t, &f.label), f.text.clone())).collect_view();
    view! { <section class="Card"><h2>{t.stated}</h2><dl class="Facts">{parts}{stated}</dl></section> }
        .into_any()
}

/// Where the place of a source is shown: the document's page with the place in the query.
fn source_address(s: &SourceView) -> Option<String> {
    let id = s.document?;
    Some(match (s.bytes, s.line) {
        (Some((a, b)), _) => format!("/documents/{id}?bytes={a}-{b}#place"),
        (None, Some(line)) => format!("/documents/{id}?line={line}#place"),
        (None, None) => format!("/documents/{id}"),
    })
}

fn sources(r: &RecordView) -> AnyView {
    let t = use_texts();
    let line = |s: SourceView| match source_address(&s) {
        Some(href) => {
            view! { <li><A href=href>{s.name}</A> <span class="Fine">{s.place}</span></li> }.into_any()
        }
        None => view! { <li>{t.typed_in}</li> }.into_any(),
    };
    let list = r.sources.iter().cloned().map(line).collect_view();
    view! { <section class="Card"><h2>{t.sources}</h2><ul class="Plain">{list}</ul></section> }.into_any()
}

/// The short name of a code system.
fn system(uri: &str) -> &str {
    match uri {
        "http://loinc.org" => "LOINC",
        "http://snomed.info/sct" => "SNOMED CT",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        "http://hl7.org/fhir/sid/cvx" => "CVX",
        "http://hl7.org/fhir/sid/icd-10" | "http://hl7.org/fhir/sid/icd-10-cm" => "ICD-10",
        "http://fhir.de/CodeSystem/bfarm/icd-10-gm" => "ICD-10-GM",
        "http://www.whocc.no/atc" => "ATC",
        other => other,
    }
}

fn codes(r: &RecordView) -> AnyView {
    let t = use_texts();
    if r.codes.is_empty() {
        return ().into_any();
    }
    let list = r
        .codes
        .iter()
        .map(|(s, code, display)| {
            view! { <div><dt>{system(s).to_owned()}</dt><dd><code>{code.clone()}</code> " " {display.clone()}</dd></div> }
        })
        .collect_view();
    view! { <details class="Card"><summary><h2>{t.codes}</h2></summary><dl class="Facts">{list}</dl></details> }.into_any()
}

fn history(r: &RecordView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    if r.history.is_empty() {
        return ().into_any();
    }
    let list = r
        .history
        .iter()
        .map(
            |(at, what)| view! { <li><span class="Fine">{fmt::ts(lang, *at)}</span> " " {what.clone()}</li> },
        )
        .collect_view();
    view! { <section class="Card"><h2>{t.history}</h2><ul class="Plain">{list}</ul></section> }.into_any()
}
