//! Which page an address shows.
//!
//! The pages come in a few groups that are loaded when one of them is first opened ([`crate::part`]): a first visit needs the door alone. The service worker keeps all of them, so that later
//! ones open without a network. A file is made for every set of groups that share a piece of the program;
//! few groups make few files.

use super::{
    amend, backup, bits, compare, cycle, cycles, days, embryos, entity, exchange, export, import, ledger,
    list, plan, remind, settings, sheet, state::App, sync, today, ways,
};
use crate::{
    part::part,
    route::{Part, Route},
};
use keepwell_domain::time::Ts;
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use std::task::{Context, Poll, Waker};

/// What is done beside the pages. It lies with those of every day.
pub enum Task {
    /// Shows the reminders between two looks.
    Ring {
        /// The look before.
        from: Ts,
        /// This one.
        now: Ts,
    },
    /// Does what a tap on a notification says.
    Tapped(remind::Tap),
}

fn beside(app: App, task: Task) {
    match task {
        Task::Ring { from, now } => remind::ring(app, from, now),
        Task::Tapped(tap) => remind::act(app, &tap),
    }
}

/// What is needed every day.
fn diary(app: App, route: Route) -> AnyView {
    match route {
        Route::Month(year, month) => days::of_month(app, year, month),
        Route::Day(day) => days::day(app, day),
        Route::Cycles => cycles::page(app),
        Route::New(kind, values) => entity::new(app, kind, values),
        Route::Edit(kind, id) => entity::edit(app, kind, id),
        Route::List(kind) => list::page(app, kind),
        Route::Deleted => list::deleted(app),
        Route::More => settings::more(app),
        Route::About => settings::about(app),
        _ => today::page(app),
    }
}

/// A cycle, with its pictures.
fn treatment(app: App, route: Route) -> AnyView {
    match route {
        Route::Cycle(id, Part::Whole) => cycle::page(app, id),
        Route::Cycle(id, Part::Plan) => plan::page(app, id),
        Route::Cycle(id, Part::Amend) => amend::page(app, id),
        Route::Cycle(id, Part::Laboratory) => embryos::laboratory(app, id),
        Route::Cycle(id, Part::Sheet) => sheet::page(app, id),
        Route::Embryo(id) => embryos::one(app, id),
        Route::Amendment(id) => amend::told(app, id),
        Route::Compare => compare::page(app),
        _ => ledger::page(app),
    }
}

/// What concerns the journal as a whole.
fn keeping(app: App, route: Route) -> AnyView {
    match route {
        Route::Settings => settings::page(app),
        Route::Ways => ways::page(app),
        Route::Import => import::page(app),
        Route::Export => export::page(app),
        Route::Records => exchange::page(app),
        _ => backup::page(app),
    }
}

/// Other devices and other people.
fn devices(app: App, route: Route) -> AnyView {
    match route {
        Route::SyncStep(step) => sync::step(app, step),
        _ => sync::page(app),
    }
}

/// What the door needs of it, once the person goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// A journal from another device of one's own.
    Own,
    /// One that somebody shares.
    Shared,
}

fn coming(app: App, which: Coming) -> AnyView {
    match which {
        Coming::Own => sync::join::own(app),
        Coming::Shared => sync::join::shared(app),
    }
}

/// The groups.
enum Group {
    Diary,
    Treatment,
    Keeping,
    Devices,
}

const fn group(route: &Route) -> Group {
    match route {
        Route::Today
        | Route::Month(..)
        | Route::Day(_)
        | Route::Cycles
        | Route::New(..)
        | Route::Edit(..)
        | Route::List(_)
        | Route::Deleted
        | Route::More
        | Route::About => Group::Diary,
        Route::Cycle(..) | Route::Embryo(_) | Route::Amendment(_) | Route::Compare | Route::Ledger => {
            Group::Treatment
        }
        Route::Settings | Route::Ways | Route::Backup | Route::Import | Route::Export | Route::Records => {
            Group::Keeping
        }
        Route::Sync | Route::SyncStep(_) => Group::Devices,
    }
}

part!(fn later_diary(app: App, route: Route) -> AnyView, diary: diary);
part!(fn later_treatment(app: App, route: Route) -> AnyView, treatment: treatment);
part!(fn later_keeping(app: App, route: Route) -> AnyView, keeping: keeping);
part!(fn later_devices(app: App, route: Route) -> AnyView, devices: devices);
part!(fn later_coming(app: App, which: Coming) -> AnyView, devices: coming);
part!(fn later_beside(app: App, task: Task) -> (), diary: beside);

/// Does a task. Where its part of the program cannot be had, pages cannot either and say so.
pub fn run(app: App, task: Task) {
    spawn_local(async move {
        let _ = later_beside(app, task).await;
    });
}

/// The page of an address, as soon as its group is there.
pub fn show(app: App, route: Route) -> AnyView {
    drawn(app, async move {
        match group(&route) {
            Group::Diary => later_diary(app, route).await,
            Group::Treatment => later_treatment(app, route).await,
            Group::Keeping => later_keeping(app, route).await,
            Group::Devices => later_devices(app, route).await,
        }
    })
}

/// How a journal comes from elsewhere, as soon as it is there.
pub fn come(app: App, which: Coming) -> AnyView {
    drawn(app, later_coming(app, which))
}

/// What a page becomes: itself, where its group is there. It must not wait even for a moment then: what stood there would
/// go on for that moment without what it is made of.
fn drawn(
    app: App,
    page: impl Future<Output = Result<AnyView, SplitLoaderError>> + Send + 'static,
) -> AnyView {
    let mut page = Box::pin(async move { page.await.unwrap_or_else(|_| missing(app)) });
    match page.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(page) => page,
        Poll::Pending => Suspend::new(page).into_any(),
    }
}

fn missing(app: App) -> AnyView {
    let again = move || app.route.notify();
    view! {
        <p class="Alert" role="alert">{app.t.bad_part}</p>
        {bits::button("Button", app.t.try_again, again)}
    }
    .into_any()
}
