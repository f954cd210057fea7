-- name: create_views
-- For one connection, the record as it was: what had happened by :as_of and was known by :known_on, both days
-- as in 2024-12-31, under the names of the tables, so that every query works on it unchanged. The views that judge
-- are then created again over these; see queries/reader.py. A line that ends in `if as_of` or `if known_on` is left
-- out unless that day is asked for.

CREATE TEMP TABLE moment (as_of TEXT NOT NULL, known_on TEXT NOT NULL);
INSERT INTO moment VALUES (:as_of, :known_on);

-- An announcement is known from its own day, and so are its quotas and the updates that record it.
CREATE TEMP VIEW known AS
SELECT * FROM main.updates
WHERE TRUE
  AND (announcement IS NULL AND known_day <= (SELECT known_on FROM moment)  -- if known_on
       OR announcement IN (SELECT id FROM main.announcements                -- if known_on
                           WHERE effective_day <= (SELECT known_on FROM moment)))  -- if known_on
;

CREATE TEMP VIEW updates AS
SELECT * FROM known
WHERE TRUE
  AND effective_day <= (SELECT as_of FROM moment)  -- if as_of
;

CREATE TEMP VIEW announcements AS
SELECT * FROM main.announcements
WHERE effective_day <= (SELECT min(as_of, known_on) FROM moment);

-- What its source took back counts for what was known before that day had ended.
CREATE TEMP VIEW known_updates AS
SELECT * FROM known
WHERE undone_in IS NULL
  AND (withdrawn IS NULL
       OR (SELECT effective FROM dates WHERE date = withdrawn) > (SELECT known_on FROM moment)  -- if known_on
      );

CREATE TEMP VIEW active_updates AS
SELECT * FROM known
WHERE undone_in IS NULL
  AND (withdrawn IS NULL
       OR (SELECT effective FROM dates WHERE date = withdrawn) > (SELECT known_on FROM moment)  -- if known_on
      )
  AND effective_day <= (SELECT as_of FROM moment)  -- if as_of
;

-- A quota counts from its announcement on; one without a known announcement always counts.
CREATE TEMP VIEW quotas AS
SELECT * FROM main.quotas
WHERE announcement IS NULL OR EXISTS (SELECT 1 FROM announcements WHERE id = quotas.announcement);

-- A site counts if something that is judged is on record about it, or a quota: not what is withdrawn, of low
-- confidence or an interested party's, nor a count, which names no site. One of which nothing else is known to
-- this day counts from the first of that. A programme or cohort counts if an update or a quota is about it or about
-- a project that belongs to it; retracted rows do not (see keep_reported_parents).
CREATE TEMP VIEW unjudged_sites AS
SELECT id AS project
FROM main.projects AS site
WHERE type = 'site'
  AND NOT EXISTS (SELECT 1 FROM main.updates
                  WHERE project = site.id AND undone_in IS NULL
                    AND "count" IS NULL AND counts_as NOT IN ('news', 'nothing')
                    AND (withdrawn IS NULL
                         OR (SELECT effective FROM dates WHERE date = withdrawn) > (SELECT known_on FROM moment)  -- if known_on
                        ));

CREATE TEMP VIEW projects AS
SELECT * FROM main.projects
-- A CASE evaluates no further than it must, unlike OR. Most sites have a status, which the index of updates tells.
WHERE CASE
      WHEN type <> 'site' THEN id IN (SELECT id FROM reported_parents)
      WHEN EXISTS (SELECT 1 FROM active_updates WHERE project = projects.id AND rank IS NOT NULL) THEN TRUE
      WHEN EXISTS (SELECT 1 FROM active_updates
                   WHERE project = projects.id AND "count" IS NULL AND counts_as NOT IN ('news', 'nothing')) THEN TRUE
      WHEN EXISTS (SELECT 1 FROM quotas WHERE project = projects.id AND undone_in IS NULL) THEN TRUE
      ELSE EXISTS (SELECT 1 FROM unjudged_sites WHERE project = projects.id)
           AND EXISTS (SELECT 1 FROM active_updates WHERE project = projects.id) END;

-- name: keep_reported_parents
-- For one connection, the programmes and cohorts that count on the day asked for, which may be another than before: every
-- site looks them up, so they are found once. What is there already is not made again: every statement would have to be
-- prepared anew, which takes longer than to run them.
CREATE TEMP VIEW IF NOT EXISTS reported AS
SELECT project FROM updates WHERE undone_in IS NULL
UNION ALL
SELECT project FROM quotas WHERE undone_in IS NULL;

CREATE TEMP TABLE IF NOT EXISTS reported_parents (id TEXT PRIMARY KEY) WITHOUT ROWID;

DELETE FROM temp.reported_parents;

INSERT INTO temp.reported_parents
SELECT id FROM main.projects
WHERE type <> 'site'
  AND (EXISTS (SELECT 1 FROM reported WHERE project = projects.id)
       OR EXISTS (
           SELECT 1 FROM main.projects AS child
           WHERE child.parent = projects.id
             AND (EXISTS (SELECT 1 FROM reported WHERE project = child.id)
                  OR EXISTS (SELECT 1 FROM main.projects AS grandchild
                             JOIN reported ON reported.project = grandchild.id
                             WHERE grandchild.parent = child.id))));

-- name: keep_unfinished
-- For one connection, the table `unfinished` by what was known. An opening is void by what is known, so that without
-- such a day the stored table holds.
CREATE TEMP TABLE unfinished (project TEXT PRIMARY KEY, day TEXT) WITHOUT ROWID;
INSERT INTO temp.unfinished
SELECT judged_unfinished.project, judged_unfinished.day
FROM main.unfinished AS stored
CROSS JOIN judged_unfinished ON judged_unfinished.project = stored.project;

-- name: create_contradicted
-- For one connection, the projects whose claims may contradict each other, under the name of those whose claims do:
-- who reads their claims decides.
CREATE TEMP VIEW contradicted AS SELECT project FROM possibly_contradicted;

-- name: keep_states_of_parents
-- For one connection, the states of programmes and cohorts on the day asked for, which many sites look up.
CREATE TEMP TABLE IF NOT EXISTS states_of_parents (
    project TEXT PRIMARY KEY, cancelled_day TEXT, promised_start TEXT, promised TEXT, promised_use TEXT,
    promised_again TEXT) WITHOUT ROWID;

DELETE FROM temp.states_of_parents;

INSERT INTO temp.states_of_parents
SELECT project, cancelled_day, promised_start, promised, promised_use, promised_again
FROM states
WHERE project IN (SELECT id FROM projects WHERE type <> 'site');
