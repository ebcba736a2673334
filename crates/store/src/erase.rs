//! Erasing a profile or an account, in bounded steps: each is a transaction of its own, so that
//! other people's writes get through, and a crash leaves a rest that the next call takes up.

use crate::{
    account::{AccountState, touched, update_account_state},
    error::{Result, StoreError},
    profile::{list_profiles_to_erase, mark_profile_deleting},
    row::{ToArg, args},
    store::Store,
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    time::Ts,
};

/// Rows in one step.
const STEP: i64 = 1000;

/// In this order no row is left pointing to one that is gone.
const STEPS: &[&str] = &[
    "DELETE FROM record_source WHERE profile_id = $1 AND record_id IN \
     (SELECT record_id FROM record_source WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM record_history WHERE profile_id = $1 AND record_id IN \
     (SELECT record_id FROM record_history WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM record WHERE profile_id = $1 AND id IN \
     (SELECT id FROM record WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM tombstone WHERE profile_id = $1 AND fingerprint IN \
     (SELECT fingerprint FROM tombstone WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM deletion_mark WHERE profile_id = $1 AND mark IN \
     (SELECT mark FROM deletion_mark WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM series_source WHERE profile_id = $1 AND series_id IN \
     (SELECT series_id FROM series_source WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM series WHERE profile_id = $1 AND id IN \
     (SELECT id FROM series WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM message WHERE profile_id = $1 AND id IN \
     (SELECT id FROM message WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM conversation WHERE profile_id = $1 AND id IN \
     (SELECT id FROM conversation WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM review_row WHERE profile_id = $1 AND id IN \
     (SELECT id FROM review_row WHERE profile_id = $1 LIMIT $2)",
    // Leaves first: the cascade from an archive to its parts has no bound.
    "DELETE FROM document WHERE profile_id = $1 AND id IN \
     (SELECT d.id FROM document d WHERE d.profile_id = $1 AND NOT EXISTS \
      (SELECT 1 FROM document c WHERE c.profile_id = $1 AND c.parent_id = d.id) LIMIT $2)",
    "DELETE FROM upload WHERE profile_id = $1 AND id IN \
     (SELECT id FROM upload WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM access_token WHERE id IN (SELECT id FROM access_token WHERE profile_id = $1 LIMIT $2)",
    "DELETE FROM ask_consent WHERE profile_id IN (SELECT profile_id FROM ask_consent WHERE profile_id = $1 LIMIT $2)",
];

/// What an account has besides its profiles; also what was asked for its address by nobody in particular.
const ACCOUNT_STEPS: &[&str] = &[
    "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM access_token WHERE id IN (SELECT id FROM access_token WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM account_token WHERE token_hash IN \
     (SELECT token_hash FROM account_token WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM totp WHERE account_id IN (SELECT account_id FROM totp WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM recovery_code WHERE account_id = $1 AND code_fp IN \
     (SELECT code_fp FROM recovery_code WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM ask_provider WHERE account_id IN \
     (SELECT account_id FROM ask_provider WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM passkey WHERE id IN (SELECT id FROM passkey WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM ceremony WHERE token_hash IN (SELECT token_hash FROM ceremony WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM ask_count WHERE account_id = $1 AND day IN \
     (SELECT day FROM ask_count WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM mail WHERE id IN (SELECT m.id FROM mail m WHERE m.account_id = $1 OR m.address_fp = \
     (SELECT a.email_fp FROM account a WHERE a.id = $1) LIMIT $2)",
    "DELETE FROM signup WHERE id IN (SELECT s.id FROM signup s WHERE s.email_fp = \
     (SELECT a.email_fp FROM account a WHERE a.id = $1) LIMIT $2)",
    "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE account_id = $1 LIMIT $2)",
    // Objects are up to a megabyte each, so that fewer of them make a step.
    "DELETE FROM journal_item WHERE (vault_id, ord) IN (SELECT i.vault_id, i.ord FROM journal_item i \
     JOIN journal_vault v ON v.id = i.vault_id WHERE v.account_id = $1 LIMIT $2 / 20)",
    "INSERT INTO journal_gone (vault_id) SELECT v.id FROM journal_vault v WHERE v.account_id = $1 AND NOT EXISTS \
     (SELECT 1 FROM journal_gone g WHERE g.vault_id = v.id) LIMIT $2",
    "DELETE FROM journal_vault WHERE id IN (SELECT id FROM journal_vault WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM journal_member WHERE id IN (SELECT id FROM journal_member WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM journal_space WHERE account_id IN \
     (SELECT account_id FROM journal_space WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM farewell WHERE account_id IN (SELECT account_id FROM farewell WHERE account_id = $1 LIMIT $2)",
    "DELETE FROM break_glass_view WHERE id IN (SELECT v.id FROM break_glass_view v \
     JOIN break_glass g ON g.id = v.grant_id WHERE g.person_id = $1 LIMIT $2)",
    "DELETE FROM break_glass_end WHERE grant_id IN (SELECT e.grant_id FROM break_glass_end e \
     JOIN break_glass g ON g.id = e.grant_id WHERE g.person_id = $1 LIMIT $2)",
    "DELETE FROM break_glass WHERE id IN (SELECT id FROM break_glass WHERE person_id = $1 LIMIT $2)",
    "DELETE FROM break_glass_request WHERE id IN \
     (SELECT id FROM break_glass_request WHERE person_id = $1 LIMIT $2)",
];

/// Removes a profile and all its rows; its files become garbage. Its data key is destroyed
/// before, by the caller.
///
/// # Errors
/// `NotFound` when the account has no such profile. After any other error call it again.
pub async fn delete_profile_rows(
    store: &Store,
    account: AccountId,
    profile: ProfileId,
    now: Ts,
) -> Result<()> {
    let mut tx = store.begin().await?;
    mark_profile_deleting(&mut tx, account, profile).await?;
    tx.commit().await?;
    // No upload or document can begin from here on, so this finds them all.
    let mut tx = store.begin().await?;
    for files in [
        "INSERT INTO blob_garbage (blob_id, profile_id, since) SELECT id, profile_id, $2 FROM document \
         WHERE profile_id = $1 ON CONFLICT (profile_id, blob_id) DO NOTHING",
        "INSERT INTO blob_garbage (blob_id, profile_id, since) SELECT id, profile_id, $2 FROM upload \
         WHERE profile_id = $1 ON CONFLICT (profile_id, blob_id) DO NOTHING",
    ] {
        tx.conn().run(files, args![profile, now]).await?;
    }
    tx.commit().await?;
    for step in STEPS {
        delete_in_steps(store, step, profile).await?;
    }
    let mut tx = store.begin().await?;
    touched(
        tx.conn()
            .run("DELETE FROM profile WHERE id = $1 AND account_id = $2", args![profile, account])
            .await?,
    )?;
    tx.commit().await
}

async fn delete_in_steps(store: &Store, sql: &'static str, owner: impl ToArg) -> Result<()> {
    loop {
        let mut tx = store.begin().await?;
        let gone = tx.conn().run(sql, args![owner, STEP]).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// Removes an account, its profiles and all their rows; the audit log stays. Keys are destroyed
/// before, by the caller.
///
/// # Errors
/// `NotFound`. After any other error call it again.
pub async fn delete_account_rows(store: &Store, account: AccountId, now: Ts) -> Result<()> {
    let mut tx = store.begin().await?;
    update_account_state(&mut tx, account, AccountState::Deleting, now).await?;
    crate::session::end_sessions_of(&mut tx, account, None, now).await?;
    tx.commit().await?;
    for profile in list_profiles_to_erase(store, account).await? {
        match delete_profile_rows(store, account, profile.id, now).await {
            // Another instance, which finishes what looks cut short, was quicker.
            Err(StoreError::NotFound) => {}
            other => other?,
        }
    }
    for step in ACCOUNT_STEPS {
        delete_in_steps(store, step, account).await?;
    }
    let mut tx = store.begin().await?;
    touched(tx.conn().run("DELETE FROM account WHERE id = $1", args![account]).await?)?;
    tx.commit().await
}
