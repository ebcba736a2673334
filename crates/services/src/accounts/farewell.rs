//! The end of an account that was announced: kept by its person until it is due, and carried out afterwards.

use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::Action, ids::AccountId, notice::News, time::Ts};
use keepwell_store::{account as rows, notice};

impl Services {
    /// When one's own account is due to be deleted.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn deletion_due(&self, actor: &Actor) -> Result<Option<Ts>> {
        actor.in_person()?;
        Ok(notice::find_farewell(&self.0.store, actor.account).await?)
    }

    /// Keeps one's own account, although its deletion was announced.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it was not, or is being carried out.
    pub async fn keep_account(&self, actor: &Actor) -> Result<()> {
        actor.in_person()?;
        let account = rows::get_account(&self.0.store, actor.account).await?;
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::DeletionDropped)).await?;
        if !notice::delete_farewell(&mut tx, actor.account).await? {
            return Err(ServiceError::NotFound);
        }
        self.tell(&mut tx, &account, News::DeletionDropped, None).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Deletes the accounts whose time is over: the keys first, like every deletion.
    pub(crate) async fn carry_out_farewells(&self) -> Result<()> {
        for id in notice::list_due_farewells(&self.0.store, self.now()).await? {
            self.carry_out(id).await?;
        }
        Ok(())
    }

    async fn carry_out(&self, id: AccountId) -> Result<()> {
        let account = rows::get_account(&self.0.store, id).await?;
        let now = self.now();
        let _turn = self.0.erasing.lock().await;
        let mut tx = self.begin_on_one(&account).await?;
        if !notice::take_due_farewell(&mut tx, id, now).await? {
            return Ok(());
        }
        if self.not_the_last(&mut tx, &account, crate::Lang::En).await.is_err() {
            // Dropped: it is announced again when there is another administrator.
            return Ok(tx.commit().await?);
        }
        self.log(&mut tx, Act::by_server(id, Action::AccountDeleted)).await?;
        rows::update_account_state(&mut tx, id, rows::AccountState::Deleting, now).await?;
        tx.commit().await?;
        self.erase_account(id).await
    }
}
