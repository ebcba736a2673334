//! Where the times of a form are those of: folded away, since it is mostly here.

use super::{control::datalist, state::App};
use crate::{
    browser::clock::{self, Zones},
    forms::{Fold, Place, Problem, fold_of},
    words,
};
use keepwell_journal::model::{Clinic, Moment, Offsets, Zone};
use leptos::prelude::*;

/// The control of the zone, and that of which of two times.
const ZONE: &str = "in_zone";
const FOLD: &str = "fold";

/// Zones of the clinics that are not the one here: a nurse tells the time of her clinic.
fn of_clinics(app: App) -> Vec<Zone> {
    let here = clock::here();
    let mut all: Vec<Zone> =
        app.book(|b| b.all::<Clinic>().filter_map(|(_, c)| c.zone.into_known()).collect());
    all.retain(|z| Some(z) != here.as_ref());
    keepwell_journal::order::sort_by(&mut all, Ord::cmp);
    all.dedup();
    all
}

/// The zone that a form begins with: that of what stands in it, else the one here.
pub fn began(at: Option<&Moment>) -> Option<Zone> {
    at.and_then(|m| m.zone.clone()).or_else(clock::here)
}

/// The controls. `wrong` is why they are needed, and opens them.
pub fn control(app: App, at: Option<&Moment>, wrong: Signal<Option<&'static str>>) -> AnyView {
    let w = words::typed::of(app.lang);
    let zone = began(at).map_or(String::new(), |z| z.as_str().to_owned());
    let fold = at.and_then(|m| fold_of(m, &Zones));
    let clinics: Vec<String> = of_clinics(app).iter().map(|z| z.as_str().to_owned()).collect();
    let hint = (!clinics.is_empty()).then(|| words::fill(w.zone_clinic, &clinics.join(", ")));
    let is_open = RwSignal::new(false);
    let opens = move |event: leptos::ev::Event| {
        let details: web_sys::HtmlDetailsElement = event_target(&event);
        is_open.set(details.open());
    };
    // Four hundred names, for whoever looks for one.
    let offered = move || {
        let all = || clinics.iter().cloned().chain(clock::zones()).collect();
        is_open.get().then(|| datalist("in-zone-list".to_owned(), all()))
    };
    let choice = |value: &'static str, text: &'static str, chosen: bool| {
        view! { <option value=value selected=chosen>{text}</option> }
    };
    view! {
        <details class="Zone" prop:open=move || is_open.get() || wrong.get().is_some() on:toggle=opens>
            <summary>{words::fill(w.zone_of, &zone.replace('_', " "))}</summary>
            <div class="Form">
                <div class="Field">
                    <label for="in-zone">{w.zone}</label>
                    <input type="text" id="in-zone" name=ZONE value=zone list="in-zone-list" autocomplete="off" aria-describedby="in-zone-hint in-zone-reason"/>
                    {offered}
                    <span class="Field-hint" id="in-zone-hint">{hint}</span>
                    <span class="Field-reason" data-note="" id="in-zone-reason">{move || wrong.get()}</span>
                </div>
                <div class="Field">
                    <label for="fold">{w.fold}</label>
                    <select id="fold" name=FOLD>
                        {choice("", "–", fold.is_none())}
                        {choice("earlier", w.fold_earlier, fold == Some(Fold::Earlier))}
                        {choice("later", w.fold_later, fold == Some(Fold::Later))}
                    </select>
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// What the controls say.
///
/// # Errors
/// [`Problem::Zone`] where no zone is named so.
pub fn place(data: &web_sys::FormData, at: Option<&Moment>) -> Result<Place, Problem> {
    let text = |name: &str| data.get(name).as_string().unwrap_or_default().trim().to_owned();
    let typed = text(ZONE);
    let zone = if typed.is_empty() { None } else { Some(named(&typed).ok_or(Problem::Zone)?) };
    let fold = match text(FOLD).as_str() {
        "earlier" => Some(Fold::Earlier),
        "later" => Some(Fold::Later),
        _ => None,
    };
    // What stands there is no new choice.
    let fold = fold.filter(|f| at.and_then(|m| fold_of(m, &Zones)) != Some(*f));
    Ok(Place { here: clock::here(), chosen: zone.filter(|z| began(at).as_ref() != Some(z)), fold })
}

/// The zone of this name, however it is written: `new york` is none, `america/new york` is one.
fn named(typed: &str) -> Option<Zone> {
    let name = typed.replace(' ', "_");
    let known = clock::zones().into_iter().find(|z| z.eq_ignore_ascii_case(&name));
    let zone = Zone::parse(&known.unwrap_or(name)).ok()?;
    Zones.offset_at(&zone, clock::now()).map(|_| zone)
}
