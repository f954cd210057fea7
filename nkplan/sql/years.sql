-- The years that sites belong to.
SELECT DISTINCT year FROM sites WHERE year IS NOT NULL ORDER BY year;
