-- One person's data under a login. `version` grows with every transaction that changes what the
-- person sees; `removed_version` is the version in which rows last went away.
CREATE TABLE profile (
  id              UUID NOT NULL PRIMARY KEY,
  account_id      UUID NOT NULL REFERENCES account (id),
  name_sealed     BYTEA NOT NULL,
  relation        TEXT NOT NULL CHECK (relation IN ('self', 'child', 'parent', 'partner', 'other')),
  state           TEXT NOT NULL CHECK (state IN ('active', 'deleting')),
  version         BIGINT NOT NULL,
  removed_version BIGINT NOT NULL,
  is_demo         BOOLEAN NOT NULL,
  settings_sealed BYTEA,
  created_at      BIGINT NOT NULL
);
CREATE INDEX profile_of_account ON profile (account_id);
