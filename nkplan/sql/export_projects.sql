-- The standing projects: programmes, their cohorts, then sites.
SELECT id, name, type, kind, parent, model, place, year, note
FROM projects
WHERE retracted_in IS NULL
ORDER BY CASE type WHEN 'programme' THEN 0 WHEN 'cohort' THEN 1 ELSE 2 END, id;
