-- name: fill_updates
-- Insert the updates kept from version 1 or 2 whose numbers are above :above and not above :most, with the days
-- and the rank that follow from their dates and status; as in the view `dated`.
INSERT INTO main.updates (id, project, event_date, status, percent, promised, evidence, confidence, source,
    announcement, note, counts_as, rank, effective_day, known_day, change_id, undone_in)
SELECT kept.id, kept.project, kept.event_date, kept.status, kept.percent, kept.promised,
       CASE kept.evidence WHEN 'state-media' THEN 'promiser' WHEN 'satellite-imagery' THEN 'imagery'
                          WHEN 'ground-source' THEN 'on-site' WHEN 'government' THEN 'authority'
                          WHEN 'foreign-media' THEN 'press' ELSE kept.evidence END,
       kept.confidence, kept.source, kept.announcement, kept.note,
       CASE WHEN kept.evidence IS NULL AND kept.source IS NULL
                 AND coalesce(kept.status, kept.percent, kept.promised) IS NULL THEN 'nothing'
            WHEN kept.confidence = 'low' AND kept.evidence IS NOT 'state-media' THEN 'news'
            WHEN kept.evidence = 'state-media' THEN 'claim'
            WHEN kept.evidence IS NULL THEN 'unclassed'
            WHEN kept.evidence = 'expert' THEN 'neither' ELSE 'observation' END,
       CASE WHEN kept.confidence IS NOT 'low' OR kept.evidence = 'state-media' THEN statuses.rank END,
       CASE WHEN told.effective BETWEEN happened.first AND happened.effective THEN told.effective
            ELSE happened.effective END,
       coalesce(told.effective, happened.effective), kept.change_id, kept.retracted_in
FROM temp.kept_updates AS kept
JOIN dates AS happened ON happened.date = kept.event_date
LEFT JOIN statuses ON statuses.status = kept.status
LEFT JOIN sources ON sources.id = kept.source
LEFT JOIN dates AS told ON told.date = sources.published
WHERE kept.rowid > :above AND kept.rowid <= :most
ORDER BY kept.rowid;

-- name: count_updates
-- How many updates are kept.
SELECT coalesce(max(rowid), 0) AS number FROM temp.kept_updates;

-- name: drop_kept
-- Drop the temporary tables of an upgrade.
DROP TABLE temp.kept_migrations;
DROP TABLE temp.kept_changes;
DROP TABLE temp.kept_kinds;
DROP TABLE temp.kept_places;
DROP TABLE temp.kept_place_names;
DROP TABLE temp.kept_sources;
DROP TABLE temp.kept_announcements;
DROP TABLE temp.kept_details;
DROP TABLE temp.kept_figures;
DROP TABLE temp.kept_projects;
DROP TABLE temp.kept_quotas;
DROP TABLE temp.kept_replaced_rows;
DROP TABLE temp.kept_updates;

-- name: list_kept_kinds
-- The ids of the kinds kept, in the order in which they were recorded.
SELECT id FROM temp.kept_kinds ORDER BY rowid;

-- name: list_kept_places
-- The ids of the places kept, in the order in which they were recorded.
SELECT id FROM temp.kept_places ORDER BY rowid;

-- name: list_kept_sources
-- The ids of the sources kept, in the order in which they were recorded.
SELECT id FROM temp.kept_sources ORDER BY rowid;

-- name: list_kept_announcements
-- The ids of the announcements kept, in the order in which they were recorded.
SELECT id FROM temp.kept_announcements ORDER BY rowid;

-- name: list_kept_projects
-- The ids of the projects kept, in the order in which they were recorded.
SELECT id FROM temp.kept_projects ORDER BY rowid;

-- name: add_former_id
-- Add the id that a row had before an upgrade.
INSERT INTO former_ids (list, former, id) VALUES (?, ?, ?);

-- name: list_renamed
-- The rows that upgrades gave another id.
SELECT list, former, id FROM former_ids WHERE change_id IS NULL ORDER BY list, former;

-- name: list_kept_former_rows
-- What rows said before, as kept.
SELECT rowid AS number, list, id, content FROM temp.kept_replaced_rows ORDER BY rowid;

-- name: set_kept_former_row
-- Give what a row said before, kept under the number :number, another key and content.
UPDATE temp.kept_replaced_rows SET id = :id, content = :content WHERE rowid = :number;

-- name: date_all_announcements
-- Set the days that follow from the dates of the announcements.
UPDATE announcements SET effective_day = dated.effective_day, known_day = dated.known_day
FROM dated
WHERE dated.list = 'announcement' AND dated.id = announcements.id;
