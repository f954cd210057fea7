-- Pick of the updates that are coming those that have to be looked at one by one: whose id comes twice or is
-- there, which name what neither stands nor comes with them, or which say nothing. All others are new and right.
INSERT INTO suspects (id, line)
SELECT id, line
FROM coming
WHERE id IN (SELECT id FROM coming WHERE line IN (SELECT line FROM repeated))
   OR id IN (SELECT id FROM updates)
   OR coalesce(status, percent, promised, note) IS NULL
   OR NOT EXISTS (SELECT 1 FROM brought WHERE list = 'projects' AND brought.key = coming.project)
      AND NOT EXISTS (SELECT 1 FROM projects WHERE projects.id = coming.project AND retracted_in IS NULL)
   OR source IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM brought WHERE list = 'sources' AND brought.key = coming.source)
      AND NOT EXISTS (SELECT 1 FROM sources WHERE sources.id = coming.source AND retracted_in IS NULL)
   OR announcement IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM brought WHERE list = 'announcements' AND brought.key = coming.announcement)
      AND NOT EXISTS (SELECT 1 FROM announcements
                      WHERE announcements.id = coming.announcement AND retracted_in IS NULL);
