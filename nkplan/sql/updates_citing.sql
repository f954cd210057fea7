-- The updates that cite a source among :sources, a JSON list of ids.
SELECT id, event_date AS event_date, source
FROM updates
WHERE source IN (SELECT value FROM json_each(:sources));
