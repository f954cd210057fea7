-- The place :place and every place that lies in it.
WITH RECURSIVE within (id) AS (
    SELECT :place
    UNION
    SELECT places.id FROM places JOIN within ON places.parent = within.id
)
SELECT id FROM within ORDER BY id;
