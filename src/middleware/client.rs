//! Who is at the other end: the TCP peer, or, behind a trusted proxy, whom that proxy names.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use std::{net::IpAddr, sync::Arc};

/// The address at the other end of the connection; `None` on a unix socket.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub Option<IpAddr>);

/// The client's address as far as it can be known.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);

/// Networks whose word is believed, as (address, prefix length).
pub type Networks = Arc<[(IpAddr, u8)]>;

/// Layer: puts [`ClientAddress`] into the request.
pub async fn client(State(trusted): State<Networks>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().and_then(|p| p.0);
    let address = address(peer, request.headers(), &trusted);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// The peer, unless it is trusted: then the right-most hop that is not. Garbage falls back to the peer.
#[must_use]
pub fn address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[(IpAddr, u8)]) -> Option<IpAddr> {
    let peer = peer.map(|p| p.to_canonical())?;
    if !is_in(peer, trusted) {
        return Some(peer);
    }
    let lines: Option<Vec<&str>> =
        headers.get_all("x-forwarded-for").iter().map(|v| v.to_str().ok()).collect();
    let mut nearest = peer;
    for hop in lines.unwrap_or_default().join(",").rsplit(',') {
        let Some(hop) = parse(hop.trim()) else { return Some(nearest) };
        nearest = hop;
        if !is_in(hop, trusted) {
            break;
        }
    }
    Some(nearest)
}

fn parse(hop: &str) -> Option<IpAddr> {
    let plain = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|a| a.ip());
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.or_else(with_port).or_else(bracketed).map(|ip| ip.to_canonical())
}

/// Whether an address lies in one of the networks.
#[must_use]
pub fn is_in(address: IpAddr, networks: &[(IpAddr, u8)]) -> bool {
    networks.iter().any(|(network, prefix)| match (address, network.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            let shift = 32 - u32::from((*prefix).min(32));
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

    fn seen(peer: &str, forwarded: &[&str], trusted: &[(&str, u8)]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|(a, p)| (a.parse().unwrap(), *p)).collect();
        address(Some(peer.parse().unwrap()), &headers, &trusted).unwrap().to_string()
    }

    #[test]
    fn stranger_cannot_name_another_address() {
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[("10.0.0.0", 8)]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
    }

    #[test]
    fn trusted_proxy_is_believed_up_to_the_last_untrusted_hop() {
        let trusted = [("10.0.0.0", 8)];
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 203.0.113.9"], &trusted), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "203.0.113.9, 10.0.0.2"], &trusted), "203.0.113.9");
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], &trusted), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9:4711"], &trusted), "203.0.113.9");
    }

    #[test]
    fn garbage_falls_back_to_the_nearest_known_hop() {
        let trusted = [("10.0.0.0", 8), ("fd00::", 8)];
        assert_eq!(seen("10.0.0.1", &["<script>"], &trusted), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(seen("fd00::1", &[], &trusted), "fd00::1");
    }
}
