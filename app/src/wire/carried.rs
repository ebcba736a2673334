//! An answer whose type only its page knows.

use crate::error::{AppError, ErrorCode};
use leptos::server::codee::{Decoder, Encoder};
use serde::{Serialize, de::DeserializeOwned};
use std::{any::Any, sync::Arc};

/// What can be an answer.
pub trait Travels: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Travels for T {}

/// An answer of any type: the value itself, or the bytes that the server put into the page.
#[derive(Clone)]
pub struct Carried(Inside);

#[derive(Clone)]
enum Inside {
    Value(Arc<dyn Value>),
    Bytes(Arc<[u8]>),
}

trait Value: Send + Sync {
    fn any(&self) -> &dyn Any;
    /// Only the server writes: the browser's program has no use for this.
    #[cfg(not(feature = "hydrate"))]
    fn bytes(&self) -> Result<Vec<u8>, postcard::Error>;
}

impl<T: Travels> Value for T {
    fn any(&self) -> &dyn Any {
        self
    }
    #[cfg(not(feature = "hydrate"))]
    fn bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(self)
    }
}

impl Carried {
    /// Packs a value.
    #[must_use]
    pub fn new<T: Travels>(value: T) -> Self {
        Self(Inside::Value(Arc::new(value)))
    }

    /// The value.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when it is of another type.
    pub fn open<T: Travels>(&self) -> Result<T, AppError> {
        let found = match &self.0 {
            Inside::Value(v) => v.any().downcast_ref::<T>().cloned(),
            Inside::Bytes(b) => postcard::from_bytes(b).ok(),
        };
        found.ok_or_else(|| AppError::new(ErrorCode::Internal))
    }
}

/// What a [`crate::wire::Read`] holds.
pub type Answer = Result<Carried, AppError>;

/// The bytes of an [`Answer`]: 0 and the value, or 1 and the error.
pub struct Carry;

impl Encoder<Answer> for Carry {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(answer: &Answer) -> Result<Vec<u8>, postcard::Error> {
        let (tag, rest) = match answer {
            #[cfg(not(feature = "hydrate"))]
            Ok(Carried(Inside::Value(v))) => (0, v.bytes()?),
            #[cfg(feature = "hydrate")]
            Ok(Carried(Inside::Value(_))) => return Err(postcard::Error::WontImplement),
            Ok(Carried(Inside::Bytes(b))) => (0, b.to_vec()),
            Err(e) => (1, postcard::to_stdvec(e)?),
        };
        Ok([&[tag], rest.as_slice()].concat())
    }
}

impl Decoder<Answer> for Carry {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<Answer, postcard::Error> {
        match bytes.split_first() {
            Some((0, rest)) => Ok(Ok(Carried(Inside::Bytes(rest.into())))),
            Some((1, rest)) => postcard::from_bytes(rest).map(Err),
            _ => Err(postcard::Error::DeserializeBadEncoding),
        }
    }
}
