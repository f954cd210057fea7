-- name: list_sites_to_draw
-- The filtered sites, each with where it is and how far it has come.
SELECT id, name, place, place_name, region, region_name, status, claimed, verified, started
FROM filtered_sites
ORDER BY id;

-- name: list_places_to_draw
-- The active places: their names, what is around them, and where they are.
SELECT id, name, local_name, parent, region, latitude, longitude
FROM places
WHERE undone_in IS NULL
ORDER BY id;

-- name: list_outlines_to_draw
-- The active outlines: of the regions, or if there is none of a region, of the outermost places that have one.
WITH RECURSIVE
    drawn AS (
        SELECT outlines.place, places.parent, places.region IS places.id AS is_region, geometry, credit
        FROM outlines
        JOIN places ON places.id = outlines.place
        WHERE outlines.undone_in IS NULL AND places.undone_in IS NULL),
    around (place, outer) AS (
        SELECT place, parent FROM drawn
        UNION
        SELECT around.place, places.parent FROM around JOIN places ON places.id = around.outer)
SELECT place, geometry, credit
FROM drawn
WHERE CASE WHEN EXISTS (SELECT 1 FROM drawn WHERE is_region) THEN is_region
      ELSE NOT EXISTS (SELECT 1 FROM around WHERE around.place = drawn.place
                       AND around.outer IN (SELECT place FROM drawn)) END
ORDER BY place;
