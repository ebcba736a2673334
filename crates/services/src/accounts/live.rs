//! Everything that a changed password, address, factor or role ends, and the question that work
//! under way asks before it goes on.

use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::ids::AccountId;
use keepwell_store::{Tx, access, account as rows, account_token as token, factor, mail, session};

impl Services {
    /// Refuses to go on when the session has ended since the request was let in: signed out,
    /// replaced by a new generation, the account closed. Asked inside the transaction of a write,
    /// before it commits; whoever ends the session waits for that commit or comes before it.
    ///
    /// # Errors
    /// [`ServiceError::Ended`].
    pub(crate) async fn still_live(&self, tx: &mut Tx, actor: &Actor) -> Result<()> {
        match (actor.session, actor.token()) {
            (Some(hash), _) => self.still_open(tx, hash).await,
            (None, Some(token)) => {
                let live = access::is_still_live(tx, token, self.now()).await?;
                if live { Ok(()) } else { Err(ServiceError::Ended) }
            }
            (None, None) => Ok(()),
        }
    }

    /// A transaction of an act by a person who is let in still. That is asked before anything else: everybody takes the
    /// account's row first, and what is theirs after it, so that no two wait for each other.
    ///
    /// # Errors
    /// As [`Self::still_live`].
    pub(crate) async fn begin_by(&self, actor: &Actor) -> Result<Tx> {
        let mut tx = self.0.store.begin().await?;
        self.still_live(&mut tx, actor).await?;
        Ok(tx)
    }

    /// The same for a session by the hash of its token.
    pub(crate) async fn still_open(&self, tx: &mut Tx, session: [u8; 32]) -> Result<()> {
        let live = session::is_still_live(tx, session::TokenHash(session), self.now()).await?;
        if live { Ok(()) } else { Err(ServiceError::Ended) }
    }

    /// The same for what only reads and takes long: event streams, exports, downloads.
    ///
    /// # Errors
    /// [`ServiceError::Ended`].
    pub async fn check_live(&self, actor: &Actor) -> Result<()> {
        let now = self.now();
        if let Some(token) = actor.token() {
            let live = access::is_live(&self.0.store, token, now).await?;
            return if live { Ok(()) } else { Err(ServiceError::Ended) };
        }
        let Some(hash) = actor.session else { return Ok(()) };
        match session::find_live_session(&self.0.store, session::TokenHash(hash), now).await? {
            Some(s) if s.account_id == actor.account => Ok(()),
            _ => Err(ServiceError::Ended),
        }
    }

    /// A transaction that changes how an account is entered, or by whom. It takes the account's row before anything
    /// else, so that of two at one moment one waits for the other: whoever asks first whether the session is live
    /// and then writes to the account would wait for another who did the same, and PostgreSQL ends one of them.
    ///
    /// # Errors
    /// Those of the connection.
    pub(crate) async fn begin_on(&self, account: AccountId) -> Result<Tx> {
        let mut tx = self.0.store.begin().await?;
        rows::hold(&mut tx, account).await?;
        Ok(tx)
    }

    /// Ends every session, link and grant of an account, in the transaction of the change, if the
    /// account is still of the generation under which the change was allowed.
    ///
    /// # Errors
    /// [`ServiceError::Ended`] when another change came first.
    pub(crate) async fn end_everything(
        &self,
        tx: &mut Tx,
        account: AccountId,
        generation: i64,
    ) -> Result<()> {
        let now = self.now();
        if !rows::bump_generation_from(tx, account, generation, now).await? {
            return Err(ServiceError::Ended);
        }
        let a = rows::get_account(&mut *tx, account).await?;
        session::end_sessions_of(tx, account, None, now).await?;
        // Whoever began to set up an app under the old generation must not finish it under the new.
        factor::drop_pending_totp(tx, account).await?;
        for kind in [token::TokenKind::Reset, token::TokenKind::Email] {
            token::end_tokens_of(tx, account, Some(kind), now).await?;
        }
        mail::drop_links_of(tx, account, a.email_fp, now).await?;
        Ok(())
    }
}
