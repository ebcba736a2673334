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
    /// Create an administrator; the password is read from standard input
    Create {
        #[command(flatten)]
        common: Common,
        /// E-mail address
        #[arg(long)]
        email: String,
    },
    /// Print the reports of weaknesses, and what browsers refused under the content policy
    Reports {
        #[command(flatten)]
        common: Common,
    },
}
