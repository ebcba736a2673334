//! The built-in answerer as a use case: nothing leaves the instance.

use crate::{actor::Actor, core::Services, error::Result};
use keepwell_ask::Context;
use keepwell_domain::view::Answer;

impl Services {
    /// Answers a question from the actor's own records, and says what the next question can go on from. Whoever
    /// calls has logged that something was asked ([`Services::ask`] does, in the transaction that keeps it).
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
        let (asked, context) = (question.to_owned(), context.clone());
        // Reading a question is work for the processor; a long one must not hold up others.
        let answering = move || keepwell_ask::answer(&facts, &asked, &context);
        let (mut answer, next) = tokio::task::spawn_blocking(answering).await?;
        self.finish_answer(actor, &mut answer).await?;
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
