//! Addresses of providers: how they are written, and which of them may be reached for whom.
//!
//! A server that opens connections to where its users say must not be led into its own network. So a person's
//! own provider is reached by `https` at a public address only. What the operator's settings name may be
//! anywhere but where nothing but a cloud's own secrets are (link-local), and without TLS only near by.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Who named an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedBy {
    /// The operator, in the settings.
    Operator,
    /// A person, for their own questions.
    Person,
}

/// The base address of a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Base {
    /// Whether TLS is spoken.
    pub is_tls: bool,
    /// Name or address, in lower case, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Path without a slash at the end; may be empty.
    pub path: String,
}

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBase {
    /// It is none.
    #[error("must be https://host, with a path or without")]
    Shape,
    /// It holds a name or password.
    #[error("must not hold a name or password")]
    Login,
    /// It is not encrypted.
    #[error("must begin with https://")]
    Plain,
    /// Its port is not among those that are allowed.
    #[error("must use a port that this server allows")]
    Port,
    /// It is no public address.
    #[error("must be a public address")]
    Private,
}

impl Base {
    /// Reads an address. `ports` are those that a person may name.
    ///
    /// # Errors
    /// [`BadBase`].
    pub fn parse(text: &str, by: NamedBy, ports: &[u16]) -> Result<Self, BadBase> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(BadBase::Shape)?;
        let is_tls = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(BadBase::Shape),
        };
        let (authority, path) = rest.find('/').map_or((rest, ""), |i| rest.split_at(i));
        if authority.contains('@') {
            return Err(BadBase::Login);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
        if text.len() > 300 || !path.chars().all(plain) || path.split('/').any(|p| p == "..") {
            return Err(BadBase::Shape);
        }
        let (host, port) = host_and_port(authority, if is_tls { 443 } else { 80 })?;
        let base = Self { is_tls, host, port, path: path.trim_end_matches('/').to_owned() };
        if by == NamedBy::Person {
            base.for_a_person(ports)?;
        }
        Ok(base)
    }

    fn for_a_person(&self, ports: &[u16]) -> Result<(), BadBase> {
        if !self.is_tls {
            return Err(BadBase::Plain);
        }
        if !ports.contains(&self.port) {
            return Err(BadBase::Port);
        }
        if let Ok(ip) = self.host.parse::<IpAddr>() {
            return if is_public(ip) { Ok(()) } else { Err(BadBase::Private) };
        }
        // `127.1`, `0x7f000001`: what the resolver would take for an address is none of a public name's.
        let last = self.host.trim_end_matches('.').rsplit('.').next().unwrap_or("");
        let is_number = last.starts_with("0x") || last.bytes().all(|b| b.is_ascii_digit());
        let is_inner =
            ["localhost", "local", "internal", "lan", "home", "corp", "intranet", "onion", "arpa", "test"];
        if is_number || inner_name(&self.host) || is_inner.contains(&last) {
            return Err(BadBase::Private);
        }
        Ok(())
    }

    /// Host, and the port where it is not the usual one; as in a `Host` header.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.is_tls { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

/// A name without a dot is one of the local network.
fn inner_name(host: &str) -> bool {
    !host.trim_end_matches('.').contains('.')
}

fn host_and_port(authority: &str, usual: u16) -> Result<(String, u16), BadBase> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = match port {
        None => usual,
        Some(p) if p.bytes().all(|b| b.is_ascii_digit()) => p.parse().map_err(|_| BadBase::Shape)?,
        Some(_) => return Err(BadBase::Shape),
    };
    let host = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().map_err(|_| BadBase::Shape)?.to_string(),
        None => host.to_ascii_lowercase(),
    };
    let name = |h: &str| {
        !h.starts_with(['-', '.'])
            && !h.contains("..")
            && h.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    };
    if host.is_empty() || host.len() > 253 || port == 0 || !(host.parse::<Ipv6Addr>().is_ok() || name(&host))
    {
        return Err(BadBase::Shape);
    }
    Ok((host, port))
}

/// Whether a connection may be opened to this address.
#[must_use]
pub fn may_reach(ip: IpAddr, by: NamedBy, is_tls: bool) -> bool {
    let ip = inner(ip);
    match by {
        NamedBy::Person => is_tls && is_public(ip),
        NamedBy::Operator => !is_never(ip) && (is_tls || is_near(ip)),
    }
}

/// The IPv4 address that an IPv6 one wraps, in any of the ways that a host may unwrap.
fn inner(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let s = v6.segments();
    let v4 = |a: u16, b: u16| {
        let ([a, b], [c, d]) = (a.to_be_bytes(), b.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // ::ffff:a.b.c.d, ::ffff:0:a.b.c.d, and ::a.b.c.d but for :: and ::1.
        [0, 0, 0, 0, 0, 0xffff, a, b] | [0, 0, 0, 0, 0xffff, 0, a, b] => v4(a, b),
        [0, 0, 0, 0, 0, 0, a, b] if (a, b) != (0, 0) && (a, b) != (0, 1) => v4(a, b),
        // NAT64, and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => v4(a, b),
        [0x2002, a, b, ..] => v4(a, b),
        _ => ip,
    }
}

/// Addresses that nobody's model is at: link-local with its metadata services, multicast, unspecified.
fn is_never(ip: IpAddr) -> bool {
    match inner(ip) {
        IpAddr::V4(a) => a.is_link_local() || a.is_multicast() || a.is_unspecified() || a.is_broadcast(),
        IpAddr::V6(a) => {
            a.is_multicast()
                || a.is_unspecified()
                || (a.segments()[0] & 0xffc0) == 0xfe80
                // The metadata service of one cloud.
                || a == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
        }
    }
}

/// This machine, or a private network.
fn is_near(ip: IpAddr) -> bool {
    match inner(ip) {
        IpAddr::V4(a) => a.is_loopback() || a.is_private(),
        IpAddr::V6(a) => a.is_loopback() || (a.segments()[0] & 0xfe00) == 0xfc00,
    }
}

/// Whether an address is one of the public net (IANA's special-purpose registries are not).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    let ip = inner(ip);
    if is_never(ip) || is_near(ip) {
        return false;
    }
    match ip {
        IpAddr::V4(a) => {
            let [a, b, c, _] = a.octets();
            let special = a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && matches!(b, 18 | 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113)
                || a >= 240;
            !special
        }
        IpAddr::V6(a) => {
            let s = a.segments();
            // Only 2000::/3 is given out; in it 2001::/23 (protocols, Teredo), documentation, and 6to4, which leads on to
            // any IPv4 address, are special.
            let is_unicast = (s[0] & 0xe000) == 0x2000;
            let special = (s[0] == 0x2001 && (s[1] < 0x200 || s[1] == 0xdb8))
                || s[0] == 0x2002
                || (s[0] == 0x3fff && s[1] < 0x1000);
            is_unicast && !special
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for ip in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "fe80::1",
            "febf::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "100::1",
            "fec0::1",
            "4000::1",
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert!(!is_public(ip), "{ip}");
            assert!(!may_reach(ip, NamedBy::Person, true), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "9.9.9.9",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert!(is_public(ip) && may_reach(ip, NamedBy::Person, true), "{ip}");
            assert!(
                !may_reach(ip, NamedBy::Person, false) && !may_reach(ip, NamedBy::Operator, false),
                "{ip}"
            );
        }
    }

    #[test]
    fn the_operator_may_name_near_addresses_but_none_of_a_clouds_own() {
        for ip in ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.5", "fd12::1"] {
            let ip = ip.parse().unwrap();
            assert!(may_reach(ip, NamedBy::Operator, false) && may_reach(ip, NamedBy::Operator, true));
        }
        for ip in [
            "169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "::ffff:169.254.169.254",
        ] {
            assert!(!may_reach(ip.parse().unwrap(), NamedBy::Operator, true), "{ip}");
        }
    }

    #[test]
    fn addresses_are_read_strictly() {
        let person = |s: &str| Base::parse(s, NamedBy::Person, &[443]).map(|b| b.to_string());
        assert_eq!(person("https://API.Example.com:443/v1/").unwrap(), "https://api.example.com/v1");
        for (text, bad) in [
            ("http://api.example.com", BadBase::Plain),
            ("https://u:p@api.example.com", BadBase::Login),
            ("https://api.example.com:8443", BadBase::Port),
            ("https://127.0.0.1", BadBase::Private),
            ("https://[::1]", BadBase::Private),
            ("https://[::ffff:10.0.0.1]", BadBase::Private),
            ("https://127.1", BadBase::Private),
            ("https://2130706433", BadBase::Private),
            ("https://0x7f.0.0.0x1", BadBase::Private),
            ("https://localhost", BadBase::Private),
            ("https://a.localhost.", BadBase::Private),
            ("https://nas.local", BadBase::Private),
            ("https://metadata.google.internal", BadBase::Private),
            ("https://router", BadBase::Private),
            ("ftp://a.example", BadBase::Shape),
            ("https://", BadBase::Shape),
            ("https://a.example?x=1", BadBase::Shape),
            ("https://a.example/x?y", BadBase::Shape),
            ("https://a.example/../x", BadBase::Shape),
            ("https://a.example#x", BadBase::Shape),
            ("https://a.exa mple", BadBase::Shape),
            ("https://a.example\r\nHost: b", BadBase::Shape),
            ("https://a.example:0x1bb", BadBase::Shape),
            ("https://a.example:", BadBase::Shape),
            ("https://é.example", BadBase::Shape),
        ] {
            assert_eq!(person(text), Err(bad), "{text}");
        }
        let operator = |s: &str| Base::parse(s, NamedBy::Operator, &[]).map(|b| b.to_string());
        assert_eq!(operator("http://localhost:11434/v1").unwrap(), "http://localhost:11434/v1");
        assert_eq!(operator("http://[::1]:80").unwrap(), "http://[::1]");
    }
}
