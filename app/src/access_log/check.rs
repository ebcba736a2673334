//! The browser's own check of the log: it fetches the proofs of what is shown, computes them through,
//! and holds the signed head against the last one that it saw. The mathematics come in a file of their
//! own, only for the pages that show it.

use super::{
    proof::{Found, Shown, ToCheck},
    words::Word,
};
use crate::i18n::{fill, fmt};
use keepwell_audit::judge::{self, Doubt, Given, Kept, Names};
use keepwell_domain::time::Ts;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Where the last head is kept. It says nothing of any person.
const KEPT: &str = "keepwell-log";

type Said = RwSignal<(Found, String)>;

/// Why there is no good answer.
enum Trouble {
    /// The server or the network did not answer.
    Network,
    /// The server itself says that the log is broken, or the check does.
    Doubt(Doubt),
}

impl From<Doubt> for Trouble {
    fn from(d: Doubt) -> Self {
        Self::Doubt(d)
    }
}

/// Checks once the page is alive, and says what it found.
pub(super) fn start(list: ToCheck, said: Said) {
    let lang = crate::boot::use_lang();
    Effect::new(move |_| {
        let list = list.clone();
        spawn_local(async move {
            let word = |w: Word| list.word(w);
            let result = match check(&list).await {
                Ok(since) => {
                    let mut text = fill(&word(Word::Good), &fmt::count(lang, list.rows.len() as u64));
                    text.push(' ');
                    text.push_str(&match since {
                        Some(at) => fill(&word(Word::Grown), &fmt::ts(lang, Ts(at.saturating_mul(1000)))),
                        None => word(Word::First),
                    });
                    (Found::Good, text)
                }
                Err(Trouble::Network) => (Found::Unknown, word(Word::Unknown)),
                Err(Trouble::Doubt(doubt)) => (
                    Found::Alarm,
                    word(match doubt {
                        Doubt::Malformed => Word::Malformed,
                        Doubt::Signature => Word::Signature,
                        Doubt::Key => Word::Key,
                        Doubt::Entry => Word::Entry,
                        Doubt::Proof => Word::Unproven,
                        Doubt::Changed => Word::Changed,
                    }),
                ),
            };
            said.try_set(result);
        });
    });
}

/// Forgets the last head, and looks anew.
pub(super) fn forget() {
    if let Some(kept) = storage() {
        let _ = kept.remove_item(KEPT);
    }
    let _ = window().location().reload();
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The time at which the log was last seen, when all holds.
async fn check(list: &ToCheck) -> Result<Option<i64>, Trouble> {
    let answer = ask(&list.address).await?;
    let rows = list.rows.clone();
    let kept = storage().and_then(|s| s.get_item(KEPT).ok().flatten()).and_then(|t| Kept::parse(&t));
    let (size, steps_from) = judge_entries(answer.clone(), rows, kept.clone()).await?;
    let steps = match steps_from {
        Some(from) => {
            let answer = ask(&format!("/api/v1/audit/consistency?from={from}&to={size}")).await?;
            text(&answer, "proof")?
        }
        None => String::new(),
    };
    let now = js_sys::Date::now() as u64;
    let next = judge_growth(answer, kept.clone(), steps, now).await?;
    if let Some(s) = storage() {
        // A browser that keeps nothing sees every log for the first time.
        let _ = s.set_item(KEPT, &next);
    }
    Ok(kept.map(|k| i64::try_from(k.at).unwrap_or(0)))
}

async fn ask(address: &str) -> Result<JsValue, Trouble> {
    let answer = JsFuture::from(window().fetch_with_str(address)).await.map_err(|_| Trouble::Network)?;
    let answer: web_sys::Response = answer.dyn_into().map_err(|_| Trouble::Network)?;
    match answer.status() {
        200 => {}
        // The server refuses to sign what it has: it knows of another history.
        409 => return Err(Doubt::Changed.into()),
        422 => return Err(Doubt::Changed.into()),
        _ => return Err(Trouble::Network),
    }
    let json = answer.json().map_err(|_| Trouble::Network)?;
    JsFuture::from(json).await.map_err(|_| Doubt::Malformed.into())
}

fn get(of: &JsValue, name: &str) -> Result<JsValue, Doubt> {
    js_sys::Reflect::get(of, &name.into()).map_err(|_| Doubt::Malformed)
}

fn text(of: &JsValue, name: &str) -> Result<String, Doubt> {
    get(of, name)?.as_string().ok_or(Doubt::Malformed)
}

/// Everything that needs hashes and signatures, in a file of its own.
macro_rules! apart {
    ($(fn $name:ident($($arg:ident: $t:ty),+) -> $out:ty $body:block)+) => {$(
        #[cfg(feature = "split")]
        #[lazy]
        fn $name($($arg: $t),+) -> $out $body

        #[cfg(not(feature = "split"))]
        async fn $name($($arg: $t),+) -> $out $body
    )+};
}

apart! {
    fn judge_entries(answer: JsValue, rows: Vec<Shown>, kept: Option<Kept>) -> Result<(u64, Option<u64>), Doubt> {
        let head = head_of(&answer, rows, kept.as_ref())?;
        Ok((head.size, kept.filter(|k| k.size > 0 && k.size < head.size).map(|k| k.size)))
    }
    fn judge_growth(answer: JsValue, kept: Option<Kept>, steps: String, now: u64) -> Result<String, Doubt> {
        let head = head_of(&answer, Vec::new(), kept.as_ref())?;
        if let Some(k) = &kept {
            judge::growth(k, &head, &steps)?;
        }
        Ok(Kept { key: text(&answer, "key")?, size: head.size, root: head.root, at: now }.text())
    }
}

/// The signed head, once the rows are proven to be those of the answer and of the log. No rows ask
/// for the head alone.
fn head_of(
    answer: &JsValue,
    rows: Vec<Shown>,
    kept: Option<&Kept>,
) -> Result<keepwell_audit::Checkpoint, Doubt> {
    let mut given = Vec::with_capacity(rows.len());
    if !rows.is_empty() {
        let items = js_sys::Array::from(&get(answer, "items")?);
        if items.length() as usize != rows.len() {
            return Err(Doubt::Entry);
        }
        for (row, item) in rows.into_iter().zip(items.iter()) {
            let place = get(&item, "position")?.as_f64().filter(|p| *p >= 0.0 && p.fract() == 0.0);
            let position = place.ok_or(Doubt::Malformed)? as u64;
            if row.position.is_some_and(|shown| shown != position) {
                return Err(Doubt::Entry);
            }
            given.push(Given {
                id: row.id,
                at: row.at,
                action: row.action,
                by: row.by,
                outcome: row.outcome,
                names: row.names.map(|n| Names {
                    actor: n.actor,
                    person: n.person,
                    object: n.object,
                    hash: n.hash,
                }),
                position,
                leaf: text(&item, "leaf")?,
                proof: text(&item, "proof")?,
            });
        }
    }
    judge::entries(&text(answer, "checkpoint")?, &text(answer, "key")?, &given, kept)
}
