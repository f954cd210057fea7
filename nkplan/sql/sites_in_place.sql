-- The sites in the place :place or in a place within it.
WITH RECURSIVE within (id) AS (
    SELECT :place
    UNION
    SELECT places.id FROM places JOIN within ON places.parent = within.id
)
SELECT *
FROM sites
WHERE place IN (SELECT id FROM within)
ORDER BY id;
