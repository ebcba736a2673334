//! `keepwell admin reports`: what strangers told, and what browsers refused.

use super::say;
use crate::{config::Config, instance};
use keepwell_domain::time::{DAY, Ts};

/// Reports shown at most.
const SHOWN: i64 = 200;

/// Prints all reports, newest first.
///
/// # Errors
/// Those of opening the instance.
pub async fn reports(config: Config) -> anyhow::Result<()> {
    let services = instance::open(&config).await?;
    let kept = services.list_reports(SHOWN).await?;
    say(&format!("{} reports of weaknesses", kept.len()));
    for report in kept {
        say(&format!("\n{}  {}", report.at.rfc3339(), report.id));
        if !report.report.contact.is_empty() {
            say(&format!("contact: {}", printable(&report.report.contact)));
        }
        say(&printable(&report.report.text));
    }
    let refused = services.list_violations().await?;
    say(&format!("\n{} kinds of refusals by browsers under the content policy", refused.len()));
    for v in refused {
        let day = Ts(v.day * DAY).rfc3339();
        say(&format!("{}  {:<28} {}", day.get(..10).unwrap_or_default(), v.directive, v.times));
    }
    super::people::settle(&services).await;
    services.store().close().await;
    Ok(())
}

/// What a stranger wrote must not steer the operator's terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
