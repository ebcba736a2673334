//! Settings of mail.

use super::{Config, Fault, Setting};
use std::{net::IpAddr, path::PathBuf};
use zeroize::Zeroizing;

/// How mail is sent.
#[derive(Clone, Default)]
pub struct Mail {
    /// The server; the outbox folder when `None`.
    pub server: Option<MailServer>,
    /// The name to sign in with at the server.
    pub user: Option<String>,
    /// The password there.
    pub password: Option<Zeroizing<String>>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// The sender: `keepwell@health.example`, or with a name before it.
    pub from: Option<String>,
    /// Certificates, as PEM, that the server may prove itself with besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// Confirm addresses although mail only goes to the outbox folder; for development.
    pub confirm_addresses: bool,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub security: MailSecurity,
}

/// How the connection to the mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte: `smtps://`.
    Tls,
    /// TLS after STARTTLS, or nothing: `smtp://`.
    StartTls,
    /// None, to a server on this very machine: `smtp://` with a loopback host.
    Loopback,
}

impl Mail {
    /// Whether people must show that their address is theirs.
    #[must_use]
    pub const fn confirms(&self) -> bool {
        self.server.is_some() || self.confirm_addresses
    }
}

impl MailServer {
    /// Reads `smtps://host[:465]` or `smtp://host[:587]`.
    fn parse(s: &str) -> Result<Self, String> {
        let fault =
            || "must be smtps://host:port (TLS) or smtp://host:port (STARTTLS), without a path".to_owned();
        let (scheme, rest) = s.split_once("://").ok_or_else(fault)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err(
                "must not hold a name or password: they go into mail.user and mail.password".to_owned()
            );
        }
        if rest.contains(['/', '?', '#']) {
            return Err(fault());
        }
        let default = match scheme {
            "smtps" => 465,
            "smtp" => 587,
            _ => return Err(fault()),
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| fault())?),
            _ => (rest, default),
        };
        let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        if host.is_empty() || !host.chars().all(plain) || port == 0 {
            return Err(fault());
        }
        let is_loopback =
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|a| a.to_canonical().is_loopback());
        let security = match scheme {
            "smtps" => MailSecurity::Tls,
            _ if is_loopback => MailSecurity::Loopback,
            _ => MailSecurity::StartTls,
        };
        Ok(Self { host: host.to_owned(), port, security })
    }

    fn shown(&self) -> String {
        let scheme = if self.security == MailSecurity::Tls { "smtps" } else { "smtp" };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{scheme}://{host}:{}", self.port)
    }
}

/// Its rows of the table.
pub const SMTP_URL: Setting = Setting {
    key: "mail.smtp_url",
    set: |c, s| {
        c.mail.server = Some(MailServer::parse(s)?);
        Ok(())
    },
    show: |c| c.mail.server.as_ref().map(MailServer::shown).unwrap_or_default(),
};
/// See [`Mail::user`].
pub const USER: Setting = Setting {
    key: "mail.user",
    set: |c, s| {
        c.mail.user = Some(s.to_owned());
        Ok(())
    },
    show: |c| c.mail.user.clone().unwrap_or_default(),
};
/// See [`Mail::password`].
pub const PASSWORD: Setting = Setting {
    key: "mail.password",
    set: |c, s| {
        c.mail.password = Some(Zeroizing::new(s.to_owned()));
        Ok(())
    },
    show: |c| if c.mail.password.is_some() { "****".to_owned() } else { String::new() },
};
/// See [`Mail::password_file`].
pub const PASSWORD_FILE: Setting = Setting {
    key: "mail.password_file",
    set: |c, s| {
        c.mail.password_file = Some(PathBuf::from(s));
        Ok(())
    },
    show: |c| c.mail.password_file.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
};
/// See [`Mail::from`].
pub const FROM: Setting = Setting {
    key: "mail.from",
    set: |c, s| {
        s.parse::<lettre::message::Mailbox>()
            .map_err(|_| "must be an address such as keepwell@health.example".to_owned())?;
        c.mail.from = Some(s.to_owned());
        Ok(())
    },
    show: |c| c.mail.from.clone().unwrap_or_default(),
};
/// See [`Mail::ca_file`].
pub const CA_FILE: Setting = Setting {
    key: "mail.ca_file",
    set: |c, s| {
        c.mail.ca_file = Some(PathBuf::from(s));
        Ok(())
    },
    show: |c| c.mail.ca_file.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
};
/// See [`Mail::confirm_addresses`].
pub const CONFIRM: Setting = Setting {
    key: "mail.confirm_addresses",
    set: |c, s| {
        c.mail.confirm_addresses = s.parse().map_err(|_| "must be true or false".to_owned())?;
        Ok(())
    },
    show: |c| c.mail.confirms().to_string(),
};

/// What is wrong when the settings are seen together.
pub fn together(config: &Config) -> Vec<Fault> {
    let mail = &config.mail;
    let mut faults = Vec::new();
    let mut fault = |place: &str, reason: &str| {
        faults.push(Fault { place: place.to_owned(), reason: reason.to_owned() });
    };
    if mail.confirms() && config.public_url.is_none() {
        fault(
            "public_url",
            "must be set where mail is on: links in letters begin with it, and are never made from what a request says",
        );
    }
    if mail.server.is_some() && mail.from.is_none() {
        fault("mail.from", "must be set where mail.smtp_url is");
    }
    if mail.password.is_some() && mail.password_file.is_some() {
        fault("mail.password", "set only one of mail.password and mail.password_file");
    }
    if mail.user.is_some() != (mail.password.is_some() || mail.password_file.is_some()) {
        fault("mail.user", "must come with mail.password or mail.password_file, and they with it");
    }
    faults
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::config::Origin;

    #[test]
    fn mail_in_the_clear_goes_to_this_very_machine_only() {
        for (url, security) in [
            ("smtps://mail.example", MailSecurity::Tls),
            ("smtp://mail.example", MailSecurity::StartTls),
            ("smtp://192.0.2.1:25", MailSecurity::StartTls),
            ("smtp://127.0.0.1.example:25", MailSecurity::StartTls),
            ("smtp://localhost:1025", MailSecurity::Loopback),
            ("smtp://[::1]:25", MailSecurity::Loopback),
            ("smtps://127.0.0.1:465", MailSecurity::Tls),
        ] {
            assert_eq!(MailServer::parse(url).unwrap().security, security, "{url}");
        }
        assert_eq!(MailServer::parse("smtps://mail.example").unwrap().port, 465);
        assert_eq!(MailServer::parse("smtp://mail.example/").unwrap().port, 587);
    }

    #[test]
    fn what_is_no_mail_server_is_refused_without_being_repeated() {
        for bad in [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://u:hunter2@mail.example",
            "smtp://mail.example:99999",
            "smtp://mail.example:0",
            "smtp://mail.example/x",
            "smtp://mail example",
        ] {
            let reason = MailServer::parse(bad).unwrap_err();
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }

    #[test]
    fn mail_needs_the_public_address_and_a_sender() {
        let mut config = Config::default();
        assert!(together(&config).is_empty());
        config.mail.server = Some(MailServer::parse("smtps://mail.example").unwrap());
        let places: Vec<String> = together(&config).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["public_url", "mail.from"]);
        config.public_url = Origin::parse("https://health.example");
        config.mail.from = Some("keepwell@health.example".to_owned());
        assert!(together(&config).is_empty());
        config.mail.user = Some("u".to_owned());
        assert_eq!(together(&config).len(), 1);
    }
}
