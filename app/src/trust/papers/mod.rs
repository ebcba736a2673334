//! The papers: privacy and terms. Each paragraph says what this version really does; whoever changes
//! that changes the paper with it.

mod de;
mod en;

use super::{
    document::{PageInfo, page},
    texts::texts,
};
use crate::i18n::Lang;
use leptos::prelude::*;

/// A heading with its paragraphs.
type Section = (&'static str, &'static [&'static str]);

/// A paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// What is kept about a person.
    Privacy,
    /// What both sides may expect.
    Terms,
}

impl Paper {
    const fn sections(self, lang: Lang) -> &'static [Section] {
        match (self, lang) {
            (Self::Privacy, Lang::En) => en::PRIVACY,
            (Self::Privacy, Lang::De) => de::PRIVACY,
            (Self::Terms, Lang::En) => en::TERMS,
            (Self::Terms, Lang::De) => de::TERMS,
        }
    }

    /// The paper as HTML. `operator` is how to reach whoever runs the instance, when they said so.
    #[must_use]
    pub fn html(self, info: PageInfo, operator: Option<&str>) -> String {
        let t = texts(info.lang);
        let (title, context) = match self {
            Self::Privacy => (t.privacy, t.privacy_context),
            Self::Terms => (t.terms, t.terms_context),
        };
        let sections = self
            .sections(info.lang)
            .iter()
            .map(|(heading, paragraphs)| {
                let paragraphs = paragraphs.iter().map(|p| view! { <p>{*p}</p> }).collect_view();
                view! { <h2>{*heading}</h2> {paragraphs} }
            })
            .collect_view();
        let contact = operator.map(|c| {
            let c = c.to_owned();
            view! { <p>{t.contact_operator} " " <strong>{c}</strong></p> }
        });
        page(info, title, context, view! { <section class="Prose">{contact} {sections}</section> })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_languages_have_the_same_sections() {
        for paper in [Paper::Privacy, Paper::Terms] {
            let (en, de) = (paper.sections(Lang::En), paper.sections(Lang::De));
            assert_eq!(en.len(), de.len(), "{paper:?}");
            for (a, b) in en.iter().zip(de) {
                assert_eq!(a.1.len(), b.1.len(), "{}", a.0);
                assert_ne!(a.0, b.0);
            }
        }
    }
}
