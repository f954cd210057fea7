-- The projects that pass the filters (see list_sites) of which something came to be known after the day :since:
-- how many updates.
SELECT updates.project, projects.name, projects.type, count(*) AS updates
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.known > :since AND updates.retracted_in IS NULL
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
GROUP BY +updates.project  -- The plus keeps to the index by known day: few came to be known since.
ORDER BY +updates.project;
