//! One page for the clinic, to print or to show.

use super::{bits, cycles::when, figure, state::App};
use crate::{
    browser::window,
    route::{Part, Route},
    words,
};
use keepwell_journal::{
    derive,
    model::{EntityId, Kind, Person, Told, diary::NoteKind},
};
use leptos::prelude::*;

/// The sheet.
pub fn page(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let Some(r) = app.book(|b| derive::record(b, id)) else {
        return bits::page(t.sheet, "", bits::empty(t.not_there, Vec::new()));
    };
    let word = |set: &str, c: Option<&str>| c.map(|c| words::code(app.lang, set, c));
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut fact =
        |k: &str, v: Option<String>| pairs.extend(v.filter(|v| !v.is_empty()).map(|v| (k.to_owned(), v)));
    let person = r.cycle.person.get().and_then(|p| app.book(|b| b.get::<Person>(p)));
    fact(words::kind(app.lang, Kind::Person), person.as_ref().and_then(|p| p.name.known().cloned()));
    fact(t.allergies, person.and_then(|p| p.allergies.into_known()).map(|a| a.join(", ")));
    fact(words::kind(app.lang, Kind::Clinic), r.cycle.clinic.get().and_then(|c| app.name_of(c)));
    fact(t.kind_of_cycle, word("cycle_type", r.cycle.cycle_type.get().map(|c| c.as_str())));
    fact(t.protocol, word("protocol", r.cycle.protocol.get().map(|c| c.as_str())));
    let role = word("role", r.cycle.donor_role.get().map(|c| c.as_str()));
    fact(&words::field(app.lang, Kind::Cycle, "donor_role"), role);
    for (key, fixed) in r.dates.iter() {
        fact(
            &words::code(app.lang, "key_date", key.as_str()),
            Some(words::as_certain(t, when(app, &fixed.at), fixed.certainty)),
        );
    }
    let totals = derive::figures(&r).drugs;
    let drugs = totals.iter().map(|d| {
        let purpose = word("purpose", d.purpose.map(|p| p.as_str())).unwrap_or_default();
        vec![
            d.drug.clone(),
            purpose,
            format!("{} {}", words::number(app.lang, d.total, 1), words::unit(app.lang, &d.unit)),
            d.days.to_string(),
        ]
    });
    let head = vec![t.drug.to_owned(), t.purpose.to_owned(), t.in_sum.to_owned(), t.days.to_owned()];
    let drugs = (!totals.is_empty())
        .then(|| bits::card(t.drugs_in_sum, bits::table(t.drugs_in_sum, head, drugs.collect())));
    let lab: Vec<Vec<String>> = derive::funnel(&r)
        .into_iter()
        .filter_map(|s| {
            Some(vec![words::code(app.lang, "funnel", s.step.as_str()), s.count.get()?.to_string()])
        })
        .collect();
    let lab = (!lab.is_empty()).then(|| {
        bits::card(
            t.laboratory,
            bits::table(t.laboratory, vec![t.figures.to_owned(), t.how_many.to_owned()], lab),
        )
    });
    let questions: Vec<AnyView> = app.book(|b| {
        let open = b.all::<keepwell_journal::model::Note>();
        let open =
            open.filter(|(_, n)| n.kind == Told::Known(NoteKind::Question) && n.done != Told::Known(true));
        open.filter_map(|(_, n)| n.text.into_known())
            .map(|text| view! { <li>{text}</li> }.into_any())
            .collect()
    });
    let questions = (!questions.is_empty())
        .then(|| bits::card(t.open_questions, view! { <ul class="Bullets">{questions}</ul> }.into_any()));
    let print = move || {
        if let Some(window) = window() {
            let _ = window.print();
        }
    };
    let body = view! {
        <div class="Actions">{bits::button("Button", t.print, print)} {bits::link_to(&Route::Cycle(id, Part::Whole), t.cycle)}</div>
        {bits::card(t.overview, bits::facts(pairs))}
        {figure::stimulation(app, &r)}
        {drugs}
        {lab}
        {questions}
    };
    bits::page(t.sheet, app.name_of(id).unwrap_or_default(), body.into_any())
}
