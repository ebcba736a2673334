//! Accounts out of an older system: CSV with a heading, or JSON lines.

use super::{say, say_error};
use crate::{config::Config, instance};
use anyhow::Context;
use keepwell_services::{Brought, LegacyUser};
use serde::Deserialize;
use std::{path::Path, process::ExitCode};

/// Bytes of a list at most.
const LONGEST: u64 = 64 << 20;

#[derive(Deserialize)]
struct Row {
    email: String,
    #[serde(alias = "password_hash", alias = "bcrypt", alias = "password")]
    hash: String,
}

/// Brings them over one by one; a row that cannot be taken is told by its line and skipped.
pub async fn import(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let shown = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{shown} cannot be read"))?.len();
    anyhow::ensure!(size <= LONGEST, "{shown} is larger than 64 MiB: split it");
    let text = std::fs::read_to_string(file).with_context(|| format!("{shown} cannot be read as UTF-8"))?;
    let rows = rows(&text);
    let services = instance::open(config).await?;
    let (mut made, mut known, mut bad) = (0u64, 0u64, 0u64);
    for (line, row) in rows {
        // Neither addresses nor hashes are repeated: a terminal keeps what it shows.
        let what = match row {
            None => Err("cannot be read: email and hash are needed"),
            Some(user) => match services.bring_user(&user).await.context("an account cannot be made")? {
                Brought::Made => Ok(true),
                Brought::Known => Ok(false),
                Brought::BadEmail => Err("has no e-mail address"),
                Brought::BadHash => Err("has no bcrypt hash of cost 12"),
            },
        };
        match what {
            Ok(true) => made += 1,
            Ok(false) => known += 1,
            Err(why) => {
                bad += 1;
                say_error(&format!("line {line} {why}; it was skipped"));
            }
        }
    }
    services.store().close().await;
    say(&format!("{made} accounts were made, {known} were there already, {bad} lines were skipped."));
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Line numbers, from 1, and what was read there.
fn rows(text: &str) -> Vec<(u64, Option<LegacyUser>)> {
    let text = text.trim_start_matches('\u{feff}');
    let user = |r: Row| LegacyUser { email: r.email, hash: r.hash.trim().to_owned() };
    if text.trim_start().starts_with('{') {
        let lines = (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty());
        return lines.map(|(n, l)| (n, serde_json::from_str::<Row>(l).ok().map(user))).collect();
    }
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let lowered: csv::StringRecord = match reader.headers() {
        Ok(heading) => heading.iter().map(str::to_lowercase).collect(),
        Err(_) => return vec![(1, None)],
    };
    let records = reader.records().map(|record| match record {
        Ok(r) => {
            let line = r.position().map_or(0, csv::Position::line);
            (line, r.deserialize::<Row>(Some(&lowered)).ok().map(user))
        }
        Err(e) => (e.position().map_or(0, csv::Position::line), None),
    });
    records.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::rows;

    #[test]
    fn csv_and_json_lines_are_read_alike() {
        let csv =
            "\u{feff}Email,Password_Hash\r\neva@x.org,$2b$12$abc\r\n\"bob, b\"\r\nlea@x.org, $2b$12$def \r\n";
        let json = "{\"email\":\"eva@x.org\",\"hash\":\"$2b$12$abc\"}\n\n{\"email\":\"bob\"}\n{\"email\":\"lea@x.org\",\"bcrypt\":\"$2b$12$def\"}\n";
        for text in [csv, json] {
            let read = rows(text);
            let emails: Vec<_> =
                read.iter().map(|(_, u)| u.as_ref().map(|u| (u.email.as_str(), u.hash.as_str()))).collect();
            assert_eq!(
                emails,
                [Some(("eva@x.org", "$2b$12$abc")), None, Some(("lea@x.org", "$2b$12$def"))],
                "{text}"
            );
        }
        assert!(rows("").is_empty() || rows("")[0].1.is_none());
    }
}
