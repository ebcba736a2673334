-- When the person showed, by a link sent there, that the address is theirs.
ALTER TABLE account ADD COLUMN verified_at BIGINT;
-- Hashes brought over from an older system: while there are any, every sign-in takes as long as one of them.
CREATE INDEX account_bcrypt ON account (id) WHERE substr(password_phc, 1, 2) = '$2';

-- Sign-ups that wait for their link. An account is made when it is followed, not before.
CREATE TABLE signup (
  id           UUID NOT NULL PRIMARY KEY,
  email_fp     BYTEA NOT NULL,
  token_hash   BYTEA,
  password_phc TEXT NOT NULL,
  sealed       BYTEA NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX signup_token ON signup (token_hash);
CREATE INDEX signup_email ON signup (email_fp);
CREATE INDEX signup_expiry ON signup (expires_at);

-- Mail on its way. Whom it is for and what it says is sealed, and gone once it was sent.
CREATE TABLE mail (
  id          UUID NOT NULL PRIMARY KEY,
  account_id  UUID,
  address_fp  BYTEA NOT NULL,
  purpose     TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'dropped', 'dead')),
  attempts    BIGINT NOT NULL,
  run_at      BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  lease_until BIGINT,
  lease_owner UUID,
  error_code  TEXT,
  sealed      BYTEA,
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);
CREATE INDEX mail_queue ON mail (run_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_address ON mail (address_fp, changed_at);
CREATE INDEX mail_of_account ON mail (account_id);

-- Links that were mailed: used once, for a short time, and bound to the account's generation.
CREATE TABLE account_token (
  token_hash    BYTEA NOT NULL PRIMARY KEY,
  account_id    UUID NOT NULL REFERENCES account (id),
  kind          TEXT NOT NULL CHECK (kind IN ('reset', 'email', 'stop')),
  generation    BIGINT NOT NULL,
  detail_sealed BYTEA,
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  used_at       BIGINT
);
CREATE INDEX account_token_of ON account_token (account_id, kind);
CREATE INDEX account_token_expiry ON account_token (expires_at);

-- Failed sign-ins, by a keyed hash of address and lane; known and unknown addresses alike.
CREATE TABLE sign_in_backoff (
  lane          BYTEA NOT NULL PRIMARY KEY,
  failures      BIGINT NOT NULL,
  last_at       BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_backoff_age ON sign_in_backoff (last_at);
