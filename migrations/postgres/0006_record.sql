-- Sealed records, where they came from, what they were, and which the person does not want back.
CREATE TABLE record (
  id          UUID NOT NULL,
  profile_id  UUID NOT NULL REFERENCES profile (id),
  fingerprint BYTEA NOT NULL,
  sealed      BYTEA NOT NULL,
  row_version BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  by_hand     BOOLEAN NOT NULL,
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT record_fingerprint UNIQUE (profile_id, fingerprint)
);
CREATE INDEX record_version ON record (profile_id, version);

CREATE TABLE record_source (
  profile_id     UUID NOT NULL,
  record_id      UUID NOT NULL,
  document_id    UUID NOT NULL,
  ordinal        BIGINT NOT NULL,
  locator_sealed BYTEA NOT NULL,
  PRIMARY KEY (profile_id, record_id, document_id, ordinal),
  FOREIGN KEY (profile_id, record_id) REFERENCES record (profile_id, id) ON DELETE CASCADE,
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id)
);
CREATE INDEX record_source_document ON record_source (profile_id, document_id);

CREATE TABLE record_history (
  profile_id  UUID NOT NULL,
  record_id   UUID NOT NULL,
  row_version BIGINT NOT NULL,
  sealed      BYTEA NOT NULL,
  changed_at  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, record_id, row_version),
  FOREIGN KEY (profile_id, record_id) REFERENCES record (profile_id, id) ON DELETE CASCADE
);

CREATE TABLE tombstone (
  profile_id  UUID NOT NULL REFERENCES profile (id),
  fingerprint BYTEA NOT NULL,
  deleted_at  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, fingerprint)
);
