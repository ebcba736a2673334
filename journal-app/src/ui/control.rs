//! The controls of one field, and what they hold when the form is sent.

use super::state::App;
use crate::{
    forms::{Field, Input, Raw, box_says, shown, unless_said},
    words::{self, Lang},
};
use keepwell_journal::{
    formulary::ENTRIES,
    model::{Dose, EntityId, Fields, Kind, Medication, PlanItem, Value, diary::Symptom, journey::KeyDate},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A choice: what is kept, what is shown.
type Choice = (String, String);

/// A select with an empty first choice.
fn select(id: &str, name: &str, choices: Vec<Choice>, now: &str, described: String) -> AnyView {
    let known = now.is_empty() || choices.iter().any(|c| c.0 == now);
    // What a newer version wrote stays what it is.
    let extra = (!known).then(|| (now.to_owned(), now.replace('_', " ")));
    let options = std::iter::once((String::new(), "–".to_owned()))
        .chain(choices)
        .chain(extra)
        .map(|(value, text)| {
            let selected = value == now;
            view! { <option value=value selected=selected>{text}</option> }.into_any()
        })
        .collect::<Vec<_>>();
    view! { <select id=id.to_owned() name=name.to_owned() aria-describedby=described>{options}</select> }
        .into_any()
}

fn input(
    id: String,
    name: String,
    kind: &'static str,
    mode: &'static str,
    value: String,
    list: Option<String>,
    described: String,
) -> AnyView {
    view! { <input id=id name=name type=kind inputmode=mode value=value list=list aria-describedby=described autocomplete="off"/> }.into_any()
}

/// Boxes to tick.
fn ticks(name: &str, legend: String, choices: Vec<Choice>, ticked: &[String]) -> AnyView {
    let boxes = choices
        .into_iter()
        .map(|(value, text)| {
            let checked = ticked.contains(&value);
            view! { <label class="Pill"><input type="checkbox" name=name.to_owned() value=value checked=checked/><span>{text}</span></label> }.into_any()
        })
        .collect::<Vec<_>>();
    view! { <fieldset class="Pills"><legend>{legend}</legend>{boxes}</fieldset> }.into_any()
}

/// Entities of a kind as choices.
pub fn choices(app: App, kind: Kind) -> Vec<Choice> {
    use crate::line::{discreet, name};
    let (reader, is_discreet) = (app.reader(), app.is_discreet(kind));
    app.book(|b| {
        b.of_kind(kind)
            .filter(|e| e.is_live())
            .map(|e| (e.id().to_string(), name(&reader, kind, &discreet(kind, e, is_discreet))))
            .collect()
    })
}

/// Drugs that were named before, and those of the built-in list.
fn drugs(app: App) -> Vec<String> {
    let mut all: Vec<String> = app.book(|b| {
        let known = b.all::<Medication>().filter_map(|(_, m)| m.name.into_known());
        let planned = b.all::<PlanItem>().filter_map(|(_, p)| p.drug.into_known());
        let taken = b.all::<Dose>().filter_map(|(_, d)| d.drug.into_known());
        known.chain(planned).chain(taken).collect()
    });
    all.extend(ENTRIES.iter().flat_map(|e| e.brands).map(|b| (*b).to_owned()));
    keepwell_journal::order::sort_by(&mut all, Ord::cmp);
    all.dedup();
    all
}

/// Words to choose from beside a control that takes any.
pub fn datalist(id: String, words: Vec<String>) -> AnyView {
    let options =
        words.into_iter().map(|w| view! { <option value=w></option> }.into_any()).collect::<Vec<_>>();
    view! { <datalist id=id>{options}</datalist> }.into_any()
}

/// The controls of a field.
pub fn control(
    app: App,
    kind: Kind,
    field: &'static Field,
    now: Option<&Value>,
    problem: Signal<Option<String>>,
) -> AnyView {
    let mut raw = shown(field.input, now);
    if let (Input::Coded(set), Some(Value::List(words))) = (field.input, now) {
        let said = words.iter().map(|w| words::coded::shown(app.lang, set, w));
        raw.text = said.collect::<Vec<_>>().join("\n");
    }
    let label = words::field(app.lang, kind, field.name);
    let id = format!("f-{}", field.name);
    let name = format!("f.{}", field.name);
    let (hint_id, reason_id) = (format!("{id}-hint"), format!("{id}-reason"));
    let hint = words::hint(app.lang, kind, field.name);
    let described = if hint.is_some() { format!("{hint_id} {reason_id}") } else { reason_id.clone() };
    let codes = |set: &str, all: Vec<&'static str>| -> Vec<Choice> {
        all.into_iter().map(|c| (c.to_owned(), words::code(app.lang, set, c))).collect()
    };
    let part = |suffix: &str| format!("{name}.{suffix}");
    let mut is_group = false;
    let main = match field.input {
        Input::Flag if !field.told => {
            let checked = raw.text == "yes";
            return view! {
                <div class="Field is-check">
                    <label class="Check"><input type="checkbox" id=id.clone() name=name value="yes" checked=checked aria-describedby=hint.is_some().then(|| hint_id.clone())/><span>{label}</span></label>
                    {hint.map(|h| view! { <span class="Field-hint" id=hint_id>{h}</span> })}
                </div>
            }
            .into_any();
        }
        Input::Flag => select(&id, &name, vec![("yes".into(), app.t.yes.into()), ("no".into(), app.t.no.into())], &raw.text, described),
        Input::Text | Input::Zone => {
            let list = (field.name == "drug").then(|| format!("{id}-list"));
            let words = list.clone().map(|l| datalist(l, drugs(app)));
            view! { {input(id.clone(), name.clone(), "text", "text", raw.text, list, described)} {words} }.into_any()
        }
        Input::Sizes | Input::Clocks => input(id.clone(), name.clone(), "text", "text", raw.text, None, described),
        Input::Int => input(id.clone(), name.clone(), "text", "numeric", raw.text, None, described),
        Input::Date => input(id.clone(), name.clone(), "date", "none", raw.text, None, described),
        Input::Clock => input(id.clone(), name.clone(), "time", "none", raw.text, None, described),
        Input::Long | Input::Words | Input::Coded(_) | Input::Bands => {
            view! { <textarea id=id.clone() name=name.clone() rows="3" aria-describedby=described prop:value=raw.text.clone()>{raw.text.clone()}</textarea> }.into_any()
        }
        Input::Moment => {
            let time = format!("{} {}", label, app.t.time);
            view! {
                <div class="Together">
                    {input(id.clone(), name.clone(), "date", "none", raw.text, None, described)}
                    <input type="time" name=part("x") value=raw.extra aria-label=time/>
                </div>
            }
            .into_any()
        }
        Input::Amount(units) | Input::Dose(units) => {
            let list = format!("{id}-units");
            let fills = raw.text.is_empty() && !matches!(field.input, Input::Dose(_));
            let wished = || app.book(|b| crate::units::usual_warmth(b, app.wishes().temperature.get()));
            let usual = (kind == Kind::Day && field.name == "temperature").then(wished).flatten();
            let first = usual.or(units.first().copied()).unwrap_or_default();
            let unit = if fills { first.to_owned() } else { raw.extra };
            let unit = words::unit(app.lang, &unit);
            let known = units.iter().filter(|u| !u.is_empty()).map(|u| words::unit(app.lang, u)).collect();
            let unit_label = format!("{} {}", label, app.t.unit);
            view! {
                <div class="Together">
                    {input(id.clone(), name.clone(), "text", "decimal", raw.text, None, described)}
                    <input class="Unit-input" type="text" name=part("x") value=unit list=list.clone() aria-label=unit_label autocomplete="off"/>
                    {datalist(list, known)}
                </div>
            }
            .into_any()
        }
        Input::Source(c) => {
            let name_label = format!("{label}: {}", words::typed::of(app.lang).source_name);
            view! {
                <div class="Together">
                    {select(&id, &name, codes(c.set, (c.all)()), &raw.text, described)}
                    <input type="text" name=part("x") value=raw.extra aria-label=name_label autocomplete="off"/>
                </div>
            }
            .into_any()
        }
        Input::Code(c) => select(&id, &name, codes(c.set, (c.all)()), &raw.text, described),
        Input::Ref(of) => {
            let choices = choices(app, of);
            select(&id, &name, choices, &raw.text, described)
        }
        Input::CodeList(c) => {
            is_group = true;
            ticks(&part("t"), label.clone(), codes(c.set, (c.all)()), &raw.ticked)
        }
        Input::RefList(of) => {
            is_group = true;
            ticks(&part("t"), label.clone(), choices(app, of), &raw.ticked)
        }
        Input::Symptoms => {
            is_group = true;
            let own_label = format!("{label}, {}", app.t.own_words);
            view! {
                {ticks(&part("t"), label.clone(), codes("symptom", Symptom::KNOWN.to_vec()), &raw.ticked)}
                <textarea name=name.clone() rows="2" aria-label=own_label placeholder=app.t.own_words>{raw.text}</textarea>
            }
            .into_any()
        }
        Input::When => {
            is_group = true;
            when(app, &label, &id, &name, &raw)
        }
    };
    let why = field.told.then(|| {
        let why_label = format!("{label}: {}", app.t.why_not);
        let absent = ["unknown", "not_told", "not_done"].map(|c| {
            let selected = raw.why == c;
            view! { <option value=c selected=selected>{words::code(app.lang, "absence", c)}</option> }.into_any()
        });
        view! { <select class="Why" name=part("why") aria-label=why_label><option value="">{app.t.why_value}</option>{Vec::from(absent)}</select> }.into_any()
    });
    let head = (!is_group).then(|| view! { <label for=id.clone()>{label}</label> });
    view! {
        <div class="Field">
            {head}
            {main}
            {why}
            {hint.map(|h| view! { <span class="Field-hint" id=hint_id>{h}</span> })}
            <span class="Field-reason" data-note="" id=reason_id>{move || problem.get()}</span>
        </div>
    }
    .into_any()
}

/// When an item of the plan is due: on a day of its own, or so many days or hours after a key date.
fn when(app: App, label: &str, id: &str, name: &str, raw: &Raw) -> AnyView {
    let (base, days) = raw.third.find(['+', '-']).map_or(("", ""), |at| raw.third.split_at(at));
    let keys =
        KeyDate::ALL.iter().map(|k| (k.as_str().to_owned(), words::code(app.lang, "key_date", k.as_str())));
    let mut options: Vec<Choice> = keys.collect();
    options.insert(0, (String::new(), app.t.a_day.to_owned()));
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == base;
            view! { <option value=value selected=selected>{text}</option> }.into_any()
        })
        .collect::<Vec<_>>();
    let is_hours = days.ends_with('h');
    let count = days.trim_start_matches('+').trim_end_matches('h').to_owned();
    let t = words::typed::of(app.lang);
    let part = |suffix: &str| format!("{name}.{suffix}");
    view! {
        <fieldset class="When">
            <legend>{label.to_owned()}</legend>
            <label>{app.t.counted_from}<select id=id.to_owned() name=part("b")>{options}</select></label>
            <label>{t.after_it}<input type="text" inputmode="decimal" name=part("n") value=count autocomplete="off"/></label>
            <label>{app.t.unit}<select name=part("u")><option value="">{t.days}</option><option value="h" selected=is_hours>{t.hours}</option></select></label>
            <label>{app.t.a_day}<input type="date" name=name.to_owned() value=raw.text.clone()/></label>
            <label>{app.t.time}<input type="time" name=part("x") value=raw.extra.clone()/></label>
        </fieldset>
    }
    .into_any()
}

/// What the controls of a field hold.
pub fn held(lang: Lang, form: &web_sys::FormData, kind: Kind, field: &Field, before: Option<&Value>) -> Raw {
    let text = |name: &str| form.get(name).as_string().unwrap_or_default();
    let name = format!("f.{}", field.name);
    let part = |suffix: &str| text(&format!("{name}.{suffix}"));
    let mut raw = Raw { text: text(&name), extra: part("x"), why: part("why"), ..Raw::default() };
    match field.input {
        Input::Flag if !field.told => {
            let anyway = unless_said(kind, field.name, &text("f.what"));
            let was_said = matches!(before, Some(Value::Flag(_)));
            raw.text = box_says(raw.text == "yes", was_said, anyway).to_owned();
        }
        Input::Amount(units) | Input::Dose(units) => {
            let now = shown(field.input, before).extra;
            let known = std::iter::once(now.as_str()).chain(units.iter().copied());
            raw.extra = words::unit_code(lang, &raw.extra, known);
        }
        Input::Coded(set) => {
            let now = if let Some(Value::List(words)) = before { words.as_slice() } else { &[] };
            raw.text = words::coded::kept(lang, set, &raw.text, now);
        }
        Input::When => {
            let (base, days) = (part("b"), part("n"));
            let days = if days.trim().is_empty() { "0".to_owned() } else { days.trim().to_owned() };
            let sign = if days.starts_with(['-', '+']) { "" } else { "+" };
            let unit = part("u");
            raw.third = if base.is_empty() { String::new() } else { format!("{base}{sign}{days}{unit}") };
        }
        Input::CodeList(_) | Input::RefList(_) | Input::Symptoms => {
            let all = form.get_all(&format!("{name}.t"));
            raw.ticked = all.iter().filter_map(|v| v.as_string()).collect();
        }
        _ => {}
    }
    raw
}

/// The data of a form that is being sent.
pub fn data(event: &leptos::ev::SubmitEvent) -> Option<web_sys::FormData> {
    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    web_sys::FormData::new_with_form(&form).ok()
}

/// What a field of an entity holds.
pub fn now_of(app: App, kind: Kind, id: Option<EntityId>, name: &str) -> Option<Value> {
    let id = id?;
    app.book(|b| b.entity(kind, id).and_then(|e| e.field(name).cloned()))
}
