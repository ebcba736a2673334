-- Rows of extracted tables that wait for the person's word, and what was decided on them.
CREATE TABLE review_row (
  profile_id  UUID NOT NULL,
  id          UUID NOT NULL,
  document_id UUID NOT NULL,
  place       BIGINT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'left_out')),
  record_id   UUID,
  sealed      BYTEA NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT review_row_place UNIQUE (profile_id, document_id, place),
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id) ON DELETE CASCADE
);
