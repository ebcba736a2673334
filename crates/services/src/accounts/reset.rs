//! A forgotten password. Asking does the same for every address: an order is queued, and whether
//! there is an account is looked up when the letter is written.

use super::{
    device::Used,
    signup::{checked_email, dead_link, read_code},
};
use crate::{
    Lang,
    actor::Device,
    audit::Act,
    core::Services,
    error::Result,
    mail::{Order, Recipient},
};
use keepwell_domain::act::Action;
use keepwell_store::{account as rows, account_token as token};

impl Services {
    /// Asks for a link to choose a new password.
    ///
    /// # Errors
    /// [`crate::ServiceError::Invalid`] with field `email` for what is no address.
    pub async fn forgot_password(&self, email: &str, lang: Lang, device: &Device) -> Result<()> {
        let email = checked_email(email, lang)?;
        let to = Recipient { account: None, address_fp: self.email_fp(&email)? };
        let mut tx = self.0.store.begin().await?;
        self.order_mail(&mut tx, to, &Order::Reset { email, lang: lang.as_str().to_owned() }).await?;
        // The same entry for every address; a letter that is sent has one of its own.
        self.log(&mut tx, Act::by_stranger(to.address_fp, Action::ResetAsked, device)).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Sets a new password with the code of the letter. Ends every session and link. The answer is
    /// the device cookie: whoever got here keeps a way in while strangers guess.
    ///
    /// # Errors
    /// [`crate::ServiceError::Invalid`] with field `code` for a link that does not work, with field
    /// `password` for a password that is refused (the link stays usable).
    pub async fn reset_password(
        &self,
        code: &str,
        password: &str,
        lang: Lang,
        device: &Device,
    ) -> Result<String> {
        let hash = read_code(code, lang)?;
        let kind = token::TokenKind::Reset;
        let row = token::find_token(&self.0.store, hash, kind, self.now()).await?;
        let row = row.ok_or_else(|| dead_link(lang))?;
        let account = rows::get_account(&self.0.store, row.account_id).await?;
        let email = self.email_of(&account).await?;
        let phc = self.hash_new(password, "password", &email, lang).await?;
        let now = self.now();
        let mut tx = self.begin_on(account.id).await?;
        if !token::take_token(&mut tx, hash, kind, now).await? {
            return Err(dead_link(lang));
        }
        match self.end_everything(&mut tx, account.id, row.generation).await {
            Err(crate::ServiceError::Ended) => return Err(dead_link(lang)),
            other => other?,
        }
        rows::update_password(&mut tx, account.id, &phc, now).await?;
        if self.0.mail.confirms {
            // The link came by mail to that very address.
            rows::set_verified(&mut tx, account.id, now).await?;
        }
        self.tell_of_password(&mut tx, &account).await?;
        self.log(&mut tx, Act::by_owner(account.id, Action::PasswordReset, device)).await?;
        tx.commit().await?;
        self.wake_mailer();
        self.0.mes.forget(account.id);
        self.device_cookie(&device.cookie, account.id, Used::Link)
    }
}
