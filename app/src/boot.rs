//! What every page needs before anything else: language, theme, whether somebody is signed in,
//! and the form that was just refused.

use crate::{
    error::AppError,
    i18n::{Lang, Texts},
};
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

/// See the module.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Boot {
    /// UI language.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// Whether a live session asked.
    pub signed_in: bool,
    /// The refused form.
    pub failure: Option<Failure>,
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
    /// UI language.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// Whether a live session asked.
    pub signed_in: bool,
    /// The refused form.
    pub failure: RwSignal<Option<Failure>>,
}

/// Hands the boot values to all components below.
pub fn provide_boot(boot: Boot) -> BootContext {
    let cx = BootContext {
        lang: boot.lang,
        theme: boot.theme,
        signed_in: boot.signed_in,
        failure: RwSignal::new(boot.failure),
    };
    provide_context(cx);
    cx
}

/// The boot values.
#[must_use]
pub fn use_boot() -> BootContext {
    use_context().unwrap_or_else(|| provide_boot(Boot::default()))
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
