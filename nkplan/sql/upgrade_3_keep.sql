-- Copy the rows of a database of version 1 or 2 to temporary tables. What is derived is left out: it is derived
-- again.
CREATE TEMP TABLE kept_migrations AS SELECT * FROM main._sqlite_migrations ORDER BY id;
CREATE TEMP TABLE kept_changes AS SELECT * FROM main.changes ORDER BY id;
CREATE TEMP TABLE kept_kinds AS SELECT * FROM main.kinds ORDER BY rowid;
CREATE TEMP TABLE kept_places AS SELECT * FROM main.places ORDER BY rowid;
CREATE TEMP TABLE kept_place_names AS SELECT * FROM main.place_names ORDER BY rowid;
CREATE TEMP TABLE kept_sources AS SELECT * FROM main.sources ORDER BY rowid;
CREATE TEMP TABLE kept_announcements AS SELECT * FROM main.announcements ORDER BY rowid;
CREATE TEMP TABLE kept_details AS SELECT * FROM main.announcement_details ORDER BY rowid;
CREATE TEMP TABLE kept_figures AS SELECT * FROM main.announcement_figures ORDER BY rowid;
CREATE TEMP TABLE kept_projects AS SELECT * FROM main.projects ORDER BY rowid;
CREATE TEMP TABLE kept_quotas AS SELECT * FROM main.quotas ORDER BY id;
CREATE TEMP TABLE kept_replaced_rows AS SELECT * FROM main.replaced_rows ORDER BY rowid;
CREATE TEMP TABLE kept_updates AS
SELECT id, project, event_date, status, percent, promised, evidence, confidence, source, announcement, note,
       change_id, retracted_in
FROM main.updates
ORDER BY rowid;
