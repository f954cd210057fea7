-- The standing projects that are to be built after :project.
SELECT id, name, type, kind, parent, model, place, year, note
FROM projects
WHERE model = :project AND retracted_in IS NULL
ORDER BY id;
