//! The built-in list of drugs beside the form of a medication: picking one fills in the form.

use super::state::App;
use crate::{
    browser::window,
    forms::{form, shown},
    words,
};
use keepwell_journal::{
    formulary::{self, ENTRIES, Entry, folded},
    model::{EntityId, Kind, Medication, Value, View},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// As many lines as are offered at once.
const SHOWN: usize = 12;
/// The name of the control that remembers which entry was picked.
const CODE: &str = "s.catalogue";

/// A drug of the list in one strength.
type Pick = (&'static Entry, &'static str, Option<&'static str>);

/// What fits the letters: the brand that has them, else the entry's first, in each strength.
fn picks(text: &str) -> Vec<Pick> {
    let wanted = text.trim().to_lowercase();
    let of = |e: &'static Entry| {
        let fits = |b: &&&'static str| b.to_lowercase().contains(&wanted);
        let brand = e.brands.iter().find(fits).or(e.brands.first()).copied().unwrap_or(e.substance);
        let none = e.strengths.is_empty().then_some((e, brand, None));
        e.strengths.iter().map(move |s| (e, brand, Some(*s))).chain(none).collect::<Vec<_>>()
    };
    formulary::search(text).into_iter().flat_map(of).take(SHOWN).collect()
}

/// The control of a name in the form that is shown.
pub fn control(name: &str) -> Option<web_sys::Element> {
    let selector = ["[name=\"", name, "\"]"].concat();
    window()?.document()?.query_selector(&selector).ok()?
}

/// Sets a control of the form, whatever it is.
pub fn set(name: &str, value: &str) {
    let Some(control) = control(name) else { return };
    if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    }
}

/// What a control of the form holds.
fn held(name: &str) -> Option<String> {
    let control = control(name)?;
    let select = control.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    let text = select.or_else(|| control.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value))?;
    Some(text.trim().to_owned())
}

/// A drug of that very name: the person's own, else of the built-in list.
pub fn known(app: App, name: &str) -> Option<(Option<EntityId>, Medication)> {
    let wanted = folded(name);
    let is_it = |n: &str| folded(n) == wanted;
    let own = app.book(|b| b.all::<Medication>().find(|(_, m)| m.name.known().is_some_and(|n| is_it(n))));
    if let Some((id, medication)) = own {
        return Some((Some(id), medication));
    }
    let entry = ENTRIES.iter().find(|e| e.brands.iter().any(|b| is_it(b)))?;
    Some((None, entry.medication(name, entry.strengths.first().copied())))
}

/// What a known drug brings into the form of a dose or of the plan, by control.
fn brings(found: Option<(Option<EntityId>, Medication)>) -> [(&'static str, Option<String>); 3] {
    let (id, medication) = found.unwrap_or_default();
    [
        ("f.medication", id.map(|id| id.to_string())),
        ("f.route", medication.route.get().map(|r| r.as_str().to_owned())),
        ("f.purpose", medication.purpose.get().map(|p| p.as_str().to_owned())),
    ]
}

/// While a drug is named in the form of a dose or of the plan: its unit, where no amount was typed yet, how it is
/// taken and what for. On the way to a longer name shorter ones are passed: what one of them brought goes with it,
/// and what the person chose stays.
pub fn follow(app: App, before: &str, drug: &str) {
    let (old, new) = (known(app, before), known(app, drug));
    let unit = |found: &Option<(Option<EntityId>, Medication)>| {
        found.as_ref().and_then(|(_, m)| m.strength.known().map(|s| words::unit(app.lang, &s.unit)))
    };
    let (old_unit, new_unit) = (unit(&old), unit(&new));
    if held("f.amount").is_some_and(|amount| amount.is_empty()) {
        if let Some(unit) = new_unit {
            set("f.amount.x", &unit);
        } else if old_unit.is_some() && held("f.amount.x") == old_unit {
            reset("f.amount.x");
        }
    }
    for ((name, brought), (_, brings)) in brings(old).into_iter().zip(brings(new)) {
        let now = held(name).unwrap_or_default();
        if now.is_empty() || Some(now) == brought {
            set(name, &brings.unwrap_or_default());
        }
    }
}

/// Back to what the form began with.
fn reset(name: &str) {
    if let Some(input) = control(name).and_then(|c| c.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value(&input.default_value());
    }
}

/// Fills in what the list knows; what else was typed stays.
fn fill((entry, brand, strength): Pick) {
    let fields = form(Kind::Medication).map_or(&[][..], |f| f.fields);
    for (name, value) in entry.medication(brand, strength).fields() {
        let Some(field) = fields.iter().find(|f| f.name == name) else { continue };
        if matches!(value, Value::Absent(_)) {
            continue;
        }
        let raw = shown(field.input, Some(&value));
        let name = ["f.", name].concat();
        set(&name, &raw.text);
        set(&[&name, ".x"].concat(), &raw.extra);
    }
    set(CODE, entry.id);
}

/// The code of the entry that was picked, as a field of the medication.
pub fn chosen(data: &web_sys::FormData) -> Option<(&'static str, Value)> {
    let code = data.get(CODE).as_string()?;
    Entry::find(&code).map(|e| ("catalogue", Value::text(e.id)))
}

/// The search field with what it finds.
pub fn picker(app: App) -> AnyView {
    let t = words::entry::of(app.lang);
    let (text, said) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let typed = move |event| {
        said.set(String::new());
        text.set(event_target_value(&event));
    };
    let rows = move || {
        let picks = text.with(|t| picks(t));
        picks.into_iter().map(|p| line(app, p, text, said)).collect::<Vec<_>>()
    };
    let none = move || text.with(|t| !t.trim().is_empty() && picks(t).is_empty()).then_some(t.not_listed);
    view! {
        <div class="Field Picker">
            <label for="look-up">{t.look_up}</label>
            <input type="search" id="look-up" autocomplete="off" prop:value=move || text.get() on:input=typed aria-describedby="look-up-hint"/>
            <span class="Field-hint" id="look-up-hint">{t.look_up_hint}</span>
            <input type="hidden" name=CODE/>
            <ul class="Picks">{rows}</ul>
            <p role="status" class="Fine">{none} {move || said.get()}</p>
        </div>
    }
    .into_any()
}

fn line(app: App, pick: Pick, text: RwSignal<String>, said: RwSignal<String>) -> AnyView {
    let t = words::entry::of(app.lang);
    let (entry, brand, strength) = pick;
    let form = words::code(app.lang, "form", entry.form.as_str());
    let named = [brand, strength.unwrap_or_default()].join(" ");
    let detail = [entry.substance, &form].join(" · ");
    let take = {
        let named = named.trim().to_owned();
        move |_| {
            fill(pick);
            text.set(String::new());
            let mut words = words::fill(t.filled, &named);
            if entry.packs.len() > 1 {
                let packs: Vec<String> = entry.packs.iter().map(ToString::to_string).collect();
                words.push(' ');
                words.push_str(&words::fill(t.packs, &packs.join(", ")));
            }
            said.set(words);
        }
    };
    view! { <li><button type="button" class="Pick" on:click=take><strong>{named}</strong><span>{detail}</span></button></li> }.into_any()
}
