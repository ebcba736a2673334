-- Settings that were changed while the instance ran. Rows are only ever added: the newest of a setting is in force, the others are its
-- history. No value means: as the settings file says. Who changed it and why is sealed.
CREATE TABLE instance_setting (
  seq        INTEGER NOT NULL PRIMARY KEY,
  id         BLOB NOT NULL,
  setting    TEXT NOT NULL,
  value      TEXT,
  old_value  TEXT,
  at         INTEGER NOT NULL,
  why_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX instance_setting_of ON instance_setting (setting, seq);

-- Invitations to open an account: each is good once, for some days. For whom it was made is sealed.
CREATE TABLE invite (
  id           BLOB NOT NULL PRIMARY KEY,
  token_hash   BLOB NOT NULL,
  label_sealed BLOB NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  used_at      INTEGER,
  revoked_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX invite_token ON invite (token_hash);
CREATE INDEX invite_expiry ON invite (expires_at);
