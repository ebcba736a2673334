-- The server's side of the journal's opt-in synchronisation (docs/journal-protocol.md). What is kept here was sealed on a
-- device with keys that never come here; the server keeps its order, counts its bytes and hands it out. No item says when it came.
CREATE TABLE journal_space (
  account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
  -- Of all vaults of the account. Its row is held by whoever changes any of them.
  bytes      INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

CREATE TABLE journal_vault (
  -- Chosen by the device, at random.
  id              BLOB NOT NULL PRIMARY KEY,
  account_id      BLOB NOT NULL REFERENCES account (id),
  created_at      INTEGER NOT NULL,
  last_order      INTEGER NOT NULL,
  -- Number of the newest statement, from zero.
  statement       INTEGER NOT NULL,
  -- The highest place at which something was deleted because a snapshot stands for it.
  floor           INTEGER NOT NULL,
  bytes           INTEGER NOT NULL CHECK (bytes >= 0),
  snapshot_device BLOB,
  snapshot_first  INTEGER,
  snapshot_parts  INTEGER
) STRICT;
CREATE INDEX journal_vault_of_account ON journal_vault (account_id, created_at);

-- Another account that may read a vault, or write into it. The founder let it in.
CREATE TABLE journal_member (
  id         BLOB NOT NULL PRIMARY KEY,
  vault_id   BLOB NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  account_id BLOB NOT NULL REFERENCES account (id),
  may_write  INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (vault_id, account_id)
) STRICT;
CREATE INDEX journal_member_of_account ON journal_member (account_id);

CREATE TABLE journal_invite (
  code_hash  BLOB NOT NULL PRIMARY KEY,
  vault_id   BLOB NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  may_write  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_invite_of_vault ON journal_invite (vault_id);

-- Where the chain of each device stands, also after its objects were deleted.
CREATE TABLE journal_chain (
  vault_id  BLOB NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  device_id BLOB NOT NULL,
  seq       INTEGER NOT NULL,
  hash      BLOB NOT NULL,
  PRIMARY KEY (vault_id, device_id)
) STRICT;

-- Statements (without device, number and key) and objects, in one order for each vault.
CREATE TABLE journal_item (
  vault_id  BLOB NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  ord       INTEGER NOT NULL,
  device_id BLOB,
  seq       INTEGER,
  epoch     INTEGER,
  head      BLOB NOT NULL,
  body      BLOB NOT NULL,
  PRIMARY KEY (vault_id, ord),
  UNIQUE (vault_id, device_id, seq)
) STRICT;

-- Ids of vaults that were deleted: none is taken again. Whose they were is not kept.
CREATE TABLE journal_gone (
  vault_id BLOB NOT NULL PRIMARY KEY
) STRICT;
