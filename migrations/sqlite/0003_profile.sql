-- One person's data under a login. `version` grows with every transaction that changes what the
-- person sees; `removed_version` is the version in which rows last went away.
CREATE TABLE profile (
  id              BLOB NOT NULL PRIMARY KEY,
  account_id      BLOB NOT NULL REFERENCES account (id),
  name_sealed     BLOB NOT NULL,
  relation        TEXT NOT NULL CHECK (relation IN ('self', 'child', 'parent', 'partner', 'other')),
  state           TEXT NOT NULL CHECK (state IN ('active', 'deleting')),
  version         INTEGER NOT NULL,
  removed_version INTEGER NOT NULL,
  is_demo         INTEGER NOT NULL,
  settings_sealed BLOB,
  created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX profile_of_account ON profile (account_id);
