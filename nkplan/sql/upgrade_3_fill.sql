-- Insert the rows kept from version 1 or 2 into a database of version 3, all but the updates. The functions
-- fold, fold_id, find_page, derive_change_id and derive_quota_id are those of the program.
INSERT INTO main._sqlite_migrations SELECT * FROM temp.kept_migrations ORDER BY id;
INSERT INTO main.changes (id, uuid, command, recorded, recorded_by, summary, undone_in)
SELECT id, derive_change_id(id, recorded, recorded_by, command, summary), command, recorded, recorded_by, summary, undone_in
FROM temp.kept_changes
ORDER BY rowid;
-- A change that undid another says so in its summary only; the other has its number.
UPDATE main.changes SET undoes = undone.id
FROM main.changes AS undone
WHERE undone.undone_in = changes.id;
INSERT INTO main.reversed_changes (reversal, position, change_id)
SELECT undone_in, row_number() OVER (PARTITION BY undone_in ORDER BY id DESC), id
FROM main.changes
WHERE undone_in IS NOT NULL;
-- Version 2 called these words so in every record.
INSERT INTO main.settings (id, value, change_id)
SELECT label, word, (SELECT min(id) FROM main.changes)
FROM (SELECT 'label promiser' AS label, 'state media' AS word UNION ALL SELECT 'label region', 'province')
WHERE EXISTS (SELECT 1 FROM main.changes);
INSERT INTO main.kinds (id, folded, change_id, undone_in)
SELECT id, fold_id(id), change_id, retracted_in
FROM temp.kept_kinds
ORDER BY rowid;
INSERT INTO main.places (id, folded, name, full_name, local_name, type, parent, latitude, longitude, population,
    population_year, note, change_id, undone_in)
SELECT id, fold_id(id), name, full_name, local_name, type, parent, latitude, longitude, population,
       population_year, note, change_id, retracted_in
FROM temp.kept_places
ORDER BY rowid;
INSERT OR IGNORE INTO main.place_names (place, name, folded)
SELECT DISTINCT place, name, fold(name)
FROM temp.kept_place_names
ORDER BY rowid;
INSERT INTO main.dates (date)
SELECT published FROM temp.kept_sources WHERE published IS NOT NULL
UNION
SELECT announced FROM temp.kept_announcements
UNION
SELECT event_date FROM temp.kept_updates
UNION
SELECT promised FROM temp.kept_updates WHERE promised IS NOT NULL;
INSERT INTO main.sources (id, folded, title, publisher, published, url, evidence, archive, note, page, change_id,
    undone_in)
SELECT id, fold_id(id), title, publisher, published, url, read_old_evidence(evidence), archive, note,
       find_page(coalesce(url, archive)), change_id, retracted_in
FROM temp.kept_sources
ORDER BY rowid;
INSERT INTO main.announcements (id, folded, title, announced, speaker, occasion, said, source, effective_day,
    known_day, change_id, undone_in)
SELECT id, fold_id(id), title, announced, speaker, occasion, said, source, '1000-01-01', '1000-01-01', change_id,
       retracted_in
FROM temp.kept_announcements
ORDER BY rowid;
INSERT INTO main.announcement_details (announcement, part, position, text)
SELECT announcement, part, position, text
FROM temp.kept_details
ORDER BY rowid;
INSERT INTO main.announcement_figures (announcement, position, item, value, unit, year, source, note)
SELECT announcement, position, item, value, unit, year, source, note
FROM temp.kept_figures
ORDER BY rowid;
INSERT INTO main.projects (id, folded, name, type, kind, parent, model, place, year, note, change_id, undone_in)
SELECT id, fold_id(id), name, type, kind, parent, model, place, year, note, change_id, retracted_in
FROM temp.kept_projects
ORDER BY rowid;
INSERT INTO main.quotas (id, project, kind, quantity, per, label, first_year, last_year, announcement, note,
    change_id, undone_in)
SELECT derive_quota_id(project, kind, per, first_year, last_year, announcement), project, kind, quantity, per,
       unit, first_year, last_year, announcement, note, change_id, retracted_in
FROM temp.kept_quotas
ORDER BY rowid;
INSERT INTO main.former_rows (list, id, content, change_id)
SELECT list, id, content, replaced_in
FROM temp.kept_replaced_rows
ORDER BY rowid;
