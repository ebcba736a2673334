-- Calls that the limits let through, by keyed hash of class and network. Nothing older than a minute counts.
CREATE TABLE limit_log (
  key_hash BYTEA NOT NULL PRIMARY KEY,
  stamp    BIGINT NOT NULL,
  log      BYTEA NOT NULL,
  ends_at  BIGINT NOT NULL
);
CREATE INDEX limit_log_ends ON limit_log (ends_at);
