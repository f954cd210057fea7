-- The ids of all that stands, each with the list it is in.
SELECT 'projects' AS list, id FROM projects WHERE retracted_in IS NULL
UNION ALL
SELECT 'announcements', id FROM announcements WHERE retracted_in IS NULL
UNION ALL
SELECT 'places', id FROM places WHERE retracted_in IS NULL
UNION ALL
SELECT 'sources', id FROM sources WHERE retracted_in IS NULL
ORDER BY list, id;
