//! Who acts. An [`Actor`] exists only as proof of a live session or of the operator's command line.

use crate::error::{Result, ServiceError};
pub use keepwell_domain::lang::Lang;
use keepwell_domain::{
    act::ActBy,
    ids::{AccessTokenId, AccountId, ProfileId},
    scope::{Scope, Scopes},
    time::Ts,
};
use std::{fmt, net::IpAddr, sync::Arc};

pub use keepwell_domain::role::Role;

/// A signed-in person and the profile in use.
#[derive(Clone)]
pub struct Actor {
    pub(crate) account: AccountId,
    pub(crate) profile: ProfileId,
    pub(crate) profile_version: i64,
    pub(crate) role: Role,
    pub(crate) lang: Lang,
    pub(crate) demo: bool,
    /// The account's generation when the request was let in.
    pub(crate) generation: i64,
    pub(crate) session: Option<[u8; 32]>,
    pub(crate) by: ActBy,
    pub(crate) device: Arc<Device>,
    pub(crate) token: Option<Grant>,
    /// When the holder of the session last proved who they are.
    pub(crate) proved_at: Ts,
    /// Whether the account has a second factor in force.
    pub(crate) has_factor: bool,
    /// Whether there are notices that were not put away.
    pub(crate) has_news: bool,
    /// Seconds without use after which the session ends.
    pub(crate) idle_s: i64,
}

/// What a personal access token gives to whoever holds it.
#[derive(Clone, Copy)]
pub(crate) struct Grant {
    pub id: AccessTokenId,
    pub bound_to: Option<ProfileId>,
    pub scopes: Scopes,
}

impl Actor {
    /// From which device the request came; the log says it.
    #[must_use]
    pub fn at(mut self, device: &Device) -> Self {
        self.device = Arc::new(device.clone());
        self
    }
    /// The account.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }
    /// The profile whose data is shown.
    #[must_use]
    pub const fn profile(&self) -> ProfileId {
        self.profile
    }
    /// The role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
    /// The language.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }
    /// The personal access token with which a program acts; `None` for a person who is signed in.
    #[must_use]
    pub fn token(&self) -> Option<AccessTokenId> {
        self.token.map(|t| t.id)
    }
    /// Whether a route that needs `scope` may be used. Whoever signed in may use all.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.token.is_none_or(|t| t.scopes.has(scope))
    }
    /// Whether nothing may be seen before a second factor was set up: so for whoever runs the instance.
    #[must_use]
    pub fn must_enrol(&self) -> bool {
        self.role == Role::Admin && !self.has_factor && self.by != ActBy::Operator
    }
    /// Account acts are for whoever signed in, never for a token.
    pub(crate) fn in_person(&self) -> Result<()> {
        if self.token.is_some() { Err(ServiceError::Forbidden) } else { Ok(()) }
    }
    /// Whether the person was told something that they did not put away yet.
    #[must_use]
    pub const fn has_news(&self) -> bool {
        self.has_news
    }
    /// Whether the demo person is among the records.
    #[must_use]
    pub const fn demo(&self) -> bool {
        self.demo
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actor({:?})", self.account)
    }
}

/// The device that asks, for the session list.
#[derive(Clone, Default)]
pub struct Device {
    /// The `User-Agent` header, at most 256 characters are kept.
    pub user_agent: String,
    /// The client address.
    pub address: Option<IpAddr>,
    /// The device cookie, as it came: see [`SessionToken::device`].
    pub cookie: String,
}

/// A session's secret, shown once to become a cookie, and the mark of the device beside it.
pub struct SessionToken {
    pub(crate) secret: String,
    pub(crate) device: String,
    pub(crate) expires: Ts,
    pub(crate) max_age_s: Option<i64>,
}

impl SessionToken {
    /// The cookie's value: 256 bits in base64url.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.secret
    }
    /// The value of the device cookie: it opens nothing, and tells this browser from strangers.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }
    /// When the session ends in any case.
    #[must_use]
    pub const fn expires(&self) -> Ts {
        self.expires
    }
    /// Seconds for which the browser keeps the cookie, for those who wish to stay signed in.
    #[must_use]
    pub const fn max_age_s(&self) -> Option<i64> {
        self.max_age_s
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(***)")
    }
}
