//! Texts inside FHIR resources: attachments and the narrative of a Composition.

use super::{
    convert::Cx,
    json::Json,
    types::{name, names},
};
use crate::clinical::{base64, text};
use keepwell_domain::{record::Note, time::When};

/// What became of an attachment.
pub(crate) enum Attached {
    /// A text.
    Text(Note),
    /// Inline data of another kind.
    Other,
    /// No inline data.
    Linked,
}

/// An `Attachment`; `title` names it where it has no title of its own.
pub(crate) fn attachment(json: &Json<'_>, title: Option<String>) -> Attached {
    let Some(data) = json.get("data").str() else { return Attached::Linked };
    let media = json.get("contentType").str().unwrap_or("").to_ascii_lowercase();
    let bare = media.split(';').next().unwrap_or("").trim();
    let Some(bytes) = base64::decode(data).filter(|_| bare.starts_with("text/")) else {
        return Attached::Other;
    };
    let latin = media.contains("8859-1") || media.contains("windows-1252");
    let body = match String::from_utf8(bytes) {
        Ok(s) => s,
        Err(e) if latin => encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned(),
        Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
    };
    let plain = match bare {
        "text/html" | "text/xml" | "text/xhtml" | "text/rtf" => text::from_markup(&body),
        _ => text::cut(body.trim_start_matches('\u{feff}').trim().to_owned()),
    };
    let title = json.get("title").string().or(title);
    if plain.is_empty() { Attached::Linked } else { Attached::Text(Note { title, text: plain }) }
}

/// The attachments of a `DiagnosticReport` or `DocumentReference`.
pub(crate) fn attachments(cx: &Cx<'_, '_>) -> Vec<Attached> {
    let title = cx
        .text("description")
        .or_else(|| name(cx.get("code")))
        .or_else(|| name(cx.get("type")))
        .or_else(|| names(cx.get("category")));
    let forms = cx.get("presentedForm").items().iter();
    let contents = cx.get("content").items().iter().map(|c| c.get("attachment"));
    forms.chain(contents).map(|a| attachment(a, title.clone())).collect()
}

/// When a `DocumentReference` holds.
pub(crate) fn document_time(cx: &mut Cx<'_, '_>) -> Option<When> {
    let context = cx.get("context");
    let period = cx.when(context.get("period").get("start"));
    period.or_else(|| cx.first_when(&["period", "date", "indexed"]))
}

/// The sections of a Composition that have no entries: their narrative is all there is.
pub(crate) fn sections(composition: &Json<'_>) -> Vec<Note> {
    let mut out = Vec::new();
    let mut waiting: Vec<_> = composition.get("section").items().iter().rev().collect();
    while let Some(section) = waiting.pop() {
        waiting.extend(section.get("section").items().iter().rev());
        if !section.get("entry").items().is_empty() {
            continue;
        }
        let text = section.get("text").get("div").str().map(text::from_markup).unwrap_or_default();
        let title = section.get("title").string().or_else(|| name(section.get("code")));
        if !text.is_empty() {
            out.push(Note { title, text });
        }
    }
    out
}
