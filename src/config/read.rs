//! Where settings are written: a file, the environment, the command line.

use super::{Config, Fault, Faults, SETTINGS, reach};
use std::path::{Path, PathBuf};

/// The name of the settings file in the data folder.
pub const FILE_NAME: &str = "keepwell.toml";

/// Variables that belong to tests and tools, not to the server.
const NOT_SETTINGS: [&str; 5] =
    ["KEEPWELL_TEST_", "KEEPWELL_BENCH_", "KEEPWELL_BIN", "KEEPWELL_CHROMIUM", "KEEPWELL_CONFIG"];

/// What the command line sets; wins over everything.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<String>,
}

/// The variables of this process that begin with `KEEPWELL_`.
#[must_use]
pub fn from_environment() -> Vec<(String, String)> {
    let wanted =
        std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    wanted.filter(|(k, _)| k.starts_with("KEEPWELL_")).collect()
}

/// Reads all settings.
///
/// # Errors
/// Everything that is wrong, together.
pub fn load(flags: &Overrides, environment: &[(String, String)]) -> Result<Config, Faults> {
    let mut reader =
        Reader { config: Config::default(), faults: Vec::new(), listen_place: "listen".to_owned() };
    let variable = |name: &str| environment.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
    let data_dir = flags
        .data_dir
        .clone()
        .or_else(|| variable("KEEPWELL_DATA_DIR").map(PathBuf::from))
        .unwrap_or_else(|| reader.config.data_dir.clone());
    let named = flags.config.clone().or_else(|| variable("KEEPWELL_CONFIG").map(PathBuf::from));
    reader.file(&named.clone().unwrap_or_else(|| data_dir.join(FILE_NAME)), named.is_some());
    reader.environment(environment);
    if let Some(dir) = &flags.data_dir {
        reader.set("data_dir", &dir.to_string_lossy(), "--data-dir");
    }
    if let Some(listen) = &flags.listen {
        reader.set("listen", listen, "--listen");
    }
    reader.together();
    if reader.faults.is_empty() { Ok(reader.config) } else { Err(Faults(reader.faults)) }
}

struct Reader {
    config: Config,
    faults: Vec<Fault>,
    /// Where the address to listen on was set last.
    listen_place: String,
}

impl Reader {
    fn fault(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), reason: reason.into() });
    }

    fn set(&mut self, key: &str, value: &str, place: &str) {
        let result = match SETTINGS.iter().find(|s| s.key == key) {
            Some(setting) => (setting.set)(&mut self.config, value),
            None => Err(format!("there is no such setting{}", nearest(key))),
        };
        match result {
            Err(reason) => self.fault(place, reason),
            Ok(()) if key == "listen" => place.clone_into(&mut self.listen_place),
            Ok(()) => {}
        }
    }

    fn file(&mut self, path: &Path, must_exist: bool) {
        let place = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must_exist => return,
            Err(e) => return self.fault(place, format!("cannot be read: {}", e.kind())),
        };
        match text.parse::<toml::Table>() {
            // The message alone: the error's Display quotes the line, which may hold a secret.
            Err(e) => self.fault(place, format!("is not TOML: {}", e.message())),
            Ok(table) => self.table("", &table, &place),
        }
    }

    fn table(&mut self, section: &str, table: &toml::Table, file: &str) {
        for (key, value) in table {
            let key = if section.is_empty() { key.clone() } else { format!("{section}.{key}") };
            let place = format!("{key} in {file}");
            match value {
                toml::Value::Table(inner) if section.is_empty() => self.table(&key, inner, file),
                value => match plain(value) {
                    Some(text) => self.set(&key, &text, &place),
                    None => self.fault(place, "must be a text, a number, or a list of texts"),
                },
            }
        }
    }

    fn environment(&mut self, environment: &[(String, String)]) {
        for (name, value) in environment {
            if NOT_SETTINGS.iter().any(|p| name.starts_with(p)) {
                continue;
            }
            match SETTINGS.iter().find(|s| s.variable() == *name) {
                Some(setting) => self.set(setting.key, value, name),
                None => self.fault(name, "there is no such setting"),
            }
        }
    }

    /// Faults that only show when settings are seen together.
    fn together(&mut self) {
        let key = &self.config.key;
        let sources = [key.file.is_some(), key.secret.is_some(), key.command.is_some()];
        if sources.into_iter().filter(|s| *s).count() > 1 {
            self.fault("key", "set only one of key.file, key.secret (KEEPWELL_ROOT_KEY) and key.command");
        }
        self.faults.extend(super::mail::together(&self.config));
        self.faults.extend(super::ai::together(&self.config));
        let sessions = &self.config.sessions;
        if sessions.idle > sessions.absolute {
            self.fault("sessions", "idle_minutes must not be longer than absolute_hours");
        }
        let (config, place) = (&mut self.config, &self.listen_place);
        let faults = reach::together(config, place);
        self.faults.extend(faults);
    }
}

/// Lists become texts with commas, so that file and environment are read alike.
fn plain(value: &toml::Value) -> Option<String> {
    Some(match value {
        toml::Value::String(s) => s.clone(),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Array(list) => {
            list.iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?.join(",")
        }
        _ => return None,
    })
}

/// A hint when only the section or the last part of the name is right.
fn nearest(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let near = SETTINGS.iter().find(|s| s.key.rsplit('.').next() == Some(last));
    near.map(|s| format!("; did you mean {}?", s.key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn vars(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_environment_and_environment_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join(FILE_NAME),
            "listen = '127.0.0.1:1'\nhttp.connections = 7\n[uploads]\nmax_files = 9\n",
        )
        .unwrap();
        let flags = Overrides { data_dir: Some(dir.path().to_owned()), ..Overrides::default() };
        let config =
            load(&flags, &vars(&[("KEEPWELL_LISTEN", "127.0.0.1:2"), ("KEEPWELL_TEST_X", "y")])).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:2");
        assert_eq!((config.http.connections, config.uploads.max_files), (7, 9));
        let flags = Overrides { listen: Some("127.0.0.1:3".to_owned()), ..flags };
        let config = load(&flags, &vars(&[("KEEPWELL_LISTEN", "127.0.0.1:2")])).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:3");
    }

    #[test]
    fn all_faults_are_reported_together() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE_NAME), "lisen = 'x'\n[http]\nconnections = 'many'\n").unwrap();
        let flags = Overrides {
            data_dir: Some(dir.path().to_owned()),
            listen: Some("0.0.0.0:80".to_owned()),
            ..Overrides::default()
        };
        let environment = vars(&[
            ("KEEPWELL_KEY_FILE", "/k"),
            ("KEEPWELL_ROOT_KEY", "s3cr3t-s3cr3t"),
            ("KEEPWELL_NONSENSE", "1"),
            ("KEEPWELL_PASSWORDS_MEMORY_KIB", "8"),
        ]);
        let faults = load(&flags, &environment).unwrap_err();
        let text = faults.to_string();
        for part in [
            "lisen",
            "http.connections",
            "--listen",
            "plain HTTP",
            "KEEPWELL_NONSENSE",
            "19456",
            "only one of key.file",
        ] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
        assert_eq!(faults.0.len(), 6, "{text}");
        assert!(!text.contains("s3cr3t"), "{text}");
    }

    #[test]
    fn named_settings_file_must_exist() {
        let flags =
            Overrides { config: Some(PathBuf::from("/nowhere/keepwell.toml")), ..Overrides::default() };
        assert!(load(&flags, &[]).unwrap_err().to_string().contains("cannot be read"));
    }
}
