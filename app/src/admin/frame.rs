//! The rail of the admin area, its hairline, and the refusal of everybody else.

use super::texts;
use crate::{
    boot::{use_boot, use_lang, use_texts},
    frame::brand,
    ui::{
        icon::Icon,
        state::{NotFound, enrol_first, sign_in_again},
    },
};
use keepwell_domain::role::Role;
use leptos::prelude::*;
use leptos_router::components::A;

/// A place of the admin area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// How the instance does.
    Dashboard,
    /// Accounts.
    People,
    /// Sights of records that were granted for a while.
    Grants,
    /// The log of what was done.
    Log,
    /// Settings of the instance.
    Settings,
    /// Reports of weaknesses, and of what browsers refused to load.
    Reports,
}

impl Place {
    /// All, in the order of the rail.
    pub const ALL: [Self; 6] =
        [Self::Dashboard, Self::People, Self::Grants, Self::Log, Self::Settings, Self::Reports];

    /// Its address.
    #[must_use]
    pub const fn href(self) -> &'static str {
        match self {
            Self::Dashboard => "/admin",
            Self::People => "/admin/people",
            Self::Grants => "/admin/grants",
            Self::Log => "/admin/log",
            Self::Settings => "/admin/settings",
            Self::Reports => "/admin/reports",
        }
    }

    /// Whether somebody of this role has it. What the server gives out is bound to the role by type; this draws the
    /// rail, and the page that does not exist.
    #[must_use]
    pub const fn is_open_to(self, role: Role) -> bool {
        match role {
            Role::Admin => true,
            Role::Support => matches!(self, Self::People),
            Role::Auditor => matches!(self, Self::Log),
            Role::Person => false,
        }
    }

    /// The first place of a role; nothing for a person.
    #[must_use]
    pub fn first_of(role: Role) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.is_open_to(role))
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Dashboard => Icon::Overview,
            Self::People => Icon::Person,
            Self::Grants => Icon::Key,
            Self::Log => Icon::Timeline,
            Self::Settings => Icon::More,
            Self::Reports => Icon::Watch,
        }
    }
}

/// A page of the admin area in its frame. `page` is drawn for whoever may see the place, and for nobody else.
pub fn framed(place: Place, page: impl FnOnce() -> AnyView) -> AnyView {
    let boot = use_boot();
    if !boot.signed_in {
        return sign_in_again();
    }
    if !place.is_open_to(boot.role) {
        // To the letter what an address shows that leads nowhere.
        return view! { <main id="main" class="Public"><NotFound/></main> }.into_any();
    }
    if boot.must_enrol {
        return enrol_first();
    }
    let (t, own) = (use_texts(), texts::frame(use_lang()));
    let places = Place::ALL
        .into_iter()
        .filter(|p| p.is_open_to(boot.role))
        .map(|p| {
            // The first one's address begins all others'.
            let here = (p == place).then_some("page");
            view! { <li><a href=p.href() aria-current=here>{p.icon().view()}<span>{own.name(p)}</span></a></li> }
        })
        .collect_view();
    view! {
        <a class="Skip" href="#main" rel="external">{t.skip}</a>
        <div class="Frame is-admin">
            <header class="Top">
                {brand(Place::first_of(boot.role).map_or("/", Place::href))}
                <p class="AdminMark">{own.area} <A href="/settings" attr:class="Link">{own.leave}</A></p>
            </header>
            <nav class="Places" aria-label=own.places><ul>{places}</ul></nav>
            <main id="main" class="Main" tabindex="-1">{page()}</main>
        </div>
    }
    .into_any()
}
