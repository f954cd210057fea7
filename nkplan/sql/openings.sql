-- How many of the sites that pass the filters (see list_sites) had opened on each day, by programme and kind.
SELECT programme, kind, opened_day AS day, count(*) AS number,
       sum(coalesce(verified IN ('completed', 'operating', 'idle'), 0)) AS verified
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND opened_day IS NOT NULL AND programme IS NOT NULL
GROUP BY programme, kind, opened_day
ORDER BY programme, kind, opened_day;
