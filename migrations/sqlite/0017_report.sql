-- What the outside tells the operator: reports of weaknesses (sealed under the root key: they may name
-- people), and how often browsers refused something under the content policy.
CREATE TABLE disclosure (
  id     BLOB NOT NULL PRIMARY KEY,
  at     INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX disclosure_order ON disclosure (at);

CREATE TABLE csp_violation (
  day       INTEGER NOT NULL,
  directive TEXT NOT NULL,
  times     INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  PRIMARY KEY (day, directive)
) STRICT;
