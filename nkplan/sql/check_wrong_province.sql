-- Places whose `province` is not the outermost of the places that they lie in.
WITH RECURSIVE within (id, province) AS (
    SELECT id, id FROM places WHERE parent IS NULL
    UNION ALL
    SELECT places.id, within.province FROM within JOIN places ON places.parent = within.id
)
SELECT places.id AS id,
       json_array(places.province, within.province) AS others,
       CASE WHEN within.id IS NULL THEN 'the places that it lies in go round in a circle; look at its parent'
            ELSE 'its province is ' || places.province || ', and its parents lead to ' || within.province
                 || '; look at its parent' END AS what
FROM places
LEFT JOIN within ON within.id = places.id
WHERE places.retracted_in IS NULL AND places.province IS NOT within.province
ORDER BY places.id;
