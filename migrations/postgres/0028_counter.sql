-- What is counted of the instance as a whole: sums and levels by the hour, of nobody in particular.
CREATE TABLE counter (
  name TEXT NOT NULL,
  hour BIGINT NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (name, hour)
);
CREATE INDEX counter_age ON counter (hour);

-- How often each feature was used on a day: no person, no session, no address, no path.
CREATE TABLE usage_count (
  day     BIGINT NOT NULL,
  feature TEXT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (day, feature)
);
