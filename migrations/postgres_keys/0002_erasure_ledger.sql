-- Who was erased, by keyed hash, so that a restored backup can be erased again.
CREATE TABLE erasure_ledger (
  id        UUID NOT NULL PRIMARY KEY,
  person_fp BYTEA NOT NULL,
  at        BIGINT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('account', 'profile'))
);
CREATE INDEX erasure_ledger_at ON erasure_ledger (at);
CREATE FUNCTION erasure_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'erasure_ledger is append-only'; END $$;
CREATE TRIGGER erasure_ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure_ledger
FOR EACH STATEMENT EXECUTE FUNCTION erasure_ledger_is_append_only();
