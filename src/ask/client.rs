//! One request to a provider, one connection each. No redirects, no proxies, no cookies, nothing kept; sizes and
//! times bounded; tried again only while not a word of an answer came.

use super::dial::{Resolve, dial};
use crate::serve::tls;
use bytes::Bytes;
use futures::{StreamExt, channel::mpsc::Sender};
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use keepwell_ask::model::{Decoder, ModelEvent, ProviderFault, Wire, WireFault, anthropic};
use keepwell_services::model::{ModelCall, ModelEvents, ModelFault, ModelHost, Provider, pass, piped};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
    version::TLS13,
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout, timeout_at},
};

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For a name, a connection, a TLS handshake, each.
    pub connect: Duration,
    /// From the request to the first byte of the answer: local models read long before they write.
    pub first: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
    /// For everything, further tries included.
    pub total: Duration,
    /// Before the second try; twice as long before the third.
    pub again: Duration,
    /// The longest that a server may ask to wait before another try.
    pub longest: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first: Duration::from_secs(120),
            idle: Duration::from_secs(45),
            total: Duration::from_secs(300),
            again: Duration::from_millis(500),
            longest: Duration::from_secs(20),
        }
    }
}

/// Tries in all.
const TRIES: u32 = 3;

/// See the module.
#[derive(Clone)]
pub struct Client {
    tls: Arc<ClientConfig>,
    resolver: Arc<dyn Resolve>,
    times: Times,
}

/// Why a try failed, and whether another one may help: after how long the server wants it.
struct Failed {
    fault: ModelFault,
    again: Option<Option<Duration>>,
}

impl Failed {
    const fn for_good(fault: ModelFault) -> Self {
        Self { fault, again: None }
    }
    const fn for_now(fault: ModelFault) -> Self {
        Self { fault, again: Some(None) }
    }
}

/// Ends the connection with what waits for it.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Client {
    /// Trusts the roots of the web, and those of this file besides.
    ///
    /// # Errors
    /// A sentence about the file.
    pub fn new(ca_file: Option<&Path>, resolver: Arc<dyn Resolve>, times: Times) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = ca_file {
            let fault = |what: &str| anyhow::anyhow!("ai.ca_file {} {what}", path.display());
            let pem = std::fs::read(path).map_err(|e| fault(&format!("cannot be read: {}", e.kind())))?;
            let mut some = false;
            for cert in CertificateDer::pem_slice_iter(&pem) {
                let cert = cert.map_err(|_| fault("holds no certificate"))?;
                roots.add(cert).map_err(|_| fault("holds a certificate that cannot be a root"))?;
                some = true;
            }
            if !some {
                return Err(fault("holds no certificate"));
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(tls::provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Arc::new(config), resolver, times })
    }

    async fn run(&self, call: &ModelCall, to: &mut Sender<Result<ModelEvent, ModelFault>>) {
        let until = Instant::now() + self.times.total;
        let body = Bytes::copy_from_slice(&call.body);
        let mut tries = 0;
        let fault = loop {
            tries += 1;
            let mut said = false;
            let trying = self.once(&call.provider, body.clone(), to, &mut said);
            let failed = match timeout_at(until, trying).await {
                Ok(Ok(())) => return,
                Ok(Err(failed)) => failed,
                Err(_) => Failed::for_good(ModelFault::Timeout),
            };
            let Some(wait) = failed.again.filter(|_| !said && tries < TRIES) else { break failed.fault };
            let wait = wait.unwrap_or(self.times.again * tries);
            if wait > self.times.longest || Instant::now() + wait >= until {
                break failed.fault;
            }
            sleep(wait).await;
        };
        tracing::warn!(?fault, tries, "a model gave no answer");
        pass(to, Err(fault)).await;
    }

    /// One try. `said` becomes true with the first event that is passed on.
    async fn once(
        &self,
        provider: &Provider,
        body: Bytes,
        to: &mut Sender<Result<ModelEvent, ModelFault>>,
        said: &mut bool,
    ) -> Result<(), Failed> {
        let stream = dial(&provider.base, provider.by, &*self.resolver, &self.tls, self.times.connect).await;
        let stream = stream.map_err(|fault| match fault {
            ModelFault::Unreachable | ModelFault::Timeout => Failed::for_now(fault),
            other => Failed::for_good(other),
        })?;
        let gone = || Failed::for_now(ModelFault::Unreachable);
        let shake =
            hyper::client::conn::http1::Builder::new().max_buf_size(64 << 10).handshake(TokioIo::new(stream));
        let (mut sender, connection) =
            timeout(self.times.connect, shake).await.map_err(|_| gone())?.map_err(|_| gone())?;
        let _driver = Driver(tokio::spawn(async move { drop(connection.await) }));
        let request = request(provider, body).ok_or(Failed::for_good(ModelFault::Forbidden))?;
        let answer = timeout(self.times.first, sender.send_request(request)).await;
        let answer = answer.map_err(|_| Failed::for_good(ModelFault::Timeout))?.map_err(|_| gone())?;
        if answer.status() != StatusCode::OK {
            return Err(refused(&answer));
        }
        self.read(provider.wire, answer.into_body(), to, said).await
    }

    async fn read(
        &self,
        wire: Wire,
        mut body: Incoming,
        to: &mut Sender<Result<ModelEvent, ModelFault>>,
        said: &mut bool,
    ) -> Result<(), Failed> {
        let broken = |fault: WireFault| match fault {
            WireFault::Provider(ProviderFault::Busy) => Failed::for_now(ModelFault::Wire(fault)),
            _ => Failed::for_good(ModelFault::Wire(fault)),
        };
        let mut decoder = Decoder::new(wire);
        let mut patience = self.times.first;
        loop {
            let frame = timeout(patience, body.frame()).await;
            let frame = frame.map_err(|_| Failed::for_good(ModelFault::Timeout))?;
            patience = self.times.idle;
            let (events, over) = match frame {
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    let events = decoder.push(&data).map_err(broken)?;
                    (events, decoder.has_ended())
                }
                Some(Err(_)) => return Err(broken(WireFault::Cut)),
                None => (std::mem::replace(&mut decoder, Decoder::new(wire)).finish().map_err(broken)?, true),
            };
            for event in events {
                *said = true;
                if !pass(to, Ok(event)).await {
                    return Ok(());
                }
            }
            if over {
                return Ok(());
            }
        }
    }
}

/// The request. The key is marked, so that nothing prints it.
fn request(provider: &Provider, body: Bytes) -> Option<Request<Full<Bytes>>> {
    let base = provider.base.to_string();
    let path = format!("{}{}", provider.base.path, provider.wire.path(&base));
    let mut request = Request::post(path)
        .header(header::HOST, provider.base.authority())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream, application/json")
        .header(header::USER_AGENT, "keepwell")
        .body(Full::new(body))
        .ok()?;
    let headers = request.headers_mut();
    if provider.wire == Wire::Anthropic {
        headers.insert("anthropic-version", HeaderValue::from_static(anthropic::VERSION));
    }
    if let Some(key) = &provider.key {
        let (name, text) = match provider.wire {
            Wire::Anthropic => ("x-api-key", zeroize::Zeroizing::new(key.to_string())),
            Wire::OpenAi => ("authorization", zeroize::Zeroizing::new(format!("Bearer {}", key.as_str()))),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Some(request)
}

/// What a status says. The body is not read: it may be long, and may quote the question.
fn refused(answer: &Response<Incoming>) -> Failed {
    let status = answer.status().as_u16();
    let fault = |f| ModelFault::Provider(f);
    let wait =
        answer.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok());
    let busy = Failed { fault: fault(ProviderFault::Busy), again: Some(wait.map(Duration::from_secs)) };
    match status {
        429 | 503 | 529 => busy,
        500 | 502 | 504 => Failed { fault: fault(ProviderFault::Other), ..busy },
        401..=403 => Failed::for_good(fault(ProviderFault::Key)),
        404 | 405 => Failed::for_good(fault(ProviderFault::NotFound)),
        400 | 413 | 422 => Failed::for_good(fault(ProviderFault::Request)),
        // A redirect would carry the question elsewhere than the person agreed to.
        300..400 => Failed::for_good(ModelFault::Forbidden),
        _ => Failed::for_good(fault(ProviderFault::Other)),
    }
}

impl ModelHost for Client {
    fn call(&self, call: ModelCall) -> ModelEvents {
        let client = self.clone();
        piped(move |mut to| async move { client.run(&call, &mut to).await }).boxed()
    }
}
