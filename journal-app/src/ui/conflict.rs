//! Where two devices wrote the same field, neither knowing of the other: both values, and a choice.

use super::{
    bits,
    held::{is_unwanted, tells_sex},
    state::App,
};
use crate::{
    forms::{Field, form},
    keep,
    line::value,
    route::Route,
    words,
};
use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::Entity,
    model::{Absence, EntityId, Fields, Kind, Name, Value},
};
use leptos::prelude::*;

/// As many entries as are listed at once; the others follow.
const WAITING: usize = 8;

/// A field with what it holds and what else was written, newest first.
type Conflict = (&'static Field, Value, Vec<(Value, Ts)>);

fn found(app: App, kind: Kind, id: EntityId) -> Vec<Conflict> {
    let fields = form(kind).map_or(&[][..], |f| f.fields);
    let hides = |field: &str| tells_sex(kind, field) && is_unwanted(app, id);
    let fields: Vec<&'static Field> = fields.iter().filter(|f| !hides(f.name)).collect();
    app.book(|b| {
        let Some(entity) = b.entity(kind, id) else { return Vec::new() };
        let of = |field: &'static Field| {
            let mut others: Vec<(Value, Ts)> = Vec::new();
            for version in entity.conflicts(field.name).into_iter().rev() {
                let at = Ts(i64::try_from(version.stamp.hlc.millis()).unwrap_or(0) * 1000);
                if others.iter().all(|o| o.0 != version.value) {
                    others.push((version.value.clone(), at));
                }
            }
            let now = entity.field(field.name).cloned()?;
            (!others.is_empty()).then_some((field, now, others))
        };
        fields.into_iter().filter_map(of).collect()
    })
}

/// The entries that wait for a choice, as lines; nothing where there are none.
pub fn waiting(app: App) -> AnyView {
    let t = words::entry::of(app.lang);
    let shown = |kind: Kind, name: &str| {
        form(kind).is_some_and(|f| f.fields.iter().any(|f| f.name == name)) && !tells_sex(kind, name)
    };
    let all: Vec<(Kind, EntityId)> = app.book(|b| {
        let of = |e: &Entity| {
            let kind = Kind::parse(e.kind().as_str()).filter(|_| e.is_live())?;
            e.conflicted().any(|n| shown(kind, n.as_str())).then_some((kind, e.id()))
        };
        b.entities().filter_map(of).take(WAITING).collect()
    });
    if all.is_empty() {
        return ().into_any();
    }
    let line = |(kind, id): &(Kind, EntityId)| (Route::Edit(*kind, *id), bits::line_of(app, *kind, *id));
    let rows = all.iter().map(line).collect();
    bits::card(t.both, view! { <p>{t.both_list}</p> {bits::lines_to(rows)} }.into_any())
}

/// The card; nothing where there is nothing to choose.
pub fn card(app: App, kind: Kind, id: EntityId) -> AnyView {
    let t = words::entry::of(app.lang);
    let all = found(app, kind, id);
    if all.is_empty() {
        return ().into_any();
    }
    let rows: Vec<AnyView> = all.into_iter().map(|c| row(app, kind, id, c)).collect();
    bits::card(t.both, view! { <p>{t.both_about}</p> <ul class="Conflicts">{rows}</ul> }.into_any())
}

fn row(app: App, kind: Kind, id: EntityId, (field, now, others): Conflict) -> AnyView {
    let t = words::entry::of(app.lang);
    let label = words::field(app.lang, kind, field.name);
    let said = |v: &Value| match v {
        Value::Absent(Absence::Unknown) => t.nothing.to_owned(),
        v => value(&app.reader(), field.input, v, &|id| app.name_of(id)),
    };
    let act = |class: &'static str, text: &'static str, named: &'static str, v: Value| {
        let settle = move |_| {
            app.act(keep::settle(kind, id, Name::of(field.name), v.clone()), Some(app.t.saved), || {});
        };
        let named = words::fill(named, &label);
        view! { <button type="button" class=class aria-label=named on:click=settle>{text}</button> }
            .into_any()
    };
    let version = |when: String, v: &Value, button: AnyView| {
        view! { <div class="Version"><small>{when}</small><p>{said(v)}</p>{button}</div> }.into_any()
    };
    let keep = act("Button is-quiet", t.keep, t.keep_named, now.clone());
    let here = version(t.now.to_owned(), &now, keep);
    let other = |(v, at): &(Value, Ts)| {
        let when = words::fill(t.other, &words::date(app.lang, at.date()));
        version(when, v, act("Button is-quiet", t.take, t.take_named, v.clone()))
    };
    let others: Vec<AnyView> = others.iter().map(other).collect();
    view! { <li><h3>{label.clone()}</h3><div class="Versions">{here} {others}</div></li> }.into_any()
}
