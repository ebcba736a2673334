//! Beside the place of an injection: where the last ones went, and which place is next in turn.

use super::state::App;
use crate::{forms::Field, words};
use keepwell_journal::{
    derive,
    model::{Dose, EntityId, Medication, Value},
};
use leptos::prelude::*;

/// As many of the last places as are told.
const TOLD: usize = 3;

/// The drug that a form begins with.
pub fn drug_of(app: App, starts: &[(&'static Field, Option<Value>)]) -> String {
    let start = |name: &str| match starts.iter().find(|s| s.0.name == name) {
        Some((_, Some(Value::Text(text)))) => Some(text.clone()),
        _ => None,
    };
    let own = || app.name_of(EntityId::parse(&start("medication")?).ok()?);
    start("drug").or_else(own).unwrap_or_default()
}

/// The drug that is being typed; `None` where something else is.
pub fn typed_drug(event: &leptos::ev::Event) -> Option<String> {
    use wasm_bindgen::JsCast;
    let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    (input.name() == "f.drug").then(|| input.value())
}

/// The words; nothing where no dose had a place yet. The dose that is being corrected does not count.
pub fn hint(app: App, drug: RwSignal<String>, own: Option<EntityId>) -> AnyView {
    let t = words::entry::of(app.lang);
    let doses: Vec<Dose> =
        app.book(|b| b.all::<Dose>().filter(|(id, _)| Some(*id) != own).map(|(_, d)| d).collect());
    let drugs: Vec<Medication> = app.book(|b| b.all::<Medication>().map(|(_, m)| m).collect());
    let site = move |s: &str| words::code(app.lang, "site", s);
    let said = move || {
        let typed = drug.get().trim().to_lowercase();
        let is_it = |m: &&Medication| m.name.known().is_some_and(|n| n.to_lowercase() == typed);
        let turn = derive::turn(drugs.iter().find(is_it), &doses, TOLD);
        let last: Vec<String> = turn
            .last
            .iter()
            .map(|(at, s)| [site(s.as_str()), words::date_short(app.lang, at.date)].join(", "))
            .collect();
        let last = (!last.is_empty()).then(|| [t.last_places, ": ", &last.join("; "), "."].concat());
        let next = turn.next.map(|s| words::fill(t.next_place, &site(s.as_str())) + ".");
        (last.is_some() || next.is_some())
            .then(|| view! { <p class="Field-hint Sites">{last} " " {next}</p> })
    };
    said.into_any()
}
