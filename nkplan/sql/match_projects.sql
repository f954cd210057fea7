-- The standing projects with :part, in small letters, in their id.
SELECT id, name, type
FROM projects
WHERE retracted_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;
