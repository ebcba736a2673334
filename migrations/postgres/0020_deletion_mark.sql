-- Keyed hashes of what a person deleted: by what it said, and by where it stood. Neither a newer reading of the
-- file nor a restore elsewhere brings back what has a mark.
CREATE TABLE deletion_mark (
  profile_id UUID NOT NULL REFERENCES profile (id),
  mark       BYTEA NOT NULL,
  deleted_at BIGINT NOT NULL,
  PRIMARY KEY (profile_id, mark)
);
