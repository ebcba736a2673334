-- Background work. The lease makes a job whose worker died come back.
CREATE TABLE job (
  id             UUID NOT NULL PRIMARY KEY,
  kind           TEXT NOT NULL,
  profile_id     UUID,
  subject_id     UUID,
  state          TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead')),
  attempts       BIGINT NOT NULL,
  max_attempts   BIGINT NOT NULL,
  run_at         BIGINT NOT NULL,
  lease_until    BIGINT,
  lease_owner    UUID,
  progress_done  BIGINT NOT NULL,
  progress_total BIGINT NOT NULL,
  phase          TEXT NOT NULL,
  error_code     TEXT,
  created_at     BIGINT NOT NULL,
  changed_at     BIGINT NOT NULL
);
CREATE INDEX job_queue ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_of_profile ON job (profile_id, subject_id);
-- The claim looks first, but only this index holds when two workers look at the same moment.
CREATE UNIQUE INDEX job_one_running ON job (profile_id) WHERE state = 'running';
