//! What of an entry is sealed: from where, in which session, to what. Opened for its person only.

use super::Act;
use crate::{accounts::device_words, actor::Device};
use keepwell_domain::ids::{AccessTokenId, ProfileId};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// Longest name of a device in characters.
const LONGEST: usize = 60;

/// The sealed part. Fields may be added; none may change its meaning.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// With which token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<AccessTokenId>,
}

pub(super) fn pack(act: &Act) -> Vec<u8> {
    let detail = Detail {
        address: act.device.address,
        device: named(&act.device),
        profile: act.profile,
        object: act.object,
        what: act.what.map(str::to_owned).or_else(|| act.more.clone()),
        token: act.token,
    };
    // Plain fields of plain types cannot fail to encode.
    serde_json::to_vec(&detail).unwrap_or_default()
}

/// Browser and system in words; what is not known by its own name, shortened.
fn named(device: &Device) -> String {
    let words = device_words(&device.user_agent);
    if words.is_empty() {
        device.user_agent.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
    } else {
        words
    }
}
