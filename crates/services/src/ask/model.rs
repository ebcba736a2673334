//! How models are reached: providers, and who sends the bytes.

use super::address::{Base, NamedBy};
use futures::{
    SinkExt, Stream, StreamExt,
    channel::mpsc,
    stream::{self, BoxStream},
};
use keepwell_ask::model::{ModelEvent, ProviderFault, Wire, WireFault};
use std::{fmt, future::Future, sync::Arc};
use zeroize::Zeroizing;

/// A provider of models with all that a person is told of it.
#[derive(Clone)]
pub struct Provider {
    /// What it speaks.
    pub wire: Wire,
    /// Where it is.
    pub base: Base,
    /// Who named it.
    pub by: NamedBy,
    /// The model.
    pub model: String,
    /// The key; local servers want none.
    pub key: Option<Zeroizing<String>>,
    /// What it is called.
    pub name: String,
    /// Where it stands: a country, `this machine`.
    pub place: String,
    /// Where its terms can be read.
    pub terms: String,
}

impl Provider {
    /// The address of a call.
    #[must_use]
    pub fn url(&self) -> String {
        let base = self.base.to_string();
        let path = self.wire.path(&base);
        format!("{base}{path}")
    }

    /// Whether its limit of tokens goes by the newer name: OpenAI's own models refuse the older one.
    #[must_use]
    pub fn new_limit_name(&self) -> bool {
        self.wire == Wire::OpenAi && self.base.host == "api.openai.com"
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Provider(***)")
    }
}

/// One request.
pub struct ModelCall {
    /// To whom.
    pub provider: Arc<Provider>,
    /// The body, JSON.
    pub body: Vec<u8>,
}

/// Why there is no answer, or no whole one. Nothing of what the server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFault {
    /// No connection.
    Unreachable,
    /// The address leads to where it may not.
    Forbidden,
    /// It took too long.
    Timeout,
    /// The provider said no, or that something is wrong.
    Provider(ProviderFault),
    /// What it sent cannot be read.
    Wire(WireFault),
}

/// What comes from a model; ends after the first fault.
pub type ModelEvents = BoxStream<'static, Result<ModelEvent, ModelFault>>;

/// Sends requests to models. The only one who does, outside of tests, is in the server's binary.
pub trait ModelHost: Send + Sync + 'static {
    /// Asks. Dropping the stream ends the request.
    fn call(&self, call: ModelCall) -> ModelEvents;
}

/// How this instance reaches models.
#[derive(Clone, Default)]
pub struct AiSetup {
    /// Who sends; without one, no question leaves.
    pub host: Option<Arc<dyn ModelHost>>,
    /// The provider of the settings.
    pub provider: Option<Arc<Provider>>,
    /// Whether people may set up a provider of their own.
    pub own: bool,
    /// Ports that theirs may have.
    pub own_ports: Vec<u16>,
}

/// A stream of what `work` sends. Both live and end together.
pub fn piped<T, F: Future<Output = ()>>(work: impl FnOnce(mpsc::Sender<T>) -> F) -> impl Stream<Item = T> {
    let (sender, receiver) = mpsc::channel(8);
    let work = stream::once(work(sender)).filter_map(|()| async { None });
    stream::select(receiver, work)
}

/// Sends, and says whether somebody still listens.
pub async fn pass<T>(to: &mut mpsc::Sender<T>, item: T) -> bool {
    to.send(item).await.is_ok()
}
