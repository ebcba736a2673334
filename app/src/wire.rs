//! How values travel from the server to the browser: postcard, which needs a fraction of the
//! program that JSON needs to read them.
//!
//! A value says nothing about its own shape, so a type that travels must always write all its
//! fields: no `skip_serializing_if`, no `flatten`, no `untagged`.

use crate::error::AppError;
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// The bytes.
pub struct Postcard;

/// The output of a server function: `#[server(…, output = Wire)]`.
pub type Wire = Post<Postcard>;

/// What a page reads from the server.
pub type Read<T> = Resource<Result<T, AppError>, Postcard>;

/// Reads from the server, again whenever `source` changes.
#[track_caller]
pub fn read<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Read<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, false)
}

impl<T: Serialize> Encoder<T> for Postcard {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Postcard {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<T, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

impl ContentType for Postcard {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Postcard {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Postcard {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Bytes, postcard::Error> {
        postcard::to_stdvec(value).map(Into::into)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Postcard {
    type Error = postcard::Error;

    fn decode(bytes: Bytes) -> Result<T, postcard::Error> {
        postcard::from_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::{
        boot::{Boot, Failure},
        error::ErrorCode,
    };
    use keepwell_domain::view::OverviewView;

    fn travels<T: Serialize + DeserializeOwned>(value: &T) -> T {
        let bytes = <Postcard as Encoder<T>>::encode(value).unwrap();
        <Postcard as Decoder<T>>::decode(&bytes).unwrap()
    }

    #[test]
    fn an_error_without_a_field_travels() {
        let e: Result<u8, AppError> = Err(AppError::new(ErrorCode::NotFound));
        assert_eq!(travels(&e), e);
    }

    #[test]
    fn a_refused_form_travels() {
        let boot = Boot {
            failure: Some(Failure {
                form: "sign_in".into(),
                error: AppError::invalid("email", "no address"),
                values: vec![("email".into(), "a@b".into())],
            }),
            ..Boot::default()
        };
        assert!(travels(&boot) == boot);
    }

    #[test]
    fn an_overview_travels() {
        let view = OverviewView { is_empty: true, ..OverviewView::default() };
        assert!(travels(&view).is_empty);
    }
}
