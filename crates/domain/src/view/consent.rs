//! What a person sees before a first question leaves, and of a provider of their own.

use super::ProviderView;
use serde::{Deserialize, Serialize};

/// What would be sent, to whom, under which terms.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskPreview {
    /// To whom.
    pub provider: ProviderView,
    /// The address that it goes to.
    pub url: String,
    /// The very bytes of the first request, written out for reading. The key goes in a header and is not shown.
    pub request: String,
    /// What stands for what: (stand-in, real). The right side stays here.
    pub stand_ins: Vec<(String, String)>,
    /// Names all of the above but the question; consent is given to just this.
    pub fingerprint: String,
}

/// A provider of one's own, as it is shown for changing. The key is never given out again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct OwnProviderView {
    /// `anthropic` or `openai`.
    pub kind: String,
    /// Its address.
    pub base_url: String,
    /// The model.
    pub model: String,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Where its terms can be read.
    pub terms: String,
    /// Whether a key is kept.
    pub has_key: bool,
}
