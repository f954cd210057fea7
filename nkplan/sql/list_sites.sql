-- The sites that pass the filters that are given; a filter that is NULL lets every site pass.
SELECT *
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR status = :status)
  AND (:province IS NULL OR province = :province)
  AND (:programme IS NULL OR programme = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR year = :year)
ORDER BY id;
