//! Which browsers an account was used in before, and how: a signed cookie, and nothing on the server.
//! It opens nothing. It keeps a lane of failed sign-ins apart from strangers', and spares its owner the
//! letter about a new device.
//!
//! `id (16 bytes) ‖ up to four tags of 16 bytes`, each the first half of
//! `HMAC(device key, how ‖ account ‖ id)`, in base64url: one browser may be a family's. Whoever asks
//! without a cookie gets a new id, so a tag that can be had again and again must not be worth a lane.

use crate::{core::Services, error::Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keepwell_domain::ids::AccountId;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use uuid::Uuid;

const MOST: usize = 4;
const TAG: usize = 16;

/// How an account was used in a browser; the later, the more was proved there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Used {
    /// A link out of a letter set a password. It can be asked for as often as one likes.
    Link,
    /// Signed in with all that the account asked for then: the password.
    Password,
    /// Signed in, or proved oneself, with a second factor.
    Factor,
}

impl Used {
    const ALL: [Self; 3] = [Self::Factor, Self::Password, Self::Link];
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Link => b"link",
            Self::Password => b"tag",
            Self::Factor => b"factor",
        }
    }
}

/// A device cookie, read.
pub(super) struct Known {
    pub(super) id: [u8; 16],
    tags: Vec<[u8; TAG]>,
}

impl Known {
    fn fresh() -> Self {
        Self { id: *Uuid::new_v4().as_bytes(), tags: Vec::new() }
    }

    fn parse(cookie: &str) -> Option<Self> {
        let longest = (16 + MOST * TAG).div_ceil(3) * 4;
        let bytes = (cookie.len() <= longest).then(|| URL_SAFE_NO_PAD.decode(cookie).ok())??;
        let (id, tags) = bytes.split_at_checked(16)?;
        let tags: Vec<[u8; TAG]> =
            tags.chunks(TAG).map(TryInto::try_into).collect::<std::result::Result<_, _>>().ok()?;
        Some(Self { id: id.try_into().ok()?, tags })
    }

    fn write(&self) -> String {
        let mut bytes = self.id.to_vec();
        self.tags.iter().for_each(|t| bytes.extend_from_slice(t));
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl Services {
    fn tag(&self, account: AccountId, id: &[u8; 16], used: Used) -> Result<[u8; TAG]> {
        let account = account.uuid();
        let parts = [used.label(), account.as_bytes().as_slice(), id];
        let whole = self.0.keys.root().devices()?.fingerprint(&parts);
        let mut half = [0; TAG];
        half.copy_from_slice(&whole.0[..TAG]);
        Ok(half)
    }

    /// The device of a cookie, and how this account was used in it, if it was.
    pub(super) fn known_device(&self, cookie: &str, account: AccountId) -> Result<Option<(Known, Used)>> {
        let Some(known) = Known::parse(cookie) else { return Ok(None) };
        for used in Used::ALL {
            let tag = Tag(self.tag(account, &known.id, used)?);
            if known.tags.iter().any(|t| tag.is(t)) {
                return Ok(Some((known, used)));
            }
        }
        Ok(None)
    }

    /// The cookie of a device in which this account was just used. A link takes nothing from a device
    /// that was known better.
    pub(super) fn device_cookie(&self, cookie: &str, account: AccountId, used: Used) -> Result<String> {
        let before = self.known_device(cookie, account)?.map(|(_, before)| before);
        let used = if used == Used::Link { before.unwrap_or(used) } else { used };
        let mut known = Known::parse(cookie).unwrap_or_else(Known::fresh);
        for other in Used::ALL {
            let tag = self.tag(account, &known.id, other)?;
            known.tags.retain(|t| *t != tag);
        }
        known.tags.truncate(MOST - 1);
        known.tags.insert(0, self.tag(account, &known.id, used)?);
        Ok(known.write())
    }
}

/// Compared without telling how far two agree.
struct Tag([u8; TAG]);

impl Tag {
    fn is(&self, other: &[u8; TAG]) -> bool {
        self.0.iter().zip(other).fold(0u8, |d, (a, b)| d | (a ^ b)) == 0
    }
}

/// The part of the network that an address lies in: `192.0.2.0/24`, `2001:db8:1::/48`. Nothing
/// finer is kept of a session; `None` for this very machine.
pub(super) fn area(address: IpAddr) -> Option<String> {
    match address.to_canonical() {
        a if a.is_loopback() => None,
        IpAddr::V4(a) => {
            let [x, y, z, _] = a.octets();
            Some(format!("{}/24", Ipv4Addr::new(x, y, z, 0)))
        }
        IpAddr::V6(a) => {
            let [x, y, z, ..] = a.segments();
            Some(format!("{}/48", Ipv6Addr::new(x, y, z, 0, 0, 0, 0, 0)))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_kept_as_its_part_of_the_network_only() {
        let of = |s: &str| area(s.parse().unwrap());
        assert_eq!(of("203.0.113.77").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(of("::ffff:203.0.113.77").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(of("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1::/48"));
        assert_eq!((of("127.0.0.1"), of("::1")), (None, None));
    }

    #[test]
    fn a_cookie_reads_back_and_others_do_not() {
        let mut known = Known::fresh();
        known.tags = vec![[1; TAG], [2; TAG]];
        let text = known.write();
        let again = Known::parse(&text).unwrap();
        assert_eq!((again.id, again.tags.len()), (known.id, 2));
        for bad in ["", "!", "AAAA", &text[..text.len() - 1], &"A".repeat(4000)] {
            assert!(Known::parse(bad).is_none(), "{bad}");
        }
        assert!(Known::parse(&URL_SAFE_NO_PAD.encode([0; 16])).unwrap().tags.is_empty());
    }
}
