//! The command line.

mod args;
mod audit;
mod letters;
mod people;
mod reports;
mod run;
mod users;

use crate::{
    config::{self, Config, Overrides},
    doctor, logging,
    sandbox::lockdown,
    worker,
};
use args::{Admin, Args, Command, Common, Outbox};
use clap::Parser;
use std::{io::Write, process::ExitCode};

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    if let Command::ParseWorker { memory, cpu, probe } = args.command {
        let bounds = lockdown::Bounds { memory, cpu: std::time::Duration::from_secs(cpu) };
        return worker::run(bounds, probe);
    }
    match start(args) {
        Ok(code) => code,
        Err(e) => {
            say_error(&format!("keepwell: {e:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(args: Args) -> anyhow::Result<ExitCode> {
    // Before any key is read.
    lockdown::no_core_dumps()?;
    let (common, listen) = match &args.command {
        Command::Serve { common, listen } => (common, listen.clone()),
        Command::Doctor { common }
        | Command::Admin {
            command:
                Admin::Create { common, .. }
                | Admin::ResetFactors { common, .. }
                | Admin::Reports { common }
                | Admin::ImportUsers { common, .. },
        }
        | Command::Outbox { command: Outbox::List { common } | Outbox::Show { common, .. } }
        | Command::Import { common, .. }
        | Command::Export { common, .. } => (common, None),
        Command::Audit { command } => (command.common(), None),
        Command::ParseWorker { .. } => return Ok(ExitCode::FAILURE),
    };
    let config = settings(common, listen)?;
    logging::start(&config.log);
    quiet_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match args.command {
            Command::Serve { .. } => run::serve(config).await?,
            Command::Doctor { .. } => {
                let checks = doctor::checks(&config).await;
                say(&doctor::report(&checks, &config));
                return Ok(if checks.iter().all(|c| c.ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Command::Admin { command: Admin::Create { email, role, .. } } => {
                people::create_admin(&config, &email, role).await?
            }
            Command::Admin { command: Admin::ResetFactors { email, .. } } => {
                people::reset_factors(&config, &email).await?;
            }
            Command::Admin { command: Admin::Reports { .. } } => reports::reports(config).await?,
            Command::Admin { command: Admin::ImportUsers { file, .. } } => {
                return users::import(&config, &file).await;
            }
            Command::Outbox { command: Outbox::List { .. } } => letters::list(&config).await?,
            Command::Outbox { command: Outbox::Show { id, .. } } => letters::show(&config, id).await?,
            Command::Import { email, files, .. } => return people::import(&config, &email, &files).await,
            Command::Export { email, out, .. } => people::export(&config, &email, &out).await?,
            Command::Audit { command } => return audit::run(&config, command).await,
            Command::ParseWorker { .. } => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn settings(common: &Common, listen: Option<String>) -> anyhow::Result<Config> {
    let flags = Overrides { config: common.config.clone(), data_dir: common.data_dir.clone(), listen };
    Ok(config::load(&flags, &config::from_environment())?)
}

/// A panic's message may quote what a person typed: only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// One line for the person at the terminal.
fn say(text: &str) {
    // Nobody may be reading.
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
}

fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
