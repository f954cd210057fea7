-- The projects with updates that cite a source among :sources, a JSON list of ids: when one of these sources
-- changes, so may the order of their updates.
SELECT DISTINCT project
FROM updates
WHERE source IN (SELECT value FROM json_each(:sources))
ORDER BY project;
