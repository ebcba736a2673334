//! Refusals as the server says them: `application/problem+json` (RFC 9457) like every other refusal of its API, each
//! with a type of its own. The rest of a problem is words for people.

use super::wire::Refusal;
use serde::Deserialize;

/// Longest problem that is read, in bytes. The server's are a few hundred.
const LONGEST: usize = 16 << 10;

const ALL: [Refusal; 7] = [
    Refusal::ChainMoved,
    Refusal::VaultMoved,
    Refusal::Exists,
    Refusal::Missing,
    Refusal::TooLarge,
    Refusal::QuotaFull,
    Refusal::Malformed,
];

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
}

impl Refusal {
    /// The `type` of the problem.
    #[must_use]
    pub const fn problem(self) -> &'static str {
        match self {
            Self::ChainMoved => "/problems/journal-chain-moved",
            Self::VaultMoved => "/problems/journal-vault-moved",
            Self::Exists => "/problems/journal-exists",
            Self::Missing => "/problems/journal-missing",
            Self::TooLarge => "/problems/journal-too-large",
            Self::QuotaFull => "/problems/journal-quota-full",
            Self::Malformed => "/problems/journal-malformed",
        }
    }

    /// The refusal of a problem; `None` for one that is not of the journal, or for no problem at all.
    #[must_use]
    pub fn of_problem(body: &[u8]) -> Option<Self> {
        if body.len() > LONGEST {
            return None;
        }
        let problem: Problem = serde_json::from_slice(body).ok()?;
        ALL.into_iter().find(|refusal| refusal.problem() == problem.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Answer, Request};
    use crate::vault::VaultId;

    #[test]
    fn refusal_is_read_from_its_problem_beside_its_status_alone() {
        let ask = Request::Info(VaultId::from_bytes([1; 16]));
        for refusal in ALL {
            let body =
                format!(r#"{{"type":"{}","title":"x","status":1,"request_id":"r"}}"#, refusal.problem());
            assert_eq!(Refusal::of_problem(body.as_bytes()), Some(refusal));
            assert_eq!(ask.answer(refusal.status(), body.as_bytes()), Ok(Some(Answer::Refused(refusal))));
            assert_eq!(ask.answer(403, body.as_bytes()), Ok(None), "another status");
        }
        for other in ["", "{}", "[]", r#"{"type":"/problems/not-found"}"#, "<html>"] {
            assert_eq!(ask.answer(404, other.as_bytes()), Ok(None), "{other}");
        }
        assert_eq!(Refusal::of_problem(&vec![b' '; LONGEST + 1]), None);
    }
}
