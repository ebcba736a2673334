//! The plan against what happened.

use super::{bits, state::App};
use crate::{
    browser::clock::{self, Zones},
    keep,
    route::{Part, Route},
    words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, CycleRecord, Given, NewPlan, Occurrence, PlanRow, RowState, Span, TwoTriggers},
    formulary::folded,
    model::{
        Amount, Dose, EntityId, FieldType, Fit, Kind, Medication, Moment, PlanItem, ReminderMark, TextType,
        Value, plan::PlanKind, resolve,
    },
    remind,
};
use leptos::prelude::*;

/// What became of a row, in a word; its class.
fn state(app: App, state: RowState) -> (String, &'static str) {
    let t = app.t;
    match state {
        RowState::Ahead => (t.row_ahead.to_owned(), "is-ahead"),
        RowState::Due => (t.row_due.to_owned(), "is-due"),
        RowState::Open => (t.row_open.to_owned(), "is-open"),
        RowState::Done => (t.row_done.to_owned(), "is-done"),
        RowState::Late { minutes } => (words::fill(t.row_late, &minutes.to_string()), "is-late"),
        RowState::Partial => (t.row_partial.to_owned(), "is-part"),
        RowState::Skipped => (t.row_skipped.to_owned(), "is-skipped"),
        RowState::Extra => (t.row_extra.to_owned(), "is-extra"),
    }
}

/// Of which kind the entry is that fulfils an item.
const fn entry_of(what: PlanKind) -> Option<Kind> {
    Some(match what {
        PlanKind::Dose => Kind::Dose,
        PlanKind::Scan => Kind::Scan,
        PlanKind::Blood => Kind::Hormone,
        PlanKind::Visit | PlanKind::Call => Kind::Visit,
        PlanKind::Trigger => Kind::Trigger,
        PlanKind::Retrieval => Kind::Retrieval,
        PlanKind::Transfer => Kind::Transfer,
        PlanKind::Beta => Kind::Beta,
        PlanKind::EarlyScan => Kind::EarlyScan,
        PlanKind::HomeTest => Kind::HomeTest,
        PlanKind::Insemination | PlanKind::Fasting | PlanKind::Intercourse | PlanKind::Task => return None,
    })
}

/// One row, with what can be done about it.
pub fn row(app: App, cycle: EntityId, row: &PlanRow, with_acts: bool) -> AnyView {
    let lang = app.lang;
    let item: Option<(EntityId, PlanItem)> = row.planned.as_ref().map(|p| p.item).zip(row.item.clone());
    let (title, detail) = match &item {
        Some((_, item)) => match &row.given {
            Some(given) => said_with(app, item, given_instead(app, given, item.amount.known())),
            None => said(app, item),
        },
        None => row.actual.map_or((String::new(), String::new()), |id| {
            let kind = kind_of(app, id);
            let line = kind.map(|k| bits::line_of(app, k, id)).unwrap_or_default();
            (line.title, line.detail)
        }),
    };
    let title = match item.as_ref().and_then(|(_, item)| other_drug(app, row, item)) {
        Some(given) => words::fill(words::lists::of(app.lang).instead_of, &given).replace("{m}", &title),
        None => title,
    };
    let time = row.planned.as_ref().map(|p| &p.at).or(row.actual_at.as_ref()).map(time_of);
    let day = if with_acts && row.date == clock::today() {
        String::new()
    } else {
        words::date_short(lang, row.date)
    };
    let when =
        [day, time.unwrap_or_default()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ");
    let (word, class) = state(app, row.state);
    let waits = matches!(row.state, RowState::Due | RowState::Open);
    let acts = (with_acts && waits).then(|| acts(app, cycle, row, item.as_ref()));
    let edit = row.actual.and_then(|id| Some(Route::Edit(kind_of(app, id)?, id))).or_else(|| {
        let (id, _) = item.as_ref()?;
        // A planned key date is written on the cycle.
        Some(if is_of_plan(app, *id) {
            Route::Edit(Kind::PlanItem, *id)
        } else {
            Route::Edit(Kind::Cycle, cycle)
        })
    });
    let title = match edit {
        Some(route) => view! { <a class="PlanRow-title" href=route.hash()>{title}</a> }.into_any(),
        None => view! { <span class="PlanRow-title">{title}</span> }.into_any(),
    };
    let class = format!("PlanRow {class}");
    view! {
        <li class=class>
            <span class="PlanRow-when">{when}</span>
            {title}
            <span class="PlanRow-detail">{detail}</span>
            <span class="PlanRow-state">{word}</span>
            {acts}
        </li>
    }
    .into_any()
}

/// A time of day; with its zone, where that is not the one here.
fn time_of(at: &Moment) -> String {
    let Some(clock) = at.clock else { return String::new() };
    match at.zone.as_ref().filter(|zone| clock::here().is_some_and(|here| here != **zone)) {
        Some(zone) => format!("{clock} ({})", zone.as_str().replace('_', " ")),
        None => clock.to_string(),
    }
}

/// The drug that was given in the place of the planned one.
fn other_drug(app: App, row: &PlanRow, item: &PlanItem) -> Option<String> {
    let dose: Dose = app.book(|b| b.get(row.actual?))?;
    let (given, planned) = (dose.drug.known()?, item.drug.known()?);
    let same_entry = dose.medication.is_known() && dose.medication == item.medication;
    (folded(given) != folded(planned) && !same_entry).then(|| given.clone())
}

/// What was given, beside what was planned.
fn given_instead(app: App, given: &Given, planned: Option<&Amount>) -> String {
    let parts: Vec<String> = given.parts.iter().map(|part| words::amount(app.lang, part)).collect();
    let said = parts.join(" + ");
    match planned.filter(|_| !given.is_as_planned) {
        Some(planned) => words::fill(words::lists::of(app.lang).instead_of, &said)
            .replace("{m}", &words::amount(app.lang, planned)),
        None => said,
    }
}

fn is_of_plan(app: App, item: EntityId) -> bool {
    app.book(|b| b.entity(Kind::PlanItem, item).is_some())
}

fn kind_of(app: App, id: EntityId) -> Option<Kind> {
    app.book(|b| b.entities().find(|e| e.id() == id).and_then(|e| Kind::parse(e.kind().as_str())))
}

/// What an item says.
pub fn said(app: App, item: &PlanItem) -> (String, String) {
    let amount = item.amount.known().map(|a| words::amount(app.lang, a)).unwrap_or_default();
    said_with(app, item, amount)
}

fn said_with(app: App, item: &PlanItem, amount: String) -> (String, String) {
    let what = item.what.get().map(|w| words::code(app.lang, "plan_kind", w.as_str())).unwrap_or_default();
    let title = item.drug.known().or(item.title.known()).cloned();
    match title {
        Some(title) if item.what.get() == Some(PlanKind::Dose) => (title, amount),
        Some(title) => {
            (title, [what, amount].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · "))
        }
        None => (what, amount),
    }
}

fn acts(app: App, cycle: EntityId, row: &PlanRow, item: Option<&(EntityId, PlanItem)>) -> AnyView {
    let t = app.t;
    let Some((id, item)) = item.cloned() else { return ().into_any() };
    let Some(planned) = row.planned.clone() else { return ().into_any() };
    let what = item.what.get().unwrap_or(PlanKind::Task);
    if what == PlanKind::Dose {
        let enter = {
            let (item, planned) = (item.clone(), planned.clone());
            move |act: fn(&PlanItem, &Occurrence, &Moment) -> (EntityId, Dose), at: Moment| {
                let (new, dose) = act(&item, &planned, &at);
                app.act(keep::save(new, dose), Some(t.saved), || {});
            }
        };
        let other = Route::New(Kind::Dose, values_of(cycle, id, &item, &planned.at.to_text()));
        let (taken, skipped) = (enter.clone(), enter);
        return view! {
            <span class="PlanRow-acts">
                {since(app, t.taken, "Button", &planned, move |at| taken(remind::taken, at))}
                {bits::button_to(&other, "Button is-quiet", t.otherwise)}
                {bits::button("Link", t.skip_it, move || skipped(remind::skipped, clock::moment()))}
            </span>
        }
        .into_any();
    }
    let enter = entry_of(what).map(|kind| {
        let mut values = vec![("cycle".to_owned(), cycle.to_string())];
        if matches!(kind, Kind::Trigger | Kind::Visit) && is_of_plan(app, id) {
            values.push(("plan_item".to_owned(), id.to_string()));
        }
        if kind == Kind::Visit {
            // Entered from the plan, it took place, as far as one knows when it was to: the form would offer
            // "planned", and no time.
            values.push(("state".to_owned(), "done".to_owned()));
            values.push(("at".to_owned(), planned.at.to_text()));
        }
        if kind == Kind::Trigger {
            values.extend(item.drug.known().map(|d| ("drug".to_owned(), d.clone())));
            values.extend(item.amount.known().map(|a| ("amount".to_owned(), a.to_text())));
            values.push(("planned_at".to_owned(), planned.at.to_text()));
        }
        bits::button_to(&Route::New(kind, values), "Button", t.enter)
    });
    let at = planned.clone();
    let mark = move |what: &'static str| {
        let out = vec![
            ("plan_item", id.to_value()),
            ("planned_for", planned.at.to_value()),
            ("what", Value::text(what)),
            ("at", clock::moment().to_value()),
        ];
        app.write(Kind::ReminderMark, ReminderMark::id(id, &planned.at), out, || {});
    };
    let (done, skipped) = (mark.clone(), mark);
    let done = if what == PlanKind::Trigger {
        let entered = at.clone();
        let trigger = move |at: Moment| {
            let entries = triggered(cycle, &item, &entered, &at);
            app.act(keep::write_all(entries), Some(t.saved), || {});
        };
        since(app, t.done, "Button is-quiet", &at, trigger)
    } else {
        bits::button("Button is-quiet", t.done, move || done("done"))
    };
    view! {
        <span class="PlanRow-acts">
            {enter}
            {done}
            {bits::button("Link", t.skip_it, move || skipped("skipped"))}
        </span>
    }
    .into_any()
}

/// Minutes after its time from which something may as well have been done when it was to.
pub const TAPPED_LATE: i64 = 15;

/// "Taken", or "done". Some time after it was to be, nobody knows whether it was done then or just now: it is asked.
fn since(
    app: App,
    text: &'static str,
    class: &'static str,
    planned: &Occurrence,
    act: impl Fn(Moment) + Clone + 'static,
) -> AnyView {
    let then = as_planned(&planned.at);
    let is_late = |at: &Moment| clock::moment().minutes_since(at).is_some_and(|m| m > TAPPED_LATE);
    let then = match then {
        Some(then) if is_late(&then) => then,
        // It may become late while the page stands.
        then => {
            let tap = move || {
                if then.as_ref().is_some_and(is_late) {
                    app.drawn_anew(&app.place())
                } else {
                    act(clock::moment())
                }
            };
            return bits::button(class, text, tap);
        }
    };
    let w = words::lists::of(app.lang);
    let at = time_of(&then);
    let at = words::fill(w.done_at, text).replace("{m}", &at);
    let (as_planned, just_now) = (act.clone(), act);
    view! {
        {bits::button(class, at, move || as_planned(then.clone()))}
        {bits::button("Button is-quiet", w.just_now, move || just_now(clock::moment()))}
    }
    .into_any()
}

/// The time at which something was to be; `None` for a day, and where the clocks did not show it just once.
pub fn as_planned(at: &Moment) -> Option<Moment> {
    let clock = at.clock?;
    if at.instant().is_some() {
        return Some(at.clone());
    }
    match resolve(at.date, clock, at.zone.as_ref().or(clock::here().as_ref())?, &Zones)? {
        (moment, Fit::Exact) => Some(moment),
        _ => None,
    }
}

/// The trigger that "done" enters, and its dose.
pub fn triggered(cycle: EntityId, item: &PlanItem, planned: &Occurrence, at: &Moment) -> NewPlan {
    let of = |b: &keepwell_journal::merge::Book| {
        let medication: Option<Medication> = item.medication.get().and_then(|id| b.get(id));
        Some(remind::triggered(&derive::record(b, cycle)?, item, planned, medication.as_ref(), at))
    };
    keep::read(of).flatten().unwrap_or_default()
}

fn dose_of(cycle: EntityId, id: EntityId, item: &PlanItem, state: &str) -> Vec<(&'static str, Value)> {
    let mut out =
        vec![("cycle", cycle.to_value()), ("plan_item", id.to_value()), ("state", Value::text(state))];
    let mut take = |name: &'static str, value: Value| {
        if !matches!(value, Value::Absent(_)) {
            out.push((name, value));
        }
    };
    take("drug", item.drug.to_value());
    take("medication", item.medication.to_value());
    take("amount", item.amount.to_value());
    take("route", item.route.to_value());
    take("purpose", item.purpose.to_value());
    take("person", item.person.to_value());
    out
}

fn values_of(cycle: EntityId, id: EntityId, item: &PlanItem, planned_for: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = dose_of(cycle, id, item, "given")
        .into_iter()
        .filter_map(|(n, v)| match v {
            Value::Text(t) => Some((n.to_owned(), t)),
            _ => None,
        })
        .collect();
    out.push(("planned_for".to_owned(), planned_for.to_owned()));
    out
}

/// Days that the page shows: from the first key date on.
fn span_of(r: &CycleRecord) -> Span {
    let today = clock::today();
    let first = r.dates.iter().map(|(_, f)| f.at.date).min().unwrap_or(today);
    let last = r.dates.iter().map(|(_, f)| f.at.date).max().unwrap_or(today).max(today);
    let shown = today.days() - 2;
    let from = first.days().min(shown).max((last.days() - 120).min(shown));
    Span { from: Date::from_days(from), to: Date::from_days(last.days() + 21) }
}

/// That two times are planned for one trigger: of all that rings, what must not ring at a wrong time.
pub fn two_triggers(app: App, cycle: EntityId, two: &TwoTriggers) -> AnyView {
    let w = words::lists::of(app.lang);
    let here = clock::here();
    let here = here.as_ref().map(|z| z.as_str());
    let said = |at: &Moment| words::moment(app.lang, at, here);
    let text = words::fill(w.two_triggers, &said(&two.of_cycle)).replace("{m}", &said(&two.of_plan));
    view! {
        <div class="Notice" role="status">
            <p>{text}</p>
            <div class="Actions">
                {bits::button_to(&Route::Edit(Kind::Cycle, cycle), "Button is-quiet", w.change_on_cycle)}
                {bits::button_to(&Route::Edit(Kind::PlanItem, two.item), "Button is-quiet", w.change_in_plan)}
            </div>
        </div>
    }
    .into_any()
}

/// The plan of a cycle by day, beside what happened.
pub fn page(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let Some(r) = app.book(|b| derive::record(b, id)) else {
        return bits::page(t.plan, "", bits::empty(t.not_there, Vec::new()));
    };
    let now = clock::moment();
    let rows = derive::plan_rows(&r, span_of(&r), &now, &Zones);
    let mut days: Vec<(Date, Vec<&PlanRow>)> = Vec::new();
    for row in &rows {
        match days.last_mut() {
            Some((date, list)) if *date == row.date => list.push(row),
            _ => days.push((row.date, vec![row])),
        }
    }
    let last = derive::last_day(&r, &app.book(derive::records), now.date);
    let day = |(date, rows): (Date, Vec<&PlanRow>)| {
        let is_today = date == now.date;
        let labels = match is_today {
            _ if last.is_some_and(|last| date > last) => Vec::new(),
            true => derive::day_labels_at(&r.dates, &now),
            false => derive::day_labels(&r.dates, date),
        };
        let names: Vec<String> = labels.into_iter().map(|l| words::label(t, l)).collect();
        // Of a cycle that is to be quiet nothing is asked.
        let asks = !r.is_quiet();
        let rows: Vec<AnyView> = rows.into_iter().map(|x| row(app, id, x, asks)).collect();
        view! {
            <section class="PlanDay" class:is-today=is_today>
                <h2>{words::date_long(app.lang, date)}<small>{names.join(" · ")}</small></h2>
                <ul class="PlanRows">{rows}</ul>
            </section>
        }
        .into_any()
    };
    let two = derive::two_triggers(&r, &rows).filter(|_| !r.is_quiet());
    let items: Vec<_> = r
        .plan
        .iter()
        .map(|(item, _)| (Kind::PlanItem, *item, bits::line_of(app, Kind::PlanItem, *item)))
        .collect();
    let amendments: Vec<_> =
        r.amendments.iter().rev().map(|(a, _)| (Kind::Amendment, *a, super::amend::line(app, *a))).collect();
    let of_cycle = vec![("cycle".to_owned(), id.to_string())];
    let acts = view! {
        <div class="Actions">
            {bits::button_to(&Route::New(Kind::PlanItem, of_cycle), "Button", t.add_plan)}
            {bits::button_to(&Route::Cycle(id, Part::Amend), "Button is-quiet", t.nurse_called)}
        </div>
    };
    let has_changes = !amendments.is_empty();
    let (past, days): (Vec<_>, Vec<_>) =
        days.into_iter().partition(|(date, _)| date.days() < now.date.days() - 2);
    let is_empty = items.is_empty() && past.is_empty() && days.is_empty();
    let has_earlier = !past.is_empty();
    let earlier: Vec<AnyView> = past.into_iter().map(day).collect();
    let body = if is_empty {
        view! { {bits::empty(t.no_plan, Vec::new())} {acts} }.into_any()
    } else {
        view! {
            {two.map(|two| two_triggers(app, id, &two))}
            {acts}
            {has_earlier.then(|| view! { <details class="Card"><summary><h2>{t.earlier_days}</h2></summary>{earlier}</details> })}
            {days.into_iter().map(day).collect::<Vec<_>>()}
            <details class="Card"><summary><h2>{t.plan_items}</h2></summary>{bits::lines(app, items)}</details>
            {has_changes.then(|| bits::card(words::kinds(app.lang, Kind::Amendment), bits::lines(app, amendments)))}
        }
        .into_any()
    };
    bits::page(t.plan, app.name_of(id).unwrap_or_default(), body)
}
