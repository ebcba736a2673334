//! Letting another own device in: its code, six digits to compare, a name.

use super::code;
use crate::{
    browser::window,
    route::Route,
    sync::{engine, members},
    ui::{bits, control::data, state::App},
    words,
};
use keepwell_journal::sync::{Role, TicketCode};
use leptos::{prelude::*, task::spawn_local};

/// The host of this page, and where the journal opens there.
pub fn place() -> (String, String) {
    let origin = window().and_then(|w| w.location().origin().ok()).unwrap_or_default();
    let host = window().and_then(|w| w.location().host().ok()).unwrap_or_default();
    (host, [&origin, "/journal"].concat())
}

/// The page.
pub fn page(app: App) -> AnyView {
    let s = app.lang.sync();
    let Some(standing) = engine::standing() else {
        return bits::page(s.pair, "", bits::link_to(&Route::Sync, app.t.sync));
    };
    let (host, address) = place();
    let first = words::fill(&s.pair_1.replace("{m}", &address), &host);
    let let_in = move |ticket: TicketCode, name: String, said: Said| {
        spawn_local(async move {
            let done = async {
                let device = ticket.device();
                if !members::let_in(standing.id, ticket, Role::Writer).await? {
                    return Ok(false);
                }
                members::name(device, &name, None).await.map(|()| true)
            };
            let is_done = done.await == Ok(true);
            said.end(is_done.then_some(()).ok_or(s.not_done), &name);
        });
    };
    let body = view! {
        <section class="Card">
            <ol class="Numbered"><li>{first}</li><li>{s.pair_2}</li><li>{s.pair_3}</li></ol>
            {form(app, s.new_name, s.let_in_done, let_in)}
        </section>
        <p class="Fine">{s.pair_words}</p>
    };
    bits::page(s.pair, s.pair_context, body.into_any())
}

/// What a form of a code says while and after it lets a device in.
#[derive(Clone, Copy)]
pub struct Said {
    busy: RwSignal<bool>,
    done: RwSignal<Option<String>>,
    wrong: RwSignal<Option<&'static str>>,
    text: RwSignal<String>,
    sentence: &'static str,
}

impl Said {
    /// Says how it ended.
    pub fn end(self, ended: Result<(), &'static str>, name: &str) {
        self.busy.try_set(false);
        match ended {
            Ok(()) => {
                self.text.try_set(String::new());
                self.done.try_set(Some(words::fill(self.sentence, name)));
            }
            Err(why) => {
                self.wrong.try_set(Some(why));
            }
        }
    }
}

/// The code of a new device, the digits to compare, its name, and the button.
pub fn form(
    app: App,
    name_label: &'static str,
    sentence: &'static str,
    let_in: impl Fn(TicketCode, String, Said) + Copy + 'static,
) -> AnyView {
    let s = app.lang.sync();
    let text = RwSignal::new(String::new());
    let said = Said {
        busy: RwSignal::new(false),
        done: RwSignal::new(None),
        wrong: RwSignal::new(None),
        text,
        sentence,
    };
    let digits = Memo::new(move |_| {
        let code = TicketCode::parse(&text.get()).ok()?;
        Some(code.check_digits())
    });
    let problem = Signal::derive(move || {
        let is_bad = !text.with(|t| t.trim().is_empty()) && digits.get().is_none();
        is_bad.then_some(s.code_bad)
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(form), Ok(ticket)) = (data(&event), TicketCode::parse(&text.get_untracked())) else {
            return;
        };
        let name = form.get("name").as_string().unwrap_or_default();
        said.busy.set(true);
        said.wrong.set(None);
        said.done.set(None);
        let_in(ticket, name, said);
    };
    let confirm = move || {
        let digits = digits.get()?;
        let (left, right) = digits.split_at_checked(3)?;
        let digits = [left, " ", right].concat();
        Some(view! {
            <div class="Digits"><span>{s.digits}</span><strong>{digits}</strong></div>
            <p class="Fine">{s.digits_about}</p>
            <div class="Field"><label for="new-device">{name_label}</label><input type="text" id="new-device" name="name" maxlength="60" required=true autocomplete="off"/></div>
            <div class="Actions">
                <button type="submit" class="Button" disabled=move || said.busy.get()>{s.let_in}</button>
                {move || said.busy.get().then(|| view! { <span class="Busy" role="status">{s.letting_in}</span> })}
            </div>
        })
    };
    view! {
        <form class="Form" on:submit=submit>
            {code::field(app, "ticket-code", s.code, s.code_hint, text, problem)}
            {confirm}
            {move || said.wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <p role="status">{move || said.done.get()}</p>
        </form>
    }
    .into_any()
}
