-- name: settings_by_key
-- The settings among :keys, a JSON list of their ids. As in every list, `row_state` says whether a row counts.
SELECT settings.*,
       CASE WHEN settings.undone_in IS NULL THEN 'active'
            WHEN settings.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM settings
JOIN changes ON changes.id = settings.change_id
WHERE settings.id IN (SELECT value FROM json_each(:keys));

-- name: publishers_by_key
-- The publishers among :keys, a JSON list of domains.
SELECT publishers.*,
       CASE WHEN publishers.undone_in IS NULL THEN 'active'
            WHEN publishers.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM publishers
JOIN changes ON changes.id = publishers.change_id
WHERE publishers.domain IN (SELECT value FROM json_each(:keys));

-- name: kinds_by_key
-- The kinds among :keys, a JSON list.
SELECT kinds.*,
       CASE WHEN kinds.undone_in IS NULL THEN 'active'
            WHEN kinds.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM kinds
JOIN changes ON changes.id = kinds.change_id
WHERE kinds.id IN (SELECT value FROM json_each(:keys));

-- name: places_by_key
-- The places among :keys, a JSON list of ids.
SELECT places.*,
       (SELECT json_group_array(name) FROM (
            SELECT name FROM place_names WHERE place = places.id ORDER BY name)) AS names,
       CASE WHEN places.undone_in IS NULL THEN 'active'
            WHEN places.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM places
JOIN changes ON changes.id = places.change_id
WHERE places.id IN (SELECT value FROM json_each(:keys));

-- name: outlines_by_key
-- The outlines among :keys, a JSON list of the ids of their places.
SELECT outlines.*,
       CASE WHEN outlines.undone_in IS NULL THEN 'active'
            WHEN outlines.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM outlines
JOIN changes ON changes.id = outlines.change_id
WHERE outlines.place IN (SELECT value FROM json_each(:keys));

-- name: sources_by_key
-- The sources among :keys, a JSON list of ids.
SELECT sources.*,
       CASE WHEN sources.undone_in IS NULL THEN 'active'
            WHEN sources.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM sources
JOIN changes ON changes.id = sources.change_id
WHERE sources.id IN (SELECT value FROM json_each(:keys));

-- name: sources_by_link
-- The ids of the active sources with a link, their own or that of their archived copy, among :links, a JSON
-- list.
SELECT id FROM sources WHERE url IN (SELECT value FROM json_each(:links)) AND undone_in IS NULL
UNION
SELECT id FROM sources WHERE archive IN (SELECT value FROM json_each(:links)) AND undone_in IS NULL;

-- name: announcements_by_key
-- The announcements among :keys, a JSON list of ids. The value of a figure is a text with all its digits,
-- because JSON would keep only fifteen; with fewer than 26 SQLite rounds very large values wrongly.
SELECT announcements.*,
       (SELECT json_group_array(text) FROM (
            SELECT text FROM announcement_details
            WHERE announcement = announcements.id AND part = 'term' ORDER BY position)) AS terms,
       (SELECT json_group_array(text) FROM (
            SELECT text FROM announcement_details
            WHERE announcement = announcements.id AND part = 'context' ORDER BY position)) AS context,
       (SELECT json_group_array(json_object('item', item, 'value', printf('%!.26g', value), 'unit', unit,
                                            'year', year, 'source', source, 'note', note))
        FROM (SELECT * FROM announcement_figures
              WHERE announcement = announcements.id ORDER BY position)) AS figures,
       CASE WHEN announcements.undone_in IS NULL THEN 'active'
            WHEN announcements.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM announcements
JOIN changes ON changes.id = announcements.change_id
WHERE announcements.id IN (SELECT value FROM json_each(:keys));

-- name: projects_by_key
-- The projects among :keys, a JSON list of ids.
SELECT projects.*,
       (SELECT json_group_array(tag) FROM (
            SELECT tag FROM tags WHERE project = projects.id ORDER BY tag)) AS tags,
       (SELECT json_group_array(json_array(scheme, identifier)) FROM (
            SELECT scheme, identifier FROM identifiers
            WHERE project = projects.id ORDER BY scheme, identifier)) AS identifiers,
       (SELECT json_group_array(json_array(role, name)) FROM (
            SELECT role, name FROM organisations
            WHERE project = projects.id ORDER BY role, name)) AS organisations,
       CASE WHEN projects.undone_in IS NULL THEN 'active'
            WHEN projects.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM projects
JOIN changes ON changes.id = projects.change_id
WHERE projects.id IN (SELECT value FROM json_each(:keys));

-- name: quotas_by_key
-- The quotas among :keys, a JSON list of ids.
SELECT quotas.*,
       CASE WHEN quotas.undone_in IS NULL THEN 'active'
            WHEN quotas.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM quotas
JOIN changes ON changes.id = quotas.change_id
WHERE quotas.id IN (SELECT value FROM json_each(:keys));

-- name: rows_of_data_set
-- The keys of the active rows that files of the data set :data_set recorded, list by list.
WITH of_data_set (id) AS MATERIALIZED (SELECT id FROM changes WHERE data_set = :data_set)
SELECT 'settings' AS list, id AS key FROM settings WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'kinds', id FROM kinds WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'publishers', domain FROM publishers WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'places', id FROM places WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'outlines', place FROM outlines WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'sources', id FROM sources WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'announcements', id FROM announcements WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'projects', id FROM projects WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'quotas', id FROM quotas WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL
UNION ALL
SELECT 'updates', id FROM updates WHERE change_id IN (SELECT id FROM of_data_set) AND undone_in IS NULL;

-- name: data_sets_of_rows
-- The data sets of the files that recorded the rows of the list :list among :keys, a JSON list; none for what was typed.
SELECT key, changes.data_set
FROM (
    SELECT id AS key, change_id FROM settings
    WHERE :list = 'settings' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM kinds
    WHERE :list = 'kinds' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT domain, change_id FROM publishers
    WHERE :list = 'publishers' AND domain IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM places
    WHERE :list = 'places' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT place, change_id FROM outlines
    WHERE :list = 'outlines' AND place IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM sources
    WHERE :list = 'sources' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM announcements
    WHERE :list = 'announcements' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM projects
    WHERE :list = 'projects' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM quotas
    WHERE :list = 'quotas' AND id IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT id, change_id FROM updates
    WHERE :list = 'updates' AND id IN (SELECT value FROM json_each(:keys))) AS rows
JOIN changes ON changes.id = rows.change_id;

-- name: quotas_within
-- The ids of the active quotas that are part of another programme's number: those of :projects, a JSON list, of
-- the programmes that these are within, and so on.
WITH RECURSIVE around (project) AS (
    SELECT value FROM json_each(:projects)
    UNION
    SELECT quotas.within
    FROM around
    JOIN quotas ON quotas.project = around.project
    WHERE quotas.within IS NOT NULL AND quotas.undone_in IS NULL
)
SELECT quotas.id
FROM around
JOIN quotas ON quotas.project = around.project
WHERE quotas.within IS NOT NULL AND quotas.undone_in IS NULL;

-- name: updates_by_key
-- The updates among :keys, a JSON list of ids.
SELECT updates.*,
       (SELECT json_group_array(json_object('item', item, 'value', printf('%!.26g', value), 'unit', unit,
                                            'year', year, 'source', source, 'note', note))
        FROM (SELECT * FROM update_figures
              WHERE "update" = updates.id ORDER BY position)) AS figures,
       CASE WHEN updates.undone_in IS NULL THEN 'active'
            WHEN updates.undone_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM updates
JOIN changes ON changes.id = updates.change_id
WHERE updates.id IN (SELECT value FROM json_each(:keys));

-- name: cohorts_by_year
-- The active cohorts for the pairs of a programme and a year in :years, a JSON list.
SELECT projects.id
FROM json_each(:years)
JOIN projects ON projects.parent = json_extract(value, '$[0]') AND projects.year = json_extract(value, '$[1]')
WHERE projects.type = 'cohort' AND projects.undone_in IS NULL;

-- name: states_by_key
-- The names and present states of the projects among :projects, a JSON list of ids.
SELECT projects.id, projects.name, states.*
FROM projects
LEFT JOIN states ON states.project = projects.id
WHERE projects.id IN (SELECT value FROM json_each(:projects))
ORDER BY projects.id;

-- name: spelling_of_kinds
-- The ids of the kinds whose folded ids are among :keys, a JSON list. It is the same for every list of rows
-- whose ids people choose.
SELECT id, folded FROM kinds WHERE folded IN (SELECT value FROM json_each(:keys));

-- name: spelling_of_places
-- The ids of the places whose folded ids are among :keys, a JSON list.
SELECT id, folded FROM places WHERE folded IN (SELECT value FROM json_each(:keys));

-- name: spelling_of_sources
-- The ids of the sources whose folded ids are among :keys, a JSON list.
SELECT id, folded FROM sources WHERE folded IN (SELECT value FROM json_each(:keys));

-- name: spelling_of_announcements
-- The ids of the announcements whose folded ids are among :keys, a JSON list.
SELECT id, folded FROM announcements WHERE folded IN (SELECT value FROM json_each(:keys));

-- name: spelling_of_projects
-- The ids of the projects whose folded ids are among :keys, a JSON list.
SELECT id, folded FROM projects WHERE folded IN (SELECT value FROM json_each(:keys));

-- name: former_ids
-- The ids that rows had before they were renamed, of lists whose ids people choose. An id that a change gave, and
-- that was undone, is none.
SELECT list, former, former_ids.id
FROM former_ids
LEFT JOIN changes ON changes.id = former_ids.change_id
WHERE list NOT IN ('quotas', 'updates') AND former <> former_ids.id AND changes.undone_in IS NULL;

-- name: has_other_ids
-- Whether an id of a quota or an update on record means another row too.
SELECT EXISTS (SELECT 1 FROM former_ids WHERE list = 'quotas') AS quotas,
       EXISTS (SELECT 1 FROM former_ids WHERE list = 'updates') AS updates;

-- name: claims_of_date
-- The active updates of a project for a date.
SELECT id FROM updates WHERE project = :project AND event_date = :date AND undone_in IS NULL ORDER BY id;

-- name: promises_of
-- The active quotas of a project.
SELECT id FROM quotas WHERE project = :project AND undone_in IS NULL ORDER BY id;

-- name: other_ids_of_quotas
-- The quotas that the ids among :keys, a JSON list, mean too. The id of an active row means that one.
SELECT former, former_ids.id
FROM former_ids
LEFT JOIN changes ON changes.id = former_ids.change_id
LEFT JOIN quotas AS own ON own.id = former AND own.undone_in IS NULL
WHERE list = 'quotas' AND former IN (SELECT value FROM json_each(:keys))
  AND former <> former_ids.id AND changes.undone_in IS NULL AND own.id IS NULL;

-- name: other_ids_of_updates
-- The updates that the ids among :keys, a JSON list, mean too. The id of an active row means that one.
SELECT former, former_ids.id
FROM former_ids
LEFT JOIN changes ON changes.id = former_ids.change_id
LEFT JOIN updates AS own ON own.id = former AND own.undone_in IS NULL
WHERE list = 'updates' AND former IN (SELECT value FROM json_each(:keys))
  AND former <> former_ids.id AND changes.undone_in IS NULL AND own.id IS NULL;

-- name: same_updates
-- The active updates that claim the same as an active one among :keys, a JSON list of ids, each with the first of those
-- that claim the same. What makes a claim is what its id is derived from.
SELECT id, first
FROM (SELECT id,
             min(id) OVER same AS first,
             count(*) OVER same AS number
      FROM updates
      WHERE undone_in IS NULL
        AND project IN (SELECT project FROM updates WHERE id IN (SELECT value FROM json_each(:keys)))
      WINDOW same AS (
          PARTITION BY project, event_date, status, printf('%g', percent), promised, source, count, of, unit,
                       promised_status,
                       CASE WHEN coalesce(status, percent, promised, promised_status, count) IS NULL THEN note END))
WHERE number > 1
ORDER BY first, id;

-- name: same_quotas
-- The active quotas that are for the same as an active one among :keys, a JSON list of ids, each with the first of those.
SELECT id, first
FROM (SELECT id,
             min(id) OVER same AS first,
             count(*) OVER same AS number
      FROM quotas
      WHERE undone_in IS NULL
        AND project IN (SELECT project FROM quotas WHERE id IN (SELECT value FROM json_each(:keys)))
      WINDOW same AS (
          PARTITION BY project, kind, per, first_year, last_year, announcement, unit, promised_status))
WHERE number > 1
ORDER BY first, id;

-- name: has_other_id
-- Whether another id of a row of the list :list means the row :id.
SELECT EXISTS (SELECT 1 FROM former_ids WHERE list = :list AND id = :id) AS has_other_id;

-- name: has_former_rows
-- Whether a row on record said something else before.
SELECT EXISTS (SELECT 1 FROM former_rows) AS former;

-- name: former_rows_by_key
-- What the rows of the list :list among :keys, a JSON list, said before a change gave them other content, the oldest
-- first; whether that change was undone, or the one that it redid; and whether it is an undo.
SELECT former_rows.id, former_rows.content, former_rows.change_id,
       changes.command = 'undo' AS is_undo,
       coalesce(redone.undone_in, iif(redone.id IS NULL, changes.undone_in, NULL)) IS NOT NULL AS is_undone
FROM json_each(:keys)
CROSS JOIN former_rows ON former_rows.list = :list AND former_rows.id = value  -- This keeps the order of the loops.
CROSS JOIN changes ON changes.id = former_rows.change_id
LEFT JOIN changes AS redone ON redone.id = former_rows.reversed AND changes.command = 'redo'
ORDER BY former_rows.rowid;

-- name: former_rows_naming
-- What rows said before a change gave them other content, if it has the id :id in quotation marks.
SELECT rowid AS number, list, id, content FROM former_rows WHERE instr(content, '"' || :id || '"') > 0;

-- name: rows_replaced_in
-- The rows that the change :change gave other content, with what they said before; with :reversed, those to which it
-- did that when it undid this change or recorded it again.
SELECT list, id, content
FROM former_rows
WHERE change_id = :change AND (:reversed IS NULL OR reversed = :reversed)
ORDER BY rowid;

-- name: dependent_on_project
-- The keys of the active projects and quotas that are right only as long as the project :project is what it is: those
-- that belong to it.
SELECT 'projects' AS list, id AS key FROM projects WHERE parent = :project AND undone_in IS NULL
UNION ALL
SELECT 'quotas', id FROM quotas WHERE project = :project AND undone_in IS NULL
UNION ALL
SELECT 'quotas', id FROM quotas WHERE within = :project AND undone_in IS NULL;

-- name: classless_citing
-- The updates without an evidence class that cite the source :source.
SELECT id FROM updates WHERE source = :source AND evidence IS NULL;

-- name: count_rows
-- The number of rows of each list, including retracted ones.
SELECT 'settings' AS list, count(*) AS number FROM settings
UNION ALL
SELECT 'kinds', count(*) FROM kinds
UNION ALL
SELECT 'publishers', count(*) FROM publishers
UNION ALL
SELECT 'places', count(*) FROM places
UNION ALL
SELECT 'outlines', count(*) FROM outlines
UNION ALL
SELECT 'sources', count(*) FROM sources
UNION ALL
SELECT 'announcements', count(*) FROM announcements
UNION ALL
SELECT 'projects', count(*) FROM projects
UNION ALL
SELECT 'quotas', count(*) FROM quotas
UNION ALL
SELECT 'updates', count(*) FROM updates;
