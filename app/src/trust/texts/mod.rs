//! The words of these pages. They stay on the server: no browser needs them twice.

mod de;
mod en;

use super::claim::Claim;
use crate::i18n::Lang;

/// The words of a claim.
pub struct ClaimText {
    /// What it is about, in a few words.
    pub name: &'static str,
    /// The promise, one plain sentence.
    pub promise: &'static str,
    /// What the instance does to try it.
    pub tried: &'static str,
    /// What it means when it is off here; empty when it cannot be off.
    pub off: &'static str,
    /// How to try it oneself: a command. `{origin}` and `{host}` are this instance's.
    pub command: &'static str,
}

/// The other words of these pages.
pub struct TrustTexts {
    pub security: &'static str,
    pub security_context: &'static str,
    pub security_intro: &'static str,
    pub promises: &'static str,
    pub holds: &'static str,
    pub off: &'static str,
    pub broken: &'static str,
    pub unknown: &'static str,
    pub tried: &'static str,
    pub never_tried: &'static str,
    pub try_it: &'static str,
    pub not_promised: &'static str,
    pub limits_of_it: &'static [&'static str],
    pub for_machines: &'static str,
    pub broken_text: &'static str,
    pub privacy: &'static str,
    pub privacy_context: &'static str,
    pub terms: &'static str,
    pub terms_context: &'static str,
    pub disclosure: &'static str,
    pub disclosure_context: &'static str,
    pub report_text: &'static str,
    pub report_hint: &'static str,
    pub report_contact: &'static str,
    pub report_contact_hint: &'static str,
    pub report_send: &'static str,
    pub report_thanks: &'static str,
    pub report_number: &'static str,
    pub report_empty: &'static str,
    pub report_long: &'static str,
    pub report_full: &'static str,
    pub contact_operator: &'static str,
}

/// The words of a claim in a language.
#[must_use]
pub fn claim(lang: Lang, claim: Claim) -> ClaimText {
    match lang {
        Lang::En => en::claim(claim),
        Lang::De => de::claim(claim),
    }
}

/// All other words in a language.
#[must_use]
pub const fn texts(lang: Lang) -> &'static TrustTexts {
    match lang {
        Lang::En => &en::TEXTS,
        Lang::De => &de::TEXTS,
    }
}
