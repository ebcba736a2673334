//! Consent to have questions answered by a model: to just one provider, shown beforehand, taken back at any time.

use super::{model::Provider, provider::view};
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::Action, sealed::Fingerprint, view::AskPreview};
use keepwell_store::ask_provider as rows;
use std::fmt::Write;

impl Services {
    /// What the first request for this question would send, to whom, under which terms: made by what makes the
    /// request itself. Nothing is sent.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when no provider is set up; those of the store.
    pub async fn consent_preview(&self, actor: &Actor, question: &str) -> Result<AskPreview> {
        let provider = self.provider(actor).await?.ok_or(ServiceError::NotFound)?;
        let facts = self.facts(actor).await?;
        let mut talk = self.talk(actor, &facts, &provider, &[], question).await?;
        let body = talk.body();
        let value: serde_json::Value = serde_json::from_slice(&body).map_err(|_| ServiceError::Internal)?;
        let request = serde_json::to_string_pretty(&value).map_err(|_| ServiceError::Internal)?;
        let stand_ins = talk
            .stand_ins()
            .filter(|(label, _)| request.contains(label))
            .map(|(label, real)| (label.to_owned(), real.to_owned()))
            .collect();
        let consented = self.has_consent(actor, &provider).await?;
        Ok(AskPreview {
            provider: view(&provider, consented),
            url: provider.url(),
            request,
            stand_ins,
            fingerprint: hex(&self.provider_fp(&provider, actor.profile)),
        })
    }

    /// Consents, for the profile in use, to what [`Services::consent_preview`] showed.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when it is not what would happen any more; [`ServiceError::NotFound`] without a
    /// provider; [`ServiceError::Forbidden`] for a token.
    pub async fn consent(&self, actor: &Actor, fingerprint: &str) -> Result<()> {
        actor.in_person()?;
        let provider = self.provider(actor).await?.ok_or(ServiceError::NotFound)?;
        let provider_fp = self.provider_fp(&provider, actor.profile);
        if hex(&provider_fp) != fingerprint {
            return Err(ServiceError::Conflict);
        }
        let mut tx = self.begin_by(actor).await?;
        let consent = rows::Consent { provider_fp, given_at: self.now() };
        if !rows::put_consent(&mut tx, actor.account, actor.profile, &consent).await? {
            return Err(ServiceError::NotFound);
        }
        self.log(&mut tx, Act::of(actor, Action::ConsentGiven).with_metadata(named(&provider))).await?;
        Ok(tx.commit().await?)
    }

    /// Takes consent back. From then on no question of this profile leaves.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there was none; [`ServiceError::Forbidden`] for a token.
    pub async fn revoke_consent(&self, actor: &Actor) -> Result<()> {
        actor.in_person()?;
        let mut tx = self.begin_by(actor).await?;
        if !rows::delete_consent(&mut tx, actor.account, actor.profile).await? {
            return Err(ServiceError::NotFound);
        }
        self.log(&mut tx, Act::of(actor, Action::ConsentRevoked)).await?;
        Ok(tx.commit().await?)
    }

    /// Whether the person consented to just this.
    pub(crate) async fn has_consent(&self, actor: &Actor, provider: &Provider) -> Result<bool> {
        let kept = rows::find_consent(&self.0.store, actor.account, actor.profile).await?;
        Ok(kept.is_some_and(|c| c.provider_fp == self.provider_fp(provider, actor.profile)))
    }
}

/// Provider and model, for the log.
pub(crate) fn named(provider: &Provider) -> String {
    format!("{} · {} · {}", provider.name, provider.base.authority(), provider.model)
}

fn hex(fp: &Fingerprint) -> String {
    fp.0.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
