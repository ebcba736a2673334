//! All that the records and the account say of who somebody is, made known to the stand-ins.

use crate::{
    actor::Actor,
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::Table,
    records::open::Settings,
};
use keepwell_ask::{
    Lang,
    facts::Facts,
    model::standin::{Sort, StandIns},
};
use keepwell_domain::record::{Body, Subject};
use keepwell_store::{account, document, profile};
use std::collections::BTreeSet;

/// Names of that many documents, and as many of clinics, are known by themselves.
const MOST: usize = 250;
/// What people call a profile that names nobody.
const NOBODY: &[&str] = &[
    "me",
    "myself",
    "i",
    "mine",
    "self",
    "ich",
    "selbst",
    "mich",
    "mum",
    "mom",
    "mama",
    "mother",
    "dad",
    "papa",
    "father",
    "mutter",
    "vater",
    "child",
    "kind",
    "son",
    "sohn",
    "daughter",
    "tochter",
    "partner",
    "wife",
    "husband",
    "frau",
    "mann",
    "my",
    "mein",
    "meine",
    "records",
    "health",
    "gesundheit",
    "demo",
];

impl Services {
    /// Stand-ins for one conversation. `spoken` is what the person wrote in it.
    pub(crate) async fn stand_ins(&self, actor: &Actor, facts: &Facts, spoken: &str) -> Result<StandIns> {
        let store = &self.0.store;
        let mut out = StandIns::new(facts.lang == Lang::De, facts.today, spoken);
        for p in profile::list_profiles(store, actor.account).await? {
            let keys = match self.0.keys.profile(store, p.id).await {
                Ok(keys) => keys,
                Err(ServiceError::NotFound) => continue,
                Err(e) => return Err(e),
            };
            if p.id == actor.profile {
                for subject in Settings::open(&keys, &p)?.subjects {
                    know(&mut out, &subject);
                }
            }
            let name = keys.open(Table::Profile, "name", p.id.uuid(), 1, &p.name_sealed)?;
            know_name(&mut out, &String::from_utf8_lossy(&name));
        }
        let row = account::get_account(store, actor.account).await?;
        out.know(Sort::Mail, &self.email_of(&row).await?);
        let keys = self.profile_keys(actor).await?;
        for d in document::list_documents(store, actor.profile).await?.iter().take(MOST) {
            let meta = Meta::open(&keys, d)?;
            if let Some(subject) = &meta.who {
                know(&mut out, subject);
            }
            if let Some(words) = &meta.subject {
                // In words: the name comes first, what else is known behind a comma or bracket.
                know_name(&mut out, words.split(['(', ';', '*']).next().unwrap_or(""));
            }
            out.know(Sort::Document, &meta.name);
        }
        for place in places(facts) {
            let is_doctor = ["Dr", "Prof", "dr.", "prof."].iter().any(|t| place.starts_with(t));
            out.know(if is_doctor { Sort::Doctor } else { Sort::Facility }, &place);
        }
        Ok(out)
    }
}

fn know(out: &mut StandIns, subject: &Subject) {
    if let Some(name) = &subject.name {
        know_name(out, name);
    }
    if let Some(birth) = subject.birth_date {
        out.know_birth(birth.date());
    }
}

fn know_name(out: &mut StandIns, name: &str) {
    let says_nobody = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .all(|w| NOBODY.contains(&w.to_lowercase().as_str()));
    if !says_nobody {
        out.know(Sort::Person, name);
    }
}

/// Laboratories, doctors and places that records name.
fn places(facts: &Facts) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut add = |name: &Option<String>| {
        if let Some(name) = name.as_deref().map(str::trim)
            && out.len() < MOST
            && name.chars().count() > 2
        {
            out.insert(name.to_owned());
        }
    };
    for item in facts.all_items() {
        match &item.body {
            Body::Encounter(e) => add(&e.place),
            Body::DiagnosticReport(d) => add(&d.performer),
            _ => {}
        }
    }
    for detail in facts.markers().iter().flat_map(|m| &m.values).filter_map(|v| v.detail.as_ref()) {
        add(&detail.lab);
    }
    out
}
