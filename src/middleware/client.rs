//! Who is at the other end: the TCP peer, or, behind a trusted proxy, whom that proxy names.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The address at the other end of the connection; `None` on a unix socket.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub Option<IpAddr>);

/// The client's address as far as it can be known.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);

/// Networks whose word is believed, as (address, prefix length).
pub type Networks = Arc<[(IpAddr, u8)]>;

/// The header in which trusted proxies name whom they serve. Only this one is read: a proxy writes one
/// of them, and passes on whatever a stranger put into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `X-Forwarded-For: client, proxy, …`
    XForwardedFor,
    /// `Forwarded: for=client, for="[2001:db8::1]:4711";by=…` (RFC 7239).
    Forwarded,
}

/// Whose word is believed, and where it stands.
#[derive(Debug, Clone)]
pub struct Proxies {
    /// The proxies. Those that come by a unix socket are always believed: who may open it is settled by
    /// the file's mode, and it has no address of its own.
    pub trusted: Networks,
    /// The header.
    pub naming: Naming,
}

/// Reads one hop.
type Reader = fn(&[u8]) -> Option<IpAddr>;

/// Hops looked at; more proxies in a row are nobody's set-up.
const HOPS: usize = 32;

/// Layer: puts [`ClientAddress`] into the request.
pub async fn client(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().and_then(|p| p.0);
    let address = address(peer, request.headers(), &proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// The peer, unless it is trusted: then the right-most hop that is not. Garbage falls back to the
/// nearest hop that is known: proxies write to the right of whatever a client sent.
#[must_use]
pub fn address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &Proxies) -> Option<IpAddr> {
    let peer = peer.map(|p| p.to_canonical());
    if peer.is_some_and(|p| !is_in(p, &proxies.trusted)) {
        return peer;
    }
    let (name, read): (_, Reader) = match proxies.naming {
        Naming::XForwardedFor => ("x-forwarded-for", plain_hop),
        Naming::Forwarded => ("forwarded", forwarded_hop),
    };
    let mut nearest = peer;
    let lines = headers.get_all(name).iter().rev();
    for part in lines.flat_map(|line| line.as_bytes().rsplit(|b| *b == b',')).take(HOPS) {
        let Some(hop) = read(part.trim_ascii()) else { return nearest };
        nearest = Some(hop);
        if !is_in(hop, &proxies.trusted) {
            break;
        }
    }
    nearest
}

fn plain_hop(bytes: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(bytes).ok()?;
    let plain = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|a| a.ip());
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.or_else(with_port).or_else(bracketed).map(|ip: IpAddr| ip.to_canonical())
}

/// The node of the one `for` of a hop. Its quotes hold no comma or semicolon when it is an address, so
/// cutting at those spoils only what is none.
fn forwarded_hop(bytes: &[u8]) -> Option<IpAddr> {
    let mut nodes = bytes.split(|b| *b == b';').filter_map(|pair| {
        let (name, value) = pair.trim_ascii().split_at_checked(4)?;
        name.eq_ignore_ascii_case(b"for=").then_some(value)
    });
    let (Some(node), None) = (nodes.next(), nodes.next()) else { return None };
    let quoted = node.strip_prefix(b"\"").and_then(|n| n.strip_suffix(b"\""));
    plain_hop(quoted.unwrap_or(node))
}

/// Whether an address lies in one of the networks.
#[must_use]
pub fn is_in(address: IpAddr, networks: &[(IpAddr, u8)]) -> bool {
    networks.iter().any(|(network, prefix)| match (address, network.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
            let prefix = if network.is_ipv6() { prefix.saturating_sub(96) } else { *prefix };
            let shift = 32 - u32::from(prefix.min(32));
            u32::from(a).checked_shr(shift).unwrap_or(0) == u32::from(n).checked_shr(shift).unwrap_or(0)
        }
        (IpAddr::V6(a), IpAddr::V6(n)) => {
            let shift = 128 - u32::from((*prefix).min(128));
            u128::from(a).checked_shr(shift).unwrap_or(0) == u128::from(n).checked_shr(shift).unwrap_or(0)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn named(naming: Naming, peer: Option<&str>, lines: &[&[u8]], trusted: &[(&str, u8)]) -> String {
        let name = if naming == Naming::Forwarded { "forwarded" } else { "x-forwarded-for" };
        let mut headers = HeaderMap::new();
        // What the proxy did not write is never read.
        headers.append("x-real-ip", "9.9.9.9".parse().unwrap());
        let other = if naming == Naming::Forwarded { "x-forwarded-for" } else { "forwarded" };
        headers.append(other, "9.9.9.9".parse().unwrap());
        for line in lines {
            headers.append(name, http::HeaderValue::from_bytes(line).unwrap());
        }
        let trusted = trusted.iter().map(|(a, p)| (a.parse().unwrap(), *p)).collect();
        let found = address(peer.map(|p| p.parse().unwrap()), &headers, &Proxies { trusted, naming });
        found.map_or("none".to_owned(), |a| a.to_string())
    }

    fn seen(peer: &str, lines: &[&str], trusted: &[(&str, u8)]) -> String {
        let lines: Vec<&[u8]> = lines.iter().map(|l| l.as_bytes()).collect();
        named(Naming::XForwardedFor, Some(peer), &lines, trusted)
    }

    const TEN: &[(&str, u8)] = &[("10.0.0.0", 8)];

    #[test]
    fn stranger_cannot_name_another_address() {
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], TEN), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
        assert_eq!(named(Naming::Forwarded, Some("203.0.113.9"), &[b"for=1.2.3.4"], TEN), "203.0.113.9");
    }

    #[test]
    fn trusted_proxy_is_believed_up_to_the_last_untrusted_hop() {
        for (lines, client) in [
            (&["6.6.6.6, 203.0.113.9"][..], "203.0.113.9"),
            (&["6.6.6.6", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            (&["203.0.113.9", "10.0.0.3", "10.0.0.2"], "203.0.113.9"),
            (&["203.0.113.9:4711"], "203.0.113.9"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
            (&["  203.0.113.9\t"], "203.0.113.9"),
            (&["10.0.0.7, 10.0.0.8"], "10.0.0.7"),
        ] {
            assert_eq!(seen("10.0.0.1", lines, TEN), client, "{lines:?}");
        }
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.9"], TEN), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9"], &[("::ffff:10.0.0.0", 104)]), "203.0.113.9");
    }

    #[test]
    fn garbage_to_the_left_of_what_a_proxy_wrote_changes_nothing() {
        for garbage in
            [&b"<script>"[..], b"\xff\xfe", b",,,", b"9.9.9.9:", b"999.1.1.1", b"1.2.3.4/8", b"fe80::1%eth0"]
        {
            let line = [garbage, b", 203.0.113.9"].concat();
            assert_eq!(named(Naming::XForwardedFor, Some("10.0.0.1"), &[&line], TEN), "203.0.113.9");
            let lines = [garbage, b"203.0.113.9, 10.0.0.2"];
            assert_eq!(named(Naming::XForwardedFor, Some("10.0.0.1"), &lines, TEN), "203.0.113.9");
        }
        let long = format!("{} 203.0.113.9", "1.1.1.1,".repeat(4000));
        assert_eq!(seen("10.0.0.1", &[&long], TEN), "203.0.113.9");
    }

    #[test]
    fn forwarded_is_read_where_proxies_write_it() {
        for (line, client) in [
            ("for=203.0.113.9", "203.0.113.9"),
            ("For=6.6.6.6, FOR=\"203.0.113.9:4711\";proto=https;by=10.0.0.1", "203.0.113.9"),
            ("proto=https; for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=203.0.113.9, for=10.0.0.2;host=\"a.example\"", "203.0.113.9"),
            ("for=unknown, for=10.0.0.2", "10.0.0.2"),
            ("for=_hidden", "10.0.0.1"),
            ("for=1.1.1.1;for=2.2.2.2", "10.0.0.1"),
            ("by=203.0.113.9", "10.0.0.1"),
            ("for=\"203.0.113.9", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(named(Naming::Forwarded, Some("10.0.0.1"), &[line.as_bytes()], TEN), client, "{line}");
        }
    }

    #[test]
    fn proxy_on_a_unix_socket_is_believed() {
        assert_eq!(
            named(Naming::XForwardedFor, None, &[b"6.6.6.6, 203.0.113.9, 10.0.0.2"], TEN),
            "203.0.113.9"
        );
        assert_eq!(named(Naming::XForwardedFor, None, &[b"203.0.113.9"], &[]), "203.0.113.9");
        assert_eq!(named(Naming::XForwardedFor, None, &[], TEN), "none");
        assert_eq!(named(Naming::XForwardedFor, None, &[b"garbage"], TEN), "none");
    }

    #[test]
    fn garbage_falls_back_to_the_nearest_known_hop() {
        let trusted = [("10.0.0.0", 8), ("fd00::", 8)];
        assert_eq!(seen("10.0.0.1", &["<script>"], &trusted), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(seen("fd00::1", &[], &trusted), "fd00::1");
    }
}
