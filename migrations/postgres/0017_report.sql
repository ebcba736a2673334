-- What the outside tells the operator: reports of weaknesses (sealed under the root key: they may name
-- people), and how often browsers refused something under the content policy.
CREATE TABLE disclosure (
  id     UUID NOT NULL PRIMARY KEY,
  at     BIGINT NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX disclosure_order ON disclosure (at);

CREATE TABLE csp_violation (
  day       BIGINT NOT NULL,
  directive TEXT NOT NULL,
  times     BIGINT NOT NULL,
  last_at   BIGINT NOT NULL,
  PRIMARY KEY (day, directive)
);
