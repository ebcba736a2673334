//! Mail servers, over TLS that is checked; in the clear to this very machine only.

use super::message::message;
use crate::config::{Mail as Settings, MailSecurity, MailServer};
use anyhow::{Context, bail};
use keepwell_services::mail::{Mail, MailFault, Mailer, Sending};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters, TlsVersion},
        extension::ClientId,
    },
};
use std::{sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// For the connection, and again for every command.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Server {
    transport: Arc<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
}

impl Server {
    pub(super) fn new(server: &MailServer, settings: &Settings) -> anyhow::Result<Self> {
        let from: Mailbox = settings
            .from
            .as_deref()
            .and_then(|f| f.parse().ok())
            .context("mail.from must be set where mail.smtp_url is")?;
        let tls = match server.security {
            MailSecurity::Loopback => Tls::None,
            MailSecurity::Tls => Tls::Wrapper(parameters(server, settings)?),
            MailSecurity::StartTls => Tls::Required(parameters(server, settings)?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        if let Some(user) = &settings.user {
            let password = password(settings)?;
            transport = transport.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(Self { transport: Arc::new(transport.build()), from })
    }
}

fn parameters(server: &MailServer, settings: &Settings) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(server.host.clone()).set_min_tls_version(TlsVersion::Tlsv12);
    if let Some(file) = &settings.ca_file {
        let pem =
            std::fs::read(file).with_context(|| format!("mail.ca_file {} cannot be read", file.display()))?;
        let certificate = Certificate::from_pem(&pem)
            .with_context(|| format!("mail.ca_file {} holds no certificate", file.display()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().context("TLS for mail cannot be set up")
}

fn password(settings: &Settings) -> anyhow::Result<Zeroizing<String>> {
    if let Some(password) = &settings.password {
        return Ok(password.clone());
    }
    let Some(file) = &settings.password_file else { bail!("mail.password must be set where mail.user is") };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("mail.password_file {} cannot be read", file.display()))?;
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

impl Mailer for Server {
    fn send(&self, mail: Mail) -> Sending {
        let (transport, from) = (Arc::clone(&self.transport), self.from.clone());
        Box::pin(async move {
            let message = message(&mail, &from).ok_or(MailFault::Never("address"))?;
            transport.send(message).await.map(|_| ()).map_err(|e| fault(&e))
        })
    }
}

/// The kind of a fault; what the server said may quote the address, and is dropped.
fn fault(e: &lettre::transport::smtp::Error) -> MailFault {
    if e.is_permanent() {
        // 5xx to the sign-in is about this instance, not about the letter.
        let is_ours = e.status().is_some_and(|c| matches!(u16::from(c), 530 | 534 | 535 | 538));
        return if is_ours { MailFault::Later("credentials") } else { MailFault::Never("refused") };
    }
    MailFault::Later(if e.is_transient() {
        "deferred"
    } else if e.is_timeout() {
        "timeout"
    } else if e.is_tls() {
        "tls"
    } else if e.is_client() {
        "client"
    } else {
        "connection"
    })
}
