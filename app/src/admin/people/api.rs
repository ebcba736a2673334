//! Server functions of the pages about accounts.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::people::PersonView;
use leptos::prelude::*;
use std::collections::HashMap;

/// Goes to the account of exactly this address or id.
///
/// # Errors
/// See [`AppError`]; where there is none, the field `wanted` says so.
#[server(prefix = "/fn", endpoint = "find_person")]
pub async fn find_person(wanted: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, admin::texts, i18n::Lang, ssr};
    let by = gate::support()?;
    match ssr::services()?.find_person(&by, &wanted).await.map_err(AppError::from) {
        Ok(id) => {
            ssr::redirect(&format!("/admin/people/{id}"));
            Ok(())
        }
        Err(e) if e.code == ErrorCode::NotFound => {
            let t = texts::people::of(Lang::parse(by.lang().as_str()));
            Err(AppError::invalid("wanted", t.nobody))
        }
        Err(e) => Err(e),
    }
}

/// Facts of an account.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "person_facts", protocol = Ask)]
pub async fn person_facts(id: String) -> Result<PersonView, AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let by = gate::support()?;
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    Ok(ssr::services()?.person_facts(&by, id).await?)
}

/// Does something to an account; `role` for another role only.
///
/// # Errors
/// See [`AppError`]; a refused reason or role names its field.
#[server(prefix = "/fn", endpoint = "act_on_person")]
pub async fn act_on_person(
    act: String,
    person: String,
    reason: String,
    #[server(default)] role: String,
) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    use keepwell_domain::{ids::AccountId, people::PersonAct, role::Role};
    let missing = || AppError::new(ErrorCode::NotFound);
    let by = gate::support()?;
    let (act, id) = (PersonAct::parse(&act), person.parse::<AccountId>().ok());
    let (Some(act), Some(id)) = (act, id) else { return Err(missing()) };
    let s = ssr::services()?;
    match act {
        PersonAct::EndSessions => s.end_sessions_of(&by, id, &reason).await?,
        PersonAct::ForceReset => s.force_reset(&by, id, &reason).await?,
        PersonAct::Suspend => s.suspend(&gate::admin()?, id, &reason).await?,
        PersonAct::Lift => s.lift(&gate::admin()?, id, &reason).await?,
        PersonAct::ChangeRole => {
            let by = gate::admin()?;
            let role = Role::parse(&role).ok_or_else(|| AppError::new(ErrorCode::Invalid))?;
            s.change_role(&by, id, role, &reason).await?;
        }
        PersonAct::Delete => s.announce_deletion(&gate::admin()?, id, &reason).await?,
        PersonAct::Keep => s.drop_deletion(&gate::admin()?, id, &reason).await?,
    }
    ssr::redirect(&format!("/admin/people/{id}?done={}", act.as_str()));
    Ok(())
}

/// Asks for sight of named kinds of an account's records. `kinds` has a key for each; an empty `profile` means all.
///
/// # Errors
/// See [`AppError`]; what is refused names its field.
#[server(prefix = "/fn", endpoint = "ask_for_sight")]
pub async fn ask_for_sight(
    person: String,
    #[server(default)] kinds: HashMap<String, String>,
    #[server(default)] profile: String,
    minutes: u16,
    reason: String,
) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    use keepwell_domain::record::Kind;
    use keepwell_services::SightWish;
    let missing = |_| AppError::new(ErrorCode::NotFound);
    let by = gate::admin()?;
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|k| kinds.contains_key(k.as_str())).collect();
    let profile = if profile.is_empty() { None } else { Some(profile.parse().map_err(missing)?) };
    let person = person.parse().map_err(missing)?;
    let wish = SightWish { person, kinds: &kinds, profile, reason: &reason, minutes };
    let sight = ssr::services()?.ask_for_sight(&by, &wish).await?;
    ssr::redirect(&format!("/admin/grants/{}", sight.id));
    Ok(())
}
