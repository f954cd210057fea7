-- The outermost places.
SELECT id, name FROM places WHERE parent IS NULL AND retracted_in IS NULL ORDER BY name;
