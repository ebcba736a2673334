//! What was tapped on a notification some time after it was due: nobody knows whether it was done then or just before
//! the tap, so the journal asks before it enters a time.

use super::{
    bits, frame,
    plan::{self, TAPPED_LATE},
    remind,
    state::App,
};
use crate::{
    browser::{clock, window},
    route::Route,
    words,
};
use keepwell_journal::{
    model::{EntityId, Moment, plan::PlanKind},
    remind::Reminder,
};
use leptos::prelude::*;

/// "Taken", or "done", that was tapped late.
#[derive(Clone)]
pub struct Late {
    reminder: Reminder,
    planned: Moment,
    tapped: Moment,
}

impl Late {
    /// Where a dose or trigger was tapped late. A day without a time is never late; of the rest no time is kept.
    pub fn of(reminder: &Reminder, tapped: &Moment) -> Option<Self> {
        if !matches!(reminder.item.what.get(), Some(PlanKind::Dose | PlanKind::Trigger)) {
            return None;
        }
        let planned = plan::as_planned(&reminder.occurrence.at)?;
        let minutes = tapped.minutes_since(&planned)?;
        (minutes > TAPPED_LATE).then(|| Self { reminder: reminder.clone(), planned, tapped: tapped.clone() })
    }

    fn id(&self) -> EntityId {
        self.reminder.id
    }
}

/// Asks when it was: on the page of today, which is opened unless somebody is writing.
pub fn ask(app: App, late: Late) {
    app.asked.update(|all| {
        all.retain(|other| other.reminder.occurrence != late.reminder.occurrence);
        all.push(late);
    });
    app.version.update(|v| *v += 1);
    app.said.set(Some(words::lists::of(app.lang).asked_on_today.to_owned()));
    let route = app.route.get_untracked();
    if route != Route::Today && !frame::is_filled_in(&route) {
        app.carries.set(true);
        let _ = window().map(|w| w.location().set_hash(&Route::Today.hash()));
    }
}

/// What is not answered when the journal is locked waits as taps do, which say nothing of what they are about.
pub fn lock(app: App) {
    for late in std::mem::take(&mut *app.asked.write_untracked()) {
        remind::wait(&late.reminder, &late.tapped);
    }
}

/// The questions that wait for an answer; none about what was entered in another way meanwhile.
pub fn waiting(app: App) -> AnyView {
    let all = app.asked.get_untracked();
    let open = all.into_iter().filter(|late| remind::is_open(app, late.id(), &late.tapped));
    open.map(|late| question(app, late)).collect::<Vec<_>>().into_any()
}

fn question(app: App, late: Late) -> AnyView {
    let (t, w) = (app.t, words::lists::of(app.lang));
    let item = &late.reminder.item;
    let done = if item.what.get() == Some(PlanKind::Dose) { t.taken } else { t.done };
    let here = clock::here();
    let said = |at: &Moment| words::moment(app.lang, at, here.as_ref().map(|z| z.as_str()));
    let answer = |at: &Moment| {
        let text = words::fill(w.done_at, done).replace("{m}", &said(at));
        let (reminder, at) = (late.reminder.clone(), at.clone());
        bits::button("Button is-quiet", text, move || {
            answered(app, reminder.id);
            remind::fulfil(app, &reminder, &at);
        })
    };
    let (title, detail) = plan::said(app, item);
    let id = late.id();
    let head = ["asked-", &id.to_string()].concat();
    let heading = head.clone();
    view! {
        <section class="Card" aria-labelledby=head>
            <h2 id=heading>{[&title, " ", &detail].concat()}</h2>
            <p>{w.when_was_it}</p>
            <div class="Actions">
                {answer(&late.planned)}
                {answer(&late.tapped)}
                {bits::button("Link", w.neither, move || answered(app, id))}
            </div>
        </section>
    }
    .into_any()
}

fn answered(app: App, id: EntityId) {
    app.asked.update(|all| all.retain(|late| late.id() != id));
    app.drawn_anew(&app.place());
}
