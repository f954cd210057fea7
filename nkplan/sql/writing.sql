-- name: date_announcements
-- Update the days that follow from the dates of an announcement and its source.
UPDATE announcements SET effective_day = :effective_day, known_day = :known_day WHERE id = :id;

-- name: date_updates
-- Update the days that follow from the dates of an update and its source.
UPDATE updates SET effective_day = :effective_day, known_day = :known_day WHERE id = :id;

-- name: add_date
-- Add a date to the table of dates, unless it is there.
INSERT OR IGNORE INTO dates (date) VALUES (?);

-- name: free_years
-- Take the years from the cohorts among :projects, a JSON list of ids, until each gets its own: two may exchange theirs.
UPDATE projects SET year = NULL WHERE type = 'cohort' AND id IN (SELECT value FROM json_each(:projects));

-- name: set_year
-- Give the project :project its year.
UPDATE projects SET year = :year WHERE id = :project;

-- name: keep_settings
-- Store which undone settings among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'settings', id, :change, change_id, undone_in, value
FROM settings
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_kinds
-- Store which undone kinds among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'kinds', id, :change, change_id, undone_in, NULL
FROM kinds
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_publishers
-- Store which undone publishers among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'publishers', domain, :change, change_id, undone_in, NULL
FROM publishers
WHERE domain IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_places
-- Store which undone places among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'places', id, :change, change_id, undone_in, NULL
FROM places
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_outlines
-- Store which undone outlines among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'outlines', place, :change, change_id, undone_in, NULL
FROM outlines
WHERE place IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_sources
-- Store which undone sources among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'sources', id, :change, change_id, undone_in, NULL
FROM sources
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_announcements
-- Store which undone announcements among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'announcements', id, :change, change_id, undone_in, NULL
FROM announcements
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_projects
-- Store which undone projects among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'projects', id, :change, change_id, undone_in, NULL
FROM projects
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_quotas
-- Store which undone quotas among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'quotas', id, :change, change_id, undone_in, NULL
FROM quotas
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: keep_updates
-- Store which undone updates among :keys, a JSON list, the change :change records again.
INSERT OR REPLACE INTO recorded_again (list, id, change_id, recorded_in, undone_in, before)
SELECT 'updates', id, :change, change_id, undone_in, NULL
FROM updates
WHERE id IN (SELECT value FROM json_each(:keys)) AND undone_in IS NOT NULL;

-- name: delete_marks
-- Delete the tags, the identifiers and the organisations of the project :project.
DELETE FROM tags WHERE project = :project;
DELETE FROM identifiers WHERE project = :project;
DELETE FROM organisations WHERE project = :project;

-- name: add_tag
-- Add a tag to a project.
INSERT INTO tags (project, tag) VALUES (?, ?);

-- name: add_identifier
-- Add an id that others give a project, with its scheme.
INSERT INTO identifiers (project, scheme, identifier) VALUES (?, ?, ?);

-- name: add_organisation
-- Add the name of someone who takes part in a project, with the role.
INSERT INTO organisations (project, role, name) VALUES (?, ?, ?);

-- name: delete_update_figures
-- Delete the figures of the updates among :updates, a JSON list of ids.
DELETE FROM update_figures WHERE "update" IN (SELECT value FROM json_each(:updates));

-- name: add_update_figure
-- Add a figure to an update.
INSERT INTO update_figures ("update", position, item, value, unit, year, source, note)
VALUES (:update, :position, :item, :value, :unit, :year, :source, :note);

-- name: announcements_citing
-- The announcements that cite a source among :sources, a JSON list of ids.
SELECT id, announced AS event_date, source
FROM announcements
WHERE source IN (SELECT value FROM json_each(:sources));

-- name: updates_citing
-- The updates that cite a source among :sources, a JSON list of ids.
SELECT id, event_date AS event_date, source
FROM updates
WHERE source IN (SELECT value FROM json_each(:sources));

-- name: create_incoming_ids
-- Create the table of the ids of a long file's updates, each with the number of the first update that has it.
DROP TABLE IF EXISTS temp.incoming_ids;
CREATE TEMP TABLE incoming_ids (id TEXT PRIMARY KEY NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;

-- name: add_incoming_id
-- Add the id of an update of a long file, unless an earlier update has it.
INSERT OR IGNORE INTO incoming_ids (id, number) VALUES (?, ?);

-- name: find_incoming_ids
-- For the ids among :keys, a JSON list, the numbers of the first updates of a long file that have them.
SELECT id, number FROM incoming_ids WHERE id IN (SELECT value FROM json_each(:keys));

-- name: delete_place_names
-- Delete the spellings of the place :place.
DELETE FROM place_names WHERE place = :place;

-- name: add_place_name
-- Add a spelling of a place's name, with its lookup key.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded);

-- name: delete_announcement_parts
-- Delete the terms, the context and the figures of the announcement :announcement.
DELETE FROM announcement_details WHERE announcement = :announcement;
DELETE FROM announcement_figures WHERE announcement = :announcement;

-- name: add_announcement_detail
-- Add a term or a sentence of context to an announcement.
INSERT INTO announcement_details (announcement, part, position, text)
VALUES (:announcement, :part, :position, :text);

-- name: add_announcement_figure
-- Add a figure to an announcement.
INSERT INTO announcement_figures (announcement, position, item, value, unit, year, source, note)
VALUES (:announcement, :position, :item, :value, :unit, :year, :source, :note);

-- name: add_former_row
-- Keep the content that a row had before the change :change; if that is an undo or a redo, then of :reversed.
INSERT INTO former_rows (list, id, content, change_id, reversed)
VALUES (:list, :id, :content, :change, :reversed);

-- name: retract_settings
-- Retract the settings among :settings, a JSON list, in the change :change.
UPDATE settings SET undone_in = :change
WHERE id IN (SELECT value FROM json_each(:settings)) AND undone_in IS NULL;

-- name: touch_change
-- Find the projects whose states the change :change can move: those that its updates are about, and those
-- with updates that cite one of its sources, because the order of these updates may change.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
INSERT INTO touched
SELECT project FROM updates WHERE change_id = :change
UNION
SELECT updates.project
FROM sources
JOIN updates ON updates.source = sources.id
WHERE sources.change_id = :change
EXCEPT
SELECT project FROM touched;

-- name: touch_updates
-- Find the projects of the updates among :updates, a JSON list of ids.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
INSERT INTO touched
SELECT project FROM updates WHERE id IN (SELECT value FROM json_each(:updates))
EXCEPT
SELECT project FROM touched;

-- name: touch_sources
-- Find the projects of the updates that cite a source among :sources, a JSON list of ids.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
INSERT INTO touched
SELECT project FROM updates WHERE source IN (SELECT value FROM json_each(:sources))
EXCEPT
SELECT project FROM touched;

-- name: touch_renamed
-- Take the project :new, which was called :old, for the one that was found.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
UPDATE touched SET project = :new WHERE project = :old;

-- name: name_text
-- Let the search find the row :new of the list :list, which was called :old.
UPDATE texts SET id = :new WHERE list = :list AND id = :old;

-- name: move_former_rows
-- Let what the row :old of the list :list said before belong to it under its new id; and of a place what its outline
-- said, which is known by its place.
UPDATE former_rows SET id = :new WHERE id = :old AND list IN (:list, CASE :list WHEN 'places' THEN 'outlines' END);
UPDATE recorded_again SET id = :new WHERE id = :old AND list IN (:list, CASE :list WHEN 'places' THEN 'outlines' END);

-- name: move_former_ids
-- Let what means the row :old of the list :list mean it under its new id.
UPDATE former_ids SET id = :new WHERE list = :list AND id = :old;

-- name: set_former_id
-- Let :former mean the row :id of the list :list too, unless it means another. What it meant by a change that was
-- undone it means no longer.
INSERT INTO former_ids (list, former, id, change_id) VALUES (:list, :former, :id, :change)
ON CONFLICT (list, former) DO UPDATE SET id = excluded.id, change_id = excluded.change_id
WHERE (SELECT undone_in FROM changes WHERE changes.id = former_ids.change_id) IS NOT NULL;

-- name: set_former_content
-- Replace the content of the row :number of former_rows.
UPDATE former_rows SET content = :content WHERE rowid = :number;

-- name: keep_states
-- Keep the states that the projects in `touched` had before; a change may have touched none.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
CREATE TEMP TABLE states_before AS
SELECT * FROM states WHERE project IN (SELECT project FROM touched);

-- name: count_touched
-- How many projects there are in `touched`.
SELECT count(*) AS projects FROM touched;

-- name: forget_judged
-- Forget the states of the projects in `touched`, and find again which of their openings can be void.
DELETE FROM unfinished WHERE project IN (SELECT project FROM touched);
INSERT INTO unfinished
SELECT judged_unfinished.project, judged_unfinished.day
FROM touched
CROSS JOIN possibly_void ON possibly_void.project = touched.project  -- This keeps the order of the loops.
CROSS JOIN judged_unfinished ON judged_unfinished.project = touched.project;
DELETE FROM states WHERE project IN (SELECT project FROM touched);

-- name: forget_contradicted
-- Forget whether the claims of the projects in `touched` contradict each other.
DELETE FROM contradicted WHERE project IN (SELECT project FROM touched);

-- name: add_contradicted
-- Store that the claims of the project :project contradict each other.
INSERT INTO contradicted (project) VALUES (:project);

-- name: judge_few
-- Judge the projects in `touched`. `judged` has the columns of `states`.
INSERT INTO states
SELECT * FROM judged WHERE project IN (SELECT project FROM touched);

-- name: judge_many
-- Do the same in three parts, which takes longer to prepare and less for each project: SQLite is slow to run a query
-- with hundreds of cursors (see sites.list_past_sites).
CREATE TEMP TABLE part_status AS
SELECT project, status, claimed, verified, started, started_seen, progress, last_date, last_day, updates
FROM judged WHERE project IN (SELECT project FROM touched);
CREATE TEMP TABLE part_days AS
SELECT project, start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day
FROM judged WHERE project IN (SELECT project FROM touched);
CREATE TEMP TABLE part_promises AS
SELECT project, promised_start, promised, promised_use, promised_again
FROM judged WHERE project IN (SELECT project FROM touched);
INSERT INTO states
SELECT part_status.*, start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day,
       promised_start, promised, promised_use, promised_again
FROM part_status
JOIN part_days USING (project)
JOIN part_promises USING (project);
DROP TABLE part_status;
DROP TABLE part_days;
DROP TABLE part_promises;

-- name: list_touched
-- The projects in `touched`; if :changed is 1, only those whose states differ from `states_before`. Each row
-- has the number of all such projects; at most :most are returned.
SELECT project, count(*) OVER () AS moved
FROM touched
WHERE NOT :changed
   OR project IN (
       SELECT project
       FROM (SELECT * FROM states WHERE project IN (SELECT project FROM touched)
             EXCEPT SELECT * FROM states_before)
       UNION ALL
       SELECT project
       FROM (SELECT * FROM states_before
             EXCEPT SELECT * FROM states WHERE project IN (SELECT project FROM touched)))
ORDER BY project
LIMIT :most;

-- name: states_before_by_key
-- The states that the projects among :projects, a JSON list of ids, had before they were judged again.
SELECT * FROM states_before WHERE project IN (SELECT value FROM json_each(:projects));
