//! Other devices and other people.

mod account;
pub mod arrive;
mod code;
mod devices;
pub mod join;
pub mod lost;
mod off;
mod on;
mod overview;
mod pair;
mod phrase;
mod qr;
mod scan;
mod share;
mod stopped;

pub use overview::{banner, line, only_reads, page};
pub use scan::{CODE, read_code};

use super::{
    frame::listen,
    state::{App, Phase},
};
use crate::{
    browser::{tab, window},
    route::Step,
    sync::engine::{self, Pages},
};
use leptos::prelude::*;

/// A step.
pub fn step(app: App, step: Step) -> AnyView {
    match step {
        Step::On => on::page(app),
        Step::Pair => pair::page(app),
        Step::Share => share::page(app),
        Step::Phrase => phrase::page(app),
        Step::Off => off::page(app),
    }
}

/// Begins to tell the pages what comes, and to synchronise when network, page or key come back.
pub fn watch(app: App) {
    engine::set_pages(Pages {
        changed: Box::new(move || app.version.update(|v| *v += 1)),
        said: Box::new(move || app.sync.update(|v| *v += 1)),
        broken: Box::new(move |trouble| {
            app.lock();
            app.trouble.set(Some(trouble));
        }),
    });
    tab::on_lost(move || {
        app.taken.set(true);
        app.lock();
    });
    Effect::new(move |_| {
        if app.phase.get() == Phase::Open {
            app.taken.set(false);
            engine::woke();
        }
    });
    let Some(window) = window() else { return };
    for kind in ["online", "offline", "focus"] {
        listen(&window, kind, |_| engine::woke());
    }
}
