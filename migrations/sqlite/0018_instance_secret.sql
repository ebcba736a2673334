-- Secrets of the installation itself, such as its TLS certificate, sealed under the root key.
CREATE TABLE instance_secret (
  name       TEXT NOT NULL PRIMARY KEY,
  version    INTEGER NOT NULL,
  sealed     BLOB NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
-- What only one of several instances may do at a time.
CREATE TABLE instance_lease (
  name     TEXT NOT NULL PRIMARY KEY,
  owner    BLOB NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;
