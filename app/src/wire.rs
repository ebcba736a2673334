//! How values travel from the server to the browser: postcard, which needs a fraction of the
//! program that JSON needs to read them.
//!
//! A value says nothing about its own shape, so a type that travels must always write all its
//! fields: no `skip_serializing_if`, no `flatten`, no `untagged`.
//!
//! Pages ask by [`read`] and draw by [`crate::ui::page::show`], and server functions are called by
//! [`Ask`]. Behind both stands one piece of program for all types: what the framework makes of one
//! type alone is ten kilobytes and more, for each of them, in every first visit.

mod as_json;
mod ask;
mod carried;
mod read;

pub use as_json::AsJson;
pub use ask::Ask;
pub use carried::{Answer, Carried, Carry, Travels};
pub use read::{Read, read};

use leptos::{
    server::codee::{Decoder, Encoder},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType},
};
use serde::{Serialize, de::DeserializeOwned};

/// The bytes.
pub struct Postcard;

/// Names the profile for which a page was drawn, or for which a program asks.
pub const PROFILE_HEADER: &str = "keepwell-profile";

/// For which profile the page in this browser's tab was drawn.
#[cfg(feature = "hydrate")]
pub mod drawn {
    use keepwell_domain::ids::ProfileId;
    use std::cell::Cell;

    thread_local! {
        // A tab shows one page of the server's for as long as its program runs.
        static FOR: Cell<Option<ProfileId>> = const { Cell::new(None) };
    }

    /// Keeps it.
    pub fn set(profile: Option<ProfileId>) {
        FOR.set(profile);
    }

    /// Says it with a call, so that the server answers about no other profile.
    pub fn name(call: &dyn std::any::Any) {
        let browsers = call.downcast_ref::<leptos::server_fn::request::browser::BrowserRequest>();
        if let (Some(request), Some(profile)) = (browsers, profile()) {
            request.headers().set(super::PROFILE_HEADER, &profile);
        }
    }

    /// It, as the header [`super::PROFILE_HEADER`] says it.
    #[must_use]
    pub fn profile() -> Option<String> {
        FOR.get().map(|p| p.to_string())
    }
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
        // Nothing may follow: who sends more means something that is not known here.
        match postcard::take_from_bytes(&bytes)? {
            (value, []) => Ok(value),
            _ => Err(postcard::Error::DeserializeBadEncoding),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::{
        boot::{Boot, Failure},
        error::{AppError, ErrorCode},
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
    fn an_answer_travels_as_bytes_and_opens_as_what_it_was() {
        let there =
            |a: &Answer| <Carry as Decoder<Answer>>::decode(&<Carry as Encoder<Answer>>::encode(a).unwrap());
        let answer = there(&Ok(Carried::new(("mmol/L".to_owned(), 5_u32)))).unwrap().unwrap();
        assert_eq!(answer.open::<(String, u32)>().unwrap(), ("mmol/L".to_owned(), 5));
        let refused = there(&Err(AppError::new(ErrorCode::NotFound))).unwrap();
        assert_eq!(refused.err(), Some(AppError::new(ErrorCode::NotFound)));
        assert!(<Carry as Decoder<Answer>>::decode(&[]).is_err());
    }

    #[test]
    fn a_value_never_opens_as_another_type() {
        assert!(Carried::new(5_u32).open::<String>().is_err());
    }

    #[test]
    fn an_overview_travels() {
        let view = OverviewView { is_empty: true, ..OverviewView::default() };
        assert!(travels(&view).is_empty);
    }
}
