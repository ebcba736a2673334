-- What a person asked their records, and what was answered. All words are sealed.
CREATE TABLE conversation (
  id           BLOB NOT NULL,
  profile_id   BLOB NOT NULL REFERENCES profile (id),
  title_sealed BLOB NOT NULL,
  created_at   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  row_version  INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id)
) STRICT;

CREATE TABLE message (
  id              BLOB NOT NULL,
  profile_id      BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('asked', 'answered', 'stopped', 'failed')),
  question_sealed BLOB NOT NULL,
  answer_sealed   BLOB,
  asked_at        INTEGER NOT NULL,
  changed_at      INTEGER NOT NULL,
  row_version     INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id),
  FOREIGN KEY (profile_id, conversation_id) REFERENCES conversation (profile_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX message_conversation ON message (profile_id, conversation_id, asked_at, id);

-- How many questions an account asked on one day (UTC), where that is limited.
CREATE TABLE ask_count (
  account_id BLOB NOT NULL,
  day        INTEGER NOT NULL,
  questions  INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;
