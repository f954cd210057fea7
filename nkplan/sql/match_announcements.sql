-- The standing announcements with :part, in small letters, in their id.
SELECT id, title AS name
FROM announcements
WHERE retracted_in IS NULL AND instr(lower(id), :part) > 0
ORDER BY id;
