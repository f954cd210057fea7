-- name: add_change
-- Add a row to the journal.
INSERT INTO changes (uuid, command, recorded, recorded_by, summary, data_set, undoes)
VALUES (:uuid, :command, :recorded, :who, :summary, :data_set, :undoes);

-- name: find_last_change
-- The last change that can be undone and has active rows. The first run cannot be undone: the record starts
-- with it.
SELECT id, command, recorded, recorded_by, summary
FROM changes
WHERE command <> 'first run'
  AND (EXISTS (SELECT 1 FROM updates WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM projects WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM sources WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM quotas WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM announcements WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM places WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM publishers WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM settings WHERE change_id = changes.id AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM kinds WHERE change_id = changes.id AND undone_in IS NULL))
ORDER BY id DESC
LIMIT 1;

-- name: list_rows_of_change
-- The keys of the active rows that the change :change recorded, list by list.
SELECT 'settings' AS list, id AS key FROM settings WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'publishers', domain FROM publishers WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'kinds', id FROM kinds WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'places', id FROM places WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'sources', id FROM sources WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'announcements', id FROM announcements WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'projects', id FROM projects WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'quotas', id FROM quotas WHERE change_id = :change AND undone_in IS NULL
UNION ALL
SELECT 'updates', id FROM updates WHERE change_id = :change AND undone_in IS NULL;

-- name: count_rows_of_change
-- How many rows the change :change recorded, active or not, in each list that has some.
SELECT * FROM (
    SELECT 'settings' AS list, count(*) AS number FROM settings WHERE change_id = :change
    UNION ALL
    SELECT 'publishers', count(*) FROM publishers WHERE change_id = :change
    UNION ALL
    SELECT 'kinds', count(*) FROM kinds WHERE change_id = :change
    UNION ALL
    SELECT 'places', count(*) FROM places WHERE change_id = :change
    UNION ALL
    SELECT 'sources', count(*) FROM sources WHERE change_id = :change
    UNION ALL
    SELECT 'announcements', count(*) FROM announcements WHERE change_id = :change
    UNION ALL
    SELECT 'projects', count(*) FROM projects WHERE change_id = :change
    UNION ALL
    SELECT 'quotas', count(*) FROM quotas WHERE change_id = :change
    UNION ALL
    SELECT 'updates', count(*) FROM updates WHERE change_id = :change)
WHERE number > 0;

-- name: retract_change
-- Retract everything that the change :change recorded and that is still active, in the change :undo, and
-- remove it from the search.
UPDATE settings SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE publishers SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE kinds SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE places SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE sources SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE announcements SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE projects SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE quotas SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
UPDATE updates SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
DELETE FROM texts
WHERE list = 'place' AND id IN (SELECT id FROM places WHERE change_id = :change AND undone_in = :undo);
DELETE FROM texts
WHERE list = 'source' AND id IN (SELECT id FROM sources WHERE change_id = :change AND undone_in = :undo);
DELETE FROM texts
WHERE list = 'announcement' AND id IN (SELECT id FROM announcements WHERE change_id = :change AND undone_in = :undo);
DELETE FROM texts
WHERE list = 'project' AND id IN (SELECT id FROM projects WHERE change_id = :change AND undone_in = :undo);
DELETE FROM texts
WHERE list = 'update' AND id IN (SELECT id FROM updates WHERE change_id = :change AND undone_in = :undo);
UPDATE changes SET undone_in = :undo WHERE id = :change;

-- name: retract_updates
-- Retract the updates among :updates, a JSON list of ids, in the change :undo, and remove them from the
-- search.
UPDATE updates SET undone_in = :undo
WHERE id IN (SELECT value FROM json_each(:updates)) AND undone_in IS NULL;
DELETE FROM texts
WHERE list = 'update'
  AND id IN (SELECT id FROM updates
             WHERE id IN (SELECT value FROM json_each(:updates)) AND undone_in = :undo);

-- name: has_record
-- Whether anything was ever recorded, including the record shipped with nkplan.
SELECT EXISTS (SELECT 1 FROM kinds)
       OR EXISTS (SELECT 1 FROM changes WHERE command <> 'first run') AS holds;
