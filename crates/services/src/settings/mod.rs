//! Settings of the instance that may change while it runs.
//!
//! Three voices say what a setting is, and the first that says anything counts: the settings file or the environment (then it is
//! fixed, and the page shows it so), whoever runs the instance on the page of settings, and the default. What is in force is held in
//! memory; every instance looks every two seconds whether there is a newer change. Decision 0029 tells why.

mod change;
mod invites;

pub use change::{Change, SettingView, SettingsPage};
pub(crate) use invites::LISTED_DAYS;
pub use invites::{InviteState, InviteView, MadeInvite};

use crate::{
    actor::Lang,
    core::{Services, SessionTimes},
    error::Result,
    limit::Rates,
};
use keepwell_domain::setting::{Broken, Rule, Setting};
use keepwell_store::setting as rows;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// How often it is looked whether another instance changed something.
const LOOK: Duration = Duration::from_secs(2);

/// Who may open an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignupMode {
    /// Anybody.
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody.
    Closed,
}

impl SignupMode {
    /// The word in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

/// All settings that may change while the instance runs, as they are in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// Who may open an account.
    pub signup: SignupMode,
    /// Days for which an invitation is good.
    pub invite_days: u32,
    /// Languages that may be chosen; never empty.
    pub languages: Vec<Lang>,
    /// Days between an administrator's asking for a deletion and the deletion.
    pub deletion_days: u32,
    /// Calls a minute.
    pub rates: Rates,
    /// How long sessions last.
    pub sessions: SessionTimes,
    /// Whether a second administrator has to agree before anybody's records are opened.
    pub second_admin: bool,
    /// Whether questions may go to a provider outside.
    pub ai_allowed: bool,
    /// Whether it is counted how often features are used.
    pub usage_counts: bool,
    /// Days for which ended letters stay in the list.
    pub mail_days: u32,
    /// Days for which counters are kept.
    pub counters_days: u32,
    /// Days for which refusals of browsers are kept.
    pub csp_days: u32,
    /// Megabytes that an account may take with its journal.
    pub journal_mb: u32,
}

impl Default for InForce {
    fn default() -> Self {
        let mut it = Self {
            signup: SignupMode::Closed,
            invite_days: 0,
            languages: vec![Lang::En],
            deletion_days: 0,
            rates: Rates { login: 0, signup: 0, upload: 0, ask: 0, api: 0 },
            sessions: SessionTimes::default(),
            second_admin: false,
            ai_allowed: false,
            usage_counts: false,
            mail_days: 0,
            counters_days: 0,
            csp_days: 0,
            journal_mb: 0,
        };
        for setting in Setting::ALL {
            // A test in the domain holds every default against its rule.
            let _ = it.set(*setting, setting.default());
        }
        it
    }
}

impl InForce {
    /// Reads a setting from text.
    ///
    /// # Errors
    /// [`Broken`] when it is outside its rule; nothing was changed then.
    pub fn set(&mut self, setting: Setting, text: &str) -> std::result::Result<(), Broken> {
        let text = setting.rule().parse(text)?;
        let number = || text.parse::<u32>().map_err(|_| Broken(setting.rule()));
        let is_on = text == "true";
        match setting {
            Setting::SignupMode => {
                self.signup = match &*text {
                    "open" => SignupMode::Open,
                    "invite" => SignupMode::Invite,
                    _ => SignupMode::Closed,
                }
            }
            Setting::InviteDays => self.invite_days = number()?,
            Setting::Languages => self.languages = text.split(',').filter_map(Lang::parse).collect(),
            Setting::DeletionDays => self.deletion_days = number()?,
            Setting::LimitLogin => self.rates.login = number()?,
            Setting::LimitSignup => self.rates.signup = number()?,
            Setting::LimitUpload => self.rates.upload = number()?,
            Setting::LimitAsk => self.rates.ask = number()?,
            Setting::LimitApi => self.rates.api = number()?,
            Setting::SessionIdle => self.sessions.idle = i64::from(number()?) * 60,
            Setting::SessionAbsolute => self.sessions.absolute = i64::from(number()?) * 3600,
            Setting::SessionKeep => self.sessions.keep = i64::from(number()?) * 86_400,
            Setting::SessionProof => self.sessions.proof = i64::from(number()?) * 60,
            Setting::SessionAdmin => self.sessions.admin_idle = i64::from(number()?) * 60,
            Setting::SecondAdmin => self.second_admin = is_on,
            Setting::AiAllowed => self.ai_allowed = is_on,
            Setting::UsageCounts => self.usage_counts = is_on,
            Setting::KeepMail => self.mail_days = number()?,
            Setting::KeepCounters => self.counters_days = number()?,
            Setting::KeepCsp => self.csp_days = number()?,
            Setting::JournalSpace => self.journal_mb = number()?,
        }
        Ok(())
    }

    /// A setting as text.
    #[must_use]
    pub fn show(&self, setting: Setting) -> String {
        match setting {
            Setting::SignupMode => self.signup.as_str().to_owned(),
            Setting::InviteDays => self.invite_days.to_string(),
            Setting::Languages => self.languages.iter().map(|l| l.as_str()).collect::<Vec<_>>().join(","),
            Setting::DeletionDays => self.deletion_days.to_string(),
            Setting::LimitLogin => self.rates.login.to_string(),
            Setting::LimitSignup => self.rates.signup.to_string(),
            Setting::LimitUpload => self.rates.upload.to_string(),
            Setting::LimitAsk => self.rates.ask.to_string(),
            Setting::LimitApi => self.rates.api.to_string(),
            Setting::SessionIdle => (self.sessions.idle / 60).to_string(),
            Setting::SessionAbsolute => (self.sessions.absolute / 3600).to_string(),
            Setting::SessionKeep => (self.sessions.keep / 86_400).to_string(),
            Setting::SessionProof => (self.sessions.proof / 60).to_string(),
            Setting::SessionAdmin => (self.sessions.admin_idle / 60).to_string(),
            Setting::SecondAdmin => self.second_admin.to_string(),
            Setting::AiAllowed => self.ai_allowed.to_string(),
            Setting::UsageCounts => self.usage_counts.to_string(),
            Setting::KeepMail => self.mail_days.to_string(),
            Setting::KeepCounters => self.counters_days.to_string(),
            Setting::KeepCsp => self.csp_days.to_string(),
            Setting::JournalSpace => self.journal_mb.to_string(),
        }
    }

    /// What only shows when settings are seen together: the setting that does not fit, if any.
    #[must_use]
    pub fn misfit(&self) -> Option<Setting> {
        (self.sessions.idle > self.sessions.absolute).then_some(Setting::SessionIdle)
    }

    /// The language nearest to one that was asked for.
    #[must_use]
    pub fn allowed(&self, lang: Lang) -> Lang {
        if self.languages.contains(&lang) { lang } else { self.languages.first().copied().unwrap_or(lang) }
    }
}

/// What the settings file and the environment say.
#[derive(Debug, Clone, Default)]
pub struct SettingsBase {
    /// What is in force where nobody changed anything.
    pub values: InForce,
    /// What they fix: nobody changes it while the instance runs.
    pub fixed: BTreeSet<Setting>,
}

/// The settings as they are in force now. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    base: SettingsBase,
    now: RwLock<Arc<InForce>>,
    /// The number of the last change that is in force.
    seen: AtomicI64,
}

impl Live {
    pub(crate) fn new(base: SettingsBase) -> Self {
        let now = RwLock::new(Arc::new(base.values.clone()));
        Self(Arc::new(Inner { base, now, seen: AtomicI64::new(0) }))
    }

    /// All of them.
    #[must_use]
    pub fn get(&self) -> Arc<InForce> {
        Arc::clone(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn base(&self) -> &SettingsBase {
        &self.0.base
    }

    /// Puts changes into force. What is fixed meanwhile, or outside a rule that has become narrower, stays as the file says.
    fn apply(&self, changes: &[rows::SettingChange]) {
        let mut next = self.0.base.values.clone();
        for c in changes {
            let (Some(setting), Some(value)) = (Setting::parse(&c.setting), &c.value) else { continue };
            if self.0.base.fixed.contains(&setting) {
                continue;
            }
            let mut tried = next.clone();
            if tried.set(setting, value).is_ok() {
                next = tried;
            } else {
                tracing::warn!(
                    setting = setting.as_str(),
                    "a setting is outside its rule and does not count"
                );
            }
        }
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}

impl Services {
    /// The settings as they are in force now.
    #[must_use]
    pub fn settings_in_force(&self) -> Arc<InForce> {
        self.0.live.get()
    }

    /// One setting as it is in force now, as text.
    #[must_use]
    pub fn instance_setting(&self, setting: Setting) -> String {
        self.0.live.get().show(setting)
    }

    /// How long sessions last from now on.
    #[must_use]
    pub(crate) fn sessions_last(&self) -> SessionTimes {
        self.0.live.get().sessions
    }

    /// Puts into force what was changed here or by another instance.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn refresh_settings(&self) -> Result<()> {
        let (store, live) = (&self.0.store, &self.0.live);
        let last = rows::last_change(store).await?;
        if live.0.seen.load(Ordering::Acquire) == last {
            return Ok(());
        }
        live.apply(&rows::list_current(store).await?);
        live.0.seen.store(last, Ordering::Release);
        Ok(())
    }

    /// Looks every two seconds whether a setting was changed, until `stop` turns true.
    pub async fn run_settings(&self, mut stop: watch::Receiver<bool>) {
        loop {
            if self.refresh_settings().await.is_err() {
                tracing::warn!("changes of settings could not be read; it is tried again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.wait_for(|s| *s) => return,
            }
        }
    }
}

/// The rule in words, for whoever broke it.
pub(crate) fn rule_words(rule: Rule, lang: Lang) -> String {
    match rule {
        Rule::Number(least, most) => {
            let en = format!("must be a whole number from {least} to {most}");
            let de = format!("muss eine ganze Zahl von {least} bis {most} sein");
            lang.pick(&en, &de).to_owned()
        }
        Rule::Switch => lang.pick("must be true or false", "muss true oder false sein").to_owned(),
        Rule::Word(words) => {
            let list = words.join(", ");
            lang.pick(&format!("must be one of {list}"), &format!("muss eines von {list} sein")).to_owned()
        }
        Rule::Words(words) => {
            let list = words.join(", ");
            let en = format!("must be one or more of {list}");
            lang.pick(&en, &format!("muss eines oder mehrere von {list} sein")).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_setting_is_shown_as_it_was_set() {
        for setting in Setting::ALL {
            let other = match setting.rule() {
                Rule::Number(least, _) => least.to_string(),
                Rule::Switch => (setting.default() != "true").to_string(),
                Rule::Word(words) => words[words.len() - 1].to_owned(),
                Rule::Words(words) => words[words.len() - 1].to_owned(),
            };
            let mut it = InForce::default();
            assert_eq!(it.show(*setting), setting.default(), "{}", setting.as_str());
            it.set(*setting, &other).unwrap();
            assert_eq!(it.show(*setting), other, "{}", setting.as_str());
            for rest in Setting::ALL.iter().filter(|s| *s != setting) {
                assert_eq!(it.show(*rest), rest.default(), "{} moved {}", setting.as_str(), rest.as_str());
            }
        }
    }

    #[test]
    fn what_the_file_fixes_is_not_changed() {
        let mut base = SettingsBase::default();
        base.values.set(Setting::LimitAsk, "7").unwrap();
        base.fixed.insert(Setting::LimitAsk);
        let live = Live::new(base);
        let change = |setting: Setting, value: &str| rows::SettingChange {
            seq: 1,
            id: uuid::Uuid::nil(),
            setting: setting.as_str().to_owned(),
            value: Some(value.to_owned()),
            old_value: None,
            at: keepwell_domain::time::Ts(0),
            why_sealed: keepwell_domain::sealed::Sealed::from_bytes(vec![]),
        };
        live.apply(&[
            change(Setting::LimitAsk, "9"),
            change(Setting::LimitApi, "8"),
            change(Setting::LimitLogin, "no"),
        ]);
        let now = live.get();
        assert_eq!((now.rates.ask, now.rates.api, now.rates.login), (7, 8, 5));
    }

    #[test]
    fn idle_beyond_the_end_does_not_fit() {
        let mut it = InForce::default();
        assert_eq!(it.misfit(), None);
        it.set(Setting::SessionAbsolute, "1").unwrap();
        it.set(Setting::SessionIdle, "61").unwrap();
        assert_eq!(it.misfit(), Some(Setting::SessionIdle));
    }
}
