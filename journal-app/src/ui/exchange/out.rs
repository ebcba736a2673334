//! From the journal into the records: ticked, looked at exactly, then sent one by one.

use super::{Desk, Ticked, Wrong, press, tick, trouble};
use crate::{browser::records, keep, ui::bits, words};
use keepwell_journal::{
    exchange::{Draft, Found, Labels, Offer, draft, is_same, offers, read_created},
    model::{Name, Value},
};
use leptos::{prelude::*, task::spawn_local};

/// A value as it is going to be sent, and whether the records have the same.
type Ready = (Offer, Draft, bool);

/// The half of the page.
pub fn half(desk: Desk) -> AnyView {
    let ready = RwSignal::new(None::<Vec<Ready>>);
    let said = RwSignal::new(None::<String>);
    // What was looked at is of the profile that was chosen then.
    Effect::new(move |_| {
        desk.profile.track();
        ready.set(None);
    });
    let body = move || match ready.get() {
        None => choose(desk, ready, said),
        Some(ready_now) => preview(desk, ready, said, ready_now),
    };
    view! { <div class="Form">{body} <p role="status">{move || said.get()}</p></div> }.into_any()
}

fn choose(desk: Desk, ready: RwSignal<Option<Vec<Ready>>>, said: RwSignal<Option<String>>) -> AnyView {
    let t = desk.t;
    let (all, held) = keep::read(offers).unwrap_or_default();
    let held = (held > 0).then(|| view! { <p class="Fine">{words::fill(t.out_held, &held.to_string())}</p> });
    if all.is_empty() {
        return view! { <p>{t.out_none}</p> {held} }.into_any();
    }
    let ticked = Ticked::new();
    let (busy, wrong) = (RwSignal::new(false), Wrong::new(None));
    let one = |offer: &Offer| {
        let id = offer.id;
        let remark = offer.is_there.then_some(t.out_is_there);
        tick(desk, &offer.entry, remark, offer.is_there, move |on| ticked.set(id, on))
    };
    let rows: Vec<AnyView> = all.iter().map(one).collect();
    let look = move || {
        said.set(None);
        if let Some(chosen) = ticked.chosen(desk, &all, |o| o.id, wrong) {
            desk.ask((busy, wrong), ready, make_ready(desk, chosen));
        }
    };
    view! {
        <fieldset class="Ticks"><legend class="Hidden">{t.which}</legend><ul>{rows}</ul></fieldset>
        {held}
        <p class="Fine">{t.out_look_about}</p>
        {trouble(desk, wrong)}
        {press(desk, "Button", t.out_look, busy, look)}
    }
    .into_any()
}

/// The drafts of what was chosen, compared with what the records have of those days.
async fn make_ready(desk: Desk, chosen: Vec<Offer>) -> Result<Vec<Ready>, String> {
    let t = desk.t;
    let labels = Labels { copied: t.note_copied, laboratory: t.laboratory, range: t.range, method: t.method };
    let drafts: Vec<(Offer, Draft)> =
        chosen.into_iter().filter_map(|o| draft(&o.entry, &labels).map(|d| (o, d))).collect();
    let dates = || drafts.iter().map(|(_, d)| d.date.clone());
    let (from, until) = (dates().min().unwrap_or_default(), dates().max().unwrap_or_default());
    let there: Vec<Found> = desk.look(&from, &until).await?.found;
    let is_there = |o: &Offer| there.iter().any(|f| is_same(&f.entry, &o.entry));
    Ok(drafts.into_iter().map(|(o, d)| (o.clone(), d, is_there(&o))).collect())
}

fn preview(
    desk: Desk,
    ready: RwSignal<Option<Vec<Ready>>>,
    said: RwSignal<Option<String>>,
    now: Vec<Ready>,
) -> AnyView {
    let t = desk.t;
    let rows: Vec<AnyView> = now.iter().map(|r| exactly(desk, r)).collect();
    let going: Vec<(Offer, Draft)> = now.into_iter().filter(|r| !r.2).map(|(o, d, _)| (o, d)).collect();
    let count = i64::try_from(going.len()).unwrap_or(0);
    let (busy, wrong) = (RwSignal::new(false), Wrong::new(None));
    let send = move || {
        busy.set(true);
        wrong.set(None);
        let going = going.clone();
        spawn_local(async move {
            let (done, result) = copy(desk, going).await;
            busy.set(false);
            let done = i64::try_from(done).unwrap_or(0);
            if done > 0 {
                said.set(Some(words::plural(done, t.one_done, t.some_done)));
            }
            match result {
                Ok(()) => ready.set(None),
                // What is copied is not offered again.
                Err(reason) if done > 0 => {
                    desk.app.trouble.set(None);
                    said.update(|s| {
                        if let Some(s) = s {
                            s.push(' ');
                            s.push_str(&reason);
                        }
                    });
                    ready.set(None);
                }
                Err(reason) => wrong.set(Some(reason)),
            }
        });
    };
    let act =
        (count > 0).then(|| press(desk, "Button", words::plural(count, t.out_one, t.out_many), busy, send));
    view! {
        <h3>{t.out_exactly}</h3>
        <ul class="Exactly">{rows}</ul>
        {(count > 0).then(|| view! { <p>{words::fill(t.out_learns, &desk.name())}</p> })}
        {trouble(desk, wrong)}
        {act}
        {bits::button("Link", t.back, move || ready.set(None))}
    }
    .into_any()
}

/// Every word that goes to the server.
fn exactly(desk: Desk, (_, d, is_there): &Ready) -> AnyView {
    let t = desk.t;
    let pair = |k: &str, v: String| (!v.is_empty()).then(|| (k.to_owned(), v));
    let range = if d.low.is_empty() { String::new() } else { [d.low.as_str(), "–", &d.high].concat() };
    let pairs = [
        pair(t.what, d.name.clone()),
        pair(t.value, [d.value.as_str(), &d.unit].join(" ").trim().to_owned()),
        pair(t.range, range),
        pair(t.day, [d.date.as_str(), &d.time].join(" ").trim().to_owned()),
        pair(t.code, d.code.clone()),
        pair(t.remark, d.note.clone()),
    ];
    let left_out = is_there.then(|| view! { <p class="Fine">{t.out_same}</p> });
    view! { <li>{bits::facts(pairs.into_iter().flatten().collect())} {left_out}</li> }.into_any()
}

/// Sends one after the other and remembers each at once, so that none is sent twice. How many, and what ended it.
async fn copy(desk: Desk, going: Vec<(Offer, Draft)>) -> (usize, Result<(), String>) {
    let profile = desk.profile.get_untracked();
    let mut done = 0;
    for (offer, draft) in going {
        let body = match records::add("records", &profile, &draft.body()).await {
            Ok(body) => body,
            Err(no) => return (done, Err(desk.reason(&no))),
        };
        done += 1;
        let Some(record) = read_created(&body) else { return (done, Err(desk.t.bad_answer.to_owned())) };
        let field = vec![(Name::of("record"), Value::text(record))];
        if let Err(trouble) = keep::write(offer.kind, offer.id, field).await {
            return (done, Err(crate::ui::frame::says(desk.app, trouble).to_owned()));
        }
    }
    (done, Ok(()))
}
