-- The standing project with exactly the id :id.
SELECT id, name, type FROM projects WHERE id = :id AND retracted_in IS NULL;
