//! What a document says of itself once it was read: state, counts, warnings, questions.

use super::{Outcome, collect::Draft, person};
use crate::documents::meta::{Meta, clean_name, format_words};
use keepwell_parsers::{
    reason::{Fate, Spot, Why},
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
                (Some(reason.clone().into()), media_type.clone(), format.clone());
            DocumentState::Done
        }
        Outcome::Failed(why) => {
            meta.reason = Some(why.clone().into());
            DocumentState::Failed
        }
    };
    (state, meta)
}

/// A document that was read before and could not be read this time: what was there stays.
pub(super) fn unchanged(mut meta: Meta, outcome: &Outcome) -> (DocumentState, Meta) {
    if let Outcome::Kept { reason, .. } | Outcome::Failed(reason) = outcome {
        meta.reason = Some(Why::Again(Box::new(reason.clone())).into());
    }
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
            meta.reason = Some(e.clone().into());
            let is_kept = draft.child.as_ref().is_some_and(|c| c.format.is_kept_despite(e));
            if is_kept { DocumentState::Done } else { DocumentState::Failed }
        }
        None => {
            meta.reason = Some(Fate::NotReached.into());
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
        meta.reason = Some(Fate::OtherPersonKept.into());
        return DocumentState::Done;
    }
    meta.reason = Some(Fate::OtherPersonWaits.into());
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
    meta.warnings = draft.warnings.iter().map(|w| (Spot::from(&w.locator), w.why.clone().into())).collect();
    meta.subject = draft.subject.as_ref().and_then(person::words);
    meta.who.clone_from(&draft.subject);
    meta.samples = draft.samples;
    meta.waiting = 0;
}
