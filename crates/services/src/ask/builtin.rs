//! The built-in answerer as a use case: nothing leaves the instance.

use crate::{actor::Actor, audit::Act, core::Services, error::Result};
use keepwell_ask::Context;
use keepwell_domain::{act::Action, view::Answer};

impl Services {
    /// Answers a question from the actor's own records, and says what the next question can go on from. The
    /// log learns that something was asked, never what.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn answer_builtin(
        &self,
        actor: &Actor,
        question: &str,
        context: &Context,
    ) -> Result<(Answer, Context)> {
        let facts = self.facts(actor).await?;
        self.log_view(Act::of(actor, Action::Asked)).await?;
        let (asked, context) = (question.to_owned(), context.clone());
        // Reading a question is work for the processor; a long one must not hold up others.
        let answering = move || keepwell_ask::answer(&facts, &asked, &context);
        let (mut answer, next) = tokio::task::spawn_blocking(answering).await?;
        self.place_receipts(actor, &mut answer.receipts).await?;
        Ok((answer, next))
    }

    /// Questions to begin with, made from what the records hold.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ask_suggestions(&self, actor: &Actor) -> Result<Vec<String>> {
        Ok(keepwell_ask::suggestions(&self.facts(actor).await?))
    }
}
