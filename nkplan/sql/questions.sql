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
-- instead of six. sites.list_parents has the parents. A row is one JSON list, because the reader takes longer for each
-- column of a row than SQLite for putting all into one.
SELECT json_array(site.kind, site.parent, site.year, states.status, states.claimed, states.verified,
                  coalesce(states.started, 0), coalesce(states.started_seen, 0)) AS sort
FROM projects AS site
LEFT JOIN states ON states.project = site.id
WHERE +site.type = 'site' AND site.undone_in IS NULL;  -- The plus makes SQLite read the table in order.

-- name: tally_places
-- How many filtered sites there are in each place, and how many of them have started and opened.
SELECT place, count(*) AS named, sum(started) AS started, sum(opened IS NOT NULL) AS opened
FROM filtered_sites
WHERE place IS NOT NULL
GROUP BY place;

-- name: count_named_sites
-- How many filtered sites are named, by programme, kind, year and cohort.
SELECT programme, kind, year, cohort, count(*) AS number
FROM filtered_sites
GROUP BY programme, kind, year, cohort;

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
-- in the order in which they were given: the last one holds. `kept` is when the stage came, or NULL: the day by
-- which it surely had, the first day on which it can have, and the date as written; for the use of anything but
-- a cohort, see list_uses. A cohort has reached a stage when all its sites have that are not cancelled, whatever its
-- own updates say; that a programme has opened is never said. What has opened had started by then.
WITH given AS MATERIALIZED (  -- or SQLite would find the stage of each once for every use of it below
    SELECT * FROM promises
    WHERE :projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
SELECT given.project, projects.name, projects.type, given.stage, given.promised, updates.event_date,
       given.effective_day, updates.source, updates.speaker, updates.evidence,
       (SELECT min(cancelled_day) FROM states
        WHERE project IN (projects.id, parent.id, parent.parent)) AS cancelled_day,
       CASE
       WHEN given.stage = 'again' THEN NULL
       WHEN projects.type = 'cohort' THEN (
           SELECT nullif(max(coalesce(
               CASE given.stage
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
               CASE WHEN own.cancelled_day IS NULL THEN 'unknown' END)), 'unknown')
           FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.undone_in IS NULL)
       WHEN given.stage = 'start' THEN
           CASE WHEN coalesce(states.opened_day < states.start_day, states.start_day IS NULL)
                THEN states.opened_day || '0001-01-01' || states.opened
                ELSE states.start_day || states.start_first || states.start END
       WHEN given.stage = 'opening' AND projects.type = 'site'
           THEN states.opened_day || states.opened_first || states.opened
       END AS kept
FROM given
JOIN active_updates AS updates ON updates.id = given.id
JOIN projects ON projects.id = given.project
LEFT JOIN projects AS parent ON parent.id = projects.parent
JOIN states ON states.project = given.project
ORDER BY given.project, given.stage, given.effective_day, given.promised_last, given.promised,
         updates.event_date, updates.evidence, updates.source;

-- name: list_uses
-- The statuses of the projects among :projects, a JSON list of ids, in the order of judgement, each with whether it
-- shows them to be in use; of several dates of one day the most precise comes first.
SELECT status_updates.project, status_updates.event_date, dates.first, status_updates.effective_day,
       status_updates.rank IN (SELECT rank FROM statuses WHERE event = 'use') AS is_use
FROM status_updates JOIN dates ON dates.date = status_updates.event_date
WHERE status_updates.project IN (SELECT value FROM json_each(:projects))
ORDER BY status_updates.project, status_updates.effective_day, status_updates.rank, dates.first DESC, dates.date;

-- name: list_claims_at_odds
-- The status claims, in the columns of Claim (see contradictions.py), of the projects whose claims contradict each
-- other, of those among :projects, a JSON list of ids, or of all if that is NULL; and those of the projects among :also,
-- another such list. For a past day they are those whose claims may: the reader decides. The claims of a project come
-- together.
WITH chosen (project) AS MATERIALIZED (
    SELECT project FROM contradicted WHERE :projects IS NULL OR project IN (SELECT value FROM json_each(:projects))
    UNION
    SELECT value FROM json_each(:also)
)
SELECT updates.project, updates.effective_day, updates.rank, dates.first, dates.last, updates.counts_as,
       updates.id, updates.event_date, updates.evidence, updates.source, updates.note
FROM chosen
CROSS JOIN known_updates AS updates ON updates.project = chosen.project  -- This keeps the order of the loops.
JOIN dates ON dates.date = updates.event_date
WHERE updates.rank IS NOT NULL;

-- name: list_contradicted
-- The projects whose claims contradict each other.
SELECT project FROM contradicted;

-- name: list_possibly_contradicted
-- The projects whose claims may contradict each other, or those of them in `touched`; each with a JSON list of its
-- claims in the first columns of Claim but the project, since rows of their own would take longer. A date that is none,
-- in a damaged record, has no days and contradicts nothing.
SELECT possibly_contradicted.project,
       json_group_array(json_array(effective_day, rank, first, last, counts_as)) AS claims
FROM possibly_contradicted
CROSS JOIN known_updates ON known_updates.project = possibly_contradicted.project
JOIN dates ON dates.date = event_date AND dates.first IS NOT NULL
WHERE rank IS NOT NULL
  AND possibly_contradicted.project IN (SELECT project FROM touched)  -- if touched
GROUP BY possibly_contradicted.project;

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

-- name: list_changed_projects
-- The projects of which something became known on the day :since or later, or was withdrawn then: those among
-- :projects, a JSON list of ids, or all if that is NULL, with the number of updates that are new and how many of
-- these are counts. An update that records an announcement is known from the day of that. What happened after the day
-- of --as-of can make void what had happened by then: the line that ends in `if as_of` has the projects of such updates.
WITH new (id) AS (
    SELECT id FROM main.updates WHERE known_day >= :since AND +announcement IS NULL  -- The plus leaves it to the index by day.
    UNION ALL
    SELECT updates.id
    FROM main.announcements  -- What was announced after the day of --as-of is news too.
    CROSS JOIN main.updates ON updates.announcement = announcements.id  -- Few announcements are that late.
    WHERE announcements.effective_day >= :since
),
touched (project, is_update, is_count) AS (
    SELECT project, 1, "count" IS NOT NULL
    FROM active_updates
    WHERE id IN (SELECT id FROM new) AND counts_as <> 'nothing'
    UNION ALL
    SELECT project, 0, 0 FROM main.updates WHERE undone_in IS NULL AND id IN (SELECT id FROM new)  -- if as_of
    UNION ALL                                                                                      -- if as_of
    SELECT project, 0, 0
    FROM main.updates
    WHERE undone_in IS NULL AND withdrawn IN (SELECT date FROM dates WHERE last >= :since)
)
SELECT projects.id AS project, projects.name, projects.type, sum(is_update) AS updates, sum(is_count) AS counts
FROM touched
JOIN projects ON projects.id = touched.project
WHERE :projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects))
GROUP BY projects.id
ORDER BY projects.id;

-- name: list_states
-- The states of the projects among :projects, a JSON list of ids, as far as `updates`; the next two queries have the
-- rest. They are three for the reason that sites.list_past_sites gives.
SELECT project, status, claimed, verified, started, started_seen, progress, last_date, last_day, updates
FROM states
WHERE project IN (SELECT value FROM json_each(:projects))
ORDER BY project;

-- name: list_days_of_states
-- The days in the same states, in the same order.
SELECT start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day
FROM states
WHERE project IN (SELECT value FROM json_each(:projects))
ORDER BY project;

-- name: list_promises_of_states
-- The promised dates in the same states, in the same order.
SELECT promised_start, promised, promised_use, promised_again
FROM states
WHERE project IN (SELECT value FROM json_each(:projects))
ORDER BY project;

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
       announcements.effective_day AS announced_day,
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

-- name: list_announced
-- The active announcements, in the order of their day.
SELECT id, title, announced, speaker, source
FROM announcements
WHERE undone_in IS NULL
ORDER BY effective_day, id;

-- name: list_first_announced
-- The first announcement in which each programme, or a cohort of it, is promised or named.
SELECT programme, id, title, announced, speaker
FROM (
    SELECT coalesce(project.parent, project.id) AS programme, announcements.*,
           row_number() OVER (
               PARTITION BY coalesce(project.parent, project.id) ORDER BY announcements.effective_day, announcements.id
           ) AS at
    FROM (
        SELECT project, announcement FROM quotas WHERE undone_in IS NULL AND announcement IS NOT NULL
        UNION
        SELECT updates.project, updates.announcement
        FROM announcements AS every  -- They are few, and updates have an index by announcement.
        CROSS JOIN updates ON updates.announcement = every.id AND updates.undone_in IS NULL
    ) AS named
    JOIN projects AS project ON project.id = named.project AND project.type <> 'site' AND project.undone_in IS NULL
    JOIN announcements ON announcements.id = named.announcement AND announcements.undone_in IS NULL
)
WHERE at = 1;

-- name: list_announced_projects
-- The projects whose updates record each announcement, with the date that was promised for each.
SELECT announcement, project, max(CASE WHEN counts_as IN ('claim', 'unclassed') THEN promised END) AS promised
FROM active_updates
WHERE announcement IS NOT NULL
GROUP BY announcement, project
ORDER BY announcement, project;

-- name: list_owners
-- The projects among :projects, a JSON list of ids: what each belongs to, and since when it is cancelled.
SELECT projects.id, projects.name, projects.type, projects.kind, projects.year,
       projects.parent, parent.parent AS grandparent,
       nullif(min(coalesce(own.cancelled_day, '9999-12-31'), coalesce(of_parent.cancelled_day, '9999-12-31'),
                  coalesce(of_grandparent.cancelled_day, '9999-12-31')), '9999-12-31') AS cancelled_day
FROM projects
LEFT JOIN projects AS parent ON parent.id = projects.parent
LEFT JOIN states AS own ON own.project = projects.id
LEFT JOIN states AS of_parent ON of_parent.project = projects.parent
LEFT JOIN states AS of_grandparent ON of_grandparent.project = parent.parent
WHERE projects.id IN (SELECT value FROM json_each(:projects)) AND projects.undone_in IS NULL;

-- name: list_reached
-- How far each site has come. One of :sites, a JSON list of ids, has its id; the others have what they belong to.
SELECT CASE WHEN site.id IN (SELECT value FROM json_each(:sites)) THEN site.id END AS id,
       site.parent, site.kind, site.year, states.claimed, states.verified,
       coalesce(states.started, 0) AS started
FROM projects AS site
LEFT JOIN states ON states.project = site.id
WHERE +site.type = 'site' AND site.undone_in IS NULL;  -- The plus makes SQLite read the table in order.

-- name: list_counts_in_units
-- The counts in a unit of the projects among :projects, a JSON list of ids, in the order of judgement.
SELECT project, status, count, unit, event_date, counts_as
FROM active_updates
WHERE project IN (SELECT value FROM json_each(:projects))
  AND count IS NOT NULL AND unit IS NOT NULL AND counts_as IN ('claim', 'observation')
ORDER BY effective_day, count, id;

-- name: list_counts
-- The counts about the projects among :projects, a JSON list of ids, or about all if that is NULL, in the order
-- of their days; `is_withdrawn` says whether the source had taken it back.
SELECT updates.*, projects.name, projects.type,
       updates.withdrawn IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM active_updates WHERE id = updates.id) AS is_withdrawn
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.count IS NOT NULL AND updates.undone_in IS NULL
  -- A count has a status and no rank: an index has both, so only the updates of few projects are read.
  AND updates.project IN (SELECT DISTINCT project FROM updates WHERE rank IS NULL AND status IS NOT NULL)
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.effective_day, updates.count, updates.id;

-- name: list_sites_within
-- The sites whose parent is among :parents, a JSON list of ids.
SELECT id, parent
FROM projects
WHERE parent IN (SELECT value FROM json_each(:parents)) AND type = 'site' AND undone_in IS NULL;

-- name: list_steps
-- The statuses that the sites among :sites, a JSON list of ids, had one after another by what counts as one of
-- :counts_as, a JSON list, each with whether that was an observation; in the order of judgement.
SELECT project, effective_day, rank, counts_as, counts_as = 'observation'
FROM active_updates
WHERE project IN (SELECT value FROM json_each(:sites))
  AND counts_as IN (SELECT value FROM json_each(:counts_as)) AND rank IS NOT NULL
ORDER BY project, effective_day, rank;

-- name: list_valid_steps
-- Like list_steps by any evidence, without void openings; :axis is what the reader calls that.
SELECT project, effective_day, rank, :axis, counts_as = 'observation'
FROM valid_updates
WHERE project IN (SELECT value FROM json_each(:sites)) AND rank IS NOT NULL
ORDER BY project, effective_day, rank;
