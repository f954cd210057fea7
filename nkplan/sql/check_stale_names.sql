-- Every spelling of a place's name with the letters that it is looked up by, and those of its own names that have
-- no row to be looked up in. Which letters they have to be is not for SQL to tell.
SELECT place, name, folded
FROM place_names
UNION ALL
SELECT place, name, NULL
FROM (SELECT id AS place, name FROM places
      UNION
      SELECT id, full_name FROM places
      UNION
      SELECT id, local_name FROM places) AS own
WHERE name <> '' AND NOT EXISTS (
    SELECT 1 FROM place_names WHERE place_names.place = own.place AND place_names.name = own.name)
ORDER BY place, name;
