-- name: tally_sites
-- The columns by which filtered sites are counted (see sites.filter_sites), one row for each site: the reader
-- counts equal rows, which is faster than grouping them here. The region is NULL unless :with_region is 1.
SELECT kind, programme, programme_name, cohort, year,
       CASE :with_region WHEN 1 THEN region END AS region,
       CASE :with_region WHEN 1 THEN region_name END AS region_name,
       status, claimed, verified, started, started_seen
FROM filtered_sites;

-- name: tally_sites_by_parent
-- Like tally_sites for all sites, but with only the parent and own year of each: two lookups for each site
-- instead of six. list_parents has the parents.
SELECT site.kind, site.parent, site.year, states.status, states.claimed, states.verified,
       coalesce(states.started, 0) AS started, coalesce(states.started_seen, 0) AS started_seen
FROM projects AS site
LEFT JOIN states ON states.project = site.id
WHERE +site.type = 'site' AND site.undone_in IS NULL;  -- The plus makes SQLite read the table in order.

-- name: list_parents
-- For each parent of sites its programme, the programme's name, and if it is a cohort its id and year; as in
-- the view `sites`.
SELECT parent.id, programme.id AS programme, programme.name AS programme_name,
       CASE parent.type WHEN 'cohort' THEN parent.id END AS cohort,
       CASE parent.type WHEN 'cohort' THEN parent.year END AS year
FROM main.projects AS parent
LEFT JOIN main.projects AS programme
       ON programme.type = 'programme'
      AND programme.id = CASE parent.type WHEN 'cohort' THEN coalesce(parent.parent, parent.id) ELSE parent.id END
WHERE parent.type <> 'site';

-- name: tally_places
-- How many filtered sites there are in each place, and how many of them have started and opened.
SELECT place, count(*) AS named, sum(started) AS started, sum(opened IS NOT NULL) AS opened
FROM filtered_sites
WHERE place IS NOT NULL
GROUP BY place;

-- name: count_named_sites
-- How many filtered sites are named, by programme, kind and year.
SELECT programme, kind, year, count(*) AS number
FROM filtered_sites
GROUP BY programme, kind, year;

-- name: count_openings
-- How many of the filtered sites opened on the same date, by programme and kind, and how many of them are verified
-- to be open: :opened is a JSON list of statuses.
SELECT programme, kind, opened, opened_first, opened_day, count(*) AS number,
       sum(coalesce(verified IN (SELECT value FROM json_each(:opened)), 0)) AS verified
FROM filtered_sites
WHERE opened_day IS NOT NULL AND programme IS NOT NULL
GROUP BY programme, kind, opened_day, opened_first, opened
ORDER BY programme, kind, opened_day, opened_first, opened;

-- name: list_spans
-- When work began at each of the filtered sites that opened and when it opened: as written, with the first and the
-- last day on which it can have been.
SELECT kind, year, opened, opened_first, opened_day, start, start_first, start_day
FROM filtered_sites
WHERE opened IS NOT NULL;

-- name: list_cancelled
-- The programmes and cohorts that are cancelled, each with the programme, its year, and since when.
SELECT projects.id, projects.type, coalesce(projects.parent, projects.id) AS programme, projects.year,
       states.cancelled_day AS day
FROM projects
JOIN states ON states.project = projects.id
WHERE projects.type <> 'site' AND projects.undone_in IS NULL AND states.cancelled_day IS NOT NULL
ORDER BY projects.id;

-- name: list_promises
-- The dates promised for a stage of the projects among :projects, a JSON list of ids, or of all if that is NULL,
-- in the order in which they were given: the last one holds. `since` is when a project that was promised to be
-- in use again had last been in use. `kept` is when the stage came, or NULL: the day by which it surely had,
-- the first day on which it can have, and the date as written. A cohort has reached a stage when all its sites
-- have, whatever its own updates say; that a programme has opened or is in use is never said. What has opened had
-- started by then.
SELECT promises.project, projects.name, projects.type, promises.stage, promises.promised, updates.event_date,
       promises.effective_day, updates.source, updates.evidence, states.status,
       (SELECT min(cancelled_day) FROM states
        WHERE project IN (projects.id, parent.id, parent.parent)) AS cancelled_day,
       CASE promises.stage WHEN 'again' THEN (
           SELECT max(effective_day) FROM valid_updates
           WHERE project = promises.project AND effective_day <= promises.effective_day
             AND rank IN (SELECT rank FROM statuses WHERE event = 'use')) END AS since,
       CASE
       WHEN promises.stage = 'again' THEN (
           SELECT valid_updates.effective_day || dates.first || valid_updates.event_date
           FROM valid_updates JOIN dates ON dates.date = valid_updates.event_date
           WHERE valid_updates.project = promises.project
             AND valid_updates.effective_day > promises.effective_day
             AND valid_updates.rank IN (SELECT rank FROM statuses WHERE event = 'use')
           ORDER BY valid_updates.effective_day, dates.first DESC, dates.date LIMIT 1)
       WHEN projects.type = 'cohort' THEN (
           SELECT nullif(max(coalesce(
               CASE promises.stage
               WHEN 'start' THEN
                   CASE WHEN coalesce(own.opened_day < own.start_day, own.start_day IS NULL)
                        THEN own.opened_day || '0001-01-01' || own.opened
                        ELSE own.start_day || own.start_first || own.start END
               WHEN 'opening' THEN own.opened_day || own.opened_first || own.opened
               ELSE (SELECT valid_updates.effective_day || dates.first || valid_updates.event_date
                     FROM valid_updates JOIN dates ON dates.date = valid_updates.event_date
                     WHERE valid_updates.project = site.id
                       AND valid_updates.rank IN (SELECT rank FROM statuses WHERE event = 'use')
                     ORDER BY valid_updates.effective_day, dates.first DESC, dates.date LIMIT 1) END,
               'unknown')), 'unknown')
           FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.undone_in IS NULL)
       WHEN promises.stage = 'start' THEN
           CASE WHEN coalesce(states.opened_day < states.start_day, states.start_day IS NULL)
                THEN states.opened_day || '0001-01-01' || states.opened
                ELSE states.start_day || states.start_first || states.start END
       WHEN projects.type = 'programme' THEN NULL
       WHEN promises.stage = 'opening' THEN states.opened_day || states.opened_first || states.opened
       ELSE (SELECT valid_updates.effective_day || dates.first || valid_updates.event_date
             FROM valid_updates JOIN dates ON dates.date = valid_updates.event_date
             WHERE valid_updates.project = promises.project
               AND valid_updates.rank IN (SELECT rank FROM statuses WHERE event = 'use')
             ORDER BY valid_updates.effective_day, dates.first DESC, dates.date LIMIT 1)
       END AS kept
FROM promises
JOIN active_updates AS updates ON updates.id = promises.id
JOIN projects ON projects.id = promises.project
LEFT JOIN projects AS parent ON parent.id = projects.parent
JOIN states ON states.project = promises.project
WHERE :projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects))
ORDER BY promises.project, promises.stage, since, promises.effective_day, promises.promised_last,
         promises.promised, updates.event_date, updates.evidence, updates.source;

-- name: list_claims
-- The status claims about the projects among :projects, a JSON list of ids, or about all if that is NULL, in
-- the order of judgement.
SELECT updates.project, projects.name, projects.type, updates.id, updates.event_date, updates.effective_day,
       updates.status, updates.evidence, updates.source, updates.note
FROM active_updates AS updates
JOIN projects ON projects.id = updates.project
WHERE updates.rank IS NOT NULL
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.project, updates.effective_day, updates.rank, updates.id;

-- name: list_changed_projects
-- The projects about which something became known after the day :since, with the number of updates: those
-- among :projects, a JSON list of ids, or all if that is NULL.
SELECT updates.project, projects.name, projects.type, count(*) AS updates
FROM active_updates AS updates
JOIN projects ON projects.id = updates.project
WHERE updates.known_day > :since
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
GROUP BY +updates.project  -- The plus makes SQLite use the index by known day, as few rows match.
ORDER BY +updates.project;

-- name: count_sources_of_status
-- The number of sources for the present status of each site.
SELECT sites.id, count(DISTINCT updates.source) AS sources
FROM sites
JOIN active_updates AS updates ON updates.project = sites.id AND updates.status = sites.status AND updates.rank IS NOT NULL
GROUP BY sites.id;

-- name: list_places
-- The active places, with the place and region around each and its population.
SELECT id, coalesce(full_name, name) AS name, type, parent, region, population, population_year
FROM places
WHERE undone_in IS NULL
ORDER BY id;

-- name: list_programmes
-- The active programmes, or those among :programmes, a JSON list of ids.
SELECT id, name, kind
FROM projects
WHERE parent IS NULL  -- No programme has a parent; this lets SQLite use the index by parent.
  AND type = 'programme' AND undone_in IS NULL
  AND (:programmes IS NULL OR id IN (SELECT value FROM json_each(:programmes)))
ORDER BY id;

-- name: list_cohorts_of
-- The active cohorts of all programmes, or of those among :programmes, a JSON list of ids, in the order of their
-- years; those without a year come last.
SELECT cohort.parent AS programme, cohort.id, cohort.name, cohort.year
FROM projects AS programme
JOIN projects AS cohort ON cohort.parent = programme.id
WHERE programme.parent IS NULL AND programme.type = 'programme' AND programme.undone_in IS NULL
  AND cohort.type = 'cohort' AND cohort.undone_in IS NULL
  AND (:programmes IS NULL OR programme.id IN (SELECT value FROM json_each(:programmes)))
ORDER BY cohort.parent, cohort.year IS NULL, cohort.year, cohort.id;

-- name: list_cohorts
-- The active cohorts.
SELECT *
FROM projects
WHERE type = 'cohort' AND undone_in IS NULL
ORDER BY id;

-- name: list_quotas
-- The active quotas: all, those of the programmes among :programmes, a JSON list of ids, and their cohorts, or
-- those of :announcement; with the date of the announcement and, for a cohort's quota, the cohort and its year.
-- Of several announced on one day the one for fewer years comes last, and applies to those years.
SELECT quotas.*,
       announcements.announced,
       CASE WHEN owner.type = 'cohort' THEN owner.year END AS cohort_year,
       CASE WHEN owner.type = 'cohort' THEN owner.id END AS cohort,
       coalesce(owner.parent, owner.id) AS programme
FROM quotas
JOIN projects AS owner ON owner.id = quotas.project
LEFT JOIN announcements ON announcements.id = quotas.announcement
WHERE quotas.undone_in IS NULL
  AND (:programmes IS NULL OR coalesce(owner.parent, owner.id) IN (SELECT value FROM json_each(:programmes)))
  AND (:announcement IS NULL OR quotas.announcement = :announcement)
ORDER BY announcements.announced, quotas.kind, quotas.first_year, quotas.per DESC,
         coalesce(quotas.last_year, 9999) DESC, quotas.project, quotas.announcement;
