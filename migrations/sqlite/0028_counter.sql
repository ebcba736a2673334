-- What is counted of the instance as a whole: sums and levels by the hour, of nobody in particular.
CREATE TABLE counter (
  name TEXT NOT NULL,
  hour INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  PRIMARY KEY (name, hour)
) STRICT;
CREATE INDEX counter_age ON counter (hour);

-- How often each feature was used on a day: no person, no session, no address, no path.
CREATE TABLE usage_count (
  day     INTEGER NOT NULL,
  feature TEXT NOT NULL,
  n       INTEGER NOT NULL,
  PRIMARY KEY (day, feature)
) STRICT;
