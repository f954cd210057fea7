-- Take back all that the change :change brought and that still stands, in the change :undo, out of the search as well.
UPDATE kinds SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE places SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE sources SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE announcements SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE projects SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE quotas SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE updates SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
DELETE FROM texts
WHERE list = 'place' AND id IN (SELECT id FROM places WHERE change_id = :change AND retracted_in = :undo);
DELETE FROM texts
WHERE list = 'source' AND id IN (SELECT id FROM sources WHERE change_id = :change AND retracted_in = :undo);
DELETE FROM texts
WHERE list = 'announcement' AND id IN (SELECT id FROM announcements WHERE change_id = :change AND retracted_in = :undo);
DELETE FROM texts
WHERE list = 'project' AND id IN (SELECT id FROM projects WHERE change_id = :change AND retracted_in = :undo);
DELETE FROM texts
WHERE list = 'update' AND id IN (SELECT id FROM updates WHERE change_id = :change AND retracted_in = :undo);
UPDATE changes SET undone_in = :undo WHERE id = :change;
