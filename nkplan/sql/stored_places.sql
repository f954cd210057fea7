-- The places among :keys, a JSON list of ids.
SELECT places.id, places.name, places.full_name, places.local_name, places.type, places.parent,
       places.latitude, places.longitude, places.population, places.population_year, places.note,
       (SELECT json_group_array(name) FROM (
            SELECT name FROM place_names WHERE place = places.id ORDER BY name)) AS names,
       CASE WHEN places.retracted_in IS NULL THEN 'active'
            WHEN places.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM places
JOIN changes ON changes.id = places.change_id
WHERE places.id IN (SELECT value FROM json_each(:keys));
