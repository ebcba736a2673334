-- Files whose rows are gone and which are still to be unlinked.
CREATE TABLE blob_garbage (
  blob_id    UUID NOT NULL,
  profile_id UUID NOT NULL,
  since      BIGINT NOT NULL,
  PRIMARY KEY (profile_id, blob_id)
);
