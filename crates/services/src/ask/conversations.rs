//! Conversations as their person sees them: listed, read again, renamed, deleted.

use super::kept::{exchange, is_under_way, open_title, seal_title};
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    keyring::ProfileKeys,
};
use keepwell_domain::{
    act::Action,
    ids::ConversationId,
    view::{AskView, ConversationRow, ConversationView},
};
use keepwell_store::conversation::{self as rows, MessageState};

/// Longest name of a conversation, in characters.
pub(crate) const TITLE: usize = 120;

/// A question as the name of its conversation: one line, cut at a word.
pub(super) fn title_of(question: &str) -> String {
    const LONG: usize = 80;
    let line = question.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONG {
        return line;
    }
    let cut: String = line.chars().take(LONG).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole} …")
}

impl Services {
    /// The Ask page: conversations (those in which `search` stands, when something is looked for), the
    /// open one, and questions to begin with.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a conversation that is not there or not theirs; those of the log.
    pub async fn ask_view(
        &self,
        actor: &Actor,
        open: Option<ConversationId>,
        search: Option<&str>,
    ) -> Result<AskView> {
        let open = match open {
            Some(id) => Some(self.conversation(actor, id).await?),
            None => None,
        };
        let suggestions = if open.is_none() { self.ask_suggestions(actor).await? } else { Vec::new() };
        Ok(AskView {
            conversations: self.conversations(actor, search).await?,
            open,
            suggestions,
            provider: self.provider_of(actor).await?,
        })
    }

    /// One's conversations, the newest first; with `search`, those that hold its words.
    ///
    /// # Errors
    /// Those of the log and the store.
    pub async fn conversations(&self, actor: &Actor, search: Option<&str>) -> Result<Vec<ConversationRow>> {
        self.log_view(Act::of(actor, Action::ConversationViewed)).await?;
        let keys = self.profile_keys(actor).await?;
        let store = &self.0.store;
        let all = rows::list_conversations(store, actor.profile).await?;
        let counts = rows::count_messages(store, actor.profile).await?;
        let found = match search.map(str::trim).filter(|s| !s.is_empty()) {
            Some(words) => Some(self.holding(actor, &keys, &all, words).await?),
            None => None,
        };
        let count = |id| counts.iter().find(|c| c.conversation_id == id).map_or(0, |c| c.messages);
        all.iter()
            .filter(|c| found.as_ref().is_none_or(|f| f.contains(&c.id)))
            .map(|c| {
                Ok(ConversationRow {
                    id: c.id,
                    title: open_title(&keys, c)?,
                    changed: c.changed_at,
                    questions: u32::try_from(count(c.id)).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }

    /// A conversation, oldest question first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs; those of the log.
    pub async fn conversation(&self, actor: &Actor, id: ConversationId) -> Result<ConversationView> {
        let row = rows::get_conversation(&self.0.store, actor.profile, id).await?;
        self.log_view(Act::of(actor, Action::ConversationViewed).on(id.uuid())).await?;
        let keys = self.profile_keys(actor).await?;
        let said = rows::list_messages(&self.0.store, actor.profile, id).await?;
        let now = self.now();
        Ok(ConversationView {
            id,
            title: open_title(&keys, &row)?,
            exchanges: said.iter().map(|m| exchange(&keys, m, now)).collect::<Result<_>>()?,
        })
    }

    /// Gives a conversation another name.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `title`; [`ServiceError::NotFound`].
    pub async fn rename_conversation(&self, actor: &Actor, id: ConversationId, title: &str) -> Result<()> {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().count() > TITLE || title.chars().any(char::is_control) {
            let why = actor.lang.pick("A name has 1 to 120 characters.", "Ein Name hat 1 bis 120 Zeichen.");
            return Err(ServiceError::invalid("title", why));
        }
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.0.store.begin().await?;
        let row = rows::get_conversation(&mut tx, actor.profile, id).await?;
        let sealed = seal_title(&keys, id, row.row_version + 1, &title)?;
        rows::update_title(&mut tx, actor.profile, id, row.row_version, &sealed).await?;
        self.log(&mut tx, Act::of(actor, Action::ConversationChanged).on(id.uuid())).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a conversation with all that was said in it; what is under way in it is stopped.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn delete_conversation(&self, actor: &Actor, id: ConversationId) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let said = rows::list_messages(&mut tx, actor.profile, id).await?;
        rows::delete_conversation(&mut tx, actor.profile, id).await?;
        self.log(&mut tx, Act::of(actor, Action::ConversationDeleted).on(id.uuid())).await?;
        tx.commit().await?;
        said.iter().for_each(|m| self.0.asking.stop(m.id));
        Ok(())
    }

    /// Deletes all of one's conversations, and says how many there were.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn delete_conversations(&self, actor: &Actor) -> Result<u64> {
        let mut tx = self.0.store.begin().await?;
        let said = rows::list_all_messages(&mut tx, actor.profile).await?;
        let gone = rows::delete_conversations(&mut tx, actor.profile).await?;
        self.log(&mut tx, Act::of(actor, Action::ConversationDeleted)).await?;
        tx.commit().await?;
        said.iter().for_each(|m| self.0.asking.stop(m.id));
        Ok(gone)
    }

    /// Stops what is under way in a conversation; nothing happens when nothing is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a conversation that is not there or not theirs.
    pub async fn stop_answer(&self, actor: &Actor, id: ConversationId) -> Result<()> {
        let now = self.now();
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.0.store.begin().await?;
        rows::get_conversation(&mut tx, actor.profile, id).await?;
        let said = rows::list_messages(&mut tx, actor.profile, id).await?;
        let under_way: Vec<_> = said.iter().filter(|m| is_under_way(m, now)).collect();
        if under_way.is_empty() {
            return Ok(tx.rollback().await?);
        }
        for m in &under_way {
            self.close_stopped(&mut tx, actor, &keys, m).await?;
        }
        self.log(&mut tx, Act::of(actor, Action::Asked).on(id.uuid()).with("stopped")).await?;
        tx.commit().await?;
        under_way.iter().for_each(|m| self.0.asking.stop(m.id));
        Ok(())
    }

    async fn close_stopped(
        &self,
        tx: &mut keepwell_store::Tx,
        actor: &Actor,
        keys: &ProfileKeys,
        m: &rows::Message,
    ) -> Result<()> {
        let said = self.0.asking.said(m.id);
        let kept = super::turn::stopped(said);
        let sealed = kept.seal(keys, m.id, m.row_version + 1)?;
        let to = (MessageState::Stopped, Some(&sealed));
        Ok(rows::update_message(tx, actor.profile, m.id, m.row_version, to, self.now()).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn a_long_question_is_cut_at_a_word() {
        assert_eq!(title_of(" What was\nmy ferritin? "), "What was my ferritin?");
        let long = title_of(&"ferritin ".repeat(20));
        assert!(long.ends_with("ferritin …") && long.chars().count() <= 82, "{long}");
        assert_eq!(title_of(&"ä".repeat(100)).chars().count(), 82);
    }
}
