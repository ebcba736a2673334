//! How the browser calls a server function that reads.

use super::Postcard;
use crate::error::{AppError, ErrorCode};
use http::Method;
use leptos::server_fn::{
    Bytes, ContentType, Http, Protocol, client::Client, codec::Post, error::FromServerFnError,
    request::ClientReq, response::ClientRes, server::Server,
};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// Arguments and value as postcard by POST: `#[server(…, protocol = Ask)]`.
///
/// The framework's own would do; but it makes the sending and receiving anew for every function.
pub struct Ask;

type OnTheServer = Http<Post<Postcard>, Post<Postcard>>;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, AppError> for Ask
where
    Input: Serialize + DeserializeOwned + Send + 'static,
    Output: Serialize + DeserializeOwned + Send + 'static,
    C: Client<AppError>,
    S: Server<AppError>,
    OnTheServer: Protocol<Input, Output, C, S, AppError>,
{
    const METHOD: Method = Method::POST;

    fn run_server<F, Fut>(
        request: <S as Server<AppError>>::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<<S as Server<AppError>>::Response, AppError>> + Send
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        <OnTheServer as Protocol<Input, Output, C, S, AppError>>::run_server(request, server_fn)
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, AppError> {
        let body = postcard::to_stdvec(&input).map_err(|_| AppError::new(ErrorCode::Internal))?;
        let answer = Box::pin(exchange::<C>(path, body)).await?;
        postcard::from_bytes(&answer).map_err(|_| AppError::new(ErrorCode::Internal))
    }
}

async fn exchange<C: Client<AppError>>(path: &str, body: Vec<u8>) -> Result<Bytes, AppError> {
    let kind = Postcard::CONTENT_TYPE;
    let request = C::Request::try_new_post_bytes(path, kind, kind, body.into())?;
    #[cfg(feature = "hydrate")]
    super::drawn::name(&request);
    let answer = C::send(request).await?;
    let is_refused = (400..=599).contains(&answer.status());
    let body = answer.try_into_bytes().await?;
    if is_refused { Err(AppError::de(body)) } else { Ok(body) }
}
