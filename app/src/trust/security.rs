//! The security page: each promise, how it stands, when it was tried, and how to try it oneself.

use super::{
    claim::{Checked, Claim, Findings, Status},
    document::{PageInfo, page},
    texts::{TrustTexts, claim as words, texts},
};
use crate::i18n::fmt;
use leptos::prelude::*;

/// What the security page shows.
pub struct SecurityPage {
    /// How each claim stands.
    pub findings: Findings,
    /// The instance's own address, `https://health.example`.
    pub origin: String,
}

impl SecurityPage {
    /// The page as HTML.
    #[must_use]
    pub fn html(&self, info: PageInfo) -> String {
        let t = texts(info.lang);
        let broken = Claim::ALL.iter().any(|c| self.findings.of(*c).status == Status::Broken);
        let claims = Claim::ALL.iter().map(|c| self.claim(info, self.findings.of(*c))).collect_view();
        let not = t.limits_of_it.iter().map(|text| view! { <li>{*text}</li> }).collect_view();
        let body = view! {
            {broken.then(|| view! { <p class="Alert" role="alert">{t.broken_text}</p> })}
            <p class="Prose">{t.security_intro}</p>
            <h2>{t.promises}</h2>
            <ul class="Claims">{claims}</ul>
            <section class="Prose">
                <h2>{t.not_promised}</h2>
                <ul class="Bullets">{not}</ul>
                <p>{t.for_machines} <a href="/api/v1/security">"/api/v1/security"</a></p>
            </section>
        };
        page(info, t.security, t.security_context, body)
    }

    fn claim(&self, info: PageInfo, found: Checked) -> AnyView {
        let (t, w) = (texts(info.lang), words(info.lang, found.claim));
        let (class, sign) = sign(t, found.status);
        let off = (found.status == Status::Off && !w.off.is_empty()).then(|| view! { <p>{w.off}</p> });
        let at = found
            .at
            .map_or(t.never_tried.to_owned(), |at| format!("{}: {}", t.tried, fmt::ts(info.lang, at)));
        let host = self.origin.split_once("://").map_or(self.origin.as_str(), |(_, h)| h);
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:443") };
        let command = w.command.replace("{origin}", &self.origin).replace("{host}", &host);
        view! {
            <li class="Claim Card" id=found.claim.code()>
                <div class="Claim-head"><h3>{w.name}</h3><span class=class>{sign}</span></div>
                <p class="Claim-promise">{w.promise}</p>
                {off}
                <p class="Fine">{w.tried} " " {at}</p>
                <details><summary>{t.try_it}</summary><pre class="Command" tabindex="0"><code>{command}</code></pre></details>
            </li>
        }
        .into_any()
    }
}

fn sign(t: &TrustTexts, status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Holds => ("Standing is-good", t.holds),
        Status::Off => ("Standing is-off", t.off),
        Status::Broken => ("Standing is-broken", t.broken),
        Status::Unknown => ("Standing is-off", t.unknown),
    }
}
