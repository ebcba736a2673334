//! Grants of sight. A grant's row is written once: there is no statement here that changes one.

use crate::{
    account::touched,
    error::Result,
    pool::Conn,
    row::{One, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, GrantId},
    sealed::Sealed,
    time::Ts,
};
use uuid::Uuid;

codes! {
    /// Who ended a grant before its time.
    pub enum EndedBy {
        /// The person.
        Person = "person",
        /// The admin.
        Admin = "admin",
    }
}

row! {
    /// A grant, and how it stands.
    pub struct Grant {
        /// Its id.
        pub id: GrantId,
        /// Whose records.
        pub person_id: AccountId,
        /// Who may see.
        pub admin_id: AccountId,
        /// Who agreed, where a second admin had to.
        pub approver_id: Option<AccountId>,
        /// Kinds, profile, reason and both times.
        pub sealed: Sealed,
        /// From when.
        pub starts_at: Ts,
        /// Until when at the latest.
        pub ends_at: Ts,
        /// When it was ended before that.
        pub ended_at: Option<Ts>,
        /// By whom.
        pub ended_by: Option<EndedBy>,
        /// Whether nothing else ended it: both accounts are active and of the generation of then, and the
        /// admin is one.
        pub is_held: bool,
    }
}

row! {
    /// A grant that was asked for.
    pub struct Request {
        /// The id that the grant will have.
        pub id: GrantId,
        /// Whose records.
        pub person_id: AccountId,
        /// Who asks.
        pub admin_id: AccountId,
        /// For how long.
        pub minutes: i64,
        /// Kinds, profile and reason.
        pub sealed: Sealed,
        /// When it was asked for.
        pub created_at: Ts,
        /// When nobody can agree any more.
        pub expires_at: Ts,
    }
}

row! {
    /// Something that was seen.
    pub struct Seen {
        /// Its id.
        pub id: Uuid,
        /// Which record.
        pub sealed: Sealed,
        /// When.
        pub at: Ts,
    }
}

/// A grant to be written.
pub struct NewGrant<'a> {
    /// Its id.
    pub id: GrantId,
    /// Whose records.
    pub person_id: AccountId,
    /// Who may see.
    pub admin_id: AccountId,
    /// Who agreed.
    pub approver_id: Option<AccountId>,
    /// Kinds, profile, reason and both times.
    pub sealed: &'a Sealed,
    /// From when.
    pub starts_at: Ts,
    /// Until when, an hour later at most.
    pub ends_at: Ts,
}

/// A request to be written.
pub struct NewRequest<'a> {
    /// The id that the grant will have.
    pub id: GrantId,
    /// Whose records.
    pub person_id: AccountId,
    /// Who asks.
    pub admin_id: AccountId,
    /// For how long.
    pub minutes: i64,
    /// Kinds, profile and reason.
    pub sealed: &'a Sealed,
    /// When nobody can agree any more.
    pub expires_at: Ts,
}

/// Writes a grant, bound to the generations of both accounts.
///
/// # Errors
/// `NotFound` when the person is not active or the admin is none.
pub async fn insert_grant(tx: &mut Tx, new: &NewGrant<'_>) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "INSERT INTO break_glass (id, person_id, person_generation, admin_id, admin_generation, approver_id, \
                 sealed, starts_at, ends_at) SELECT $1, p.id, p.generation, a.id, a.generation, $4, $5, $6, $7 \
                 FROM account p JOIN account a ON a.id = $3 AND a.role = 'admin' AND a.state = 'active' \
                 WHERE p.id = $2 AND p.state = 'active' AND p.id <> a.id",
                args![
                    new.id,
                    new.person_id,
                    new.admin_id,
                    new.approver_id,
                    new.sealed,
                    new.starts_at,
                    new.ends_at
                ],
            )
            .await?,
    )
}

macro_rules! grants {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.person_id, g.admin_id, g.approver_id, g.sealed, g.starts_at, g.ends_at, e.ended_at, \
             e.ended_by, (p.state = 'active' AND p.generation = g.person_generation AND EXISTS \
             (SELECT 1 FROM account a WHERE a.id = g.admin_id AND a.state = 'active' AND a.role = 'admin' \
             AND a.generation = g.admin_generation)) \
             FROM break_glass g JOIN account p ON p.id = g.person_id \
             LEFT JOIN break_glass_end e ON e.grant_id = g.id ",
            $rest
        )
    };
}

/// A grant of an admin.
///
/// # Errors
/// `NotFound`, also when it is another admin's.
pub async fn get_grant_of_admin(from: impl Into<Source<'_>>, admin: AccountId, id: GrantId) -> Result<Grant> {
    from.into().conn().await?.one(grants!("WHERE g.id = $1 AND g.admin_id = $2"), args![id, admin]).await
}

/// A grant over a person's records.
///
/// # Errors
/// `NotFound`, also when it is over somebody else's.
pub async fn get_grant_of_person(
    from: impl Into<Source<'_>>,
    person: AccountId,
    id: GrantId,
) -> Result<Grant> {
    from.into().conn().await?.one(grants!("WHERE g.id = $1 AND g.person_id = $2"), args![id, person]).await
}

/// The newest grants over a person's records.
///
/// # Errors
/// Those of the connection.
pub async fn list_grants_of_person(
    from: impl Into<Source<'_>>,
    person: AccountId,
    limit: i64,
) -> Result<Vec<Grant>> {
    let mut conn = from.into().conn().await?;
    conn.all(grants!("WHERE g.person_id = $1 ORDER BY g.id DESC LIMIT $2"), args![person, limit]).await
}

/// The newest grants of all.
///
/// # Errors
/// Those of the connection.
pub async fn list_grants(from: impl Into<Source<'_>>, limit: i64) -> Result<Vec<Grant>> {
    from.into().conn().await?.all(grants!("ORDER BY g.id DESC LIMIT $1"), args![limit]).await
}

macro_rules! live {
    ($lock:literal) => {
        concat!(
            "SELECT g.id FROM break_glass g JOIN account p ON p.id = g.person_id JOIN account a ON a.id = g.admin_id \
             WHERE g.id = $1 AND g.admin_id = $2 AND g.starts_at <= $3 AND g.ends_at > $3 \
             AND p.state = 'active' AND p.generation = g.person_generation AND a.state = 'active' \
             AND a.role = 'admin' AND a.generation = g.admin_generation \
             AND NOT EXISTS (SELECT 1 FROM break_glass_end e WHERE e.grant_id = g.id)",
            $lock
        )
    };
}

macro_rules! both {
    ($lock:literal) => {
        concat!(
            "SELECT id FROM account WHERE id = $2 OR id = (SELECT person_id FROM break_glass WHERE id = $1) ORDER BY id",
            $lock
        )
    };
}

/// Whether a grant opens anything right now, asked inside the transaction that notes what is about to be
/// seen. Until that ends, no new generation comes in between.
///
/// # Errors
/// Those of the connection.
pub async fn is_live(tx: &mut Tx, admin: AccountId, id: GrantId, now: Ts) -> Result<bool> {
    let mut conn = tx.conn();
    // PostgreSQL: whoever ends it holds the grant's row, see `end_grant`. It is waited for before the question is
    // asked, so that the question sees that end.
    hold(&mut conn, id, "SELECT id FROM break_glass WHERE id = $1 FOR SHARE").await?;
    // Both people in the order of their ids, as whoever changes several takes them.
    let sql = conn.pick(both!(""), both!(" FOR SHARE"));
    let _held: Vec<One<AccountId>> = conn.all(sql, args![id, admin]).await?;
    let sql = conn.pick(live!(""), live!(" FOR SHARE OF p, a"));
    let found: Option<One<GrantId>> = conn.opt(sql, args![id, admin, now]).await?;
    Ok(found.is_some())
}

/// Takes hold of a grant's row until the transaction ends. SQLite has no other writer now.
async fn hold(conn: &mut Conn<'_>, id: GrantId, lock: &'static str) -> Result<()> {
    let sql = conn.pick("SELECT id FROM break_glass WHERE id = $1", lock);
    let _held: Option<One<GrantId>> = conn.opt(sql, args![id]).await?;
    Ok(())
}

/// Ends a grant before its time, once. False when it was ended before.
///
/// # Errors
/// Those of the connection.
pub async fn end_grant(tx: &mut Tx, id: GrantId, by: EndedBy, now: Ts) -> Result<bool> {
    let mut conn = tx.conn();
    hold(&mut conn, id, "SELECT id FROM break_glass WHERE id = $1 FOR UPDATE").await?;
    let n = conn
        .run(
            "INSERT INTO break_glass_end (grant_id, ended_at, ended_by) VALUES ($1, $2, $3) \
             ON CONFLICT (grant_id) DO NOTHING",
            args![id, now, by],
        )
        .await?;
    Ok(n == 1)
}

/// Notes that something was seen.
///
/// # Errors
/// Those of the connection.
pub async fn insert_seen(tx: &mut Tx, id: Uuid, grant: GrantId, sealed: &Sealed, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO break_glass_view (id, grant_id, sealed, at) VALUES ($1, $2, $3, $4)",
            args![id, grant, sealed, now],
        )
        .await?;
    Ok(())
}

/// What was seen under a grant over this person's records, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_seen(
    from: impl Into<Source<'_>>,
    person: AccountId,
    grant: GrantId,
    limit: i64,
) -> Result<Vec<Seen>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT v.id, v.sealed, v.at FROM break_glass_view v JOIN break_glass g ON g.id = v.grant_id \
         WHERE v.grant_id = $2 AND g.person_id = $1 ORDER BY v.id DESC LIMIT $3",
        args![person, grant, limit],
    )
    .await
}

/// How much was seen under a grant.
///
/// # Errors
/// Those of the connection.
pub async fn count_seen(from: impl Into<Source<'_>>, grant: GrantId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM break_glass_view WHERE grant_id = $1";
    Ok(conn.one::<One<i64>>(sql, args![grant]).await?.0)
}

/// Writes a request.
///
/// # Errors
/// `NotFound` when the person is not active or the admin is none.
pub async fn insert_request(tx: &mut Tx, new: &NewRequest<'_>, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "INSERT INTO break_glass_request (id, person_id, admin_id, admin_generation, minutes, sealed, \
                 created_at, expires_at) SELECT $1, p.id, a.id, a.generation, $4, $5, $6, $7 \
                 FROM account p JOIN account a ON a.id = $3 AND a.role = 'admin' AND a.state = 'active' \
                 WHERE p.id = $2 AND p.state = 'active' AND p.id <> a.id",
                args![
                    new.id,
                    new.person_id,
                    new.admin_id,
                    new.minutes,
                    new.sealed,
                    now,
                    new.expires_at
                ],
            )
            .await?,
    )
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.person_id, r.admin_id, r.minutes, r.sealed, r.created_at, r.expires_at \
             FROM break_glass_request r JOIN account a ON a.id = r.admin_id AND a.state = 'active' \
             AND a.role = 'admin' AND a.generation = r.admin_generation ",
            $rest
        )
    };
}

/// Requests that can still be agreed to, oldest first. One whose admin's access ended meanwhile is not among them.
///
/// # Errors
/// Those of the connection.
pub async fn list_requests(from: impl Into<Source<'_>>, now: Ts) -> Result<Vec<Request>> {
    let mut conn = from.into().conn().await?;
    conn.all(requests!("WHERE r.expires_at > $1 ORDER BY r.id LIMIT 100"), args![now]).await
}

/// A request that can still be agreed to.
///
/// # Errors
/// `NotFound`.
pub async fn get_request(from: impl Into<Source<'_>>, id: GrantId, now: Ts) -> Result<Request> {
    let mut conn = from.into().conn().await?;
    conn.one(requests!("WHERE r.id = $1 AND r.expires_at > $2"), args![id, now]).await
}

/// Takes a request away: agreed to, refused or withdrawn. Of two at the same moment one is told yes.
///
/// # Errors
/// Those of the connection.
pub async fn take_request(tx: &mut Tx, id: GrantId) -> Result<bool> {
    Ok(tx.conn().run("DELETE FROM break_glass_request WHERE id = $1", args![id]).await? == 1)
}

/// Forgets requests that nobody agreed to.
///
/// # Errors
/// Those of the connection.
pub async fn delete_stale_requests(tx: &mut Tx, now: Ts) -> Result<()> {
    tx.conn().run("DELETE FROM break_glass_request WHERE expires_at <= $1", args![now]).await?;
    Ok(())
}

/// Of the last 1,000 grants those that break a rule: longer than an hour, begun without a notice to their person, or used
/// outside of their time.
///
/// # Errors
/// Those of the connection.
pub async fn count_improper(from: impl Into<Source<'_>>) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM \
               (SELECT id, person_id, starts_at, ends_at FROM break_glass ORDER BY id DESC LIMIT 1000) g \
               WHERE g.ends_at > g.starts_at + 3600000000 \
               OR NOT EXISTS (SELECT 1 FROM notice n WHERE n.account_id = g.person_id \
                AND n.created_at >= g.starts_at AND n.created_at < g.starts_at + 60000000) \
               OR EXISTS (SELECT 1 FROM break_glass_view v WHERE v.grant_id = g.id \
                AND (v.at < g.starts_at OR v.at >= g.ends_at))";
    Ok(conn.one::<One<i64>>(sql, args![]).await?.0)
}
