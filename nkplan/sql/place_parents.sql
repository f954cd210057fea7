-- Each place and the place it lies in.
SELECT id, parent
FROM places
ORDER BY id;
