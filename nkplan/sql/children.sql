-- The standing projects that belong to :project, by year.
SELECT id, name, type, kind, parent, model, place, year, note
FROM projects
WHERE parent = :project AND retracted_in IS NULL
ORDER BY year, id;
