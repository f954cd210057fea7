-- The projects that filters of sites choose (see list_sites): the sites that pass them, and the programmes and
-- cohorts of that kind, programme and year, where nothing is asked that only a site has.
SELECT id FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
UNION ALL
SELECT id FROM projects
WHERE type <> 'site' AND retracted_in IS NULL
  AND :province IS NULL AND :places IS NULL AND :status IS NULL
  AND (:kind IS NULL OR kind = :kind)
  AND (:programme IS NULL OR :programme IN (id, parent))
  AND (:cohort IS NULL OR id = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year);
