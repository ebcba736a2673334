-- When whoever holds the session last proved who they are.
ALTER TABLE session ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;

-- Codes of an authenticator app. Not in force until one was typed; a step of time is good once.
CREATE TABLE totp (
  account_id    BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
  secret_sealed BLOB NOT NULL,
  created_at    INTEGER NOT NULL,
  confirmed_at  INTEGER,
  last_step     INTEGER NOT NULL
) STRICT;

-- Recovery codes, by keyed hash.
CREATE TABLE recovery_code (
  account_id BLOB NOT NULL REFERENCES account (id),
  code_fp    BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  used_at    INTEGER,
  PRIMARY KEY (account_id, code_fp)
) STRICT;

-- Passkeys. Name, public key and counter are sealed; one is found by the keyed hash of its credential's id.
CREATE TABLE passkey (
  id            BLOB NOT NULL PRIMARY KEY,
  account_id    BLOB NOT NULL REFERENCES account (id),
  credential_fp BLOB NOT NULL,
  sealed        BLOB NOT NULL,
  created_at    INTEGER NOT NULL,
  last_used_at  INTEGER,
  CONSTRAINT passkey_credential UNIQUE (credential_fp)
) STRICT;
CREATE INDEX passkey_of_account ON passkey (account_id);

-- What was begun and waits for its second half: a sign-in whose password was right, a question to a
-- passkey. Used once, for a short time, and bound to the account's generation.
CREATE TABLE ceremony (
  token_hash BLOB NOT NULL PRIMARY KEY,
  account_id BLOB REFERENCES account (id),
  kind       TEXT NOT NULL CHECK (kind IN ('sign_in', 'passkey', 'enrol', 'prove')),
  generation INTEGER NOT NULL,
  keep       INTEGER NOT NULL CHECK (keep IN (0, 1)),
  misses     INTEGER NOT NULL,
  sealed     BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT;
CREATE INDEX ceremony_of_account ON ceremony (account_id);
CREATE INDEX ceremony_expiry ON ceremony (expires_at);
