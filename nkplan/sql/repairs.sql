-- name: repair_wrong_province
-- Set the province of each place, active or not, to the outermost place around it.
WITH RECURSIVE within (id, province) AS (
    SELECT id, id FROM places WHERE parent IS NULL
    UNION ALL
    SELECT places.id, within.province FROM within JOIN places ON places.parent = within.id
)
UPDATE places SET province = within.province
FROM within
WHERE within.id = places.id AND places.province <> within.province;

-- name: repair_stale_names
-- Store :folded as the lookup key of the spelling :name of the place :place.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded)
ON CONFLICT (place, name) DO UPDATE SET folded = excluded.folded;

-- name: repair_stale_days
-- Update what follows from the dates and the status of each update and announcement, if it differs.
UPDATE updates SET settled = dated.settled, known = dated.known, rank = dated.rank
FROM dated
WHERE dated.list = 'update' AND dated.id = updates.id
  AND (updates.settled, updates.known, updates.rank) IS NOT (dated.settled, dated.known, dated.rank);
UPDATE announcements SET settled = dated.settled, known = dated.known
FROM dated
WHERE dated.list = 'announcement' AND dated.id = announcements.id
  AND (announcements.settled, announcements.known) IS NOT (dated.settled, dated.known);

-- name: repair_stale_state
-- Judge again the projects whose stored state does not follow from their updates.
DELETE FROM states
WHERE project IN (SELECT project FROM (
    SELECT * FROM states
    EXCEPT
    SELECT * FROM judged));
INSERT INTO states SELECT * FROM judged
WHERE project NOT IN (SELECT project FROM states);

-- name: delete_stale_texts
-- Delete the texts that differ from those of the active rows. The index of words has to match the texts before
-- this.
DELETE FROM texts
WHERE (list, id) IN (SELECT list, id FROM (
    SELECT list, id, title, text FROM texts
    EXCEPT
    SELECT list, id, title, text FROM searched));

-- name: add_missing_texts
-- Store the plain texts of active rows that are missing.
INSERT INTO texts (list, id, title, text)
SELECT list, id, title, text FROM searched
WHERE is_plain AND (list, id) NOT IN (SELECT list, id FROM texts);

-- name: list_missing_texts
-- The other texts of active rows that are missing.
SELECT list, id, title, text, names FROM searched
WHERE NOT is_plain AND (list, id) NOT IN (SELECT list, id FROM texts);

-- name: rebuild_index
-- Rebuild the index of words from the texts.
INSERT INTO words (words) VALUES ('rebuild');
