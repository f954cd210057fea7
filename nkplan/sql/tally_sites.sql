-- Of what sort each site is that passes the filters (see list_sites), for the reader to count them: to go through
-- them is faster than to sort them. The province is told where :with_province is 1.
SELECT kind, programme, programme_name, year,
       CASE :with_province WHEN 1 THEN province END AS province,
       CASE :with_province WHEN 1 THEN province_name END AS province_name,
       status, claimed, verified, started
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year);
