-- What a person is told in the app about their account. Which sort of news and all of its words' arguments are sealed.
CREATE TABLE notice (
  id           BLOB NOT NULL PRIMARY KEY,
  account_id   BLOB NOT NULL REFERENCES account (id),
  sealed       BLOB NOT NULL,
  created_at   INTEGER NOT NULL,
  dismissed_at INTEGER
) STRICT;
CREATE INDEX notice_of_account ON notice (account_id, id);
CREATE INDEX notice_open ON notice (account_id) WHERE dismissed_at IS NULL;

-- Accounts whose deletion was announced. The person, or an admin, takes it back until it is due.
CREATE TABLE farewell (
  account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
  due_at     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX farewell_due ON farewell (due_at);
