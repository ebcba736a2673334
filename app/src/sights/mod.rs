//! Grants of sight over one's own records: all that there were, and one as it is watched.

pub mod api;
mod live;
mod page;

pub use page::{SightsPage, WatchPage};

use crate::{
    admin::texts,
    boot::{use_lang, use_texts},
    i18n::{Lang, fill, fmt},
    ui::piece::kind_name,
};
use keepwell_domain::sight::{SightState, SightView};
use leptos::prelude::*;

/// Who, which kinds, why, from when and how it stands. `is_admins`: with the person whom it is over.
pub(crate) fn facts(s: &SightView, is_admins: bool) -> AnyView {
    let (lang, words) = (use_lang(), use_texts());
    let t = texts::grants::of(lang);
    let kinds: Vec<&str> = s.kinds.iter().map(|k| kind_name(words, *k)).collect();
    let person = is_admins.then(
        || view! { <div><dt>{t.person}</dt><dd><code class="Code">{s.person.to_string()}</code></dd></div> },
    );
    let approver = s.approver.map(
        |a| view! { <div><dt>{t.approver}</dt><dd><code class="Code">{a.to_string()}</code></dd></div> },
    );
    let seen = (s.state != SightState::Waiting)
        .then(|| view! { <div><dt>{t.seen}</dt><dd>{fmt::count(lang, s.seen)}</dd></div> });
    view! {
        <dl class="Facts">
            <div><dt>{t.state}</dt><dd><span class="Badge is-plain">{t.state_name(s.state)}</span></dd></div>
            <div><dt>{t.kinds}</dt><dd>{kinds.join(", ")}</dd></div>
            <div><dt>{t.reason}</dt><dd>{s.reason.clone()}</dd></div>
            {person}
            <div><dt>{t.admin}</dt><dd><code class="Code">{s.admin.to_string()}</code></dd></div>
            {approver}
            <div><dt>{t.starts}</dt><dd>{fmt::ts(lang, s.starts)}</dd></div>
            <div><dt>{t.ends}</dt><dd>{fmt::ts(lang, s.ends)}</dd></div>
            {seen}
        </dl>
    }
    .into_any()
}

/// Minutes and seconds, `12:05`.
fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The time that is left. Alive, it counts down, and asks the server anew when nothing is left.
pub(crate) fn countdown(left_s: u32) -> AnyView {
    let left = RwSignal::new(left_s);
    tick(left);
    let t = texts::grants::of(use_lang());
    view! { <p class="Countdown" role="timer">{move || fill(t.left, &clock(left.get()))}</p> }.into_any()
}

#[cfg(feature = "hydrate")]
fn tick(left: RwSignal<u32>) {
    use std::time::Duration;
    let step = move || match left.try_get_untracked() {
        None | Some(0) => {}
        Some(1) => {
            let _ = left.try_set(0);
            let _ = window().location().reload();
        }
        Some(n) => {
            let _ = left.try_set(n - 1);
        }
    };
    Effect::new(move |_| {
        if let Ok(handle) = set_interval_with_handle(step, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn tick(_: RwSignal<u32>) {}

/// The language's words for these pages.
pub(crate) fn own_texts() -> &'static texts::grants::Texts {
    let lang: Lang = use_lang();
    texts::grants::of(lang)
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn time_left_is_minutes_and_seconds() {
        assert_eq!([clock(0), clock(59), clock(60), clock(3599)], ["0:00", "0:59", "1:00", "59:59"]);
    }
}
