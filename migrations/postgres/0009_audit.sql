-- What was done, by whom, to what. Rows outlive the person: their detail is shredded by its key.
CREATE TABLE audit (
  id            UUID NOT NULL PRIMARY KEY,
  at            BIGINT NOT NULL,
  account_id    UUID,
  profile_id    UUID,
  action        TEXT NOT NULL,
  object_id     UUID,
  outcome       TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  detail_sealed BYTEA
);
CREATE INDEX audit_of_account ON audit (account_id, at);
CREATE INDEX audit_of_profile ON audit (profile_id, at);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit is append-only'; END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
