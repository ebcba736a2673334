//! The two engines behind one face. The only place that knows which one is running.

use crate::{
    error::{Result, StoreError},
    row::Row,
};
use sqlx::{
    Arguments, FromRow, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};
use sqlx::{SqlSafeStr, SqlStr};
use uuid::Uuid;

/// One thing per engine.
pub(crate) enum Engine<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// Runs one body against whichever engine there is.
macro_rules! on {
    ($engine:expr, $c:ident => $body:expr) => {
        match $engine {
            $crate::pool::Engine::Sqlite($c) => $body,
            $crate::pool::Engine::Postgres($c) => $body,
        }
    };
}

/// The connections to one database.
#[derive(Clone)]
pub(crate) enum Pool {
    /// One writer, many readers: SQLite allows no more than one write at a time, and waiting in
    /// the pool is fair where waiting for the file lock is not.
    Sqlite {
        writer: SqlitePool,
        reader: SqlitePool,
    },
    Postgres(PgPool),
}

impl Pool {
    /// A connection for single reads.
    pub(crate) async fn read(&self) -> Result<Conn<'static>> {
        Ok(Conn(match self {
            Self::Sqlite { reader, .. } => Engine::Sqlite(SqliteConn::Pooled(reader.acquire().await?)),
            Self::Postgres(pool) => Engine::Postgres(PgConn::Pooled(pool.acquire().await?)),
        }))
    }

    /// A transaction that writes. SQLite takes its write lock now: a lock asked for after the
    /// first read is refused at once when another writer came between.
    pub(crate) async fn begin(&self) -> Result<TxInner> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Engine::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Engine::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that only reads, all of it from one state of the database.
    pub(crate) async fn begin_snapshot(&self) -> Result<TxInner> {
        Ok(match self {
            Self::Sqlite { reader, .. } => Engine::Sqlite(reader.begin().await?),
            Self::Postgres(pool) => Engine::Postgres(
                pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?,
            ),
        })
    }

    /// The writer outside a transaction, for what a transaction does not allow.
    pub(crate) async fn admin(&self) -> Result<Conn<'static>> {
        match self {
            Self::Sqlite { writer, .. } => {
                Ok(Conn(Engine::Sqlite(SqliteConn::Pooled(writer.acquire().await?))))
            }
            Self::Postgres(_) => self.read().await,
        }
    }

    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

pub(crate) type TxInner = Engine<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>;

impl TxInner {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        Conn(match self {
            Self::Sqlite(tx) => Engine::Sqlite(SqliteConn::InTx(tx)),
            Self::Postgres(tx) => Engine::Postgres(PgConn::InTx(tx)),
        })
    }

    pub(crate) async fn commit(self) -> Result<()> {
        on!(self, tx => tx.commit().await.map_err(StoreError::from))
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        on!(self, tx => tx.rollback().await.map_err(StoreError::from))
    }
}

pub(crate) enum SqliteConn<'a> {
    Pooled(PoolConnection<Sqlite>),
    InTx(&'a mut SqliteConnection),
}
pub(crate) enum PgConn<'a> {
    Pooled(PoolConnection<Postgres>),
    InTx(&'a mut PgConnection),
}

/// A connection on which one text of SQL runs with one list of arguments.
pub(crate) struct Conn<'a>(Engine<SqliteConn<'a>, PgConn<'a>>);

/// A value bound to a statement. `None` is a NULL of that type.
#[derive(Clone, Copy)]
pub(crate) enum Arg<'a> {
    Id(Option<Uuid>),
    Int(Option<i64>),
    Bytes(Option<&'a [u8]>),
    Text(Option<&'a str>),
    Bool(bool),
}

macro_rules! bind {
    ($kind:ty, $args:expr) => {{
        let mut bound = <$kind>::default();
        bound.reserve($args.len(), 0);
        for arg in $args {
            match *arg {
                Arg::Id(x) => bound.add(x),
                Arg::Int(x) => bound.add(x),
                Arg::Bytes(x) => bound.add(x),
                Arg::Text(x) => bound.add(x),
                Arg::Bool(x) => bound.add(x),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        bound
    }};
}

/// What both engines can read into.
pub(crate) trait DbRow:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> DbRow for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl Conn<'_> {
    fn engine(&mut self) -> Engine<&mut SqliteConnection, &mut PgConnection> {
        match &mut self.0 {
            Engine::Sqlite(SqliteConn::Pooled(c)) => Engine::Sqlite(c),
            Engine::Sqlite(SqliteConn::InTx(c)) => Engine::Sqlite(c),
            Engine::Postgres(PgConn::Pooled(c)) => Engine::Postgres(c),
            Engine::Postgres(PgConn::InTx(c)) => Engine::Postgres(c),
        }
    }

    /// The text for the engine at hand, where one cannot serve both.
    pub(crate) const fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.0 {
            Engine::Sqlite(_) => sqlite,
            Engine::Postgres(_) => postgres,
        }
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<u64> {
        let sql = sql.into_sql_str();
        Ok(match self.engine() {
            Engine::Sqlite(c) => {
                sqlx::query_with(sql, bind!(SqliteArguments, args)).execute(c).await?.rows_affected()
            }
            Engine::Postgres(c) => {
                sqlx::query_with(sql, bind!(PgArguments, args)).execute(c).await?.rows_affected()
            }
        })
    }

    /// All rows.
    pub(crate) async fn all<T: Row>(&mut self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<Vec<T>> {
        let raw = self.raw_all::<T::Raw>(sql.into_sql_str(), args).await?;
        raw.into_iter().map(T::from_raw).collect()
    }

    async fn raw_all<R: DbRow>(&mut self, sql: SqlStr, args: &[Arg<'_>]) -> Result<Vec<R>> {
        Ok(match self.engine() {
            Engine::Sqlite(c) => sqlx::query_as_with(sql, bind!(SqliteArguments, args)).fetch_all(c).await?,
            Engine::Postgres(c) => sqlx::query_as_with(sql, bind!(PgArguments, args)).fetch_all(c).await?,
        })
    }

    /// The row, if there is one.
    pub(crate) async fn opt<T: Row>(&mut self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<Option<T>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The row.
    pub(crate) async fn one<T: Row>(&mut self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<T> {
        self.opt(sql, args).await?.ok_or(StoreError::NotFound)
    }

    /// Runs several statements without arguments.
    #[cfg(feature = "testing")]
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<()> {
        on!(self.engine(), c => { sqlx::raw_sql(sql).execute(c).await?; });
        Ok(())
    }
}
