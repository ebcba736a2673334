-- Files as they were brought, and uploads under way. A document's file on disk has the document's id.
CREATE TABLE document (
  id           UUID NOT NULL,
  profile_id   UUID NOT NULL REFERENCES profile (id),
  parent_id    UUID,
  state        TEXT NOT NULL CHECK (state IN ('queued', 'reading', 'review', 'done', 'failed')),
  meta_sealed  BYTEA NOT NULL,
  content_fp   BYTEA,
  size_class   BIGINT NOT NULL,
  sealed_bytes BIGINT NOT NULL,
  records      BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  row_version  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id),
  FOREIGN KEY (profile_id, parent_id) REFERENCES document (profile_id, id) ON DELETE CASCADE
);
-- NULLs are distinct in a unique index, hence one index for whole files and one for parts of an archive.
CREATE UNIQUE INDEX document_content ON document (profile_id, content_fp) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX document_part_content ON document (profile_id, parent_id, content_fp) WHERE parent_id IS NOT NULL;

CREATE TABLE upload (
  id            UUID NOT NULL,
  profile_id    UUID NOT NULL REFERENCES profile (id),
  meta_sealed   BYTEA NOT NULL,
  declared_size BIGINT,
  received      BIGINT NOT NULL,
  state_sealed  BYTEA NOT NULL,
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id)
);
CREATE INDEX upload_expiry ON upload (expires_at);
