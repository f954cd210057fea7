-- How many sites there are.
SELECT count(*) AS sites
FROM projects
WHERE type = 'site' AND retracted_in IS NULL;
