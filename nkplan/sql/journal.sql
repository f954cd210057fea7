-- name: add_change
-- Add a row to the journal.
INSERT INTO changes (command, recorded, recorded_by, summary)
VALUES (:command, :recorded, :who, :summary);

-- name: find_last_change
-- The last change that can be undone and has active rows. The first run cannot be undone: the record starts
-- with it.
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

-- name: list_rows_of_change
-- The keys of the active rows that the change :change recorded, list by list. A quota's key is its number.
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

-- name: retract_change
-- Retract everything that the change :change recorded and that is still active, in the change :undo, and
-- remove it from the search.
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

-- name: retract_updates
-- Retract the updates among :updates, a JSON list of ids, in the change :undo, and remove them from the
-- search.
UPDATE updates SET retracted_in = :undo
WHERE id IN (SELECT value FROM json_each(:updates)) AND retracted_in IS NULL;
DELETE FROM texts
WHERE list = 'update'
  AND id IN (SELECT id FROM updates
             WHERE id IN (SELECT value FROM json_each(:updates)) AND retracted_in = :undo);

-- name: has_record
-- Whether anything was ever recorded, including the record shipped with nkplan.
SELECT EXISTS (SELECT 1 FROM kinds)
       OR EXISTS (SELECT 1 FROM changes WHERE command <> 'first run') AS holds;
