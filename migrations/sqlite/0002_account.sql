-- A login. The address is sealed; it is found by its keyed hash.
CREATE TABLE account (
  id           BLOB NOT NULL PRIMARY KEY,
  email_fp     BLOB NOT NULL,
  email_sealed BLOB NOT NULL,
  password_phc TEXT NOT NULL,
  role         TEXT NOT NULL CHECK (role IN ('member', 'admin')),
  state        TEXT NOT NULL CHECK (state IN ('active', 'locked', 'deleting')),
  generation   INTEGER NOT NULL,
  lang         TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  CONSTRAINT account_email UNIQUE (email_fp)
) STRICT;
