-- name: find_damaged_file
-- What SQLite finds wrong with the file, row by row: an error may end it. Another check finds out whether the
-- index of words is intact.
SELECT 'database' AS id,
       json_array() AS others,
       integrity_check || '; '
           || CASE WHEN integrity_check LIKE '%missing from index %' OR integrity_check LIKE 'wrong # of entries in index %'
              THEN 'run nkplan check --repair'
              WHEN integrity_check LIKE 'CHECK constraint failed in %'
              THEN 'if no other check names the row, restore a backup with nkplan restore'
              ELSE 'restore a backup with nkplan restore' END AS what
FROM pragma_integrity_check
WHERE integrity_check <> 'ok' AND integrity_check NOT LIKE '%FTS5%';

-- name: find_broken_reference
-- Rows that name a row which does not exist.
SELECT coalesce(updates.project, broken."table") AS id,
       CASE WHEN updates.id IS NULL THEN json_array() ELSE json_array(updates.id) END AS others,
       'row ' || broken.rowid || ' of ' || broken."table" || ' names a row of ' || broken.parent
           || ' that does not exist; restore a backup with nkplan restore' AS what
FROM pragma_foreign_key_check AS broken
LEFT JOIN updates ON broken."table" = 'updates' AND updates.rowid = broken.rowid
ORDER BY 1, 3;

-- name: list_circling
-- The places and projects, active or not, whose parents do not lead to one without a parent, in the order in which
-- they were recorded. `programme` is the one that a cohort without it can belong to: the one that its id was made
-- of, which has no other cohort of the year.
WITH RECURSIVE placed (id) AS (
    SELECT id FROM places WHERE parent IS NULL
    UNION
    SELECT places.id FROM placed JOIN places ON places.parent = placed.id
),
held (id) AS (
    SELECT id FROM projects WHERE parent IS NULL
    UNION
    SELECT projects.id FROM held JOIN projects ON projects.parent = held.id
)
SELECT 'places' AS list, id, parent, NULL AS type, NULL AS programme, change_id, rowid AS number
FROM places
WHERE id NOT IN (SELECT id FROM placed)
UNION ALL
SELECT 'projects', id, parent, type,
       (SELECT programme.id FROM projects AS programme
        WHERE programme.type = 'programme' AND programme.undone_in IS NULL AND projects.type = 'cohort'
          AND programme.id = substr(projects.id, 1, length(projects.id) - length(projects.year) - 1)
          AND projects.id = programme.id || '-' || projects.year
          AND NOT EXISTS (SELECT 1 FROM projects AS other
                          WHERE other.parent = programme.id AND other.year = projects.year
                            AND other.type = 'cohort' AND other.undone_in IS NULL)),
       change_id, rowid
FROM projects
WHERE id NOT IN (SELECT id FROM held)
ORDER BY 1, 6, 7;

-- name: list_parts_of_numbers
-- The active quotas that are part of another programme's number, in the order in which they were recorded.
SELECT id, project, within
FROM quotas
WHERE within IS NOT NULL AND undone_in IS NULL
ORDER BY change_id, rowid;

-- name: read_statuses
-- The statuses with their facts, as stored.
SELECT * FROM statuses ORDER BY status;

-- name: read_evidence_classes
-- The evidence classes with their facts, as stored.
SELECT * FROM evidence_classes ORDER BY evidence;

-- name: list_keys
-- The ids that people chose, of active rows and others, with their lookup keys, and for a source its link and
-- the key of the page. SQL cannot compute the right keys; the reader compares them.
SELECT 'kinds' AS list, id, folded, NULL AS link, NULL AS page FROM kinds
UNION ALL
SELECT 'places', id, folded, NULL, NULL FROM places
UNION ALL
SELECT 'sources', id, folded, coalesce(url, archive), page FROM sources
UNION ALL
SELECT 'announcements', id, folded, NULL, NULL FROM announcements
UNION ALL
SELECT 'projects', id, folded, NULL, NULL FROM projects
ORDER BY 2, 1;

-- name: list_links
-- Every link of each active source, its own and that of its archived copy.
SELECT id, url AS link FROM sources WHERE url IS NOT NULL AND undone_in IS NULL
UNION
SELECT id, archive FROM sources WHERE archive IS NOT NULL AND undone_in IS NULL
ORDER BY 1, 2;

-- name: find_stale_names
-- Every spelling of a place's name with its lookup key, and those of its own names that have no row to look
-- up. SQL cannot compute the right keys; the reader compares them.
SELECT place, name, folded
FROM place_names
UNION ALL
SELECT place, name, NULL
FROM (SELECT id AS place, name FROM places
      UNION
      SELECT id, full_name FROM places
      UNION
      SELECT id, local_name FROM places) AS own
WHERE name <> '' AND NOT EXISTS (
    SELECT 1 FROM place_names WHERE place_names.place = own.place AND place_names.name = own.name)
ORDER BY place, name;

-- name: find_stale_days
-- Updates and announcements whose derived columns do not follow from their dates, status and evidence,
-- active or not.
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       'its effective_day, known_day, rank and counts_as are ' || updates.effective_day || ', ' || updates.known_day
           || ', ' || coalesce(updates.rank, 'none') || ' and ' || updates.counts_as
           || ', but its dates, status and evidence give ' || dated.effective_day || ', ' || dated.known_day || ', '
           || coalesce(dated.rank, 'none') || ' and ' || dated.counts_as || '; run nkplan check --repair' AS what
FROM updates
JOIN dated ON dated.list = 'update' AND dated.id = updates.id
WHERE (updates.effective_day, updates.known_day, updates.rank, updates.counts_as)
      IS NOT (dated.effective_day, dated.known_day, dated.rank, dated.counts_as)
UNION ALL
SELECT announcements.id, json_array(),
       'its effective_day and known_day are ' || announcements.effective_day || ' and ' || announcements.known_day
           || ', but its dates give ' || dated.effective_day || ' and ' || dated.known_day || '; run nkplan check --repair'
FROM announcements
JOIN dated ON dated.list = 'announcement' AND dated.id = announcements.id
WHERE (announcements.effective_day, announcements.known_day) IS NOT (dated.effective_day, dated.known_day)
ORDER BY 1, 2;

-- name: find_stale_state
-- Projects whose stored state does not follow from their updates.
SELECT project AS id,
       json_array() AS others,
       'its stored state is ' || coalesce((SELECT status FROM states WHERE project = differing.project), 'none')
           || ', but its updates give ' || coalesce((SELECT status FROM judged WHERE project = differing.project), 'none')
           || ', or other dates, progress or numbers; run nkplan check --repair' AS what
FROM (SELECT project FROM (
    SELECT project, status, claimed, verified, started, started_seen, progress, last_date, last_day, updates FROM judged
    EXCEPT
    SELECT project, status, claimed, verified, started, started_seen, progress, last_date, last_day, updates
    FROM states)
UNION
SELECT project FROM (
    SELECT project, start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day FROM judged
    EXCEPT
    SELECT project, start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day FROM states)
UNION
SELECT project FROM (
    SELECT project, promised_start, promised, promised_use, promised_again FROM judged
    EXCEPT
    SELECT project, promised_start, promised, promised_use, promised_again FROM states)
UNION
SELECT project FROM (
    SELECT project FROM states
    EXCEPT
    SELECT project FROM active_updates)
UNION
SELECT project FROM (
    SELECT judged_unfinished.*
    FROM possibly_void
    JOIN judged_unfinished ON judged_unfinished.project = possibly_void.project
    EXCEPT
    SELECT * FROM unfinished)
UNION
SELECT project FROM (
    SELECT project FROM unfinished
    EXCEPT
    SELECT project FROM possibly_void)) AS differing
ORDER BY 1;

-- name: find_stale_search
-- Rows whose stored text, which a search reads, differs from their content.
SELECT coalesce((SELECT project FROM updates WHERE list = 'update' AND updates.id = differing.id), id) AS id,
       CASE list WHEN 'update' THEN json_array(id) ELSE json_array() END AS others,
       'the search text of this ' || list || ' is missing or out of date; run nkplan check --repair'
           AS what
FROM (SELECT list, id FROM (
    SELECT list, id, title, text FROM searched
    EXCEPT
    SELECT list, id, title, text FROM texts)
UNION
SELECT list, id FROM (
    SELECT list, id, title, text FROM texts
    EXCEPT
    SELECT list, id, title, text FROM searched)) AS differing
ORDER BY 1, 2;

-- name: list_folded_texts
-- The stored texts that are those of their rows, with their indexed words, unless they are plain and have none.
-- An update has the id of its `project`.
SELECT stored.list, stored.id, stored.title, stored.text, names, title_words, text_words,
       (SELECT project FROM updates WHERE stored.list = 'update' AND updates.id = stored.id) AS project
FROM searched
JOIN texts AS stored ON stored.list = searched.list AND stored.id = searched.id
WHERE NOT (is_plain AND title_words IS NULL AND text_words IS NULL)
  AND stored.title IS searched.title AND stored.text IS searched.text
ORDER BY stored.id;

-- name: compare_index
-- Compare the index of words with the texts; it is an error if they do not match. This writes nothing, but
-- SQLite treats it as a write.
INSERT INTO words (words, rank) VALUES ('integrity-check', 1);

-- name: find_wrong_rank
-- What the index of words ranks by, if it is not what schema.sql sets; NULL if it is nothing.
SELECT rank
FROM (SELECT (SELECT v FROM words_config WHERE k = 'rank') AS rank)
WHERE rank IS NOT 'bm25(10.0, 1.0)';

-- name: find_moved_back
-- An update with a status that shows less than the status before it, in the order of judgement, and without a
-- note that says why. A status that is not a step forward (a halt, an end, an idle site) is news and not a
-- step back: :steps is a JSON list of the statuses that are steps. :reach is a JSON object with how far each
-- status shows a project to have come, 0 for nothing: after a halt or an end it starts again, and an idle
-- site has opened. That something was announced, in the word of no observer, takes nothing back.
WITH ordered AS (
    SELECT rowid AS later, rank, lag(rowid) OVER judged AS earlier, lag(rank) OVER judged AS rank_before
    FROM updates
    WHERE rank IS NOT NULL AND undone_in IS NULL AND withdrawn IS NULL
      AND (rank > 0 OR counts_as = 'observation')
    WINDOW judged AS (PARTITION BY project ORDER BY effective_day, rank, percent, promised, event_date)
)
SELECT later.project AS id,
       json_array(later.id, earlier.id) AS others,
       later.status || ' (' || later.event_date || ') comes after ' || earlier.status || ' ('
           || earlier.event_date || ') and has no note; check both dates, or say in a note why it went back'
           AS what
FROM ordered
JOIN updates AS later ON later.rowid = ordered.later
JOIN updates AS earlier ON earlier.rowid = ordered.earlier
WHERE ordered.rank < ordered.rank_before  -- True for every step that shows less; it leaves few rows to check.
  AND later.status IN (SELECT value FROM json_each(:steps))
  AND json_extract(:reach, '$.' || later.status) < json_extract(:reach, '$.' || earlier.status)
  AND later.note IS NULL
ORDER BY later.project, later.effective_day, later.id;

-- name: find_opened_by_use
-- Projects whose opening rests on use alone: the first opening is an update that shows use on a date, nothing
-- says when the project was completed, and so its opening is taken to be on that date.
SELECT states.project AS id,
       (SELECT json_group_array(id)
        FROM (SELECT id FROM active_updates
              WHERE project = states.project AND event_date = states.opened AND rank = used.rank
              ORDER BY id)) AS others,
       'it is taken to have opened on ' || states.opened || ', when it was in use, and nothing on record says when it'
           || ' was completed; if it was in use by then, record that as ../'
           || substr(states.opened, instr(states.opened, '/') + 1) || ' instead' AS what
FROM states
JOIN active_updates AS used
  ON used.project = states.project AND used.event_date = states.opened AND used.effective_day = states.opened_day
     AND used.rank IN (SELECT rank FROM statuses WHERE event = 'use')
WHERE states.opened NOT GLOB '*..*'
  AND NOT EXISTS (SELECT 1 FROM valid_updates
                  WHERE project = states.project
                    AND rank IN (SELECT rank FROM statuses WHERE event = 'opening'))
GROUP BY states.project
ORDER BY states.project;

-- name: find_twin_sites
-- The sites of one kind and one year in one place, a finding for all of them. An outermost place, such as a capital
-- that is a region of its own, can have more than one, and sites without a year may belong to different years.
SELECT min(id) AS id,
       json_insert(json_remove(json_group_array(id), '$[0]'), '$[#]', place) AS others,
       'it and ' || iif(count(*) = 2, max(id) || ' are both a ', (count(*) - 1) || ' others are each a ') || kind
           || ' of ' || year || ' in ' || place_name || '; look whether one project was recorded twice' AS what
FROM (SELECT sites.id, sites.kind, sites.year, sites.place, sites.place_name
      FROM sites
      JOIN places ON places.id = sites.place
      WHERE sites.year IS NOT NULL AND places.parent IS NOT NULL
      ORDER BY sites.place, sites.kind, sites.year, sites.id)
GROUP BY place, kind, year
HAVING count(*) > 1
ORDER BY 1;

-- name: find_before_announced
-- Projects at which work or an opening had surely happened before anything announced them: an announcement
-- linked to them, their cohort or their programme, or an update with the status `announced`. :started is a
-- JSON list of the statuses that show work.
--
-- A site that had opened before the announcement of the programme that it later joined is not a finding. A
-- site of a cohort is: a cohort is what was promised for its year.
WITH RECURSIVE family (project, member, distance, in_cohort) AS (
    SELECT id, id, 0, 0 FROM projects WHERE undone_in IS NULL
    UNION ALL
    SELECT family.project, parent.id, family.distance + 1, family.in_cohort OR parent.type = 'cohort'
    FROM family
    JOIN projects AS child ON child.id = family.member
    JOIN projects AS parent ON parent.id = child.parent
    -- A chain longer than site, cohort and programme is a cycle.
    WHERE parent.undone_in IS NULL AND family.distance < 9
),
said (project, day, id) AS (
    SELECT updates.project, announcements.announced, announcements.id
    FROM announcements
    JOIN updates ON updates.announcement = announcements.id AND updates.undone_in IS NULL
    WHERE announcements.undone_in IS NULL
    UNION
    SELECT quotas.project, announcements.announced, announcements.id
    FROM announcements
    JOIN quotas ON quotas.announcement = announcements.id AND quotas.undone_in IS NULL
    WHERE announcements.undone_in IS NULL
    UNION
    SELECT project, event_date, id
    FROM active_updates
    WHERE rank = (SELECT min(rank) FROM statuses)
),
announced AS (
    SELECT family.project, said.day AS written, said.id, family.distance = 0 AS is_own,
           max(family.in_cohort) OVER (PARTITION BY family.project) AS in_cohort,
           dates.first AS day
    FROM said
    JOIN dates ON dates.date = said.day
    JOIN family ON family.member = said.project
),
first AS (
    SELECT *, row_number() OVER (PARTITION BY project ORDER BY day, is_own DESC, id) AS place,
           max(is_own) OVER (PARTITION BY project) AS has_own
    FROM announced
)
SELECT first.project AS id,
       json_insert(json_group_array(updates.id), '$[#]', first.id) AS others,
       -- With the minimum of `effective_day`, the other columns of a group are those of its earliest update.
       updates.status || ' (' || updates.event_date || ') is before it was first announced (' || first.written
           || CASE WHEN first.is_own THEN '' ELSE ', with what it belongs to' END
           || '); check the date of the update, or record the announcement that came before it' AS what,
       min(updates.effective_day) AS effective_day
FROM first
JOIN active_updates AS updates
  ON updates.project = first.project AND updates.effective_day < first.day
     AND updates.status IN (SELECT value FROM json_each(:started)) AND updates.rank IS NOT NULL
LEFT JOIN states ON states.project = first.project
WHERE first.place = 1
  AND NOT (NOT first.has_own AND NOT first.in_cohort AND coalesce(states.opened_day < first.day, 0))
GROUP BY first.project
ORDER BY first.project;

-- name: find_uncited_source
-- Active sources that no active update or announcement, and no figure of an active announcement, cites.
SELECT sources.id AS id,
       json_array() AS others,
       'nothing on record cites it; record what it says, or leave it out' AS what
FROM sources
WHERE undone_in IS NULL
  AND NOT EXISTS (SELECT 1 FROM updates WHERE source = sources.id AND undone_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM updates WHERE withdrawn_source = sources.id AND undone_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM update_figures AS figures
                  JOIN updates ON updates.id = figures."update"
                  WHERE figures.source = sources.id AND updates.undone_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM announcements WHERE source = sources.id AND undone_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM announcement_figures AS figures
                  JOIN announcements ON announcements.id = figures.announcement
                  WHERE figures.source = sources.id AND announcements.undone_in IS NULL)
ORDER BY sources.id;

-- name: find_wrong_region
-- Places whose `region` is not the place around them of the level that the settings name. Those in a circle have
-- no such place.
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
SELECT places.id AS id,
       json_array(places.region, within.region) AS others,
       'its region is ' || coalesce(places.region, 'none') || ', and its parents lead to '
           || coalesce(within.region, 'none') || '; check its parent' AS what
FROM places
JOIN within ON within.id = places.id
WHERE places.undone_in IS NULL AND places.region IS NOT within.region
ORDER BY places.id;

-- name: find_outside_programme
-- Projects whose place is not within the place of their cohort or programme, if that has a place.
WITH RECURSIVE above (project, member) AS (
    SELECT id, parent FROM projects WHERE parent IS NOT NULL AND place IS NOT NULL AND undone_in IS NULL
    UNION
    SELECT above.project, projects.parent
    FROM above
    JOIN projects ON projects.id = above.member
    WHERE projects.parent IS NOT NULL
),
within (owner, place) AS (
    SELECT place, place FROM projects WHERE id IN (SELECT member FROM above) AND place IS NOT NULL
    UNION
    SELECT within.owner, places.id FROM within JOIN places ON places.parent = within.place
)
SELECT project.id AS id,
       json_array(owner.id, project.place, owner.place) AS others,
       'it is in ' || project.place || ', which is not within ' || owner.place || ', the place of ' || owner.id
           || '; check the place of both' AS what
FROM above
JOIN projects AS project ON project.id = above.project
JOIN projects AS owner ON owner.id = above.member
LEFT JOIN within ON within.owner = owner.place AND within.place = project.place
WHERE owner.place IS NOT NULL AND owner.undone_in IS NULL AND within.owner IS NULL
ORDER BY project.id, owner.id;

-- name: list_located_places
-- The active places in a region whose coordinates are known.
SELECT id, coalesce(full_name, name) AS name, region, latitude, longitude
FROM places
WHERE undone_in IS NULL AND region IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL
ORDER BY region, id;

-- name: find_future_date
-- Dates of events, announcements and publications that begin after the day :today; what had happened at some
-- time up to a date is in the future if the date is.
WITH later (date) AS MATERIALIZED (SELECT date FROM dates WHERE CASE WHEN from_part = '..' THEN to_first ELSE first END > :today)
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       'its event date ' || event_date || ' is in the future; check the date'
           AS what
FROM updates
WHERE undone_in IS NULL AND event_date IN (SELECT date FROM later)
UNION ALL
SELECT id, json_array(), 'it is dated ' || announced || ', which is in the future; check the date'
FROM announcements
WHERE undone_in IS NULL AND announced IN (SELECT date FROM later)
UNION ALL
SELECT id, json_array(), 'it was published on ' || published || ', which is in the future; check the date'
FROM sources
WHERE undone_in IS NULL AND published IN (SELECT date FROM later)
UNION ALL
SELECT id, json_array(), 'it was retrieved on ' || retrieved || ', which is in the future; check the date'
FROM sources
WHERE undone_in IS NULL AND retrieved IN (SELECT date FROM later)
ORDER BY 1, 2;

-- name: find_early_source
-- Updates and announcements whose source was published, or else retrieved, before the event can have begun.
-- `known_day` is the end of the source's date or, if the source has none, of the event's, which is never before
-- the event.
SELECT updates.project AS id,
       json_array(updates.id, updates.source) AS others,
       updates.source || coalesce(' was published ' || sources.published, ' was retrieved ' || sources.retrieved)
           || ', before what it is cited for ('
           || coalesce(updates.status || ', ', '') || updates.event_date || '); check both dates' AS what
FROM updates
JOIN dates ON dates.date = updates.event_date
JOIN sources ON sources.id = updates.source
WHERE updates.undone_in IS NULL AND updates.known_day < dates.first
UNION ALL
SELECT announcements.id,
       json_array(announcements.source),
       announcements.source || coalesce(' was published ' || sources.published, ' was retrieved ' || sources.retrieved)
           || ', before the announcement (' || announcements.announced || '); check both dates'
FROM announcements
JOIN dates ON dates.date = announcements.announced
JOIN sources ON sources.id = announcements.source
WHERE announcements.undone_in IS NULL AND announcements.known_day < dates.first
ORDER BY 1, 2;

-- name: find_untold_project
-- Projects that no active update is about. An update about a project is also about its cohort and programme.
WITH RECURSIVE reported (id) AS (
    SELECT id FROM projects
    WHERE undone_in IS NULL
      AND EXISTS (SELECT 1 FROM updates WHERE project = projects.id AND undone_in IS NULL)
    UNION
    SELECT projects.parent FROM reported JOIN projects ON projects.id = reported.id WHERE projects.parent IS NOT NULL
)
SELECT projects.id AS id,
       json_array() AS others,
       'no active update is about this ' || type || '; record what is known of it, with its source' AS what
FROM projects
WHERE undone_in IS NULL AND id NOT IN (SELECT id FROM reported)
ORDER BY projects.id;

-- name: find_promised_past
-- Updates whose promised date had passed entirely before the event at which it was promised began.
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       updates.promised || ' had already passed when it was promised (' || updates.event_date || '); check both dates'
           AS what
FROM updates
JOIN dates AS due ON due.date = updates.promised
JOIN dates AS said ON said.date = updates.event_date
WHERE updates.promised IS NOT NULL AND updates.undone_in IS NULL AND due.last < said.first
ORDER BY updates.project, updates.effective_day, updates.id;
