-- name: add_change
-- Add a row to the journal.
INSERT INTO changes (uuid, command, recorded, recorded_by, summary, data_set, undoes, redoes)
VALUES (:uuid, :command, :recorded, :who, :summary, :data_set, :undoes, :redoes);

-- name: find_change
-- The change :change.
SELECT id, command, recorded, recorded_by, summary, undone_in, undoes, redoes FROM changes WHERE id = :change;

-- name: list_undoable
-- The numbers of the changes that are not undone, the last one first; one that was redone counts from then. The
-- first run cannot be undone, because the record starts with it, and an undo or redo is no change of its own.
WITH last_redone (change_id, redo, position) AS (
    SELECT reversed_changes.change_id, max(reversal), position
    FROM reversed_changes
    JOIN changes ON changes.id = reversal
    WHERE command = 'redo'
    GROUP BY reversed_changes.change_id
)
SELECT changes.id
FROM changes
LEFT JOIN last_redone ON last_redone.change_id = changes.id
WHERE changes.command NOT IN ('first run', 'undo', 'redo') AND changes.undone_in IS NULL
ORDER BY coalesce(redo, changes.id) DESC, position DESC;

-- name: order_changes
-- The numbers of the changes among :changes, a JSON list, in the order in which they were made or last redone.
WITH last_redone (change_id, redo, position) AS (
    SELECT reversed_changes.change_id, max(reversal), position
    FROM reversed_changes
    JOIN changes ON changes.id = reversal
    WHERE command = 'redo'
    GROUP BY reversed_changes.change_id
)
SELECT value AS id
FROM json_each(:changes)
LEFT JOIN last_redone ON last_redone.change_id = value
ORDER BY coalesce(redo, value), position;

-- name: add_reversed_change
-- Store that the undo or redo :reversal undid the change :change, or recorded it again.
INSERT INTO reversed_changes (reversal, position, change_id)
SELECT :reversal, count(*) + 1, :change FROM reversed_changes WHERE reversal = :reversal;

-- name: list_reversed_changes
-- The changes that the undo or redo :reversal undid or recorded again, in that order.
SELECT change_id AS id FROM reversed_changes WHERE reversal = :reversal ORDER BY position;

-- name: list_still_undone
-- The changes that the undo :undo undid and that are not recorded again.
SELECT id FROM changes WHERE undone_in = :undo;

-- name: has_effect
-- Whether something of the change :change shows: an active row that it recorded, or a setting that it took away.
SELECT EXISTS (SELECT 1 FROM updates WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM projects WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM sources WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM quotas WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM announcements WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM places WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM outlines WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM publishers WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM settings WHERE change_id = :change AND undone_in IS NULL)
       OR EXISTS (SELECT 1 FROM settings WHERE undone_in = :change)
       OR EXISTS (SELECT 1 FROM recorded_again JOIN settings USING (id, change_id)
                  WHERE list = 'settings' AND recorded_again.undone_in = :change AND settings.undone_in IS NOT NULL)
       OR EXISTS (SELECT 1 FROM kinds WHERE change_id = :change AND undone_in IS NULL) AS has_effect;

-- name: find_last_undo
-- The number of the last undo that has not been redone, and the number of what was recorded after it, if anything.
SELECT id,
       (SELECT max(later.id) FROM changes AS later
        WHERE later.id > changes.id AND later.command NOT IN ('undo', 'redo') AND later.undone_in IS NULL) AS later
FROM changes
WHERE command = 'undo' AND undone_in IS NULL
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
SELECT 'outlines', place FROM outlines WHERE change_id = :change AND undone_in IS NULL
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
    SELECT 'outlines', count(*) FROM outlines WHERE change_id = :change
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
UPDATE outlines SET undone_in = :undo WHERE change_id = :change AND undone_in IS NULL;
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

-- name: retract_projects
-- Retract the projects among :projects, a JSON list of ids, in the change :undo, and remove them from the search.
UPDATE projects SET undone_in = :undo
WHERE id IN (SELECT value FROM json_each(:projects)) AND undone_in IS NULL;
DELETE FROM texts
WHERE list = 'project'
  AND id IN (SELECT id FROM projects
             WHERE id IN (SELECT value FROM json_each(:projects)) AND undone_in = :undo);

-- name: retract_quotas
-- Retract the quotas among :quotas, a JSON list of ids, in the change :undo.
UPDATE quotas SET undone_in = :undo
WHERE id IN (SELECT value FROM json_each(:quotas)) AND undone_in IS NULL;

-- name: list_rows_of_project
-- The keys of the project :project and of its active updates and quotas, list by list.
SELECT 'projects' AS list, id AS key FROM projects WHERE id = :project AND undone_in IS NULL
UNION ALL
SELECT 'quotas', id FROM quotas WHERE project = :project AND undone_in IS NULL
UNION ALL
SELECT 'updates', id FROM updates WHERE project = :project AND undone_in IS NULL;

-- name: list_rows_undone
-- The keys of the rows of the change :change that the change :undo undid, list by list.
SELECT 'settings' AS list, id AS key FROM settings WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'publishers', domain FROM publishers WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'kinds', id FROM kinds WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'places', id FROM places WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'outlines', place FROM outlines WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'sources', id FROM sources WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'announcements', id FROM announcements WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'projects', id FROM projects WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'quotas', id FROM quotas WHERE change_id = :change AND undone_in = :undo
UNION ALL
SELECT 'updates', id FROM updates WHERE change_id = :change AND undone_in = :undo;

-- name: list_rows_retracted
-- The keys of the rows that the change :undo undid by name, list by list, each with the change that recorded it. No index
-- is by `undone_in`; of the updates the one that has it is read, which is smaller than the table.
WITH whole (id) AS MATERIALIZED (SELECT change_id FROM reversed_changes WHERE reversal = :undo)
SELECT 'projects' AS list, id AS key, change_id FROM projects
WHERE undone_in = :undo AND change_id NOT IN (SELECT id FROM whole)
UNION ALL
SELECT 'quotas', id, change_id FROM quotas WHERE undone_in = :undo AND change_id NOT IN (SELECT id FROM whole)
UNION ALL
SELECT 'updates', id, change_id FROM updates
WHERE rowid IN (SELECT rowid FROM updates INDEXED BY updates_in_order WHERE undone_in = :undo)
  AND change_id NOT IN (SELECT id FROM whole);

-- name: put_back_change
-- Record again what the change :undo took back of the change :change.
UPDATE settings SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE publishers SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE kinds SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE places SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE outlines SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE sources SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE announcements SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE projects SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE quotas SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;
UPDATE updates SET undone_in = NULL WHERE change_id = :change AND undone_in = :undo;

-- name: put_back_updates
-- Record again the updates among :updates, a JSON list of ids, that the change :undo undid.
UPDATE updates SET undone_in = NULL WHERE id IN (SELECT value FROM json_each(:updates)) AND undone_in = :undo;

-- name: put_back_projects
-- Record again the projects among :projects, a JSON list of ids, that the change :undo undid.
UPDATE projects SET undone_in = NULL WHERE id IN (SELECT value FROM json_each(:projects)) AND undone_in = :undo;

-- name: put_back_quotas
-- Record again the quotas among :quotas, a JSON list of ids, that the change :undo undid.
UPDATE quotas SET undone_in = NULL WHERE id IN (SELECT value FROM json_each(:quotas)) AND undone_in = :undo;

-- name: mark_change_redone
-- Store that the change :change is not undone any more.
UPDATE changes SET undone_in = NULL WHERE id = :change;

-- name: mark_redone
-- Store that the change :redo redid what was left of the undo :undo.
UPDATE changes SET undone_in = :redo WHERE id = :undo;

-- name: list_settings_taken
-- The settings that the change :change, an edit, took away.
SELECT id AS key FROM settings WHERE undone_in = :change ORDER BY rowid;

-- name: count_recorded_again
-- How many of the rows that the change :change recorded and the change :undo undid were recorded again by which other,
-- and whether that was undone too.
SELECT change_id, changes.undone_in, count(*) AS number
FROM recorded_again
JOIN changes ON changes.id = change_id
WHERE recorded_again.undone_in = :undo AND recorded_in = :change
GROUP BY change_id
ORDER BY change_id;

-- name: give_back_replaced_settings
-- Make the settings that the change :change took away what they were, if they have been set again since and that was
-- undone; what they were set to is kept, and who did it.
UPDATE recorded_again
SET after = (SELECT value FROM settings WHERE settings.id = recorded_again.id)
WHERE list = 'settings' AND undone_in = :change
  AND change_id = (SELECT change_id FROM settings
                   WHERE settings.id = recorded_again.id AND settings.undone_in IS NOT NULL);
UPDATE settings
SET value = again.before, change_id = again.recorded_in, undone_in = :change
FROM recorded_again AS again
WHERE again.list = 'settings' AND again.id = settings.id AND again.undone_in = :change
  AND again.change_id = settings.change_id AND settings.undone_in IS NOT NULL;

-- name: replace_settings_again
-- Make the settings that the change :change had set again, and the change :undo undone, what they were then, if they are
-- taken away as they were then.
UPDATE settings
SET value = again.after, change_id = :change, undone_in = :undo
FROM recorded_again AS again
WHERE again.list = 'settings' AND again.id = settings.id AND again.change_id = :change AND again.after IS NOT NULL
  AND settings.undone_in = again.undone_in AND settings.change_id = again.recorded_in;

-- name: give_back_settings
-- Put the settings back on record that the change :change took away.
UPDATE settings SET undone_in = NULL WHERE undone_in = :change;

-- name: create_unneeded
-- Create the table of the rows that are undone and that nothing on record may name.
CREATE TEMP TABLE unneeded (list TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (list, id)) WITHOUT ROWID;

-- name: add_unneeded
-- Add a row that is undone.
INSERT OR IGNORE INTO unneeded (list, id) VALUES (?, ?);

-- name: drop_unneeded
-- Drop the table of the rows that are undone.
DROP TABLE unneeded;

-- name: list_needing
-- The active rows that name a row in `unneeded`, each with the change that recorded it, and the row that it names; at
-- most :most.
SELECT DISTINCT * FROM (
    SELECT 'updates' AS list, updates.id AS key, updates.change_id, unneeded.list AS named_list, unneeded.id AS named
    FROM unneeded CROSS JOIN updates ON updates.project = unneeded.id
    WHERE unneeded.list = 'projects' AND updates.undone_in IS NULL
    UNION ALL
    SELECT 'updates', updates.id, updates.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN updates ON updates.source = unneeded.id
    WHERE unneeded.list = 'sources' AND updates.undone_in IS NULL
    UNION ALL
    SELECT 'updates', updates.id, updates.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN updates ON updates.withdrawn_source = unneeded.id
    WHERE unneeded.list = 'sources' AND updates.undone_in IS NULL
    UNION ALL
    SELECT 'updates', updates.id, updates.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN update_figures ON update_figures.source = unneeded.id
    CROSS JOIN updates ON updates.id = update_figures."update"
    WHERE unneeded.list = 'sources' AND updates.undone_in IS NULL
    UNION ALL
    SELECT 'updates', updates.id, updates.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN updates ON updates.announcement = unneeded.id
    WHERE unneeded.list = 'announcements' AND updates.undone_in IS NULL
    UNION ALL
    SELECT 'quotas', quotas.id, quotas.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN quotas ON quotas.project = unneeded.id
    WHERE unneeded.list = 'projects' AND quotas.undone_in IS NULL
    UNION ALL
    SELECT 'quotas', quotas.id, quotas.change_id, unneeded.list, unneeded.id
    FROM quotas JOIN unneeded ON unneeded.list = 'projects' AND unneeded.id = quotas.within
    WHERE quotas.undone_in IS NULL
    UNION ALL
    SELECT 'quotas', quotas.id, quotas.change_id, unneeded.list, unneeded.id
    FROM quotas JOIN unneeded ON unneeded.list = 'kinds' AND unneeded.id = quotas.kind
    WHERE quotas.undone_in IS NULL
    UNION ALL
    SELECT 'quotas', quotas.id, quotas.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN quotas ON quotas.announcement = unneeded.id
    WHERE unneeded.list = 'announcements' AND quotas.undone_in IS NULL
    UNION ALL
    SELECT 'projects', projects.id, projects.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN projects ON projects.parent = unneeded.id
    WHERE unneeded.list = 'projects' AND projects.undone_in IS NULL
    UNION ALL
    SELECT 'projects', projects.id, projects.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN projects ON projects.model = unneeded.id
    WHERE unneeded.list = 'projects' AND projects.undone_in IS NULL
    UNION ALL
    SELECT 'projects', projects.id, projects.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN projects ON projects.place = unneeded.id
    WHERE unneeded.list = 'places' AND projects.undone_in IS NULL
    UNION ALL
    SELECT 'projects', projects.id, projects.change_id, unneeded.list, unneeded.id
    FROM projects JOIN unneeded ON unneeded.list = 'kinds' AND unneeded.id = projects.kind
    WHERE projects.undone_in IS NULL
    UNION ALL
    SELECT 'places', places.id, places.change_id, unneeded.list, unneeded.id
    FROM places JOIN unneeded ON unneeded.list = 'places' AND unneeded.id = places.parent
    WHERE places.undone_in IS NULL
    UNION ALL
    SELECT 'outlines', outlines.place, outlines.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN outlines ON outlines.place = unneeded.id
    WHERE unneeded.list = 'places' AND outlines.undone_in IS NULL
    UNION ALL
    SELECT 'announcements', announcements.id, announcements.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN announcements ON announcements.source = unneeded.id
    WHERE unneeded.list = 'sources' AND announcements.undone_in IS NULL
    UNION ALL
    SELECT 'announcements', announcements.id, announcements.change_id, unneeded.list, unneeded.id
    FROM unneeded CROSS JOIN announcement_figures ON announcement_figures.source = unneeded.id
    CROSS JOIN announcements ON announcements.id = announcement_figures.announcement
    WHERE unneeded.list = 'sources' AND announcements.undone_in IS NULL)
ORDER BY list, key, named_list, named
LIMIT :most;

-- name: list_edits_since
-- The rows that a change gave other content after the change :change was made or last redone, each with that change,
-- unless it is undone.
WITH last_redone (change_id, redo, position) AS (
    SELECT reversed_changes.change_id, max(reversal), position
    FROM reversed_changes
    JOIN changes ON changes.id = reversal
    WHERE command = 'redo'
    GROUP BY reversed_changes.change_id
)
SELECT former_rows.list, former_rows.id AS key, former_rows.change_id
FROM former_rows
JOIN changes ON changes.id = former_rows.change_id
LEFT JOIN last_redone ON last_redone.change_id = changes.id
WHERE changes.id <> :change AND changes.undone_in IS NULL AND changes.command NOT IN ('undo', 'redo')
  AND (coalesce(redo, changes.id), coalesce(position, 0))
      > (coalesce((SELECT redo FROM last_redone WHERE change_id = :change), :change),
         coalesce((SELECT position FROM last_redone WHERE change_id = :change), 0))
ORDER BY former_rows.rowid;

-- name: list_edits_of_change
-- The keys of the rows that the change :change gave other content, list by list, each with the change that recorded it
-- and the one that undid it.
WITH edited (list, id) AS MATERIALIZED (SELECT DISTINCT list, id FROM former_rows WHERE change_id = :change)
SELECT 'settings' AS list, id AS key, change_id, undone_in
FROM settings WHERE id IN (SELECT id FROM edited WHERE list = 'settings')
UNION ALL
SELECT 'kinds', id, change_id, undone_in
FROM kinds WHERE id IN (SELECT id FROM edited WHERE list = 'kinds')
UNION ALL
SELECT 'publishers', domain, change_id, undone_in
FROM publishers WHERE domain IN (SELECT id FROM edited WHERE list = 'publishers')
UNION ALL
SELECT 'places', id, change_id, undone_in
FROM places WHERE id IN (SELECT id FROM edited WHERE list = 'places')
UNION ALL
SELECT 'outlines', place, change_id, undone_in
FROM outlines WHERE place IN (SELECT id FROM edited WHERE list = 'outlines')
UNION ALL
SELECT 'sources', id, change_id, undone_in
FROM sources WHERE id IN (SELECT id FROM edited WHERE list = 'sources')
UNION ALL
SELECT 'announcements', id, change_id, undone_in
FROM announcements WHERE id IN (SELECT id FROM edited WHERE list = 'announcements')
UNION ALL
SELECT 'projects', id, change_id, undone_in
FROM projects WHERE id IN (SELECT id FROM edited WHERE list = 'projects')
UNION ALL
SELECT 'quotas', id, change_id, undone_in
FROM quotas WHERE id IN (SELECT id FROM edited WHERE list = 'quotas')
UNION ALL
SELECT 'updates', id, change_id, undone_in
FROM updates WHERE id IN (SELECT id FROM edited WHERE list = 'updates');

-- name: list_changes
-- The changes recorded at or after the instant :since, if that is given, and among :changes, a JSON list, if that is
-- given; the last first.
SELECT id, command, recorded, recorded_by, summary, undone_in, undoes, redoes
FROM changes
WHERE (:since IS NULL OR recorded >= :since)
  AND (:changes IS NULL OR id IN (SELECT value FROM json_each(:changes)))
ORDER BY id DESC;

-- name: list_updates_from
-- The active updates whose id is :first or later and before :last, at most :most.
SELECT updates.id, projects.id AS project, updates.event_date, updates.status
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.id >= :first AND updates.id < :last AND updates.undone_in IS NULL
ORDER BY updates.id
LIMIT :most;

-- name: list_all_rows_of_change
-- The rows that the change :change recorded, active or not, list by list, each with the change that undid it.
SELECT 'settings' AS list, id AS key, undone_in FROM settings WHERE change_id = :change
UNION ALL
SELECT 'publishers', domain, undone_in FROM publishers WHERE change_id = :change
UNION ALL
SELECT 'kinds', id, undone_in FROM kinds WHERE change_id = :change
UNION ALL
SELECT 'places', id, undone_in FROM places WHERE change_id = :change
UNION ALL
SELECT 'outlines', place, undone_in FROM outlines WHERE change_id = :change
UNION ALL
SELECT 'sources', id, undone_in FROM sources WHERE change_id = :change
UNION ALL
SELECT 'announcements', id, undone_in FROM announcements WHERE change_id = :change
UNION ALL
SELECT 'projects', id, undone_in FROM projects WHERE change_id = :change
UNION ALL
SELECT 'quotas', id, undone_in FROM quotas WHERE change_id = :change
UNION ALL
SELECT 'updates', id, undone_in FROM updates WHERE change_id = :change;

-- name: list_content_of_change
-- The rows that the change :change gave other content, with what each said before and what it said then: that is what
-- the next change replaced, or nothing if it is what the row says now.
SELECT list, id AS key, content,
       (SELECT next.content FROM former_rows AS next
        WHERE next.list = former_rows.list AND next.id = former_rows.id AND next.rowid > former_rows.rowid
        ORDER BY next.rowid LIMIT 1) AS next
FROM former_rows
WHERE change_id = :change
ORDER BY rowid;

-- name: whole_rows
-- The rows of any list with exactly the id :id, in whatever case, now or before it was renamed, active or not.
SELECT 'settings' AS list, id AS key FROM settings WHERE id = :id
UNION ALL
SELECT 'publishers', domain FROM publishers WHERE domain = :id
UNION ALL
SELECT 'kinds', id FROM kinds WHERE folded = :id
UNION ALL
SELECT 'places', id FROM places WHERE folded = :id
UNION ALL
SELECT 'sources', id FROM sources WHERE folded = :id
UNION ALL
SELECT 'announcements', id FROM announcements WHERE folded = :id
UNION ALL
SELECT 'projects', id FROM projects WHERE folded = :id
UNION ALL
SELECT 'quotas', id FROM quotas WHERE id = :id
UNION ALL
SELECT 'updates', id FROM updates WHERE id = :id
UNION ALL
SELECT list, id FROM former_ids WHERE lower(former) = :id;

-- name: match_rows
-- The rows of any list with :part, in small letters, in their id, active or not; at most one more than are listed for
-- an ambiguous id.
SELECT * FROM (
    SELECT 'settings' AS list, id AS key FROM settings WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'publishers', domain FROM publishers WHERE instr(lower(domain), :part) > 0
    UNION ALL
    SELECT 'kinds', id FROM kinds WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'places', id FROM places WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'sources', id FROM sources WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'announcements', id FROM announcements WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'projects', id FROM projects WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'quotas', id FROM quotas WHERE instr(lower(id), :part) > 0
    UNION ALL
    SELECT 'updates', id FROM updates WHERE instr(lower(id), :part) > 0)
LIMIT 21;

-- name: list_rows_about
-- The row :key of the list :list, of a project also its quotas and updates and of a place its outline, active or not, each
-- with the change that recorded it and the one that undid it; without a key, every setting.
SELECT 'settings' AS list, id AS key, change_id, undone_in FROM settings WHERE :list = 'settings' AND :key IN (id, '')
UNION ALL
SELECT 'publishers', domain, change_id, undone_in FROM publishers WHERE :list = 'publishers' AND domain = :key
UNION ALL
SELECT 'kinds', id, change_id, undone_in FROM kinds WHERE :list = 'kinds' AND id = :key
UNION ALL
SELECT 'places', id, change_id, undone_in FROM places WHERE :list = 'places' AND id = :key
UNION ALL
SELECT 'outlines', place, change_id, undone_in FROM outlines WHERE :list = 'places' AND place = :key
UNION ALL
SELECT 'sources', id, change_id, undone_in FROM sources WHERE :list = 'sources' AND id = :key
UNION ALL
SELECT 'announcements', id, change_id, undone_in FROM announcements WHERE :list = 'announcements' AND id = :key
UNION ALL
SELECT 'projects', id, change_id, undone_in FROM projects WHERE :list = 'projects' AND id = :key
UNION ALL
SELECT 'quotas', id, change_id, undone_in FROM quotas WHERE :list = 'quotas' AND id = :key
UNION ALL
SELECT 'updates', id, change_id, undone_in FROM updates WHERE :list = 'updates' AND id = :key
UNION ALL
SELECT 'quotas', id, change_id, undone_in FROM quotas WHERE :list = 'projects' AND project = :key
UNION ALL
SELECT 'updates', id, change_id, undone_in FROM updates WHERE :list = 'projects' AND project = :key;

-- name: list_former_changes
-- The changes that gave the row :key of the list :list, or the outline of a place, other content; or another id, which is
-- then its `former` one.
SELECT change_id, NULL AS former FROM former_rows
WHERE id = :key AND list IN (:list, CASE :list WHEN 'places' THEN 'outlines' END)
UNION
SELECT change_id, former FROM former_ids WHERE list = :list AND id = :key AND change_id IS NOT NULL;

-- name: list_reversals
-- The undos and redos.
SELECT id, command, summary, undone_in, undoes, redoes FROM changes WHERE command IN ('undo', 'redo') ORDER BY id;

-- name: has_record
-- Whether anything was ever recorded, including the record shipped with nkplan.
SELECT EXISTS (SELECT 1 FROM kinds)
       OR EXISTS (SELECT 1 FROM changes WHERE command <> 'first run') AS holds;
