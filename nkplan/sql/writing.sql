-- name: keep_states
-- Renew the kept states of the projects among :projects, a JSON list of ids.
DELETE FROM states WHERE project IN (SELECT value FROM json_each(:projects));
INSERT INTO states SELECT * FROM judged WHERE project IN (SELECT value FROM json_each(:projects));

-- name: date_announcements
-- Renew the days that follow from the dates of an announcement and its source.
UPDATE announcements SET settled = :settled, known = :known WHERE id = :id;

-- name: date_updates
-- Renew the days that follow from the dates of an update and its source.
UPDATE updates SET settled = :settled, known = :known WHERE id = :id;

-- name: announcements_citing
-- The announcements that cite a source among :sources, a JSON list of ids.
SELECT id, announced AS event_date, source
FROM announcements
WHERE source IN (SELECT value FROM json_each(:sources));

-- name: updates_citing
-- The updates that cite a source among :sources, a JSON list of ids.
SELECT id, event_date AS event_date, source
FROM updates
WHERE source IN (SELECT value FROM json_each(:sources));

-- name: projects_citing
-- The projects with updates that cite a source among :sources, a JSON list of ids: when one of these sources
-- changes, so may the order of their updates.
SELECT DISTINCT project
FROM updates
WHERE source IN (SELECT value FROM json_each(:sources))
ORDER BY project;
