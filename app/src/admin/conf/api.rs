//! Server functions of the settings of the instance.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{
    admin::sheet::{Fact, Table},
    error::AppError,
    wire::Ask,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How a setting is typed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A whole number from … to ….
    Number(u32, u32),
    /// One of these: code and words.
    Choice(Vec<(String, String)>),
}

/// A setting in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Row {
    /// Its name in `keepwell.toml`.
    pub name: String,
    /// What it is.
    pub label: String,
    /// What it does, where that needs saying.
    pub hint: String,
    /// Its value in force, as code.
    pub value: String,
    /// The same in words.
    pub shown: String,
    /// How it is typed in.
    pub input: Input,
    /// Whether it cannot be changed here.
    pub is_fixed: bool,
    /// What it would be otherwise; empty when it was not changed here.
    pub unchanged: String,
}

/// An invitation in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Invite {
    /// Its id.
    pub id: String,
    /// For whom.
    pub label: String,
    /// Where it stands and until when.
    pub meta: String,
    /// Whether it can be taken back.
    pub is_open: bool,
}

/// The page in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Conf {
    /// Headings with their settings.
    pub groups: Vec<(String, Vec<Row>)>,
    /// What was changed.
    pub history: Table,
    /// Where older changes begin; empty at the end.
    pub older: String,
    /// Invitations.
    pub invites: Vec<Invite>,
    /// How mail is set up; no secret.
    pub mail: Vec<Fact>,
    /// Whether who looks has proved lately who they are.
    pub is_proved: bool,
    /// What an invitation's link begins with.
    pub base: String,
    /// Whether any mail is set up.
    pub has_mail: bool,
}

/// All settings.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "admin_settings", protocol = Ask)]
pub async fn admin_settings(#[server(default)] before: String) -> Result<Conf, AppError> {
    use crate::{admin::gate, i18n::Lang, ssr};
    let admin = gate::admin()?;
    let services = ssr::services()?;
    let lang = Lang::parse(admin.lang().as_str());
    let page = services.settings_page(&admin, before.parse().ok()).await?;
    let invites = services.invites(&admin).await?;
    let mail = services.mail_way(&admin);
    let is_proved = services.is_proved(&ssr::person()?);
    Ok(super::words::conf(page, invites, mail, is_proved, lang))
}

/// Changes a setting.
///
/// # Errors
/// See [`AppError`]; a refused value or reason names its field.
#[server(prefix = "/fn", endpoint = "change_setting")]
pub async fn change_setting(setting: String, value: String, reason: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    use keepwell_domain::setting::Setting;
    let admin = gate::admin()?;
    let setting = Setting::parse(&setting).ok_or_else(|| AppError::new(ErrorCode::Invalid))?;
    ssr::services()?.change_setting(&admin, setting, Some(&value), &reason).await?;
    ssr::redirect("/admin/settings");
    Ok(())
}

/// Puts a setting back to what the settings file says.
///
/// # Errors
/// As [`change_setting`].
#[server(prefix = "/fn", endpoint = "reset_setting")]
pub async fn reset_setting(setting: String, reason: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    use keepwell_domain::setting::Setting;
    let admin = gate::admin()?;
    let setting = Setting::parse(&setting).ok_or_else(|| AppError::new(ErrorCode::Invalid))?;
    ssr::services()?.change_setting(&admin, setting, None, &reason).await?;
    ssr::redirect("/admin/settings");
    Ok(())
}

/// Makes an invitation and answers its code. It is shown on the page that answers the form, and never again.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "create_invite")]
pub async fn create_invite(
    #[server(default)] label: String,
    #[server(default)] email: String,
) -> Result<String, AppError> {
    use crate::{admin::gate, ssr};
    let admin = gate::admin()?;
    Ok(ssr::services()?.create_invite(&admin, &label, Some(&email)).await?.reveal().to_owned())
}

/// Sends a test letter to one's own address. The code of what became of it is shown on the page that answers the form.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "send_test_letter")]
pub async fn send_test_letter() -> Result<String, AppError> {
    use crate::{admin::gate, ssr};
    let admin = gate::admin()?;
    Ok(ssr::services()?.send_test_letter(&admin).await?.code().to_owned())
}

/// Takes an invitation back.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "revoke_invite")]
pub async fn revoke_invite(id: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let admin = gate::admin()?;
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.revoke_invite(&admin, id).await?;
    ssr::redirect("/admin/settings");
    Ok(())
}
