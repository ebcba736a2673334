-- Rows of extracted tables that wait for the person's word, and what was decided on them.
CREATE TABLE review_row (
  profile_id  BLOB NOT NULL,
  id          BLOB NOT NULL,
  document_id BLOB NOT NULL,
  place       INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'left_out')),
  record_id   BLOB,
  sealed      BLOB NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT review_row_place UNIQUE (profile_id, document_id, place),
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id) ON DELETE CASCADE
) STRICT;
