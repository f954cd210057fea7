-- The announcements that cite a source among :sources, a JSON list of ids.
SELECT id, announced AS event_date, source
FROM announcements
WHERE source IN (SELECT value FROM json_each(:sources));
