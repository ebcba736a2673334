//! Questions to begin with, made of what the records hold: whoever sees the page for the first time
//! learns from them what can be asked.

use crate::{Lang, actor::Actor, core::Services, error::Result, vault::Vault};
use keepwell_domain::{
    record::{Body, Kind},
    view::{MarkerRow, Standing},
};

/// Most that are shown.
const MOST: usize = 5;

impl Services {
    /// Questions that the records can answer.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn suggestions(&self, actor: &Actor) -> Result<Vec<String>> {
        Ok(of(&*self.vault(actor).await?, actor.lang))
    }
}

fn of(vault: &Vault, lang: Lang) -> Vec<String> {
    let page = vault.markers_view(lang);
    let mut rows: Vec<&MarkerRow> = page.rows.iter().filter(|r| r.number.is_some()).collect();
    // What the person marked, what stands out, what was measured often and lately.
    rows.sort_by_key(|r| {
        let out = matches!(r.standing, Standing::Low | Standing::High | Standing::Abnormal);
        (!r.favourite, !out, std::cmp::Reverse(r.date.clone()), std::cmp::Reverse(r.count))
    });
    let holds = |k: Kind| vault.records.iter().any(|o| o.record.body.kind() == k);
    let fill = |en: &str, de: &str, name: &str| lang.pick(en, de).replace("{n}", name);
    let mut out = Vec::new();
    if let Some(r) = rows.first() {
        out.push(fill("What was my last {n}?", "Was war mein letzter Wert von {n}?", &r.name));
    }
    if let Some(r) =
        rows.iter().skip(1).find(|r| r.count >= 3).or_else(|| rows.first().filter(|r| r.count >= 3))
    {
        out.push(fill("How has my {n} changed?", "Wie hat sich mein Wert von {n} verändert?", &r.name));
    }
    if rows.iter().any(|r| r.range.is_some()) {
        out.push(fill("Which results are out of range?", "Welche Werte sind außerhalb des Bereichs?", ""));
    }
    if holds(Kind::Medication) {
        out.push(fill("Which medications am I taking?", "Welche Medikamente nehme ich?", ""));
    }
    let visits = |o: &&crate::vault::Open| matches!(o.record.body, Body::Encounter(_));
    if vault.records.iter().any(|o| visits(&o)) {
        out.push(fill(
            "What changed since my last visit?",
            "Was hat sich seit meinem letzten Arztbesuch geändert?",
            "",
        ));
    }
    out.truncate(MOST);
    out
}
