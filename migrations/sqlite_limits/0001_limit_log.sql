-- Calls that the limits let through, by keyed hash of class and network. Nothing older than a minute counts.
CREATE TABLE limit_log (
  key_hash BLOB NOT NULL PRIMARY KEY,
  stamp    INTEGER NOT NULL,
  log      BLOB NOT NULL,
  ends_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_log_ends ON limit_log (ends_at);
