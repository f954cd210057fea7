-- The standing places with :part, in small letters, in their id.
SELECT id, coalesce(full_name, name) AS name
FROM places
WHERE retracted_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;
