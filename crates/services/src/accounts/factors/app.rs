//! Codes of an authenticator app: TOTP (RFC 6238), SHA-1, six digits, steps of 30 s, one step of
//! tolerance either way. The secret is sealed under the account's key; a step is good once.

use crate::{
    actor::{Actor, Device, SessionToken},
    core::Services,
    error::{Result, ServiceError},
    mail::FactorNews,
};
use keepwell_domain::{act::Action, ids::AccountId, view::NewApp};
use keepwell_store::factor;
use std::fmt::Write as _;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret: as long as what the hash gives (RFC 4226, 4).
const SECRET: usize = 20;
/// Seconds for which a secret that was not confirmed is shown and can be.
const SHOWN_S: i64 = 900;
/// White squares around a QR code.
const QUIET: usize = 4;

/// An app that was put in force.
pub struct EnrolledApp {
    /// The session goes on with this one; every other has ended.
    pub session: SessionToken,
    /// The recovery codes, when there were none before. They cannot be shown again.
    pub codes: Option<Vec<String>>,
}

fn totp(secret: &[u8]) -> Result<Totp> {
    let builder = Builder::new().with_secret(Secret::new(secret.into()));
    builder.build().map_err(|e| ServiceError::internal("totp", &e))
}

/// Every byte escaped but letters, digits and `-._~` (RFC 3986, unreserved).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// What an app takes in, as apps on phones understand it (Google's Key Uri Format).
fn shown(secret: &[u8], host: &str, email: &str) -> Result<NewApp> {
    let text = Secret::new(secret.into()).to_base32();
    let issuer = escaped(&format!("Keepwell {host}"));
    let uri = format!(
        "otpauth://totp/{issuer}:{}?secret={text}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        escaped(email)
    );
    let (qr_path, qr_size) = qr(&uri)?;
    let groups: Vec<&str> =
        (0..text.len()).step_by(4).filter_map(|i| text.get(i..text.len().min(i + 4))).collect();
    Ok(NewApp { secret: groups.join(" "), uri, qr_path, qr_size })
}

/// A QR code as a path of black runs, and its width with the quiet zone.
fn qr(text: &str) -> Result<(String, u32)> {
    let code = qrcode::QrCode::new(text).map_err(|e| ServiceError::internal("qr", &e))?;
    let width = code.width();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect();
    let mut path = String::new();
    for (y, row) in dark.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|d| **d).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok((path, u32::try_from(width + 2 * QUIET).unwrap_or(0)))
}

impl Services {
    /// The step of time whose code this is, unless it or a later one was used.
    pub(in crate::accounts) async fn step_of(&self, account: AccountId, code: &str) -> Result<Option<i64>> {
        let Some(row) = factor::find_totp(&self.0.store, account).await? else { return Ok(None) };
        if row.confirmed_at.is_none() {
            return Ok(None);
        }
        let step = self.check_app(account, &row, code).await?;
        Ok(step.filter(|s| *s > row.last_step))
    }

    async fn check_app(&self, account: AccountId, row: &factor::Totp, code: &str) -> Result<Option<i64>> {
        let secret = self.app_secret(account, row).await?;
        let seconds = u64::try_from(self.now().0 / 1_000_000).unwrap_or(0);
        let step = totp(&secret)?.check(code, seconds);
        Ok(step.and_then(|s| i64::try_from(s).ok()))
    }

    async fn app_secret(&self, account: AccountId, row: &factor::Totp) -> Result<Zeroizing<Vec<u8>>> {
        let keys = self.0.keys.account(&self.0.store, account).await?;
        Ok(Zeroizing::new(keys.open("totp", "secret", account.uuid(), &row.secret_sealed)?))
    }

    fn is_pending(&self, row: &factor::Totp) -> bool {
        row.confirmed_at.is_none() && self.now() < row.created_at.plus_seconds(SHOWN_S)
    }

    /// The secret to take in, while it is not in force.
    pub(super) async fn app_to_show(&self, actor: &Actor, row: &factor::Totp) -> Result<Option<NewApp>> {
        if !self.is_pending(row) {
            return Ok(None);
        }
        let secret = self.app_secret(actor.account, row).await?;
        let account = keepwell_store::account::get_account(&self.0.store, actor.account).await?;
        let email = Zeroizing::new(self.email_of(&account).await?);
        Ok(Some(shown(&secret, self.host(), &email)?))
    }

    /// The host of the instance's public address.
    fn host(&self) -> &str {
        let base = &self.0.mail.base_url;
        let authority = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
        // An issuer must hold no colon.
        authority.rsplit_once(':').map_or(authority, |(host, _)| host).trim_matches(['[', ']'])
    }

    /// Makes a secret for an app. It is in force once a code of it was typed.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when an app is in force; [`ServiceError::ProofNeeded`].
    pub async fn begin_app(&self, actor: &Actor) -> Result<NewApp> {
        actor.in_person()?;
        self.fresh(actor)?;
        let mut secret = Zeroizing::new([0_u8; SECRET]);
        getrandom::fill(&mut *secret).map_err(|e| ServiceError::internal("randomness", &e))?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let sealed = keys.seal("totp", "secret", actor.account.uuid(), &*secret)?;
        let mut tx = self.begin_on(actor.account).await?;
        self.still_live(&mut tx, actor).await?;
        if !factor::put_pending_totp(&mut tx, actor.account, &sealed, self.now()).await? {
            return Err(ServiceError::Conflict);
        }
        tx.commit().await?;
        let account = keepwell_store::account::get_account(&self.0.store, actor.account).await?;
        let email = Zeroizing::new(self.email_of(&account).await?);
        shown(&*secret, self.host(), &email)
    }

    /// Puts the app in force with a code of it. Every other session ends.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `code`; [`ServiceError::Conflict`] when nothing was begun, or too
    /// long ago; [`ServiceError::TooMany`]; [`ServiceError::ProofNeeded`].
    pub async fn confirm_app(&self, actor: &Actor, code: &str, device: &Device) -> Result<EnrolledApp> {
        let change = self.begin_change(actor, device).await?;
        let found = factor::find_totp(&self.0.store, actor.account).await?;
        let row = found.filter(|r| self.is_pending(r)).ok_or(ServiceError::Conflict)?;
        let attempt = self.begin_own_proof(b"app", actor).await?;
        let typed = super::normal_code(code).filter(|c| c.len() == 6);
        let step = match typed {
            Some(typed) => self.check_app(actor.account, &row, &typed).await?,
            None => None,
        };
        let step = step.ok_or_else(|| not_this_code(actor.lang))?;
        self.forgive(attempt).await?;
        let mut tx = self.begin_on(actor.account).await?;
        if !factor::confirm_totp(&mut tx, actor.account, row.created_at, step, self.now()).await? {
            return Err(ServiceError::Conflict);
        }
        let codes = self.first_codes(&mut tx, actor.account).await?;
        let what = (Action::FactorAdded, "totp");
        let session = self.end_change(&mut tx, actor, change, what, FactorNews::AppAdded).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(EnrolledApp { session, codes })
    }

    /// Takes the app out of force. Every other session ends.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when none is in force; [`ServiceError::Invalid`] with field `factor` for the
    /// last one of whoever runs the instance; [`ServiceError::ProofNeeded`].
    pub async fn remove_app(&self, actor: &Actor, device: &Device) -> Result<SessionToken> {
        let change = self.begin_change(actor, device).await?;
        let found = factor::find_totp(&self.0.store, actor.account).await?;
        found.filter(|t| t.confirmed_at.is_some()).ok_or(ServiceError::NotFound)?;
        self.may_lose_one(actor, &change.account).await?;
        let mut tx = self.begin_on(actor.account).await?;
        factor::delete_totp(&mut tx, actor.account).await?;
        self.drop_idle_codes(&mut tx, &change.account).await?;
        let what = (Action::FactorRemoved, "totp");
        let session = self.end_change(&mut tx, actor, change, what, FactorNews::AppRemoved).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(session)
    }
}

fn not_this_code(lang: crate::Lang) -> ServiceError {
    ServiceError::invalid(
        "code",
        lang.pick(
            "This is not the code that the app should show now. Is the clock of the phone right?",
            "Das ist nicht der Code, den die App jetzt zeigen sollte. Geht die Uhr des Telefons richtig?",
        ),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let t = totp(b"12345678901234567890").unwrap();
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(t.check(code, at), Some(at / 30));
            assert_eq!(t.check(code, at + 30), Some(at / 30), "one step late");
            assert_eq!(t.check(code, at - 30), Some(at / 30), "one step early");
            assert_eq!(t.check(code, at + 60), None);
        }
    }

    #[test]
    fn address_for_the_app_names_host_and_person_and_is_well_formed() {
        let app = shown(&[7; 20], "health.example", "eva+x@example.org").unwrap();
        assert!(
            app.uri.starts_with("otpauth://totp/Keepwell%20health.example:eva%2Bx%40example.org?secret=")
        );
        assert!(app.uri.contains("&issuer=Keepwell%20health.example&"));
        assert!(app.uri.contains(&app.secret.replace(' ', "")));
        // The three corners of every QR code: a run of seven begins at the quiet zone's edge.
        assert!(app.qr_path.starts_with("M4 4h7v1h-7z") && app.qr_size >= 29);
    }
}
