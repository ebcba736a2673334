//! The whole router: pages, their forms and server functions, the API, files, health.

use crate::{
    api,
    middleware::{
        aside, client, count, fields, frame, limit, live,
        load::{self, Load},
        origin::{self, Ours},
        rights, session,
        waiting::Room,
    },
    reports,
    site::Site,
    state::AppState,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode, header, request::Parts};
use keepwell_app::{App, shell, ssr};
use keepwell_services::Actor;
use leptos::{nonce::Nonce, prelude::*};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    limit::RequestBodyLimitLayer,
};

/// Bytes of an ordinary request's body.
const ORDINARY_BODY: usize = 1 << 20;

/// The pages. Listed once a process and before any page is drawn: while they are listed, Leptos lets
/// nothing that a page anywhere in the process reads from the server begin, and such a page would never end.
pub static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Builds the router.
pub fn router(state: AppState) -> Router {
    let site = Arc::new(Site::load(&state.config.site_dir));
    let context = context(&state, site.assets());
    let api = api::api();

    let options = state.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&state, PAGES.clone(), context.clone(), move || shell(options.clone()));
    let pages = ssr::form_routes(pages, &state.leptos, context.clone());
    let functions = post({
        let context = context.clone();
        move |request: Request| leptos_axum::handle_server_fns_with_context(context.clone(), request)
    });
    let ordinary = pages
        .route(&format!("{}/{{*name}}", ssr::FN_PREFIX), functions)
        .merge(api.ordinary)
        .merge(crate::public::routes())
        .fallback(fallback(&state, Arc::clone(&site), context.clone()))
        .layer(from_fn(aside::aside))
        .layer(from_fn(fields::fields))
        .layer(from_fn_with_state(state.services.clone(), session::session))
        .layer(DefaultBodyLimit::max(ORDINARY_BODY))
        .layer(RequestBodyLimitLayer::new(ORDINARY_BODY))
        .layer(from_fn_with_state(load_of(&state), load::load))
        .layer(compression());

    let biggest =
        usize::try_from(state.config.uploads.max_bytes.saturating_add(1 << 20)).unwrap_or(usize::MAX);
    let long = Router::new()
        .route("/documents/upload", post(api::plain_form).layer(from_fn(bound(&state, context.clone()))))
        .merge(api.long)
        .layer(from_fn_with_state(state.services.clone(), live::live))
        .layer(from_fn_with_state(state.services.clone(), session::session))
        .layer(DefaultBodyLimit::disable())
        // The journal has a limit of its own, whatever may be uploaded.
        .layer(RequestBodyLimitLayer::new(biggest.max(2 * keepwell_journal::sync::wire::MAX_PUSH)))
        .layer(from_fn_with_state(Arc::new(Semaphore::new(state.config.http.long_requests)), load::long));

    let health =
        Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).route(
            "/csp-report",
            post(reports::csp_report).layer(RequestBodyLimitLayer::new(reports::REPORT_BODY)),
        );

    let ours = Arc::new(Ours { public: state.config.public_url.clone() });
    let http = &state.config.http;
    let proxies =
        client::Proxies { trusted: http.trusted_proxies.clone().into(), naming: http.client_header };
    ordinary
        .merge(long)
        .merge(health)
        .merge(crate::journal::routes(site).layer(compression()))
        .layer(from_fn_with_state(state.limiter.clone(), limit::limit))
        .layer(from_fn_with_state(ours, origin::origin))
        .layer(from_fn_with_state(proxies, client::client))
        .layer(from_fn(frame::frame))
        .layer(from_fn_with_state(state.services.clone(), count::count))
        .with_state(state)
}

fn load_of(state: &AppState) -> Load {
    let http = &state.config.http;
    Load {
        permits: Arc::new(Semaphore::new(http.requests)),
        room: Room::default(),
        body: ORDINARY_BODY,
        time: http.request_timeout,
    }
}

/// Pages and JSON only: what is compressed already stays as it is, and an event stream must flow.
fn compression() -> CompressionLayer<impl Predicate> {
    let text = SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("application/wasm"))
        .and(NotForContentType::const_new(keepwell_journal::sync::wire::CONTENT_TYPE));
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(text)
}

/// What pages and server functions find in their context.
fn context(state: &AppState, assets: ssr::Assets) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = state.services.clone();
    move || {
        provide_context(services.clone());
        provide_context(assets.clone());
        let Some(parts) = use_context::<Parts>() else { return };
        // After the framework's own nonce, so that this one counts: it is the header's.
        if let Some(frame::PageNonce(nonce)) = parts.extensions.get() {
            provide_context(Nonce::from_value(nonce.to_string()));
        }
        let actor = parts.extensions.get::<session::Seen>().and_then(|s| s.actor.clone());
        provide_context(ssr::CurrentActor(actor));
        if let Some(info) = session::info(&parts) {
            provide_context(info);
        }
    }
}

/// Layer for a form that is sent to no page: it says in its address for which profile it was drawn,
/// and is refused before its body when another one is in use by now.
fn bound(
    state: &AppState,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> impl Fn(Request, Next) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
    let options = state.leptos.clone();
    move |request: Request, next: Next| {
        let meant = rights::named(&HeaderMap::new(), request.uri().query()).ok().flatten();
        let seen = request.extensions().get::<session::Seen>();
        let in_use = seen.and_then(|s| s.actor.as_ref()).map(Actor::profile);
        if in_use.is_none() || meant == in_use {
            return Box::pin(next.run(request));
        }
        let (parts, _) = request.into_parts();
        Box::pin(ssr::show_switched(parts, options.clone(), context.clone()))
    }
}

/// A file of the site, else the "not found" page.
fn fallback(
    state: &AppState,
    site: Arc<Site>,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> axum::routing::MethodRouter<AppState> {
    let options = state.leptos.clone();
    axum::routing::any(move |request: Request| {
        let found = site.find(request.method(), request.uri().path(), request.headers());
        let (context, options) = (context.clone(), options.clone());
        async move {
            match found {
                Some(file) => file,
                None => missing(request, context, options).await,
            }
        }
    })
}

async fn missing(
    request: Request,
    context: impl Fn() + Clone + Send + Sync + 'static,
    options: LeptosOptions,
) -> Response {
    let path = request.uri().path();
    let is_page = request.method() == http::Method::GET
        && !path.starts_with("/api/")
        && request
            .headers()
            .get(header::ACCEPT)
            .is_some_and(|a| a.as_bytes().windows(9).any(|w| w == b"text/html"));
    if !is_page {
        return StatusCode::NOT_FOUND.into_response();
    }
    let render = leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    let mut response = render(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.services.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "not ready\n").into_response()
        }
    }
}
