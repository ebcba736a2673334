//! Long answers (event streams, downloads, the export) stop when the session that asked for them
//! ends: signed out, the password changed elsewhere, the account closed.

use super::session::Seen;
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};
use hyper::body::{Frame, SizeHint};
use keepwell_services::{Actor, ServiceError, Services};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// Time between two looks at the session.
const EVERY: Duration = Duration::from_secs(1);

/// Layer: see the module. Stands inside the layer that finds the session.
pub async fn live(State(services): State<Services>, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Seen>().and_then(|s| s.actor.clone());
    let response = next.run(request).await;
    let Some(actor) = actor.filter(|_| !response.body().is_end_stream()) else { return response };
    let is_events = is_events(response.headers());
    response.map(|body| {
        Body::new(Guarded { body, ended: Box::pin(ended(services, actor)), is_events, over: false })
    })
}

fn is_events(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/event-stream"))
}

async fn ended(services: Services, actor: Actor) {
    loop {
        tokio::time::sleep(EVERY).await;
        // While the database does not answer nobody can have ended anything in it.
        if matches!(services.check_live(&actor).await, Err(ServiceError::Ended)) {
            return;
        }
    }
}

struct Guarded {
    body: Body,
    ended: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_events: bool,
    over: bool,
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.over {
            return Poll::Ready(None);
        }
        if self.ended.as_mut().poll(cx).is_ready() {
            self.over = true;
            // Events just end. A file that is cut off must not look like a whole one.
            let cut = (!self.is_events)
                .then(|| Err(axum::Error::new(std::io::Error::other("the session has ended"))));
            return Poll::Ready(cut);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
