-- Signed-in browsers. The token itself is never stored, only its SHA-256.
CREATE TABLE session (
  token_hash          BLOB NOT NULL PRIMARY KEY,
  account_id          BLOB NOT NULL REFERENCES account (id),
  profile_id          BLOB NOT NULL,
  generation          INTEGER NOT NULL,
  device_sealed       BLOB NOT NULL,
  created_at          INTEGER NOT NULL,
  last_seen_at        INTEGER NOT NULL,
  idle_seconds        INTEGER NOT NULL,
  absolute_expires_at INTEGER NOT NULL,
  ended_at            INTEGER
) STRICT;
CREATE INDEX session_of_account ON session (account_id);
CREATE INDEX session_expiry ON session (absolute_expires_at);
