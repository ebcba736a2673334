//! "The nurse called": from when, what, who said it, in one screen, with what it changes before it is kept.

use super::{
    bits,
    control::{choices, data, datalist},
    formulary,
    plan::said,
    state::App,
    typed, zone,
};
use crate::{
    browser::clock::{self, Zones},
    call::{AHEAD, Added, Call, Course, Refusal, Typed, clock_of, is_offered, may_be_trigger, number_of},
    forms::{DOSE_UNITS, Problem},
    keep,
    line::Line,
    route::{Part, Route},
    words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, CycleRecord, PlanChange, PlanEdit, Span},
    model::{Amendment, Amount, EntityId, Kind, PlanItem, Told, plan::AmendmentWay},
};
use leptos::prelude::*;

/// The line of an amendment in a list.
pub fn line(app: App, id: EntityId) -> Line {
    let Some(a) = app.book(|b| b.get::<Amendment>(id)) else { return Line::default() };
    let by = a.said_by.get().and_then(|c| app.name_of(c)).or(a.said_by_name.into_known());
    Line {
        title: by.map_or_else(
            || words::kind(app.lang, Kind::Amendment).to_owned(),
            |b| words::fill(app.t.said_by, &b),
        ),
        detail: a.words.into_known().unwrap_or_default(),
        when: a.said_at.known().map(|m| super::cycles::when(app, m)).unwrap_or_default(),
    }
}

/// What an amendment says and what it changed.
pub fn told(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let found = app.book(|b| {
        let a = b.get::<Amendment>(id)?;
        let r = derive::record(b, a.cycle.get()?)?;
        Some((a, r))
    });
    let Some((a, r)) = found else {
        return bits::page(t.nurse_called, "", bits::empty(t.not_there, Vec::new()));
    };
    let from = a.from.get().unwrap_or_else(clock::today);
    let span = Span { from, to: Date::from_days(from.days() + AHEAD) };
    let changes = derive::amendment_changes(&r, id, span, &Zones);
    let mut lines = changed_lines(app, &r, &changes);
    lines.extend(undated_lines(app, &r, &|_, p| p.amendment == Told::Known(id), &|_, p| {
        p.stopped_by == Told::Known(id)
    }));
    let line = line(app, id);
    let words = (!line.detail.is_empty()).then(|| view! { <blockquote>{line.detail.clone()}</blockquote> });
    let back = a.cycle.get().map(|c| bits::link_to(&Route::Cycle(c, Part::Plan), t.plan));
    let edit = bits::link_to(&Route::Edit(Kind::Amendment, id), t.edit);
    bits::page(
        line.title.clone(),
        line.when.clone(),
        view! { {words} {bits::card(t.changed, diff(app, lines))} <div class="Actions">{back} {edit}</div> }
            .into_any(),
    )
}

/// A line of what changes: day, class, sign, words.
type Changed = (String, &'static str, &'static str, String);

/// What changes of items whose day is not known yet, in words: no day of the difference has them. `r` has the items of
/// both plans, `is_new` those that take the place of others, `is_ended` those that get an end.
fn undated_lines(
    app: App,
    r: &CycleRecord,
    is_new: &dyn Fn(EntityId, &PlanItem) -> bool,
    is_ended: &dyn Fn(EntityId, &PlanItem) -> bool,
) -> Vec<Changed> {
    let day = words::call::of(app.lang).undated;
    let said = |p: &PlanItem| {
        let clock = clock_of(p).map(|c| c.to_string());
        let amount = p.amount.known().map(|a| words::amount(app.lang, a));
        [amount, clock].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let name = |p: &PlanItem| super::plan::said(app, p).0;
    let one = |(id, p): &(EntityId, PlanItem)| {
        let replaced = r.plan.iter().find(|(i, _)| is_new(*id, p) && p.replaces == Told::Known(*i));
        let (class, sign, text) = if let Some((_, old)) = replaced {
            ("is-changed", "→", format!("{}: {} → {}", name(p), said(old), said(p)))
        } else if is_ended(*id, p) && !derive::is_replaced(r, *id) {
            ("is-dropped", "−", format!("{} {}", name(p), said(p)))
        } else {
            return None;
        };
        Some((day.to_owned(), class, sign, text))
    };
    r.plan.iter().filter(|(_, p)| !derive::is_dated(r, p, &Zones)).filter_map(one).collect()
}

/// What changes, in words. `r` has the items of both plans.
fn changed_lines(app: App, r: &CycleRecord, changes: &[PlanChange]) -> Vec<Changed> {
    let name = |item: EntityId| {
        r.plan.iter().find(|(id, _)| *id == item).map(|(_, p)| said(app, p)).unwrap_or_default()
    };
    let amount = |a: &Told<Amount>| a.known().map_or("–".to_owned(), |a| words::amount(app.lang, a));
    let clock = |o: &derive::Occurrence| o.at.clock.map_or(String::new(), |c| format!(" {c}"));
    let one = |change: &PlanChange| {
        let day = words::date_short(app.lang, change.date());
        let (class, sign, text) = match change {
            PlanChange::Added(o) => {
                ("is-added", "+", format!("{} {}{}", name(o.item).0, name(o.item).1, clock(o)))
            }
            PlanChange::Dropped(o) => {
                ("is-dropped", "−", format!("{} {}{}", name(o.item).0, name(o.item).1, clock(o)))
            }
            PlanChange::Amount { at, from, to } => {
                ("is-changed", "→", format!("{}: {} → {}", name(at.item).0, amount(from), amount(to)))
            }
            PlanChange::Time { from, to } => {
                ("is-changed", "→", format!("{}:{} →{}", name(to.item).0, clock(from), clock(to)))
            }
        };
        (day, class, sign, text)
    };
    changes.iter().take(60).map(one).collect()
}

fn diff(app: App, rows: Vec<Changed>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="Fine">{app.t.nothing_changes}</p> }.into_any();
    }
    let one = |(day, class, sign, text): Changed| {
        let word = match class {
            "is-added" => app.t.comes,
            "is-dropped" => app.t.goes,
            _ => app.t.changes,
        };
        view! { <li class=class><span class="Diff-day">{day}</span><b aria-hidden="true">{sign}</b><span><span class="Hidden">{word}": "</span>{text}</span></li> }.into_any()
    };
    view! { <ul class="Diff">{rows.into_iter().map(one).collect::<Vec<_>>()}</ul> }.into_any()
}

/// What one line of the form does to an item, or why it cannot be taken.
fn edit_of(
    app: App,
    data: &web_sys::FormData,
    call: &Call<'_>,
    (id, item): (EntityId, &PlanItem),
) -> Result<Option<PlanEdit>, &'static str> {
    let text =
        |part: &str| data.get(&format!("{part}.{id}")).as_string().unwrap_or_default().trim().to_owned();
    match text("act").as_str() {
        "stop" => Ok(call.stop((id, item))),
        "change" => {
            let typed = Typed { amount: text("amount"), unit: text("unit"), time: text("time") };
            let new = keep::new_id().ok_or(app.t.bad_failed)?;
            call.change((id, item), &typed, new).map(Some).map_err(|why| refused(app, why))
        }
        _ => Ok(None),
    }
}

/// That something changes later than was said, in words.
fn put_off(app: App, call: &Call<'_>, edit: &PlanEdit) -> Option<String> {
    let (item, day) = call.put_off(edit)?;
    let name = call.r.plan.iter().find(|(id, _)| *id == item).map(|(_, p)| said(app, p).0)?;
    let text = words::fill(words::call::of(app.lang).put_off, &name);
    Some(text.replace("{m}", &words::date_short(app.lang, day)))
}

/// Why a line cannot be taken, in words.
fn refused(app: App, why: Refusal) -> &'static str {
    match why {
        Refusal::Typed(problem) => typed::reason(app, problem),
        Refusal::NoDay => words::call::of(app.lang).no_day,
        Refusal::Given => words::call::of(app.lang).given,
    }
}

fn added(
    app: App,
    data: &web_sys::FormData,
    cycle: EntityId,
    call: &Call<'_>,
) -> Result<Option<PlanEdit>, &'static str> {
    let text = |name: &str| data.get(name).as_string().unwrap_or_default().trim().to_owned();
    let (drug, number, time) = (text("new.drug"), text("new.amount"), text("new.time"));
    if drug.is_empty() {
        let is_empty = number.is_empty() && time.is_empty();
        return if is_empty { Ok(None) } else { Err(words::typed::of(app.lang).drug_missing) };
    }
    let (medication, known) = formulary::known(app, &drug).unwrap_or_default();
    let course = Course::parse(&text("new.course")).unwrap_or_else(|| Course::usual(&drug, &known));
    let (unit, days) = (text("new.unit"), text("new.days"));
    let new = Added { drug, amount: number, unit, time, course, days };
    let id = keep::new_id().ok_or(app.t.bad_failed)?;
    call.add((id, cycle), &new, (medication, &known)).map(Some).map_err(|why| refused(app, why))
}

/// The fields of what comes in addition. How often it is due follows the drug, until the person says it.
fn added_fields(app: App) -> AnyView {
    let (t, w) = (app.t, words::call::of(app.lang));
    let (drug, chosen) = (RwSignal::new(String::new()), RwSignal::new(None::<Course>));
    let known = move |drug: &str| formulary::known(app, drug).unwrap_or_default().1;
    let course = move || chosen.get().unwrap_or_else(|| drug.with(|d| Course::usual(d, &known(d))));
    let note = move || {
        let asks = course() != Course::Trigger && drug.with(|d| may_be_trigger(d.trim(), &known(d)));
        asks.then(|| {
            let text = words::fill(w.may_be_trigger, drug.get().trim());
            view! { <p class="Fine">{text}</p> }
        })
    };
    let option = |c: Course| {
        let text = match c {
            Course::Daily => w.daily,
            Course::Once => w.once,
            Course::Trigger => w.trigger,
        };
        view! { <option value=c.as_str()>{text}</option> }
    };
    let options: Vec<_> = Course::ALL.into_iter().map(option).collect();
    let choose = move |event| chosen.set(Course::parse(&event_target_value(&event)));
    // What was chosen for one drug is not chosen for another that is taken otherwise.
    let name = move |event| {
        let before = drug.with_untracked(|d| Course::usual(d, &known(d)));
        drug.set(event_target_value(&event));
        if drug.with_untracked(|d| Course::usual(d, &known(d))) != before {
            chosen.set(None);
        }
    };
    view! {
        <fieldset class="Pair"><legend>{t.new_drug}</legend>
            <label>{t.drug}<input type="text" name="new.drug" autocomplete="off" on:input=name/></label>
            <label>{t.amount}<input type="text" inputmode="decimal" name="new.amount" autocomplete="off"/></label>
            <label>{t.unit}<input type="text" name="new.unit" list="new-units" autocomplete="off"/></label>
            {datalist("new-units".to_owned(), DOSE_UNITS.iter().map(|u| words::unit(app.lang, u)).collect())}
            <label>{t.time}<input type="time" name="new.time"/></label>
            <label>{w.how_often}<select name="new.course" prop:value=move || course().as_str() on:change=choose>{options}</select></label>
            <label hidden=move || course() != Course::Daily>{w.for_days}<input type="text" inputmode="numeric" name="new.days" autocomplete="off"/></label>
            <div aria-live="polite">{note}</div>
        </fieldset>
    }
    .into_any()
}

/// The screen.
pub fn page(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let Some(r) = app.book(|b| derive::record(b, id)) else {
        return bits::page(t.nurse_called, "", bits::empty(t.not_there, Vec::new()));
    };
    let today = clock::today();
    // What was said may hold from any day: a line hides while another has its place by then.
    let from_day = RwSignal::new(today);
    let is_open = |(i, p): &&(EntityId, PlanItem)| is_offered(&r, (*i, p), (today, today));
    let items: Vec<(EntityId, PlanItem)> = r.plan.iter().filter(is_open).cloned().collect();
    let preview = RwSignal::new((Vec::<Changed>::new(), Vec::<String>::new()));
    let (looked, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let asks = [Problem::Twice, Problem::Zone].map(|p| typed::reason(app, p));
    let of_zone = Signal::derive(move || wrong.get().filter(|why| asks.contains(why)));
    let stored = StoredValue::new(r.clone());
    let listed = StoredValue::new(items.clone());

    let gather = move |data: &web_sys::FormData| {
        let text = |name: &str| data.get(name).as_string().unwrap_or_default().trim().to_owned();
        let from = Date::parse(&text("from")).map_err(|_| t.bad_date)?;
        let place = zone::place(data, None).map_err(|p| typed::reason(app, p))?;
        let amendment = Amendment {
            cycle: Told::Known(id),
            said_at: Told::Known(clock::moment()),
            said_by: EntityId::parse(&text("by")).ok().into(),
            said_by_name: Some(text("by-name")).filter(|s| !s.is_empty()).into(),
            from: Told::Known(from),
            by: AmendmentWay::parse(&text("way")).into(),
            words: Some(text("words")).filter(|s| !s.is_empty()).into(),
            ..Amendment::default()
        };
        let now = clock::moment();
        let (edits, span, notes) = stored.with_value(|r| {
            let call = Call { r, from, now: &now, place: &place, offsets: &Zones, lang: app.lang };
            let offered = |(i, p): &&(EntityId, PlanItem)| is_offered(r, (*i, p), (today, from));
            let edit = |(i, p): &(EntityId, PlanItem)| edit_of(app, data, &call, (*i, p)).transpose();
            let changed: Result<Vec<PlanEdit>, &'static str> =
                listed.with_value(|l| l.iter().filter(offered).filter_map(edit).collect());
            let mut edits = changed?;
            edits.extend(added(app, data, id, &call)?);
            let notes: Vec<String> = edits.iter().filter_map(|e| put_off(app, &call, e)).collect();
            Ok::<_, &'static str>((edits, call.span(), notes))
        })?;
        Ok::<_, &'static str>((amendment, edits, span, notes))
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(data) = data(&event) else { return };
        // Of a time that was begun the browser gives nothing, as of one that was emptied.
        if !typed::half_typed(&event).is_empty() {
            wrong.set(Some(t.bad_time));
            return;
        }
        let (amendment, edits, span, notes) = match gather(&data) {
            Ok(gathered) => gathered,
            Err(why) => {
                wrong.set(Some(why));
                return;
            }
        };
        let (Some(new), true) = (keep::new_id(), !edits.is_empty()) else {
            wrong.set(Some(t.nothing_changes));
            return;
        };
        let Ok(plan) = stored.with_value(|r| derive::amend(r, new, &amendment, &edits)) else {
            wrong.set(Some(t.bad_failed));
            return;
        };
        wrong.set(None);
        if looked.get_untracked() {
            app.act(keep::write_all(plan), Some(t.saved), app.then_go(Route::Amendment(new)));
            return;
        }
        let after = stored.with_value(|r| derive::amended(r, &edits));
        let changes = stored.with_value(|r| derive::plan_changes(r, &after, span, &Zones));
        let is_new = |id, _: &PlanItem| stored.with_value(|r| r.plan.iter().all(|(i, _)| *i != id));
        let mut lines = changed_lines(app, &after, &changes);
        let is_ended =
            |id, _: &PlanItem| edits.iter().any(|e| matches!(e, PlanEdit::Stop { item, .. } if *item == id));
        lines.extend(undated_lines(app, &after, &is_new, &is_ended));
        preview.set((lines, notes));
        looked.set(true);
    };
    let changed = move |_| looked.set(false);
    let row = |(i, p): &(EntityId, PlanItem)| {
        let (id, item) = (*i, p.clone());
        let is_hidden = move || {
            let days = (today, from_day.get());
            stored.with_value(|r| !is_offered(r, (id, &item), days))
        };
        item_row(app, (id, p), &days_of(app, &r, p, today), is_hidden)
    };
    let rows: Vec<AnyView> = items.iter().map(row).collect();
    let day_typed = move |event| {
        if let Ok(day) = Date::parse(&event_target_value(&event)) {
            from_day.set(day);
        }
    };
    let contacts: Vec<AnyView> = choices(app, Kind::Contact)
        .into_iter()
        .map(|(v, n)| view! { <option value=v>{n}</option> }.into_any())
        .collect();
    let ways: Vec<AnyView> = AmendmentWay::ALL
        .iter()
        .map(|w| {
            view! { <option value=w.as_str()>{words::code(app.lang, "way", w.as_str())}</option> }.into_any()
        })
        .collect();
    let shown = move || {
        let (lines, notes) = preview.get();
        let notes: Vec<_> = notes.into_iter().map(|n| view! { <p>{n}</p> }).collect();
        bits::card(t.this_changes, view! { {notes} {diff(app, lines)} }.into_any())
    };
    let after = move || looked.get().then(shown);
    let form = view! {
        <form class="Form Card is-form" on:submit=submit on:input=changed on:change=changed novalidate=true>
            <div class="Pair">
                <div class="Field"><label for="from">{t.from_day}</label><input type="date" id="from" name="from" value=today.to_string() on:input=day_typed/></div>
                <div class="Field"><label for="way">{t.how_told}</label><select id="way" name="way">{ways}</select></div>
                <div class="Field"><label for="by">{t.who_said}</label><select id="by" name="by"><option value="">"–"</option>{contacts}</select></div>
                <div class="Field"><label for="by-name">{t.or_name}</label><input type="text" id="by-name" name="by-name" autocomplete="off"/></div>
            </div>
            <ul class="AmendRows">{rows}</ul>
            {added_fields(app)}
            {zone::control(app, None, of_zone)}
            <div class="Field"><label for="words">{t.their_words}</label><textarea id="words" name="words" rows="2"></textarea></div>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div aria-live="polite">{after}</div>
            <div class="Actions"><button type="submit" class="Button">{move || if looked.get() { t.save } else { t.look_first }}</button></div>
        </form>
    };
    bits::page(t.nurse_called, app.name_of(id).unwrap_or_default(), form.into_any())
}

/// From when an item is due that is not due yet, and until when where it ends.
fn days_of(app: App, r: &CycleRecord, item: &PlanItem, today: Date) -> String {
    let w = words::call::of(app.lang);
    let begin = match derive::rest_from(r, item, today, &Zones) {
        derive::Rest::Undated => Some(w.undated.to_owned()),
        derive::Rest::Left { first, .. } if first.date > today => {
            Some(words::fill(w.since, &words::date_short(app.lang, first.date)))
        }
        _ => None,
    };
    let last = item.stopped_from.get().map(|end| Date::from_days(end.days() - 1));
    let end = last.map(|last| words::fill(w.until, &words::date_short(app.lang, last)));
    [begin, end].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn item_row(
    app: App,
    (id, item): (EntityId, &PlanItem),
    days: &str,
    is_hidden: impl Fn() -> bool + Send + Sync + 'static,
) -> AnyView {
    let t = app.t;
    let (title, amount) = said(app, item);
    let detail = [amount.as_str(), days].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ");
    let time = clock_of(item).map_or(String::new(), |c| c.to_string());
    let number = number_of(item);
    let unit_input = (!item.amount.is_known()).then(|| {
        view! { <label>{t.unit}<input type="text" name=format!("unit.{id}") list="new-units" autocomplete="off"/></label> }
    });
    let unit = item.amount.known().map_or(String::new(), |a| words::unit(app.lang, &a.unit));
    let act_label = format!("{title} {detail}");
    view! {
        <li hidden=is_hidden>
            <span class="Amend-title">{title}</span><span class="Fine">{detail}</span>
            <select name=format!("act.{id}") aria-label=act_label.clone()>
                <option value="">{t.stays}</option><option value="change">{t.changes}</option><option value="stop">{t.stops}</option>
            </select>
            <label>{format!("{} {unit}", t.amount)}<input type="text" inputmode="decimal" name=format!("amount.{id}") value=number autocomplete="off"/></label>
            {unit_input}
            <label>{t.time}<input type="time" name=format!("time.{id}") value=time/></label>
        </li>
    }
    .into_any()
}
