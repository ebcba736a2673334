//! Codes of authenticator apps.

use totp_rs::Totp;

/// Seconds for which one code is shown.
const STEP: u64 = 30;

/// A code that is wrong at this moment. One that is always the same would be the right one by chance,
/// now and then; and the codes just before and after count as well.
pub fn wrong_code(app: &Totp, seconds: u64) -> String {
    let right = [seconds - STEP, seconds, seconds + STEP].map(|at| app.generate(at).to_string());
    let mut few = (0..=right.len()).map(|n| format!("{n:06}"));
    few.find(|code| !right.contains(code)).expect("one more than there are right ones")
}
