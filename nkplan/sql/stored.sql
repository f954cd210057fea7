-- name: kinds_by_key
-- The kinds among :keys, a JSON list. As in every list, `row_state` says whether a row counts.
SELECT kinds.*,
       CASE WHEN retracted_in IS NULL THEN 'active'
            WHEN retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM kinds
JOIN changes ON changes.id = kinds.change_id
WHERE kinds.id IN (SELECT value FROM json_each(:keys));

-- name: places_by_key
-- The places among :keys, a JSON list of ids.
SELECT places.*,
       (SELECT json_group_array(name) FROM (
            SELECT name FROM place_names WHERE place = places.id ORDER BY name)) AS names,
       CASE WHEN places.retracted_in IS NULL THEN 'active'
            WHEN places.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM places
JOIN changes ON changes.id = places.change_id
WHERE places.id IN (SELECT value FROM json_each(:keys));

-- name: sources_by_key
-- The sources among :keys, a JSON list of ids.
SELECT sources.*,
       CASE WHEN sources.retracted_in IS NULL THEN 'active'
            WHEN sources.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM sources
JOIN changes ON changes.id = sources.change_id
WHERE sources.id IN (SELECT value FROM json_each(:keys));

-- name: sources_by_link
-- The ids of the active sources with a link, their own or that of their archived copy, among :links, a JSON
-- list.
SELECT id FROM sources WHERE url IN (SELECT value FROM json_each(:links)) AND retracted_in IS NULL
UNION
SELECT id FROM sources WHERE archive IN (SELECT value FROM json_each(:links)) AND retracted_in IS NULL;

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
       CASE WHEN announcements.retracted_in IS NULL THEN 'active'
            WHEN announcements.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM announcements
JOIN changes ON changes.id = announcements.change_id
WHERE announcements.id IN (SELECT value FROM json_each(:keys));

-- name: projects_by_key
-- The projects among :keys, a JSON list of ids.
SELECT projects.*,
       CASE WHEN projects.retracted_in IS NULL THEN 'active'
            WHEN projects.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM projects
JOIN changes ON changes.id = projects.change_id
WHERE projects.id IN (SELECT value FROM json_each(:keys));

-- name: quotas_by_key
-- The quotas of the projects among :keys, a JSON list of project ids.
SELECT quotas.*,
       CASE WHEN quotas.retracted_in IS NULL THEN 'active'
            WHEN quotas.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM quotas
JOIN changes ON changes.id = quotas.change_id
WHERE quotas.project IN (SELECT value FROM json_each(:keys));

-- name: updates_by_key
-- The updates among :keys, a JSON list of ids.
SELECT updates.*,
       CASE WHEN updates.retracted_in IS NULL THEN 'active'
            WHEN updates.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM updates
JOIN changes ON changes.id = updates.change_id
WHERE updates.id IN (SELECT value FROM json_each(:keys));

-- name: cohorts_by_year
-- The active cohorts for the pairs of a programme and a year in :years, a JSON list.
SELECT projects.id
FROM json_each(:years)
JOIN projects ON projects.parent = json_extract(value, '$[0]') AND projects.year = json_extract(value, '$[1]')
WHERE projects.type = 'cohort' AND projects.retracted_in IS NULL;

-- name: quotas_by_number
-- The quotas among :numbers, a JSON list of their numbers.
SELECT *
FROM quotas
WHERE id IN (SELECT value FROM json_each(:numbers));

-- name: states_by_key
-- The names and present states of the projects among :projects, a JSON list of ids.
SELECT projects.id, projects.name, states.*
FROM projects
LEFT JOIN states ON states.project = projects.id
WHERE projects.id IN (SELECT value FROM json_each(:projects))
ORDER BY projects.id;

-- name: list_place_parents
-- Each place and the place that contains it.
SELECT id, parent
FROM places
ORDER BY id;

-- name: count_rows
-- The number of rows of each list, including retracted ones.
SELECT 'kinds' AS list, count(*) AS number FROM kinds
UNION ALL
SELECT 'places', count(*) FROM places
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
