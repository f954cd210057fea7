-- Give each place, taken back or not, the outermost of the places that it lies in as its province.
WITH RECURSIVE within (id, province) AS (
    SELECT id, id FROM places WHERE parent IS NULL
    UNION ALL
    SELECT places.id, within.province FROM within JOIN places ON places.parent = within.id
)
UPDATE places SET province = within.province
FROM within
WHERE within.id = places.id AND places.province <> within.province;
