-- name: list_sites
-- The sites that pass the filters that are given; a filter that is NULL lets every site pass, an empty one (a
-- year 0) those without a value; :places is a JSON list of ids. :only narrows them to those that can be what it
-- says by the day :day (silent: that day at the latest); what they are is judged by the reader. Of all, at most
-- :most; all where it is -1.
SELECT id, name, kind, place, place_name, province, province_name, programme, programme_name, cohort, year,
       promised, status, claimed, verified, started, progress, last_date, last_day, updates, groundbroken,
       groundbroken_day, opened, opened_day
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND CASE :only
      WHEN 'overdue' THEN promised IS NOT NULL AND substr(promised, 1, 4) <= substr(:day, 1, 4)
           AND coalesce(status NOT IN ('completed', 'operating', 'idle', 'cancelled'), 1)
      WHEN 'silent' THEN coalesce(last_day <= :day, 1) AND coalesce(status NOT IN ('paused', 'cancelled'), 1)
      WHEN 'unverified' THEN claimed IS NOT NULL AND claimed IS NOT verified
      WHEN 'unopened' THEN coalesce(status NOT IN ('completed', 'operating', 'idle'), 1)
      ELSE 1 END
ORDER BY id
LIMIT :most;


-- name: list_opened_sites
-- The sites that pass the filters (see list_sites) and are open, in the order in which their use wants a look.
SELECT id, name, kind, place_name, status, claimed, verified, opened, last_date
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND status IN ('idle', 'completed', 'operating')
ORDER BY CASE status WHEN 'idle' THEN 0 WHEN 'completed' THEN 1 ELSE 2 END, id;


-- name: count_sites
-- How many sites there are.
SELECT count(*) AS sites
FROM projects
WHERE type = 'site' AND retracted_in IS NULL;


-- name: count_filtered_sites
-- How many sites pass the filters (see list_sites).
SELECT count(*) AS sites
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year);


-- name: choose_projects
-- The projects that filters of sites choose (see list_sites): the sites that pass them, and the programmes and
-- cohorts of that kind, programme and year, where nothing is asked that only a site has.
SELECT id FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
UNION ALL
SELECT id FROM projects
WHERE type <> 'site' AND retracted_in IS NULL
  AND :province IS NULL AND :places IS NULL AND :status IS NULL
  AND (:kind IS NULL OR kind = :kind)
  AND (:programme IS NULL OR :programme IN (id, parent))
  AND (:cohort IS NULL OR id = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year);
