-- Sealed columns of dense samples: one metric over one month. The head
-- holds a line per day, so that most pages need not open the samples.
CREATE TABLE series (
  id          BLOB NOT NULL,
  profile_id  BLOB NOT NULL REFERENCES profile (id),
  fingerprint BLOB NOT NULL,
  head_sealed BLOB NOT NULL,
  sealed      BLOB NOT NULL,
  samples     INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id),
  CONSTRAINT series_fingerprint UNIQUE (profile_id, fingerprint)
) STRICT;
CREATE INDEX series_version ON series (profile_id, version);

CREATE TABLE series_source (
  profile_id  BLOB NOT NULL,
  series_id   BLOB NOT NULL,
  document_id BLOB NOT NULL,
  PRIMARY KEY (profile_id, series_id, document_id),
  FOREIGN KEY (profile_id, series_id) REFERENCES series (profile_id, id) ON DELETE CASCADE,
  FOREIGN KEY (profile_id, document_id) REFERENCES document (profile_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX series_source_document ON series_source (profile_id, document_id);
