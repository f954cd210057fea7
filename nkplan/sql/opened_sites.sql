-- The sites that pass the filters (see list_sites) and are open, in the order in which their use wants a look.
SELECT id, name, kind, place_name, status, claimed, verified, opened, last_date
FROM sites
WHERE (:kind IS NULL OR kind = :kind)
  AND (:status IS NULL OR coalesce(status, '') = :status)
  AND (:province IS NULL OR coalesce(province, '') = :province)
  AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
  AND (:programme IS NULL OR coalesce(programme, '') = :programme)
  AND (:cohort IS NULL OR cohort = :cohort)
  AND (:year IS NULL OR coalesce(year, 0) = :year)
  AND status IN ('idle', 'completed', 'operating')
ORDER BY CASE status WHEN 'idle' THEN 0 WHEN 'completed' THEN 1 ELSE 2 END, id;
