-- The standing places, each after the place it lies in: by the number of places around them, then by id.
SELECT id, name, full_name, local_name, type, parent, latitude, longitude, population, population_year,
       nullif((SELECT json_group_array(spelling.name)
               FROM (SELECT name FROM place_names WHERE place = places.id ORDER BY name) AS spelling
               WHERE spelling.name IS NOT places.name AND spelling.name IS NOT full_name
                 AND spelling.name IS NOT local_name), '[]') AS names,
       note
FROM places
WHERE retracted_in IS NULL
ORDER BY (WITH RECURSIVE around (place) AS (
              SELECT places.parent
              UNION
              SELECT above.parent FROM around JOIN places AS above ON above.id = around.place)
          SELECT count(place) FROM around), id;
