//! `keepwell doctor`: looks at everything that an instance needs, and says what to do.

mod perimeter;

use crate::{clock::SystemClock, config::Config, instance, keyfile, sandbox};
use keepwell_domain::time::{DAY, Ts};
use std::{path::Path, time::Instant};

/// One thing looked at.
#[derive(Debug, Clone)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    pub found: String,
    /// What to do, when it is not.
    pub advice: String,
}

impl Check {
    fn well(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, ok: true, found: found.into(), advice: String::new() }
    }
    fn ill(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, ok: false, found: found.into(), advice: advice.into() }
    }
}

/// Free bytes under which a disk counts as full.
const LEAST_FREE: u64 = 1 << 30;
/// When this was written; an earlier clock is wrong.
const WRITTEN: Ts = Ts(1_795_000_000 * 1_000_000);

/// Looks at everything. Writes nothing that is not there already.
pub async fn checks(config: &Config) -> Vec<Check> {
    let mut all = vec![key(config), disk(&config.data_dir), time()];
    all.push(database(config, all[0].ok).await);
    let well = all.iter().all(|c| c.ok);
    all.extend(perimeter::checks(config, SystemClock.read(), well).await);
    all.push(readers(config));
    all.push(site(config));
    all
}

fn key(config: &Config) -> Check {
    let source = || match (&config.key.secret, &config.key.command) {
        (Some(_), _) => "from the environment or settings".to_owned(),
        (_, Some(_)) => "from the key command".to_owned(),
        _ => config.key_file().display().to_string(),
    };
    let from_file = config.key.secret.is_none() && config.key.command.is_none();
    if from_file && !config.key_file().exists() && !instance::data_exists(config) {
        return Check::well(
            "root key",
            format!("{} will be made at the first start", config.key_file().display()),
        );
    }
    match keyfile::root_key(config, true) {
        Ok(_) => Check::well("root key", source()),
        Err(fault) => {
            Check::ill("root key", fault.to_string(), "Nothing starts without it; see the sentence above.")
        }
    }
}

fn disk(folder: &Path) -> Check {
    let there = folder.ancestors().find(|p| p.is_dir()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    match rustix::fs::statvfs(there) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let found = format!("{} MiB free in {}", free >> 20, there.display());
            if free < LEAST_FREE {
                Check::ill("disk", found, "Make room: uploads are refused when the disk is full.")
            } else if stat.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
                Check::ill(
                    "disk",
                    format!("{} is read-only", there.display()),
                    "Mount it for writing, or set data_dir.",
                )
            } else {
                Check::well("disk", found)
            }
        }
        Err(e) => {
            Check::ill("disk", format!("{}: {e}", there.display()), "Check that the folder can be reached.")
        }
    }
}

fn time() -> Check {
    let clock = SystemClock.read();
    let (before, started) = (clock.0, Instant::now());
    let moved = SystemClock.read().0 - before;
    let steady = i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX);
    let found = clock.rfc3339();
    if clock < WRITTEN || clock.0 > WRITTEN.0 + 60 * 365 * DAY {
        return Check::ill(
            "time",
            found,
            "The clock is wrong: sessions and audit entries need the right time. Turn on NTP.",
        );
    }
    if (moved - steady).abs() > 1_000_000 {
        return Check::ill(
            "time",
            found,
            "The clock jumps: turn on NTP, and check the virtual machine's clock.",
        );
    }
    Check::well("time", found)
}

async fn database(config: &Config, key_ok: bool) -> Check {
    let what = if config.database.url.is_some() { "PostgreSQL" } else { "SQLite" };
    if !key_ok {
        return Check::ill("database", "not looked at", "Put the root key right first.");
    }
    if config.database.url.is_none() && !instance::data_exists(config) {
        return Check::well(
            "database",
            format!("a new {what} store will be made in {} at the first start", config.data_dir.display()),
        );
    }
    match instance::open(config).await {
        Ok(services) => {
            let ready = services.ready().await;
            services.store().close().await;
            match ready {
                Ok(()) => Check::well("database", format!("{what}, the root key fits")),
                Err(_) => Check::ill(
                    "database",
                    format!("{what} does not answer"),
                    "See the log above; check that the server runs and the disk is well.",
                ),
            }
        }
        Err(e) => Check::ill("database", format!("{e:#}"), "Nothing was changed."),
    }
}

fn readers(config: &Config) -> Check {
    const NAME: &str = "parser sandbox";
    match sandbox::self_test(&instance::sandbox(config)) {
        Err(e) => Check::ill(
            NAME,
            format!("a reader cannot be started: {}", e.kind()),
            "Files cannot be read without it: check that /proc is mounted and seccomp is allowed.",
        ),
        Ok(test) if !test.escapes.is_empty() => Check::ill(
            NAME,
            format!("a reader could {}", test.escapes.join(" and ")),
            "Do not take files from others: the kernel does not enforce seccomp. Use Linux 4.14 or newer.",
        ),
        Ok(test) if !test.landlock => Check::well(
            NAME,
            "seccomp holds; this kernel has no landlock (Linux 5.13 or newer would add a second wall)",
        ),
        Ok(_) => Check::well(NAME, "seccomp and landlock hold"),
    }
}

fn site(config: &Config) -> Check {
    if cfg!(feature = "embed") {
        return Check::well("site", "inside the binary");
    }
    if config.site_dir.join("pkg").is_dir() {
        return Check::well("site", config.site_dir.display().to_string());
    }
    Check::ill(
        "site",
        format!("{} is not built", config.site_dir.display()),
        "Run `make run`, or set site_dir. Pages work without it, but are not alive.",
    )
}

/// The report for a person.
#[must_use]
pub fn report(checks: &[Check], config: &Config) -> String {
    let mut out = String::new();
    for check in checks {
        let sign = if check.ok { "ok " } else { "BAD" };
        out += &format!("{sign}  {:<15} {}\n", check.name, check.found);
        if !check.advice.is_empty() {
            out += &format!("     {:<15} -> {}\n", "", check.advice);
        }
    }
    out += "\nSettings in force:\n";
    for (key, value) in config.shown() {
        out += &format!("  {key:<32} {value}\n");
    }
    out
}
