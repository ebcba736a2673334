-- Signed-in browsers. The token itself is never stored, only its SHA-256.
CREATE TABLE session (
  token_hash          BYTEA NOT NULL PRIMARY KEY,
  account_id          UUID NOT NULL REFERENCES account (id),
  profile_id          UUID NOT NULL,
  generation          BIGINT NOT NULL,
  device_sealed       BYTEA NOT NULL,
  created_at          BIGINT NOT NULL,
  last_seen_at        BIGINT NOT NULL,
  idle_seconds        BIGINT NOT NULL,
  absolute_expires_at BIGINT NOT NULL,
  ended_at            BIGINT
);
CREATE INDEX session_of_account ON session (account_id);
CREATE INDEX session_expiry ON session (absolute_expires_at);
