-- The kinds that stand.
SELECT id FROM kinds WHERE retracted_in IS NULL ORDER BY id;
