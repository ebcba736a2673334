//! Invitations: made by an administrator, shown once, good once.

use crate::{
    Lang,
    accounts::checked_email,
    admin::AdminActor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    mail::{Order, Recipient},
};
use keepwell_crypto::Token;
use keepwell_domain::{act::Action, time::Ts};
use keepwell_store::{Tx, invite as rows, session::TokenHash};
use uuid::Uuid;

/// Characters of a label at most.
const LONGEST_LABEL: usize = 120;
/// Invitations shown.
const SHOWN: i64 = 200;
/// Days for which an invitation that is over stays in the list.
pub(crate) const LISTED_DAYS: i64 = 90;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// It can be used.
    Open,
    /// An account was opened with it.
    Used,
    /// Its time is over.
    Over,
    /// It was taken back.
    Revoked,
}

impl InviteState {
    /// Its code in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Over => "over",
            Self::Revoked => "revoked",
        }
    }
}

/// An invitation, without its secret.
pub struct InviteView {
    /// Its id.
    pub id: Uuid,
    /// For whom, in the words of whoever made it; may be empty.
    pub label: String,
    /// When it was made.
    pub created: Ts,
    /// Until when it is good.
    pub expires: Ts,
    /// Where it stands.
    pub state: InviteState,
}

/// An invitation that was just made; its code is shown this once.
pub struct MadeInvite {
    code: String,
    /// How it stands in the list.
    pub view: InviteView,
    /// Whether a letter with its link is on its way.
    pub is_mailed: bool,
}

impl MadeInvite {
    /// The code: 256 bits in base64url.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.code
    }
}

const fn no_mail(lang: Lang) -> &'static str {
    lang.pick(
        "No mail is set up here. Leave the address out, and hand the link over yourself.",
        "Hier ist keine Post eingerichtet. Lassen Sie die Adresse weg und geben Sie den Link selbst weiter.",
    )
}

fn dead(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "invite",
        lang.pick(
            "This invitation is not good any more: it was used, is too old, or was taken back.",
            "Diese Einladung gilt nicht mehr: Sie wurde benutzt, ist zu alt oder wurde zurückgenommen.",
        ),
    )
}

impl Services {
    /// Makes an invitation. With an address it is mailed there, too; the address is kept nowhere but, sealed, in the order for
    /// that letter, and goes with it.
    ///
    /// # Errors
    /// [`ServiceError::ProofNeeded`]; [`ServiceError::Invalid`] with field `label` when that is too long, and with field `email`
    /// for what is no address, or where no mail is set up.
    pub async fn create_invite(
        &self,
        admin: &AdminActor,
        label: &str,
        email: Option<&str>,
    ) -> Result<MadeInvite> {
        self.fresh_staff(admin.staff())?;
        let label = label.trim();
        if label.chars().count() > LONGEST_LABEL || label.contains(char::is_control) {
            let text = admin.lang().pick("At most 120 characters.", "Höchstens 120 Zeichen.");
            return Err(ServiceError::invalid("label", text));
        }
        let email = match email.map(str::trim).filter(|e| !e.is_empty()) {
            None => None,
            Some(_) if self.0.mail.out.is_none() => {
                return Err(ServiceError::invalid("email", no_mail(admin.lang())));
            }
            Some(typed) => Some(checked_email(typed, admin.lang())?),
        };
        let (id, token, now) = (Uuid::now_v7(), Token::generate()?, self.now());
        let days = i64::from(self.0.live.get().invite_days);
        let row = rows::Invite {
            id,
            label_sealed: self.0.own_keys.seal("invite", "label", id, label.as_bytes())?,
            created_at: now,
            expires_at: now.plus_seconds(days * 86_400),
            used_at: None,
            revoked_at: None,
        };
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of_staff(admin.staff(), Action::InviteChanged).on(id).with("made")).await?;
        rows::insert_invite(&mut tx, &row, TokenHash(*token.hash().as_bytes())).await?;
        let is_mailed = email.is_some();
        if let Some(email) = email {
            let to = Recipient { account: None, address_fp: self.email_fp(&email)? };
            let (code, until) = (token.text().to_string(), row.expires_at.0);
            let lang = admin.lang().as_str().to_owned();
            self.order_mail(&mut tx, to, &Order::Invite { invite: id, email, code, until, lang }).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(MadeInvite { code: token.text().to_string(), view: self.invite_view(row)?, is_mailed })
    }

    /// All invitations of the last time, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn invites(&self, _admin: &AdminActor) -> Result<Vec<InviteView>> {
        let rows = rows::list_invites(&self.0.store, SHOWN).await?;
        rows.into_iter().map(|row| self.invite_view(row)).collect()
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there, or can no longer be used.
    pub async fn revoke_invite(&self, admin: &AdminActor, id: Uuid) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let act = Act::of_staff(admin.staff(), Action::InviteChanged).on(id).with("revoked");
        self.log(&mut tx, act).await?;
        if !rows::revoke_invite(&mut tx, id, self.now()).await? {
            return Err(ServiceError::NotFound);
        }
        Ok(tx.commit().await?)
    }

    fn invite_view(&self, row: rows::Invite) -> Result<InviteView> {
        let label = self.0.own_keys.open("invite", "label", row.id, &row.label_sealed)?;
        let state = match (row.used_at, row.revoked_at) {
            (Some(_), _) => InviteState::Used,
            (None, Some(_)) => InviteState::Revoked,
            (None, None) if row.expires_at <= self.now() => InviteState::Over,
            (None, None) => InviteState::Open,
        };
        Ok(InviteView {
            id: row.id,
            label: String::from_utf8_lossy(&label).into_owned(),
            created: row.created_at,
            expires: row.expires_at,
            state,
        })
    }

    /// Whether whoever signs up may: nobody where it is closed, and only with an invitation where one is needed. Asked before
    /// anything of the address is looked at, so it answers alike for every address.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] where it is closed; [`ServiceError::Invalid`] with field `invite`.
    pub(crate) async fn may_join(&self, invite: Option<&str>, lang: Lang) -> Result<Option<Uuid>> {
        match self.0.live.get().signup {
            super::SignupMode::Open => Ok(None),
            super::SignupMode::Closed => Err(ServiceError::Forbidden),
            super::SignupMode::Invite => {
                let code = invite.map(str::trim).filter(|c| !c.is_empty());
                let Some(code) = code else {
                    let text = lang.pick(
                        "Joining needs an invitation here. Please paste its code.",
                        "Hier braucht es eine Einladung. Bitte fügen Sie ihren Code ein.",
                    );
                    return Err(ServiceError::invalid("invite", text));
                };
                let token = Token::parse(code).map_err(|_| dead(lang))?;
                let hash = TokenHash(*token.hash().as_bytes());
                let found = rows::find_invite(&self.0.store, hash, self.now()).await?;
                found.map(Some).ok_or_else(|| dead(lang))
            }
        }
    }

    /// Uses an invitation up, in the transaction of the account that it opens.
    pub(crate) async fn use_invite(&self, tx: &mut Tx, invite: Option<Uuid>, lang: Lang) -> Result<()> {
        match invite {
            Some(id) if !rows::take_invite(tx, id, self.now()).await? => Err(dead(lang)),
            _ => Ok(()),
        }
    }
}
