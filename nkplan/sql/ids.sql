-- The ids of all that stands in the list :list.
SELECT id FROM projects WHERE :list = 'projects' AND retracted_in IS NULL
UNION ALL
SELECT id FROM announcements WHERE :list = 'announcements' AND retracted_in IS NULL
UNION ALL
SELECT id FROM places WHERE :list = 'places' AND retracted_in IS NULL
UNION ALL
SELECT id FROM sources WHERE :list = 'sources' AND retracted_in IS NULL
ORDER BY id;
