-- How many of the sites that pass the filters (see list_sites) there are in each place, started and opened.
SELECT place, count(*) AS named, sum(started) AS started, sum(opened IS NOT NULL) AS opened
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND place IS NOT NULL
GROUP BY place;
