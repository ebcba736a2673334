//! Wrong passwords slow the next try down, in lanes: a device that the account knows has one of its
//! own, so that strangers who guess cannot lock its owner out. The lanes are kept in the database, by
//! keyed hash, for known and unknown addresses alike.

use super::device::{self, Used};
use crate::{
    actor::{Actor, Device},
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_crypto::password::{Password, Verdict};
use keepwell_domain::{ids::AccountId, sealed::Fingerprint, time::Ts};
use keepwell_store::backoff as rows;

/// A lane that was quiet for so long starts anew.
const FORGET_S: i64 = 86_400;

/// How a lane slows down.
#[derive(Clone, Copy)]
struct Slope {
    /// Failures without a wait.
    free: i64,
    /// Seconds after the first that costs one; they double from there.
    first_s: i64,
    /// Seconds at most.
    most_s: i64,
}

/// One network, or one known device: a typing error or two cost nothing.
const ONE: Slope = Slope { free: 5, first_s: 30, most_s: 900 };
/// All strangers together: many networks guess at one account.
const ALL: Slope = Slope { free: 50, first_s: 60, most_s: 300 };

/// All strangers together who know the password and guess at codes: each has three chances in a million.
const CODES: Slope = Slope { free: 20, first_s: 60, most_s: 3600 };

impl Slope {
    /// Seconds to wait after this many failures in a row; 0 for none.
    fn wait_s(self, failures: i64) -> i64 {
        if failures < self.free {
            return 0;
        }
        let doublings = (failures - self.free).clamp(0, 20);
        (self.first_s << doublings).min(self.most_s)
    }
}

/// The lanes of one attempt, counted as failed until it is known better.
pub(super) struct Attempt(Vec<Fingerprint>);

impl Services {
    fn lane(&self, parts: &[&[u8]]) -> Result<Fingerprint> {
        Ok(self.0.keys.root().devices()?.fingerprint(parts))
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] when a lane of it is blocked; the same for unknown addresses.
    pub(super) async fn begin_sign_in(
        &self,
        email_fp: Fingerprint,
        account: Option<AccountId>,
        from: &Device,
    ) -> Result<Attempt> {
        let known = match account {
            Some(id) => self.known_device(&from.cookie, id)?,
            None => None,
        };
        let lanes = match known {
            // One lane for all browsers that know the account by a link only: asking for more links gives
            // no more guesses.
            Some((_, Used::Link)) => vec![(self.lane(&[b"link", &email_fp.0])?, ONE)],
            Some((known, _)) => vec![(self.lane(&[b"device", &email_fp.0, &known.id])?, ONE)],
            None => {
                let area = from.address.and_then(device::area).unwrap_or_default();
                vec![
                    (self.lane(&[b"area", &email_fp.0, area.as_bytes()])?, ONE),
                    (self.lane(&[b"strangers", &email_fp.0])?, ALL),
                ]
            }
        };
        self.begin(&lanes).await
    }

    /// Counts an attempt to prove something with a link.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] when there were too many wrong ones.
    pub(super) async fn begin_proof(&self, what: &[u8], of: uuid::Uuid) -> Result<Attempt> {
        self.begin(&[(self.lane(&[b"proof", what, of.as_bytes()])?, ONE)]).await
    }

    /// Counts an attempt to prove something within a session, in a lane of that session alone. Whoever
    /// guesses in a stolen one slows nobody down but themselves: the owner proves in another session, or
    /// signs in. And no session comes out of another one without the right proof.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] when there were too many wrong ones.
    pub(super) async fn begin_own_proof(&self, what: &[u8], actor: &Actor) -> Result<Attempt> {
        let lane = match &actor.session {
            Some(session) => self.lane(&[b"session-proof", what, session])?,
            None => self.lane(&[b"proof", what, actor.account.uuid().as_bytes()])?,
        };
        self.begin(&[(lane, ONE)]).await
    }

    /// Counts a code that is typed after a right password. Whoever gets here knows the password; a device
    /// in which the account was used with its second factor has a lane of its own all the same. One that
    /// knows the password, or a link, has none: those can be had without the factor, as many as one likes.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] when there were too many wrong ones.
    pub(super) async fn begin_code(&self, account: AccountId, from: &Device) -> Result<Attempt> {
        let whose = account.uuid();
        let lanes = match self.known_device(&from.cookie, account)? {
            Some((known, Used::Factor)) => {
                vec![(self.lane(&[b"code", whose.as_bytes(), &known.id])?, ONE)]
            }
            _ => {
                let area = from.address.and_then(device::area).unwrap_or_default();
                vec![
                    (self.lane(&[b"code-area", whose.as_bytes(), area.as_bytes()])?, ONE),
                    (self.lane(&[b"code-strangers", whose.as_bytes()])?, CODES),
                ]
            }
        };
        self.begin(&lanes).await
    }

    async fn begin(&self, lanes: &[(Fingerprint, Slope)]) -> Result<Attempt> {
        // Before anything is read or written: a flood is turned away here.
        self.0.hashing.check_room()?;
        let now = self.now();
        // A look first: whoever is blocked costs no write.
        for (lane, _) in lanes {
            if let Some(until) = rows::find_block(&self.0.store, *lane, now).await? {
                return Err(too_many(until, now));
            }
        }
        let mut tx = self.0.store.begin().await?;
        for (lane, slope) in lanes {
            match rows::count_attempt(&mut tx, *lane, now.plus_seconds(-FORGET_S), now).await? {
                Some(failures) if slope.wait_s(failures) > 0 => {
                    rows::block(&mut tx, *lane, now.plus_seconds(slope.wait_s(failures))).await?;
                }
                Some(_) => {}
                // Blocked between the look and now.
                None => return Err(too_many(now.plus_seconds(1), now)),
            }
        }
        tx.commit().await?;
        Ok(Attempt(lanes.iter().map(|l| l.0).collect()))
    }

    /// Checks a password as one attempt: a right one frees its lanes, a wrong one leaves it counted,
    /// and one that could not be looked at, because too many wait, does not count.
    pub(super) async fn judge(
        &self,
        attempt: Attempt,
        password: Password,
        stored: Option<String>,
        level: bool,
    ) -> Result<Verdict> {
        match self.0.hashing.verify(password, stored, level).await {
            Ok(verdict) => {
                if verdict.ok {
                    self.forgive(attempt).await?;
                }
                Ok(verdict)
            }
            Err(e) => {
                let mut tx = self.0.store.begin().await?;
                for lane in attempt.0 {
                    rows::uncount(&mut tx, lane).await?;
                }
                tx.commit().await?;
                Err(e)
            }
        }
    }

    /// It was right: its lanes are free again.
    pub(super) async fn forgive(&self, attempt: Attempt) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        for lane in attempt.0 {
            rows::clear(&mut tx, lane).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn too_many(until: Ts, now: Ts) -> ServiceError {
    let seconds = ((until.0 - now.0).max(0) + 999_999) / 1_000_000;
    ServiceError::TooMany { retry_after_s: u32::try_from(seconds.max(1)).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_late_double_and_end() {
        assert_eq!([1, 4, 5, 6, 7, 10, 1_000_000].map(|n| ONE.wait_s(n)), [0, 0, 30, 60, 120, 900, 900]);
        assert_eq!([49, 50, 51, 53, i64::MAX].map(|n| ALL.wait_s(n)), [0, 60, 120, 300, 300]);
    }
}
