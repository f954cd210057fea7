-- name: repair_wrong_region
-- Set the region of each place, active or not, to the place around it of the level that the settings name.
WITH RECURSIVE chosen (level) AS (
    SELECT coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE id = 'region_level' AND undone_in IS NULL), 1)
),
within (id, depth, region) AS (
    SELECT places.id, 1, CASE WHEN level = 1 THEN places.id END FROM places, chosen WHERE parent IS NULL
    UNION ALL
    SELECT places.id, depth + 1, CASE WHEN depth + 1 = level THEN places.id ELSE within.region END
    FROM chosen, within
    JOIN places ON places.parent = within.id
)
UPDATE places SET region = within.region
FROM within
WHERE within.id = places.id AND places.region IS NOT within.region;

-- name: open_circle_of_places
-- Give the place :id, which is within itself, the parent :parent, or none.
UPDATE places SET parent = :parent WHERE id = :id;

-- name: open_circle_of_projects
-- Give the project :id, which is within itself, the parent :parent, or none.
UPDATE projects SET parent = :parent WHERE id = :id;

-- name: open_circle_of_numbers
-- Let the quota :id be part of no other programme's number.
UPDATE quotas SET within = NULL WHERE id = :id;

-- name: free_ranks
-- Give each status a rank that none of this program's has, so that they can be set in any order.
UPDATE statuses SET rank = -1 - rowid;

-- name: delete_other_words
-- Delete the statuses that are not among :statuses, and the evidence classes that are not among :classes, JSON
-- lists, unless a row has them.
DELETE FROM statuses
WHERE status NOT IN (SELECT value FROM json_each(:statuses))
  AND status NOT IN (
      SELECT status FROM updates WHERE status IS NOT NULL
      UNION
      SELECT promised_status FROM updates WHERE promised_status IS NOT NULL
      UNION
      SELECT promised_status FROM quotas WHERE promised_status IS NOT NULL
      UNION
      SELECT status FROM states WHERE status IS NOT NULL
      UNION
      SELECT claimed FROM states WHERE claimed IS NOT NULL
      UNION
      SELECT verified FROM states WHERE verified IS NOT NULL);
DELETE FROM evidence_classes
WHERE evidence NOT IN (SELECT value FROM json_each(:classes))
  AND evidence NOT IN (
      SELECT evidence FROM updates WHERE evidence IS NOT NULL
      UNION
      SELECT evidence FROM sources WHERE evidence IS NOT NULL
      UNION
      SELECT evidence FROM publishers WHERE evidence IS NOT NULL);

-- name: fold_kinds
-- Store :folded as the lookup key of the kind :id, unless another has it. It is the same for every list of rows
-- whose ids people choose.
UPDATE OR IGNORE kinds SET folded = :folded WHERE id = :id;

-- name: fold_places
-- Store :folded as the lookup key of the place :id, unless another has it.
UPDATE OR IGNORE places SET folded = :folded WHERE id = :id;

-- name: fold_sources
-- Store :folded as the lookup key of the source :id, unless another has it.
UPDATE OR IGNORE sources SET folded = :folded WHERE id = :id;

-- name: fold_announcements
-- Store :folded as the lookup key of the announcement :id, unless another has it.
UPDATE OR IGNORE announcements SET folded = :folded WHERE id = :id;

-- name: fold_projects
-- Store :folded as the lookup key of the project :id, unless another has it.
UPDATE OR IGNORE projects SET folded = :folded WHERE id = :id;

-- name: set_page
-- Store :page as the key of the page of the source :id.
UPDATE sources SET page = :page WHERE id = :id;

-- name: repair_stale_names
-- Store :folded as the lookup key of the spelling :name of the place :place.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded)
ON CONFLICT (place, name) DO UPDATE SET folded = excluded.folded;

-- name: repair_stale_days
-- Update what follows from the other columns of each update and announcement, if it differs.
UPDATE updates
SET effective_day = dated.effective_day, known_day = dated.known_day, rank = dated.rank, counts_as = dated.counts_as
FROM dated
WHERE dated.list = 'update' AND dated.id = updates.id
  AND (updates.effective_day, updates.known_day, updates.rank, updates.counts_as)
      IS NOT (dated.effective_day, dated.known_day, dated.rank, dated.counts_as);
UPDATE announcements SET effective_day = dated.effective_day, known_day = dated.known_day
FROM dated
WHERE dated.list = 'announcement' AND dated.id = announcements.id
  AND (announcements.effective_day, announcements.known_day) IS NOT (dated.effective_day, dated.known_day);

-- name: touch_all
-- Take every project, and every one that has a state.
CREATE TEMP TABLE IF NOT EXISTS touched (project TEXT);
INSERT INTO touched
SELECT id AS project FROM projects
UNION
SELECT project FROM states
EXCEPT
SELECT project FROM touched;

-- name: forget_touched
-- Drop what judging needed, so that more can be judged in the same transaction.
DROP TABLE touched;
DROP TABLE states_before;

-- name: delete_stale_texts
-- Delete the texts that differ from those of the active rows. The index of words has to match the texts before
-- this.
DELETE FROM texts
WHERE (list, id) IN (SELECT list, id FROM (
    SELECT list, id, title, text FROM texts
    EXCEPT
    SELECT list, id, title, text FROM searched));

-- name: add_missing_texts
-- Store the texts of active rows that are missing, as search.index_change does. With NOT IN, SQLite would look through
-- all texts for each of these rows, in case that a list or an id were NULL.
INSERT INTO texts (list, id, title, text, title_words, text_words)
SELECT list, id, title, text, CASE WHEN NOT is_plain THEN write_words(title, names) END,
       CASE WHEN NOT is_plain THEN write_words(text, NULL) END
FROM searched
WHERE NOT EXISTS (SELECT 1 FROM texts WHERE texts.list = searched.list AND texts.id = searched.id);

-- name: set_words
-- Set the indexed words of the text of the row :id in the list :list.
UPDATE texts SET title_words = :title_words, text_words = :text_words WHERE list = :list AND id = :id;

-- name: set_rank
-- Rank matches in the index of words as schema.sql does: words of a title weigh most.
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 1.0)');

-- name: rebuild_index
-- Rebuild the index of words from the texts.
INSERT INTO words (words) VALUES ('rebuild');

-- name: set_status
-- Add a status with its facts, or correct its facts.
INSERT INTO statuses (status, rank, phase, reach, event, percent, meaning, oc4ids, iati, gem)
VALUES (:status, :rank, :phase, :reach, :event, :percent, :meaning, :oc4ids, :iati, :gem)
ON CONFLICT (status) DO UPDATE
SET rank = excluded.rank, phase = excluded.phase, reach = excluded.reach, event = excluded.event,
    percent = excluded.percent, meaning = excluded.meaning, oc4ids = excluded.oc4ids, iati = excluded.iati,
    gem = excluded.gem;

-- name: set_evidence_class
-- Add an evidence class with its facts, or correct its facts.
INSERT INTO evidence_classes (evidence, counts_as, meaning) VALUES (:evidence, :counts_as, :meaning)
ON CONFLICT (evidence) DO UPDATE SET counts_as = excluded.counts_as, meaning = excluded.meaning;
