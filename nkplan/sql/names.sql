-- name: list_ids
-- The ids of the active rows of the list :list.
SELECT id FROM projects WHERE :list = 'projects' AND undone_in IS NULL
UNION ALL
SELECT id FROM announcements WHERE :list = 'announcements' AND undone_in IS NULL
UNION ALL
SELECT id FROM places WHERE :list = 'places' AND undone_in IS NULL
UNION ALL
SELECT id FROM sources WHERE :list = 'sources' AND undone_in IS NULL
UNION ALL
SELECT domain FROM publishers WHERE :list = 'publishers' AND undone_in IS NULL
ORDER BY id;

-- name: describe_ids
-- By what a reader recognises the active rows of :lists with one of :ids, both JSON lists: a site by its place and
-- its status, a source by its title and publisher. Where two places have one name, the place around each follows.
SELECT projects.id, coalesce(places.full_name, places.name, projects.name) AS name, places.local_name,
       coalesce(states.status, projects.type) AS more
FROM projects
LEFT JOIN places ON places.id = projects.place AND projects.type = 'site'
LEFT JOIN states ON states.project = projects.id AND projects.type = 'site'
WHERE projects.id IN (SELECT value FROM json_each(:ids)) AND projects.undone_in IS NULL
  AND 'projects' IN (SELECT value FROM json_each(:lists))
UNION ALL
SELECT id, title, NULL, announced
FROM announcements
WHERE id IN (SELECT value FROM json_each(:ids)) AND undone_in IS NULL
  AND 'announcements' IN (SELECT value FROM json_each(:lists))
UNION ALL
SELECT places.id, coalesce(places.full_name, places.name), places.local_name, around.name
FROM places
LEFT JOIN places AS around ON around.id = places.parent
WHERE places.id IN (SELECT value FROM json_each(:ids)) AND places.undone_in IS NULL
  AND 'places' IN (SELECT value FROM json_each(:lists))
UNION ALL
SELECT id, title, NULL, publisher
FROM sources
WHERE id IN (SELECT value FROM json_each(:ids)) AND undone_in IS NULL
  AND 'sources' IN (SELECT value FROM json_each(:lists))
UNION ALL
SELECT domain, name, NULL, NULL
FROM publishers
WHERE domain IN (SELECT value FROM json_each(:ids)) AND undone_in IS NULL
  AND 'publishers' IN (SELECT value FROM json_each(:lists));

-- name: list_spellings
-- The spellings of the active places, each of which only one of them has.
SELECT min(place_names.name) AS name, min(places.id) AS id
FROM place_names
JOIN places ON places.id = place_names.place
WHERE places.undone_in IS NULL
GROUP BY place_names.folded
HAVING count(DISTINCT places.id) = 1
ORDER BY 1;

-- name: list_kinds
-- The active kinds.
SELECT id FROM kinds WHERE undone_in IS NULL ORDER BY id;

-- name: list_regions
-- The regions.
SELECT id, name FROM places WHERE region = id AND undone_in IS NULL ORDER BY name;

-- name: list_years
-- The years that sites belong to, their own or their cohorts'; a cohort may have no site yet.
SELECT DISTINCT year
FROM projects
WHERE type IN ('site', 'cohort') AND undone_in IS NULL AND year IS NOT NULL
ORDER BY year;

-- name: list_tags
-- The tags of the active projects, each with the number of projects that have it.
SELECT tags.tag, count(*) AS projects
FROM tags
JOIN projects ON projects.id = tags.project
WHERE projects.undone_in IS NULL
GROUP BY tags.tag
ORDER BY tags.tag;

-- name: list_tagged
-- The active projects with one of :tags, a JSON list.
SELECT DISTINCT projects.id, projects.type
FROM tags
JOIN projects ON projects.id = tags.project
WHERE tags.tag IN (SELECT value FROM json_each(:tags)) AND projects.undone_in IS NULL
ORDER BY projects.id;

-- name: list_names
-- The names by which a project can be found: its own, and every spelling of its place's name, folded.
SELECT projects.id, projects.name, projects.type,
       (SELECT group_concat(folded, ' ') FROM place_names WHERE place_names.place = projects.place) AS folded
FROM projects
WHERE projects.undone_in IS NULL
ORDER BY projects.id;

-- name: list_parents_among
-- The active programmes and cohorts among :ids, a JSON list.
SELECT id, parent, year FROM projects
WHERE type <> 'site' AND undone_in IS NULL AND id IN (SELECT value FROM json_each(:ids));

-- name: spelled_projects
-- The active project with the id :folded, in whatever case.
SELECT id FROM projects WHERE folded = :folded AND undone_in IS NULL;

-- name: spelled_sources
-- The active source with the id :folded, in whatever case.
SELECT id FROM sources WHERE folded = :folded AND undone_in IS NULL;

-- name: spelled_places
-- The active place with the id :folded, in whatever case.
SELECT id FROM places WHERE folded = :folded AND undone_in IS NULL;

-- name: spelled_announcements
-- The active announcement with the id :folded, in whatever case.
SELECT id FROM announcements WHERE folded = :folded AND undone_in IS NULL;

-- name: spelled_kinds
-- The active kind with the id :folded, in whatever case.
SELECT id FROM kinds WHERE folded = :folded AND undone_in IS NULL;

-- name: id_of_projects
-- The active project with exactly the id :id.
SELECT id, name, type FROM projects WHERE id = :id AND undone_in IS NULL;

-- name: id_of_places
-- The active place with exactly the id :id.
SELECT id, coalesce(full_name, name) AS name FROM places WHERE id = :id AND undone_in IS NULL;

-- name: id_of_announcements
-- The active announcement with exactly the id :id.
SELECT id, title AS name FROM announcements WHERE id = :id AND undone_in IS NULL;

-- name: id_of_sources
-- The active source with exactly the id :id.
SELECT id, coalesce(title, url, id) AS name FROM sources WHERE id = :id AND undone_in IS NULL;

-- name: id_of_kinds
-- The active kind with exactly the id :id.
SELECT id, id AS name FROM kinds WHERE id = :id AND undone_in IS NULL;

-- name: id_of_publishers
-- The active publisher with exactly the domain :id.
SELECT domain AS id, name FROM publishers WHERE domain = :id AND undone_in IS NULL;

-- name: id_of_quotas
-- The active quota with exactly the id :id.
SELECT id, project || ', ' || quantity || ' ' || kind AS name FROM quotas WHERE id = :id AND undone_in IS NULL;

-- name: id_of_updates
-- The active update with exactly the id :id.
SELECT id, event_date || '  ' || project AS name FROM updates WHERE id = :id AND undone_in IS NULL;

-- name: find_former_id
-- The row of the list :list that had the id :id, in whatever case, before it was renamed.
SELECT former_ids.id
FROM former_ids
LEFT JOIN changes ON changes.id = former_ids.change_id
WHERE list = :list AND lower(former) = lower(:id) AND former <> former_ids.id AND changes.undone_in IS NULL
ORDER BY former <> :id
LIMIT 1;

-- name: list_former_ids
-- The ids that rows of the list :list had before they were renamed, each with the present one.
SELECT former, former_ids.id
FROM former_ids
LEFT JOIN changes ON changes.id = former_ids.change_id
WHERE list = :list AND former <> former_ids.id AND changes.undone_in IS NULL
ORDER BY former;

-- name: match_kinds
-- The active kinds with :part, in small letters, in their id.
SELECT id, id AS name FROM kinds WHERE undone_in IS NULL AND instr(lower(id), :part) > 0 ORDER BY id;

-- name: match_publishers
-- The active publishers with :part, in small letters, in their domain.
SELECT domain AS id, name FROM publishers WHERE undone_in IS NULL AND instr(domain, :part) > 0 ORDER BY domain;

-- name: match_quotas
-- The active quotas with :part, in small letters, in their id or in that of their project.
SELECT id, project || ', ' || quantity || ' ' || kind || coalesce(', ' || first_year, '')
           || coalesce(' to ' || last_year, '') AS name, undone_in
FROM quotas
WHERE undone_in IS NULL AND (instr(id, :part) > 0 OR instr(lower(project), :part) > 0)
ORDER BY project, id;

-- name: match_announcements
-- The active announcements with :part, in small letters, in their id.
SELECT id, title AS name
FROM announcements
WHERE undone_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;

-- name: match_places
-- The active places with :part, in small letters, in their id.
SELECT id, coalesce(full_name, name) AS name
FROM places
WHERE undone_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;

-- name: match_projects
-- The active projects with :part, in small letters, in their id. The subquery scans the index of ids, which
-- is much smaller than the table.
SELECT id, name, type
FROM projects
WHERE id IN (SELECT id FROM projects WHERE instr(lower(id), :part) > 0) AND undone_in IS NULL
ORDER BY id;

-- name: match_sources
-- The active sources with :part, in small letters, in their id.
SELECT id, coalesce(title, url, id) AS name
FROM sources
WHERE undone_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;

-- name: near_ids
-- The active rows of :list whose id has the most of the pieces :a to :f in it, in any case; what is meant by
-- a mistyped id is among them. With a :type, only projects of that type. The ids are counted in their index,
-- which is much smaller than the table, and LIKE takes half the time of instr.
WITH every (id) AS (
    SELECT id FROM projects WHERE :list = 'projects' AND :type = ''
    UNION ALL
    SELECT id FROM projects WHERE :list = 'projects' AND type = :type
    UNION ALL
    SELECT id FROM announcements WHERE :list = 'announcements'
    UNION ALL
    SELECT id FROM places WHERE :list = 'places'
    UNION ALL
    SELECT id FROM sources WHERE :list = 'sources'
    UNION ALL
    SELECT domain FROM publishers WHERE :list = 'publishers'
), nearest (id) AS (
    SELECT id
    FROM (SELECT id, (id LIKE '%' || :a || '%') + (id LIKE '%' || :b || '%') + (id LIKE '%' || :c || '%')
              + (id LIKE '%' || :d || '%') + (id LIKE '%' || :e || '%') + (id LIKE '%' || :f || '%') AS pieces
          FROM every)
    WHERE pieces > 0
    ORDER BY pieces DESC, id
    LIMIT 300
)
SELECT id FROM nearest
WHERE EXISTS (SELECT 1 FROM projects WHERE :list = 'projects' AND projects.id = nearest.id AND undone_in IS NULL)
   OR EXISTS (SELECT 1 FROM announcements WHERE :list = 'announcements' AND announcements.id = nearest.id AND undone_in IS NULL)
   OR EXISTS (SELECT 1 FROM places WHERE :list = 'places' AND places.id = nearest.id AND undone_in IS NULL)
   OR EXISTS (SELECT 1 FROM sources WHERE :list = 'sources' AND sources.id = nearest.id AND undone_in IS NULL)
   OR EXISTS (SELECT 1 FROM publishers WHERE :list = 'publishers' AND publishers.domain = nearest.id AND undone_in IS NULL)
ORDER BY id;

-- name: whole_row
-- The update and the project with exactly the id :id, active or not, in the columns of match_updates.
SELECT 'updates' AS list, id, project, event_date, undone_in FROM updates WHERE id = :id
UNION ALL
SELECT 'projects', id, id, NULL, undone_in FROM projects WHERE folded = :id;

-- name: match_undone
-- The rows of :list that were undone and have :part, in small letters, in their id, and the undo that undid each. With
-- a :type, only projects of that type.
WITH every (id) AS (
    SELECT id FROM projects WHERE :list = 'projects'
    UNION ALL
    SELECT id FROM announcements WHERE :list = 'announcements'
    UNION ALL
    SELECT id FROM places WHERE :list = 'places'
    UNION ALL
    SELECT id FROM sources WHERE :list = 'sources'
    UNION ALL
    SELECT domain FROM publishers WHERE :list = 'publishers'
), held (id, undone_in) AS (
    SELECT id,
           CASE :list
           WHEN 'projects' THEN (SELECT undone_in FROM projects
                                 WHERE projects.id = every.id AND :type IN ('', projects.type))
           WHEN 'announcements' THEN (SELECT undone_in FROM announcements WHERE announcements.id = every.id)
           WHEN 'places' THEN (SELECT undone_in FROM places WHERE places.id = every.id)
           WHEN 'sources' THEN (SELECT undone_in FROM sources WHERE sources.id = every.id)
           WHEN 'publishers' THEN (SELECT undone_in FROM publishers WHERE publishers.domain = every.id) END
    FROM every
    WHERE instr(lower(id), :part) > 0
)
SELECT held.id, held.undone_in AS undo
FROM held JOIN changes ON changes.id = held.undone_in
WHERE changes.command = 'undo'
ORDER BY held.id;

-- name: match_updates
-- The updates that the user can mean by :part of an id, active ones first; at most one more than are listed for
-- an ambiguous id (see store/undo.py).
SELECT 'updates' AS list, updates.id, updates.project, updates.event_date, updates.undone_in
FROM updates
WHERE instr(updates.id, :part) > 0
ORDER BY updates.undone_in IS NOT NULL, updates.id
LIMIT 21;

-- name: match_any_projects
-- The projects, active or not, with :part, in small letters, in their id, in the columns of match_updates.
SELECT 'projects' AS list, id, id AS project, NULL AS event_date, undone_in
FROM projects
WHERE :part <> '' AND instr(lower(id), :part) > 0
ORDER BY id;

-- name: find_places_by_name
-- The active places with a name that, folded, is :folded.
SELECT DISTINCT places.id, coalesce(places.full_name, places.name) AS name, places.region, region.name AS region_name
FROM place_names
JOIN places ON places.id = place_names.place
LEFT JOIN places AS region ON region.id = places.region
WHERE place_names.folded = :folded AND places.undone_in IS NULL
ORDER BY places.id;

-- name: list_places_within
-- The place :place and every place within it.
WITH RECURSIVE within (id) AS (
    SELECT :place
    UNION
    SELECT places.id FROM places JOIN within ON places.parent = within.id
)
SELECT id FROM within ORDER BY id;

-- name: find_source_by_url
-- The active source with the link :url, or else the one whose archived copy has it.
SELECT id FROM (
    SELECT id, 1 AS place FROM sources WHERE url = :url AND undone_in IS NULL
    UNION ALL
    SELECT id, 2 FROM sources WHERE archive = :url AND undone_in IS NULL)
ORDER BY place, id
LIMIT 1;

-- name: find_page
-- The active sources with a link to the page :page, and that link.
SELECT id, coalesce(url, archive) AS link FROM sources WHERE page = :page AND undone_in IS NULL ORDER BY id;

-- name: find_publisher
-- The active publisher of the first of :domains, a JSON list, that is on record.
SELECT publishers.*
FROM json_each(:domains) AS asked
CROSS JOIN publishers ON publishers.domain = asked.value
WHERE publishers.undone_in IS NULL
ORDER BY asked.key
LIMIT 1;

-- name: find_last_update
-- The active update that was recorded last; what the record was made of is none.
SELECT (SELECT id FROM updates
        WHERE change_id = changes.id AND undone_in IS NULL
        ORDER BY updates.rowid DESC
        LIMIT 1) AS id
FROM changes
WHERE command <> 'first run'
  AND EXISTS (SELECT 1 FROM updates WHERE change_id = changes.id AND undone_in IS NULL)
ORDER BY changes.id DESC
LIMIT 1;

-- name: find_last_source
-- The source that the last change cites in an update or, if it cites none, added by itself; changes with neither are
-- passed over. What every new database starts with is nothing that somebody recorded.
SELECT coalesce((SELECT source FROM updates
                 WHERE change_id = changes.id AND undone_in IS NULL AND source IS NOT NULL
                 ORDER BY updates.rowid DESC
                 LIMIT 1),
                (SELECT id FROM sources
                 WHERE change_id = changes.id AND undone_in IS NULL
                 ORDER BY sources.rowid DESC
                 LIMIT 1)) AS id
FROM changes
WHERE command <> 'first run'
  AND (EXISTS (SELECT 1 FROM updates WHERE change_id = changes.id AND undone_in IS NULL AND source IS NOT NULL)
       OR (command = 'add' AND EXISTS (SELECT 1 FROM sources WHERE change_id = changes.id AND undone_in IS NULL)))
ORDER BY changes.id DESC
LIMIT 1;
