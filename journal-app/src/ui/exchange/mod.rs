//! Laboratory values between the journal and the records of the vault, each by the person's choice. Nothing is
//! asked of the server before the person presses, and each press says what the server learns by it.

mod into;
mod out;

use super::{bits, state::App};
use crate::{
    browser::records::{self, Failure, NoAnswer},
    words::{self, exchange::Texts},
};
use keepwell_journal::{
    exchange::{Page, Profile, read_page, read_profiles, read_reason},
    model::{EntityId, Hormone, HormoneKind},
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// As many pages of records as are asked for at once: more than any span of days has of what the journal knows.
const PAGES: usize = 50;

/// Why something came to nothing, for the page.
type Wrong = RwSignal<Option<String>>;

/// What both halves share.
#[derive(Clone, Copy)]
struct Desk {
    app: App,
    t: &'static Texts,
    /// The profile that is chosen, by its id.
    profile: RwSignal<String>,
    profiles: RwSignal<Vec<Profile>>,
    /// Whether the answer was that nobody is signed in.
    signed_out: RwSignal<bool>,
}

impl Desk {
    fn name(self) -> String {
        let id = self.profile.get_untracked();
        let name = |all: &Vec<Profile>| all.iter().find(|p| p.id == id).map(|p| p.name.clone());
        self.profiles.with_untracked(name).unwrap_or_default()
    }

    fn reason(self, no: &NoAnswer) -> String {
        self.signed_out.set(no.why == Failure::SignedOut);
        match no.why {
            Failure::SignedOut => self.t.signed_out.to_owned(),
            Failure::Busy => self.t.bad_busy.to_owned(),
            Failure::Offline => self.t.bad_offline.to_owned(),
            Failure::Refused => read_reason(&no.body)
                .map_or_else(|| self.t.bad_refused.to_owned(), |r| words::fill(self.t.bad_reason, &r)),
        }
    }

    /// Asks for something of the chosen profile and puts it there. An answer of a profile that is not chosen any more is
    /// dropped.
    fn ask<T: Send + Sync + 'static>(
        self,
        (busy, wrong): (RwSignal<bool>, Wrong),
        into: RwSignal<Option<T>>,
        question: impl Future<Output = Result<T, String>> + 'static,
    ) {
        wrong.set(None);
        busy.set(true);
        let asked = self.profile.get_untracked();
        spawn_local(async move {
            let answer = question.await;
            busy.set(false);
            if self.profile.get_untracked() != asked {
                return;
            }
            match answer {
                Ok(answer) => into.set(Some(answer)),
                Err(reason) => wrong.set(Some(reason)),
            }
        });
    }

    /// All values of a span of days that the journal knows.
    async fn look(self, from: &str, until: &str) -> Result<Page, String> {
        let profile = self.profile.get_untracked();
        let mut all = Page::default();
        for _ in 0..PAGES {
            let mut path = ["records?kind=observation&limit=200&from=", from, "&to=", until].concat();
            if let Some(cursor) = &all.next {
                path.push_str("&cursor=");
                path.push_str(&String::from(js_sys::encode_uri_component(cursor)));
            }
            let body = records::read(&path, &profile).await.map_err(|no| self.reason(&no))?;
            let page = read_page(&body).ok_or_else(|| self.t.bad_answer.to_owned())?;
            all.found.extend(page.found);
            all.next = page.next;
            if all.next.is_none() {
                return Ok(all);
            }
        }
        // Half of a span would look like all of it.
        Err(self.t.too_many.to_owned())
    }

    /// What a value is called, what it says, and when it was taken of whom.
    fn said(self, entry: &Hormone) -> (String, String, String) {
        let lang = self.app.lang;
        let kind = entry.hormone.get().unwrap_or(HormoneKind::Other);
        let own = entry.name.known().filter(|_| kind == HormoneKind::Other).cloned();
        let name = own.unwrap_or_else(|| words::code(lang, "hormone", kind.as_str()));
        let value = entry.value.known().map(|a| words::amount(lang, a)).unwrap_or_default();
        let when = entry.at.known().map(|m| words::moment(lang, m, None));
        let whose = entry.person.get().and_then(|p| self.app.name_of(p));
        (name, value, when.into_iter().chain(whose).collect::<Vec<_>>().join(" · "))
    }
}

/// The page.
pub fn page(app: App) -> AnyView {
    let desk = Desk {
        app,
        t: words::exchange::of(app.lang),
        profile: RwSignal::new(String::new()),
        profiles: RwSignal::new(Vec::new()),
        signed_out: RwSignal::new(false),
    };
    let t = desk.t;
    let halves = move || {
        let is_known = desk.profiles.with(|p| !p.is_empty());
        is_known
            .then(|| view! { {bits::card(t.out, out::half(desk))} {bits::card(t.into, into::half(desk))} })
    };
    bits::page(t.title, t.about, view! { {bits::card(t.account, account(desk))} {halves} }.into_any())
}

fn account(desk: Desk) -> AnyView {
    let t = desk.t;
    let (busy, wrong) = (RwSignal::new(false), Wrong::new(None));
    let ask = move || {
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let answer = records::read("profiles", "").await.map_err(|no| desk.reason(&no));
            let found = answer.and_then(|b| read_profiles(&b).ok_or_else(|| t.bad_answer.to_owned()));
            busy.set(false);
            match found {
                Ok(found) => {
                    desk.profile.set(found.first().map(|p| p.id.clone()).unwrap_or_default());
                    desk.profiles.set(found);
                }
                Err(reason) => wrong.set(Some(reason)),
            }
        });
    };
    let choice = move || {
        let options: Vec<AnyView> = desk
            .profiles
            .get()
            .into_iter()
            .map(|p| view! { <option value=p.id>{p.name}</option> }.into_any())
            .collect();
        if options.is_empty() {
            return view! { <p>{t.account_about}</p> {trouble(desk, wrong)} {press(desk, "Button", t.account_ask, busy, ask)} }.into_any();
        }
        view! {
            <div class="Field">
                <label for="whose">{t.profile}</label>
                <select id="whose" on:change=move |e| desk.profile.set(event_target_value(&e))>{options}</select>
            </div>
        }
        .into_any()
    };
    choice.into_any()
}

/// Says what went wrong, with the way to sign in where that helps.
fn trouble(desk: Desk, wrong: Wrong) -> AnyView {
    let sign_in = move || {
        desk.signed_out.get().then(|| view! { <p><a class="Link" href="/login" target="_blank" rel="noopener">{desk.t.sign_in}</a></p> })
    };
    view! { {move || wrong.get().map(|text| view! { <div class="Alert" role="alert"><p>{text}</p>{sign_in}</div> })} }.into_any()
}

/// A button that asks the server, and that it does.
fn press(
    desk: Desk,
    class: &'static str,
    text: impl Into<String>,
    busy: RwSignal<bool>,
    act: impl Fn() + 'static,
) -> AnyView {
    let asking = desk.t.asking;
    view! {
        <div class="Actions">
            <button type="button" class=class disabled=move || busy.get() on:click=move |_| act()>{text.into()}</button>
            {move || busy.get().then(|| view! { <span class="Busy" role="status"><progress aria-label=asking></progress>{asking}</span> })}
        </div>
    }
    .into_any()
}

/// Which values are ticked.
#[derive(Clone, Copy)]
struct Ticked(RwSignal<BTreeSet<EntityId>>);

impl Ticked {
    fn new() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    /// Ticks one, or takes its tick away.
    fn set(self, id: EntityId, is_on: bool) {
        self.0.update(|all| {
            if is_on {
                all.insert(id)
            } else {
                all.remove(&id)
            };
        });
    }

    /// Those of a list that are ticked; `None`, and why, where none is.
    fn chosen<T: Clone>(
        self,
        desk: Desk,
        all: &[T],
        id: impl Fn(&T) -> EntityId,
        wrong: Wrong,
    ) -> Option<Vec<T>> {
        let chosen: Vec<T> =
            self.0.with_untracked(|ids| all.iter().filter(|one| ids.contains(&id(one))).cloned().collect());
        wrong.set(chosen.is_empty().then(|| desk.t.none_ticked.to_owned()));
        (!chosen.is_empty()).then_some(chosen)
    }
}

/// One value to tick; with a remark in place of the box's use where it is there already.
fn tick(
    desk: Desk,
    entry: &Hormone,
    remark: Option<&'static str>,
    locked: bool,
    checked: impl Fn(bool) + 'static,
) -> AnyView {
    let (name, value, when) = desk.said(entry);
    view! {
        <li><label class="Tick">
            <input type="checkbox" disabled=locked on:change=move |e| checked(event_target_checked(&e))/>
            <span class="Tick-what"><strong>{name}" "<span class="Tick-value">{value}</span></strong><small>{when}{remark.map(|r| [" · ", r].concat())}</small></span>
        </label></li>
    }
    .into_any()
}
