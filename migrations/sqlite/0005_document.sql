-- Files as they were brought, and uploads under way. A document's file on disk has the document's id.
CREATE TABLE document (
  id           BLOB NOT NULL,
  profile_id   BLOB NOT NULL REFERENCES profile (id),
  parent_id    BLOB,
  state        TEXT NOT NULL CHECK (state IN ('queued', 'reading', 'review', 'done', 'failed')),
  meta_sealed  BLOB NOT NULL,
  content_fp   BLOB,
  size_class   INTEGER NOT NULL,
  sealed_bytes INTEGER NOT NULL,
  records      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  row_version  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id),
  FOREIGN KEY (profile_id, parent_id) REFERENCES document (profile_id, id) ON DELETE CASCADE
) STRICT;
-- NULLs are distinct in a unique index, hence one index for whole files and one for parts of an archive.
CREATE UNIQUE INDEX document_content ON document (profile_id, content_fp) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX document_part_content ON document (profile_id, parent_id, content_fp) WHERE parent_id IS NOT NULL;

CREATE TABLE upload (
  id            BLOB NOT NULL,
  profile_id    BLOB NOT NULL REFERENCES profile (id),
  meta_sealed   BLOB NOT NULL,
  declared_size INTEGER,
  received      INTEGER NOT NULL,
  state_sealed  BLOB NOT NULL,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id)
) STRICT;
CREATE INDEX upload_expiry ON upload (expires_at);
