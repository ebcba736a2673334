//! Recovery codes: ten, each of 80 random bits, shown once and kept as keyed hashes.

use crate::{
    actor::{Actor, Device, SessionToken},
    core::Services,
    error::{Result, ServiceError},
    mail::FactorNews,
};
use keepwell_domain::{act::Action, ids::AccountId, sealed::Fingerprint};
use keepwell_store::{Tx, factor};
use zeroize::Zeroizing;

/// How many are made at a time.
const COUNT: usize = 10;
/// RFC 4648, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const LENGTH: usize = 16;

/// A typed code without what people put between, as six digits or a recovery code; `None` for neither.
pub(in crate::accounts) fn normal_code(typed: &str) -> Option<String> {
    if typed.len() > 100 {
        return None;
    }
    let bare: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if bare.len() == 6 && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Some(bare);
    }
    // What looks alike on paper.
    let code: String = bare
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            '0' => 'o',
            '1' => 'l',
            '8' => 'b',
            other => other,
        })
        .collect();
    (code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

fn draw() -> Result<String> {
    let mut bytes = Zeroizing::new([0_u8; 10]);
    getrandom::fill(&mut *bytes).map_err(|e| ServiceError::internal("randomness", &e))?;
    // Five bits a letter, 80 bits in all.
    let number = bytes.iter().fold(0_u128, |n, b| (n << 8) | u128::from(*b));
    let letter = |i: usize| char::from(ALPHABET[usize::try_from((number >> (5 * i)) & 31).unwrap_or(0)]);
    Ok((0..LENGTH).map(letter).collect())
}

/// In groups of four, to be read and typed.
fn grouped(code: &str) -> String {
    let groups: Vec<&str> = (0..LENGTH).step_by(4).filter_map(|i| code.get(i..i + 4)).collect();
    groups.join("-")
}

impl Services {
    pub(in crate::accounts) fn code_fp(&self, account: AccountId, code: &str) -> Result<Fingerprint> {
        let mac = self.0.keys.root().factors()?;
        Ok(mac.fingerprint(&[b"recovery", account.uuid().as_bytes(), code.as_bytes()]))
    }

    /// Makes codes in place of all that there were.
    pub(super) async fn new_codes(&self, tx: &mut Tx, account: AccountId) -> Result<Vec<String>> {
        let codes = (0..COUNT).map(|_| draw()).collect::<Result<Vec<_>>>()?;
        let hashes = codes.iter().map(|c| self.code_fp(account, c)).collect::<Result<Vec<_>>>()?;
        factor::replace_codes(tx, account, &hashes, self.now()).await?;
        Ok(codes.iter().map(|c| grouped(c)).collect())
    }

    /// The codes that belong to a first factor; `None` when there are some already.
    pub(super) async fn first_codes(&self, tx: &mut Tx, account: AccountId) -> Result<Option<Vec<String>>> {
        if factor::count_codes(&mut *tx, account).await? > 0 {
            return Ok(None);
        }
        Ok(Some(self.new_codes(tx, account).await?))
    }

    /// Makes new recovery codes; the old ones are dead, and so is every other session.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] without a factor in force; [`ServiceError::ProofNeeded`].
    pub async fn make_recovery_codes(
        &self,
        actor: &Actor,
        device: &Device,
    ) -> Result<(SessionToken, Vec<String>)> {
        let change = self.begin_change(actor, device).await?;
        let mut tx = self.begin_on(actor.account).await?;
        if !factor::has_any(&mut tx, actor.account).await? {
            return Err(ServiceError::Conflict);
        }
        let codes = self.new_codes(&mut tx, actor.account).await?;
        let what = (Action::RecoveryCodesMade, "recovery");
        let token = self.end_change(&mut tx, actor, change, what, FactorNews::CodesMade).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok((token, codes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(normal_code(" 123 456\n").as_deref(), Some("123456"));
        assert_eq!(normal_code("ABCD-efgh 1j0m-pq8s").as_deref(), Some("abcdefghljompqbs"));
        for bad in ["", "12345", "1234567", "abcd", "abcd-efgh-ijkl-mno9", &"a".repeat(5000), "ａｂｃｄｅｆ"]
        {
            assert_eq!(normal_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn drawn_codes_are_all_different_and_read_back() {
        let codes: std::collections::HashSet<String> = (0..200).map(|_| draw().unwrap()).collect();
        assert_eq!(codes.len(), 200);
        for code in codes {
            assert_eq!(grouped(&code).len(), 19);
            assert_eq!(normal_code(&grouped(&code).to_uppercase()), Some(code));
        }
    }
}
