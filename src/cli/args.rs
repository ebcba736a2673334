//! What can be said on the command line.

use crate::worker::Probe;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Your own health records, on your own machine.
#[derive(Parser)]
#[command(name = "keepwell", version, about, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(clap::Args)]
pub struct Common {
    /// Folder of the database, the sealed files and the root key [default: data]
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// Settings file [default: keepwell.toml in the data folder]
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// Commands.
#[derive(Subcommand)]
pub enum Command {
    /// Serve pages and API until stopped
    Serve {
        #[command(flatten)]
        common: Common,
        /// A port of this machine, or unix:/path [default: 127.0.0.1:3000]
        #[arg(long)]
        listen: Option<String>,
    },
    /// Look at key, database, disk, time and sandbox, and say what to do
    Doctor {
        #[command(flatten)]
        common: Common,
    },
    /// Administrators
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Import files into an account
    Import {
        #[command(flatten)]
        common: Common,
        /// Whose account
        #[arg(long)]
        email: String,
        /// Files to read
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write everything of an account into a ZIP file
    Export {
        #[command(flatten)]
        common: Common,
        /// Whose account
        #[arg(long)]
        email: String,
        /// The ZIP file to make
        #[arg(long)]
        out: PathBuf,
    },
    /// Letters that were not sent, because no mail server is set
    Outbox {
        #[command(subcommand)]
        command: Outbox,
    },
    /// The log of what was done: check it, write it out, print its signed head
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Reads one foreign file, locked in. Started by the server only.
    #[command(hide = true)]
    ParseWorker {
        #[arg(long)]
        memory: u64,
        #[arg(long)]
        cpu: u64,
        #[arg(long)]
        probe: Option<Probe>,
    },
}

/// Commands about the outbox.
#[derive(Subcommand)]
pub enum Outbox {
    /// List the letters, oldest first
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Print one letter
    Show {
        #[command(flatten)]
        common: Common,
        /// Its id, as listed
        id: uuid::Uuid,
    },
}

/// Commands about the log.
#[derive(Subcommand)]
pub enum Audit {
    /// Check every entry, hash and signature: of this instance, or of an export
    Verify {
        #[command(flatten)]
        common: Common,
        /// Check this export instead; no data folder is needed
        #[arg(long)]
        file: Option<PathBuf>,
        /// A signed head that you kept: the log must be a continuation of it
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The key of the log that you know; otherwise the one in the export is believed
        #[arg(long, requires = "file")]
        key: Option<String>,
    },
    /// Write the whole log into a file that anybody can check; it names nobody
    Export {
        #[command(flatten)]
        common: Common,
        /// The file to make
        #[arg(long)]
        out: PathBuf,
    },
    /// Print the signed head; keep it elsewhere
    Checkpoint {
        #[command(flatten)]
        common: Common,
    },
}

impl Audit {
    /// The flags that every command has.
    #[must_use]
    pub const fn common(&self) -> &Common {
        match self {
            Self::Verify { common, .. } | Self::Export { common, .. } | Self::Checkpoint { common } => common,
        }
    }
}

/// Who works for an instance. None of them opens a person's records.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staff {
    /// Runs the instance
    Admin,
    /// Helps people with their accounts
    Support,
    /// Reads the log of what was done
    Auditor,
}

/// Commands about administrators.
#[derive(Subcommand)]
pub enum Admin {
    /// Bring accounts over from an older system, with their bcrypt hashes of cost 12
    ImportUsers {
        #[command(flatten)]
        common: Common,
        /// CSV with the columns email and hash, or JSON lines with these fields
        file: PathBuf,
    },
    /// Create an administrator, or another who works here; the password is read from standard input
    Create {
        #[command(flatten)]
        common: Common,
        /// E-mail address
        #[arg(long)]
        email: String,
        /// What for
        #[arg(long, value_enum, default_value_t = Staff::Admin)]
        role: Staff,
    },
    /// Take all second factors from an account: for somebody who lost app and recovery codes, or whose
    /// account a thief gave a passkey. Be sure who asks you for it
    ResetFactors {
        #[command(flatten)]
        common: Common,
        /// Whose account
        #[arg(long)]
        email: String,
    },
    /// Print the reports of weaknesses, and what browsers refused under the content policy
    Reports {
        #[command(flatten)]
        common: Common,
    },
}
