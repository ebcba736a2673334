//! `/api/v1`: everything that the pages can do, for programs. Cookie or `Authorization: Bearer`.

mod accounts;
mod admin;
mod ask;
mod ask_settings;
mod ask_shapes;
mod audit;
mod contract;
mod credentials;
mod documents;
mod export;
mod extract;
mod factors;
mod file;
mod journal;
mod markers;
mod parking;
mod profiles;
mod query;
mod records;
mod review;
mod running;
mod running_log;
mod sessions;
mod shapes;
mod sights;
mod tokens;
mod uploads;

pub use parking::Parking;
pub use uploads::plain_form;

use crate::{problem::Problem, state::AppState};
use axum::{Router, middleware::from_fn_with_state, routing::get};
use bytes::Bytes;
use http::{StatusCode, header};
use std::sync::Arc;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{ParameterBuilder, ParameterIn},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Where the API stands.
pub const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Keepwell",
        version = "1",
        description = "Your own health records. Errors are application/problem+json (RFC 9457). Writes answer only after they are on disk; with a cookie they need an Origin header that names this very host. A query parameter or a field that an operation does not name is refused (422), and the refusal names it.",
        license(name = "AGPL-3.0-or-later")
    ),
    components(schemas(shapes::Record, crate::problem::Problem)),
    modifiers(&Security)
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let cookie = ApiKey::Cookie(ApiKeyValue::new(keepwell_app::ssr::SESSION_COOKIE));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        let bearer = |format: Option<&str>, text: &str| {
            let mut http = Http::new(HttpAuthScheme::Bearer);
            http.bearer_format = format.map(str::to_owned);
            http.description = Some(text.to_owned());
            SecurityScheme::Http(http)
        };
        let session = "The `token` that signing in answers: it may do what its person may do.";
        components.add_security_scheme("bearer", bearer(None, session));
        let token = "A personal access token (`kw_pat_…`), made under Settings: it may do what its scopes say, \
                     listed with each operation. Operations without this scheme are account acts, which no token can do.";
        components.add_security_scheme("token", bearer(Some("kw_pat"), token));
    }
}

/// Every operation on a person's data may name the profile that it is for.
fn name_profile(api: &mut utoipa::openapi::OpenApi) {
    let text = "The profile that the request is for, when it is not the one in use. A profile that is not \
                there and one of somebody else's are 404 alike. Where no header can be sent, the query parameter \
                `profile` does the same.";
    let header = ParameterBuilder::new()
        .name("Keepwell-Profile")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    for item in api.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter();
        for operation in operations.flatten().filter(|o| o.security.is_some()) {
            operation.parameters.get_or_insert_default().push(header.clone().into());
        }
    }
}

/// The API in two halves: ordinary requests, and those that may take long (uploads, downloads,
/// event streams, the export).
pub struct Api {
    /// Answered within the request time.
    pub ordinary: Router<AppState>,
    /// Bounded by their own rules.
    pub long: Router<AppState>,
    /// The description.
    pub description: utoipa::openapi::OpenApi,
}

/// Builds it.
#[must_use]
pub fn api() -> Api {
    let ordinary = OpenApiRouter::new()
        .routes(routes!(accounts::sign_up))
        .routes(routes!(accounts::login))
        .routes(routes!(accounts::logout))
        .routes(routes!(accounts::me, accounts::delete_me))
        .routes(routes!(credentials::verify))
        .routes(routes!(credentials::forgot))
        .routes(routes!(credentials::reset))
        .routes(routes!(credentials::change_password))
        .routes(routes!(credentials::change_email))
        .routes(routes!(credentials::confirm_email))
        .routes(routes!(credentials::stop_email_change))
        .routes(routes!(factors::finish_login))
        .routes(routes!(factors::ask_to_login))
        .routes(routes!(factors::passkey_login))
        .routes(routes!(factors::list))
        .routes(routes!(factors::prove))
        .routes(routes!(factors::ask_to_prove))
        .routes(routes!(factors::begin_app, factors::remove_app))
        .routes(routes!(factors::confirm_app))
        .routes(routes!(factors::make_codes))
        .routes(routes!(factors::ask_to_enrol))
        .routes(routes!(factors::add_passkey))
        .routes(routes!(factors::rename_passkey, factors::remove_passkey))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(uploads::begin))
        .routes(routes!(uploads::state, uploads::cancel))
        .routes(routes!(documents::list))
        .routes(routes!(documents::one, documents::delete))
        .routes(routes!(documents::answers))
        .routes(routes!(documents::read_again))
        .routes(routes!(review::list, review::decide))
        .routes(routes!(records::list, records::add))
        .routes(routes!(records::one, records::delete))
        .routes(routes!(markers::list))
        .routes(routes!(markers::series))
        .routes(routes!(audit::list))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(audit::consistency))
        .routes(routes!(audit::proof))
        .routes(routes!(profiles::list, profiles::create))
        .routes(routes!(profiles::change, profiles::delete))
        .routes(routes!(running::dashboard))
        .routes(routes!(running::retry_job))
        .routes(routes!(running::discard_job))
        .routes(routes!(running::test_mail))
        .routes(routes!(running::settings))
        .routes(routes!(running::change_setting))
        .routes(routes!(running::invites, running::create_invite))
        .routes(routes!(running::revoke_invite))
        .routes(routes!(running_log::list))
        .routes(routes!(running_log::person))
        .routes(routes!(running_log::check))
        .routes(routes!(tokens::list, tokens::create, tokens::revoke_all))
        .routes(routes!(tokens::revoke))
        .routes(routes!(sights::notices))
        .routes(routes!(sights::dismiss))
        .routes(routes!(sights::keep))
        .routes(routes!(sights::grants))
        .routes(routes!(sights::watch, sights::end))
        .routes(routes!(admin::people::find))
        .routes(routes!(admin::people::one))
        .routes(routes!(admin::people::act))
        .routes(routes!(admin::grants::list, admin::grants::ask))
        .routes(routes!(admin::grants::one, admin::grants::approve, admin::grants::end))
        .routes(routes!(admin::grants::records))
        .routes(routes!(admin::grants::record))
        .routes(routes!(ask::list, ask::delete_all))
        .routes(routes!(ask::one, ask::rename, ask::delete))
        .routes(routes!(ask::stop))
        .routes(routes!(ask_settings::provider, ask_settings::set_provider, ask_settings::remove_provider))
        .routes(routes!(ask_settings::consent, ask_settings::give_consent, ask_settings::revoke_consent))
        .routes(routes!(ask_settings::preview))
        .routes(routes!(journal::vaults, journal::found))
        .routes(routes!(journal::info, journal::delete))
        .routes(routes!(journal::object))
        .routes(routes!(journal::state))
        .routes(routes!(journal::compact))
        .routes(routes!(journal::invite))
        .routes(routes!(journal::join))
        .routes(routes!(journal::members))
        .routes(routes!(journal::remove_member));
    let long = OpenApiRouter::new()
        .routes(routes!(uploads::multipart))
        .routes(routes!(uploads::append))
        .routes(routes!(uploads::finish))
        .routes(routes!(documents::file))
        .routes(routes!(documents::events))
        .routes(routes!(sights::events))
        .routes(routes!(running_log::export))
        .routes(routes!(export::export))
        .routes(routes!(ask::ask))
        .routes(routes!(ask::again))
        .routes(routes!(journal::items))
        .routes(routes!(journal::push))
        .routes(routes!(journal::news));
    let (ordinary, mut description) =
        OpenApiRouter::with_openapi(Document::openapi()).nest(PREFIX, ordinary).split_for_parts();
    let (long, rest) = OpenApiRouter::new().nest(PREFIX, long).split_for_parts();
    description.merge(rest);
    name_profile(&mut description);
    contract::say_refusals(&mut description);
    let known = from_fn_with_state(Arc::new(query::Known::of(&description)), query::known);
    // Kept as the text it is sent as: the description itself takes some megabytes.
    let text = description.to_json().map(Bytes::from).ok();
    let described = || async move {
        let text = text.ok_or_else(|| Problem::of(StatusCode::INTERNAL_SERVER_ERROR))?;
        Ok::<_, Problem>(([(header::CONTENT_TYPE, "application/json")], text))
    };
    let ordinary =
        ordinary.route(&format!("{PREFIX}/openapi.json"), get(described)).route_layer(known.clone());
    let long = long.route_layer(known);
    Api { ordinary, long, description }
}
