-- This installation: one row, made at the first start.
CREATE TABLE instance (
  one        SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
  id         UUID NOT NULL,
  created_at BIGINT NOT NULL
);
