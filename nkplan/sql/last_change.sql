-- The last change of which something stands, and which can be undone. The first run can not: it is where the
-- record starts.
SELECT id, command, recorded, recorded_by, summary
FROM changes
WHERE command IN ('add', 'update', 'load')
  AND (EXISTS (SELECT 1 FROM updates WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM projects WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM sources WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM quotas WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM announcements WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM places WHERE change_id = changes.id AND retracted_in IS NULL)
       OR EXISTS (SELECT 1 FROM kinds WHERE change_id = changes.id AND retracted_in IS NULL))
ORDER BY id DESC
LIMIT 1;
