-- The years that sites or cohorts belong to: a cohort is promised before a site of it is named.
SELECT year FROM sites WHERE year IS NOT NULL
UNION
SELECT year FROM projects WHERE type = 'cohort' AND retracted_in IS NULL
ORDER BY year;
