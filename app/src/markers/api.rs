//! Server functions of the Markers page.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the Markers page shows, its rows already drawn.
#[derive(Clone, Serialize, Deserialize)]
pub struct MarkersDrawn {
    /// The groups with their rows, as HTML made by [`super::rows`].
    pub html: Drawn,
    /// Rows shown.
    pub shown: u32,
    /// Rows there are.
    pub total: u32,
    /// Records behind them.
    pub records: u32,
    /// Groups that have rows: (id, name).
    pub groups: Vec<(String, String)>,
}

/// HTML that stands in the page already. On its way from the server's first render to the browser
/// it is left out: the browser trusts what it was sent, and nothing is sent twice. A server
/// function sends it by [`Sent`].
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Drawn(pub std::sync::Arc<str>);

impl Serialize for Drawn {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}
impl<'de> Deserialize<'de> for Drawn {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <()>::deserialize(d).map(|()| Self::default())
    }
}

/// HTML that does travel.
#[derive(Clone)]
struct Html(std::sync::Arc<str>);

impl Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Html {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(|s| Self(s.into()))
    }
}

/// [`MarkersDrawn`] on its way to a browser that does not have it yet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sent {
    html: Html,
    rest: MarkersDrawn,
}

impl Sent {
    /// Opens it.
    #[must_use]
    pub fn open(self) -> MarkersDrawn {
        MarkersDrawn { html: Drawn(self.html.0), ..self.rest }
    }
}

/// The markers whose name contains `q`, of one group, or `favourites`, or all.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "markers", protocol = Ask)]
pub async fn markers(
    #[server(default)] q: String,
    #[server(default)] group: String,
) -> Result<Sent, AppError> {
    use super::{kept, rows::Filter};
    use crate::{i18n::Lang, ssr};
    let actor = ssr::actor()?;
    let view = ssr::services()?.markers(&actor).await?;
    let lang = Lang::parse(actor.lang().as_str());
    let filter = Filter::new(&q, &group);
    let (html, shown) = kept::draw(&view, &filter, lang);
    let groups =
        view.groups.iter().filter(|(id, _)| view.rows.iter().any(|r| &r.group == id)).cloned().collect();
    let total = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
    Ok(Sent {
        html: Html(html),
        rest: MarkersDrawn { html: Drawn::default(), shown, total, records: view.records, groups },
    })
}

/// Marks a marker as favourite, or no longer.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "set_favourite")]
pub async fn set_favourite(key: String, on: bool) -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.set_favourite(&ssr::actor()?, &key, on).await?;
    ssr::redirect(&format!("/markers/{}", crate::ui::esc::url_segment(&key)));
    Ok(())
}
