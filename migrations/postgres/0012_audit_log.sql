-- The log as a Merkle tree. Its first form (0009) named people by their ids, which outlived them.
DROP TABLE audit;
DROP FUNCTION audit_is_append_only();

-- Entries as the acts wrote them, in their transactions. The sequencer takes them from here.
CREATE TABLE audit_pending (
  id            UUID NOT NULL PRIMARY KEY,
  at            BIGINT NOT NULL,
  span          BIGINT NOT NULL,
  times         BIGINT NOT NULL,
  done_by       TEXT NOT NULL,
  action        TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  actor_fp      BYTEA,
  person_fp     BYTEA,
  object_fp     BYTEA,
  payload_hash  BYTEA,
  salt          BYTEA NOT NULL,
  detail_sealed BYTEA
);

-- The leaves of the tree. All columns but kind, which follows from the action, make up the leaf.
CREATE TABLE audit_entry (
  position      BIGINT NOT NULL PRIMARY KEY,
  id            UUID NOT NULL,
  at            BIGINT NOT NULL,
  span          BIGINT NOT NULL,
  times         BIGINT NOT NULL,
  done_by       TEXT NOT NULL,
  action        TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  actor_fp      BYTEA,
  person_fp     BYTEA,
  object_fp     BYTEA,
  payload_hash  BYTEA,
  salt          BYTEA NOT NULL,
  detail_sealed BYTEA,
  kind          TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_entry_id ON audit_entry (id);
CREATE INDEX audit_entry_of_person ON audit_entry (person_fp, position);
CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$;
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();

-- Hashes of the tree in tiles of 256, as C2SP tlog-tiles has them.
CREATE TABLE audit_tile (
  level  BIGINT NOT NULL,
  number BIGINT NOT NULL,
  hashes BYTEA NOT NULL,
  PRIMARY KEY (level, number)
);

-- How many entries have their place.
CREATE TABLE audit_tree (
  one  SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
  size BIGINT NOT NULL
);
INSERT INTO audit_tree (one, size) VALUES (1, 0);
