-- name: tally_sites
-- The columns by which filtered sites are counted (see sites.filter_sites), one row for each site: the reader
-- counts equal rows, which is faster than grouping them here. The region is NULL unless :with_region is 1.
SELECT kind, programme, programme_name, year,
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
-- For each parent of sites its programme, the programme's name, and the cohort's year; as in the view
-- `sites`.
SELECT parent.id, programme.id AS programme, programme.name AS programme_name,
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
-- How many of the filtered sites had opened on each day, by programme and kind, and how many of them are verified
-- to be open: :opened is a JSON list of statuses.
SELECT programme, kind, opened_day AS day, count(*) AS number,
       sum(coalesce(verified IN (SELECT value FROM json_each(:opened)), 0)) AS verified
FROM filtered_sites
WHERE opened_day IS NOT NULL AND programme IS NOT NULL
GROUP BY programme, kind, opened_day
ORDER BY programme, kind, opened_day;

-- name: count_spans
-- When the filtered sites began work and opened, as written and as effective days, with the number of sites
-- that share all of these values.
SELECT kind, year, start, start_day, opened, opened_day, count(*) AS number
FROM filtered_sites
WHERE opened IS NOT NULL
GROUP BY kind, year, start, start_day, opened, opened_day;

-- name: list_promises
-- The promised dates of the projects among :projects, a JSON list of ids, or of all if that is NULL, each
-- with the day on which it was given, in the order in which they were given.
SELECT updates.project, projects.name, projects.type, updates.promised, updates.event_date, updates.effective_day,
       updates.source, updates.evidence, states.status,
       -- A cohort has opened when all its sites have, whatever its own updates say; a programme never has.
       CASE projects.type WHEN 'site' THEN states.opened WHEN 'cohort' THEN (
           SELECT own.opened FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.undone_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC, length(own.opened) DESC, own.opened LIMIT 1
           ) END AS opened,
       CASE projects.type WHEN 'site' THEN states.opened_day WHEN 'cohort' THEN (
           SELECT own.opened_day FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.undone_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC LIMIT 1) END AS opened_day
FROM active_updates AS updates
JOIN projects ON projects.id = updates.project
JOIN states ON states.project = updates.project
WHERE updates.promised IS NOT NULL AND updates.counts_as IN ('claim', 'unclassed')
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.project, updates.effective_day, updates.rank, updates.percent, updates.promised;

-- name: list_possible_conflicts
-- The status claims, in the columns of Claim (see reports/conflicts.py), of the projects among :projects, a JSON
-- list of ids, or of all if that is NULL, that have two dates of an opening or of a groundbreaking, are both in use
-- and idle, or are unfinished after they opened, and of those among :also, another such list. Whether their claims
-- contradict each other, the reader decides. The claims of a project come together. :groundbroken, :completed,
-- :operating and :idle are the ranks of these statuses; those from :completed on can show an opening.
WITH possible (project) AS MATERIALIZED (
    SELECT project
    FROM active_updates
    WHERE rank IS NOT NULL
      AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
    GROUP BY project
    HAVING min(CASE rank WHEN :completed THEN event_date END) < max(CASE rank WHEN :completed THEN event_date END)
        OR min(CASE rank WHEN :groundbroken THEN event_date END)
           < max(CASE rank WHEN :groundbroken THEN event_date END)
        OR max(rank = :operating) AND max(rank = :idle)
        OR min(CASE WHEN rank >= :completed THEN effective_day END)
           < max(CASE WHEN rank < :completed THEN effective_day END)
        OR project IN (SELECT value FROM json_each(:also))
)
SELECT updates.project, updates.effective_day, updates.rank, dates.first, dates.last, updates.counts_as,
       NULL AS count, NULL AS unit, updates.id, updates.event_date, updates.evidence, updates.source, updates.note
FROM possible
CROSS JOIN active_updates AS updates ON updates.project = possible.project  -- This keeps the order of the loops.
JOIN dates ON dates.date = updates.event_date
WHERE updates.rank IS NOT NULL;

-- name: list_possibly_contradicted
-- The same of all projects, with only the columns that decide.
WITH possible (project) AS MATERIALIZED (
    SELECT project
    FROM active_updates
    WHERE rank IS NOT NULL
    GROUP BY project
    HAVING min(CASE rank WHEN :completed THEN event_date END) < max(CASE rank WHEN :completed THEN event_date END)
        OR min(CASE rank WHEN :groundbroken THEN event_date END)
           < max(CASE rank WHEN :groundbroken THEN event_date END)
        OR max(rank = :operating) AND max(rank = :idle)
        OR min(CASE WHEN rank >= :completed THEN effective_day END)
           < max(CASE WHEN rank < :completed THEN effective_day END)
)
SELECT updates.project, updates.effective_day, updates.rank, dates.first, dates.last, updates.counts_as
FROM possible
CROSS JOIN active_updates AS updates ON updates.project = possible.project
JOIN dates ON dates.date = updates.event_date
WHERE updates.rank IS NOT NULL;

-- name: list_counts
-- The exact counts that can contradict anything, in the columns of Claim, of the projects among :projects, a JSON list of ids, or of all if
-- that is NULL. A count has a status and no rank; the index has both, so only the projects found are read.
SELECT updates.project, updates.effective_day, statuses.rank, dates.first, dates.last, updates.counts_as,
       updates.count, updates.unit, updates.id, updates.event_date, updates.evidence, updates.source, updates.note,
       updates.of
FROM active_updates AS updates
JOIN dates ON dates.date = updates.event_date
JOIN statuses ON statuses.status = updates.status
WHERE updates.project IN (SELECT DISTINCT project FROM active_updates
                          WHERE rank IS NULL AND status IS NOT NULL AND counts_as NOT IN ('news', 'nothing'))
  AND updates.count IS NOT NULL AND updates.bound IS NULL AND updates.counts_as NOT IN ('news', 'nothing')
  AND (:projects IS NULL OR updates.project IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.project, updates.effective_day, statuses.rank, updates.id;

-- name: list_sites_called_complete
-- The sites of each cohort and programme that is called complete or in use, among :projects, a JSON list of ids, or
-- all if that is NULL: when they opened, and since when they are cancelled.
WITH called (id) AS (
    SELECT owner.id
    FROM projects AS owner
    WHERE owner.type <> 'site' AND owner.undone_in IS NULL
      AND (:projects IS NULL OR owner.id IN (SELECT value FROM json_each(:projects)))
      AND EXISTS (SELECT 1 FROM active_updates
                  WHERE project = owner.id AND rank IN (SELECT rank FROM statuses WHERE event IN ('opening', 'use')))
),
members (owner, site) AS (
    SELECT called.id, site.id
    FROM called
    JOIN projects AS site ON site.parent = called.id AND site.type = 'site'
    UNION ALL
    SELECT called.id, site.id
    FROM called
    JOIN projects AS cohort ON cohort.parent = called.id AND cohort.type = 'cohort'
    JOIN projects AS site ON site.parent = cohort.id AND site.type = 'site'
)
SELECT members.owner, sites.id, sites.name, sites.opened, sites.opened_first, sites.cancelled_day
FROM members
JOIN sites ON sites.id = members.site
ORDER BY members.owner, sites.id;

-- name: list_claims_of_sites
-- What is claimed and what is observed of the sites of the cohorts and programmes among :owners, a JSON list of ids.
WITH members (owner, site) AS (
    SELECT owner.value, site.id
    FROM json_each(:owners) AS owner
    JOIN projects AS site ON site.parent = owner.value AND site.type = 'site' AND site.undone_in IS NULL
    UNION ALL
    SELECT owner.value, site.id
    FROM json_each(:owners) AS owner
    JOIN projects AS cohort ON cohort.parent = owner.value AND cohort.type = 'cohort'
    JOIN projects AS site ON site.parent = cohort.id AND site.type = 'site' AND site.undone_in IS NULL
)
SELECT members.owner, updates.project AS site, updates.effective_day AS day, updates.rank, updates.counts_as
FROM members
JOIN active_updates AS updates ON updates.project = members.site
WHERE updates.rank IS NOT NULL AND updates.counts_as IN ('claim', 'observation');

-- name: list_changed_projects
-- The projects of which something became known on the day :since or later, or was withdrawn then: those among
-- :projects, a JSON list of ids, or all if that is NULL, with the number of updates that are new and how many of
-- these are counts. An update that records an announcement is known from the day of that.
WITH new (id) AS (
    SELECT id FROM updates WHERE known_day >= :since AND announcement IS NULL
    UNION ALL
    SELECT updates.id
    FROM announcements
    JOIN updates ON updates.announcement = announcements.id
    WHERE announcements.effective_day >= :since
),
touched (project, is_update, is_count) AS (
    SELECT project, 1, "count" IS NOT NULL
    FROM active_updates
    WHERE id IN (SELECT id FROM new) AND counts_as <> 'nothing'
    UNION ALL
    SELECT project, 0, 0
    FROM updates
    WHERE undone_in IS NULL AND withdrawn IN (SELECT date FROM dates WHERE last >= :since)
)
SELECT projects.id AS project, projects.name, projects.type, sum(is_update) AS updates, sum(is_count) AS counts
FROM touched
JOIN projects ON projects.id = touched.project
WHERE :projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects))
GROUP BY projects.id
ORDER BY projects.id;

-- name: list_single_sourced
-- The sites whose present status has one source or none, with how many it has.
SELECT site.id, max(updates.source) IS NOT NULL AS sources
FROM projects AS site
JOIN states ON states.project = site.id
LEFT JOIN active_updates AS updates
       ON updates.project = site.id AND updates.status = states.status AND updates.rank IS NOT NULL
WHERE site.type = 'site' AND site.undone_in IS NULL AND states.status IS NOT NULL
GROUP BY site.id
HAVING min(updates.source) IS max(updates.source);

-- name: list_places
-- The active places, with the place and region around each and its population.
SELECT id, coalesce(full_name, name) AS name, type, parent, region, population, population_year
FROM places
WHERE undone_in IS NULL
ORDER BY id;

-- name: list_programmes
-- The active programmes, or those among :programmes, a JSON list of ids, each with the years of its cohorts,
-- separated by spaces.
SELECT programme.id, programme.name, programme.kind,
       (SELECT group_concat(year, ' ') FROM (
            SELECT DISTINCT cohort.year FROM projects AS cohort
            WHERE cohort.parent = programme.id AND cohort.type = 'cohort' AND cohort.undone_in IS NULL
            ORDER BY cohort.year)) AS years
FROM projects AS programme
WHERE programme.parent IS NULL  -- No programme has a parent; this lets SQLite use the index by parent.
  AND programme.type = 'programme' AND programme.undone_in IS NULL
  AND (:programmes IS NULL OR programme.id IN (SELECT value FROM json_each(:programmes)))
ORDER BY programme.id;

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
