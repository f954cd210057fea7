-- When the sites that pass the filters (see list_sites) broke ground and opened, as written and by the day by
-- which each had surely happened, with how many sites share all of it.
SELECT kind, year, groundbroken, groundbroken_day, opened, opened_day, count(*) AS number
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND opened IS NOT NULL
GROUP BY kind, year, groundbroken, groundbroken_day, opened, opened_day;
