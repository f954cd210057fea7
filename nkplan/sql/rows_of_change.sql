-- The keys of all standing rows that the change :change brought, list by list. A quota's key is its number.
SELECT 'kinds' AS list, id AS key FROM kinds WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'places', id FROM places WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'sources', id FROM sources WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'announcements', id FROM announcements WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'projects', id FROM projects WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'quotas', CAST(id AS TEXT) FROM quotas WHERE change_id = :change AND retracted_in IS NULL
UNION ALL
SELECT 'updates', id FROM updates WHERE change_id = :change AND retracted_in IS NULL;
