-- Sealed records, where they came from, what they were, and which the person does not want back.
CREATE TABLE record (
  id          BLOB NOT NULL,
  profile_id  BLOB NOT NULL REFERENCES profile (id),
  fingerprint BLOB NOT NULL,
  sealed      BLOB NOT NULL,
  row_version INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  by_hand     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT record_fingerprint UNIQUE (profile_id, fingerprint)
) STRICT;
CREATE INDEX record_version ON record (profile_id, version);

CREATE TABLE record_source (
  profile_id     BLOB NOT NULL,
  record_id      BLOB NOT NULL,
  document_id    BLOB NOT NULL,
  ordinal        INTEGER NOT NULL,
  locator_sealed BLOB NOT NULL,
  PRIMARY KEY (profile_id, record_id, document_id, ordinal),
  FOREIGN KEY (profile_id, record_id) REFERENCES record (profile_id, id) ON DELETE CASCADE,
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_source_document ON record_source (profile_id, document_id);

CREATE TABLE record_history (
  profile_id  BLOB NOT NULL,
  record_id   BLOB NOT NULL,
  row_version INTEGER NOT NULL,
  sealed      BLOB NOT NULL,
  changed_at  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, record_id, row_version),
  FOREIGN KEY (profile_id, record_id) REFERENCES record (profile_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE tombstone (
  profile_id  BLOB NOT NULL REFERENCES profile (id),
  fingerprint BLOB NOT NULL,
  deleted_at  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, fingerprint)
) STRICT, WITHOUT ROWID;
