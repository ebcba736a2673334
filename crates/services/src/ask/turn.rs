//! One question and its answer: asked and kept at once, answered beside the request, stopped when nobody
//! listens any more.

use super::{
    conversations::title_of,
    kept::{Kept, is_under_way, open_question, seal_question, seal_title},
    running::UnderWay,
    talk::Earlier,
};
use crate::{
    actor::Actor,
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::ProfileKeys,
};
use futures::{
    StreamExt,
    stream::{self, BoxStream, Stream},
};
use keepwell_domain::{
    act::Action,
    ids::{ConversationId, MessageId},
    view::{Answer, AskEvent, Block, Line, Span},
};
use keepwell_store::{
    StoreError, Tx,
    conversation::{self as rows, MessageState},
};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Longest question, in characters.
pub(crate) const LONGEST: usize = 2_000;
/// Events that wait for a slow listener.
const AHEAD: usize = 32;

/// A question as it is asked.
pub struct Question {
    /// Its words.
    pub text: String,
    /// The conversation that it goes on; a new one when `None`.
    pub conversation: Option<ConversationId>,
    /// Whether it must not leave the instance.
    pub builtin: bool,
}

/// A question that was taken. Dropping this stops the answer.
pub struct Turn {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message that the answer will be.
    pub message: MessageId,
    events: mpsc::Receiver<AskEvent>,
}

impl Turn {
    /// What happens, [`AskEvent::Begun`] first.
    pub fn events(self) -> impl Stream<Item = AskEvent> + Send + use<> {
        let begun = AskEvent::Begun { conversation: self.conversation, message: self.message };
        let rest =
            stream::unfold(self.events, |mut events| async move { events.recv().await.map(|e| (e, events)) });
        stream::iter([begun]).chain(rest)
    }

    /// Waits for the end: [`AskEvent::Done`] or [`AskEvent::Failed`]; `None` when it was stopped.
    pub async fn end(mut self) -> Option<AskEvent> {
        let mut last = None;
        while let Some(event) = self.events.recv().await {
            last = Some(event);
        }
        last.filter(|e| matches!(e, AskEvent::Done { .. } | AskEvent::Failed { .. }))
    }

    /// Waits for the end, but no longer than `most`: the answer then goes on without a listener.
    pub async fn wait(self, most: std::time::Duration) {
        let whole = tokio::spawn(self.end());
        let _ = tokio::time::timeout(most, whole).await;
    }
}

/// What an answerer says, one after the other; the last is `Done` or `Failed`.
pub(super) enum Said {
    /// On the way.
    OnTheWay(AskEvent),
    /// The answer, and what the next question may refer to.
    Done(Box<Answer>, Option<serde_json::Value>),
    /// There is none.
    Failed {
        /// A plain sentence.
        reason: String,
        /// Whether asking again can help.
        again: bool,
    },
}

/// A question with what came before it in its conversation.
pub(super) struct Asking {
    pub text: String,
    pub conversation: ConversationId,
    pub builtin: bool,
    pub before: Before,
}

/// What was said before in a conversation.
#[derive(Default)]
pub(super) struct Before {
    /// What the question may refer to.
    context: Option<serde_json::Value>,
    /// Questions and answers, oldest first.
    earlier: Vec<Earlier>,
}

/// What is kept of an answer that was stopped. What had been said was not checked to its end, so no value
/// of it is linked.
pub(super) fn stopped(said: Line) -> Kept {
    let is_said = said.iter().any(|s| match s {
        Span::Text { text } | Span::Value { text, .. } | Span::Unverified { text } => !text.trim().is_empty(),
    });
    let unlinked = |s: Span| match s {
        Span::Value { text, .. } => Span::Unverified { text },
        other => other,
    };
    let line: Line = said.into_iter().map(unlinked).collect();
    let answer = || Answer { blocks: vec![Block::Paragraph { line }], ..Answer::default() };
    Kept { answer: is_said.then(answer), again: true, ..Kept::default() }
}

fn checked(actor: &Actor, text: &str) -> Result<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let why = if text.is_empty() {
        actor.lang.pick("Please type a question.", "Bitte geben Sie eine Frage ein.")
    } else if text.chars().count() > LONGEST {
        actor.lang.pick("A question has at most 2,000 characters.", "Eine Frage hat höchstens 2.000 Zeichen.")
    } else {
        return Ok(text);
    };
    Err(ServiceError::invalid("question", why))
}

impl Services {
    /// Takes a question: it is kept and in the log when this returns, and its answer is under way.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `question`; [`ServiceError::NotFound`] for a conversation that
    /// is not there or not theirs; [`ServiceError::Conflict`] while another answer of it is under way;
    /// [`ServiceError::Spent`].
    pub async fn ask(&self, actor: &Actor, question: Question) -> Result<Turn> {
        let text = checked(actor, &question.text)?;
        let keys = self.profile_keys(actor).await?;
        let (id, now) = (fresh::<MessageId>(), self.now());
        let question_sealed = seal_question(&keys, id, &text)?;
        let mut tx = self.0.store.begin().await?;
        self.count_question(&mut tx, actor).await?;
        let (conversation, before) = match question.conversation {
            Some(id) => (id, self.said_before(&mut tx, actor, &keys, id, None).await?),
            None => {
                let id = fresh::<ConversationId>();
                let title = seal_title(&keys, id, 1, &title_of(&text))?;
                rows::insert_conversation(&mut tx, actor.profile, id, &title, (now, now)).await?;
                (id, Before::default())
            }
        };
        let new = rows::NewMessage {
            id,
            conversation_id: conversation,
            state: MessageState::Asked,
            question_sealed: &question_sealed,
            answer_sealed: None,
            asked_at: now,
        };
        rows::insert_message(&mut tx, actor.profile, &new).await?;
        rows::touch_conversation(&mut tx, actor.profile, conversation, now).await?;
        self.log(&mut tx, Act::of(actor, Action::Asked).on(conversation.uuid())).await?;
        tx.commit().await?;
        let asking = Asking { text, conversation, builtin: question.builtin, before };
        Ok(self.begin_turn(actor, keys, (id, 1), asking))
    }

    /// Asks the same question again; its new answer takes the place of the old one.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Conflict`] while it, or another answer of the
    /// conversation, is under way; [`ServiceError::Spent`].
    pub async fn ask_again(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        message: MessageId,
        builtin: bool,
    ) -> Result<Turn> {
        let keys = self.profile_keys(actor).await?;
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        let row = rows::get_message(&mut tx, actor.profile, conversation, message).await?;
        self.count_question(&mut tx, actor).await?;
        let before = self.said_before(&mut tx, actor, &keys, conversation, Some(message)).await?;
        let to = (MessageState::Asked, None);
        // As deleting takes them: the conversation, then what was said in it.
        rows::touch_conversation(&mut tx, actor.profile, conversation, now).await?;
        rows::update_message(&mut tx, actor.profile, message, row.row_version, to, now).await?;
        self.log(&mut tx, Act::of(actor, Action::Asked).on(conversation.uuid()).with("again")).await?;
        tx.commit().await?;
        let asking = Asking { text: open_question(&keys, &row)?, conversation, builtin, before };
        Ok(self.begin_turn(actor, keys, (message, row.row_version + 1), asking))
    }

    /// What was said in a conversation before `until`, or all of it.
    async fn said_before(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        keys: &ProfileKeys,
        id: ConversationId,
        until: Option<MessageId>,
    ) -> Result<Before> {
        rows::get_conversation(&mut *tx, actor.profile, id).await?;
        let (said, now) = (rows::list_messages(tx, actor.profile, id).await?, self.now());
        if said.iter().any(|m| is_under_way(m, now)) {
            return Err(ServiceError::Conflict);
        }
        let mut before = Before::default();
        for m in said.iter().take_while(|m| Some(m.id) != until) {
            let kept = Kept::open(keys, m)?;
            before.context = kept.context.or(before.context);
            if let Some(answer) = kept.answer {
                before.earlier.push(Earlier { question: open_question(keys, m)?, answer });
            }
        }
        Ok(before)
    }

    /// Has a question answered beside the request.
    fn begin_turn(
        &self,
        actor: &Actor,
        keys: Arc<ProfileKeys>,
        at: (MessageId, i64),
        asking: Asking,
    ) -> Turn {
        let (events, listener) = mpsc::channel(AHEAD);
        let turn = Turn { conversation: asking.conversation, message: at.0, events: listener };
        let work = Work { services: self.clone(), actor: actor.clone(), keys, at, asking, events };
        let under_way = self.0.asking.begin(at.0);
        tokio::spawn(work.run(under_way));
        turn
    }

    /// Who answers, and what is said.
    fn answering<'a>(&'a self, actor: &'a Actor, asking: &'a Asking) -> BoxStream<'a, Said> {
        stream::once(self.goes_out(actor, asking))
            .flat_map(move |out| match out {
                Ok(true) => self.say_model(actor, asking).boxed(),
                Ok(false) => stream::once(self.say_builtin(actor, asking)).boxed(),
                Err(e) => stream::once(std::future::ready(failure(actor, &e))).boxed(),
            })
            .boxed()
    }

    /// Whether a question goes to a model: not against the person's word, and not without their consent.
    async fn goes_out(&self, actor: &Actor, asking: &Asking) -> Result<bool> {
        Ok(!asking.builtin && self.asks_model(actor).await?)
    }

    fn say_model<'a>(&'a self, actor: &'a Actor, asking: &'a Asking) -> impl Stream<Item = Said> + Send + 'a {
        self.ask_model(actor, &asking.before.earlier, &asking.text).map(|event| match event {
            AskEvent::Done { answer } => Said::Done(answer, None),
            AskEvent::Failed { reason, again } => Said::Failed { reason, again },
            event => Said::OnTheWay(event),
        })
    }

    async fn say_builtin(&self, actor: &Actor, asking: &Asking) -> Said {
        let context =
            asking.before.context.clone().and_then(|c| serde_json::from_value(c).ok()).unwrap_or_default();
        match self.answer_builtin(actor, &asking.text, &context).await {
            Ok((answer, context)) => Said::Done(Box::new(answer), serde_json::to_value(context).ok()),
            Err(e) => failure(actor, &e),
        }
    }
}

/// What a person is told when their records could not be looked at.
pub(super) fn failure(actor: &Actor, e: &ServiceError) -> Said {
    let reason = match e {
        ServiceError::Ended => actor.lang.pick("You were signed out.", "Sie wurden abgemeldet."),
        _ => actor.lang.pick(
            "Your records could not be looked at just now. Please ask again in a moment.",
            "Ihre Einträge konnten gerade nicht gelesen werden. Bitte fragen Sie gleich noch einmal.",
        ),
    };
    Said::Failed { reason: reason.to_owned(), again: !matches!(e, ServiceError::Ended) }
}

/// An answer under way.
struct Work {
    services: Services,
    actor: Actor,
    keys: Arc<ProfileKeys>,
    /// The message, and its row version while it is under way.
    at: (MessageId, i64),
    asking: Asking,
    events: mpsc::Sender<AskEvent>,
}

impl Work {
    async fn run(self, under_way: UnderWay) {
        let last = tokio::select! {
            // Stopped first: what was answered in the same moment is not wanted any more.
            biased;
            () = under_way.stopped() => None,
            () = self.events.closed() => None,
            last = self.answer(&under_way) => last,
        };
        let (state, kept, event) = match last {
            Some(Said::Done(answer, context)) => {
                let kept = Kept { answer: Some((*answer).clone()), context, ..Kept::default() };
                (MessageState::Answered, kept, Some(AskEvent::Done { answer }))
            }
            Some(Said::Failed { reason, again }) => {
                let kept = Kept { reason: Some(reason.clone()), again, ..Kept::default() };
                (MessageState::Failed, kept, Some(AskEvent::Failed { reason, again }))
            }
            Some(Said::OnTheWay(_)) | None => (MessageState::Stopped, stopped(under_way.said()), None),
        };
        let written = self.keep(state, &kept).await;
        drop(under_way);
        match (written, event) {
            (Ok(true), Some(event)) => drop(self.events.send(event).await),
            (Err(e), _) => {
                if let Said::Failed { reason, again } = failure(&self.actor, &e) {
                    let _ = self.events.send(AskEvent::Failed { reason, again }).await;
                }
            }
            _ => {}
        }
    }

    /// Passes on what is said, to the last.
    async fn answer(&self, under_way: &UnderWay) -> Option<Said> {
        let mut said = self.services.answering(&self.actor, &self.asking);
        while let Some(next) = said.next().await {
            match next {
                Said::OnTheWay(event) => {
                    if let AskEvent::Delta { line } = &event {
                        under_way.say(line);
                    }
                    if self.events.send(event).await.is_err() {
                        return None;
                    }
                }
                last => return Some(last),
            }
        }
        None
    }

    /// Keeps how it ended; false when it was stopped or deleted from elsewhere meanwhile.
    async fn keep(&self, state: MessageState, kept: &Kept) -> Result<bool> {
        let (id, version) = self.at;
        let services = &self.services;
        let sealed = kept.seal(&self.keys, id, version + 1)?;
        let mut tx = services.0.store.begin().await?;
        let to = (state, Some(&sealed));
        match rows::update_message(&mut tx, self.actor.profile, id, version, to, services.now()).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(true)
            }
            Err(StoreError::NotFound | StoreError::Conflict { .. }) => {
                tx.rollback().await?;
                Ok(false)
            }
            Err(e) => Err(e.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_stopped_answer_looks_checked() {
        let text = |t: &str| Span::Text { text: t.to_owned() };
        let value = Span::Value { text: "45 µg/l".to_owned(), receipt: 0 };
        let kept = stopped(vec![text("It was "), value]);
        let line = vec![text("It was "), Span::Unverified { text: "45 µg/l".to_owned() }];
        assert!(kept.answer.is_some_and(|a| a.blocks == [Block::Paragraph { line }]));
        assert!(stopped(vec![text(" ")]).answer.is_none());
    }
}
