-- The last change that can be undone. The first run is not one: it is where the record starts.
SELECT id, command, recorded, recorded_by, summary
FROM changes
WHERE undone_in IS NULL AND command IN ('add', 'update', 'load')
ORDER BY id DESC
LIMIT 1;
