-- How many sites of each kind are named for each year of each programme.
SELECT programme, kind, year, count(*) AS named
FROM sites
WHERE programme IS NOT NULL AND year IS NOT NULL
GROUP BY programme, kind, year;
