-- The standing sources with :part, in small letters, in their id.
SELECT id, coalesce(title, url, id) AS name
FROM sources
WHERE retracted_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;
