-- The programmes, or the one named :programme, each with the years of its cohorts, spaces between.
SELECT programme.id, programme.name, programme.kind,
       (SELECT group_concat(year, ' ') FROM (
            SELECT DISTINCT cohort.year FROM projects AS cohort
            WHERE cohort.parent = programme.id AND cohort.type = 'cohort' AND cohort.retracted_in IS NULL
            ORDER BY cohort.year)) AS years
FROM projects AS programme
WHERE programme.parent IS NULL  -- As no programme has one; the index by parent then leads to the few.
  AND programme.type = 'programme' AND programme.retracted_in IS NULL
  AND (:programme IS NULL OR programme.id = :programme)
ORDER BY programme.id;
