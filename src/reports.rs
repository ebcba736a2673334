//! What browsers refused under the content policy (CSP 3 and the Reporting API): counted by
//! directive, in memory first, so that a flood of reports costs the database nothing.

use crate::state::AppState;
use axum::{body::Body, extract::State};
use http::StatusCode;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Bytes of a report of the browser.
pub const REPORT_BODY: usize = 16 << 10;
/// Between two writings.
const PAUSE: Duration = Duration::from_secs(60);
/// Directives of a content policy that a report may name, without their `-src`.
const FETCH: [&str; 10] =
    ["child", "connect", "default", "font", "frame", "img", "manifest", "media", "object", "worker"];
/// The others.
const OTHER: [&str; 11] = [
    "base-uri",
    "form-action",
    "frame-ancestors",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
];

/// Refusals by directive that are not written down yet.
#[derive(Clone, Default)]
pub struct Violations(Arc<Mutex<BTreeMap<String, i64>>>);

impl Violations {
    fn count(&self, directive: &str) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Only words of the standard get here, so this cannot grow.
        *seen.entry(directive.to_owned()).or_default() += 1;
    }
    fn take(&self) -> Vec<(String, i64)> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *seen).into_iter().collect()
    }
}

/// Takes a report in the old form (`csp-report`) or the new one (a list). Only the directive is
/// kept: the address may name a record.
pub async fn csp_report(State(state): State<AppState>, body: Body) -> StatusCode {
    let Ok(bytes) = axum::body::to_bytes(body, REPORT_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let report: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let named = directives(&report);
    if named.is_empty() {
        return StatusCode::BAD_REQUEST;
    }
    for directive in named {
        tracing::warn!(directive, "a browser refused something under the content policy");
        state.violations.count(directive);
    }
    StatusCode::NO_CONTENT
}

fn directives(report: &Value) -> Vec<&str> {
    let old =
        report.get("csp-report").and_then(|r| r.get("effective-directive").or(r.get("violated-directive")));
    let new = report.as_array().map(Vec::as_slice).unwrap_or_default();
    let new = new.iter().filter_map(|r| r.get("body")?.get("effectiveDirective"));
    old.into_iter()
        .chain(new)
        .filter_map(|d| d.as_str()?.split(' ').next())
        // Only words of the standard: anybody may send a report.
        .filter(|d| d.strip_suffix("-src").is_some_and(|d| FETCH.contains(&d)) || OTHER.contains(d))
        .collect()
}

/// Writes the counts down until the server stops, and once more then.
pub async fn write_down(state: AppState, mut stopped: watch::Receiver<bool>) {
    loop {
        let stop = tokio::select! {
            () = tokio::time::sleep(PAUSE) => false,
            _ = stopped.wait_for(|s| *s) => true,
        };
        let seen = state.violations.take();
        if !seen.is_empty()
            && let Err(e) = state.services.count_violations(&seen).await
        {
            tracing::warn!(error = %e, "refusals under the content policy could not be counted");
        }
        if stop {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_forms_of_report_are_read_and_made_up_words_dropped() {
        let old =
            json!({"csp-report": {"violated-directive": "script-src-elem 'self'", "document-uri": "x"}});
        assert_eq!(directives(&old), ["script-src-elem"]);
        let new = json!([
            {"type": "csp-violation", "body": {"effectiveDirective": "img-src"}},
            {"type": "csp-violation", "body": {"effectiveDirective": "made-up"}},
            {"type": "deprecation", "body": {}},
        ]);
        assert_eq!(directives(&new), ["img-src"]);
        for bad in [
            json!(null),
            json!([1]),
            json!({"csp-report": 3}),
            json!({"csp-report": {"violated-directive": 4}}),
        ] {
            assert!(directives(&bad).is_empty());
        }
    }
}
