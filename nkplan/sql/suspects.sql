-- The suspects of the next :most ids after the id :after.
SELECT coming.*
FROM coming
WHERE line IN (SELECT line FROM suspects
               WHERE id IN (SELECT DISTINCT id FROM suspects WHERE id > :after ORDER BY id LIMIT :most))
ORDER BY id, line;
