-- The standing places one of whose names is, folded, :folded.
SELECT DISTINCT places.id, coalesce(places.full_name, places.name) AS name, places.province, province.name AS province_name,
       places.parent
FROM place_names
JOIN places ON places.id = place_names.place
JOIN places AS province ON province.id = places.province
WHERE place_names.folded = :folded AND places.retracted_in IS NULL
ORDER BY places.id;
