-- Every place that stands, with where it lies and how many people live there.
SELECT id, coalesce(full_name, name) AS name, type, parent, province, population, population_year
FROM places
WHERE retracted_in IS NULL
ORDER BY id;
