-- What was done, by whom, to what. Rows outlive the person: their detail is shredded by its key.
CREATE TABLE audit (
  id            BLOB NOT NULL PRIMARY KEY,
  at            INTEGER NOT NULL,
  account_id    BLOB,
  profile_id    BLOB,
  action        TEXT NOT NULL,
  object_id     BLOB,
  outcome       TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  detail_sealed BLOB
) STRICT;
CREATE INDEX audit_of_account ON audit (account_id, at);
CREATE INDEX audit_of_profile ON audit (profile_id, at);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
