//! Results that wait until they are asked for, and findings on sex, which are not shown unless somebody wants them.

use super::{
    bits,
    control::{control, now_of},
    state::App,
};
use crate::{
    forms::{Field, shown},
    keep, words,
};
use keepwell_journal::{
    derive::EmbryoCard,
    model::{Embryo, EmbryoEvent, EntityId, FieldType, Kind, Name, Told, Value},
};
use leptos::prelude::*;

/// Whether an entry is a result that is held.
pub fn is_held(app: App, kind: Kind, id: EntityId) -> bool {
    now_of(app, kind, Some(id), "held") == Some(Value::Flag(true))
}

/// What stands in place of a result that is held.
pub fn shut(app: App, kind: Kind, id: EntityId) -> AnyView {
    let t = words::entry::of(app.lang);
    let fields = vec![(Name::of("held"), Value::Flag(false))];
    let show = move || app.act(keep::write(kind, id, fields.clone()), Some(t.shown), || {});
    bits::empty(t.held_about, vec![bits::button("Button", t.show, show)])
}

/// Whether findings on sex of an event's embryo are not wanted: unless the person wants all of them, or those of
/// this embryo.
pub fn is_unwanted(app: App, event: EntityId) -> bool {
    let embryo = app.book(|b| b.get::<EmbryoEvent>(event)).and_then(|e| e.embryo.get());
    let own = embryo.and_then(|id| app.book(|b| b.get::<Embryo>(id)));
    app.wishes().show_sex != Told::Known(true) && own.is_none_or(|e| e.show_sex != Told::Known(true))
}

/// Whether a field may say the sex: a finding in words often is the whole karyotype.
pub fn tells_sex(kind: Kind, field: &str) -> bool {
    kind == Kind::EmbryoEvent && matches!(field, "sex" | "pgt_detail")
}

/// Whether a control is hidden: where there is a finding that may say the sex, and it is not wanted. A new event
/// has none yet.
pub fn conceals(app: App, kind: Kind, event: Option<EntityId>, field: &str) -> bool {
    let Some(id) = event.filter(|_| tells_sex(kind, field)) else { return false };
    now_of(app, kind, Some(id), field).is_some_and(|v| !matches!(v, Value::Absent(_))) && is_unwanted(app, id)
}

/// In place of the control of a finding that is hidden. The form holds it all the same, so that saving changes
/// nothing of it.
pub fn concealed(
    app: App,
    field: &'static Field,
    start: Option<Value>,
    problem: Signal<Option<String>>,
) -> AnyView {
    let t = words::entry::of(app.lang);
    let (says, show) = match field.name {
        "sex" => (t.sex_hidden, t.show_sex),
        _ => (t.finding_hidden, t.show_finding),
    };
    let seen = RwSignal::new(false);
    let body = move || {
        if seen.get() {
            return control(app, Kind::EmbryoEvent, field, start.as_ref(), problem);
        }
        let raw = shown(field.input, start.as_ref());
        let name = ["f.", field.name].concat();
        view! {
            <div class="Field">
                <span class="Field-name">{words::field(app.lang, Kind::EmbryoEvent, field.name)}</span>
                <input type="hidden" name=name value=raw.text/>
                <p class="Fine">{says}</p>
                <div class="Actions">{bits::button("Button is-quiet", show, move || seen.set(true))}</div>
            </div>
        }
        .into_any()
    };
    body.into_any()
}

/// What of an embryo waits to be asked for.
pub fn of_embryo(app: App, card: &EmbryoCard) -> AnyView {
    let t = words::entry::of(app.lang);
    let held: Vec<EntityId> =
        card.events.iter().filter(|(_, e, _)| e.held == Told::Known(true)).map(|(id, ..)| *id).collect();
    let id = card.id;
    let show = move || {
        let one = |id: &EntityId| ((Kind::EmbryoEvent, *id), vec![(Name::of("held"), Value::Flag(false))]);
        app.act(keep::write_all(held.iter().map(one).collect()), Some(t.shown), || {});
    };
    let show_sex = move || app.write(Kind::Embryo, id, vec![("show_sex", true.to_value())], || {});
    let result = card.holds_result.then(|| bits::button("Button is-quiet", t.show, show));
    let sex = card.hides_sex.then(|| bits::button("Button is-quiet", t.show_sex, show_sex));
    let has_any = result.is_some() || sex.is_some();
    has_any.then(|| view! { <div class="Actions">{result} {sex}</div> }).into_any()
}
