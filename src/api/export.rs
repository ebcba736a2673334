//! Taking everything away.

use super::extract::Params;
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use keepwell_domain::scope::need::Export;
use serde::Deserialize;
use std::io::{self, Write};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

/// Bytes gathered before they are sent.
const STEP: usize = 256 << 10;

/// What to take away.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportParams {
    /// `all` for a ZIP that holds one ZIP for each profile; otherwise the profile in use.
    profiles: Option<String>,
}

/// Everything of a profile as one ZIP: FHIR bundle, tables, originals, a readable page.
#[utoipa::path(get, path = "/export", tag = "export", params(ExportParams),
    responses((status = 200, content_type = "application/zip"), (status = 303, description = "To the proof, for a link on a page"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["export"])))]
pub async fn export(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<Export>,
    Params(params): Params<ExportParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // A link on a page leads here: whoever follows it is led to the proof, and back to the page.
    let wants_page = headers.get(header::ACCEPT).is_some_and(|a| a.as_bytes().starts_with(b"text/html"));
    if wants_page && actor.token().is_none() && !app.services.is_proved(&actor) {
        let to = [(header::LOCATION, "/prove?next=%2Fsettings")];
        return Ok((StatusCode::SEE_OTHER, to).into_response());
    }
    let every = match params.profiles.as_deref() {
        None => false,
        Some("all") => true,
        Some(_) => return Err(Problem::invalid("profiles", "must be all, or left out")),
    };
    let (send, mut receive) = mpsc::channel(8);
    let writer = Pipe { send: send.clone(), held: Vec::with_capacity(STEP) };
    let name = format!("keepwell-{}.zip", app.clock.now().date());
    let work = tokio::spawn(async move {
        let done = if every {
            app.services.export_all(&actor, writer).await
        } else {
            app.services.export(&actor, writer).await
        };
        if done.is_err() {
            // A cut-off answer must not look like a whole one.
            let _ = send.send(Err(io::Error::other("the export failed"))).await;
        }
        done
    });
    // Nothing is promised before the first bytes are there.
    let first = match receive.recv().await {
        Some(Ok(first)) => first,
        _ => {
            work.await.map_err(|_| Problem::of(StatusCode::INTERNAL_SERVER_ERROR))??;
            return Err(Problem::of(StatusCode::INTERNAL_SERVER_ERROR));
        }
    };
    let rest = futures::stream::iter([Ok(first)]).chain(ReceiverStream::new(receive));
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, super::file::disposition(&name)),
        (header::CONTENT_SECURITY_POLICY, crate::middleware::headers::DOWNLOAD_POLICY.to_owned()),
    ];
    Ok((headers, Body::from_stream(rest)).into_response())
}

/// Hands bytes over from a thread that writes; a slow reader slows it down.
struct Pipe {
    send: mpsc::Sender<io::Result<Bytes>>,
    held: Vec<u8>,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::from(std::mem::replace(&mut self.held, Vec::with_capacity(STEP)));
        self.send.blocking_send(Ok(bytes)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pipe {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(buf);
        if self.held.len() >= STEP {
            self.send()?;
        }
        Ok(buf.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = self.send();
    }
}
