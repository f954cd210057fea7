-- The years that sites belong to, and those of cohorts, which can have no site yet.
SELECT year FROM sites WHERE year IS NOT NULL
UNION
SELECT year FROM projects WHERE type = 'cohort' AND retracted_in IS NULL
ORDER BY year;
