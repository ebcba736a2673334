//! Passkeys (WebAuthn): as a second factor, and as the only thing to sign in with, for the device has
//! verified its person by itself. What is asked of one is kept here, never in the browser, and is good once.

use crate::{
    Lang,
    accounts::{
        second::{WAITS_S, ticket_hash},
        session_row,
    },
    actor::{Actor, Device, SessionToken},
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    mail::FactorNews,
};
use keepwell_crypto::{Owner, Place, Token};
use keepwell_domain::{
    act::Action,
    ids::{AccountId, PasskeyId},
    sealed::{Fingerprint, Sealed},
    view::PasskeyView,
};
use keepwell_store::{
    StoreError, Tx, account as accounts,
    ceremony::{self, CeremonyKind, NewCeremony},
    passkey as rows,
    session::TokenHash,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

/// Passkeys that one account can have.
const MOST: usize = 20;
/// Longest answer of a browser, in bytes.
const LONGEST: usize = 64 << 10;
/// Sizes of questions at rest are rounded up to this.
const PAD: usize = 1024;

/// Where passkeys work: they are bound to one web address for good.
#[derive(Clone)]
pub struct PasskeySetup {
    origin: String,
    webauthn: Webauthn,
}

impl PasskeySetup {
    /// For an origin such as `https://health.example`; `None` for one where browsers have no passkeys:
    /// without TLS on another machine, or under a bare IP address.
    #[must_use]
    pub fn new(origin: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let host = url.domain()?.to_owned();
        let is_secure = url.scheme() == "https" || (url.scheme() == "http" && host == "localhost");
        if !is_secure {
            return None;
        }
        let webauthn = WebauthnBuilder::new(&host, &url).ok()?.rp_name("Keepwell").build().ok()?;
        Some(Self { origin: origin.to_owned(), webauthn })
    }
    /// The address.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// What a browser is to ask a passkey.
pub struct Question {
    /// Names it when the answer comes.
    pub ticket: String,
    /// What `navigator.credentials` wants, binary values in base64url: `{"publicKey": …}`.
    pub options: Value,
}

/// A passkey that was added.
pub struct EnrolledPasskey {
    /// The passkey.
    pub id: PasskeyId,
    /// The session goes on with this one; every other has ended.
    pub session: SessionToken,
    /// The recovery codes, when there were none before. They cannot be shown again.
    pub codes: Option<Vec<String>>,
}

/// What rests of a passkey.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    key: Passkey,
    /// The counter of the last use.
    #[serde(default)]
    counter: u32,
}

impl Kept {
    /// Notes a use. False for a counter that did not grow since the last one: there may be a copy of the
    /// key. The library compares with what was known when the question was asked; another answer may have
    /// come in between. Keys without a counter always say 0 (WebAuthn, 7.2, step 22).
    fn note(&mut self, done: &AuthenticationResult) -> bool {
        let counter = done.counter();
        if counter <= self.counter && (counter, self.counter) != (0, 0) {
            return false;
        }
        self.counter = counter;
        self.key.update_credential(done);
        true
    }
}

/// An answer that is right; [`Services::take_answer`] uses it up.
pub(in crate::accounts) struct PasskeyUse {
    question: TokenHash,
    account: AccountId,
    id: PasskeyId,
    /// As it was when it was looked at.
    before: Sealed,
    sealed: Sealed,
}

fn refused(lang: Lang) -> ServiceError {
    ServiceError::invalid(
        "passkey",
        lang.pick(
            "This passkey was not accepted. Please try again, or use another way.",
            "Dieser Passkey wurde nicht angenommen. Bitte versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.",
        ),
    )
}

fn read<T: DeserializeOwned>(answer: &str, lang: Lang) -> Result<T> {
    if answer.len() > LONGEST {
        return Err(refused(lang));
    }
    serde_json::from_str(answer).map_err(|_| refused(lang))
}

fn internal(e: &WebauthnError) -> ServiceError {
    ServiceError::internal("passkey", e)
}

fn text<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| ServiceError::internal("passkey", &e))
}

/// The options as they go to the browser. The library asks for a conditional dialogue in places; ours is
/// always opened by a button.
fn options<T: Serialize>(value: &T) -> Result<Value> {
    let mut options = serde_json::to_value(value).map_err(|e| ServiceError::internal("passkey", &e))?;
    if let Some(all) = options.as_object_mut() {
        all.remove("mediation");
    }
    Ok(options)
}

impl Services {
    /// The one web address under which passkeys work, if they do.
    #[must_use]
    pub fn passkey_origin(&self) -> Option<&str> {
        self.0.passkeys.as_ref().map(PasskeySetup::origin)
    }

    fn passkey_setup(&self) -> Result<&PasskeySetup> {
        self.0.passkeys.as_ref().ok_or(ServiceError::NotFound)
    }

    fn credential_fp(&self, id: &[u8]) -> Result<Fingerprint> {
        Ok(self.0.keys.root().factors()?.fingerprint(&[b"credential", id]))
    }

    /// Under what name a passkey keeps the account: it tells nothing to whoever reads the device.
    fn passkey_handle(&self, account: AccountId) -> Result<Uuid> {
        let whole = self.0.keys.root().factors()?.fingerprint(&[b"handle", account.uuid().as_bytes()]);
        let mut half = [0; 16];
        half.copy_from_slice(&whole.0[..16]);
        Ok(Uuid::from_bytes(half))
    }

    fn question_place(&self, hash: &TokenHash) -> Place<'static> {
        Place {
            instance: self.0.keys.instance(),
            owner: Owner::Instance,
            table: "ceremony",
            column: "question",
            row: session_row(&hash.0),
            version: 1,
        }
    }

    fn seal_question<T: Serialize>(&self, hash: &TokenHash, state: &T) -> Result<Sealed> {
        Ok(self.0.keys.root().secrets()?.seal(&self.question_place(hash), &text(state)?, PAD)?)
    }

    fn open_question<T: DeserializeOwned>(&self, hash: &TokenHash, sealed: &Sealed) -> Result<T> {
        let plain = self.0.keys.root().secrets()?.open(&self.question_place(hash), sealed)?;
        serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("passkey", &e))
    }

    async fn keep_question<T: Serialize>(
        &self,
        account: Option<(AccountId, i64)>,
        kind: CeremonyKind,
        state: &T,
    ) -> Result<String> {
        let ticket = Token::generate()?;
        let hash = TokenHash(*ticket.hash().as_bytes());
        let sealed = self.seal_question(&hash, state)?;
        let now = self.now();
        let new = NewCeremony {
            token_hash: hash,
            account_id: account.map(|a| a.0),
            kind,
            generation: account.map_or(0, |a| a.1),
            keep: false,
            sealed: Some(&sealed),
            expires_at: now.plus_seconds(WAITS_S),
        };
        let mut tx = self.0.store.begin().await?;
        ceremony::insert_ceremony(&mut tx, &new, now).await?;
        tx.commit().await?;
        Ok(ticket.text().to_string())
    }

    async fn kept(&self, row: &rows::Passkey) -> Result<Kept> {
        let keys = self.0.keys.account(&self.0.store, row.account_id).await?;
        let plain = keys.open("passkey", "key", row.id.uuid(), &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("passkey", &e))
    }

    async fn seal_kept(&self, account: AccountId, id: PasskeyId, kept: &Kept) -> Result<Sealed> {
        let keys = self.0.keys.account(&self.0.store, account).await?;
        keys.seal("passkey", "key", id.uuid(), &text(kept)?)
    }

    async fn all_kept(&self, account: AccountId) -> Result<Vec<(rows::Passkey, Kept)>> {
        let mut all = Vec::new();
        for row in rows::list_passkeys(&self.0.store, account).await? {
            let kept = self.kept(&row).await?;
            all.push((row, kept));
        }
        Ok(all)
    }

    pub(super) async fn passkey_views(&self, actor: &Actor) -> Result<Vec<PasskeyView>> {
        let view = |(row, kept): (rows::Passkey, Kept)| PasskeyView {
            id: row.id,
            name: kept.name,
            created: row.created_at,
            last_used: row.last_used_at,
        };
        Ok(self.all_kept(actor.account).await?.into_iter().map(view).collect())
    }

    /// Begins to add a passkey.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where passkeys do not work; [`ServiceError::ProofNeeded`];
    /// [`ServiceError::Invalid`] with field `passkey` when there are too many.
    pub async fn ask_passkey_to_enrol(&self, actor: &Actor) -> Result<Question> {
        actor.in_person()?;
        self.fresh(actor)?;
        let setup = self.passkey_setup()?;
        let account = accounts::get_account(&self.0.store, actor.account).await?;
        let known = self.all_kept(actor.account).await?;
        if known.len() >= MOST {
            let reason = actor.lang.pick("There are 20 passkeys already.", "Es gibt schon 20 Passkeys.");
            return Err(ServiceError::invalid("passkey", reason));
        }
        let known = known.iter().map(|(_, k)| k.key.cred_id().clone()).collect();
        let email = self.email_of(&account).await?;
        let handle = self.passkey_handle(actor.account)?;
        let (ask, state) = setup
            .webauthn
            .start_passkey_registration(handle, &email, &email, Some(known))
            .map_err(|e| internal(&e))?;
        let mut options = options(&ask)?;
        // So that it can be found without a name being typed first, where the device can do that.
        if let Some(wish) = options.pointer_mut("/publicKey/authenticatorSelection") {
            wish["residentKey"] = json!("preferred");
            wish["requireResidentKey"] = json!(false);
        }
        let whose = Some((actor.account, actor.generation));
        Ok(Question { ticket: self.keep_question(whose, CeremonyKind::Enrol, &state).await?, options })
    }

    /// Adds a passkey. Every other session ends.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `passkey` or `name`; [`ServiceError::ProofNeeded`].
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        (ticket, answer): (&str, &str),
        name: &str,
        device: &Device,
    ) -> Result<EnrolledPasskey> {
        let change = self.begin_change(actor, device).await?;
        let name = crate::profiles::name(name, actor.lang)?;
        let no = || refused(actor.lang);
        let hash = ticket_hash(ticket).ok_or_else(no)?;
        let found = ceremony::find_ceremony(&self.0.store, hash, CeremonyKind::Enrol, self.now()).await?;
        let c = found.filter(|c| c.account_id == Some(actor.account)).ok_or_else(no)?;
        let state: PasskeyRegistration = self.open_question(&hash, &c.sealed.ok_or_else(no)?)?;
        let answer: RegisterPublicKeyCredential = read(answer, actor.lang)?;
        let key =
            self.passkey_setup()?.webauthn.finish_passkey_registration(&answer, &state).map_err(|_| no())?;
        let credential = self.credential_fp(key.cred_id())?;
        let id = fresh::<PasskeyId>();
        let kept = Kept { name: name.as_str().to_owned(), key, counter: 0 };
        let sealed = self.seal_kept(actor.account, id, &kept).await?;
        let mut tx = self.begin_on(actor.account).await?;
        if !ceremony::take_ceremony(&mut tx, hash, CeremonyKind::Enrol, self.now()).await? {
            return Err(no());
        }
        match rows::insert_passkey(&mut tx, id, actor.account, credential, &sealed, self.now()).await {
            Err(StoreError::Conflict { .. }) => return Err(no()),
            other => other?,
        }
        let codes = self.first_codes(&mut tx, actor.account).await?;
        let what = (Action::FactorAdded, "passkey");
        let session = self.end_change(&mut tx, actor, change, what, FactorNews::PasskeyAdded).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(EnrolledPasskey { id, session, codes })
    }

    /// Renames a passkey.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Invalid`] with field `name`; [`ServiceError::ProofNeeded`];
    /// [`ServiceError::Conflict`] when it was used or renamed meanwhile.
    pub async fn rename_passkey(&self, actor: &Actor, id: PasskeyId, name: &str) -> Result<()> {
        actor.in_person()?;
        let (row, mut kept) = self.own_passkey(actor, id).await?;
        self.fresh(actor)?;
        crate::profiles::name(name, actor.lang)?.as_str().clone_into(&mut kept.name);
        let sealed = self.seal_kept(actor.account, row.id, &kept).await?;
        let mut tx = self.begin_on(actor.account).await?;
        self.still_live(&mut tx, actor).await?;
        // Used or renamed at this very moment: an older counter must not come back with the name.
        if !rows::update_passkey(&mut tx, (actor.account, id), &row.sealed, &sealed, None).await? {
            return Err(ServiceError::Conflict);
        }
        self.log(&mut tx, Act::of(actor, Action::FactorChanged).on(id.uuid())).await?;
        Ok(tx.commit().await?)
    }

    async fn own_passkey(&self, actor: &Actor, id: PasskeyId) -> Result<(rows::Passkey, Kept)> {
        let all = self.all_kept(actor.account).await?;
        all.into_iter().find(|(row, _)| row.id == id).ok_or(ServiceError::NotFound)
    }

    /// Removes a passkey. Every other session ends.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Invalid`] with field `factor` for the last one of whoever
    /// runs the instance; [`ServiceError::ProofNeeded`].
    pub async fn remove_passkey(
        &self,
        actor: &Actor,
        id: PasskeyId,
        device: &Device,
    ) -> Result<SessionToken> {
        actor.in_person()?;
        self.own_passkey(actor, id).await?;
        let change = self.begin_change(actor, device).await?;
        self.may_lose_one(actor, &change.account).await?;
        let mut tx = self.begin_on(actor.account).await?;
        rows::delete_passkey(&mut tx, actor.account, id).await?;
        self.drop_idle_codes(&mut tx, &change.account).await?;
        let what = (Action::FactorRemoved, "passkey");
        let session = self.end_change(&mut tx, actor, change, what, FactorNews::PasskeyRemoved).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(session)
    }

    /// Asks the account's passkeys to prove who holds the session.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where passkeys do not work, or without one.
    pub async fn ask_passkey_to_prove(&self, actor: &Actor) -> Result<Question> {
        actor.in_person()?;
        let (options, state) = self.ask_for(actor.account).await?;
        let whose = Some((actor.account, actor.generation));
        Ok(Question { ticket: self.keep_question(whose, CeremonyKind::Prove, &state).await?, options })
    }

    /// Asks the account's passkeys to finish a sign-in whose password was right.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `ticket`; [`ServiceError::NotFound`] as above.
    pub async fn ask_passkey_to_finish(&self, ticket: &str, lang: Lang) -> Result<Question> {
        let (hash, _, account) = self.find_half(ticket, lang).await?;
        let (options, state) = self.ask_for(account.id).await?;
        let sealed = self.seal_question(&hash, &state)?;
        let mut tx = self.0.store.begin().await?;
        ceremony::set_question(&mut tx, hash, CeremonyKind::SignIn, &sealed, self.now()).await?;
        tx.commit().await?;
        Ok(Question { ticket: ticket.to_owned(), options })
    }

    async fn ask_for(&self, account: AccountId) -> Result<(Value, PasskeyAuthentication)> {
        let setup = self.passkey_setup()?;
        let keys: Vec<Passkey> = self.all_kept(account).await?.into_iter().map(|(_, k)| k.key).collect();
        if keys.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let (ask, state) = setup.webauthn.start_passkey_authentication(&keys).map_err(|e| internal(&e))?;
        Ok((options(&ask)?, state))
    }

    /// Looks at the answer to a question about an account. It is not used up yet.
    pub(in crate::accounts) async fn read_answer(
        &self,
        ticket: &str,
        kind: CeremonyKind,
        account: &accounts::Account,
        answer: &str,
        lang: Lang,
    ) -> Result<PasskeyUse> {
        let no = || refused(lang);
        let hash = ticket_hash(ticket).ok_or_else(no)?;
        let found = ceremony::find_ceremony(&self.0.store, hash, kind, self.now()).await?;
        let c = found.filter(|c| c.account_id == Some(account.id)).ok_or_else(no)?;
        let state: PasskeyAuthentication = self.open_question(&hash, &c.sealed.ok_or_else(no)?)?;
        let answer: PublicKeyCredential = read(answer, lang)?;
        let (row, kept) = self.passkey_of(&answer, lang).await?;
        if row.account_id != account.id {
            return Err(no());
        }
        let done = self.passkey_setup()?.webauthn.finish_passkey_authentication(&answer, &state);
        self.note_use(hash, &row, kept, done, lang).await
    }

    /// The passkey that answered.
    async fn passkey_of(&self, answer: &PublicKeyCredential, lang: Lang) -> Result<(rows::Passkey, Kept)> {
        let fp = self.credential_fp(answer.get_credential_id())?;
        let row = rows::find_by_credential(&self.0.store, fp).await?.ok_or_else(|| refused(lang))?;
        let kept = self.kept(&row).await?;
        Ok((row, kept))
    }

    async fn note_use(
        &self,
        question: TokenHash,
        row: &rows::Passkey,
        mut kept: Kept,
        done: std::result::Result<AuthenticationResult, WebauthnError>,
        lang: Lang,
    ) -> Result<PasskeyUse> {
        let grew = match &done {
            Ok(done) if done.user_verified() => kept.note(done),
            Err(WebauthnError::CredentialPossibleCompromise) => false,
            _ => return Err(refused(lang)),
        };
        if !grew {
            let act = Act::by_unknown(row.account_id, Action::SessionRefused, &Device::default());
            self.log_now(act.on(row.id.uuid()).with("counter").refused()).await?;
            return Err(refused(lang));
        }
        let sealed = self.seal_kept(row.account_id, row.id, &kept).await?;
        let before = row.sealed.clone();
        Ok(PasskeyUse { question, account: row.account_id, id: row.id, before, sealed })
    }

    /// Uses an answer up: of two at the same moment, also to two questions, one is taken.
    pub(in crate::accounts) async fn take_answer(
        &self,
        tx: &mut Tx,
        used: &PasskeyUse,
        kind: CeremonyKind,
        lang: Lang,
    ) -> Result<()> {
        if !ceremony::take_ceremony(tx, used.question, kind, self.now()).await? {
            return Err(refused(lang));
        }
        let (whose, now) = ((used.account, used.id), self.now());
        if !rows::update_passkey(tx, whose, &used.before, &used.sealed, Some(now)).await? {
            return Err(refused(lang));
        }
        Ok(())
    }

    /// Asks any passkey for this address, so that nothing has to be typed to sign in.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where passkeys do not work.
    pub async fn ask_passkey(&self) -> Result<Question> {
        let setup = self.passkey_setup()?;
        let (ask, state) = setup.webauthn.start_discoverable_authentication().map_err(|e| internal(&e))?;
        let options = options(&ask)?;
        Ok(Question { ticket: self.keep_question(None, CeremonyKind::Passkey, &state).await?, options })
    }

    /// Signs in with the answer to [`Self::ask_passkey`] alone.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `passkey`.
    pub async fn sign_in_with_passkey(
        &self,
        ticket: &str,
        answer: &str,
        keep: bool,
        lang: Lang,
        device: &Device,
    ) -> Result<SessionToken> {
        let no = || refused(lang);
        let hash = ticket_hash(ticket).ok_or_else(no)?;
        let found = ceremony::find_ceremony(&self.0.store, hash, CeremonyKind::Passkey, self.now()).await?;
        let sealed = found.and_then(|c| c.sealed).ok_or_else(no)?;
        let state: DiscoverableAuthentication = self.open_question(&hash, &sealed)?;
        let answer: PublicKeyCredential = read(answer, lang)?;
        let (row, kept) = match self.passkey_of(&answer, lang).await {
            Ok(found) => found,
            Err(e) => {
                let fp = self.credential_fp(answer.get_credential_id())?;
                self.log_now(Act::by_stranger(fp, Action::SessionRefused, device).refused()).await?;
                return Err(e);
            }
        };
        let entered = self.enter_as(hash, row, kept, (&answer, state), keep, lang, device).await;
        if let Err((account, ServiceError::Invalid { .. })) = &entered {
            let act = Act::by_unknown(*account, Action::SessionRefused, device);
            self.log_now(act.with("passkey").refused()).await?;
        }
        entered.map_err(|(_, e)| e)
    }

    #[allow(clippy::too_many_arguments, reason = "one place calls it")]
    async fn enter_as(
        &self,
        hash: TokenHash,
        row: rows::Passkey,
        kept: Kept,
        (answer, state): (&PublicKeyCredential, DiscoverableAuthentication),
        keep: bool,
        lang: Lang,
        device: &Device,
    ) -> std::result::Result<SessionToken, (AccountId, ServiceError)> {
        let id = row.account_id;
        let work = async {
            let webauthn = &self.passkey_setup()?.webauthn;
            let named = webauthn.identify_discoverable_authentication(answer).map_err(|_| refused(lang))?;
            let account = accounts::get_account(&self.0.store, id).await?;
            let is_theirs = named.0 == self.passkey_handle(id)?;
            if !is_theirs || account.state != accounts::AccountState::Active {
                return Err(refused(lang));
            }
            let done = webauthn.finish_discoverable_authentication_v2(answer, state, &kept.key);
            let used = self.note_use(hash, &row, kept, done, lang).await?;
            self.enter(&account, keep, CeremonyKind::Passkey, &used, lang, device).await
        };
        work.await.map_err(|e| (id, e))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn passkeys_work_under_a_name_with_tls_and_on_this_machine() {
        for origin in ["https://health.example", "https://health.example:8443", "http://localhost:3000"] {
            assert_eq!(PasskeySetup::new(origin).unwrap().origin(), origin);
        }
        for origin in ["http://health.example", "http://127.0.0.1:3000", "https://192.0.2.7", "", "localhost"]
        {
            assert!(PasskeySetup::new(origin).is_none(), "{origin}");
        }
    }
}
