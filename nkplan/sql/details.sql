-- name: list_timeline
-- The updates of the projects among :projects, a JSON list of ids, those among :updates, another, or those that cite
-- :source or record :announcement, including retracted ones, each with its source, its project's name, and when and by whom it
-- was recorded; in the order of judgement, the latest last.
SELECT updates.*, projects.name AS project_name,
       (SELECT json_group_array(json_object('item', item, 'value', printf('%!.26g', value), 'unit', unit,
                                            'year', year, 'source', source, 'note', note))
        FROM (SELECT * FROM update_figures
              WHERE "update" = updates.id ORDER BY position)) AS figures,
       sources.id AS source_id, sources.title, sources.publisher, sources.published, sources.retrieved, sources.url,
       sources.evidence AS usual_evidence, sources.archive, sources.note AS source_note,
       changes.recorded, changes.recorded_by, undoing.recorded AS retracted
FROM updates
JOIN projects ON projects.id = updates.project
JOIN changes ON changes.id = updates.change_id
LEFT JOIN changes AS undoing ON undoing.id = updates.undone_in
LEFT JOIN sources ON sources.id = updates.source
WHERE updates.project IN (SELECT value FROM json_each(:projects))
   OR updates.id IN (SELECT value FROM json_each(:updates))
   OR updates.source = :source
   OR updates.announcement = :announcement
ORDER BY updates.effective_day, updates.rank, updates.percent, updates.promised, updates.event_date, updates.project,
         updates.id;

-- name: list_updates_of_days
-- The ids of the active updates whose event happened between the days :first and :last, and surely so.
SELECT id
FROM updates
WHERE event_date IN (SELECT date FROM dates WHERE first >= :first AND last <= :last) AND undone_in IS NULL;

-- name: list_announcements_of_days
-- The ids of the active announcements made between the days :first and :last.
SELECT id
FROM announcements
WHERE announced IN (SELECT date FROM dates WHERE first >= :first AND last <= :last) AND undone_in IS NULL;

-- name: list_children
-- The active projects that belong to :project, by year.
SELECT *
FROM projects
WHERE parent = :project AND undone_in IS NULL
ORDER BY year, id;

-- name: list_modelled
-- The active projects that are modelled on :project.
SELECT *
FROM projects
WHERE model = :project AND undone_in IS NULL
ORDER BY id;

-- name: list_announcements_of_projects
-- The ids of the announcements that active updates or quotas of the projects among :projects name. For a site
-- these include its cohort and programme, with which it was promised.
SELECT announcement AS id FROM updates
WHERE project IN (SELECT value FROM json_each(:projects)) AND announcement IS NOT NULL AND undone_in IS NULL
UNION
SELECT announcement FROM quotas
WHERE project IN (SELECT value FROM json_each(:projects)) AND announcement IS NOT NULL AND undone_in IS NULL;

-- name: list_announcements_of_source
-- The ids of the active announcements that cite the source :source.
SELECT id FROM announcements WHERE source = :source AND undone_in IS NULL ORDER BY id;

-- name: list_publishers_within
-- The active publishers whose domain is within :domain.
SELECT domain FROM publishers WHERE substr(domain, -length(:domain) - 1) = '.' || :domain AND undone_in IS NULL;

-- name: list_sources_naming
-- The active sources whose link leads to a page that has :domain in its address, by date.
SELECT *
FROM sources
WHERE undone_in IS NULL AND url IS NOT NULL AND instr(page, :domain) > 0
ORDER BY coalesce(published, retrieved), id;

-- name: region_of_place
-- The region of the place :place.
SELECT region FROM places WHERE id = :place;

-- name: state_of_site
-- The state of the site :site, with what its cohort and programme add to it.
SELECT * FROM sites WHERE id = :site;

-- name: list_former
-- What the row :id of the list :list said before, the oldest first, each with the change that gave it other content.
SELECT former_rows.content, former_rows.change_id, changes.command, changes.recorded, changes.recorded_by
FROM former_rows
JOIN changes ON changes.id = former_rows.change_id
WHERE former_rows.list = :list AND former_rows.id = :id
ORDER BY former_rows.rowid;
