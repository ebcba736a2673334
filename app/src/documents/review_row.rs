//! One row under review: what it would become, why it waits, and the person's word.

use super::review::printed;
use crate::{
    boot::{Failure, use_boot, use_lang, use_texts},
    error::ErrorCode,
    i18n::{Texts, fill, fmt},
    timeline::list::items,
    ui::{form::post_form_plain, state::sentence},
};
use keepwell_domain::view::{DoubtView, ReviewRowView, Sureness};
use leptos::prelude::*;

/// A row's card. `n` counts from 1 on the page.
pub fn row_card(r: &ReviewRowView, n: usize, here: &str, document: &str, page: u32) -> AnyView {
    let t = use_texts();
    let (class, sure) = match r.sureness {
        Sureness::Likely => ("Sure is-likely", t.review_sure_likely),
        Sureness::Unsure => ("Sure is-unsure", t.review_sure_unsure),
        Sureness::Incomplete => ("Sure is-incomplete", t.review_sure_incomplete),
    };
    let failed = use_boot()
        .failure
        .get_untracked()
        .filter(|f| f.form == "decide_row" && f.value("row").is_some_and(|id| id == r.id.to_string()));
    // Where two readings are offered, choosing one is enough.
    let is_choice = r.doubts.iter().all(|d| !d.choices.is_empty());
    let open = (r.sureness == Sureness::Incomplete && !is_choice) || failed.is_some();
    let head = format!("row-{n}-head");
    let labelled = head.clone();
    let reasons = r.doubts.iter().map(|d| view! { <li>{d.reason.clone()}</li> }).collect_view();
    let there = (!r.there.is_empty()).then(|| {
        view! { <div class="ReviewRow-there"><h4>{t.review_there}</h4>{items(r.there.clone())}</div> }
    });
    let test = r
        .test
        .as_ref()
        .filter(|x| **x != r.form.name)
        .map(|x| view! { <p class="Fine">{fill(t.review_test, x)}</p> });
    let body = view! {
        <input type="hidden" name="document" value=document.to_owned()/>
        <input type="hidden" name="row" value=r.id.to_string()/>
        <input type="hidden" name="page" value=page.to_string()/>
        <input type="hidden" name="at" value=n.to_string()/>
        {r.doubts.iter().filter(|d| !d.choices.is_empty()).map(|d| choices(t, d)).collect_view()}
        <details class="ReviewRow-edit" open=open>
            <summary>{t.edit}</summary>
            {fields(t, r, n, failed.as_ref())}
        </details>
        <div class="Actions">
            <button class="Button" type="submit" name="word" value="accept">{t.review_accept}</button>
            <button class="Button is-quiet" type="submit" name="word" value="leave_out" formnovalidate="formnovalidate">{t.review_leave}</button>
        </div>
    };
    view! {
        <li>
            <article class="Card ReviewRow" id=format!("row-{n}") data-n=n.to_string() tabindex="-1" aria-labelledby=labelled>
                <header class="ReviewRow-head">
                    <h3 id=head>{fill(t.review_line, &r.line.to_string())}</h3>
                    <span class=class>{sure}</span>
                </header>
                <p class="ReviewRow-printed"><span class="Fine">{t.review_printed} ": "</span>{printed(r)}</p>
                {reading(r)}
                {test}
                <ul class="ReviewRow-reasons">{reasons}</ul>
                {there}
                {failed.as_ref().map(reason)}
                {post_form_plain(here.to_owned(), "decide_row", "ReviewRow-form", body.into_any())}
            </article>
        </li>
    }
    .into_any()
}

/// The record that it would become; what is open is left out.
fn reading(r: &ReviewRowView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let f = &r.form;
    let date = if f.date.is_empty() { t.no_date.to_owned() } else { fmt::date(lang, &f.date) };
    let value = if f.value.is_empty() { "?".to_owned() } else { f.value.clone() };
    let range = match (f.low.as_str(), f.high.as_str()) {
        ("", "") => String::new(),
        (low, "") => format!("≥ {low}"),
        ("", high) => format!("≤ {high}"),
        (low, high) => format!("{low} – {high}"),
    };
    let range = (!range.is_empty()).then(|| view! { <span class="Fine">{t.range} " " {range}</span> });
    view! {
        <p class="ReviewRow-reading">
            <span class="ReviewRow-name">{f.name.clone()}</span>
            <span class="ReviewRow-value"><b>{value}</b> <small>{f.unit.clone()}</small></span>
            {range}
            <span class="Fine">{date} " " {f.time.clone()}</span>
        </p>
    }
    .into_any()
}

/// The readings of a doubt that has several.
fn choices(t: &'static Texts, d: &DoubtView) -> AnyView {
    let lang = use_lang();
    if d.field == "key" {
        let one = |(v, label): &(String, String)| {
            view! { <label class="Check"><input type="checkbox" name="key" value=v.clone()/> <span>{fill(t.review_is_test, label)}</span></label> }
        };
        return d.choices.iter().map(one).collect_view().into_any();
    }
    let name = format!("pick_{}", d.field);
    let one = |(v, label): &(String, String)| {
        let text = if d.field == "date" { fmt::date(lang, label) } else { label.clone() };
        view! { <label class="Check"><input type="radio" name=name.clone() value=v.clone()/> <span>{text}</span></label> }
    };
    let all = d.choices.iter().map(one).collect_view();
    view! { <fieldset class="ReviewRow-pick"><legend class="Hidden">{d.reason.clone()}</legend>{all}</fieldset> }.into_any()
}

fn fields(t: &'static Texts, r: &ReviewRowView, n: usize, failed: Option<&Failure>) -> AnyView {
    let f = &r.form;
    let list = [
        ("name", t.name, &f.name),
        ("value", t.value, &f.value),
        ("unit", t.unit, &f.unit),
        ("low", t.range_low, &f.low),
        ("high", t.range_high, &f.high),
        ("date", t.date, &f.date),
        ("time", t.time, &f.time),
    ];
    let one = |(name, label, value): (&'static str, &'static str, &String)| {
        let id = format!("row-{n}-{name}");
        let typed = failed.and_then(|x| x.value(name)).map_or_else(|| value.clone(), str::to_owned);
        let is_bad = failed.is_some_and(|x| x.error.field.as_deref() == Some(name));
        let placeholder = match name {
            "date" => Some("2024-03-05"),
            "time" => Some("08:30"),
            _ => None,
        };
        view! {
            <div class="Field">
                <label for=id.clone()>{label}</label>
                <input id=id name=name value=typed placeholder=placeholder autocomplete="off" aria-invalid=is_bad.then_some("true")/>
            </div>
        }
    };
    view! { <div class="ReviewRow-fields">{list.into_iter().map(one).collect_view()}</div> }.into_any()
}

fn reason(f: &Failure) -> AnyView {
    let text = match f.error.code {
        ErrorCode::Conflict => use_texts().error_conflict.to_owned(),
        _ => sentence(&f.error),
    };
    view! { <p class="Alert" role="alert">{text}</p> }.into_any()
}
