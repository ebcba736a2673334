-- Settings that were changed while the instance ran. Rows are only ever added: the newest of a setting is in force, the others are its
-- history. No value means: as the settings file says. Who changed it and why is sealed.
CREATE TABLE instance_setting (
  seq        BIGINT NOT NULL PRIMARY KEY,
  id         UUID NOT NULL,
  setting    TEXT NOT NULL,
  value      TEXT,
  old_value  TEXT,
  at         BIGINT NOT NULL,
  why_sealed BYTEA NOT NULL
);
CREATE INDEX instance_setting_of ON instance_setting (setting, seq);

-- Invitations to open an account: each is good once, for some days. For whom it was made is sealed.
CREATE TABLE invite (
  id           UUID NOT NULL PRIMARY KEY,
  token_hash   BYTEA NOT NULL,
  label_sealed BYTEA NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT,
  revoked_at   BIGINT
);
CREATE UNIQUE INDEX invite_token ON invite (token_hash);
CREATE INDEX invite_expiry ON invite (expires_at);
