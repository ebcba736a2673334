//! Changing a setting, and the history of changes.

use super::rule_words;
use crate::{
    admin::AdminActor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{
    act::Action,
    ids::AccountId,
    setting::{Group, Rule, Setting},
    time::Ts,
};
use keepwell_store::{StoreError, account, setting as rows};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// Characters of a reason at most.
const LONGEST_REASON: usize = 500;
/// Changes shown at once.
const SHOWN: i64 = 100;
/// Tries when another change came first.
const TRIES: usize = 8;

/// What of a change is sealed.
#[derive(Serialize, Deserialize)]
struct Why {
    by: AccountId,
    reason: String,
}

/// A setting as the page shows it.
#[derive(Debug, Clone)]
pub struct SettingView {
    /// Which.
    pub setting: Setting,
    /// Its value in force.
    pub value: String,
    /// What it would be had nobody changed it here.
    pub unchanged: String,
    /// Whether the settings file or the environment fixes it.
    pub is_fixed: bool,
    /// Whether it was changed here.
    pub is_changed: bool,
}

impl SettingView {
    /// Under which heading.
    #[must_use]
    pub const fn group(&self) -> Group {
        self.setting.group()
    }
    /// What it may be.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.setting.rule()
    }
}

/// A change that was made.
pub struct Change {
    /// Its number.
    pub seq: i64,
    /// The setting's name.
    pub setting: String,
    /// The value until then; as the settings file said when `None`.
    pub old: Option<String>,
    /// The value from then on; as the settings file says when `None`.
    pub new: Option<String>,
    /// When.
    pub at: Ts,
    /// Whose account; `None` once it is gone.
    pub by: Option<String>,
    /// Why, in their words.
    pub reason: String,
}

/// All settings and the newest changes.
pub struct SettingsPage {
    /// All settings, in order.
    pub settings: Vec<SettingView>,
    /// Changes, newest first.
    pub changes: Vec<Change>,
    /// The number before which older ones begin, if there are any.
    pub older: Option<i64>,
}

impl Services {
    /// All settings, and their history before a change (the newest when `None`).
    ///
    /// # Errors
    /// Those of the store.
    pub async fn settings_page(&self, _admin: &AdminActor, before: Option<i64>) -> Result<SettingsPage> {
        self.refresh_settings().await?;
        let (now, base) = (self.0.live.get(), self.0.live.base());
        let changed: HashMap<String, bool> = rows::list_current(&self.0.store)
            .await?
            .into_iter()
            .map(|c| (c.setting, c.value.is_some()))
            .collect();
        let view = |setting: &Setting| SettingView {
            setting: *setting,
            value: now.show(*setting),
            unchanged: base.values.show(*setting),
            is_fixed: base.fixed.contains(setting),
            is_changed: changed.get(setting.as_str()).copied().unwrap_or(false)
                && !base.fixed.contains(setting),
        };
        let mut found = rows::list_changes(&self.0.store, before.unwrap_or(i64::MAX), SHOWN + 1).await?;
        let more = found.len() > usize::try_from(SHOWN).unwrap_or(0);
        found.truncate(usize::try_from(SHOWN).unwrap_or(0));
        let older = found.last().filter(|_| more).map(|c| c.seq);
        let mut names = HashMap::new();
        let mut changes = Vec::with_capacity(found.len());
        for row in found {
            changes.push(self.open_change(row, &mut names).await?);
        }
        Ok(SettingsPage { settings: Setting::ALL.iter().map(view).collect(), changes, older })
    }

    async fn open_change(
        &self,
        row: rows::SettingChange,
        names: &mut HashMap<AccountId, Option<String>>,
    ) -> Result<Change> {
        let plain = self.0.own_keys.open("instance_setting", "why", row.id, &row.why_sealed)?;
        let why: Why = serde_json::from_slice(&plain).map_err(|e| ServiceError::internal("settings", &e))?;
        if let Entry::Vacant(free) = names.entry(why.by) {
            let name = match account::get_account(&self.0.store, why.by).await {
                Ok(found) => match self.email_of(&found).await {
                    Ok(email) => Some(email),
                    Err(ServiceError::NotFound) => None,
                    Err(e) => return Err(e),
                },
                Err(StoreError::NotFound) => None,
                Err(e) => return Err(e.into()),
            };
            free.insert(name);
        }
        Ok(Change {
            seq: row.seq,
            setting: row.setting,
            old: row.old_value,
            new: row.value,
            at: row.at,
            by: names.get(&why.by).cloned().flatten(),
            reason: why.reason,
        })
    }

    /// Changes a setting, or puts it back to what the settings file says (`None`). It is in force on this instance when this
    /// returns, and on the others within seconds.
    ///
    /// # Errors
    /// [`ServiceError::ProofNeeded`]; [`ServiceError::Invalid`] with field `value` for what the rule does not allow or the
    /// settings file fixes, with field `reason` for a reason that is missing or too long.
    pub async fn change_setting(
        &self,
        admin: &AdminActor,
        setting: Setting,
        value: Option<&str>,
        reason: &str,
    ) -> Result<()> {
        let (staff, lang) = (admin.staff(), admin.lang());
        if let Err(e) = self.fresh_staff(staff) {
            let act = Act::of_staff(staff, Action::InstanceChanged).with(setting.as_str());
            self.log_now(act.refused()).await?;
            return Err(e);
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            let text = lang.pick(
                "Please say why, in at most 500 characters.",
                "Bitte sagen Sie, warum, in höchstens 500 Zeichen.",
            );
            return Err(ServiceError::invalid("reason", text));
        }
        if self.0.live.base().fixed.contains(&setting) {
            let text = lang.pick(
                "This is fixed by the settings file or the environment of the server.",
                "Das legt die Einstellungsdatei oder die Umgebung des Servers fest.",
            );
            return Err(ServiceError::invalid("value", text));
        }
        let broken = |rule| ServiceError::invalid("value", rule_words(rule, lang));
        let value = value.map(|v| setting.rule().parse(v)).transpose().map_err(|b| broken(b.0))?;
        for _ in 0..TRIES {
            match self.try_change(admin, setting, value.as_deref(), reason).await {
                // Another change took the number.
                Err(ServiceError::Conflict) => {}
                other => return other,
            }
        }
        Err(ServiceError::Unavailable { retry_after_s: 1 })
    }

    async fn try_change(
        &self,
        admin: &AdminActor,
        setting: Setting,
        value: Option<&str>,
        reason: &str,
    ) -> Result<()> {
        let id = Uuid::now_v7();
        let why = Why { by: admin.account(), reason: reason.to_owned() };
        let plain = serde_json::to_vec(&why).map_err(|e| ServiceError::internal("settings", &e))?;
        let why_sealed = self.0.own_keys.seal("instance_setting", "why", id, &plain)?;
        let mut tx = self.0.store.begin().await?;
        // First: an entry in the log asks whether the session still lives.
        let act = Act::of_staff(admin.staff(), Action::InstanceChanged).with(setting.as_str());
        self.log(&mut tx, act).await?;
        let current = rows::list_current(&mut tx).await?;
        let old = current.iter().find(|c| c.setting == setting.as_str()).and_then(|c| c.value.clone());
        if old.as_deref() == value {
            // Nothing would change, so nothing is written, not even that it was asked.
            tx.rollback().await?;
            return Ok(());
        }
        self.fits_together(&current, setting, value, admin.lang())?;
        let change = rows::SettingChange {
            seq: rows::last_change(&mut tx).await?.saturating_add(1),
            id,
            setting: setting.as_str().to_owned(),
            value: value.map(str::to_owned),
            old_value: old,
            at: self.now(),
            why_sealed,
        };
        rows::insert_change(&mut tx, &change).await?;
        tx.commit().await?;
        self.refresh_settings().await
    }

    fn fits_together(
        &self,
        current: &[rows::SettingChange],
        setting: Setting,
        value: Option<&str>,
        lang: crate::Lang,
    ) -> Result<()> {
        let mut next = self.0.live.base().values.clone();
        let others = current.iter().filter(|c| c.setting != setting.as_str());
        for c in others {
            if let (Some(s), Some(v)) = (Setting::parse(&c.setting), &c.value)
                && !self.0.live.base().fixed.contains(&s)
            {
                // One outside its rule does not count, here as in force.
                let _ = next.set(s, v);
            }
        }
        if let Some(value) = value {
            next.set(setting, value).map_err(|b| ServiceError::invalid("value", rule_words(b.0, lang)))?;
        }
        match next.misfit() {
            None => Ok(()),
            Some(_) => Err(ServiceError::invalid(
                "value",
                lang.pick(
                    "A session cannot rest longer than it lasts: idle minutes must not be longer than absolute hours.",
                    "Eine Sitzung kann nicht länger ruhen, als sie dauert: Die Ruhezeit muss kürzer sein als die ganze Dauer.",
                ),
            )),
        }
    }
}
