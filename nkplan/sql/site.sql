-- name: list_rows
-- The active rows that have a page, list by list, each with its title, the type of a project or a place, and what it
-- is part of.
SELECT 'projects' AS list, id, name AS title, type, parent FROM projects WHERE undone_in IS NULL
UNION ALL
SELECT 'announcements', id, title, NULL, NULL FROM announcements WHERE undone_in IS NULL
UNION ALL
SELECT 'places', id, coalesce(full_name, name), type, parent FROM places WHERE undone_in IS NULL
UNION ALL
SELECT 'sources', id, coalesce(title, id), NULL, NULL FROM sources WHERE undone_in IS NULL
UNION ALL
SELECT 'publishers', domain, name, NULL, NULL FROM publishers WHERE undone_in IS NULL;

-- name: list_last_changes
-- When each row was last changed: recorded, undone or given other content. A project, source or announcement is also
-- changed by what is recorded of it: its updates, quotas and announcements, active or not; `own` leaves that out.
WITH changed (list, key, change_id) AS (
    SELECT 'projects', id, max(change_id, coalesce(undone_in, 0)) FROM projects
    UNION ALL
    SELECT 'announcements', id, max(change_id, coalesce(undone_in, 0)) FROM announcements
    UNION ALL
    SELECT 'places', id, max(change_id, coalesce(undone_in, 0)) FROM places
    UNION ALL
    SELECT 'sources', id, max(change_id, coalesce(undone_in, 0)) FROM sources
    UNION ALL
    SELECT 'publishers', domain, max(change_id, coalesce(undone_in, 0)) FROM publishers
    UNION ALL
    SELECT 'updates', id, max(change_id, coalesce(undone_in, 0)) FROM updates
    UNION ALL
    SELECT 'quotas', id, max(change_id, coalesce(undone_in, 0)) FROM quotas
    UNION ALL
    SELECT 'settings', id, max(change_id, coalesce(undone_in, 0)) FROM settings
    UNION ALL
    SELECT list, id, max(change_id) FROM former_rows GROUP BY list, id
),
own (list, key, change_id) AS MATERIALIZED (SELECT list, key, max(change_id) FROM changed GROUP BY list, key),
passed_on (list, key, change_id) AS (
    SELECT 'projects', updates.project, own.change_id
    FROM updates JOIN own ON own.list = 'updates' AND own.key = updates.id
    UNION ALL
    SELECT 'sources', updates.source, own.change_id
    FROM updates JOIN own ON own.list = 'updates' AND own.key = updates.id WHERE updates.source IS NOT NULL
    UNION ALL
    SELECT 'announcements', updates.announcement, own.change_id
    FROM updates JOIN own ON own.list = 'updates' AND own.key = updates.id WHERE updates.announcement IS NOT NULL
    UNION ALL
    SELECT 'projects', quotas.project, own.change_id
    FROM quotas JOIN own ON own.list = 'quotas' AND own.key = quotas.id
    UNION ALL
    SELECT 'announcements', quotas.announcement, own.change_id
    FROM quotas JOIN own ON own.list = 'quotas' AND own.key = quotas.id WHERE quotas.announcement IS NOT NULL
    UNION ALL
    SELECT 'sources', announcements.source, own.change_id
    FROM announcements JOIN own ON own.list = 'announcements' AND own.key = announcements.id
    WHERE announcements.source IS NOT NULL
),
latest (list, key, own, change_id) AS (
    SELECT list, key, max(own), max(change_id)
    FROM (SELECT list, key, change_id AS own, change_id FROM own
          UNION ALL SELECT list, key, NULL, change_id FROM passed_on)
    GROUP BY list, key)
SELECT latest.list, latest.key, by_itself.recorded AS own, by_any.recorded
FROM latest
LEFT JOIN changes AS by_itself ON by_itself.id = latest.own
JOIN changes AS by_any ON by_any.id = latest.change_id;

-- name: list_changes_to_publish
-- The changes that are not undone, the last first, after the first :skipped of them.
SELECT id, uuid, command, recorded, recorded_by, summary, undone_in, undoes, redoes
FROM changes
WHERE undone_in IS NULL
ORDER BY id DESC
LIMIT -1 OFFSET :skipped;

-- name: find_first_change
-- The first change, which tells one record from another.
SELECT uuid, recorded FROM changes ORDER BY id LIMIT 1;

-- name: count_active_rows_of_change
-- How many active rows the change :change recorded in each list that has some.
SELECT * FROM (
    SELECT 'publishers' AS list, count(*) AS number FROM publishers WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'kinds', count(*) FROM kinds WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'places', count(*) FROM places WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'outlines', count(*) FROM outlines WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'sources', count(*) FROM sources WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'announcements', count(*) FROM announcements WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'projects', count(*) FROM projects WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'quotas', count(*) FROM quotas WHERE change_id = :change AND undone_in IS NULL
    UNION ALL
    SELECT 'updates', count(*) FROM updates WHERE change_id = :change AND undone_in IS NULL)
WHERE number > 0;
