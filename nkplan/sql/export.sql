-- name: all_settings
-- The settings.
SELECT id, value FROM settings WHERE undone_in IS NULL ORDER BY rowid;

-- name: all_kinds
-- The active kinds. As in every list of an export, the fields are in the order of the manual (formats), and the
-- rows in an order that stays the same after loading them again; a row comes after the rows of its own list that
-- it names.
SELECT id
FROM kinds
WHERE undone_in IS NULL
ORDER BY id;

-- name: all_publishers
-- The active publishers.
SELECT domain, name, evidence
FROM publishers
WHERE undone_in IS NULL
ORDER BY domain;

-- name: all_places
-- The active places, each after the place that contains it: by the number of places around them, then by id; those that
-- contain each other last.
WITH RECURSIVE around (id, places) AS (
    SELECT id, 0 FROM places WHERE parent IS NULL
    UNION ALL
    SELECT places.id, around.places + 1 FROM around JOIN places ON places.parent = around.id
)
SELECT id, name, full_name, local_name, type, parent, latitude, longitude, population, population_year,
       nullif((SELECT json_group_array(spelling.name)
               FROM (SELECT name FROM place_names WHERE place = places.id ORDER BY name) AS spelling
               WHERE spelling.name IS NOT places.name AND spelling.name IS NOT full_name
                 AND spelling.name IS NOT local_name), '[]') AS names,
       note
FROM places
LEFT JOIN around USING (id)
WHERE undone_in IS NULL
ORDER BY around.places IS NULL, around.places, id;

-- name: all_outlines
-- The active outlines.
SELECT place, geometry, credit
FROM outlines
WHERE undone_in IS NULL
ORDER BY place;

-- name: all_sources
-- The active sources.
SELECT id, title, publisher, published, retrieved, url, evidence, archive, note
FROM sources
WHERE undone_in IS NULL
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
WHERE undone_in IS NULL
ORDER BY id;

-- name: figures_of_announcement
-- The figures of the announcement :announcement, as rows, because SQLite's JSON does not keep every digit of
-- a value.
SELECT item, value, unit, year, source, note
FROM announcement_figures
WHERE announcement = :announcement
ORDER BY position;

-- name: figures_of_update
-- The figures of the update :update, as rows like those of an announcement.
SELECT item, value, unit, year, source, note
FROM update_figures
WHERE "update" = :update
ORDER BY position;

-- name: all_projects
-- The active projects: programmes, their cohorts, then sites.
SELECT id, name, type, kind, parent, model, place, year,
       nullif((SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE project = projects.id ORDER BY tag)),
              '[]') AS tags,
       nullif((SELECT json_group_array(json_object('scheme', scheme, 'id', identifier))
               FROM (SELECT * FROM identifiers WHERE project = projects.id ORDER BY scheme, identifier)),
              '[]') AS identifiers,
       nullif((SELECT json_group_array(json_object('role', role, 'name', name))
               FROM (SELECT * FROM organisations WHERE project = projects.id ORDER BY role, name)),
              '[]') AS organisations,
       note
FROM projects
WHERE undone_in IS NULL
ORDER BY CASE type WHEN 'programme' THEN 0 WHEN 'cohort' THEN 1 ELSE 2 END, id;

-- name: all_quotas
-- The active quotas, by project, kind and years.
SELECT id, project, kind, quantity, per, unit, label, promised_status, beside, within, first_year, last_year,
       announcement, note
FROM quotas
WHERE undone_in IS NULL
ORDER BY project, kind, first_year, per DESC, coalesce(last_year, 9999) DESC, announcement, id;

-- name: all_updates
-- The active updates, project by project, in the order of judgement.
SELECT id, project, event_date, status, percent, promised, promised_status, count, of, unit, bound,
       EXISTS (SELECT 1 FROM update_figures WHERE "update" = updates.id) AS figures,
       speaker, withdrawn, withdrawn_source, note, evidence, confidence, source, announcement
FROM updates
WHERE undone_in IS NULL
ORDER BY project, effective_day, rank, percent, promised, event_date, id;
