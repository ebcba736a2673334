-- This installation: one row, made at the first start.
CREATE TABLE instance (
  one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  id         BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
