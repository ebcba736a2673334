//! The form for typing a record in, and for correcting one.

use super::api::marker_choices;
use crate::{
    boot::use_texts,
    i18n::Texts,
    ui::form::{Field, submit},
};
use keepwell_domain::view::RecordForm;
use leptos::prelude::*;

/// The kinds that can be typed in.
pub const KINDS: [&str; 7] =
    ["observation", "condition", "medication", "allergy", "immunization", "procedure", "note"];

/// The name of a kind in the singular.
#[must_use]
pub fn one_name(t: &Texts, kind: &str) -> &'static str {
    match kind {
        "condition" => t.one_condition,
        "medication" => t.one_medication,
        "allergy" => t.one_allergy,
        "immunization" => t.one_immunization,
        "procedure" => t.one_procedure,
        "note" => t.one_note,
        _ => t.one_observation,
    }
}

/// The fields that a kind has.
pub fn fields(form: &'static str, v: RecordForm) -> AnyView {
    let t = use_texts();
    let field = |name, label| Field::new(form, name, label);
    let date = |label| field("date", label).hint(t.date_hint).value(v.date.clone()).required().view();
    let note = field("note", t.note).kind("textarea").value(v.note.clone()).view();
    let own = match v.kind.as_str() {
        "condition" => view! {
            {field("name", t.name).value(v.name.clone()).required().view()}
            {date(t.since)}
            {field("end", t.until).value(v.end.clone()).hint(t.date_hint).view()}
            {status(form, &v.status, &[("active", t.active), ("resolved", t.resolved), ("inactive", t.inactive)])}
        }
        .into_any(),
        "medication" => view! {
            {field("name", t.name).value(v.name.clone()).required().view()}
            {field("detail", t.dosage).value(v.detail.clone()).view()}
            {date(t.since)}
            {field("end", t.until).value(v.end.clone()).hint(t.date_hint).view()}
            {status(form, &v.status, &[("active", t.active), ("completed", t.completed), ("stopped", t.stopped)])}
        }
        .into_any(),
        "allergy" => view! {
            {field("name", t.substance).value(v.name.clone()).required().view()}
            {field("detail", t.reaction).value(v.detail.clone()).view()}
            {date(t.since)}
            {status(form, &v.status, &[("active", t.active), ("inactive", t.inactive), ("resolved", t.resolved)])}
        }
        .into_any(),
        "immunization" => view! {
            {field("name", t.vaccine).value(v.name.clone()).required().view()}
            {field("detail", t.dose_number).value(v.detail.clone()).view()}
            {date(t.date)}
        }
        .into_any(),
        "procedure" => view! {
            {field("name", t.name).value(v.name.clone()).required().view()}
            {date(t.date)}
        }
        .into_any(),
        "note" => view! {
            {field("name", t.title).value(v.name.clone()).view()}
            {date(t.date)}
        }
        .into_any(),
        _ => observation(form, &v, date(t.date)),
    };
    view! {
        <input type="hidden" name="kind" value=v.kind.clone()/>
        {own}
        {note}
        {submit(t.save)}
    }
    .into_any()
}

fn status(form: &'static str, now: &str, choices: &[(&'static str, &'static str)]) -> AnyView {
    let t = use_texts();
    let id = format!("{form}-status");
    let known = choices.iter().any(|(v, _)| *v == now) || now.is_empty();
    let other =
        (!known).then(|| view! { <option value=now.to_owned() selected=true>{now.to_owned()}</option> });
    let options = choices
        .iter()
        .map(|(v, text)| view! { <option value=*v selected=*v == now>{*text}</option> })
        .collect_view();
    view! {
        <div class="Field"><label for=id.clone()>{t.status}</label><select id=id name="status">{other}{options}</select></div>
    }
    .into_any()
}

/// A value: the name is helped by the catalogue while typing, where there is script.
fn observation(form: &'static str, v: &RecordForm, date: AnyView) -> AnyView {
    let t = use_texts();
    let (choices, set_choices) = signal(Vec::<(String, String, String)>::new());
    let key = RwSignal::new(v.key.clone());
    let unit = RwSignal::new(String::new());
    let typed = move |ev: leptos::ev::Event| {
        let name = event_target_value(&ev);
        let hit = choices.with_untracked(|c| c.iter().find(|(_, n, _)| *n == name).cloned());
        key.set(hit.as_ref().map(|h| h.0.clone()).unwrap_or_default());
        if let Some((_, _, u)) = hit {
            unit.set(u);
        } else if name.chars().count() >= 2 {
            leptos::task::spawn_local(async move {
                if let Ok(found) = marker_choices(name).await {
                    set_choices.set(found);
                }
            });
        }
    };
    let list = move || {
        choices.get().into_iter().map(|(_, name, _)| view! { <option value=name></option> }).collect_view()
    };
    let hint = move || (!unit.get().is_empty()).then(|| format!("{} {}", t.usual_unit, unit.get()));
    view! {
        <div on:input=typed class="Contents">
            {Field::new(form, "name", t.marker_name).value(v.name.clone()).list("marker-choices").required().view()}
        </div>
        <datalist id="marker-choices">{list}</datalist>
        <input type="hidden" name="key" prop:value=move || key.get() value=v.key.clone()/>
        <div class="Pair">
            {Field::new(form, "value", t.value).value(v.value.clone()).mode("decimal").required().view()}
            {Field::new(form, "unit", t.unit).value(v.unit.clone()).view()}
        </div>
        <p class="Fine" aria-live="polite">{hint}</p>
        <div class="Pair">
            {Field::new(form, "low", t.range_low).value(v.low.clone()).mode("decimal").view()}
            {Field::new(form, "high", t.range_high).value(v.high.clone()).mode("decimal").view()}
        </div>
        <div class="Pair">
            {date}
            {Field::new(form, "time", t.time).kind("time").value(v.time.clone()).view()}
        </div>
    }
    .into_any()
}
