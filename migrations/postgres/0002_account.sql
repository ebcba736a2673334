-- A login. The address is sealed; it is found by its keyed hash.
CREATE TABLE account (
  id           UUID NOT NULL PRIMARY KEY,
  email_fp     BYTEA NOT NULL,
  email_sealed BYTEA NOT NULL,
  password_phc TEXT NOT NULL,
  role         TEXT NOT NULL CHECK (role IN ('member', 'admin')),
  state        TEXT NOT NULL CHECK (state IN ('active', 'locked', 'deleting')),
  generation   BIGINT NOT NULL,
  lang         TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  CONSTRAINT account_email UNIQUE (email_fp)
);
