-- Personal access tokens. The token itself is never stored, only its SHA-256; without a profile it is good for all.
CREATE TABLE access_token (
  id           UUID NOT NULL PRIMARY KEY,
  account_id   UUID NOT NULL REFERENCES account (id),
  profile_id   UUID,
  generation   BIGINT NOT NULL,
  token_hash   BYTEA NOT NULL,
  name_sealed  BYTEA NOT NULL,
  scopes       TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  last_used_at BIGINT,
  CONSTRAINT access_token_hash UNIQUE (token_hash)
);
CREATE INDEX access_token_of_account ON access_token (account_id);
CREATE INDEX access_token_of_profile ON access_token (profile_id);
CREATE INDEX access_token_expiry ON access_token (expires_at);
