//! One entity: its form, its history, its end.

use super::{
    bits, conflict,
    control::{choices, control, data, held, now_of},
    formulary,
    held::{concealed, conceals, is_held, is_unwanted, shut, tells_sex},
    sites,
    state::App,
    typed, zone,
};
use crate::{
    browser::clock::{self, Zones},
    forms::{Field, Input, Place, Problem, about, form, is_changed, place, read, unless_said},
    keep,
    line::value,
    route::{Part, Route},
    words,
};
use keepwell_journal::model::{Absence, EntityId, FieldType, Kind, Moment, PlanWhen, TextType, Value};
use leptos::prelude::*;
use std::collections::HashMap;

/// Something new. Values of the address stand in the form; those that it does not show are kept too.
pub fn new(app: App, kind: Kind, values: Vec<(String, String)>) -> AnyView {
    let title = words::kind(app.lang, kind);
    bits::page(title, "", fields(app, kind, None, values))
}

/// Something that is there.
pub fn edit(app: App, kind: Kind, id: EntityId) -> AnyView {
    let exists = app.book(|b| b.entity(kind, id).map(|e| e.is_live()));
    let title = words::kind(app.lang, kind);
    match exists {
        None => bits::page(
            title,
            "",
            bits::empty(app.t.not_there, vec![bits::link_to(&Route::Today, app.t.today)]),
        ),
        Some(false) => bits::page(title, app.t.deleted, deleted(app, kind, id)),
        Some(true) if is_held(app, kind, id) => {
            let line = bits::line_of(app, kind, id);
            let body = view! { {shut(app, kind, id)} {end(app, kind, id)} };
            bits::page(title, [line.title, line.when].join(" · "), body.into_any())
        }
        Some(true) => bits::page(
            title,
            bits::line_of(app, kind, id).title,
            view! { {conflict::card(app, kind, id)} {fields(app, kind, Some(id), Vec::new())} {beside(app, kind, id)} {history(app, kind, id)} {end(app, kind, id)} }
                .into_any(),
        ),
    }
}

/// What follows from an entry, beside its form.
fn beside(app: App, kind: Kind, id: EntityId) -> Option<AnyView> {
    match kind {
        Kind::Scan => super::figure::of_scan(app, id),
        _ => None,
    }
}

/// Something that was deleted: back, or gone for good.
pub fn deleted(app: App, kind: Kind, id: EntityId) -> AnyView {
    let back = move || app.act(keep::restore(kind, id), Some(app.t.brought_back), || {});
    let gone = move || {
        let leave = app.then_go(Route::List(kind));
        app.act(keep::erase(kind, id), Some(app.t.erased), move || {
            if kind != Kind::Day {
                leave();
            }
        })
    };
    // Nothing brings it back after that: it is asked once more, in its own words.
    let w = words::lists::of(app.lang);
    let sure = RwSignal::new(false);
    let ask = move || {
        if sure.get() {
            view! {
                <p role="alert">{w.erase_about}</p>
                {bits::button("Button is-danger", w.erase_sure, gone)}
                {bits::button("Button is-quiet", w.erase_not, move || sure.set(false))}
            }
            .into_any()
        } else {
            bits::button("Button is-quiet is-danger", app.t.erase, move || sure.set(true))
        }
    };
    let acts = vec![bits::button("Button", app.t.bring_it_back, back), ask.into_any()];
    bits::empty(app.t.deleted_about, acts)
}

/// What a form begins with where the address says nothing: now, for what happens now.
fn preset(kind: Kind, name: &str) -> Option<Value> {
    let now = matches!(
        kind,
        Kind::Dose
            | Kind::Scan
            | Kind::Trigger
            | Kind::HomeTest
            | Kind::Mood
            | Kind::Note
            | Kind::EarlyScan
            | Kind::Stock
    );
    match (kind, name) {
        (_, "at") if now => Some(clock::moment().to_value()),
        // Blood is drawn some hours before its result is typed: the time of typing would be a wrong one.
        (Kind::Retrieval | Kind::Transfer | Kind::EmbryoEvent | Kind::Hormone | Kind::Beta, "at") => {
            Some(Value::text(clock::today().to_string()))
        }
        (Kind::Cost | Kind::Outcome, "on") => Some(clock::today().to_value()),
        (Kind::Dose, "state") => Some(Value::text("given")),
        (Kind::Visit, "state") => Some(Value::text("planned")),
        (Kind::Cycle, "state") => Some(Value::text("running")),
        (Kind::Note, "kind") => Some(Value::text("note")),
        _ => None,
    }
}

/// A value of the address.
fn given(field: &Field, values: &[(String, String)]) -> Option<Value> {
    let text = values.iter().find(|(k, _)| k == field.name).map(|(_, v)| v)?;
    Some(match field.input {
        Input::Int => Value::Int(text.parse().ok()?),
        Input::Flag => Value::Flag(text == "yes"),
        Input::CodeList(_) | Input::RefList(_) | Input::Words | Input::Coded(_) | Input::Symptoms => {
            Value::List(vec![text.clone()])
        }
        _ => Value::text(text.clone()),
    })
}

/// The sheet of a day, whose id is known before there is an entry.
pub fn day_sheet(app: App, id: EntityId, values: Vec<(String, String)>) -> AnyView {
    fields(app, Kind::Day, Some(id), values)
}

/// The form of an entity. Reused by the day and by the preferences, whose ids are known.
pub fn fields(app: App, kind: Kind, id: Option<EntityId>, values: Vec<(String, String)>) -> AnyView {
    let Some(form) = form(kind) else { return bits::empty(app.t.not_there, Vec::new()) };
    let problems = RwSignal::new(HashMap::<&'static str, String>::new());
    let is_new = id.is_none();
    let hold = app.wishes().hold_results.get() == Some(true) && is_new;
    let starts: Vec<(&'static Field, Option<Value>)> = form
        .fields
        .iter()
        .map(|f| {
            let now = now_of(app, kind, id, f.name);
            let held = (hold && f.name == "held").then_some(Value::Flag(true));
            let start = now.or_else(|| {
                let scheme = || typed::first_scheme(app, kind, f.name, &values);
                is_new
                    .then(|| given(f, &values).or(held).or_else(scheme).or_else(|| preset(kind, f.name)))
                    .flatten()
            });
            (f, start)
        })
        .collect();
    let drug = RwSignal::new(sites::drug_of(app, &starts));
    let first = first_moment(&starts);
    let wrong_zone = RwSignal::new(None::<&'static str>);
    let has_times = form.fields.iter().any(|f| matches!(f.input, Input::Moment | Input::When));
    let zone = has_times.then(|| zone::control(app, first.as_ref(), wrong_zone.into()));
    let graded = typed::graded(&starts);
    let new_of = typed::embryo_of(&values).filter(|_| is_new);
    let what = match starts.iter().find(|s| s.0.name == "what") {
        Some((_, Some(Value::Text(what)))) => what.clone(),
        _ => String::new(),
    };
    let one = |(f, start): &(&'static Field, Option<Value>)| {
        let name = f.name;
        let problem = Signal::derive(move || problems.with(|p| p.get(name).cloned()));
        let anyway = (start.is_none() && unless_said(kind, name, &what)).then_some(Value::Flag(true));
        let main = || control(app, kind, f, start.as_ref().or(anyway.as_ref()), problem);
        match (kind, name) {
            _ if conceals(app, kind, id, name) => concealed(app, f, start.clone(), problem),
            (Kind::EmbryoEvent, "grade") => {
                view! { <div class="Field">{main()} {typed::grade_hint(app, graded)}</div> }.into_any()
            }
            (Kind::Dose, "site") => view! { {main()} {sites::hint(app, drug, id)} }.into_any(),
            _ => main(),
        }
    };
    // What holds something is shown at once, but for what a new entry merely begins with.
    let about = about(kind, &what);
    let is_folded = |s: &&(&'static Field, Option<Value>)| {
        s.0.more && (s.1.is_none() || is_new) && !about.contains(&s.0.name)
    };
    let mut ahead: Vec<_> = starts.iter().filter(|s| !is_folded(s)).collect();
    keepwell_journal::order::sort_by_key(&mut ahead, |s| place(s.0.name, about));
    let shown: Vec<AnyView> = ahead.into_iter().map(one).collect();
    let folded: Vec<AnyView> = starts.iter().filter(is_folded).map(one).collect();
    // Values that the form does not show: what an entry belongs to.
    let silent: Vec<(&'static str, Value)> = values
        .iter()
        .filter(|(k, _)| !form.fields.iter().any(|f| f.name == k))
        .filter_map(|(k, v)| Some((*SILENT.iter().find(|s| *s == k)?, Value::text(v.clone()))))
        .collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(data) = data(&event) else { return };
        let place = match zone::place(&data, first.as_ref()) {
            Ok(place) => place,
            Err(problem) => return wrong_zone.set(Some(typed::reason(app, problem))),
        };
        let half = typed::half_typed(&event);
        match gather(app, kind, id, &starts, &data, &place, &half) {
            Ok(mut out) => {
                problems.set(HashMap::new());
                wrong_zone.set(None);
                if out.is_empty() {
                    app.said.set(Some(app.t.saved.to_owned()));
                    return;
                }
                let Some(target) = id.or_else(keep::new_id) else { return };
                out.extend(silent.clone());
                out.extend(formulary::chosen(&data));
                let leave = app.then_back(back_to(app, kind, &out));
                app.write(kind, target, out, move || {
                    if !matches!(kind, Kind::Day | Kind::Preferences) {
                        leave();
                    }
                });
            }
            Err(found) => {
                let twice = typed::reason(app, Problem::Twice);
                wrong_zone.set(found.values().any(|why| why == twice).then_some(twice));
                problems.set(found);
                focus_first(form.fields, &problems.get_untracked());
            }
        }
    };
    let more = (!folded.is_empty()).then(|| view! { <details class="More"><summary>{app.t.more_fields}</summary><div class="Form">{folded}</div></details> });
    let typed = move |event: leptos::ev::Event| {
        typed::follow(app, (kind, id), &event);
        typed::follow_grade(app, new_of, graded, &event);
        if let Some(name) = sites::typed_drug(&event) {
            formulary::follow(app, &drug.get_untracked(), &name);
            drug.set(name);
        }
    };
    view! {
        <form class="Form Card is-form" on:submit=submit on:input=typed novalidate=true>
            {(kind == Kind::Medication).then(|| formulary::picker(app))}
            {shown}
            {more}
            {zone}
            <div class="Actions"><button type="submit" class="Button">{app.t.save}</button></div>
        </form>
    }
    .into_any()
}

/// The first time that stands in a form.
fn first_moment(starts: &[(&'static Field, Option<Value>)]) -> Option<Moment> {
    starts.iter().find_map(|(field, start)| match (field.input, start) {
        (Input::Moment, Some(Value::Text(text))) => Moment::from_text(text),
        (Input::When, Some(Value::Text(text))) => match PlanWhen::from_text(text) {
            Some(PlanWhen::Absolute(at)) => Some(at),
            _ => None,
        },
        _ => None,
    })
}

/// Fields that an address may give although no form shows them.
const SILENT: &[&str] = &[
    "cycle",
    "person",
    "embryo",
    "retrieval",
    "plan_item",
    "planned_for",
    "transfer",
    "storage",
    "medication",
    "date",
    "dose",
];

fn gather(
    app: App,
    kind: Kind,
    id: Option<EntityId>,
    starts: &[(&'static Field, Option<Value>)],
    data: &web_sys::FormData,
    place: &Place,
    half: &[String],
) -> Result<Vec<(&'static str, Value)>, HashMap<&'static str, String>> {
    let (mut out, mut problems) = (Vec::new(), HashMap::new());
    for (field, start) in starts {
        let mut raw = held(app.lang, data, kind, field, start.as_ref());
        if let (Input::RefList(of), Some(Value::List(before))) = (field.input, start) {
            raw.ticked.extend(not_offered(app, of, before));
        }
        let is_half = half.iter().any(|name| name == field.name);
        match if is_half { Err(Problem::Date) } else { read(field, &raw, start.as_ref(), place, &Zones) } {
            // What nobody touched stays as it is by now: another device may have written it meanwhile.
            Ok(value) if id.is_some() && !is_changed(field, value.as_ref(), start.as_ref()) => {}
            Ok(value) => {
                let now = now_of(app, kind, id, field.name);
                match value {
                    Some(v) if now.as_ref() != Some(&v) => out.push((field.name, v)),
                    // What was emptied is unknown from now on.
                    None if now.as_ref().is_some_and(|n| !matches!(n, Value::Absent(_))) => {
                        out.push((field.name, Value::Absent(Absence::Unknown)));
                    }
                    None if matches!(now, Some(Value::Absent(Absence::NotTold | Absence::NotDone))) => {
                        out.push((field.name, Value::Absent(Absence::Unknown)));
                    }
                    _ => {}
                }
            }
            Err(problem) => {
                problems.insert(field.name, typed::reason(app, problem).to_owned());
            }
        }
    }
    problems.extend(typed::unfit_unit(app, kind, &out, &|name| now_of(app, kind, id, name)));
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Those of a list that no box stands for, since they are deleted now: they may be brought back.
fn not_offered(app: App, of: Kind, before: &[String]) -> Vec<String> {
    let offered = choices(app, of);
    before.iter().filter(|id| offered.iter().all(|(known, _)| known != *id)).cloned().collect()
}

fn focus_first(fields: &[Field], problems: &HashMap<&'static str, String>) {
    use wasm_bindgen::JsCast;
    let Some(field) = fields.iter().find(|f| problems.contains_key(f.name)) else { return };
    let document = crate::browser::window().and_then(|w| w.document());
    let control = document.and_then(|d| d.get_element_by_id(&format!("f-{}", field.name)));
    if let Some(control) = control.and_then(|c| c.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = control.focus();
    }
}

/// Where one goes after saving, when one did not come from anywhere.
fn back_to(app: App, kind: Kind, out: &[(&'static str, Value)]) -> Route {
    let _ = app;
    let id = |name: &str| match out.iter().find(|(n, _)| *n == name) {
        Some((_, Value::Text(t))) => EntityId::from_text(t),
        _ => None,
    };
    match (kind, id("cycle"), id("embryo")) {
        (_, _, Some(embryo)) => Route::Embryo(embryo),
        (_, Some(cycle), _) => Route::Cycle(cycle, Part::Whole),
        (Kind::Cycle, ..) => Route::Cycles,
        (Kind::Preferences, ..) => Route::Settings,
        _ => Route::List(kind),
    }
}

/// What stood in the fields before, and what two devices wrote at the same time.
fn history(app: App, kind: Kind, id: EntityId) -> AnyView {
    let fields = form(kind).map_or(&[][..], |f| f.fields);
    let rows: Vec<Vec<String>> = app.book(|b| {
        let Some(entity) = b.entity(kind, id) else { return Vec::new() };
        let (name_of, reader) = (|id| app.name_of(id), app.reader());
        let of = |f: &Field| {
            let versions = entity.history(f.name);
            let older = versions.split_last().map_or(&[][..], |(_, older)| older);
            let conflicts = entity.conflicts(f.name);
            older
                .iter()
                .rev()
                .map(|v| {
                    let at =
                        keepwell_domain::time::Ts(i64::try_from(v.stamp.hlc.millis()).unwrap_or(0) * 1000);
                    let both = if conflicts.iter().any(|c| c.stamp == v.stamp) {
                        app.t.at_the_same_time
                    } else {
                        ""
                    };
                    vec![
                        words::field(app.lang, kind, f.name),
                        value(&reader, f.input, &v.value, &name_of),
                        words::date(app.lang, at.date()),
                        both.to_owned(),
                    ]
                })
                .collect::<Vec<_>>()
        };
        let is_shown = |f: &&Field| !(tells_sex(kind, f.name) && is_unwanted(app, id));
        fields.iter().filter(is_shown).flat_map(of).collect()
    });
    if rows.is_empty() {
        return ().into_any();
    }
    let head = vec![
        app.t.field.to_owned(),
        app.t.was.to_owned(),
        app.t.entered_on.to_owned(),
        app.t.remark.to_owned(),
    ];
    view! { <details class="Card"><summary><h2>{app.t.history}</h2></summary>{bits::table(app.t.history, head, rows)}</details> }.into_any()
}

/// Deletes it.
pub fn end(app: App, kind: Kind, id: EntityId) -> AnyView {
    let gone = move || app.act(keep::delete(kind, id), Some(app.t.deleted), || {});
    view! { <div class="Actions is-end">{bits::button("Button is-quiet is-danger", app.t.delete, gone)}</div> }.into_any()
}
