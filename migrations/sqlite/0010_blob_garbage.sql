-- Files whose rows are gone and which are still to be unlinked.
CREATE TABLE blob_garbage (
  blob_id    BLOB NOT NULL,
  profile_id BLOB NOT NULL,
  since      INTEGER NOT NULL,
  PRIMARY KEY (profile_id, blob_id)
) STRICT;
