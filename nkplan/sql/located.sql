-- The standing places whose coordinates are known, with their provinces.
SELECT id, coalesce(full_name, name) AS name, province, latitude, longitude
FROM places
WHERE retracted_in IS NULL AND latitude IS NOT NULL AND longitude IS NOT NULL
ORDER BY province, id;
