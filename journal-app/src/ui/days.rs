//! Ordinary days: a month, a day, the curve of a cycle.

use super::{bits, conflict, entity, plan::row, state::App};
use crate::{
    browser::clock::{self, Zones},
    charts::cycle::{self, draw},
    route::Route,
    words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, MonthDay, OrdinaryCycle, Span},
    model::{Amount, Day, EntityId, Kind, Preferences, Told, diary::Bleeding},
};
use leptos::prelude::*;

/// Whose days these are: the journal's own person, made when the first day is written.
pub fn own_person(_: App) -> EntityId {
    derive::own_person()
}

/// °C of a temperature, in the unit in which it was entered.
fn celsius(amount: &Amount) -> Option<f64> {
    match amount.unit.trim() {
        "°F" | "F" | "[degF]" => Some((amount.value() - 32.0) / 1.8),
        "°C" | "C" | "Cel" | "" => Some(amount.value()),
        _ => None,
    }
}

/// A month.
pub fn month(app: App, year: i16, number: u8) -> AnyView {
    let t = app.t;
    let wishes: Preferences = app.wishes();
    let sunday = wishes.week_starts_sunday == Told::Known(true);
    let now = clock::moment();
    let days: Vec<MonthDay> =
        app.book(|b| derive::month(b, Some(own_person(app)), (year, number), sunday, &now, &Zones));
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
        {app.tracks().then(|| ordinary(app, Some(own_person(app))))}
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
    view! {
        <td class=class>
            <a href=Route::Day(d.date).hash() aria-current=(d.date == today).then_some("date")>
                <span class="Hidden">{said.join(", ")}</span>
                <b aria-hidden="true">{d.date.day()}</b><small aria-hidden="true">{label}</small><span class="Marks" aria-hidden="true">{bleed} {plan} {other}</span>
            </a>
        </td>
    }
    .into_any()
}

/// Ordinary cycles: the last one as a picture, all of them as figures.
fn ordinary(app: App, person: Option<EntityId>) -> AnyView {
    let t = app.t;
    let days: Vec<(Date, EntityId, Day)> = app.book(|b| derive::days_of(b, person));
    let cycles: Vec<OrdinaryCycle> = derive::ordinary_cycles(&days);
    let Some(last) = cycles.last() else { return ().into_any() };
    let of = |d: &(Date, EntityId, Day)| cycle::Day {
        date: d.0,
        temperature: d.2.temperature.known().and_then(celsius),
        excluded: d.2.temperature_excluded == Told::Known(true),
        bleeding: d.2.bleeding.get(),
    };
    let shown: Vec<cycle::Day> = days.iter().filter(|d| d.0 >= last.start).map(of).collect();
    let shift = derive::temperature_shift(&days, last.start, None);
    let rows = shown.iter().map(|d| {
        let temperature =
            d.temperature.map_or(String::new(), |v| format!("{} °C", words::number(app.lang, v, 2)));
        let bleeding = d.bleeding.map_or(String::new(), |b| words::code(app.lang, "bleeding", b.as_str()));
        vec![
            (d.date.days() - last.start.days() + 1).to_string(),
            words::date(app.lang, d.date),
            temperature,
            bleeding,
        ]
    });
    let head =
        vec![t.day.to_owned(), t.date.to_owned(), t.temperature.to_owned(), t.bleeding_axis.to_owned()];
    let table = bits::table(t.this_cycle, head, rows.collect());
    let mut summary = vec![words::fill(t.cycle_since, &words::date(app.lang, last.start))];
    if let Some(shift) = &shift {
        summary.push(words::fill(t.rise_from, &words::date(app.lang, shift.first_high)));
    }
    let draw = |width| draw(app.lang, last.start, &shown, shift.as_ref(), width);
    let picture = match (draw(340.0), draw(860.0)) {
        (Some(narrow), Some(wide)) => {
            bits::figure(app, format!("{}.", summary.join(", ")), narrow, wide, table)
        }
        _ => table,
    };
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
    view! { {bits::card(t.this_cycle, picture)} {figures} }.into_any()
}

/// One day: what is planned, and its sheet.
pub fn day(app: App, date: Date) -> AnyView {
    let t = app.t;
    let person = own_person(app);
    let id = Day::id(person, date);
    let now = clock::moment();
    let span = Span { from: date, to: date };
    let records = app.book(|b| {
        derive::cycles(b).into_iter().filter_map(|(id, _)| derive::record(b, id)).collect::<Vec<_>>()
    });
    let mut names = Vec::new();
    let mut rows = Vec::new();
    for r in records.iter().filter(|r| !r.is_quiet()) {
        let labels = match date == now.date {
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
    let test = vec![("at".to_owned(), date.to_string())];
    let body = view! {
        <ol class="Strip">{strip}</ol>
        {planned}
        {exists.then(|| conflict::card(app, Kind::Day, id))}
        {sheet}
        <div class="Actions">
            {bits::button_to(&Route::New(Kind::HomeTest, test.clone()), "Button is-quiet", words::kind(app.lang, Kind::HomeTest))}
            {bits::button_to(&Route::New(Kind::Note, test.clone()), "Button is-quiet", words::kind(app.lang, Kind::Note))}
            {bits::button_to(&Route::New(Kind::Mood, test), "Button is-quiet", words::kind(app.lang, Kind::Mood))}
            {bits::button_to(&Route::Month(date.year(), date.month()), "Link", t.month)}
            {bits::button_to(&to(-1), "Link", t.day_before_it)} {bits::button_to(&to(1), "Link", t.day_after_it)}
        </div>
        {end}
    };
    bits::page(words::date_long(app.lang, date), names.join(" · "), body.into_any())
}
