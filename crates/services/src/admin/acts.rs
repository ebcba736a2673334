//! What is done to an account. Each act wants a fresh proof and a reason, tells its person in the app and by letter, and
//! stands in their log: all of it in the one transaction that does it.

use super::{AdminActor, SupportActor, staff::Staff};
use crate::{
    actor::{Lang, Role},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_crypto::{Token, password::Password};
use keepwell_domain::{act::Action, ids::AccountId, notice::News};
use keepwell_store::{StoreError, Tx, account as rows, notice, people};

/// Fewest and most characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

impl Services {
    /// Ends all sessions, access tokens, links and grants of an account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also for an account that a supporter may not touch; [`ServiceError::ProofNeeded`];
    /// [`ServiceError::Invalid`] with field `reason` or `act`; [`ServiceError::Conflict`].
    pub async fn end_sessions_of(&self, by: &SupportActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Active, by.lang())?;
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::SessionsForced).about(id)).await?;
        self.end_everything(&mut tx, id, account.generation).await.map_err(moved_on)?;
        self.tell(&mut tx, &account, News::SessionsEnded, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// The same, and no password opens the account before its person chose a new one by the link of a letter.
    /// Second factors stay.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`]; also where no letter would get to the person.
    pub async fn force_reset(&self, by: &SupportActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Active, by.lang())?;
        if !self.reaches(&account) {
            return Err(ServiceError::invalid("act", no_letter(by.lang())));
        }
        // Nobody ever saw this one, so whoever tries a password is refused at the same pace as ever.
        let unknown = Token::generate()?.text();
        let phc = self.0.hashing.hash(Password::new(&unknown)?).await?;
        let email = self.email_of(&account).await?;
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::ResetForced).about(id)).await?;
        self.end_everything(&mut tx, id, account.generation).await.map_err(moved_on)?;
        rows::update_password(&mut tx, id, &phc, self.now()).await?;
        self.tell(&mut tx, &account, News::ResetForced, Some(&why)).await?;
        let to = Recipient { account: None, address_fp: account.email_fp };
        self.order_mail(&mut tx, to, &Order::Reset { email, lang: account.lang.clone() }).await?;
        self.finish_act(tx, id).await
    }

    /// Lets nobody in any more. What the account keeps stays.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`]; also for an account whose deletion was announced, so that its person can always object.
    pub async fn suspend(&self, by: &AdminActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Active, by.lang())?;
        let now = self.now();
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::Suspended).about(id)).await?;
        if notice::find_farewell(&mut tx, id).await?.is_some() {
            return Err(ServiceError::invalid("act", is_leaving(by.lang())));
        }
        self.not_the_last(&mut tx, &account, by.lang()).await?;
        self.end_everything(&mut tx, id, account.generation).await.map_err(moved_on)?;
        let (active, locked) = (rows::AccountState::Active, rows::AccountState::Locked);
        people::update_state_from(&mut tx, id, active, locked, now).await.map_err(gone)?;
        self.tell(&mut tx, &account, News::Suspended, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// Lets in again.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`].
    pub async fn lift(&self, by: &AdminActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Locked, by.lang())?;
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::Resumed).about(id)).await?;
        let (active, locked) = (rows::AccountState::Active, rows::AccountState::Locked);
        people::update_state_from(&mut tx, id, locked, active, self.now()).await.map_err(gone)?;
        self.tell(&mut tx, &account, News::Lifted, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// Gives another role, and ends everything that was open under the old one.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`]; also when nobody would be left to run the instance.
    pub async fn change_role(&self, by: &AdminActor, id: AccountId, role: Role, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Active, by.lang())?;
        if Role::from(account.role) == role {
            return Err(ServiceError::invalid("role", same_role(by.lang())));
        }
        let mut tx = self.begin_on_one(&account).await?;
        let word = role.as_str();
        self.log(&mut tx, Act::of_staff(by.staff(), Action::RoleChanged).about(id).with(word)).await?;
        self.not_the_last(&mut tx, &account, by.lang()).await?;
        self.end_everything(&mut tx, id, account.generation).await.map_err(moved_on)?;
        let next = account.generation + 1;
        people::update_role_from(&mut tx, id, next, role.into(), self.now()).await.map_err(gone)?;
        self.tell(&mut tx, &account, News::RoleChanged { role }, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// Announces that the account will be deleted. Its person is told at once, and keeps it by one press until then.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`].
    pub async fn announce_deletion(&self, by: &AdminActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        must_be(&account, rows::AccountState::Active, by.lang())?;
        let now = self.now();
        let due = now.plus_seconds(i64::from(self.settings_in_force().deletion_days) * 86_400);
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::DeletionAnnounced).about(id)).await?;
        self.not_the_last(&mut tx, &account, by.lang()).await?;
        if !notice::insert_farewell(&mut tx, id, due, now).await? {
            return Err(ServiceError::Conflict);
        }
        self.tell(&mut tx, &account, News::DeletionSet { due }, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// Takes the announcement back.
    ///
    /// # Errors
    /// As [`Self::end_sessions_of`].
    pub async fn drop_deletion(&self, by: &AdminActor, id: AccountId, reason: &str) -> Result<()> {
        let (account, why) = self.begin_act(by.staff(), id, reason).await?;
        let mut tx = self.begin_on_one(&account).await?;
        self.log(&mut tx, Act::of_staff(by.staff(), Action::DeletionDropped).about(id)).await?;
        if !notice::delete_farewell(&mut tx, id).await? {
            return Err(ServiceError::Conflict);
        }
        self.tell(&mut tx, &account, News::DeletionDropped, Some(&why)).await?;
        self.finish_act(tx, id).await
    }

    /// Proof, reason and account of an act. Nobody does any of this to themselves.
    async fn begin_act(&self, staff: &Staff, id: AccountId, reason: &str) -> Result<(rows::Account, String)> {
        let account = rows::get_account(&self.0.store, id).await?;
        if account.state == rows::AccountState::Deleting
            || (staff.role != Role::Admin && account.role != rows::Role::Member)
        {
            return Err(ServiceError::NotFound);
        }
        if id == staff.account {
            return Err(ServiceError::invalid("act", oneself(staff.lang)));
        }
        self.fresh_staff(staff)?;
        Ok((account, reason_of(reason, staff.lang)?))
    }

    /// As [`Self::begin_on`], for what is done to somebody by those who run the instance, or to one of them.
    pub(crate) async fn begin_on_one(&self, account: &rows::Account) -> Result<Tx> {
        let mut tx = self.0.store.begin().await?;
        self.hold_one(&mut tx, account).await?;
        Ok(tx)
    }

    /// Holds an account's row. All who run the instance are held where it is one of them, in the one order in which they
    /// are counted: two who act on one another do it one after the other.
    pub(super) async fn hold_one(&self, tx: &mut Tx, account: &rows::Account) -> Result<()> {
        if account.role == rows::Role::Admin {
            people::count_other_admins(tx, account.id).await?;
        }
        Ok(rows::hold(tx, account.id).await?)
    }

    async fn finish_act(&self, tx: Tx, id: AccountId) -> Result<()> {
        tx.commit().await?;
        self.wake_mailer();
        self.0.mes.forget(id);
        Ok(())
    }

    /// Refuses what would leave nobody to run the instance.
    pub(crate) async fn not_the_last(&self, tx: &mut Tx, account: &rows::Account, lang: Lang) -> Result<()> {
        if account.role == rows::Role::Admin && people::count_other_admins(tx, account.id).await? == 0 {
            return Err(ServiceError::invalid("act", last_admin(lang)));
        }
        Ok(())
    }
}

/// A reason as it is kept.
pub(super) fn reason_of(typed: &str, lang: Lang) -> Result<String> {
    let text = typed.trim();
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    if has_control || !REASON.contains(&text.chars().count()) {
        let why = lang.pick(
            "Please give a reason of 10 to 500 characters. Its person reads it.",
            "Bitte geben Sie einen Grund von 10 bis 500 Zeichen an. Die Person liest ihn.",
        );
        return Err(ServiceError::invalid("reason", why));
    }
    Ok(text.to_owned())
}

fn must_be(account: &rows::Account, state: rows::AccountState, lang: Lang) -> Result<()> {
    if account.state == state {
        return Ok(());
    }
    let why = match state {
        rows::AccountState::Locked => {
            lang.pick("This account is not suspended.", "Dieses Konto ist nicht gesperrt.")
        }
        _ => lang.pick(
            "This account is suspended. Lift that first.",
            "Dieses Konto ist gesperrt. Heben Sie das zuerst auf.",
        ),
    };
    Err(ServiceError::invalid("act", why))
}

/// Another change of the account came first. The admin's own session has not ended.
fn moved_on(e: ServiceError) -> ServiceError {
    if matches!(e, ServiceError::Ended) { ServiceError::Conflict } else { e }
}

fn gone(e: StoreError) -> ServiceError {
    if matches!(e, StoreError::NotFound) { ServiceError::Conflict } else { e.into() }
}

const fn oneself(lang: Lang) -> &'static str {
    lang.pick(
        "This is your own account. Another administrator has to do it.",
        "Das ist Ihr eigenes Konto. Das muss jemand anderes aus der Verwaltung tun.",
    )
}

const fn last_admin(lang: Lang) -> &'static str {
    lang.pick(
        "This is the last administrator. Make another one first.",
        "Das ist das letzte Verwaltungskonto. Legen Sie zuerst ein weiteres an.",
    )
}

const fn same_role(lang: Lang) -> &'static str {
    lang.pick("The account has this role already.", "Das Konto hat diese Rolle schon.")
}

const fn is_leaving(lang: Lang) -> &'static str {
    lang.pick(
        "Its deletion was announced, and its person must be able to object. Take the announcement back first.",
        "Die Löschung ist angekündigt, und die Person muss widersprechen können. Nehmen Sie zuerst die Ankündigung zurück.",
    )
}

const fn no_letter(lang: Lang) -> &'static str {
    lang.pick(
        "No letter would reach this person, so they could not choose a new password.",
        "Kein Brief würde diese Person erreichen, sie könnte also kein neues Passwort wählen.",
    )
}
