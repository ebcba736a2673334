-- Personal access tokens. The token itself is never stored, only its SHA-256; without a profile it is good for all.
CREATE TABLE access_token (
  id           BLOB NOT NULL PRIMARY KEY,
  account_id   BLOB NOT NULL REFERENCES account (id),
  profile_id   BLOB,
  generation   INTEGER NOT NULL,
  token_hash   BLOB NOT NULL,
  name_sealed  BLOB NOT NULL,
  scopes       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  CONSTRAINT access_token_hash UNIQUE (token_hash)
) STRICT;
CREATE INDEX access_token_of_account ON access_token (account_id);
CREATE INDEX access_token_of_profile ON access_token (profile_id);
CREATE INDEX access_token_expiry ON access_token (expires_at);
