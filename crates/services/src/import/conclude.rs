//! What a document says of itself once it was read: state, counts, warnings, questions.

use super::{Outcome, collect::Draft, person};
use crate::documents::meta::{Meta, clean_name, format_words};
use keepwell_domain::locator::Locator;
use keepwell_parsers::{
    error::ParseError,
    sink::{ChildOutcome, Question, Summary},
};
use keepwell_store::document::DocumentState;

/// The document that was brought.
pub(super) fn document(mut meta: Meta, draft: &Draft, outcome: &Outcome) -> (DocumentState, Meta) {
    meta.reason = None;
    meta.questions.clear();
    fill(&mut meta, draft);
    let state = match outcome {
        Outcome::Read(summary) => {
            describe(&mut meta, summary);
            open_or_done(&meta)
        }
        Outcome::Kept { reason, media_type, format } => {
            (meta.reason, meta.media_type, meta.format) =
                (Some(reason.clone()), media_type.clone(), format.clone());
            DocumentState::Done
        }
        Outcome::Failed(sentence) => {
            meta.reason = Some(sentence.clone());
            DocumentState::Failed
        }
    };
    (state, meta)
}

/// A document that was read before and could not be read this time: what was there stays.
pub(super) fn unchanged(mut meta: Meta, outcome: &Outcome) -> (DocumentState, Meta) {
    let why = match outcome {
        Outcome::Read(_) => "",
        Outcome::Kept { reason, .. } | Outcome::Failed(reason) => reason,
    };
    meta.reason = Some(format!("Reading it again did not work, so what was read before stays. {why}"));
    (open_or_done(&meta), meta)
}

/// A file inside an archive.
pub(super) fn part(draft: &Draft) -> (DocumentState, Meta) {
    let mut meta = Meta::default();
    if let Some(c) = &draft.child {
        meta.name = clean_name(&c.name);
        (meta.media_type, meta.format) = (c.media_type.clone(), format_words(c.format).to_owned());
    }
    fill(&mut meta, draft);
    let state = match &draft.outcome {
        Some(ChildOutcome::Read(s)) => {
            describe(&mut meta, s);
            open_or_done(&meta)
        }
        Some(ChildOutcome::NotRead(e)) => {
            meta.reason = Some(e.to_string());
            if matches!(e, ParseError::Refused(_)) { DocumentState::Done } else { DocumentState::Failed }
        }
        None => {
            meta.reason = Some("Reading ended before this part.".to_owned());
            DocumentState::Failed
        }
    };
    (state, meta)
}

/// A document about somebody else, of which nothing is read in.
pub(super) fn stranger(meta: &mut Meta, keep: bool) -> DocumentState {
    meta.read.clear();
    meta.questions.clear();
    (meta.samples, meta.who) = (0, None);
    if keep {
        let kept = "It names another person and is kept only as a document, as you chose.";
        meta.reason = Some(kept.to_owned());
        return DocumentState::Done;
    }
    meta.reason = Some("It names another person; nothing was read in.".to_owned());
    DocumentState::Review
}

/// `Review` while anything waits for the person's word.
pub(crate) fn open_or_done(meta: &Meta) -> DocumentState {
    if meta.questions.is_empty() && meta.waiting == 0 { DocumentState::Done } else { DocumentState::Review }
}

/// The question about a document, or parts of it, that name somebody else.
pub(super) fn ask_person(meta: &mut Meta, names: &[String], others: String) {
    meta.questions.retain(|q| !matches!(q, Question::OtherPerson { .. }));
    meta.questions.push(Question::OtherPerson { here: names.join("; "), others });
}

fn describe(meta: &mut Meta, s: &Summary) {
    meta.media_type.clone_from(&s.media_type);
    format_words(s.format).clone_into(&mut meta.format);
    meta.read.clone_from(&s.read);
    meta.skipped.clone_from(&s.skipped);
    meta.questions.clone_from(&s.questions);
    meta.heading.clone_from(&s.heading);
}

fn fill(meta: &mut Meta, draft: &Draft) {
    meta.warnings = draft.warnings.iter().map(|w| (place_words(&w.locator), w.reason.clone())).collect();
    meta.subject = draft.subject.as_ref().and_then(person::words);
    meta.who.clone_from(&draft.subject);
    meta.samples = draft.samples;
    meta.waiting = 0;
}

/// A place in words.
pub(crate) fn place_words(l: &Locator) -> String {
    match l {
        Locator::Path { path, .. } => path.clone(),
        Locator::Row { line, .. } => format!("line {line}"),
        Locator::Whole => String::new(),
        Locator::Typed => "typed".to_owned(),
    }
}
