-- The log as a Merkle tree. Its first form (0009) named people by their ids, which outlived them.
DROP TABLE audit;

-- Entries as the acts wrote them, in their transactions. The sequencer takes them from here.
CREATE TABLE audit_pending (
  id            BLOB NOT NULL PRIMARY KEY,
  at            INTEGER NOT NULL,
  span          INTEGER NOT NULL,
  times         INTEGER NOT NULL,
  done_by       TEXT NOT NULL,
  action        TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  actor_fp      BLOB,
  person_fp     BLOB,
  object_fp     BLOB,
  payload_hash  BLOB,
  salt          BLOB NOT NULL,
  detail_sealed BLOB
) STRICT;

-- The leaves of the tree. All columns but kind, which follows from the action, make up the leaf.
CREATE TABLE audit_entry (
  position      INTEGER NOT NULL PRIMARY KEY,
  id            BLOB NOT NULL,
  at            INTEGER NOT NULL,
  span          INTEGER NOT NULL,
  times         INTEGER NOT NULL,
  done_by       TEXT NOT NULL,
  action        TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  actor_fp      BLOB,
  person_fp     BLOB,
  object_fp     BLOB,
  payload_hash  BLOB,
  salt          BLOB NOT NULL,
  detail_sealed BLOB,
  kind          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_entry_id ON audit_entry (id);
CREATE INDEX audit_entry_of_person ON audit_entry (person_fp, position);
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;

-- Hashes of the tree in tiles of 256, as C2SP tlog-tiles has them.
CREATE TABLE audit_tile (
  level  INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT;

-- How many entries have their place.
CREATE TABLE audit_tree (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL
) STRICT;
INSERT INTO audit_tree (one, size) VALUES (1, 0);
