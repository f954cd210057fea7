-- Insert the rows kept from version 1 into a database of version 2. The days cannot be derived until all
-- dates are there; repairs.repair_stale_days sets them.
INSERT INTO main._sqlite_migrations SELECT * FROM temp.kept_migrations ORDER BY id;
INSERT INTO main.changes (id, command, recorded, recorded_by, summary, undone_in)
SELECT id, command, recorded, recorded_by, summary, undone_in
FROM temp.kept_changes
ORDER BY rowid;
INSERT INTO main.kinds (id, change_id, retracted_in)
SELECT id, change_id, retracted_in
FROM temp.kept_kinds
ORDER BY rowid;
INSERT INTO main.places (id, name, full_name, local_name, type, parent, province, latitude, longitude, population, population_year,
    note, change_id, retracted_in)
SELECT id, name, full_name, local_name, type, parent, province, latitude, longitude, population,
       population_year, note, change_id, retracted_in
FROM temp.kept_places
ORDER BY rowid;
INSERT INTO main.place_names (place, name, folded)
SELECT place, name, folded
FROM temp.kept_place_names
ORDER BY rowid;
INSERT INTO main.sources (id, title, publisher, published, url, evidence, archive, note, change_id, retracted_in)
SELECT id, title, publisher, published, url, evidence, archive, note, change_id, retracted_in
FROM temp.kept_sources
ORDER BY rowid;
INSERT INTO main.announcements (id, title, announced, speaker, occasion, said, source, change_id, retracted_in, settled, known)
SELECT id, title, announced, speaker, occasion, said, source, change_id, retracted_in, '1000-01-01',
       '1000-01-01'
FROM temp.kept_announcements
ORDER BY rowid;
INSERT INTO main.announcement_details (announcement, part, position, text)
SELECT announcement, part, position, text
FROM temp.kept_announcement_details
ORDER BY rowid;
INSERT INTO main.announcement_figures (announcement, position, item, value, unit, year, note)
SELECT announcement, position, item, value, unit, year, note
FROM temp.kept_announcement_figures
ORDER BY rowid;
INSERT INTO main.projects (id, name, type, kind, parent, model, place, year, note, change_id, retracted_in)
SELECT id, name, type, kind, parent, model, place, year, note, change_id, retracted_in
FROM temp.kept_projects
ORDER BY rowid;
INSERT INTO main.quotas (id, project, kind, quantity, per, unit, first_year, last_year, announcement, note,
    change_id, retracted_in)
SELECT id, project, kind, quantity, per, unit, first_year, last_year, announcement, note, change_id,
       retracted_in
FROM temp.kept_quotas
ORDER BY rowid;
INSERT INTO main.updates (id, project, event_date, status, percent, promised, evidence, confidence, source,
    announcement, note, change_id, retracted_in, settled, known, rank)
SELECT id, project, event_date, status, percent, promised, evidence, confidence, source, announcement, note,
       change_id, retracted_in, '1000-01-01', '1000-01-01',
       CASE status WHEN 'announced' THEN 0 WHEN 'preparing' THEN 1 WHEN 'groundbroken' THEN 2 WHEN 'building' THEN 3
                   WHEN 'completed' THEN 4 WHEN 'operating' THEN 5 WHEN 'idle' THEN 6 WHEN 'paused' THEN 7
                   WHEN 'cancelled' THEN 8 END
FROM temp.kept_updates
ORDER BY rowid;
INSERT INTO main.replaced_rows (list, id, content, replaced_in)
SELECT list, id, content, replaced_in
FROM temp.kept_replaced_rows
ORDER BY rowid;
