-- The standing projects with :part, in small letters, in their id. The index of ids is gone through, which is a
-- fraction of the table.
SELECT id, name, type
FROM projects
WHERE id IN (SELECT id FROM projects WHERE instr(lower(id), :part) > 0) AND retracted_in IS NULL
ORDER BY id;
