//! HTTPS to the authority: one connection a request, since an order takes a dozen.

use crate::serve::tls;
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::TLS13,
};
use std::{path::Path, pin::Pin, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

/// Time for one request.
const TIME: Duration = Duration::from_secs(30);
/// Bytes of an answer.
const ANSWER: usize = 1 << 20;

/// See the module.
#[derive(Clone)]
pub struct Client(Arc<ClientConfig>);

impl Client {
    /// Trusts the roots of this file, or else those of the web.
    ///
    /// # Errors
    /// A sentence about the file.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        match ca_file {
            Some(path) => {
                let fault = |what: &str| format!("acme.ca_file {} {what}", path.display());
                let pem = std::fs::read(path).map_err(|e| fault(&format!("cannot be read: {}", e.kind())))?;
                for cert in CertificateDer::pem_slice_iter(&pem) {
                    let cert = cert.map_err(|_| fault("holds no certificate"))?;
                    roots.add(cert).map_err(|_| fault("holds a certificate that cannot be a root"))?;
                }
                if roots.is_empty() {
                    return Err(fault("holds no certificate"));
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let config = ClientConfig::builder_with_provider(Arc::new(tls::provider()))
            .with_protocol_versions(&[&TLS13])
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    async fn send(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let (mut parts, body) = request.into_parts();
        let uri = std::mem::take(&mut parts.uri);
        let host = uri.host().filter(|_| uri.scheme_str() == Some("https"));
        let host = host.ok_or(Error::Str("the authority's address is not https"))?.to_owned();
        let authority = uri.authority().map_or(host.as_str(), |a| a.as_str());
        parts.headers.insert(header::HOST, HeaderValue::from_str(authority).map_err(other)?);
        let path = uri.path_and_query().map_or("/", |p| p.as_str());
        parts.uri = path.parse::<Uri>().map_err(other)?;

        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let stream =
            TcpStream::connect((bare.as_str(), uri.port_u16().unwrap_or(443))).await.map_err(other)?;
        let name = ServerName::try_from(bare).map_err(other)?;
        let stream = TlsConnector::from(self.0).connect(name, stream).await.map_err(other)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(other)?;
        let driver = tokio::spawn(connection);
        let answer = async {
            let response = sender.send_request(Request::from_parts(parts, body)).await.map_err(other)?;
            let (parts, body) = response.into_parts();
            let bytes = Limited::new(body, ANSWER).collect().await.map_err(Error::Other)?.to_bytes();
            Ok(BytesResponse { parts, body: Box::new(bytes) })
        }
        .await;
        driver.abort();
        answer
    }
}

fn other(e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(e))
}

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let sending = self.clone().send(request);
        Box::pin(async move {
            timeout(TIME, sending).await.unwrap_or(Err(Error::Str("the authority did not answer in time")))
        })
    }
}
