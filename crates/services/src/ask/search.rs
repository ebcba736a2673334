//! Looking for words in one's own conversations. Everything in them is sealed, so each is opened.

use super::kept::{Kept, open_question, open_title};
use crate::{actor::Actor, core::Services, error::Result, keyring::ProfileKeys};
use keepwell_domain::ids::ConversationId;
use keepwell_store::conversation::{self as rows, Conversation};
use std::{collections::HashSet, sync::Arc};

/// Lower case, without the difference between `ä` and `a` and the like.
fn plain(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Whether all words stand in one of the texts.
fn holds(words: &[String], text: &str) -> bool {
    let text = plain(text);
    words.iter().all(|w| text.contains(w.as_str()))
}

impl Services {
    /// The conversations whose name, or one of whose questions or answers, holds all of the words.
    pub(super) async fn holding(
        &self,
        actor: &Actor,
        keys: &Arc<ProfileKeys>,
        all: &[Conversation],
        words: &str,
    ) -> Result<HashSet<ConversationId>> {
        let words: Vec<String> = plain(words).split_whitespace().map(str::to_owned).collect();
        let said = rows::list_all_messages(&self.0.store, actor.profile).await?;
        let (keys, titles) = (Arc::clone(keys), all.to_vec());
        let look = move || -> Result<HashSet<ConversationId>> {
            let mut found = HashSet::new();
            for c in &titles {
                if holds(&words, &open_title(&keys, c)?) {
                    found.insert(c.id);
                }
            }
            for m in &said {
                if found.contains(&m.conversation_id) {
                    continue;
                }
                let answer = Kept::open(&keys, m)?.answer.map(|a| a.plain()).unwrap_or_default();
                if holds(&words, &format!("{} {answer}", open_question(&keys, m)?)) {
                    found.insert(m.conversation_id);
                }
            }
            Ok(found)
        };
        tokio::task::spawn_blocking(look).await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        let words = |t: &str| plain(t).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(holds(&words("eisen WERT"), "Mein letzter Wert von Eisen"));
        assert!(holds(&words("grosse"), "GROSSE Sorge") && holds(&words("ubelkeit"), "Übelkeit"));
        assert!(!holds(&words("eisen zink"), "Mein letzter Wert von Eisen"));
    }
}
