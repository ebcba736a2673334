-- Secrets of the installation itself, such as its TLS certificate, sealed under the root key.
CREATE TABLE instance_secret (
  name       TEXT NOT NULL PRIMARY KEY,
  version    BIGINT NOT NULL,
  sealed     BYTEA NOT NULL,
  changed_at BIGINT NOT NULL
);
-- What only one of several instances may do at a time.
CREATE TABLE instance_lease (
  name     TEXT NOT NULL PRIMARY KEY,
  owner    UUID NOT NULL,
  until_at BIGINT NOT NULL
);
