//! What the description says of refusals. Each operation names those of its own; those that come before
//! any handler (limits, load, a write from elsewhere, a session that ended, a profile that is not there,
//! a body that cannot be read) are the same everywhere and are added here.

use crate::problem::Problem;
use http::StatusCode;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, path::Operation};

/// Adds them, and says of every refusal that it is a problem (RFC 9457).
pub fn say_refusals(api: &mut OpenApi) {
    for item in api.paths.paths.values_mut() {
        let reads = [&mut item.get, &mut item.head].into_iter().map(|o| (o, false));
        let writes =
            [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().map(|o| (o, true));
        for (operation, is_write) in reads.chain(writes) {
            if let Some(operation) = operation {
                complete(operation, is_write);
            }
        }
    }
}

fn complete(operation: &mut Operation, is_write: bool) {
    // A query parameter that is not named is refused everywhere.
    let mut common = vec![
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
    ];
    if is_write {
        common.push(StatusCode::FORBIDDEN);
    }
    if operation.security.is_some() {
        common.extend([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND]);
    }
    if operation.request_body.is_some() {
        common.extend([
            StatusCode::BAD_REQUEST,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ]);
    }
    let responses = &mut operation.responses.responses;
    for status in common {
        responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(refusal(status)));
    }
    for (code, response) in responses.iter_mut() {
        if code.as_str() >= "400"
            && let RefOr::T(response) = response
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert(Problem::MEDIA_TYPE.to_owned(), content);
        }
    }
}

fn refusal(status: StatusCode) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description(status.canonical_reason().unwrap_or_default())
        .content(Problem::MEDIA_TYPE, content)
        .build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    #[test]
    fn every_refusal_is_described_as_a_problem() {
        let api = serde_json::to_value(crate::api::api().description).unwrap();
        let mut seen = 0;
        for operation in
            api["paths"].as_object().unwrap().values().flat_map(|i| i.as_object().unwrap().values())
        {
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("429") && responses.contains_key("503"), "{operation}");
            for (_, response) in responses.iter().filter(|(code, _)| code.as_str() >= "400") {
                let kinds: Vec<&String> = response["content"].as_object().unwrap().keys().collect();
                assert_eq!(kinds, ["application/problem+json"], "{response}");
                seen += 1;
            }
        }
        assert!(seen > 200, "{seen}");
    }
}
