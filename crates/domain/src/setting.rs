//! Settings of the instance that those who run it change while it runs. Each has one text form, the same in `keepwell.toml`, in the
//! environment, in the database and on the page, and one rule for it.

use serde::{Deserialize, Serialize};

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A whole number from … to ….
    Number(u32, u32),
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One or more of these words, with commas between them.
    Words(&'static [&'static str]),
}

/// Why a text is not what a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(pub Rule);

impl Rule {
    /// Reads a text and writes it as it is kept.
    ///
    /// # Errors
    /// [`Broken`] when it is outside the rule.
    pub fn parse(self, text: &str) -> Result<String, Broken> {
        let text = text.trim();
        let good = match self {
            Self::Number(least, most) => {
                let n = text.parse::<u32>().ok().filter(|n| (least..=most).contains(n));
                n.map(|n| n.to_string())
            }
            Self::Switch => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some("true".to_owned()),
                "false" | "no" | "off" | "0" => Some("false".to_owned()),
                _ => None,
            },
            Self::Word(words) => words.iter().find(|w| **w == text).map(|w| (*w).to_owned()),
            Self::Words(words) => {
                let given: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
                let all_known = !given.is_empty() && given.iter().all(|g| words.contains(g));
                let kept: Vec<&str> = words.iter().copied().filter(|w| given.contains(w)).collect();
                all_known.then(|| kept.join(","))
            }
        };
        good.ok_or(Broken(self))
    }
}

macro_rules! settings {
    ($($(#[$meta:meta])* $variant:ident = $code:literal in $group:ident: $rule:expr, $default:literal),+ $(,)?) => {
        /// A setting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Setting { $($(#[$meta])* $variant),+ }

        impl Setting {
            /// All of them, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Its name in `keepwell.toml`, in the database and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The setting of that name.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
            /// What it may be.
            #[must_use]
            pub const fn rule(self) -> Rule {
                match self { $(Self::$variant => $rule),+ }
            }
            /// What it is where nobody said anything.
            #[must_use]
            pub const fn default(self) -> &'static str {
                match self { $(Self::$variant => $default),+ }
            }
            /// Under which heading it stands.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group),+ }
            }
        }
    };
}

/// Headings of the page of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Who may join, and leave.
    People,
    /// Calls a minute.
    Limits,
    /// How long somebody stays signed in.
    Sessions,
    /// What those may do who run the instance.
    Oversight,
    /// What may be switched off.
    Features,
    /// How long things are kept.
    Retention,
    /// How much room there is.
    Space,
}

impl Group {
    /// All, in the order of the page.
    pub const ALL: &'static [Self] = &[
        Self::People,
        Self::Limits,
        Self::Sessions,
        Self::Oversight,
        Self::Features,
        Self::Retention,
        Self::Space,
    ];
}

const CALLS: Rule = Rule::Number(1, 1_000_000_000);

settings! {
    /// Who may open an account: anybody, whoever has an invitation, or nobody.
    SignupMode = "signup.mode" in People: Rule::Word(&["open", "invite", "closed"]), "open",
    /// Days for which an invitation is good.
    InviteDays = "signup.invite_days" in People: Rule::Number(1, 90), "7",
    /// Languages of the pages that may be chosen.
    Languages = "languages" in People: Rule::Words(&["en", "de"]), "en,de",
    /// Days between asking for an account's deletion by an administrator and the deletion.
    DeletionDays = "accounts.deletion_days" in People: Rule::Number(1, 90), "7",
    /// Proofs of a password, a code or a mailed link a minute, per address.
    LimitLogin = "limits.login" in Limits: CALLS, "5",
    /// New accounts a minute, per address.
    LimitSignup = "limits.signup" in Limits: CALLS, "3",
    /// New documents a minute, per address.
    LimitUpload = "limits.upload" in Limits: CALLS, "10",
    /// Questions a minute, per address.
    LimitAsk = "limits.ask" in Limits: CALLS, "30",
    /// Other calls of the API a minute, per address.
    LimitApi = "limits.api" in Limits: CALLS, "100",
    /// Minutes without use after which a session ends.
    SessionIdle = "sessions.idle_minutes" in Sessions: Rule::Number(1, 44_640), "60",
    /// Hours after which a session ends.
    SessionAbsolute = "sessions.absolute_hours" in Sessions: Rule::Number(1, 744), "24",
    /// Days for which "keep me signed in" keeps.
    SessionKeep = "sessions.keep_days" in Sessions: Rule::Number(1, 366), "30",
    /// Minutes for which a proof of who asks is fresh.
    SessionProof = "sessions.proof_minutes" in Sessions: Rule::Number(1, 10), "10",
    /// Minutes without use after which the session of an administrator ends.
    SessionAdmin = "sessions.admin_idle_minutes" in Sessions: Rule::Number(1, 60), "15",
    /// Whether a second administrator has to agree before anybody's records are opened.
    SecondAdmin = "break_glass.second_admin" in Oversight: Rule::Switch, "false",
    /// Whether questions may go to a provider outside, where one is set up and its person agrees.
    AiAllowed = "ai.allowed" in Features: Rule::Switch, "true",
    /// Whether it is counted how often each feature is used.
    UsageCounts = "usage.counts" in Features: Rule::Switch, "false",
    /// Days for which letters that were sent or given up stay in the list, without what they said.
    KeepMail = "retention.mail_days" in Retention: Rule::Number(1, 30), "7",
    /// Days for which counters are kept.
    KeepCounters = "retention.counters_days" in Retention: Rule::Number(30, 1_830), "400",
    /// Days for which it is kept what browsers refused.
    KeepCsp = "retention.csp_days" in Retention: Rule::Number(1, 365), "90",
    /// Megabytes (2²⁰ bytes) that an account may take with all vaults of its journal.
    JournalSpace = "journal.space_mb" in Space: Rule::Number(1, 1_000_000), "256",
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_setting_has_a_name_of_its_own_and_a_default_within_its_rule() {
        let mut seen = HashSet::new();
        for s in Setting::ALL {
            assert!(seen.insert(s.as_str()));
            assert_eq!(Setting::parse(s.as_str()), Some(*s));
            assert_eq!(s.rule().parse(s.default()).as_deref(), Ok(s.default()), "{}", s.as_str());
            assert!(Group::ALL.contains(&s.group()));
        }
    }

    #[test]
    fn what_is_outside_a_rule_is_refused() {
        assert!(Rule::Number(1, 10).parse("11").is_err());
        assert!(Rule::Number(1, 10).parse("0").is_err());
        assert!(Rule::Number(1, 10).parse("1.5").is_err());
        assert!(Rule::Number(1, 10).parse("-1").is_err());
        assert_eq!(Rule::Number(1, 10).parse(" 07 ").unwrap(), "7");
        assert_eq!(Rule::Switch.parse("Yes").unwrap(), "true");
        assert!(Rule::Switch.parse("perhaps").is_err());
        assert!(Rule::Word(&["open"]).parse("opened").is_err());
        assert_eq!(Rule::Words(&["en", "de"]).parse("de, en,de").unwrap(), "en,de");
        assert!(Rule::Words(&["en", "de"]).parse("").is_err());
        assert!(Rule::Words(&["en", "de"]).parse("en,fr").is_err());
    }
}
