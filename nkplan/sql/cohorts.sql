-- The standing cohorts.
SELECT id, name, type, kind, parent, model, place, year, note
FROM projects
WHERE type = 'cohort' AND retracted_in IS NULL
ORDER BY id;
