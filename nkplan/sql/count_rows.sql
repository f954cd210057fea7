-- How many rows of each list there are, those taken back included.
SELECT 'kinds' AS list, count(*) AS number FROM kinds
UNION ALL
SELECT 'places', count(*) FROM places
UNION ALL
SELECT 'sources', count(*) FROM sources
UNION ALL
SELECT 'announcements', count(*) FROM announcements
UNION ALL
SELECT 'projects', count(*) FROM projects
UNION ALL
SELECT 'quotas', count(*) FROM quotas
UNION ALL
SELECT 'updates', count(*) FROM updates;
