//! How a journal comes to a new device: from another one, or from somebody who shares it.

use super::{
    account, code, lost, on,
    stopped::{not_in, unanswered},
};
use crate::{
    browser::{local, random::Os},
    invitation::Invitation,
    sync::{
        join::{self, NotIn},
        server::{self, Unanswered},
    },
    ui::{
        bits,
        control::data,
        door,
        state::{App, Phase, db},
    },
};
use keepwell_journal::{
    sync::Ticket,
    vault::{Phrase, VaultId},
};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;
use zeroize::Zeroizing;

/// What is known of a device that is about to come in.
#[derive(Clone)]
struct Coming {
    passphrase: Rc<Zeroizing<String>>,
    name: String,
}

#[derive(Clone)]
enum Stage {
    Form,
    Ticket(Rc<Ticket>, Option<VaultId>),
    Fetching,
}

/// How it goes on, shared by both forms.
#[derive(Clone, Copy)]
struct Progress {
    app: App,
    stage: RwSignal<Stage, LocalStorage>,
    wrong: RwSignal<Option<String>>,
}

impl Progress {
    fn new(app: App) -> Self {
        Self { app, stage: RwSignal::new_local(Stage::Form), wrong: RwSignal::new(None) }
    }

    fn fail(self, why: NotIn) {
        self.wrong.try_set(Some(not_in(self.app, why)));
        self.stage.try_set(Stage::Form);
    }

    /// Shows a ticket and waits until somebody took it.
    fn show_ticket(self, only: Option<VaultId>, coming: Coming) {
        let Ok(ticket) = Ticket::generate(&mut Os) else { return };
        let ticket = Rc::new(ticket);
        self.stage.set(Stage::Ticket(ticket.clone(), only));
        spawn_local(async move {
            loop {
                join::pause().await;
                // The page was left, or begun anew.
                let is_same = |stage: &Stage| matches!(stage, Stage::Ticket(t, ..) if Rc::ptr_eq(t, &ticket));
                if self.stage.try_with_untracked(is_same) != Some(true) {
                    return;
                }
                match join::by_ticket(&ticket, only).await {
                    Ok(None) | Err(NotIn::Server(Unanswered::Unreachable)) => {}
                    Ok(Some((joined, _))) => return self.settle(joined, coming).await,
                    Err(why) => return self.fail(why),
                }
            }
        });
    }

    async fn settle(self, joined: keepwell_journal::sync::Joined, coming: Coming) {
        self.stage.try_set(Stage::Fetching);
        let Ok(db) = db() else { return };
        match join::settle(&db, joined, &coming.passphrase, &coming.name).await {
            Ok(()) => {
                door::persist().await;
                self.app.trouble.set(None);
                self.app.version.update(|v| *v += 1);
                self.app.phase.set(Phase::Open);
            }
            Err(why) => {
                crate::keep::lock();
                self.fail(why);
            }
        }
    }

    fn draw(self, form: impl Fn() -> AnyView) -> AnyView {
        let s = self.app.lang.sync();
        match self.stage.get() {
            Stage::Form => view! {
                {move || self.wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
                {form()}
            }
            .into_any(),
            Stage::Fetching => view! { <p class="Busy" role="status"><progress aria-label=s.fetching></progress>{s.fetching}</p> }.into_any(),
            Stage::Ticket(ticket, only) => {
                let code = ticket.code();
                let digits = code.check_digits();
                let digits = digits.split_at_checked(3).map(|(l, r)| [l, " ", r].concat()).unwrap_or_default();
                let about = if only.is_some() { s.ticket_shared } else { s.ticket_about };
                let stop = move || self.stage.set(Stage::Form);
                view! {
                    <h3>{s.ticket}</h3>
                    <p>{about}</p>
                    {code::shown(self.app, "ticket", s.ticket_text, code.to_text())}
                    <div class="Digits"><span>{s.digits}</span><strong>{digits}</strong></div>
                    <p class="Busy" role="status"><progress aria-label=s.waiting></progress>{s.waiting}</p>
                    <div class="Actions">{bits::button("Button is-quiet", s.cancel, stop)}</div>
                }
                .into_any()
            }
        }
    }
}

fn coming(form: &web_sys::FormData) -> Coming {
    let text = |name: &str| form.get(name).as_string().unwrap_or_default();
    Coming { passphrase: Rc::new(Zeroizing::new(text("new"))), name: text("device") }
}

/// A journal from another device of the same person.
pub fn own(app: App) -> AnyView {
    let progress = Progress::new(app);
    account::gate(app, move || view! { {move || progress.draw(move || own_form(progress))} }.into_any())
}

fn own_form(progress: Progress) -> AnyView {
    let (app, s) = (progress.app, progress.app.lang.sync());
    let by_phrase = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let (words, new, again) = (text("words"), text("new"), text("again"));
        let reason = if by_phrase.get_untracked() {
            lost::unfit(app, &words, &new, &again)
        } else {
            lost::unfit_passphrase(app, &new, &again)
        };
        progress.wrong.set(reason.map(str::to_owned));
        if reason.is_some() {
            return;
        }
        let coming = coming(&form);
        match Phrase::parse(&words) {
            Ok(phrase) if by_phrase.get_untracked() => {
                progress.stage.set(Stage::Fetching);
                spawn_local(async move {
                    match join::by_phrase(&phrase).await {
                        Ok((joined, _)) => progress.settle(joined, coming).await,
                        Err(why) => progress.fail(why),
                    }
                });
            }
            _ => progress.show_ticket(None, coming),
        }
    };
    let choose = move |is_phrase: bool| move |_| by_phrase.set(is_phrase);
    view! {
        <form class="Form" on:submit=submit>
            <fieldset class="Pills">
                <legend>{s.join_how}</legend>
                <label class="Pill"><input type="radio" name="how" value="code" checked=true on:change=choose(false)/><span>{s.join_code}</span></label>
                <label class="Pill"><input type="radio" name="how" value="phrase" on:change=choose(true)/><span>{s.join_phrase}</span></label>
            </fieldset>
            {move || by_phrase.get().then(|| lost::words_field(app, "join-words"))}
            {on::name(app)}
            {lost::new_passphrase(app, "join", s.here_passphrase, s.here_passphrase_hint)}
            <div class="Actions"><button type="submit" class="Button">{move || if by_phrase.get() { s.get_it } else { s.show_code }}</button></div>
        </form>
    }
    .into_any()
}

/// A journal that somebody shares.
pub fn shared(app: App) -> AnyView {
    let progress = Progress::new(app);
    let invitation = RwSignal::new(String::new());
    // An invitation is good once: whoever took it already goes on with the vault that it led to.
    let taken = RwSignal::new(None::<VaultId>);
    account::gate(app, move || {
        view! { {move || progress.draw(move || shared_form(progress, invitation, taken))} }.into_any()
    })
}

fn shared_form(
    progress: Progress,
    invitation: RwSignal<String>,
    taken: RwSignal<Option<VaultId>>,
) -> AnyView {
    let (app, s) = (progress.app, progress.app.lang.sync());
    let problem = Signal::derive(move || {
        invitation.with(|t| !t.trim().is_empty() && Invitation::parse(t).is_none()).then_some(s.accept_bad)
    });
    let called = Memo::new(move |_| {
        let invited = invitation.with(|t| Invitation::parse(t));
        invited.map(|i| i.name).unwrap_or_default()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let Some(invited) = Invitation::parse(&invitation.get_untracked()) else {
            return progress.wrong.set(Some(s.accept_bad.to_owned()));
        };
        if let Some(reason) = lost::unfit_passphrase(app, &text("new"), &text("again")) {
            return progress.wrong.set(Some(reason.to_owned()));
        }
        progress.wrong.set(None);
        local::set("shared-name", text("called").trim());
        let coming = coming(&form);
        spawn_local(async move {
            let known = taken.try_get_untracked().flatten();
            if known != Some(invited.vault) {
                if let Err(why) = server::join(&invited.code).await {
                    let text = if why == Unanswered::Missing { s.accept_over } else { unanswered(app, why) };
                    progress.wrong.try_set(Some(text.to_owned()));
                    return;
                }
                taken.try_set(Some(invited.vault));
            }
            progress.show_ticket(Some(invited.vault), coming);
        });
    };
    view! {
        <form class="Form" on:submit=submit>
            {code::field(app, "invitation-code", s.accept_code, s.accept_code_hint, invitation, problem)}
            <div class="Field">
                <label for="called">{s.accept_name}</label>
                <input type="text" id="called" name="called" maxlength="60" required=true autocomplete="off" aria-describedby="called-hint" prop:value=move || called.get()/>
                <span class="Field-hint" id="called-hint">{s.accept_name_hint}</span>
            </div>
            {lost::new_passphrase(app, "accept", s.here_passphrase, s.here_passphrase_hint)}
            <div class="Actions"><button type="submit" class="Button">{s.show_code}</button></div>
        </form>
    }
    .into_any()
}
