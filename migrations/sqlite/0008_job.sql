-- Background work. The lease makes a job whose worker died come back.
CREATE TABLE job (
  id             BLOB NOT NULL PRIMARY KEY,
  kind           TEXT NOT NULL,
  profile_id     BLOB,
  subject_id     BLOB,
  state          TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead')),
  attempts       INTEGER NOT NULL,
  max_attempts   INTEGER NOT NULL,
  run_at         INTEGER NOT NULL,
  lease_until    INTEGER,
  lease_owner    BLOB,
  progress_done  INTEGER NOT NULL,
  progress_total INTEGER NOT NULL,
  phase          TEXT NOT NULL,
  error_code     TEXT,
  created_at     INTEGER NOT NULL,
  changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX job_queue ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_of_profile ON job (profile_id, subject_id);
-- The claim looks first, but only this index holds when two workers look at the same moment.
CREATE UNIQUE INDEX job_one_running ON job (profile_id) WHERE state = 'running';
