-- Wrapped keys, apart from the data. A destroyed key keeps its row, so that it is never minted again.
CREATE TABLE instance (
  one        SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
  id         UUID NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE data_key (
  profile_id   UUID NOT NULL PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
  wrapped      BYTEA,
  created_at   BIGINT NOT NULL,
  destroyed_at BIGINT,
  CHECK ((state = 'active') = (wrapped IS NOT NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);

CREATE TABLE audit_key (
  account_id   UUID NOT NULL PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
  wrapped      BYTEA,
  created_at   BIGINT NOT NULL,
  destroyed_at BIGINT,
  CHECK ((state = 'active') = (wrapped IS NOT NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE FUNCTION key_stays_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a destroyed key stays destroyed'; END $$;
CREATE FUNCTION key_is_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a key is destroyed, never deleted'; END $$;
CREATE TRIGGER data_key_stays_destroyed BEFORE UPDATE ON data_key
FOR EACH ROW WHEN (OLD.state = 'destroyed') EXECUTE FUNCTION key_stays_destroyed();
CREATE TRIGGER data_key_no_delete BEFORE DELETE OR TRUNCATE ON data_key
FOR EACH STATEMENT EXECUTE FUNCTION key_is_never_deleted();
CREATE TRIGGER audit_key_stays_destroyed BEFORE UPDATE ON audit_key
FOR EACH ROW WHEN (OLD.state = 'destroyed') EXECUTE FUNCTION key_stays_destroyed();
CREATE TRIGGER audit_key_no_delete BEFORE DELETE OR TRUNCATE ON audit_key
FOR EACH STATEMENT EXECUTE FUNCTION key_is_never_deleted();
