-- Wrapped keys, apart from the data. A destroyed key keeps its row, so that it is never minted again.
CREATE TABLE instance (
  one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  id         BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE data_key (
  profile_id   BLOB NOT NULL PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
  wrapped      BLOB,
  created_at   INTEGER NOT NULL,
  destroyed_at INTEGER,
  CHECK ((state = 'active') = (wrapped IS NOT NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
) STRICT;

CREATE TABLE audit_key (
  account_id   BLOB NOT NULL PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
  wrapped      BLOB,
  created_at   INTEGER NOT NULL,
  destroyed_at INTEGER,
  CHECK ((state = 'active') = (wrapped IS NOT NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
) STRICT;
CREATE TRIGGER data_key_stays_destroyed BEFORE UPDATE ON data_key WHEN OLD.state = 'destroyed'
BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END;
CREATE TRIGGER data_key_no_delete BEFORE DELETE ON data_key BEGIN SELECT RAISE(ABORT, 'a key is destroyed, never deleted'); END;
CREATE TRIGGER audit_key_stays_destroyed BEFORE UPDATE ON audit_key WHEN OLD.state = 'destroyed'
BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END;
CREATE TRIGGER audit_key_no_delete BEFORE DELETE ON audit_key BEGIN SELECT RAISE(ABORT, 'a key is destroyed, never deleted'); END;
