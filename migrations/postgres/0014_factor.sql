-- When whoever holds the session last proved who they are.
ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;

-- Codes of an authenticator app. Not in force until one was typed; a step of time is good once.
CREATE TABLE totp (
  account_id    UUID NOT NULL PRIMARY KEY REFERENCES account (id),
  secret_sealed BYTEA NOT NULL,
  created_at    BIGINT NOT NULL,
  confirmed_at  BIGINT,
  last_step     BIGINT NOT NULL
);

-- Recovery codes, by keyed hash.
CREATE TABLE recovery_code (
  account_id UUID NOT NULL REFERENCES account (id),
  code_fp    BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  used_at    BIGINT,
  PRIMARY KEY (account_id, code_fp)
);

-- Passkeys. Name, public key and counter are sealed; one is found by the keyed hash of its credential's id.
CREATE TABLE passkey (
  id            UUID NOT NULL PRIMARY KEY,
  account_id    UUID NOT NULL REFERENCES account (id),
  credential_fp BYTEA NOT NULL,
  sealed        BYTEA NOT NULL,
  created_at    BIGINT NOT NULL,
  last_used_at  BIGINT,
  CONSTRAINT passkey_credential UNIQUE (credential_fp)
);
CREATE INDEX passkey_of_account ON passkey (account_id);

-- What was begun and waits for its second half: a sign-in whose password was right, a question to a
-- passkey. Used once, for a short time, and bound to the account's generation.
CREATE TABLE ceremony (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  account_id UUID REFERENCES account (id),
  kind       TEXT NOT NULL CHECK (kind IN ('sign_in', 'passkey', 'enrol', 'prove')),
  generation BIGINT NOT NULL,
  keep       BOOLEAN NOT NULL,
  misses     BIGINT NOT NULL,
  sealed     BYTEA,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);
CREATE INDEX ceremony_of_account ON ceremony (account_id);
CREATE INDEX ceremony_expiry ON ceremony (expires_at);
