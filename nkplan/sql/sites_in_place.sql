-- The sites in the place :place or in a place within it.
WITH RECURSIVE within (id) AS (
    SELECT :place
    UNION
    SELECT places.id FROM places JOIN within ON places.parent = within.id
)
SELECT id, name, kind, place, place_name, province, province_name, programme, programme_name, cohort, year,
       promised, status, claimed, verified, started, progress, last_date, last_day, updates, groundbroken,
       groundbroken_day, opened, opened_day
FROM sites
WHERE place IN (SELECT id FROM within)
ORDER BY id;
