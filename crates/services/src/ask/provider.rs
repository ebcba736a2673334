//! Which provider of models a person's questions may go to: their own, else that of the settings.

use super::{
    address::{BadBase, Base, NamedBy},
    model::Provider,
};
use crate::{
    actor::{Actor, Lang},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_ask::model::Wire;
use keepwell_domain::{
    act::Action,
    ids::ProfileId,
    sealed::Fingerprint,
    view::{OwnProviderView, ProviderView},
};
use keepwell_store::ask_provider as rows;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A provider of one's own, as it is typed in.
pub struct NewProvider<'a> {
    /// `anthropic` or `openai`.
    pub kind: &'a str,
    /// `https://…`.
    pub base_url: &'a str,
    /// The model.
    pub model: &'a str,
    /// The key; empty keeps the one before, as long as the address stays the same.
    pub key: &'a str,
    /// What it is called; the host where empty.
    pub name: &'a str,
    /// Where it stands.
    pub place: &'a str,
    /// Where its terms can be read.
    pub terms: &'a str,
}

/// As it is sealed. Self-describing, so that a newer version reads an older.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    kind: String,
    base_url: String,
    model: String,
    key: Option<Zeroizing<String>>,
    name: String,
    place: String,
    terms: String,
}

const TABLE: &str = "ask_provider";

impl Services {
    /// The provider that the person's questions would go to, as they decide about it. `None` when none is set up.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn provider_of(&self, actor: &Actor) -> Result<Option<ProviderView>> {
        let Some(provider) = self.provider(actor).await? else { return Ok(None) };
        let consented = self.has_consent(actor, &provider).await?;
        Ok(Some(view(&provider, consented)))
    }

    /// Whether people may set up a provider of their own.
    #[must_use]
    pub fn allows_own_provider(&self) -> bool {
        self.0.ai.own && self.0.ai.host.is_some() && self.settings_in_force().ai_allowed
    }

    /// The person's own provider, for changing it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a token; those of the store.
    pub async fn own_provider(&self, actor: &Actor) -> Result<Option<OwnProviderView>> {
        actor.in_person()?;
        let Some(kept) = self.kept_provider(actor).await? else { return Ok(None) };
        Ok(Some(OwnProviderView {
            kind: kept.kind.clone(),
            base_url: kept.base_url.clone(),
            model: kept.model.clone(),
            name: kept.name.clone(),
            place: kept.place.clone(),
            terms: kept.terms.clone(),
            has_key: kept.key.is_some(),
        }))
    }

    /// Sets up a provider of the person's own. Consent has to be given anew.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with the field; [`ServiceError::Forbidden`] for a token, or where the instance does
    /// not allow it; [`ServiceError::ProofNeeded`].
    pub async fn set_own_provider(&self, actor: &Actor, new: &NewProvider<'_>) -> Result<()> {
        actor.in_person()?;
        if !self.allows_own_provider() {
            return Err(ServiceError::Forbidden);
        }
        self.fresh_for(actor, Action::ProviderSet).await?;
        let mut kept = checked(new, &self.0.ai.own_ports, actor.lang)?;
        if kept.key.is_none()
            && let Some(before) = self.kept_provider(actor).await?
            // A key never goes to another address than the one for which it was typed.
            && (before.base_url == kept.base_url && before.kind == kept.kind)
        {
            kept.key = before.key.clone();
        }
        let plain = Zeroizing::new(serde_json::to_vec(&kept).map_err(|_| ServiceError::Internal)?);
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let sealed = keys.seal(TABLE, "sealed", actor.account.uuid(), &plain)?;
        let mut tx = self.begin_by(actor).await?;
        rows::put_provider(&mut tx, actor.account, &sealed, self.now()).await?;
        self.log(&mut tx, Act::of(actor, Action::ProviderSet)).await?;
        Ok(tx.commit().await?)
    }

    /// Removes the person's own provider; that of the settings counts again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none; [`ServiceError::Forbidden`] for a token.
    pub async fn remove_own_provider(&self, actor: &Actor) -> Result<()> {
        actor.in_person()?;
        let mut tx = self.begin_by(actor).await?;
        if !rows::delete_provider(&mut tx, actor.account).await? {
            return Err(ServiceError::NotFound);
        }
        self.log(&mut tx, Act::of(actor, Action::ProviderRemoved)).await?;
        Ok(tx.commit().await?)
    }

    /// The provider in force, with its key.
    pub(crate) async fn provider(&self, actor: &Actor) -> Result<Option<Arc<Provider>>> {
        let ai = &self.0.ai;
        if ai.host.is_none() || !self.settings_in_force().ai_allowed {
            return Ok(None);
        }
        if ai.own
            && let Some(kept) = self.kept_provider(actor).await?
        {
            // What was allowed once need not be now: it is checked as if it were new.
            let base = Base::parse(&kept.base_url, NamedBy::Person, &ai.own_ports).ok();
            let (Some(base), Some(wire)) = (base, Wire::parse(&kept.kind)) else { return Ok(None) };
            return Ok(Some(Arc::new(Provider {
                wire,
                base,
                by: NamedBy::Person,
                model: kept.model.clone(),
                key: kept.key.clone(),
                name: kept.name.clone(),
                place: kept.place.clone(),
                terms: kept.terms.clone(),
            })));
        }
        Ok(ai.provider.clone())
    }

    async fn kept_provider(&self, actor: &Actor) -> Result<Option<Kept>> {
        let Some(sealed) = rows::find_provider(&self.0.store, actor.account).await? else { return Ok(None) };
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let plain = Zeroizing::new(keys.open(TABLE, "sealed", actor.account.uuid(), &sealed)?);
        let kept = serde_json::from_slice(&plain);
        kept.map(Some).map_err(|_| ServiceError::internal("provider", &"does not read"))
    }

    /// Names everything that a person is told before they consent, for this profile.
    pub(crate) fn provider_fp(&self, provider: &Provider, profile: ProfileId) -> Fingerprint {
        let (base, profile) = (provider.base.to_string(), profile.uuid());
        self.0.pseudonyms.fingerprint(&[
            b"ask consent",
            profile.as_bytes(),
            provider.wire.as_str().as_bytes(),
            base.as_bytes(),
            provider.model.as_bytes(),
            provider.name.as_bytes(),
            provider.place.as_bytes(),
            provider.terms.as_bytes(),
            if provider.by == NamedBy::Person { b"own" } else { b"instance" },
        ])
    }
}

/// As a person decides about it.
pub(crate) fn view(provider: &Provider, consented: bool) -> ProviderView {
    ProviderView {
        name: provider.name.clone(),
        host: provider.base.authority(),
        model: provider.model.clone(),
        place: provider.place.clone(),
        terms: provider.terms.clone(),
        consented,
        own: provider.by == NamedBy::Person,
    }
}

fn checked(new: &NewProvider<'_>, ports: &[u16], lang: Lang) -> Result<Kept> {
    let kind = Wire::parse(new.kind.trim()).ok_or_else(|| {
        ServiceError::invalid(
            "kind",
            lang.pick(
                "Please choose what the provider speaks.",
                "Bitte wählen Sie, was der Anbieter spricht.",
            ),
        )
    })?;
    let base = Base::parse(new.base_url, NamedBy::Person, ports)
        .map_err(|bad| ServiceError::invalid("base_url", bad_base(bad, lang)))?;
    let line = |field: &'static str, text: &str, most: usize| -> Result<String> {
        let text = text.trim();
        if text.chars().count() > most || text.contains(char::is_control) {
            let why = lang.pick("This is too long.", "Das ist zu lang.");
            return Err(ServiceError::invalid(field, why));
        }
        Ok(text.to_owned())
    };
    let model = line("model", new.model, 200)?;
    if model.is_empty() {
        return Err(ServiceError::invalid(
            "model",
            lang.pick("Please name the model.", "Bitte nennen Sie das Modell."),
        ));
    }
    let key = line("key", new.key, 1000)?;
    if !key.bytes().all(|b| b.is_ascii_graphic()) {
        let why = lang.pick(
            "A key has no spaces and no special letters.",
            "Ein Schlüssel hat keine Leerzeichen und keine Sonderzeichen.",
        );
        return Err(ServiceError::invalid("key", why));
    }
    let place = line("place", new.place, 100)?;
    if place.is_empty() {
        let why = lang.pick(
            "Please say where it stands: a country, for instance.",
            "Bitte sagen Sie, wo er steht, zum Beispiel in welchem Land.",
        );
        return Err(ServiceError::invalid("place", why));
    }
    let terms = line("terms", new.terms, 500)?;
    if !terms.is_empty() && !terms.starts_with("https://") {
        let why = lang.pick(
            "Please give an address that begins with https://.",
            "Bitte geben Sie eine Adresse an, die mit https:// beginnt.",
        );
        return Err(ServiceError::invalid("terms", why));
    }
    let name =
        Some(line("name", new.name, 100)?).filter(|n| !n.is_empty()).unwrap_or_else(|| base.host.clone());
    Ok(Kept {
        kind: kind.as_str().to_owned(),
        base_url: base.to_string(),
        model,
        key: Some(Zeroizing::new(key)).filter(|k| !k.is_empty()),
        name,
        place,
        terms,
    })
}

const fn bad_base(bad: BadBase, lang: Lang) -> &'static str {
    match bad {
        BadBase::Shape => lang.pick("Please give an address such as https://api.example.com/v1.", "Bitte geben Sie eine Adresse wie https://api.example.com/v1 an."),
        BadBase::Login => lang.pick("The address must not hold a name or password.", "Die Adresse darf keinen Namen und kein Passwort enthalten."),
        BadBase::Plain => lang.pick("The address must begin with https://.", "Die Adresse muss mit https:// beginnen."),
        BadBase::Port => lang.pick("This server does not open connections to this port.", "Dieser Server verbindet sich nicht mit diesem Port."),
        BadBase::Private => lang.pick("The address must be one of the public net. Servers near by are set up by whoever runs this instance.", "Die Adresse muss im öffentlichen Netz liegen. Server in der Nähe richtet ein, wer diese Instanz betreibt."),
    }
}
