//! Ordinary days: a month, a day, the curve of a cycle.

use super::{bits, conflict, entity, plan::row, state::App};
use crate::{
    browser::clock::{self, Zones},
    charts::cycle::{self, draw},
    month,
    route::Route,
    units, words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, MonthDay, OrdinaryCycle, Span},
    model::{
        Day, EntityId, Fields, HomeTest, Kind, Moment, Preferences, TextType, Told, Value,
        diary::{Bleeding, TestKind, TestResult},
        settings::TemperatureUnit,
    },
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A month.
pub fn of_month(app: App, year: i16, number: u8) -> AnyView {
    let t = app.t;
    let wishes: Preferences = app.wishes();
    let sunday = wishes.week_starts_sunday == Told::Known(true);
    let now = clock::moment();
    let days: Vec<MonthDay> =
        app.book(|b| derive::month(b, Some(derive::own_person()), (year, number), sunday, &now, &Zones));
    let step = |by: i16| {
        let n = i32::from(year) * 12 + i32::from(number) - 1 + i32::from(by);
        Route::Month(
            i16::try_from(n.div_euclid(12)).unwrap_or(year),
            u8::try_from(n.rem_euclid(12)).unwrap_or(0) + 1,
        )
    };
    let heads: Vec<AnyView> = days
        .iter()
        .take(7)
        .map(|d| {
            let name = words::weekday(app.lang, d.date);
            let short: String = name.chars().take(2).collect();
            view! { <th scope="col"><abbr title=name>{short}</abbr></th> }.into_any()
        })
        .collect();
    let weeks: Vec<AnyView> = days
        .chunks(7)
        .map(|week| {
            view! { <tr>{week.iter().map(|d| cell(app, d, now.date)).collect::<Vec<_>>()}</tr> }.into_any()
        })
        .collect();
    let body = view! {
        <nav class="Tabs" aria-label=t.months>
            {bits::button_to(&step(-1), "Tab", t.before)}
            {bits::button_to(&Route::Month(now.date.year(), now.date.month()), "Tab", t.this_month)}
            {bits::button_to(&step(1), "Tab", t.after)}
            {bits::button_to(&Route::Day(now.date), "Button", t.this_day)}
        </nav>
        <table class="Month"><caption class="Hidden">{words::month(app.lang, year, number)}</caption><thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>
        {legend(app, &days)}
        {app.tracks().then(|| ordinary(app, Some(derive::own_person())))}
    };
    bits::page(words::month(app.lang, year, number), "", body.into_any())
}

fn cell(app: App, d: &MonthDay, today: Date) -> AnyView {
    let t = app.t;
    let label = d.labels.first().and_then(|(_, l)| l.first()).map(|l| words::label(t, *l));
    let bleeding = d.bleeding.filter(|b| *b != Bleeding::None);
    let mut said: Vec<String> = vec![words::date_long(app.lang, d.date)];
    said.extend(label.clone());
    said.extend(
        bleeding.map(|b| format!("{}: {}", t.bleeding_axis, words::code(app.lang, "bleeding", b.as_str()))),
    );
    if !d.rows.is_empty() {
        said.push(words::plural(i64::try_from(d.rows.len()).unwrap_or(0), t.one_plan, t.some_plan));
    }
    let marks = month::marks(app.lang, d);
    said.extend(marks.iter().map(|m| m.said.clone()));
    if d.symptoms + d.notes.len() > 0 || d.temperature.is_some() {
        said.push(t.has_entries.to_owned());
    }
    let class = match (d.in_month, d.date == today) {
        (_, true) => "is-today",
        (false, _) => "is-outside",
        _ => "",
    };
    let bleed = bleeding.map(|b| view! { <i class=format!("Drop-mark is-{}", b.as_str())></i> });
    let plan = (!d.rows.is_empty()).then(|| view! { <i class="Plan-mark">{d.rows.len()}</i> });
    let other = (d.symptoms + d.notes.len() > 0 || d.temperature.is_some())
        .then(|| view! { <i class="Entry-mark"></i> });
    let marks: Vec<AnyView> =
        marks.into_iter().map(|m| view! { <i class="Sign-mark">{m.sign}</i> }.into_any()).collect();
    view! {
        <td class=class>
            <a href=Route::Day(d.date).hash() aria-current=(d.date == today).then_some("date")>
                <span class="Hidden">{said.join(", ")}</span>
                <b aria-hidden="true">{d.date.day()}</b><small aria-hidden="true">{label}</small><span class="Marks" aria-hidden="true">{bleed} {plan} {marks} {other}</span>
            </a>
        </td>
    }
    .into_any()
}

/// What the marks of the month stand for, as far as they are in it.
fn legend(app: App, days: &[MonthDay]) -> Option<AnyView> {
    let w = words::lists::of(app.lang);
    let has = |f: &dyn Fn(&MonthDay) -> bool| days.iter().any(f);
    let mut all: Vec<AnyView> = Vec::new();
    if has(&|d| d.bleeding.is_some_and(|b| b != Bleeding::None)) {
        all.push(key(view! { <i class="Drop-mark"></i> }.into_any(), w.mark_drop.to_owned()));
    }
    if has(&|d| !d.rows.is_empty()) {
        all.push(key(view! { <i class="Plan-mark">"1"</i> }.into_any(), w.mark_plan.to_owned()));
    }
    for m in month::legend(app.lang, days) {
        all.push(key(view! { <i class="Sign-mark">{m.sign}</i> }.into_any(), m.said));
    }
    if has(&|d| d.symptoms + d.notes.len() > 0 || d.temperature.is_some()) {
        all.push(key(view! { <i class="Entry-mark"></i> }.into_any(), w.mark_entry.to_owned()));
    }
    (!all.is_empty()).then(|| view! { <ul class="MonthKeys Fine" aria-label=w.marks>{all}</ul> }.into_any())
}

fn key(mark: AnyView, said: String) -> AnyView {
    view! { <li><span class="Marks" aria-hidden="true">{mark}</span> {said}</li> }.into_any()
}

/// Ordinary cycles: one as a picture, the last to begin with, all of them as figures.
fn ordinary(app: App, person: Option<EntityId>) -> AnyView {
    let t = app.t;
    let days: Vec<(Date, EntityId, Day)> = app.book(|b| derive::days_of(b, person));
    let cycles: Vec<OrdinaryCycle> = derive::ordinary_cycles(&days);
    let Some(last) = cycles.len().checked_sub(1) else { return ().into_any() };
    let figures = derive::statistics(&cycles).map(|s| {
        let number = |v: f64| words::number(app.lang, v, 1);
        let mut pairs = vec![
            (t.cycles_counted.to_owned(), s.cycles.to_string()),
            (t.cycle_length.to_owned(), format!("{} ({}–{})", number(s.median), s.shortest, s.longest)),
            (t.bleeding_days.to_owned(), number(s.bleeding_median)),
        ];
        if let Some((from, to)) = s.next_between {
            pairs.push((
                t.next_between.to_owned(),
                format!("{} – {}", words::date(app.lang, from), words::date(app.lang, to)),
            ));
        }
        bits::card(t.figures, view! { {bits::facts(pairs)} <p class="Fine">{t.no_promise}</p> }.into_any())
    });
    let chosen = RwSignal::new(last);
    let picture = move || {
        let n = chosen.get().min(last);
        let step =
            |to: usize, text: &'static str| bits::button("Button is-quiet", text, move || chosen.set(to));
        let w = words::lists::of(app.lang);
        let title = match cycles.get(n) {
            Some(c) if n < last => words::fill(w.cycle_from, &words::date(app.lang, c.start)),
            _ => t.this_cycle.to_owned(),
        };
        let acts = view! {
            <div class="Actions">
                {n.checked_sub(1).map(|to| step(to, w.earlier_cycle))}
                {(n < last).then(|| step(n + 1, w.later_cycle))}
            </div>
        };
        cycles.get(n).map(|c| {
            let body = one_cycle(app, &days, c, cycles.get(n + 1).map(|next| next.start), person);
            bits::card(title, view! { {body} {acts} }.into_any())
        })
    };
    view! { {picture} {figures} }.into_any()
}

/// The picture of one cycle, with its legend and its table.
fn one_cycle(
    app: App,
    days: &[(Date, EntityId, Day)],
    c: &OrdinaryCycle,
    next: Option<Date>,
    person: Option<EntityId>,
) -> AnyView {
    let t = app.t;
    let unit = app.wishes().temperature.get().unwrap_or(TemperatureUnit::Celsius);
    let within = |d: Date| d >= c.start && next.is_none_or(|n| d < n);
    let mut shown: BTreeMap<Date, cycle::Day> = BTreeMap::new();
    for (date, _, d) in days.iter().filter(|d| within(d.0)) {
        let day = cycle::Day {
            temperature: d.temperature.known().and_then(|a| units::temperature(a, unit)),
            excluded: d.temperature_excluded == Told::Known(true),
            bleeding: d.bleeding.get(),
            feeling: d.mucus_feeling.get(),
            texture: d.mucus_texture.get(),
            intercourse: d.intercourse.known().cloned(),
            ..cycle::Day::new(*date)
        };
        shown.insert(*date, day);
    }
    for (at, result) in lh_tests(app, person).into_iter().filter(|(at, _)| within(at.date)) {
        shown.entry(at.date).or_insert_with(|| cycle::Day::new(at.date)).tests.push(result);
    }
    let shown: Vec<cycle::Day> = shown.into_values().collect();
    let shift = derive::temperature_shift(days, c.start, next);
    let code = |set: &str, code: Option<&str>| code.map_or(String::new(), |c| words::code(app.lang, set, c));
    let rows = shown.iter().map(|d| {
        let temperature = d
            .temperature
            .map_or(String::new(), |v| format!("{} {}", words::number(app.lang, v, 2), units::sign(unit)));
        let mucus = [
            code("mucus_feeling", d.feeling.map(|m| m.as_str())),
            code("mucus_texture", d.texture.map(|m| m.as_str())),
        ];
        let mucus: Vec<String> = mucus.into_iter().filter(|m| !m.is_empty()).collect();
        let tests: Vec<String> =
            d.tests.iter().map(|r| words::code(app.lang, "test_result", r.as_str())).collect();
        let intercourse = d.intercourse.as_ref().map_or(String::new(), |all| match all.as_slice() {
            [] => t.no.to_owned(),
            all => {
                let all = all.iter().map(|i| words::code(app.lang, "intercourse", i.as_str()));
                all.collect::<Vec<_>>().join(", ")
            }
        });
        let said = vec![
            (d.date.days() - c.start.days() + 1).to_string(),
            words::date(app.lang, d.date),
            temperature,
            code("bleeding", d.bleeding.map(|b| b.as_str())),
            mucus.join(", "),
            tests.join(", "),
            intercourse,
        ];
        (Some(Route::Day(d.date)), said)
    });
    let w = words::lists::of(app.lang);
    let head = [t.day, t.date, t.temperature, t.bleeding_axis, w.mucus, w.lh_tests].map(str::to_owned);
    let mut head = Vec::from(head);
    head.push(words::field(app.lang, Kind::Day, "intercourse"));
    let since = words::fill(t.cycle_since, &words::date(app.lang, c.start));
    let table = bits::table_to(since.clone(), head, rows.collect());
    let mut summary = vec![since];
    if let Some(shift) = &shift {
        summary.push(words::fill(t.rise_from, &words::date(app.lang, shift.first_high)));
    }
    let legend: Vec<AnyView> = cycle::legend(app.lang, &shown)
        .into_iter()
        .map(|(title, all)| {
            view! { <li><strong>{title}</strong>{format!(": {}", all.join(", "))}</li> }.into_any()
        })
        .collect();
    let legend = (!legend.is_empty()).then(|| view! { <ul class="Plain Fine">{legend}</ul> });
    let draw = |width| draw(app.lang, c.start, &shown, shift.as_ref(), unit, width);
    let picture = match (draw(340.0), draw(860.0)) {
        (Some(narrow), Some(wide)) => {
            bits::figure(app, format!("{}.", summary.join(", ")), narrow, wide, table)
        }
        _ => table,
    };
    view! { {picture} {legend} }.into_any()
}

/// LH tests of the person, the earliest first.
fn lh_tests(app: App, person: Option<EntityId>) -> Vec<(Moment, TestResult)> {
    let mut all: Vec<(Moment, TestResult)> = app.book(|b| {
        let own = b.all::<HomeTest>().map(|(_, x)| x);
        let own = own.filter(|x| x.kind == Told::Known(TestKind::Lh));
        let own = own.filter(|x| x.person.get() == person || !x.person.is_known());
        own.filter_map(|x| Some((x.at.known()?.clone(), x.result.get()?))).collect()
    });
    keepwell_journal::order::sort_by(&mut all, |a, b| a.0.sort_key().cmp(&b.0.sort_key()));
    all
}

/// One day: what is planned, and its sheet.
pub fn day(app: App, date: Date) -> AnyView {
    let t = app.t;
    let person = derive::own_person();
    let id = Day::id(person, date);
    let now = clock::moment();
    let span = Span { from: date, to: date };
    let records = app.book(derive::records);
    let mut names = Vec::new();
    let mut rows = Vec::new();
    for r in records.iter().filter(|r| !r.is_quiet()) {
        let labels = match date == now.date {
            _ if !derive::lasts_on(r, &records, date, now.date) => Vec::new(),
            true => derive::day_labels_at(&r.dates, &now),
            false => derive::day_labels(&r.dates, date),
        };
        names.extend(labels.into_iter().map(|l| words::label(t, l)));
        if let Some(cycle) = r.id {
            rows.extend(derive::plan_rows(r, span, &now, &Zones).iter().map(|x| row(app, cycle, x, true)));
        }
    }
    let planned =
        (!rows.is_empty()).then(|| bits::card(t.plan, view! { <ul class="PlanRows">{rows}</ul> }.into_any()));
    let to = |by: i64| Route::Day(Date::from_days(date.days() + by));
    let strip: Vec<AnyView> = (-3..=3)
        .map(|n| {
            let d = Date::from_days(date.days() + n);
            let current = (n == 0).then_some("date");
            let name: String = words::weekday(app.lang, d).chars().take(2).collect();
            view! { <li><a href=Route::Day(d).hash() aria-current=current><span class="Hidden">{words::date_long(app.lang, d)}</span><small aria-hidden="true">{name}</small><b aria-hidden="true">{d.day()}</b></a></li> }.into_any()
        })
        .collect();
    // A day that is not there yet is begun with whose and which it is.
    let exists = app.book(|b| b.entity(Kind::Day, id).is_some_and(|e| e.is_live()));
    let values = if exists {
        Vec::new()
    } else {
        vec![("person".to_owned(), person.to_string()), ("date".to_owned(), date.to_string())]
    };
    let is_deleted =
        app.book(|b| b.entity(Kind::Day, id).is_some_and(|e| !e.is_live() && e.written().is_some()));
    let sheet = app.tracks().then(|| match is_deleted {
        true => entity::deleted(app, Kind::Day, id),
        false => entity::day_sheet(app, id, values),
    });
    let end = (exists && app.tracks()).then(|| entity::end(app, Kind::Day, id));
    let at = vec![("at".to_owned(), date.to_string())];
    let test = at.iter().cloned().chain(cycle_of(app, date).map(|id| ("cycle".to_owned(), id.to_string())));
    let add = |kind, values| {
        bits::button_to(&Route::New(kind, values), "Button is-quiet", words::kind(app.lang, kind))
    };
    let body = view! {
        <ol class="Strip">{strip}</ol>
        {planned}
        {entries(app, date)}
        {exists.then(|| conflict::card(app, Kind::Day, id))}
        {sheet}
        {imported(app, id)}
        <div class="Actions">
            {add(Kind::HomeTest, test.collect())} {add(Kind::Note, at.clone())} {add(Kind::Mood, at)}
            {bits::button_to(&Route::Month(date.year(), date.month()), "Link", t.month)}
            {bits::button_to(&to(-1), "Link", t.day_before_it)} {bits::button_to(&to(1), "Link", t.day_after_it)}
        </div>
        {end}
    };
    bits::page(words::date_long(app.lang, date), names.join(" · "), body.into_any())
}

/// Kinds of which the day has a list: what the plan does not show.
const OF_DAY: &[Kind] =
    &[Kind::HomeTest, Kind::Scan, Kind::Hormone, Kind::Beta, Kind::EarlyScan, Kind::Mood, Kind::Note];

/// What was entered for a day beside its sheet.
fn entries(app: App, date: Date) -> Option<AnyView> {
    let is_then = |e: &keepwell_journal::merge::Entity| match e.field("at") {
        Some(Value::Text(text)) => Moment::from_text(text).is_some_and(|m| m.date == date),
        _ => false,
    };
    let of = |kind: Kind| -> Vec<EntityId> {
        app.book(|b| b.of_kind(kind).filter(|e| e.is_live() && is_then(e)).map(|e| e.id()).collect())
    };
    let rows: Vec<_> = OF_DAY
        .iter()
        .flat_map(|kind| of(*kind).into_iter().map(|id| (*kind, id)))
        .map(|(kind, id)| (kind, id, bits::line_of(app, kind, id)))
        .collect();
    let title = words::lists::of(app.lang).of_day;
    (!rows.is_empty()).then(|| bits::card(title, bits::lines(app, rows)))
}

/// Words of another app for which the sheet has no field: they stay with the day as they stood there.
fn imported(app: App, day: EntityId) -> Option<AnyView> {
    let words = app.book(|b| b.get::<Day>(day).and_then(|d| d.imported.known().cloned()))?;
    let rows: Vec<AnyView> = words.into_iter().map(|w| view! { <li>{w}</li> }.into_any()).collect();
    let title = words::lists::of(app.lang).from_elsewhere;
    (!rows.is_empty()).then(|| bits::card(title, view! { <ul class="Plain">{rows}</ul> }.into_any()))
}

/// The cycle to which a day belongs, where it is one and no other.
fn cycle_of(app: App, date: Date) -> Option<EntityId> {
    let now = clock::moment();
    let days = app.book(|b| derive::month(b, None, (date.year(), date.month()), false, &now, &Zones));
    let day = days.into_iter().find(|d| d.date == date)?;
    <[_; 1]>::try_from(day.labels).ok().map(|[(id, _)]| id)
}
