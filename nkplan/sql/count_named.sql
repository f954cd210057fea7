-- How many sites that pass the filters (see list_sites) are named, by programme, kind and year.
SELECT programme, kind, year, count(*) AS number
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
GROUP BY programme, kind, year;
