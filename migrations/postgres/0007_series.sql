-- Sealed columns of dense samples: one metric over one month. The head
-- holds a line per day, so that most pages need not open the samples.
CREATE TABLE series (
  id          UUID NOT NULL,
  profile_id  UUID NOT NULL REFERENCES profile (id),
  fingerprint BYTEA NOT NULL,
  head_sealed BYTEA NOT NULL,
  sealed      BYTEA NOT NULL,
  samples     BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT series_fingerprint UNIQUE (profile_id, fingerprint)
);
CREATE INDEX series_version ON series (profile_id, version);

CREATE TABLE series_source (
  profile_id  UUID NOT NULL,
  series_id   UUID NOT NULL,
  document_id UUID NOT NULL,
  PRIMARY KEY (profile_id, series_id, document_id),
  FOREIGN KEY (profile_id, series_id) REFERENCES series (profile_id, id) ON DELETE CASCADE,
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id)
);
CREATE INDEX series_source_document ON series_source (profile_id, document_id);
