//! Settings of models.

use super::{Config, Fault, Setting};
use anyhow::{Context, bail};
use keepwell_ask::model::Wire;
use keepwell_services::{
    address::{Base, NamedBy},
    model::Provider,
};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Which model may be asked, where people agree.
#[derive(Clone)]
pub struct Ai {
    /// What the provider speaks; no model is asked when `None`.
    pub kind: Option<Wire>,
    /// Where it is; the maker's own address when `None`.
    pub base_url: Option<Base>,
    /// The model.
    pub model: Option<String>,
    /// The key.
    pub key: Option<Zeroizing<String>>,
    /// A file that holds the key.
    pub key_file: Option<PathBuf>,
    /// What the provider is called.
    pub name: Option<String>,
    /// Where it stands, for people to decide by.
    pub place: Option<String>,
    /// Where its terms can be read.
    pub terms: Option<String>,
    /// Certificates, as PEM, that a provider may prove itself with besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// Whether people may set up a provider of their own.
    pub own: bool,
    /// Ports that theirs may have.
    pub own_ports: Vec<u16>,
}

impl Default for Ai {
    fn default() -> Self {
        Self {
            kind: None,
            base_url: None,
            model: None,
            key: None,
            key_file: None,
            name: None,
            place: None,
            terms: None,
            ca_file: None,
            own: true,
            own_ports: vec![443],
        }
    }
}

impl Ai {
    fn base(&self) -> Option<Base> {
        let usual = match self.kind? {
            Wire::Anthropic => "https://api.anthropic.com",
            Wire::OpenAi => "https://api.openai.com/v1",
        };
        self.base_url.clone().or_else(|| Base::parse(usual, NamedBy::Operator, &[]).ok())
    }

    /// The provider of these settings, if one is set.
    ///
    /// # Errors
    /// A sentence about the file of the key.
    pub fn provider(&self) -> anyhow::Result<Option<Provider>> {
        let (Some(wire), Some(base), Some(model)) = (self.kind, self.base(), self.model.clone()) else {
            return Ok(None);
        };
        let key = match (&self.key, &self.key_file) {
            (Some(key), _) => Some(key.clone()),
            (None, Some(file)) => {
                let text = Zeroizing::new(
                    std::fs::read_to_string(file)
                        .with_context(|| format!("ai.key_file {} cannot be read", file.display()))?,
                );
                let key = Zeroizing::new(text.trim().to_owned());
                if !is_key(&key) {
                    bail!("ai.key_file {} holds no key", file.display());
                }
                Some(key)
            }
            (None, None) => None,
        };
        Ok(Some(Provider {
            wire,
            by: NamedBy::Operator,
            model,
            key,
            name: self.name.clone().unwrap_or_else(|| base.host.clone()),
            place: self.place.clone().unwrap_or_default(),
            terms: self.terms.clone().unwrap_or_default(),
            base,
        }))
    }
}

fn is_key(s: &str) -> bool {
    !s.is_empty() && s.len() <= 1000 && s.bytes().all(|b| b.is_ascii_graphic())
}

fn words(s: &str) -> Result<Option<String>, String> {
    if s.trim().is_empty() || s.chars().count() > 300 || s.contains(char::is_control) {
        return Err("must be a line of at most 300 characters".to_owned());
    }
    Ok(Some(s.trim().to_owned()))
}

/// Its rows of the table.
pub const KIND: Setting = Setting {
    key: "ai.kind",
    set: |c, s| {
        c.ai.kind = match s {
            "none" => None,
            other => Some(Wire::parse(other).ok_or("must be anthropic, openai or none")?),
        };
        Ok(())
    },
    show: |c| c.ai.kind.map_or("none", Wire::as_str).to_owned(),
};
/// See [`Ai::base_url`].
pub const BASE_URL: Setting = Setting {
    key: "ai.base_url",
    set: |c, s| {
        c.ai.base_url = Some(Base::parse(s, NamedBy::Operator, &[]).map_err(|e| e.to_string())?);
        Ok(())
    },
    show: |c| c.ai.base().map(|b| b.to_string()).unwrap_or_default(),
};
/// See [`Ai::model`].
pub const MODEL: Setting = Setting {
    key: "ai.model",
    set: |c, s| {
        c.ai.model = words(s)?;
        Ok(())
    },
    show: |c| c.ai.model.clone().unwrap_or_default(),
};
/// See [`Ai::key`].
pub const KEY: Setting = Setting {
    key: "ai.key",
    set: |c, s| {
        if !is_key(s) {
            return Err("must be a key without spaces".to_owned());
        }
        c.ai.key = Some(Zeroizing::new(s.to_owned()));
        Ok(())
    },
    show: |c| if c.ai.key.is_some() { "****".to_owned() } else { String::new() },
};
/// See [`Ai::key_file`].
pub const KEY_FILE: Setting = Setting {
    key: "ai.key_file",
    set: |c, s| {
        c.ai.key_file = Some(PathBuf::from(s));
        Ok(())
    },
    show: |c| c.ai.key_file.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
};
/// See [`Ai::name`].
pub const NAME: Setting = Setting {
    key: "ai.name",
    set: |c, s| {
        c.ai.name = words(s)?;
        Ok(())
    },
    show: |c| c.ai.name.clone().unwrap_or_default(),
};
/// See [`Ai::place`].
pub const PLACE: Setting = Setting {
    key: "ai.place",
    set: |c, s| {
        c.ai.place = words(s)?;
        Ok(())
    },
    show: |c| c.ai.place.clone().unwrap_or_default(),
};
/// See [`Ai::terms`].
pub const TERMS: Setting = Setting {
    key: "ai.terms",
    set: |c, s| {
        if !s.starts_with("https://") {
            return Err("must begin with https://".to_owned());
        }
        c.ai.terms = words(s)?;
        Ok(())
    },
    show: |c| c.ai.terms.clone().unwrap_or_default(),
};
/// See [`Ai::ca_file`].
pub const CA_FILE: Setting = Setting {
    key: "ai.ca_file",
    set: |c, s| {
        c.ai.ca_file = Some(PathBuf::from(s));
        Ok(())
    },
    show: |c| c.ai.ca_file.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
};
/// See [`Ai::own`].
pub const OWN: Setting = Setting {
    key: "ai.own",
    set: |c, s| {
        c.ai.own = s.parse().map_err(|_| "must be true or false".to_owned())?;
        Ok(())
    },
    show: |c| c.ai.own.to_string(),
};
/// See [`Ai::own_ports`].
pub const OWN_PORTS: Setting = Setting {
    key: "ai.own_ports",
    set: |c, s| {
        let ports: Option<Vec<u16>> =
            s.split(',').map(|p| p.trim().parse().ok().filter(|p| *p > 0)).collect();
        c.ai.own_ports = ports.ok_or("must be ports with commas between them: 443, 8443")?;
        Ok(())
    },
    show: |c| c.ai.own_ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
};

/// What is wrong when the settings are seen together.
pub fn together(config: &Config) -> Vec<Fault> {
    let ai = &config.ai;
    let mut faults = Vec::new();
    let mut fault = |place: &str, reason: &str| {
        faults.push(Fault { place: place.to_owned(), reason: reason.to_owned() });
    };
    let rest = [ai.base_url.is_some(), ai.model.is_some(), ai.key.is_some(), ai.key_file.is_some()];
    let Some(kind) = ai.kind else {
        if rest.contains(&true) {
            fault("ai.kind", "must be set where a model is: anthropic or openai");
        }
        return faults;
    };
    if ai.model.is_none() {
        fault("ai.model", "must be set where ai.kind is");
    }
    if ai.place.is_none() {
        fault(
            "ai.place",
            "must say where the provider stands, for people to decide by: a country, or \"this machine\"",
        );
    }
    if ai.key.is_some() && ai.key_file.is_some() {
        fault("ai.key", "set only one of ai.key and ai.key_file");
    }
    if kind == Wire::Anthropic && ai.key.is_none() && ai.key_file.is_none() && ai.base_url.is_none() {
        fault("ai.key", "must be set, or ai.key_file");
    }
    faults
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn set(config: &mut Config, key: &str, value: &str) -> Result<(), String> {
        let row = crate::config::SETTINGS.iter().find(|s| s.key == key).unwrap();
        (row.set)(config, value)
    }

    #[test]
    fn no_model_is_asked_unless_one_is_set_with_its_place() {
        let mut config = Config::default();
        assert!(together(&config).is_empty() && config.ai.provider().unwrap().is_none());
        set(&mut config, "ai.kind", "anthropic").unwrap();
        let places: Vec<String> = together(&config).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["ai.model", "ai.place", "ai.key"]);
        for (key, value) in [("ai.model", "m"), ("ai.place", "France"), ("ai.key", "s3cr3t-key")] {
            set(&mut config, key, value).unwrap();
        }
        assert!(together(&config).is_empty());
        let provider = config.ai.provider().unwrap().unwrap();
        assert_eq!(provider.url(), "https://api.anthropic.com/v1/messages");
        assert!(!format!("{config:?}").contains("s3cr3t") && format!("{config:?}").contains("****"));
    }

    #[test]
    fn a_local_server_needs_no_key_and_its_key_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        let mut config = Config::default();
        for (key, value) in [
            ("ai.kind", "openai"),
            ("ai.base_url", "http://127.0.0.1:11434/v1"),
            ("ai.model", "m"),
            ("ai.place", "this machine"),
        ] {
            set(&mut config, key, value).unwrap();
        }
        assert!(together(&config).is_empty());
        let provider = config.ai.provider().unwrap().unwrap();
        assert_eq!(
            (provider.url().as_str(), provider.key),
            ("http://127.0.0.1:11434/v1/chat/completions", None)
        );
        set(&mut config, "ai.key_file", file.to_str().unwrap()).unwrap();
        assert!(config.ai.provider().is_err());
        std::fs::write(&file, "abc\n").unwrap();
        assert_eq!(config.ai.provider().unwrap().unwrap().key.unwrap().as_str(), "abc");
        for (key, value) in [
            ("ai.kind", "x"),
            ("ai.base_url", "https://u:hunter2@h"),
            ("ai.own_ports", "0"),
            ("ai.key", "a b"),
            ("ai.terms", "javascript:1"),
        ] {
            assert!(!set(&mut config, key, value).unwrap_err().contains("hunter2"));
        }
    }
}
