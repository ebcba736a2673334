-- What a person asked their records, and what was answered. All words are sealed.
CREATE TABLE conversation (
  id           UUID NOT NULL,
  profile_id   UUID NOT NULL REFERENCES profile (id),
  title_sealed BYTEA NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  row_version  BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id)
);

CREATE TABLE message (
  id              UUID NOT NULL,
  profile_id      UUID NOT NULL,
  conversation_id UUID NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('asked', 'answered', 'stopped', 'failed')),
  question_sealed BYTEA NOT NULL,
  answer_sealed   BYTEA,
  asked_at        BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  row_version     BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id),
  FOREIGN KEY (profile_id, conversation_id) REFERENCES conversation (profile_id, id) ON DELETE CASCADE
);
CREATE INDEX message_conversation ON message (profile_id, conversation_id, asked_at, id);

-- How many questions an account asked on one day (UTC), where that is limited.
CREATE TABLE ask_count (
  account_id UUID NOT NULL,
  day        BIGINT NOT NULL,
  questions  BIGINT NOT NULL,
  PRIMARY KEY (account_id, day)
);
