//! Who may do it: by type.

use crate::{
    actor::{Actor, Device, Lang, Role},
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::ActBy, ids::AccountId, time::Ts};
use std::{fmt, sync::Arc};

/// Somebody who works for the instance, signed in right now. Holds no profile.
#[derive(Clone)]
pub(crate) struct Staff {
    pub account: AccountId,
    pub role: Role,
    pub lang: Lang,
    /// The hash of the session's token: every entry in the log asks whether it is still live.
    pub session: [u8; 32],
    pub proved_at: Ts,
    pub device: Arc<Device>,
}

impl Staff {
    /// As whom the log names them.
    pub const fn by(&self) -> ActBy {
        match self.role {
            Role::Support => ActBy::Support,
            Role::Auditor => ActBy::Auditor,
            // A person is never promoted.
            Role::Admin | Role::Person => ActBy::Admin,
        }
    }
}

macro_rules! promoted {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(Staff);

        impl $name {
            #[allow(dead_code, reason = "what an auditor does comes with the log's explorer")]
            pub(crate) const fn staff(&self) -> &Staff {
                &self.0
            }
            /// Their account.
            #[must_use]
            pub const fn account(&self) -> AccountId {
                self.0.account
            }
            /// Their role.
            #[must_use]
            pub const fn role(&self) -> Role {
                self.0.role
            }
            /// The language of their pages.
            #[must_use]
            pub const fn lang(&self) -> Lang {
                self.0.lang
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0.account)
            }
        }
    )+};
}

promoted! {
    /// An administrator. Only [`Services::as_admin`] makes one.
    ///
    /// It opens nobody's records: what does, takes an [`Actor`].
    /// ```compile_fail
    /// # async fn no(s: keepwell_services::Services, a: keepwell_services::AdminActor) {
    /// s.overview(&a).await; // no: an `Actor` is demanded
    /// # }
    /// ```
    AdminActor,
    /// A supporter or an administrator. Only [`Services::as_support`] makes one.
    /// ```compile_fail
    /// # fn no(a: keepwell_services::SupportActor) -> keepwell_services::AdminActor {
    /// a.into() // no: less never becomes more
    /// # }
    /// ```
    SupportActor,
    /// An auditor or an administrator. Only [`Services::as_auditor`] makes one.
    AuditActor,
}

impl From<AdminActor> for SupportActor {
    fn from(admin: AdminActor) -> Self {
        Self(admin.0)
    }
}

impl From<AdminActor> for AuditActor {
    fn from(admin: AdminActor) -> Self {
        Self(admin.0)
    }
}

impl Services {
    /// Takes somebody for an administrator.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for anybody else and for every token, as for what does not exist;
    /// [`ServiceError::Forbidden`] before they have a second factor; [`ServiceError::Ended`] for a session
    /// that may rest longer than the sessions of those who run the instance.
    pub fn as_admin(&self, actor: &Actor) -> Result<AdminActor> {
        self.promote(actor, &[Role::Admin]).map(AdminActor)
    }

    /// Takes somebody for a supporter; an administrator is one, too.
    ///
    /// # Errors
    /// As [`Self::as_admin`].
    pub fn as_support(&self, actor: &Actor) -> Result<SupportActor> {
        self.promote(actor, &[Role::Admin, Role::Support]).map(SupportActor)
    }

    /// Takes somebody for an auditor; an administrator is one, too.
    ///
    /// # Errors
    /// As [`Self::as_admin`].
    pub fn as_auditor(&self, actor: &Actor) -> Result<AuditActor> {
        self.promote(actor, &[Role::Admin, Role::Auditor]).map(AuditActor)
    }

    fn promote(&self, actor: &Actor, roles: &[Role]) -> Result<Staff> {
        if !roles.contains(&actor.role) {
            return Err(ServiceError::NotFound);
        }
        // Neither a token nor the command line is somebody who sits there.
        let (Some(session), None, ActBy::Person) = (actor.session, actor.token, actor.by) else {
            return Err(ServiceError::NotFound);
        };
        if actor.must_enrol() {
            return Err(ServiceError::Forbidden);
        }
        if actor.idle_s > self.sessions_last().admin_idle {
            return Err(ServiceError::Ended);
        }
        Ok(Staff {
            account: actor.account,
            role: actor.role,
            lang: actor.lang,
            session,
            proved_at: actor.proved_at,
            device: Arc::clone(&actor.device),
        })
    }

    /// Whether they proved lately who they are.
    #[must_use]
    pub(crate) fn is_staff_proved(&self, staff: &Staff) -> bool {
        let now = self.now();
        staff.proved_at <= now && now < staff.proved_at.plus_seconds(self.sessions_last().proof)
    }

    /// Refuses a sensitive act of theirs without a fresh proof.
    ///
    /// # Errors
    /// [`ServiceError::ProofNeeded`].
    pub(crate) fn fresh_staff(&self, staff: &Staff) -> Result<()> {
        if self.is_staff_proved(staff) { Ok(()) } else { Err(ServiceError::ProofNeeded) }
    }
}
