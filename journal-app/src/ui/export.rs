//! Everything as files that other programs read.

use super::{bits, remind, state::App};
use crate::{
    browser::{Result, Trouble, clock, files, local},
    keep,
};
use keepwell_journal::export;
use leptos::prelude::*;

/// The page.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let run = move |act: fn(App) -> Result<()>| {
        move || match act(app) {
            Ok(()) => app.said.set(Some(t.export_made.to_owned())),
            Err(trouble) => app.trouble.set(Some(trouble)),
        }
    };
    let one = |title: &'static str, about: &'static str, act: fn(App) -> Result<()>| {
        bits::card(title, view! { <p>{about}</p><div class="Actions">{bits::button("Button is-quiet", t.save_file, run(act))}</div> }.into_any())
    };
    let body = view! {
        <p class="Notice">{t.export_about}</p>
        {one("JSON", t.json_about, json)}
        {one("CSV", t.csv_about, csv)}
        {one("FHIR", t.fhir_about, fhir)}
        {one(t.calendar, t.calendar_about, calendar)}
    };
    bits::page(t.export, "", body.into_any())
}

/// A file's name says no more than the journal's own.
fn name(ext: &str) -> String {
    let look = if local::is_discreet() { "notes" } else { "journal" };
    format!("{look}-{}.{ext}", clock::today())
}

fn json(_: App) -> Result<()> {
    let text = keep::read(|b| export::journal_json(b, clock::now()))
        .ok_or(Trouble::Failed)?
        .map_err(|_| Trouble::Failed)?;
    files::offer(&name("json"), "application/json", text.as_bytes())
}

fn fhir(_: App) -> Result<()> {
    let text = keep::read(|b| export::fhir_bundle(b, clock::now()))
        .ok_or(Trouble::Failed)?
        .map_err(|_| Trouble::Failed)?;
    files::offer(&name("fhir.json"), "application/fhir+json", text.as_bytes())
}

/// One archive: a browser asks, or refuses, when a page saves many files at once.
fn csv(_: App) -> Result<()> {
    let bytes = keep::read(export::csv_archive).ok_or(Trouble::Failed)?.map_err(|_| Trouble::Failed)?;
    files::offer(&name("zip"), "application/zip", &bytes)
}

fn calendar(app: App) -> Result<()> {
    files::offer(&name("ics"), "text/calendar;charset=utf-8", remind::calendar(app).as_bytes())
}
