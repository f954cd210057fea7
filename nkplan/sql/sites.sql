-- name: filter_sites
-- For one connection, the given filters and what matches them: the sites in `filtered_sites`, the programmes
-- and cohorts in `filtered_parents`. A filter on a value that only sites have matches no programme or cohort.
-- A line that ends in `if NAME` is left out unless that filter is given, one in `if any` unless any filter is
-- (see queries/reader.py). Each filter but the cohort is a JSON list and matches what has one of its values; ''
-- or 0 in it matches what has no value. The cohort is one id: only with `=` does SQLite find its sites by an
-- index. A project has its own tags and those of what it belongs to. `named` are ids; `evidence`, `publishers` and
-- `speakers` are those of any of its active updates, and `since` is the day before which it has its last evidence if it
-- does not match.
CREATE TEMP TABLE IF NOT EXISTS filters (kinds, statuses, regions, places, programmes, cohort, years, tags, named,  -- if any
                                         claimed, verified, evidence, publishers, speakers, since);  -- if any
DELETE FROM temp.filters;  -- if any
INSERT INTO temp.filters VALUES (:kinds, :statuses, :regions, :places, :programmes, :cohort, :years, :tags, :named,  -- if any
                                 :claimed, :verified, :evidence, :publishers, :speakers, :since);  -- if any
DROP VIEW IF EXISTS temp.filtered_sites;
CREATE TEMP VIEW filtered_sites AS
SELECT * FROM sites
WHERE TRUE
  AND kind IN (SELECT value FROM json_each((SELECT kinds FROM filters)))                         -- if kinds
  AND coalesce(status, '') IN (SELECT value FROM json_each((SELECT statuses FROM filters)))      -- if statuses
  AND coalesce(region, '') IN (SELECT value FROM json_each((SELECT regions FROM filters)))   -- if regions
  AND place IN (SELECT value FROM json_each((SELECT places FROM filters)))                       -- if places
  AND coalesce(programme, '') IN (SELECT value FROM json_each((SELECT programmes FROM filters)))  -- if programmes
  AND cohort = (SELECT cohort FROM filters)                                                      -- if cohort
  AND coalesce(year, 0) IN (SELECT value FROM json_each((SELECT years FROM filters)))            -- if years
  AND id IN (WITH RECURSIVE tagged (id) AS (                                                     -- if tags
                 SELECT project FROM tags                                                        -- if tags
                 WHERE tag IN (SELECT value FROM json_each((SELECT tags FROM filters)))          -- if tags
                 UNION                                                                           -- if tags
                 SELECT child.id FROM main.projects AS child JOIN tagged ON child.parent = tagged.id)  -- if tags
             SELECT id FROM tagged)                                                              -- if tags
  AND id IN (SELECT value FROM json_each((SELECT named FROM filters)))                           -- if named
  AND coalesce(claimed, '') IN (SELECT value FROM json_each((SELECT claimed FROM filters)))      -- if claimed
  AND coalesce(verified, '') IN (SELECT value FROM json_each((SELECT verified FROM filters)))    -- if verified
  AND last_day >= (SELECT since FROM filters)                                                    -- if since
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if evidence
              WHERE project = sites.id AND coalesce(evidence, '') IN (                    -- if evidence
                  SELECT value FROM json_each((SELECT evidence FROM filters))))         -- if evidence
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if publishers
              JOIN sources ON sources.id = active_updates.source                        -- if publishers
              WHERE project = sites.id AND publisher IN (                                 -- if publishers
                  SELECT value FROM json_each((SELECT publishers FROM filters))))       -- if publishers
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if speakers
              WHERE project = sites.id AND speaker IN (                                   -- if speakers
                  SELECT value FROM json_each((SELECT speakers FROM filters))))         -- if speakers
;
DROP VIEW IF EXISTS temp.filtered_parents;
CREATE TEMP VIEW filtered_parents AS
SELECT * FROM projects
WHERE type <> 'site' AND undone_in IS NULL
  AND kind IN (SELECT value FROM json_each((SELECT kinds FROM filters)))               -- if kinds
  AND FALSE                                                                            -- if statuses
  AND FALSE                                                                            -- if regions
  AND FALSE                                                                            -- if places
  AND coalesce(parent, id) IN (SELECT value FROM json_each((SELECT programmes FROM filters)))  -- if programmes
  AND id = (SELECT cohort FROM filters)                                                -- if cohort
  AND coalesce(year, 0) IN (SELECT value FROM json_each((SELECT years FROM filters)))  -- if years
  AND id IN (WITH RECURSIVE tagged (id) AS (                                           -- if tags
                 SELECT project FROM tags                                              -- if tags
                 WHERE tag IN (SELECT value FROM json_each((SELECT tags FROM filters)))  -- if tags
                 UNION                                                                 -- if tags
                 SELECT child.id FROM main.projects AS child JOIN tagged ON child.parent = tagged.id)  -- if tags
             SELECT id FROM tagged)                                                    -- if tags
  AND id IN (SELECT value FROM json_each((SELECT named FROM filters)))                 -- if named
  AND FALSE                                                                            -- if claimed
  AND FALSE                                                                            -- if verified
  AND EXISTS (SELECT 1 FROM states                                                     -- if since
              WHERE project = projects.id AND last_day >= (SELECT since FROM filters))  -- if since
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if evidence
              WHERE project = projects.id AND coalesce(evidence, '') IN (                    -- if evidence
                  SELECT value FROM json_each((SELECT evidence FROM filters))))         -- if evidence
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if publishers
              JOIN sources ON sources.id = active_updates.source                        -- if publishers
              WHERE project = projects.id AND publisher IN (                                 -- if publishers
                  SELECT value FROM json_each((SELECT publishers FROM filters))))       -- if publishers
  AND EXISTS (SELECT 1 FROM active_updates                                              -- if speakers
              WHERE project = projects.id AND speaker IN (                                   -- if speakers
                  SELECT value FROM json_each((SELECT speakers FROM filters))))         -- if speakers
;

-- name: list_sites
-- The filtered sites, in the columns of a site and of its state (see model/state.py). :only preselects those that may be
-- what it says on the day :day (silent: no news after that day); the reader judges whether they are. A line that ends in
-- `if NAME` is left out unless :only is that. :opened and :halted are JSON lists of statuses (see model/vocabulary.py). At
-- most :most sites; -1 returns all.
SELECT id, name, kind, place, place_name, region, region_name, programme, programme_name, cohort, year,
       status, claimed, verified, started, started_seen, progress, last_date, last_day, updates,
       start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day,
       promised_start, promised, promised_use, promised_again
FROM filtered_sites
WHERE TRUE
  AND coalesce(promised_start, promised, promised_use, promised_again) IS NOT NULL  -- if overdue
  AND cancelled_day IS NULL                                                         -- if overdue
  AND coalesce(last_day <= :day, 1)                                                 -- if silent
  AND coalesce(status NOT IN (SELECT value FROM json_each(:opened)), 1)             -- if silent
  AND coalesce(status NOT IN (SELECT value FROM json_each(:halted)), 1)             -- if silent
  AND cancelled_day IS NULL                                                         -- if silent
  AND claimed IS NOT NULL AND claimed IS NOT verified                               -- if unverified
  AND opened IS NULL                                                                -- if unopened
  AND cancelled_day IS NULL                                                         -- if unopened
ORDER BY id
LIMIT :most;

-- name: list_all_sites
-- All sites, each with only its own row and state; the next two queries have the rest. To look up each site's place,
-- region, cohort and programme here would take half as long again.
SELECT site.id, site.name, site.kind, site.place, site.parent, site.year,
       status, claimed, verified, coalesce(started, 0), coalesce(started_seen, 0), progress, last_date, last_day,
       coalesce(updates, 0), start, start_first, start_day, opened, opened_first, opened_day, coalesce(used, 0),
       cancelled_day, promised_start, promised, promised_use, promised_again
FROM projects AS site
LEFT JOIN states ON states.project = site.id
WHERE site.type = 'site' AND site.undone_in IS NULL
ORDER BY site.id;

-- name: list_places_of_all_sites
-- What the view `sites` says of a place, for each place.
SELECT place.id, coalesce(place.full_name, place.name), place.region, region.name
FROM places AS place
LEFT JOIN places AS region ON region.id = place.region;

-- name: list_parents
-- What the view `sites` says of the sites of a cohort or programme, for each of these: its programme, the programme's
-- name and, if it is a cohort, its id and year. Last, what a site has of its parents where it has none of its own:
-- this year, the day of a cancellation, and the dates promised.
SELECT parent.id, programme.id AS programme, programme.name AS programme_name, cohort.id AS cohort, cohort.year,
       nullif(min(coalesce(of_cohort.cancelled_day, '9999-12-31'), coalesce(of_programme.cancelled_day, '9999-12-31')),
              '9999-12-31') AS cancelled_day,
       of_cohort.promised_start, of_cohort.promised, of_cohort.promised_use, of_cohort.promised_again
FROM projects AS parent
LEFT JOIN projects AS cohort ON cohort.id = parent.id AND cohort.type = 'cohort'
LEFT JOIN projects AS programme
       ON programme.id = coalesce(cohort.parent, parent.id) AND programme.type = 'programme'
LEFT JOIN states_of_parents AS of_cohort ON of_cohort.project = cohort.id
LEFT JOIN states_of_parents AS of_programme ON of_programme.project = programme.id
WHERE parent.type <> 'site';

-- name: list_past_sites
-- The sites among :sites, a JSON list of ids, in the same columns as far as `updates`; the next two queries have the
-- rest. Together they would be slow for a past day: of a query that judges with hundreds of cursors, SQLite looks through
-- all that are open whenever it opens one.
SELECT id, name, kind, place, place_name, region, region_name, programme, programme_name, cohort, year,
       status, claimed, verified, started, started_seen, progress, last_date, last_day, updates
FROM sites
WHERE id IN (SELECT value FROM json_each(:sites))
ORDER BY id;

-- name: list_days_of_past_sites
-- The days in the states of the same sites, in the same order.
SELECT start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day
FROM sites
WHERE id IN (SELECT value FROM json_each(:sites))
ORDER BY id;

-- name: list_promises_of_past_sites
-- The promised dates in the states of the same sites, in the same order.
SELECT promised_start, promised, promised_use, promised_again
FROM sites
WHERE id IN (SELECT value FROM json_each(:sites))
ORDER BY id;

-- name: list_sites_to_rank
-- The filtered sites, with only the columns by which they are ranked for a look: all of them would take twice as long.
SELECT id, name, kind, place_name, status, claimed, verified, started, last_date, last_day, opened, used, cancelled_day,
       promised_start, promised, promised_use, promised_again
FROM filtered_sites
ORDER BY id;

-- name: list_opened_sites
-- The filtered sites that are open, with a status among :opened, a JSON list; in the order of that list.
SELECT id, name, kind, place_name, status, claimed, verified, opened, opened_first, last_date
FROM filtered_sites
WHERE status IN (SELECT value FROM json_each(:opened))
ORDER BY instr(:opened, '"' || status || '"'), id;

-- name: count_sites
-- The number of sites, without filters.
SELECT count(*) AS sites
FROM projects
WHERE type = 'site' AND undone_in IS NULL;

-- name: count_filtered_sites
-- The number of sites that match the filters.
SELECT count(*) AS sites
FROM filtered_sites;

-- name: choose_projects
-- The projects that match filters of sites: the sites, and the programmes and cohorts.
SELECT id FROM filtered_sites
UNION ALL
SELECT id FROM filtered_parents;

-- name: list_settings
-- The settings that the record has.
SELECT id, value FROM settings WHERE undone_in IS NULL;
