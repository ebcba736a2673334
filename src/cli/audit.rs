//! `keepwell audit verify | export | checkpoint`.

use super::{args::Audit, say, say_error};
use crate::{config::Config, instance};
use anyhow::Context;
use keepwell_audit::{
    export::{self, Trust, Verified},
    part,
};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, BufWriter},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::ExitCode,
};

/// Runs one of the commands.
///
/// # Errors
/// A sentence that says what to do. A log that does not hold is no error but a failure, said plainly.
pub async fn run(config: &Config, command: Audit) -> anyhow::Result<ExitCode> {
    match command {
        Audit::Verify { file: Some(file), checkpoint, key, .. } => {
            let pinned = checkpoint.as_deref().map(note).transpose()?;
            offline(&file, &Trust { key: key.as_deref(), note: pinned.as_deref() })
        }
        Audit::Verify { checkpoint, .. } => {
            live(config, checkpoint.as_deref().map(note).transpose()?.as_deref()).await
        }
        Audit::Export { out, .. } => write_out(config, &out).await,
        Audit::Checkpoint { .. } => {
            let services = instance::open(config).await?;
            let head = services.audit_checkpoint().await;
            services.store().close().await;
            say(&head.context("the log cannot be signed: run keepwell audit verify")?.0.note);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn note(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn offline(path: &Path, trust: &Trust<'_>) -> anyhow::Result<ExitCode> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut file = BufReader::with_capacity(1 << 20, file);
    if file.fill_buf()?.starts_with(part::MAGIC) {
        return offline_part(file, trust);
    }
    match export::verify(file, trust) {
        Ok(found) => {
            say(&praise(&found, trust));
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => {
            say_error(&format!("The log does NOT hold: {e}."));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Some entries with their proofs, as the page of the log gives them out.
fn offline_part(file: impl BufRead, trust: &Trust<'_>) -> anyhow::Result<ExitCode> {
    if trust.note.is_some() {
        anyhow::bail!(
            "some entries alone do not show that the log goes on from a checkpoint: leave --checkpoint out"
        );
    }
    match part::verify(file, trust) {
        Ok(found) => {
            let mut text = format!(
                "All {} entries are in the log of {} entries that was signed. Whether others were left out, only the whole log shows.\nkey: {}",
                found.entries, found.head.size, found.key
            );
            if trust.key.is_none() {
                text.push_str(OWN_KEY);
            }
            say(&text);
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => {
            say_error(&format!("The entries do NOT hold: {e}."));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Said where nobody gave the key.
const OWN_KEY: &str =
    "\nThe key was taken from the file itself. Compare it with the one you know, or give --key.";

fn praise(found: &Verified, trust: &Trust<'_>) -> String {
    let entries = found.head.size;
    let mut text =
        format!("The log holds: {entries} entries are those that were signed.\nkey: {}", found.key);
    if let Some(size) = found.pinned {
        text.push_str(&format!("\nIt is a continuation of your checkpoint of {size} entries."));
    }
    if trust.key.is_none() {
        text.push_str(OWN_KEY);
    }
    text
}

async fn live(config: &Config, pinned: Option<&str>) -> anyhow::Result<ExitCode> {
    let services = instance::open(config).await?;
    let found = services.check_log(pinned).await;
    services.store().close().await;
    match found {
        Ok(found) => {
            let mut text = format!(
                "The log holds: {} entries are those that were signed, {} wait for their place.\nkey: {}",
                found.entries, found.waiting, found.key
            );
            if let Some(size) = found.pinned {
                text.push_str(&format!("\nIt is a continuation of your checkpoint of {size} entries."));
            }
            say(&text);
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => {
            say_error(&format!("The log does NOT hold: {e}."));
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn write_out(config: &Config, out: &Path) -> anyhow::Result<ExitCode> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)
        .with_context(|| format!("{} cannot be made", out.display()))?;
    let disk = file.try_clone()?;
    let services = instance::open(config).await?;
    let written = services.export_log(BufWriter::with_capacity(1 << 20, file)).await;
    services.store().close().await;
    match written {
        Ok(head) => {
            disk.sync_all()?;
            say(&format!(
                "{} holds {} entries; check it with keepwell audit verify --file.",
                out.display(),
                head.size
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => {
            let _ = std::fs::remove_file(out);
            Err(anyhow::Error::msg(e.to_string())).context("the log cannot be written out")
        }
    }
}
