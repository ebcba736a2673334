//! What every page needs before anything else: language, theme, whether somebody is signed in,
//! and the form that was just refused.

use crate::{
    error::{AppError, ErrorCode},
    i18n::{Lang, Offered, Texts},
};
use keepwell_domain::{ids::ProfileId, role::Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Colours: as the device says, or fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];
    /// The name in the cookie and in `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// The theme of that name; anything else is [`Theme::Auto`].
    #[must_use]
    pub fn parse(s: &str) -> Self {
        Self::ALL.into_iter().find(|x| x.as_str() == s).unwrap_or_default()
    }
}

/// A form that was refused, to be shown again as it was filled in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The server function's name.
    pub form: String,
    /// Why.
    pub error: AppError,
    /// What was typed, without passwords.
    pub values: Vec<(String, String)>,
}

impl Failure {
    /// What was typed into a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}

/// What a form made and what is shown this once, on the page that answers the form.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The server function's name.
    pub form: String,
    /// What it answered.
    pub text: String,
}

/// Who may open an account on this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum Joining {
    /// Anybody.
    #[default]
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody.
    Closed,
}

/// See the module.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Who may open an account.
    pub joining: Joining,
    /// UI language.
    pub lang: Lang,
    /// The languages that may be chosen.
    pub offered: Offered,
    /// Colours.
    pub theme: Theme,
    /// Whether a live session asked.
    pub signed_in: bool,
    /// The profile for which the page was drawn.
    pub profile: Option<ProfileId>,
    /// What the account may do besides reading its own records.
    pub role: Role,
    /// Whether nothing may be seen before a second factor was set up.
    pub must_enrol: bool,
    /// Whether whoever asks proved lately who they are. The page may stand open for longer than that counts:
    /// the server decides when a form comes.
    pub is_proved: bool,
    /// The web address under which passkeys work.
    pub passkeys: Option<String>,
    /// The refused form.
    pub failure: Option<Failure>,
    /// What a form made.
    pub shown: Option<Shown>,
}

impl Default for Boot {
    fn default() -> Self {
        Self {
            joining: Joining::default(),
            lang: Lang::default(),
            offered: Offered::default(),
            theme: Theme::default(),
            signed_in: false,
            profile: None,
            role: Role::Person,
            must_enrol: false,
            is_proved: false,
            passkeys: None,
            failure: None,
            shown: None,
        }
    }
}

impl Boot {
    /// Reads it from what the server put beside the request; the default elsewhere.
    #[must_use]
    pub fn from_context() -> Self {
        #[cfg(feature = "ssr")]
        {
            crate::ssr::boot()
        }
        #[cfg(not(feature = "ssr"))]
        {
            Self::default()
        }
    }
}

/// The page's [`Boot`], with the failure as a signal that is cleared by moving on.
#[derive(Clone, Copy)]
pub struct BootContext {
    /// Who may open an account.
    pub joining: Joining,
    /// UI language.
    pub lang: Lang,
    /// The languages that may be chosen.
    pub offered: Offered,
    /// Colours.
    pub theme: Theme,
    /// Whether a live session asked.
    pub signed_in: bool,
    /// The profile for which the page was drawn. Every form and every call of the page says it, so
    /// that nothing of it lands in another profile that was switched to meanwhile.
    pub profile: Option<ProfileId>,
    /// What the account may do besides reading its own records.
    pub role: Role,
    /// Whether nothing may be seen before a second factor was set up.
    pub must_enrol: bool,
    /// Whether a fresh proof was there when the page was drawn.
    pub is_proved: bool,
    /// The refused form.
    pub failure: RwSignal<Option<Failure>>,
    /// What a form made.
    pub shown: RwSignal<Option<Shown>>,
    passkeys: StoredValue<Option<String>>,
}

impl BootContext {
    /// The web address under which passkeys work, if they do.
    #[must_use]
    pub fn passkeys(&self) -> Option<String> {
        self.passkeys.get_value()
    }
    /// Whether a form was refused because another profile is in use by now.
    #[must_use]
    pub fn is_switched(&self) -> bool {
        self.failure.with(|f| f.as_ref().is_some_and(|f| f.error.code == ErrorCode::Switched))
    }
}

/// Hands the boot values to all components below.
pub fn provide_boot(boot: Boot) -> BootContext {
    let cx = BootContext {
        joining: boot.joining,
        lang: boot.lang,
        offered: boot.offered,
        theme: boot.theme,
        signed_in: boot.signed_in,
        profile: boot.profile,
        role: boot.role,
        must_enrol: boot.must_enrol,
        is_proved: boot.is_proved,
        passkeys: StoredValue::new(boot.passkeys),
        failure: RwSignal::new(boot.failure),
        shown: RwSignal::new(boot.shown),
    };
    #[cfg(feature = "hydrate")]
    crate::wire::drawn::set(boot.profile);
    provide_context(cx);
    cx
}

/// The boot values.
#[must_use]
pub fn use_boot() -> BootContext {
    use_context().unwrap_or_else(|| provide_boot(Boot::default()))
}

/// An address of the API with the profile for which the page was drawn, for links and streams, which
/// can send no header.
#[must_use]
pub fn for_profile(path: &str) -> String {
    let Some(profile) = use_boot().profile else { return path.to_owned() };
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}profile={profile}")
}

/// The page's language.
#[must_use]
pub fn use_lang() -> Lang {
    use_boot().lang
}

/// The texts in the page's language.
#[must_use]
pub fn use_texts() -> &'static Texts {
    use_lang().texts()
}
