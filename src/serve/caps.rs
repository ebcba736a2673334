//! How many connections may be open, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts open connections.
#[derive(Clone)]
pub struct Caps(Arc<Inner>);

struct Inner {
    all: usize,
    each: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: usize,
    each: HashMap<IpAddr, usize>,
}

/// One open connection; counted until dropped.
pub struct Ticket {
    caps: Caps,
    address: Option<IpAddr>,
}

impl Caps {
    /// At most `all`, and at most `each` from one address.
    #[must_use]
    pub fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Inner { all, each, open: Mutex::default() }))
    }

    /// Counts a connection, or refuses it. Without an address only the total counts.
    #[must_use]
    pub fn admit(&self, address: Option<IpAddr>) -> Option<Ticket> {
        let address = address.map(network);
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.0.all {
            return None;
        }
        if let Some(address) = address {
            let count = open.each.entry(address).or_default();
            if *count >= self.0.each {
                return None;
            }
            *count += 1;
        }
        open.all += 1;
        Some(Ticket { caps: self.clone(), address })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.caps.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Some(address) = self.address
            && let Some(count) = open.each.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                open.each.remove(&address);
            }
        }
    }
}

/// One IPv6 customer has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn connections_are_capped_per_address_and_in_all_and_come_free_again() {
        let caps = Caps::new(3, 2);
        let [a, b]: [Option<IpAddr>; 2] = ["192.0.2.1", "192.0.2.2"].map(|s| Some(s.parse().unwrap()));
        let (one, _two) = (caps.admit(a).unwrap(), caps.admit(a).unwrap());
        assert!(caps.admit(a).is_none());
        let _three = caps.admit(b).unwrap();
        assert!(caps.admit(b).is_none(), "the total is full");
        drop(one);
        assert!(caps.admit(a).is_some());
    }

    #[test]
    fn ipv6_counts_by_network() {
        let caps = Caps::new(9, 1);
        let _one = caps.admit(Some("2001:db8::1".parse().unwrap())).unwrap();
        assert!(caps.admit(Some("2001:db8::ffff".parse().unwrap())).is_none());
        assert!(caps.admit(Some("2001:db8:0:1::1".parse().unwrap())).is_some());
    }
}
