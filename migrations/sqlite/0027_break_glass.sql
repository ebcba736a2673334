-- A grant of sight: one admin, one person, for an hour at most. A row is written once and never changed: an early end is a
-- row of its own, more time a new grant. Which kinds, which profile and why are sealed with the person's key, with both times.
CREATE TABLE break_glass (
  id                BLOB NOT NULL PRIMARY KEY,
  person_id         BLOB NOT NULL REFERENCES account (id),
  person_generation INTEGER NOT NULL,
  admin_id          BLOB NOT NULL,
  admin_generation  INTEGER NOT NULL,
  approver_id       BLOB,
  sealed            BLOB NOT NULL,
  starts_at         INTEGER NOT NULL,
  ends_at           INTEGER NOT NULL,
  CHECK (ends_at > starts_at AND ends_at <= starts_at + 3600000000),
  CHECK (approver_id <> admin_id)
) STRICT;
CREATE INDEX break_glass_of_person ON break_glass (person_id, id);

-- Asked for, where a second admin has to agree. Opens nothing.
CREATE TABLE break_glass_request (
  id                BLOB NOT NULL PRIMARY KEY,
  person_id         BLOB NOT NULL REFERENCES account (id),
  admin_id          BLOB NOT NULL,
  admin_generation  INTEGER NOT NULL,
  minutes           INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 60),
  sealed            BLOB NOT NULL,
  created_at        INTEGER NOT NULL,
  expires_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX break_glass_request_of_person ON break_glass_request (person_id);

CREATE TABLE break_glass_end (
  grant_id BLOB NOT NULL PRIMARY KEY REFERENCES break_glass (id),
  ended_at INTEGER NOT NULL,
  ended_by TEXT NOT NULL CHECK (ended_by IN ('person', 'admin'))
) STRICT;

-- What was seen under a grant, in order. Which record it was is sealed with the person's key.
CREATE TABLE break_glass_view (
  id       BLOB NOT NULL PRIMARY KEY,
  grant_id BLOB NOT NULL REFERENCES break_glass (id),
  sealed   BLOB NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX break_glass_view_of_grant ON break_glass_view (grant_id, id);
