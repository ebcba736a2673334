-- A provider of models that a person set up for themselves: address, model, key, place and terms, sealed.
CREATE TABLE ask_provider (
  account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
  sealed     BLOB NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- That questions about a profile may go to a provider: to just this one, which the keyed hash of all that the
-- person was told of it names.
CREATE TABLE ask_consent (
  profile_id  BLOB NOT NULL PRIMARY KEY REFERENCES profile (id),
  account_id  BLOB NOT NULL REFERENCES account (id),
  provider_fp BLOB NOT NULL,
  given_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX ask_consent_of_account ON ask_consent (account_id);
