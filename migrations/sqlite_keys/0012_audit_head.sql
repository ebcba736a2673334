-- Keys of the instance itself: one signs the log, one seals what belongs to no person.
CREATE TABLE instance_key (
  name       TEXT NOT NULL PRIMARY KEY,
  wrapped    BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- The last head of the log that was signed. It lies here, apart from the log: whoever puts an
-- older log back does not get a second head of the same size out of it.
CREATE TABLE audit_head (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL,
  at   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head WHEN NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'the log never shrinks'); END;
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the log never shrinks'); END;

-- How long the log was when somebody was erased.
ALTER TABLE erasure_ledger ADD COLUMN log_size INTEGER NOT NULL DEFAULT 0;
