//! Commands about one account: `admin create`, `import`, `export`.

use super::{args::Staff, say, say_error};
use crate::{config::Config, instance};
use anyhow::{Context, bail};
use keepwell_domain::{
    ids::DocumentId,
    view::{DocumentRow, DocumentState, DocumentView},
};
use keepwell_services::{Actor, Role, ServiceError, Services, TakenFactors, host::ParserHost};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Bytes of a file moved at a time.
const STEP: usize = 1 << 20;
/// Longest password in bytes, line end included.
const LONGEST: u64 = 1026;

/// Creates an administrator, or another who works here, with the password on the first line of standard input.
pub async fn create_admin(config: &Config, email: &str, role: Staff) -> anyhow::Result<()> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin()
        .lock()
        .take(LONGEST)
        .read_line(&mut line)
        .context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!(
            "give the password on standard input, for example: keepwell admin create --email you@example.org < password.txt"
        );
    }
    let services = instance::open(config).await?;
    let (role, noun) = match role {
        Staff::Admin => (Role::Admin, "an administrator"),
        Staff::Support => (Role::Support, "a supporter"),
        Staff::Auditor => (Role::Auditor, "an auditor"),
    };
    let created = services.create_staff(email, password, role).await.map_err(plain);
    settle(&services).await;
    services.store().close().await;
    created?;
    say(&format!("{email} is {noun} now."));
    if role == Role::Admin {
        say(
            "Next: sign in and set up a second factor (an authenticator app or a passkey). Until then nothing else opens.",
        );
    }
    Ok(())
}

/// Takes all second factors from an account, and says what became of it.
pub async fn reset_factors(config: &Config, email: &str) -> anyhow::Result<()> {
    let services = instance::open(config).await?;
    let taken = services.reset_factors(email).await;
    settle(&services).await;
    services.store().close().await;
    let taken = match taken {
        Err(ServiceError::NotFound) => bail!("no account {email}, or it is closed"),
        other => other.map_err(plain)?,
    };
    for line in taken_words(&taken) {
        say(&line);
    }
    Ok(())
}

/// What was done, and what is still to be done.
fn taken_words(taken: &TakenFactors) -> Vec<String> {
    let count = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts = [
        taken.app.then(|| "the authenticator app".to_owned()),
        count(taken.passkeys, "passkey", "passkeys"),
        count(taken.codes, "unused recovery code", "unused recovery codes"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let first = if taken.is_any() {
        format!("Removed: {}.", parts.join(", "))
    } else {
        "There was no second factor.".to_owned()
    };
    let letter = match (taken.is_any(), taken.is_told) {
        (true, true) => "A letter that says so is queued; the running server sends it.",
        (true, false) => {
            "No letter goes out: no mail is set, or the address was never confirmed. Tell the person yourself."
        }
        (false, _) => "",
    };
    let next = if taken.is_needed {
        "This account runs the instance: until it has a second factor again, nothing opens for it."
    } else {
        ""
    };
    [
        &first,
        "All sessions, access tokens, and links to reset the password have ended.",
        letter,
        "The password is the same as before. If somebody else may know it, have a new one chosen under /forgot first.",
        next,
    ]
    .into_iter()
    .filter(|line| !line.is_empty())
    .map(str::to_owned)
    .collect()
}

/// Imports files one after the other, and says what became of each.
pub async fn import(config: &Config, email: &str, files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let services = instance::open(config).await?;
    let actor = services
        .actor_for_email(email)
        .await
        .map_err(plain)
        .with_context(|| format!("no account {email}"))?;
    let parsers = instance::parsers(config);
    let mut all_well = true;
    for file in files {
        match one(&services, &actor, &*parsers, file).await {
            Ok((well, line)) => {
                all_well &= well;
                say(&format!("{}: {line}", file.display()));
            }
            Err(e) => {
                all_well = false;
                say_error(&format!("{}: {e:#}", file.display()));
            }
        }
    }
    settle(&services).await;
    services.store().close().await;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn one(
    services: &Services,
    actor: &Actor,
    parsers: &dyn ParserHost,
    path: &Path,
) -> anyhow::Result<(bool, String)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ticket = services.begin_upload(actor, &name, Some(size)).await.map_err(plain)?;
    let mut writer = services.upload_writer(actor, ticket.id, 0).await.map_err(plain)?;
    let mut buffer = vec![0; STEP];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        writer.write(&buffer[..n]).await.map_err(plain)?;
    }
    let uploaded = writer.finish().await.map_err(plain)?;
    if uploaded.already_there {
        return Ok((true, "was there already".to_owned()));
    }
    read(services, actor, parsers, uploaded.id).await
}

/// Works until this document has been read, by us or by a running server.
async fn read(
    services: &Services,
    actor: &Actor,
    parsers: &dyn ParserHost,
    id: DocumentId,
) -> anyhow::Result<(bool, String)> {
    let owner = Uuid::now_v7();
    loop {
        let row = services.document_row(actor, id).await.map_err(plain)?;
        match row.state {
            DocumentState::Done => {
                let view = services.document(actor, id, None, 1).await.map_err(plain)?;
                return Ok((true, what_was_read(&view)));
            }
            DocumentState::Review => {
                return Ok((true, "needs an answer from you: open it on the Documents page".to_owned()));
            }
            DocumentState::Failed => {
                return Ok((false, row.reason.unwrap_or_else(|| "could not be read".to_owned())));
            }
            DocumentState::Queued | DocumentState::Reading => {}
        }
        if !services.work_once(parsers, owner).await.map_err(plain)? {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}

/// What became of a file, with its parts that were not read and its warnings: the first of them.
fn what_was_read(view: &DocumentView) -> String {
    const SHOWN: usize = 5;
    let row = &view.row;
    let parts = |of: fn(&DocumentRow) -> u64| of(row) + view.children.iter().map(of).sum::<u64>();
    let (records, samples) = (parts(|r| r.records), parts(|r| r.samples));
    let why = row.reason.as_ref().map_or_else(String::new, |why| format!(". {why}"));
    let (failed, kept): (Vec<_>, Vec<_>) =
        view.children.iter().partition(|c| c.state == DocumentState::Failed);
    let notes: Vec<(&str, &str)> = failed
        .into_iter()
        .chain(kept)
        .filter_map(|c| Some((c.name.as_str(), c.reason.as_deref()?)))
        .chain(view.warnings.iter().map(|(place, why)| (place.as_str(), why.as_str())))
        .collect();
    let many = |n: u64, of: &str| format!("{n} {of}{}", if n == 1 { "" } else { "s" });
    let read = format!("{}, {}, {}", row.format, many(records, "record"), many(samples, "sample"));
    let mut lines = vec![format!("{read}{why}")];
    lines.extend(notes.iter().take(SHOWN).map(|(place, why)| match *place {
        "" => (*why).to_owned(),
        place => format!("{place}: {why}"),
    }));
    if notes.len() > SHOWN {
        lines.push(format!("and {} more, on the Documents page", notes.len() - SHOWN));
    }
    lines.join("\n  ")
}

/// Writes everything of an account into a new ZIP file that only its owner can read.
pub async fn export(config: &Config, email: &str, out: &Path) -> anyhow::Result<()> {
    let services = instance::open(config).await?;
    let actor = services
        .actor_for_email(email)
        .await
        .map_err(plain)
        .with_context(|| format!("no account {email}"))?;
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)
        .with_context(|| format!("{} cannot be made", out.display()))?;
    let disk = file.try_clone()?;
    if let Err(e) = services.export(&actor, file).await {
        let _ = std::fs::remove_file(out);
        return Err(plain(e));
    }
    disk.sync_all()?;
    settle(&services).await;
    services.store().close().await;
    say(&format!("{} holds everything of {email}. It is not encrypted: keep it safe.", out.display()));
    Ok(())
}

/// Gives what was done here its place in the log. What waits gets it from the server.
pub(super) async fn settle(services: &Services) {
    if let Err(e) = services.settle_log().await {
        tracing::warn!(error = %e, "the audit log was not numbered");
    }
}

/// The sentence alone.
fn plain(e: ServiceError) -> anyhow::Error {
    anyhow::Error::msg(e.to_string())
}
