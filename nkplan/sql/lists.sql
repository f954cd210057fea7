-- name: announcements
-- The active announcements. A line that ends in `if NAME` is left out unless that is asked for, in every block here:
-- `named` are ids, a JSON list; `on` is the interval of days in which it was announced; `since` the day by
-- which it may not have been yet; `speakers` and `publishers` are JSON lists of names; `projects` are those in
-- `filtered_sites` and `filtered_parents`, of which one has to be promised something.
SELECT announcements.id, announcements.title, announcements.announced, announcements.speaker, announcements.occasion,
       (SELECT count(*) FROM quotas
        WHERE quotas.announcement = announcements.id AND quotas.undone_in IS NULL) AS promises,
       sources.publisher, announcements.source, announcements.effective_day
FROM announcements
LEFT JOIN sources ON sources.id = announcements.source
WHERE announcements.undone_in IS NULL
  AND announcements.id IN (SELECT value FROM json_each(:named))                            -- if named
  AND announcements.announced IN (SELECT date FROM dates WHERE first >= :on_first AND last <= :on_last)  -- if on
  AND announcements.effective_day >= :since                                                -- if since
  AND announcements.speaker IN (SELECT value FROM json_each(:speakers))                    -- if speakers
  AND sources.publisher IN (SELECT value FROM json_each(:publishers))                      -- if publishers
  AND announcements.id IN (                                                                -- if projects
      SELECT announcement FROM quotas                                                      -- if projects
      WHERE undone_in IS NULL AND announcement IS NOT NULL                                 -- if projects
        AND project IN (SELECT id FROM filtered_sites UNION ALL SELECT id FROM filtered_parents)  -- if projects
      UNION                                                                                -- if projects
      SELECT announcement FROM active_updates                                              -- if projects
      WHERE announcement IS NOT NULL                                                       -- if projects
        AND project IN (SELECT id FROM filtered_sites UNION ALL SELECT id FROM filtered_parents))  -- if projects
;

-- name: names_of_announcements
-- What a text is looked for in, for each announcement.
SELECT id, title, announced, speaker, occasion
FROM announcements
WHERE undone_in IS NULL;

-- name: programmes
-- The active programmes. One belongs to the years of its cohorts and sites.
SELECT programme.id, programme.name, programme.kind, states.status,
       (SELECT count(*) FROM projects AS cohort
        WHERE cohort.parent = programme.id AND cohort.type = 'cohort' AND cohort.undone_in IS NULL) AS cohorts,
       (SELECT count(*) FROM projects AS site
        WHERE site.parent = programme.id AND site.type = 'site' AND site.undone_in IS NULL)
       + (SELECT count(*) FROM projects AS cohort
          JOIN projects AS site ON site.parent = cohort.id AND site.type = 'site' AND site.undone_in IS NULL
          WHERE cohort.parent = programme.id AND cohort.type = 'cohort') AS sites,
       (SELECT count(*) FROM quotas
        WHERE quotas.undone_in IS NULL
          AND quotas.project IN (SELECT programme.id UNION ALL
                                 SELECT cohort.id FROM projects AS cohort
                                 WHERE cohort.parent = programme.id AND cohort.type = 'cohort')) AS promises
FROM projects AS programme
LEFT JOIN states ON states.project = programme.id
WHERE programme.type = 'programme' AND programme.undone_in IS NULL
  AND programme.id IN (SELECT value FROM json_each(:named))                                -- if named
  AND programme.kind IN (SELECT value FROM json_each(:kinds))                              -- if kinds
  AND programme.id IN (SELECT value FROM json_each(:programmes))                           -- if programmes
  AND EXISTS (SELECT 1 FROM projects AS part                                               -- if years
              WHERE (part.id = programme.id OR part.parent = programme.id                  -- if years
                     OR part.parent IN (SELECT id FROM projects WHERE parent = programme.id))  -- if years
                AND part.undone_in IS NULL                                                 -- if years
                AND coalesce(part.year, CASE WHEN part.id = programme.id THEN 0 END)       -- if years
                    IN (SELECT value FROM json_each(:years)))                              -- if years
  AND programme.id IN (SELECT project FROM tags WHERE tag IN (SELECT value FROM json_each(:tags)))  -- if tags
;

-- name: cohorts
-- The active cohorts. One has the tags of its programme too.
SELECT cohort.id, cohort.name, cohort.kind, cohort.parent AS programme, cohort.year, states.status,
       (SELECT count(*) FROM projects AS site
        WHERE site.parent = cohort.id AND site.type = 'site' AND site.undone_in IS NULL) AS sites,
       (SELECT count(*) FROM quotas WHERE quotas.project = cohort.id AND quotas.undone_in IS NULL) AS promises
FROM projects AS cohort
LEFT JOIN states ON states.project = cohort.id
WHERE cohort.type = 'cohort' AND cohort.undone_in IS NULL
  AND cohort.id IN (SELECT value FROM json_each(:named))                                   -- if named
  AND cohort.kind IN (SELECT value FROM json_each(:kinds))                                 -- if kinds
  AND cohort.parent IN (SELECT value FROM json_each(:programmes))                          -- if programmes
  AND coalesce(cohort.year, 0) IN (SELECT value FROM json_each(:years))                    -- if years
  AND EXISTS (SELECT 1 FROM tags                                                           -- if tags
              WHERE project IN (cohort.id, cohort.parent)                                  -- if tags
                AND tag IN (SELECT value FROM json_each(:tags)))                           -- if tags
;

-- name: names_of_programmes
-- What a text is looked for in, for each programme.
SELECT id, name FROM projects WHERE type = 'programme' AND undone_in IS NULL;

-- name: names_of_cohorts
-- What a text is looked for in, for each cohort.
SELECT id, name FROM projects WHERE type = 'cohort' AND undone_in IS NULL;

-- name: promises
-- The active quotas. :periods and :replaced are JSON objects that say of a quota, by its id, for which years it is and
-- what replaced it. A number without years of its own is for the year of
-- its cohort.
SELECT quotas.id, quotas.project, quotas.kind, quotas.quantity, quotas.unit, quotas.label,
       (SELECT value FROM json_each(:periods) WHERE key = quotas.id) AS period,
       quotas.per, quotas.first_year, quotas.last_year, quotas.promised_status,
       announcements.announced, quotas.announcement, announcements.speaker,
       (SELECT value FROM json_each(:replaced) WHERE key = quotas.id) AS replaced_by,
       quotas.within, quotas.beside, announcements.effective_day
FROM quotas
JOIN projects ON projects.id = quotas.project
LEFT JOIN projects AS parent ON parent.id = projects.parent
LEFT JOIN announcements ON announcements.id = quotas.announcement
LEFT JOIN sources ON sources.id = announcements.source
WHERE quotas.undone_in IS NULL
  AND quotas.id IN (SELECT value FROM json_each(:named))                                   -- if named
  AND announcements.announced IN (SELECT date FROM dates WHERE first >= :on_first AND last <= :on_last)  -- if on
  AND announcements.effective_day >= :since                                                -- if since
  AND announcements.speaker IN (SELECT value FROM json_each(:speakers))                    -- if speakers
  AND sources.publisher IN (SELECT value FROM json_each(:publishers))                      -- if publishers
  AND quotas.kind IN (SELECT value FROM json_each(:kinds))                                 -- if kinds
  AND EXISTS (SELECT 1 FROM json_each(:programmes)                                         -- if programmes
              WHERE value IN (projects.id, projects.parent, parent.parent)                 -- if programmes
                 OR (value = '' AND projects.type = 'site' AND projects.parent IS NULL))   -- if programmes
  AND EXISTS (SELECT 1 FROM json_each(:years)                                              -- if years
              WHERE CASE WHEN coalesce(quotas.first_year, quotas.last_year) IS NULL        -- if years
                    THEN value = coalesce(projects.year, 0)                                -- if years
                    ELSE value <> 0 AND value BETWEEN coalesce(quotas.first_year, value)   -- if years
                                                  AND coalesce(quotas.last_year, value) END)  -- if years
;

-- name: names_of_promises
-- What a text is looked for in, for each quota.
SELECT quotas.id, quotas.project, projects.name, quotas.kind, quotas.label, quotas.unit, quotas.announcement
FROM quotas
JOIN projects ON projects.id = quotas.project
WHERE quotas.undone_in IS NULL;

-- name: sources
-- The active sources, each with how many active updates cite it. One is of the day of its publication, or else of that on
-- which it was read.
SELECT sources.id, sources.title, sources.publisher, sources.published, sources.retrieved, sources.evidence,
       (SELECT count(*) FROM updates WHERE updates.source = sources.id AND updates.undone_in IS NULL) AS updates,
       sources.url, sources.archive,
       (SELECT effective FROM dates WHERE date = coalesce(sources.published, sources.retrieved)) AS day
FROM sources
WHERE sources.undone_in IS NULL
  AND sources.id IN (SELECT value FROM json_each(:named))                                  -- if named
  AND sources.publisher IN (SELECT value FROM json_each(:publishers))                      -- if publishers
  AND coalesce(sources.evidence, '') IN (SELECT value FROM json_each(:evidence))           -- if evidence
  AND coalesce(sources.published, sources.retrieved)                                       -- if on
      IN (SELECT date FROM dates WHERE first >= :on_first AND last <= :on_last)            -- if on
  AND coalesce(sources.published, sources.retrieved)                                       -- if since
      IN (SELECT date FROM dates WHERE effective >= :since)                                -- if since
;

-- name: names_of_sources
-- What a text is looked for in, for each source.
SELECT id, title, publisher, published FROM sources WHERE undone_in IS NULL;

-- name: places
-- The active places, each with the number of active sites in it or in a place within it. `regions` are only those of
-- the level that the settings name.
WITH RECURSIVE around (place, number, depth) AS (
    SELECT place, count(*), 0 FROM projects
    WHERE type = 'site' AND undone_in IS NULL AND place IS NOT NULL
    GROUP BY place
    UNION ALL
    SELECT places.parent, around.number, around.depth + 1
    FROM around JOIN places ON places.id = around.place
    WHERE places.parent IS NOT NULL AND around.depth < 20
), held (place, number) AS MATERIALIZED (
    SELECT place, sum(number) FROM around GROUP BY place
)
SELECT places.id, coalesce(places.full_name, places.name) AS name, places.local_name, places.type, places.parent,
       places.region, region.name AS region_name, places.latitude, places.longitude, places.population,
       coalesce(held.number, 0) AS sites
FROM places
LEFT JOIN places AS region ON region.id = places.region
LEFT JOIN held ON held.place = places.id
WHERE places.undone_in IS NULL
  AND places.id IN (SELECT value FROM json_each(:named))                                   -- if named
  AND places.id = places.region                                                            -- if is_region
  AND coalesce(places.region, '') IN (SELECT value FROM json_each(:regions))               -- if regions
  AND places.id IN (SELECT value FROM json_each(:places))                                  -- if places
;

-- name: names_of_places
-- What a text is looked for in, for each place: its id and every spelling of its name.
SELECT id, (SELECT group_concat(folded, ' ') FROM place_names WHERE place = places.id) AS folded
FROM places
WHERE undone_in IS NULL;

-- name: updates
-- The active updates, also those that their sources took back. `statuses` are a JSON list, in which '' is an update
-- without a status, `changes` one of the changes that recorded them.
SELECT updates.id, updates.event_date, updates.project, updates.status, updates.percent, updates.promised,
       updates.promised_status, updates.count, updates.of, updates.unit, updates.bound, updates.speaker,
       updates.evidence, updates.confidence, updates.source, sources.publisher, updates.announcement,
       updates.withdrawn, updates.note, updates.effective_day
FROM updates
LEFT JOIN sources ON sources.id = updates.source
WHERE updates.undone_in IS NULL
  AND updates.project IN (SELECT id FROM filtered_sites UNION ALL SELECT id FROM filtered_parents)  -- if projects
  AND updates.event_date IN (SELECT date FROM dates WHERE first >= :on_first AND last <= :on_last)  -- if on
  AND updates.effective_day >= :since                                                      -- if since
  AND coalesce(updates.status, '') IN (SELECT value FROM json_each(:statuses))             -- if statuses
  AND coalesce(updates.evidence, '') IN (SELECT value FROM json_each(:evidence))           -- if evidence
  AND updates.speaker IN (SELECT value FROM json_each(:speakers))                          -- if speakers
  AND sources.publisher IN (SELECT value FROM json_each(:publishers))                      -- if publishers
  AND updates.change_id IN (SELECT value FROM json_each(:changes))                         -- if changes
;

-- name: kinds
-- The active kinds, each with the numbers of active sites, programmes and quotas of it.
SELECT kinds.id,
       (SELECT count(*) FROM projects WHERE kind = kinds.id AND type = 'site' AND undone_in IS NULL) AS sites,
       (SELECT count(*) FROM projects WHERE kind = kinds.id AND type = 'programme' AND undone_in IS NULL) AS programmes,
       (SELECT count(*) FROM quotas WHERE kind = kinds.id AND undone_in IS NULL) AS promises
FROM kinds
WHERE kinds.undone_in IS NULL
  AND kinds.id IN (SELECT value FROM json_each(:named))                                    -- if named
;

-- name: names_of_kinds
-- What a text is looked for in, for each kind.
SELECT id FROM kinds WHERE undone_in IS NULL;

-- name: tags
-- The tags of the active projects, each with the number of projects that have it themselves.
SELECT tags.tag, count(*) AS projects
FROM tags
JOIN projects ON projects.id = tags.project
WHERE projects.undone_in IS NULL
  AND tags.tag IN (SELECT value FROM json_each(:named))                                    -- if named
GROUP BY tags.tag;

-- name: names_of_tags
-- What a text is looked for in, for each tag.
SELECT DISTINCT tag FROM tags;

-- name: names_of_projects
-- What a text is looked for in, for each project but the names of its place, which list_texts_of_places has. Whether it is on
-- record on a past day is not asked here, which would have each judged.
SELECT id, name, place FROM main.projects WHERE undone_in IS NULL;

-- name: list_texts_of_places
-- The names of each place and of the region around it, folded, in every spelling.
SELECT places.id,
       (SELECT group_concat(folded, ' ') FROM place_names WHERE place IN (places.id, places.region)) AS folded
FROM places;

-- name: list_source_publishers
-- The publishers of the active sources.
SELECT DISTINCT publisher FROM sources WHERE publisher IS NOT NULL AND undone_in IS NULL ORDER BY publisher;

-- name: list_speakers
-- Who said what was announced or claimed.
SELECT speaker FROM announcements WHERE speaker IS NOT NULL AND undone_in IS NULL
UNION
SELECT speaker FROM updates WHERE speaker IS NOT NULL AND undone_in IS NULL
ORDER BY speaker;

-- name: first_update
-- The date of the first active update, and the day by which it had happened or, if :known is 1, was known: one that
-- records an announcement from the day of that on.
SELECT updates.event_date AS date,
       CASE WHEN :known THEN coalesce(announcements.effective_day, updates.known_day)
            ELSE updates.effective_day END AS day
FROM updates
LEFT JOIN announcements ON announcements.id = updates.announcement
WHERE updates.undone_in IS NULL
ORDER BY day, event_date
LIMIT 1;

-- name: first_announcement
-- The date of the first active announcement, and the day by which it had been made; it is known from its own day.
SELECT announced AS date, effective_day AS day
FROM announcements
WHERE undone_in IS NULL
ORDER BY day, announced
LIMIT 1;

-- name: first_promise
-- The same of the first active quota.
SELECT announced AS date, effective_day AS day
FROM announcements
WHERE id IN (SELECT announcement FROM quotas WHERE undone_in IS NULL)
ORDER BY day, announced
LIMIT 1;

-- name: first_project
-- The same of the first that is on record of a project of the type :type, or of what belongs to one.
WITH told (project, date, day) AS (
    SELECT updates.project, updates.event_date,
           CASE WHEN :known THEN coalesce(announcements.effective_day, updates.known_day)
                ELSE updates.effective_day END
    FROM updates
    LEFT JOIN announcements ON announcements.id = updates.announcement
    WHERE updates.undone_in IS NULL
    UNION ALL
    SELECT quotas.project, announcements.announced, announcements.effective_day
    FROM quotas
    JOIN announcements ON announcements.id = quotas.announcement
    WHERE quotas.undone_in IS NULL
)
SELECT told.date, told.day
FROM told
JOIN projects ON projects.id = told.project AND projects.undone_in IS NULL
LEFT JOIN projects AS parent ON parent.id = projects.parent
LEFT JOIN projects AS grandparent ON grandparent.id = parent.parent
WHERE :type IN (projects.type, parent.type, grandparent.type)
ORDER BY told.day, told.date
LIMIT 1;
