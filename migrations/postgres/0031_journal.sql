-- The server's side of the journal's opt-in synchronisation (docs/journal-protocol.md). What is kept here was sealed on a
-- device with keys that never come here; the server keeps its order, counts its bytes and hands it out. No item says when it came.
CREATE TABLE journal_space (
  account_id UUID NOT NULL PRIMARY KEY REFERENCES account (id),
  -- Of all vaults of the account. Its row is held by whoever changes any of them.
  bytes      BIGINT NOT NULL CHECK (bytes >= 0)
);

CREATE TABLE journal_vault (
  -- Chosen by the device, at random.
  id              UUID NOT NULL PRIMARY KEY,
  account_id      UUID NOT NULL REFERENCES account (id),
  created_at      BIGINT NOT NULL,
  last_order      BIGINT NOT NULL,
  -- Number of the newest statement, from zero.
  statement       BIGINT NOT NULL,
  -- The highest place at which something was deleted because a snapshot stands for it.
  floor           BIGINT NOT NULL,
  bytes           BIGINT NOT NULL CHECK (bytes >= 0),
  snapshot_device UUID,
  snapshot_first  BIGINT,
  snapshot_parts  BIGINT
);
CREATE INDEX journal_vault_of_account ON journal_vault (account_id, created_at);

-- Another account that may read a vault, or write into it. The founder let it in.
CREATE TABLE journal_member (
  id         UUID NOT NULL PRIMARY KEY,
  vault_id   UUID NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  account_id UUID NOT NULL REFERENCES account (id),
  may_write  BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (vault_id, account_id)
);
CREATE INDEX journal_member_of_account ON journal_member (account_id);

CREATE TABLE journal_invite (
  code_hash  BYTEA NOT NULL PRIMARY KEY,
  vault_id   UUID NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  may_write  BOOLEAN NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX journal_invite_of_vault ON journal_invite (vault_id);

-- Where the chain of each device stands, also after its objects were deleted.
CREATE TABLE journal_chain (
  vault_id  UUID NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  device_id UUID NOT NULL,
  seq       BIGINT NOT NULL,
  hash      BYTEA NOT NULL,
  PRIMARY KEY (vault_id, device_id)
);

-- Statements (without device, number and key) and objects, in one order for each vault.
CREATE TABLE journal_item (
  vault_id  UUID NOT NULL REFERENCES journal_vault (id) ON DELETE CASCADE,
  ord       BIGINT NOT NULL,
  device_id UUID,
  seq       BIGINT,
  epoch     BIGINT,
  head      BYTEA NOT NULL,
  body      BYTEA NOT NULL,
  PRIMARY KEY (vault_id, ord),
  UNIQUE (vault_id, device_id, seq)
);

-- Ids of vaults that were deleted: none is taken again. Whose they were is not kept.
CREATE TABLE journal_gone (
  vault_id UUID NOT NULL PRIMARY KEY
);

-- What is sealed does not get smaller by being compressed.
ALTER TABLE journal_item ALTER COLUMN head SET STORAGE EXTERNAL;
ALTER TABLE journal_item ALTER COLUMN body SET STORAGE EXTERNAL;
