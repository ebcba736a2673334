//! The receipt of a deletion: counts only, so that it can stand in an address.

use crate::{
    boot::{use_boot, use_texts},
    i18n::fmt,
    ui::page::heading,
};
use keepwell_domain::{time::Ts, view::Receipt};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// Where a receipt is shown. `what` is `record`, `import`, `demo`, `profile` or `account`.
#[must_use]
pub fn receipt_address(what: &str, r: &Receipt) -> String {
    format!(
        "/receipt?what={what}&records={}&kept={}&series={}&documents={}&journals={}&at={}",
        r.records, r.kept, r.series, r.documents, r.journals, r.at.0
    )
}

/// What a deletion removed.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    let (t, boot) = (use_texts(), use_boot());
    let q = use_query_map().get_untracked();
    let n = |name: &str| q.get_str(name).and_then(|v| v.parse::<u64>().ok()).unwrap_or(0);
    let title = match q.get_str("what") {
        Some("account") => t.receipt_account,
        Some("import") => t.receipt_import,
        Some("demo") => t.receipt_demo,
        Some("profile") => t.receipt_profile,
        _ => t.receipt_record,
    };
    let at =
        q.get_str("at").and_then(|v| v.parse().ok()).map(|v| fmt::ts(boot.lang, Ts(v))).unwrap_or_default();
    let line = |label: &'static str, n: u64| {
        (n > 0).then(
            || view! { <div><dt>{label}</dt><dd class="is-number">{fmt::count(boot.lang, n)}</dd></div> },
        )
    };
    let back = if boot.signed_in { "/overview" } else { "/" };
    view! {
        {heading(title, at)}
        <section class="Card">
            <dl class="Facts">
                {line(t.receipt_records, n("records"))}
                {line(t.receipt_series, n("series"))}
                {line(t.receipt_documents, n("documents"))}
                {line(t.receipt_journals, n("journals"))}
                {line(t.receipt_kept, n("kept"))}
            </dl>
            <p>{t.receipt_text}</p>
        </section>
        <p><A href=back attr:class="Button">{t.go_on}</A></p>
    }
}
