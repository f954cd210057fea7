-- name: repair_wrong_province
-- Give each place, taken back or not, the outermost of the places that it lies in as its province.
WITH RECURSIVE within (id, province) AS (
    SELECT id, id FROM places WHERE parent IS NULL
    UNION ALL
    SELECT places.id, within.province FROM within JOIN places ON places.parent = within.id
)
UPDATE places SET province = within.province
FROM within
WHERE within.id = places.id AND places.province <> within.province;

-- name: repair_stale_names
-- Keep the letters :folded that the spelling :name of the place :place is looked up by.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded)
ON CONFLICT (place, name) DO UPDATE SET folded = excluded.folded;

-- name: repair_stale_days
-- Renew what follows from the dates and the status of each update and announcement, where it is otherwise.
UPDATE updates SET settled = dated.settled, known = dated.known, rank = dated.rank
FROM dated
WHERE dated.list = 'update' AND dated.id = updates.id
  AND (updates.settled, updates.known, updates.rank) IS NOT (dated.settled, dated.known, dated.rank);
UPDATE announcements SET settled = dated.settled, known = dated.known
FROM dated
WHERE dated.list = 'announcement' AND dated.id = announcements.id
  AND (announcements.settled, announcements.known) IS NOT (dated.settled, dated.known);

-- name: repair_stale_state
-- Judge anew the projects whose kept state is not the one that their updates give.
DELETE FROM states
WHERE project IN (SELECT project FROM (
    SELECT * FROM states
    EXCEPT
    SELECT * FROM judged));
INSERT INTO states SELECT * FROM judged
WHERE project NOT IN (SELECT project FROM states);

-- name: repair_stale_search
-- Renew the texts that are not those of the active rows. The index of the words has to fit the texts before this.
DELETE FROM texts
WHERE (list, id) IN (SELECT list, id FROM (
    SELECT list, id, title, text, spellings FROM texts
    EXCEPT
    SELECT list, id, title, text, spellings FROM searched));
INSERT INTO texts (list, id, title, text, spellings)
SELECT list, id, title, text, spellings FROM searched
WHERE (list, id) NOT IN (SELECT list, id FROM texts);

-- name: rebuild_index
-- Make the index of words anew from the texts that it is of.
INSERT INTO words (words) VALUES ('rebuild');
