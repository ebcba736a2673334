-- Keys of the instance itself: one signs the log, one seals what belongs to no person.
CREATE TABLE instance_key (
  name       TEXT NOT NULL PRIMARY KEY,
  wrapped    BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);

-- The last head of the log that was signed. It lies here, apart from the log: whoever puts an
-- older log back does not get a second head of the same size out of it.
CREATE TABLE audit_head (
  one  SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  note TEXT NOT NULL,
  at   BIGINT NOT NULL
);
CREATE FUNCTION audit_head_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.size < OLD.size THEN RAISE EXCEPTION 'the log never shrinks'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_no_shrink BEFORE UPDATE OR DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_only_grows();

-- How long the log was when somebody was erased.
ALTER TABLE erasure_ledger ADD COLUMN log_size BIGINT NOT NULL DEFAULT 0;
