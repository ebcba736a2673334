//! Small pieces that several pages show: a standing in words, a value, a kind's name.

use crate::i18n::Texts;
use keepwell_domain::{
    record::Kind,
    view::{DocumentState, Shown, Standing},
};
use leptos::prelude::*;

/// The word for a standing outside the range; nothing for the others.
#[must_use]
pub fn standing_word(t: &Texts, s: Standing) -> Option<&'static str> {
    match s {
        Standing::Unknown | Standing::Within => None,
        Standing::Low => Some(t.low),
        Standing::High => Some(t.high),
        Standing::Abnormal => Some(t.abnormal),
    }
}

/// The badge for a standing outside the range: a shape and a word.
pub fn badge(t: &'static Texts, s: Standing) -> AnyView {
    let Some(word) = standing_word(t, s) else { return ().into_any() };
    let class = match s {
        Standing::Low => "Badge is-low",
        Standing::High => "Badge is-high",
        _ => "Badge is-abnormal",
    };
    view! { <span class=class>{word}</span> }.into_any()
}

/// A value as printed: comparator, number or text, unit.
#[must_use]
pub fn value_text(v: &Shown) -> String {
    let mut s = v.comparator.clone();
    s.push_str(&v.text);
    if !v.unit.is_empty() {
        s.push('\u{a0}');
        s.push_str(&v.unit);
    }
    s
}

/// The name of a kind of records, in the plural.
#[must_use]
pub const fn kind_name(t: &Texts, k: Kind) -> &'static str {
    match k {
        Kind::Observation => t.kind_observation,
        Kind::Condition => t.kind_condition,
        Kind::Medication => t.kind_medication,
        Kind::Allergy => t.kind_allergy,
        Kind::Immunization => t.kind_immunization,
        Kind::Procedure => t.kind_procedure,
        Kind::Encounter => t.kind_encounter,
        Kind::DiagnosticReport => t.kind_report,
        Kind::Note => t.kind_note,
    }
}

/// The word for a document's state.
#[must_use]
pub const fn state_name(t: &Texts, s: DocumentState) -> &'static str {
    match s {
        DocumentState::Queued => t.state_queued,
        DocumentState::Reading => t.state_reading,
        DocumentState::Review => t.state_review,
        DocumentState::Done => t.state_done,
        DocumentState::Failed => t.state_failed,
    }
}
