-- What is claimed of the status of the projects that pass the filters (see list_sites), in the order of
-- judgement.
SELECT updates.project, projects.name, projects.type, updates.id, updates.event_date, updates.settled,
       updates.status, updates.evidence, updates.source, updates.note
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.status IS NOT NULL AND updates.retracted_in IS NULL
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
ORDER BY updates.project, updates.settled, updates.rank, updates.id;
