//! Several persons under one login: which one is in use, and their coming and going.

pub mod api;
mod page;
mod switcher;

pub use page::ProfilesPage;
pub use switcher::{NowShowing, Switcher};

use crate::i18n::Texts;
use keepwell_domain::{profile::Relation, view::ProfileRef};

/// Where profiles are managed, and where the forms of the switcher are sent.
pub const PAGE: &str = "/settings/profiles";

/// A profile's name as it is shown: the demo person is always named as one.
#[must_use]
pub fn shown_name(t: &Texts, p: &ProfileRef) -> String {
    if p.is_demo { t.demo_person.to_owned() } else { p.name.clone() }
}

/// A relation in words.
#[must_use]
pub const fn relation_name(t: &Texts, r: Relation) -> &'static str {
    match r {
        Relation::SelfPerson => t.relation_self,
        Relation::Child => t.relation_child,
        Relation::Parent => t.relation_parent,
        Relation::Partner => t.relation_partner,
        Relation::Other => t.relation_other,
    }
}
