//! Personal access tokens: for programs, with named rights and an end (spec 2.8).

use crate::{
    actor::{Actor, Grant, Lang},
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
};
use keepwell_crypto::AccessToken;
use keepwell_domain::{
    act::{ActBy, Action},
    ids::{AccessTokenId, ProfileId},
    scope::{Scope, Scopes, TokenLife},
    view::TokenView,
};
use keepwell_store::{access as rows, session::TokenHash};
use std::fmt;
use zeroize::Zeroizing;

/// Tokens that one login can have.
const MOST: i64 = 50;
/// Seconds after its end for which a token still stands in the list: 30 days.
pub(crate) const LISTED_AFTER_S: i64 = 30 * 86_400;

/// A token to be made.
pub struct NewToken<'a> {
    /// What its person calls it.
    pub name: &'a str,
    /// What it may do.
    pub scopes: Scopes,
    /// The one profile for which it is good; `None` for all, also those to come.
    pub profile: Option<ProfileId>,
    /// For how long.
    pub life: TokenLife,
}

/// A token that was just made.
pub struct MadeToken {
    /// As it stands in the list.
    pub view: TokenView,
    secret: Zeroizing<String>,
}

impl MadeToken {
    /// The token itself. It cannot be shown again.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MadeToken(***)")
    }
}

/// Whether a bearer's text wants to be a personal access token rather than a session.
#[must_use]
pub fn looks_like_one(secret: &str) -> bool {
    secret.starts_with(keepwell_crypto::access_token::PREFIX)
}

impl Services {
    /// Makes a token.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `name`, also when there are too many, and with field `scopes`
    /// for a token of one profile that wants to read the log, which is one for all;
    /// [`ServiceError::NotFound`] for a profile that is not there or not theirs;
    /// [`ServiceError::Forbidden`] for a token that wants to make another;
    /// [`ServiceError::ProofNeeded`], because a token outlives the session that makes it.
    pub async fn create_token(&self, actor: &Actor, new: &NewToken<'_>) -> Result<MadeToken> {
        actor.in_person()?;
        self.fresh_for(actor, Action::TokenMade).await?;
        let name = crate::profiles::name(new.name, actor.lang)?;
        if new.profile.is_some() && new.scopes.has(Scope::AuditRead) {
            return Err(ServiceError::invalid("scopes", log_is_for_all(actor.lang)));
        }
        let id = fresh::<AccessTokenId>();
        let secret = AccessToken::generate()?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let name_sealed = keys.seal("access_token", "name", id.uuid(), name.as_str().as_bytes())?;
        let now = self.now();
        let expires = now.plus_seconds(i64::from(new.life.days()) * 86_400);
        // A new generation would take the token in, were it made by a request from before.
        let mut tx = self.begin_by(actor).await?;
        if rows::count_tokens(&mut tx, actor.account).await? >= MOST {
            return Err(ServiceError::invalid("name", too_many(actor.lang)));
        }
        let row = rows::NewAccessToken {
            id,
            account_id: actor.account,
            profile_id: new.profile,
            token_hash: TokenHash(*secret.hash().as_bytes()),
            name_sealed: &name_sealed,
            scopes: new.scopes,
            expires_at: expires,
        };
        rows::insert_token(&mut tx, &row, now).await?;
        self.log(&mut tx, Act::of(actor, Action::TokenMade).on(id.uuid())).await?;
        tx.commit().await?;
        let view = TokenView {
            id,
            name: name.as_str().to_owned(),
            profile: new.profile,
            scopes: new.scopes.iter().collect(),
            created: now,
            expires,
            last_used: None,
            is_expired: false,
        };
        Ok(MadeToken { view, secret: secret.text() })
    }

    /// The tokens of the account, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenView>> {
        actor.in_person()?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let now = self.now();
        let view = |t: rows::TokenEntry| {
            let name = keys.open("access_token", "name", t.id.uuid(), &t.name_sealed)?;
            Ok(TokenView {
                id: t.id,
                name: String::from_utf8_lossy(&name).into_owned(),
                profile: t.profile_id,
                scopes: t.scopes.iter().collect(),
                created: t.created_at,
                expires: t.expires_at,
                last_used: t.last_used_at,
                is_expired: t.expires_at <= now,
            })
        };
        rows::list_tokens(&self.0.store, actor.account).await?.into_iter().map(view).collect()
    }

    /// Revokes one token; programs that hold it are refused from their next request on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs,
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn revoke_token(&self, actor: &Actor, id: AccessTokenId) -> Result<()> {
        actor.in_person()?;
        let mut tx = self.0.store.begin().await?;
        rows::delete_token(&mut tx, actor.account, id).await?;
        self.log(&mut tx, Act::of(actor, Action::TokenRevoked).on(id.uuid())).await?;
        Ok(tx.commit().await?)
    }

    /// Revokes all tokens of the account; how many.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token.
    pub async fn revoke_all_tokens(&self, actor: &Actor) -> Result<u64> {
        actor.in_person()?;
        let mut tx = self.0.store.begin().await?;
        let gone = rows::delete_tokens_of(&mut tx, actor.account).await?;
        self.log(&mut tx, Act::of(actor, Action::TokenRevoked).with("all")).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Who holds this token; `None` when it is not live.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn authenticate_token(&self, secret: &str) -> Result<Option<Actor>> {
        let Ok(token) = AccessToken::parse(secret) else { return Ok(None) };
        let now = self.now();
        let hash = TokenHash(*token.hash().as_bytes());
        let Some(t) = rows::find_live_token(&self.0.store, hash, now).await? else { return Ok(None) };
        rows::touch_token(&self.0.store, t.id, t.last_used_at, now).await?;
        Ok(Some(Actor {
            account: t.account_id,
            profile: t.profile_id,
            profile_version: t.profile_version,
            role: t.role.into(),
            lang: Lang::parse(&t.lang).unwrap_or_default(),
            demo: t.is_demo,
            generation: t.generation,
            session: None,
            by: ActBy::Token,
            device: std::sync::Arc::default(),
            token: Some(Grant { id: t.id, bound_to: t.bound_to, scopes: t.scopes }),
            proved_at: keepwell_domain::time::Ts(0),
            has_factor: t.has_factor,
            has_news: false,
            idle_s: 0,
        }))
    }
}

const fn log_is_for_all(lang: Lang) -> &'static str {
    lang.pick(
        "The log is one for all profiles, so a token for one of them cannot read it.",
        "Das Protokoll gilt für alle Profile, deshalb kann ein Token für eines davon es nicht lesen.",
    )
}

const fn too_many(lang: Lang) -> &'static str {
    lang.pick(
        "There are 50 tokens already. Revoke one that is not needed any more.",
        "Es gibt schon 50 Token. Widerrufen Sie eines, das nicht mehr gebraucht wird.",
    )
}
