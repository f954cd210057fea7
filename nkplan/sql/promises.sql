-- The promised dates given for the projects that pass the filters (see list_sites), each with the day on which
-- it was given, in the order in which they were given.
SELECT updates.project, projects.name, projects.type, updates.promised, updates.event_date, updates.settled,
       updates.source, updates.evidence, states.status,
       -- A cohort has opened when all its sites have, whatever is said of it; a programme never has.
       CASE projects.type WHEN 'site' THEN states.opened WHEN 'cohort' THEN (
           SELECT own.opened FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.retracted_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC, length(own.opened) DESC, own.opened LIMIT 1
           ) END AS opened,
       CASE projects.type WHEN 'site' THEN states.opened_day WHEN 'cohort' THEN (
           SELECT own.opened_day FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.retracted_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC LIMIT 1) END AS opened_day
FROM updates
JOIN projects ON projects.id = updates.project
JOIN states ON states.project = updates.project
WHERE updates.promised IS NOT NULL AND updates.retracted_in IS NULL
  AND (projects.id IN (
          SELECT id FROM sites
          WHERE (:kind IS NULL OR kind = :kind)
            AND (:status IS NULL OR coalesce(status, '') = :status)
            AND (:province IS NULL OR coalesce(province, '') = :province)
            AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
            AND (:programme IS NULL OR coalesce(programme, '') = :programme)
            AND (:cohort IS NULL OR cohort = :cohort)
            AND (:year IS NULL OR coalesce(year, 0) = :year))
       OR projects.type <> 'site' AND :province IS NULL AND :places IS NULL AND :status IS NULL
          AND (:kind IS NULL OR projects.kind = :kind)
          AND (:programme IS NULL OR :programme IN (projects.id, projects.parent))
          AND (:cohort IS NULL OR projects.id = :cohort)
          AND (:year IS NULL OR projects.year = :year))
ORDER BY updates.project, updates.settled, updates.rank, updates.percent, updates.promised;
