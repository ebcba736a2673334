//! What follows from what is being typed, and what is said of it.

use super::{
    control::now_of,
    formulary::{control, set},
    state::App,
};
use crate::{
    browser::{clock, window},
    forms::{Field, Problem, about, is_no_grade, unless_said},
    words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, hormone},
    model::{Amount, EntityId, FieldType, HormoneKind, Kind, Moment, TextType, Value, grade::Scheme},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// The control of the unit of a hormone.
const UNIT: &str = "f.value.x";
/// The box of what must not be missed.
const CRITICAL: &str = "f.critical";
/// The scheme of a grade.
const SCHEME: &str = "f.scheme";
/// Marks a control that the person set: it follows nothing any more.
const OWN: &str = "data-own";

/// Why a field cannot be taken as it was typed, in words.
pub fn reason(app: App, problem: Problem) -> &'static str {
    let t = words::typed::of(app.lang);
    match problem {
        Problem::Number => app.t.bad_number,
        Problem::Thousand => t.thousand,
        Problem::Unit => t.unit_missing,
        Problem::Date => app.t.bad_date,
        Problem::Time => app.t.bad_time,
        Problem::Skipped => t.skipped,
        Problem::Twice => t.twice,
        Problem::Sizes => app.t.bad_sizes,
        Problem::Parted => t.parted,
        Problem::Source => t.source,
        Problem::HoursAndTime => t.hours_and_time,
        Problem::HoursAfterDay => t.hours_after_day,
        Problem::Zone => app.t.bad_zone,
        Problem::DayAndCount => t.day_and_count,
    }
}

/// The grade and the scheme that a form of an embryo's event begins with.
pub fn graded(starts: &[(&'static Field, Option<Value>)]) -> RwSignal<[String; 2]> {
    let start = |name: &str| match starts.iter().find(|s| s.0.name == name) {
        Some((_, Some(Value::Text(text)))) => text.clone(),
        _ => String::new(),
    };
    RwSignal::new(["grade", "scheme"].map(start))
}

/// What is said of the grade: nothing is refused, and nothing is changed.
pub fn grade_hint(app: App, graded: RwSignal<[String; 2]>) -> AnyView {
    let is_none = move || graded.with(|[grade, scheme]| is_no_grade(scheme, grade));
    let said = move || is_none().then(|| words::typed::of(app.lang).no_gardner);
    view! { <p class="Field-hint" role="status">{said}</p> }.into_any()
}

/// The scheme that a new event of an embryo begins with.
pub fn first_scheme(app: App, kind: Kind, name: &str, values: &[(String, String)]) -> Option<Value> {
    if (kind, name) != (Kind::EmbryoEvent, "scheme") {
        return None;
    }
    Some(Value::text(Scheme::usual(age(app, embryo_of(values), Some(clock::today()))).as_str()))
}

/// The embryo that a new event is about: the address says it, and the form has no field for it.
pub fn embryo_of(values: &[(String, String)]) -> Option<EntityId> {
    let id = values.iter().find(|(k, _)| k == "embryo").map(|(_, v)| v.as_str())?;
    EntityId::parse(id).ok()
}

/// How old an embryo is on a day.
fn age(app: App, embryo: Option<EntityId>, on: Option<Date>) -> Option<i64> {
    app.book(|b| derive::age_on(b, embryo?, on?))
}

/// The grade, its scheme or what that hangs on is being typed or chosen. The scheme of a new event follows the age of
/// the embryo, until the person says which.
pub fn follow_grade(
    app: App,
    new_of: Option<EntityId>,
    graded: RwSignal<[String; 2]>,
    event: &leptos::ev::Event,
) {
    let Some((name, value)) = typed(event) else { return };
    match name.as_str() {
        "f.grade" => graded.update(|g| g[0] = value),
        SCHEME => {
            own(SCHEME);
            graded.update(|g| g[1] = value);
        }
        "f.day" | "f.at" => {
            let _ = new_of.map(|embryo| follow_age(app, embryo, graded));
        }
        _ => {}
    }
}

fn follow_age(app: App, embryo: EntityId, graded: RwSignal<[String; 2]>) {
    if control(SCHEME).is_none_or(|c| c.has_attribute(OWN)) {
        return;
    }
    let value = |name: &str| Some(control(name)?.dyn_ref::<HtmlInputElement>()?.value());
    let stated = value("f.day").and_then(|d| d.trim().parse().ok());
    let on = value("f.at").and_then(|at| Moment::from_text(&at)).map(|m| m.date);
    let scheme = Scheme::usual(stated.or_else(|| age(app, Some(embryo), on))).as_str();
    set(SCHEME, scheme);
    graded.update(|g| g[1] = scheme.to_owned());
}

/// What was typed or chosen, and where.
fn typed(event: &leptos::ev::Event) -> Option<(String, String)> {
    let target = event.target()?;
    let chosen = target.dyn_ref::<HtmlSelectElement>().map(|s| (s.name(), s.value()));
    chosen.or_else(|| target.dyn_ref::<HtmlInputElement>().map(|i| (i.name(), i.value())))
}

/// Something in the form of a kind was typed or chosen: what hangs on it follows.
pub fn follow(app: App, (kind, id): (Kind, Option<EntityId>), event: &leptos::ev::Event) {
    let Some((name, value)) = typed(event) else { return };
    if !value.is_empty() {
        forget_why(&name);
    }
    match (kind, name.as_str()) {
        (Kind::Hormone, "f.hormone") => follow_hormone(app, HormoneKind::parse(&value)),
        (Kind::Hormone, UNIT) => own(UNIT),
        (Kind::PlanItem, "f.what") if !matches!(now_of(app, kind, id, "critical"), Some(Value::Flag(_))) => {
            follow_kind(unless_said(kind, "critical", &value));
        }
        (Kind::PlanItem, CRITICAL) => own(CRITICAL),
        (Kind::EmbryoEvent, "f.what") if !about(kind, &value).is_empty() => unfold(),
        _ => {}
    }
}

/// A value was typed: why there is none is not true any more.
fn forget_why(name: &str) {
    let mut parts = name.split('.');
    let (_, field, part) = (parts.next(), parts.next(), parts.next());
    if let Some(field) = field.filter(|_| part != Some("why")) {
        let why = control(&["f.", field, ".why"].concat());
        let _ = why.and_then(|c| c.dyn_into::<HtmlSelectElement>().ok()).map(|c| c.set_value(""));
    }
}

/// The fields of a form whose date or time was begun and is none yet: the browser gives nothing of it.
pub fn half_typed(event: &leptos::ev::SubmitEvent) -> Vec<String> {
    let form = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let Some(found) = form.and_then(|f| f.query_selector_all("input:invalid").ok()) else {
        return Vec::new();
    };
    let names =
        (0..found.length()).filter_map(|i| Some(found.get(i)?.dyn_into::<HtmlInputElement>().ok()?.name()));
    names.filter_map(|name| Some(name.split('.').nth(1)?.to_owned())).collect()
}

fn own(name: &str) {
    let _ = control(name).map(|c| c.set_attribute(OWN, ""));
}

/// The unit follows the hormone, until the person says which. One that stood there when the form was opened was
/// said before.
fn follow_hormone(app: App, kind: Option<HormoneKind>) {
    let Some(unit) = control(UNIT).and_then(|c| c.dyn_into::<HtmlInputElement>().ok()) else { return };
    if let Some(kind) = kind {
        let units = hormone::printed_units(kind);
        if !units.is_empty() {
            suggest(&unit, &units);
        }
    }
    if !unit.has_attribute(OWN) && unit.default_value().is_empty() {
        let usual = kind.and_then(|k| app.book(|b| hormone::usual_unit(b, k)));
        set(UNIT, &usual.unwrap_or_default());
    }
}

/// The box shows what holds for an item of its kind, until the person says it.
fn follow_kind(anyway: bool) {
    let Some(critical) = control(CRITICAL).and_then(|c| c.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    if !critical.has_attribute(OWN) {
        critical.set_checked(anyway);
    }
}

/// Shows what is folded away: what the entry is about now may be there.
fn unfold() {
    let more = window().and_then(|w| w.document());
    let more = more.and_then(|d| d.query_selector("form.is-form details.More").ok().flatten());
    let _ = more.map(|m| m.set_attribute("open", ""));
}

/// Other suggestions for a control that has some.
fn suggest(input: &HtmlInputElement, words: &[String]) {
    let document = window().and_then(|w| w.document());
    let Some((document, list)) = document.zip(input.list()) else { return };
    list.set_text_content(None);
    for word in words {
        if let Ok(option) = document.create_element("option") {
            let _ = option.set_attribute("value", word);
            let _ = list.append_child(&option);
        }
    }
}

/// A value whose unit is none of its hormone: the field, and what to say. Only of what is written now; an entry
/// that came from elsewhere keeps what it says.
pub fn unfit_unit(
    app: App,
    kind: Kind,
    written: &[(&'static str, Value)],
    before: &dyn Fn(&str) -> Option<Value>,
) -> Vec<(&'static str, String)> {
    let now = |name: &str| written.iter().find(|w| w.0 == name).map(|w| w.1.clone());
    let latest = |name: &str| now(name).or_else(|| before(name));
    let t = words::typed::of(app.lang);
    if kind == Kind::Day {
        let amount = now("temperature").as_ref().and_then(Amount::from_value);
        let odd = amount.filter(crate::units::is_odd_warmth);
        return odd
            .map(|a| ("temperature", words::fill(t.warmth, &words::amount(app.lang, &a))))
            .into_iter()
            .collect();
    }
    let stated = || latest("hormone").as_ref().and_then(HormoneKind::from_value);
    let pairs = match kind {
        Kind::Hormone => vec![("value", stated())],
        Kind::Beta => {
            vec![("value", Some(HormoneKind::Hcg)), ("progesterone", Some(HormoneKind::Progesterone))]
        }
        _ => Vec::new(),
    };
    let one = |(name, of): (&'static str, Option<HormoneKind>)| {
        let is_written = now(name).is_some() || now("hormone").is_some();
        let (of, amount) = (of.filter(|_| is_written)?, Amount::from_value(&latest(name)?)?);
        if hormone::has_unit(of, &amount.unit) {
            return None;
        }
        let said = words::fill(t.unit_of, &words::code(app.lang, "hormone", of.as_str()));
        Some((name, said.replace("{m}", &hormone::printed_units(of).join(", "))))
    };
    pairs.into_iter().filter_map(one).collect()
}
