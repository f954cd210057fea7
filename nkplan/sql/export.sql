-- name: all_kinds
-- The active kinds. As in every list of an export, the fields are in the order of the manual (formats), and the
-- rows in an order that stays the same after loading them again; a row comes after the rows of its own list that
-- it names.
SELECT id
FROM kinds
WHERE retracted_in IS NULL
ORDER BY id;

-- name: all_places
-- The active places, each after the place that contains it: by the number of places around them, then by id.
SELECT id, name, full_name, local_name, type, parent, latitude, longitude, population, population_year,
       nullif((SELECT json_group_array(spelling.name)
               FROM (SELECT name FROM place_names WHERE place = places.id ORDER BY name) AS spelling
               WHERE spelling.name IS NOT places.name AND spelling.name IS NOT full_name
                 AND spelling.name IS NOT local_name), '[]') AS names,
       note
FROM places
WHERE retracted_in IS NULL
ORDER BY (WITH RECURSIVE around (place) AS (
              SELECT places.parent
              UNION
              SELECT above.parent FROM around JOIN places AS above ON above.id = around.place)
          SELECT count(place) FROM around), id;

-- name: all_sources
-- The active sources.
SELECT id, title, publisher, published, url, evidence, archive, note
FROM sources
WHERE retracted_in IS NULL
ORDER BY id;

-- name: all_announcements
-- The active announcements; their figures are read for one announcement at a time.
SELECT id, title, announced, said, speaker, occasion, source,
       nullif((SELECT json_group_array(text)
               FROM (SELECT text FROM announcement_details
                     WHERE announcement = announcements.id AND part = 'term' ORDER BY position)), '[]') AS terms,
       nullif((SELECT json_group_array(text)
               FROM (SELECT text FROM announcement_details
                     WHERE announcement = announcements.id AND part = 'context' ORDER BY position)),
              '[]') AS context
FROM announcements
WHERE retracted_in IS NULL
ORDER BY id;

-- name: figures_of_announcement
-- The figures of the announcement :announcement, as rows, because SQLite's JSON does not keep every digit of
-- a value.
SELECT item, value, unit, year, source, note
FROM announcement_figures
WHERE announcement = :announcement
ORDER BY position;

-- name: all_projects
-- The active projects: programmes, their cohorts, then sites.
SELECT id, name, type, kind, parent, model, place, year, note
FROM projects
WHERE retracted_in IS NULL
ORDER BY CASE type WHEN 'programme' THEN 0 WHEN 'cohort' THEN 1 ELSE 2 END, id;

-- name: all_quotas
-- The active quotas, by project, kind and years.
SELECT project, kind, quantity, per, unit, first_year, last_year, announcement, note
FROM quotas
WHERE retracted_in IS NULL
ORDER BY project, kind, first_year, per DESC, coalesce(last_year, 9999) DESC, announcement;

-- name: all_updates
-- The active updates, project by project, in the order of judgement.
SELECT project, event_date, status, percent, promised, note, evidence, confidence, source, announcement, id
FROM updates
WHERE retracted_in IS NULL
ORDER BY project, settled, rank, percent, promised, event_date, id;
