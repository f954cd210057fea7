-- The standing kinds. (Every export_*.sql has the fields of one list, in the README's order and in an order of
-- rows that is the same when they are loaded again: what a row names of its own list comes before it.)
SELECT id
FROM kinds
WHERE retracted_in IS NULL
ORDER BY id;
