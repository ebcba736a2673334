-- Who was erased, by keyed hash, so that a restored backup can be erased again.
CREATE TABLE erasure_ledger (
  id        BLOB NOT NULL PRIMARY KEY,
  person_fp BLOB NOT NULL,
  at        INTEGER NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('account', 'profile'))
) STRICT;
CREATE INDEX erasure_ledger_at ON erasure_ledger (at);
CREATE TRIGGER erasure_ledger_no_update BEFORE UPDATE ON erasure_ledger BEGIN SELECT RAISE(ABORT, 'erasure_ledger is append-only'); END;
CREATE TRIGGER erasure_ledger_no_delete BEFORE DELETE ON erasure_ledger BEGIN SELECT RAISE(ABORT, 'erasure_ledger is append-only'); END;
