//! All cycles.

use super::{bits, state::App};
use crate::{
    route::{Part, Route},
    words,
};
use keepwell_journal::{
    derive,
    model::{Cycle, EntityId, Kind, Moment},
};
use leptos::prelude::*;

/// The list.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let all: Vec<(EntityId, Cycle)> = app.book(derive::cycles);
    let add = || bits::button_to(&Route::New(Kind::Cycle, Vec::new()), "Button", t.new_cycle);
    if all.is_empty() {
        return bits::page(t.cycles, "", bits::empty(t.no_cycles, vec![add()]));
    }
    let several = all.len() > 1;
    let one = |(id, cycle): (EntityId, Cycle)| {
        let title = app.name_of(id).unwrap_or_default();
        let word = |set: &str, code: Option<&str>| code.map(|c| words::code(app.lang, set, c));
        let facts: Vec<String> = [
            word("cycle_type", cycle.cycle_type.get().map(|c| c.as_str())),
            word("protocol", cycle.protocol.get().map(|c| c.as_str())),
            word("cycle_state", cycle.state.get().map(|c| c.as_str())),
        ]
        .into_iter()
        .flatten()
        .collect();
        view! {
            <li><a class="Line-link" href=Route::Cycle(id, Part::Whole).hash()>
                <span class="Line-title">{title}</span>
                <span class="Line-detail">{facts.join(" · ")}</span>
            </a></li>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = all.into_iter().map(one).collect();
    bits::page(
        t.cycles,
        "",
        view! {
            <div class="Actions">{add()} {several.then(|| bits::button_to(&Route::Compare, "Button is-quiet", t.compare))}</div>
            <ul class="Lines Card">{rows}</ul>
        }
        .into_any(),
    )
}

/// A moment in words, with the zone where it is another than here.
pub fn when(app: App, at: &Moment) -> String {
    let here = crate::browser::clock::here();
    words::moment(app.lang, at, here.as_ref().map(|z| z.as_str()))
}
