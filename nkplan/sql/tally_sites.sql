-- How many of the sites that pass the filters (see list_sites) there are of each sort that a count asks for.
WITH chosen AS MATERIALIZED (  -- Each state is judged once, and not for each time that it is named.
    SELECT programme, programme_name, year, kind, province, province_name, status, claimed, verified, started
    FROM sites
    WHERE (:kind IS NULL OR kind = :kind)
      AND (:status IS NULL OR coalesce(status, '') = :status)
      AND (:province IS NULL OR coalesce(province, '') = :province)
      AND (:places IS NULL OR place IN (SELECT value FROM json_each(:places)))
      AND (:programme IS NULL OR coalesce(programme, '') = :programme)
      AND (:cohort IS NULL OR cohort = :cohort)
      AND (:year IS NULL OR coalesce(year, 0) = :year)
)
SELECT *, count(*) AS number
FROM chosen
GROUP BY programme, year, kind, province, status, claimed, verified, started;
