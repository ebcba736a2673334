-- To look through millions of entries of the log: which combinations of act, outcome and who there are, and how many entries of each.
-- There are a few hundred at most, so every filter is a handful of ranges of one index, newest first.
CREATE TABLE audit_facet (
  action  TEXT NOT NULL,
  outcome TEXT NOT NULL,
  done_by TEXT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (action, outcome, done_by)
);
INSERT INTO audit_facet (action, outcome, done_by, n)
SELECT action, outcome, done_by, COUNT(*) FROM audit_entry GROUP BY action, outcome, done_by;
CREATE INDEX audit_entry_of_facet ON audit_entry (action, outcome, done_by, at, position);
